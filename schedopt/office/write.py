"""Tables of an office, written as they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from schedopt.errors import OutputError
from schedopt.models.clock import format_time
from schedopt.models.office import Office
from schedopt.models.reading import FOLDER
from schedopt.models.settings_text import toml_lines
from schedopt.models.tables import Appointment, Row, fields, money
from schedopt.models.tables.fields import WEEKDAYS, types_of
from schedopt.office.sources import all_tables, sources
from schedopt.writing import refused, write_files

_WRITTEN: tuple[tuple[object, Callable[[Any], str]], ...] = (
    (fields.TimeOfDay, format_time),
    (fields.Times, lambda times: "; ".join(map(format_time, times))),
    (fields.Spans, lambda spans: "; ".join("-".join(map(format_time, span)) for span in spans)),
    (fields.Movable, lambda breaks: "; ".join(map(fields.format_movable, breaks))),
    (fields.WeeksOfMonth, lambda weeks: "; ".join("last" if week == fields.LAST else str(week) for week in weeks)),
    (fields.Weekday, lambda day: WEEKDAYS[day]),
    (fields.Flag, lambda flag: "yes" if flag else "no"),
    (fields.IdList, "; ".join),
    (money.Money, money.format_money),
    (money.SignedMoney, money.format_money),
)
"""How values are written that are not written as they are."""


def written_cell(kind: Any, value: Any) -> str:
    """A value of a column, by its type, as the text that stands in a cell."""
    write = next((write for known, write in _WRITTEN if kind == known), None)
    return str(_listed(value)) if write is None else write(value)


def _listed(value: Any) -> Any:
    """A list of a type that is not known here, as it stands in a cell; all else as it is."""
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value


def written_table(office: Office, row_class: type[Row]) -> pd.DataFrame:
    """A table as it stands in its file, a column for each of the table's; ids as they are.

    Parameters
    ----------
    office : Office
        As read, or as :func:`schedopt.publish` returns it.
    row_class : type of Row
        The table, of any source; without rows where the office does not have it.
    """
    rows, columns = office.rows(row_class) or (), {}
    for name, kind in types_of(row_class).items():
        write = next((write for known, write in _WRITTEN if kind == known), None)
        values = [getattr(row, name) for row in rows]
        cells = (
            [_listed(value) for value in values]
            if write is None
            else [None if value is None else write(value) for value in values]
        )
        columns[name] = pd.Series(cells, dtype=object)
    return pd.DataFrame(columns)


def write_appointments(office: Office, file: str | Path, *, before: Office | None = None) -> list[Path]:
    """Write what publishing changes of an office's tables into CSV files: all of them, or nothing.

    Parameters
    ----------
    office : Office
        As :func:`schedopt.publish` returns it.
    file : path
        For the appointments, such as ``appointments.csv`` in the office's folder; replaced. It may not be called as
        another table is.
    before : Office, optional
        What was published from. Other tables that have changed since, such as leave, closures of pools and
        cancellations, are written beside the file, under their own names. Outside an office's folder they replace
        earlier ones alone: a file of such a name with other columns is somebody else's.

    Returns
    -------
    list of pathlib.Path
        The files, that of the appointments last.

    Raises
    ------
    OutputError
        If they may not or cannot be written; earlier files are then as they were.
    """
    file, row_classes = Path(file), all_tables(sources())
    others = {FOLDER.file(row_class.table_name) for row_class in row_classes if row_class is not Appointment}
    if file.name.casefold() in others | {FOLDER.settings}:
        raise OutputError(f"cannot write {file}: expected another name than that of an office's other file")
    tables: dict[Path, type[Row]] = {}
    for row_class in row_classes:
        changed = before is not None and office.rows(row_class) != before.rows(row_class)
        if changed and row_class is not Appointment:
            tables[file.parent / FOLDER.file(row_class.table_name)] = row_class
    tables[file] = Appointment
    files = {path: _bytes(written_table(office, row_class)) for path, row_class in tables.items()}
    if not (file.parent / FOLDER.settings).exists():
        _expect_ours({path: content for path, content in files.items() if path != file})
    write_files(files)
    return list(files)


def office_files(office: Office) -> dict[str, bytes]:
    """All files of an office's folder by name: the settings, and each table that it has, in the order of its rows.

    The same office always gives the same bytes, and reading them gives the same office.
    """
    toml = "\n".join([*toml_lines(office.settings), ""])
    tables = {row.table_name: row for row in all_tables(sources()) if office.rows(row) is not None}
    found = {FOLDER.file(name): _bytes(_filled(row, written_table(office, row))) for name, row in tables.items()}
    return {FOLDER.settings: toml.encode(), **found}


def _filled(row_class: type[Row], table: pd.DataFrame) -> pd.DataFrame:
    """A table without the columns that may be left out and in which nothing stands."""
    needed = {name for name, field in row_class.model_fields.items() if field.is_required()} or {str(table.columns[0])}
    return table[[name for name in table if name in needed or (table[name].notna() & (table[name] != "")).any()]]


def _expect_ours(files: Mapping[Path, bytes]) -> None:
    """Refuse what would replace a file by a table that nobody asked for by name, if its columns are others."""
    for path, content in files.items():
        with refused(str(path)):
            if path.exists() and path.read_bytes().splitlines()[:1] != content.splitlines()[:1]:
                raise OutputError(f"cannot write {path}: a file that is no such table is in the way")


def _bytes(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\r\n").encode()
