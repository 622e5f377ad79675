"""A folder of files, or a mapping of DataFrames, to an office; every fault of every file at once."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from schedopt.errors import Fault, InputError, InputWarning
from schedopt.models.discretion import discretion_of
from schedopt.models.office import Office, Section, Settings
from schedopt.models.reading import FOLDER, FRAMES, Origin, Reading, header_notes, refusals
from schedopt.models.source import Source
from schedopt.models.table import Table
from schedopt.models.tables import Row
from schedopt.models.tables.fields import noted
from schedopt.office.checks import CHECKS
from schedopt.office.csv_file import parse_csv
from schedopt.office.frames import parse_frame
from schedopt.office.keys import dangling_references, duplicate_keys
from schedopt.office.rows import adapter, read_rows
from schedopt.office.settings import parse_toml, read_settings
from schedopt.office.sheet import Sheet, unknown_table
from schedopt.office.sources import all_tables, settings_class, sources, whole_settings
from schedopt.writing import settle

if TYPE_CHECKING:
    import pandas

_Read = TypeVar("_Read")
_NONE: Mapping[str, int] = MappingProxyType({})


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

    Warns
    -----
    InputWarning
        Of all that was read although it may not be meant as it stands, such as a request due before it is ready.
    """
    folder = Path(folder)
    try:
        settle(folder)
        files = {path.name: path for path in sorted(folder.iterdir())}
    except OSError as error:
        raise InputError([Fault(str(folder), None, None, None, f"expected a folder: {_said(error)}")]) from None
    found_sources = sources()
    row_classes = all_tables(found_sources)
    known = [FOLDER.file(row_class.table_name) for row_class in row_classes]
    strangers = [name for name in files if name.lower().endswith(".csv") and name not in known]
    faults = [unknown_table(name, known) for name in strangers]
    settings: Settings | None = None
    if FOLDER.settings not in files:
        faults.append(Fault(FOLDER.settings, None, None, None, "office.toml is missing"))
    else:
        settings, found = from_file(
            files[FOLDER.settings], partial(parse_toml, settings_class(found_sources), FOLDER.settings)
        )
        faults.extend(found)
    sheets: dict[str, Sheet | None] = {}
    for row_class in row_classes:
        file = FOLDER.file(row_class.table_name)
        if file in files:
            sheets[row_class.table_name], found = from_file(files[file], partial(parse_csv, row_class, file))
            faults.extend(found)
    return _office(FOLDER, found_sources, settings, sheets, faults)


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

    Warns
    -----
    InputWarning
        Of all that was read although it may not be meant as it stands.
    """
    found_sources = sources()
    row_classes = all_tables(found_sources)
    names = [row_class.table_name for row_class in row_classes]
    faults = [unknown_table(str(name), names) for name in frames if name not in names]
    read: Settings | None
    if isinstance(settings, Settings):
        read = whole_settings(settings, found_sources)
    else:
        read, found = read_settings(settings_class(found_sources), FRAMES.settings, settings or {})
        faults.extend(found)
    sheets: dict[str, Sheet | None] = {}
    for row_class in row_classes:
        name = row_class.table_name
        if name in frames:
            sheets[name], found = parse_frame(row_class, name, frames[name])
            faults.extend(found)
    return _office(FRAMES, found_sources, read, sheets, faults)


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
    table = read_rows(sheet)
    warn_of(header_notes(table))
    return table, [*faults, *refusals(table, discretion_of({table.name: table}))]


def warn_of(notes: Iterable[Fault]) -> None:
    """Warn of what was read although it may not be meant, all of it at once."""
    if found := tuple(notes):
        warnings.warn(InputWarning(found), stacklevel=2)


def _said(error: OSError) -> str:
    return (error.strerror or "no reason given").lower()


def _office(
    origin: Origin,
    found_sources: tuple[Source, ...],
    settings: Settings | None,
    sheets: Mapping[str, Sheet | None],
    found: Iterable[Fault],
) -> Office:
    """The office of sheets, or every fault."""
    faults = list(found)
    tables: dict[str, Table] = {}
    for name, sheet in sheets.items():
        if sheet is not None:
            tables[name] = read_rows(sheet)
    required = [row_class.table_name for row_class in all_tables(found_sources) if row_class.required]
    missing = [name for name in required if name not in sheets]
    faults.extend(Fault(origin.file(name), None, None, None, "expected this table, it is required") for name in missing)
    unreadable = frozenset([*missing, *(name for name, sheet in sheets.items() if sheet is None)])
    return checked_office(origin, found_sources, settings, tables, faults, unreadable)


def checked_office(
    origin: Origin, found_sources: tuple[Source, ...], settings: Settings | None, tables: Mapping[str, Table],
    found: Iterable[Fault], unreadable: frozenset[str] = frozenset(), last_old: Mapping[str, int] = _NONE,
) -> Office:  # fmt: skip
    """The office of tables that have been read, or every fault: those found in reading and those of all checks.

    What may not be meant is warned of, but for rows up to `last_old`, by table: those were read before.

    Raises
    ------
    InputError
        With every fault.
    """
    faults = list(found)
    rows: dict[str, Any] = {name: table.rows for name, table in tables.items()}
    row_classes = all_tables(found_sources)
    office = Office(settings=settings or settings_class(found_sources)(), **rows)
    reading = Reading(origin, settings, tables, unreadable, office, row_classes)
    faults.extend(reading.refused())
    checks = (duplicate_keys, dangling_references, *CHECKS, *(check for s in found_sources for check in s.checks))
    for check in checks:
        faults.extend(check(reading))
    if faults:
        raise InputError(_in_order(origin, row_classes, faults))
    notes = [note for table in tables.values() for note in header_notes(table)]
    notes.extend(note for source in found_sources for doubt in source.doubts for note in doubt(reading))
    old = {origin.file(name): row for name, row in last_old.items()}
    warn_of(_in_order(origin, row_classes, (n for n in notes if n.row is None or n.row > old.get(n.file, 0))))
    return office.model_copy(update={"fingerprint": fingerprint(office)})


def _in_order(origin: Origin, row_classes: Iterable[type[Row]], faults: Iterable[Fault]) -> list[Fault]:
    """Settings first, then unknown names, then tables as documented, each by row."""
    place = {origin.file(row_class.table_name): position for position, row_class in enumerate(row_classes, start=1)}
    place[origin.settings] = -1
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
        The same for the same values in the same order of rows, whether they came as files or as frames. A table that
        the office does not have, and a section that says nothing but its defaults, change nothing: a source that is
        installed and of which the office says nothing leaves the fingerprint as it is. So do sections and columns that
        came later, where nothing stands in them.
    """
    said = office.settings
    later = noted(Settings, "later")
    untold = {
        name
        for name, section in said
        if (name not in Settings.model_fields or name in later) and _says_nothing(said, name, section)
    }
    digest = hashlib.sha256(said.model_dump_json(exclude=untold).encode())
    for row_class in all_tables(sources()):
        rows = office.rows(row_class)
        if rows is not None:
            digest.update(f"\n{row_class.table_name}\n".encode())
            digest.update(adapter(row_class).dump_json(rows, exclude={"__all__": _empty_later(row_class, rows)}))
    return digest.hexdigest()


def _empty_later(row_class: type[Row], rows: Iterable[Row]) -> set[str]:
    """Columns that came later, and in which nothing stands."""
    fields = row_class.model_fields
    return {n for n in noted(row_class, "later") if all(getattr(row, n) == fields[n].default for row in rows)}


def _says_nothing(settings: Settings, name: str, section: Section | None) -> bool:
    """Whether a section is as it would be without a word about it."""
    same: bool = section == type(settings).model_fields[name].get_default()
    return same
