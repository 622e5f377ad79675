"""A folder of files, or a mapping of DataFrames, to an office; every fault of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from schedopt.errors import Fault, InputError
from schedopt.models.office import REQUIRED_TABLES, Office, Settings
from schedopt.models.tables import TABLES, Row
from schedopt.office.checks import CHECKS
from schedopt.office.checks_of_time import CHECKS_OF_TIME
from schedopt.office.csv_file import parse_csv
from schedopt.office.frames import parse_frame
from schedopt.office.keys import dangling_references, duplicate_keys
from schedopt.office.reading import FOLDER, FRAMES, Reading, Source
from schedopt.office.rows import Table, adapter, read_rows
from schedopt.office.settings import parse_toml, read_settings
from schedopt.office.sheet import Sheet, unknown_table

if TYPE_CHECKING:
    import pandas

_Read = TypeVar("_Read")

_CHECKS = (duplicate_keys, dangling_references, *CHECKS, *CHECKS_OF_TIME)
_NAMES = tuple(row_class.table_name for row_class in TABLES)


def read_office(folder: str | Path) -> Office:
    """Read an office from its folder.

    Parameters
    ----------
    folder : str or Path
        Where office.toml and the tables as CSV files are; ``docs/tables.md`` says what stands in them.

    Returns
    -------
    Office
        Settings and tables, checked.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    folder = Path(folder)
    try:
        files = {path.name: path for path in sorted(folder.iterdir())}
    except OSError as error:
        raise InputError([Fault(str(folder), None, None, None, f"expected a folder: {_said(error)}")]) from None
    known = [FOLDER.file(name) for name in _NAMES]
    strangers = [name for name in files if name.lower().endswith(".csv") and name not in known]
    faults = [unknown_table(name, known) for name in strangers]
    settings: Settings | None = None
    if FOLDER.settings not in files:
        faults.append(Fault(FOLDER.settings, None, None, None, "office.toml is missing"))
    else:
        settings, found = from_file(files[FOLDER.settings], partial(parse_toml, FOLDER.settings))
        faults.extend(found)
    sheets: dict[str, Sheet | None] = {}
    for row_class in TABLES:
        file = FOLDER.file(row_class.table_name)
        if file in files:
            sheets[row_class.table_name], found = from_file(files[file], partial(parse_csv, row_class, file))
            faults.extend(found)
    return _office(FOLDER, settings, sheets, faults)


def office_from_frames(
    frames: Mapping[str, pandas.DataFrame], settings: Settings | Mapping[str, Any] | None = None
) -> Office:
    """Make an office of DataFrames, with the checks of :func:`read_office`.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Table name to its rows; columns as in the CSV files. NaN, NaT, None and ``""`` are empty cells.
    settings : Settings or mapping, optional
        What stands in office.toml; by default all its defaults.

    Returns
    -------
    Office
        Settings and tables, checked.

    Raises
    ------
    InputError
        With every fault of every table; rows count as in a CSV file, so that the first is row 2.
    """
    faults = [unknown_table(str(name), _NAMES) for name in frames if name not in _NAMES]
    read: Settings | None
    if isinstance(settings, Settings):
        read = settings
    else:
        read, found = read_settings(FRAMES.settings, {} if settings is None else settings)
        faults.extend(found)
    sheets: dict[str, Sheet | None] = {}
    for row_class in TABLES:
        name = row_class.table_name
        if name in frames:
            sheets[name], found = parse_frame(row_class, name, frames[name])
            faults.extend(found)
    return _office(FRAMES, read, sheets, faults)


def from_file(
    path: Path, parse: Callable[[bytes], tuple[_Read | None, list[Fault]]]
) -> tuple[_Read | None, list[Fault]]:
    """What a file holds, or None and what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, [Fault(path.name, None, None, None, f"expected a file that can be read: {_said(error)}")]
    return parse(content)


def read_table(row_class: type[Row], source: str | Path | pandas.DataFrame) -> tuple[Table | None, list[Fault]]:
    """The rows of one table, from a CSV file or a frame, and what is wrong; None if nothing can be read."""
    sheet: Sheet | None
    if isinstance(source, (str, Path)):
        path = Path(source)
        sheet, faults = from_file(path, partial(parse_csv, row_class, path.name))
    else:
        sheet, faults = parse_frame(row_class, row_class.table_name, source)
    if sheet is None:
        return None, faults
    table, more = read_rows(sheet)
    return table, faults + more


def _said(error: OSError) -> str:
    return (error.strerror or "no reason given").lower()


def _office(
    source: Source, settings: Settings | None, sheets: Mapping[str, Sheet | None], found: Iterable[Fault]
) -> Office:
    """The office of sheets, or every fault."""
    faults = list(found)
    tables: dict[str, Table] = {}
    for name, sheet in sheets.items():
        if sheet is not None:
            tables[name], more = read_rows(sheet)
            faults.extend(more)
    missing = [name for name in REQUIRED_TABLES if name not in sheets]
    faults.extend(Fault(source.file(name), None, None, None, "expected this table, it is required") for name in missing)
    unreadable = frozenset([*missing, *(name for name, sheet in sheets.items() if sheet is None)])
    return checked_office(source, settings, tables, faults, unreadable)


def checked_office(
    source: Source, settings: Settings | None, tables: Mapping[str, Table], found: Iterable[Fault],
    unreadable: frozenset[str] = frozenset(),
) -> Office:  # fmt: skip
    """The office of tables that have been read, or every fault: those found in reading and those of all checks.

    Raises
    ------
    InputError
        With every fault.
    """
    faults = list(found)
    rows: dict[str, Any] = {name: table.rows for name, table in tables.items()}
    office = Office(settings=settings or Settings(), **rows)
    reading = Reading(source, settings, tables, unreadable, office)
    for check in _CHECKS:
        faults.extend(check(reading))
    if faults:
        raise InputError(_in_order(source, faults))
    return office.model_copy(update={"fingerprint": fingerprint(office)})


def _in_order(source: Source, faults: Iterable[Fault]) -> list[Fault]:
    """Settings first, then unknown names, then tables as documented, each by row."""
    place = {source.file(name): position for position, name in enumerate(_NAMES, start=1)}
    place[source.settings] = -1
    return sorted(dict.fromkeys(faults), key=lambda fault: (place.get(fault.file, 0), fault.row or 0))


def fingerprint(office: Office) -> str:
    """SHA-256 of an office's settings and tables, in hexadecimal.

    Parameters
    ----------
    office : Office
        Its own fingerprint is not looked at.

    Returns
    -------
    str
        The same for the same values in the same order of rows, whether they came as files or as frames.
    """
    digest = hashlib.sha256(office.settings.model_dump_json().encode())
    for row_class in TABLES:
        rows = getattr(office, row_class.table_name)
        digest.update(f"\n{row_class.table_name}\n".encode())
        if rows is not None:
            digest.update(adapter(row_class).dump_json(rows))
    return digest.hexdigest()
