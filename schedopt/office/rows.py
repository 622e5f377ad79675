"""Cells to rows, all at once where they are sound, one by one where they are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import GenericAlias
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails

from schedopt.errors import Fault
from schedopt.models.tables import Row
from schedopt.office.columns import kinds, private
from schedopt.office.sheet import Sheet
from schedopt.office.words import HIDDEN, expected, shown


@dataclass(frozen=True, slots=True)
class Table:
    """A table that has been read.

    Attributes
    ----------
    row_class : type of Row
        What its rows are.
    file : str
        How faults call it.
    columns : frozenset of str
        Columns that it has.
    rows : tuple of Row
        The sound rows.
    numbers : tuple of int
        For each sound row, its number as a spreadsheet counts.
    broken : tuple of (int, mapping)
        For each other row its number, and the values of those of its cells that are sound.
    num_torn : int
        Rows that have too few or too many cells.
    torn_keys : frozenset of str
        Their keys, where the key is one column.
    """

    row_class: type[Row]
    file: str
    columns: frozenset[str]
    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    broken: tuple[tuple[int, Mapping[str, Any]], ...]
    num_torn: int
    torn_keys: frozenset[str]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.row_class.table_name

    @property
    def is_whole(self) -> bool:
        """Whether every row is sound."""
        return not self.broken and not self.num_torn

    def values(self, column: str) -> Iterator[tuple[int, Any]]:
        """Row number and value of every cell of a column that could be read, in order of rows."""
        for number, row in zip(self.numbers, self.rows, strict=True):
            yield number, getattr(row, column)
        for number, cells in self.broken:
            if column in cells:
                yield number, cells[column]


def adapter(row_class: type[Row]) -> TypeAdapter[tuple[Row, ...]]:
    """What validates, and writes as JSON, all rows of a table at once."""
    rows: Any = GenericAlias(tuple, (row_class, ...))
    return TypeAdapter(rows)


def read_rows(sheet: Sheet) -> tuple[Table, list[Fault]]:
    """Validate the cells of a table.

    Parameters
    ----------
    sheet : Sheet
        The cells, and where they stand.

    Returns
    -------
    Table
        What could be read.
    list of Fault
        Every cell and every row that could not.
    """
    rows_of = adapter(sheet.row_class)
    try:
        rows = rows_of.validate_python(sheet.cells)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        return Table(
            sheet.row_class, sheet.file, sheet.columns, rows, sheet.numbers, (), sheet.num_torn, sheet.torn_keys
        ), []
    bad = _bad_columns(errors)
    sound = [index for index in range(len(sheet.cells)) if index not in bad]
    table = Table(
        sheet.row_class,
        sheet.file,
        sheet.columns,
        rows_of.validate_python([sheet.cells[index] for index in sound]),
        tuple(sheet.numbers[index] for index in sound),
        tuple(_sound_cells(sheet, bad)),
        sheet.num_torn,
        sheet.torn_keys,
    )
    return table, list(_faults(sheet, errors))


def _bad_columns(errors: list[ErrorDetails]) -> dict[int, frozenset[str]]:
    """Index of each row with an error to the columns with one; none where the row as a whole is wrong."""
    bad: dict[int, set[str]] = {}
    for error in errors:
        index, *column = error["loc"]
        bad.setdefault(int(index), set()).update(map(str, column[:1]))
    return {index: frozenset(columns) for index, columns in bad.items()}


def _sound_cells(sheet: Sheet, bad: Mapping[int, frozenset[str]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    models: dict[frozenset[str], type[BaseModel]] = {}
    for index, columns in bad.items():
        if columns not in models:
            models[columns] = _without(sheet.row_class, columns)
        cells = {name: cell for name, cell in sheet.cells[index].items() if name not in columns}
        yield sheet.numbers[index], dict(models[columns].model_validate(cells))


def _without(row_class: type[Row], columns: frozenset[str]) -> type[BaseModel]:
    """A model of the other columns, without what a row as a whole must fulfil."""
    kept: dict[str, Any] = {
        name: (field.annotation, field) for name, field in row_class.model_fields.items() if name not in columns
    }
    return create_model(row_class.__name__, **kept)


def _faults(sheet: Sheet, errors: list[ErrorDetails]) -> Iterator[Fault]:
    hidden, kind = private(sheet.row_class), kinds(sheet.row_class)
    for error in errors:
        index, *rest = error["loc"]
        number = sheet.numbers[int(index)]
        if not rest:
            yield Fault(sheet.file, number, None, None, expected(error, ""))
            continue
        column = str(rest[0])
        cell = sheet.cells[int(index)].get(column)
        value = None if cell is None else HIDDEN if column in hidden else shown(cell)
        if error["type"] != "missing" or column in sheet.columns:
            yield Fault(sheet.file, number, column, value, expected(error, kind[column]))
