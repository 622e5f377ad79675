"""An office with further rows: new callers, their requests, and whatever else has come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schedopt.errors import Fault, InputError
from schedopt.models.office import Office
from schedopt.models.reading import FRAMES
from schedopt.models.table import Table
from schedopt.models.tables import Row
from schedopt.office.frames import parse_frame
from schedopt.office.read import checked_office
from schedopt.office.rows import read_rows
from schedopt.office.sheet import unknown_table
from schedopt.office.sources import all_tables, sources, whole_settings

if TYPE_CHECKING:
    import pandas


def extend_office(office: Office, rows: Mapping[str, pandas.DataFrame | Sequence[Mapping[str, Any]]]) -> Office:
    """The office with further rows in some of its tables, checked as a whole.

    Parameters
    ----------
    office : Office
        As read.
    rows : mapping of str to pandas.DataFrame or sequence of mappings
        Table name, such as ``"requests"``, to the rows to add; columns as in the CSV files. A table that the office
        did not have is then one that it has.

    Returns
    -------
    Office
        A new one; the old one stays.

    Raises
    ------
    InputError
        With every fault; rows count on from those that the office has, as if they stood below them in its table.
    """
    found_sources = sources()
    row_classes = all_tables(found_sources)
    names = [row_class.table_name for row_class in row_classes]
    faults = [unknown_table(str(name), names) for name in rows if name not in names]
    tables: dict[str, Table] = {}
    last_old: dict[str, int] = {}
    for row_class in row_classes:
        name = row_class.table_name
        own: tuple[Row, ...] | None = office.rows(row_class)
        if name in rows:
            tables[name], found = _extended(row_class, own or (), rows[name])
            faults.extend(found)
            last_old[name] = len(own or ()) + 1
        elif own is not None:
            tables[name] = _table(row_class, own)
            last_old[name] = len(own) + 1
    settings = whole_settings(office.settings, found_sources)
    return checked_office(FRAMES, found_sources, settings, tables, faults, last_old=last_old)


def _table(row_class: type[Row], rows: tuple[Row, ...]) -> Table:
    """Rows that have been read before, as a table."""
    numbers = tuple(range(2, len(rows) + 2))
    columns = frozenset(row_class.model_fields)
    return Table(row_class, row_class.table_name, columns, rows, numbers)


def _extended(
    row_class: type[Row], own: tuple[Row, ...], rows: pandas.DataFrame | Sequence[Mapping[str, Any]]
) -> tuple[Table, list[Fault]]:
    """A table with further rows, and what is wrong with those."""
    import pandas as pd

    name = row_class.table_name
    before = _table(row_class, own)
    sheet, faults = parse_frame(row_class, name, pd.DataFrame(rows))
    if sheet is None:
        raise InputError(faults)
    read = read_rows(sheet)
    table = replace(
        read, rows=(*own, *read.rows), columns=before.columns | read.columns,
        numbers=(*before.numbers, *(number + len(own) for number in read.numbers)),
        broken=tuple((number + len(own), cells) for number, cells in read.broken),
        refused=tuple(replace(refused, number=refused.number + len(own)) for refused in read.refused),
    )  # fmt: skip
    return table, faults
