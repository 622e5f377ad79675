"""Cells to rows, all at once where they are sound, one by one where they are not."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from types import GenericAlias
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails

from schedopt.models.table import Refused, Table
from schedopt.models.tables import Row
from schedopt.office.columns import kinds
from schedopt.office.sheet import Sheet
from schedopt.office.words import expected

R = TypeVar("R", bound=Row)


def adapter(row_class: type[R]) -> TypeAdapter[tuple[R, ...]]:
    """What validates, and writes as JSON, all rows of a table at once."""
    return _adapter(row_class)


@cache
def _adapter(row_class: Hashable) -> TypeAdapter[Any]:
    rows: Any = GenericAlias(tuple, (row_class, ...))
    return TypeAdapter(rows)


def read_rows(sheet: Sheet) -> Table:
    """Validate the cells of a table.

    Parameters
    ----------
    sheet : Sheet
        The cells, and where they stand.

    Returns
    -------
    Table
        What could be read, and every cell and every row that could not.
    """
    rows_of = adapter(sheet.row_class)
    errors: list[ErrorDetails] = []
    try:
        rows = rows_of.validate_python(sheet.cells)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    bad = _bad_columns(errors)
    sound = [index for index in range(len(sheet.cells)) if index not in bad]
    if errors:
        rows = rows_of.validate_python([sheet.cells[index] for index in sound])
    return Table(
        sheet.row_class, sheet.file, sheet.columns, rows,
        numbers=tuple(sheet.numbers[index] for index in sound), broken=tuple(_sound_cells(sheet, bad)),
        refused=tuple(_refused(sheet, errors)), num_torn=sheet.num_torn, torn_keys=sheet.torn_keys, notes=sheet.notes,
    )  # fmt: skip


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


def _refused(sheet: Sheet, errors: list[ErrorDetails]) -> Iterator[Refused]:
    kind = kinds(sheet.row_class)
    for error in errors:
        index, *rest = error["loc"]
        number = sheet.numbers[int(index)]
        if not rest:
            yield Refused(number, None, None, expected(error, ""))
            continue
        column = str(rest[0])
        if error["type"] != "missing" or column in sheet.columns:
            yield Refused(number, column, sheet.cells[int(index)].get(column), expected(error, kind[column]))
