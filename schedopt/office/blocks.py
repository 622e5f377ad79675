"""Long tables without a fault as columns, block by block: no more rows are held at once than a block has."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import methodcaller
from types import GenericAlias
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from schedopt.models.tables import Row
from schedopt.models.tables.fields import types_of

R = TypeVar("R")
BLOCK = 20_000
"""Rows that are looked at together, or some more."""
_REMEMBERED = 5 * BLOCK
"""Different cells of a column whose values are kept, or some more."""

Cells = Sequence[object] | NDArray[np.object_]
"""What stands in a row, or in a column."""
Values = Sequence[Any] | NDArray[np.object_]
Columns = Mapping[str, Values]
"""The values of each column, one a row."""

_COMMAS = methodcaller("count", ",")


class NotSound(Exception):
    """Something is wrong with a table, or needs a word: it is to be read row by row, which says what."""


def sound_blocks(
    row_class: type[Row], header: Sequence[str], blocks: Iterable[Sequence[Cells]], sound: Callable[[Columns], bool]
) -> Iterator[Columns]:
    """The columns of a table, block by block; each different cell of a column is validated once.

    Parameters
    ----------
    row_class : type of Row
        What the rows should be; its key is one column.
    header : sequence of str
        Column names as given.
    blocks : iterable
        Cells of each column, block by block; an empty cell is ``""`` or None.
    sound : callable
        Whether values of a block contradict each other in no row, as `row_class` has it.

    Raises
    ------
    NotSound
        If the header is not written as it should be, or anything is wrong with a row.
    """
    known = row_class.model_fields
    required = {name for name, field in known.items() if field.is_required()}
    if len(set(header)) < len(header) or not required <= set(header) <= set(known):
        raise NotSound
    kinds, (key,) = types_of(row_class), row_class.key
    cells = {name: _Cells(field, kinds[name]) for name, field in known.items()}
    keys = set[str]()
    for block in blocks:
        given, length = dict(zip(header, block, strict=True)), len(block[0])
        try:
            columns = {name: column.values(given.get(name), length) for name, column in cells.items()}
        except (ValidationError, TypeError):  # TypeError: a cell that is a list
            raise NotSound from None
        before = len(keys)
        keys.update(unicodedata.normalize("NFKC", name) for name in columns[key])
        if len(keys) < before + length or not sound(columns):
            raise NotSound
        yield columns


def blocks_of_records(records: Iterable[Cells], width: int) -> Iterator[Sequence[Cells]]:
    """The columns of a table of records, block by block.

    Raises
    ------
    NotSound
        If a record does not have as many cells as the table has columns, or a column has cells of different types.
    """
    for block in _cut(records, lambda record: any(map(_filled, record))):
        if set(map(len, block)) != {width}:
            raise NotSound
        columns = list(zip(*block, strict=True))
        if any(len(set(map(type, column)) - {type(None)}) > 1 for column in columns):
            raise NotSound  # 1 and True are equal, and say different things
        yield columns


def blocks_of_text(content: bytes) -> Iterator[Sequence[Cells]]:
    """The columns of a CSV file without quotes and NUL bytes, block by block; the first block is the header.

    Raises
    ------
    NotSound
        If the file is not UTF-8, or if a row does not have as many cells as the first.
    """
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig")
    try:
        header = next(lines, "")
        width = header.count(",") + 1
        for block in chain(([header],), _cut(lines, lambda line: bool(line.strip(", \t\n")))):
            if set(map(_COMMAS, block)) != {width - 1}:
                raise NotSound
            text = io.StringIO("".join(block))
            frame = pd.read_csv(
                text, header=None, dtype=object, na_filter=False, quoting=csv.QUOTE_NONE, skip_blank_lines=False
            )  # fmt: skip
            yield [frame[column].to_numpy() for column in frame]
    except UnicodeDecodeError:
        raise NotSound from None


class _Cells:
    """What stands in a column."""

    def __init__(self, field: FieldInfo, kind: Any) -> None:
        self._field = field
        values: Any = GenericAlias(list, (kind,))
        self._validate = TypeAdapter(values).validate_python
        self._known = dict[object, Any]()
        self._type: type = type(None)

    def values(self, cells: Cells | None, length: int) -> Values:
        """The values of cells; without the column, what an empty cell says."""
        if cells is None:
            return [self._field.get_default()] * length
        place, different = pd.factorize(np.fromiter(cells, object, length))
        kind = type(different[0]) if len(different) else self._type
        if kind is not self._type or len(self._known) > _REMEMBERED:
            self._known.clear()
            self._type = kind
        new = {cell: _bare(cell) for cell in different if cell not in self._known}
        said = {cell: bare for cell, bare in new.items() if _filled(bare)}
        self._known |= dict(zip(said, self._validate([*said.values()]), strict=True))
        self._known |= {cell: self._empty() for cell in new.keys() - said.keys()}
        values = list(map(self._known.__getitem__, different))
        if (place < 0).any():
            values.append(self._empty())
        return np.fromiter(values, object, len(values))[place]

    def _empty(self) -> Any:
        """What an empty cell says."""
        if self._field.is_required():
            raise NotSound
        return self._field.get_default()


def _cut(rows: Iterable[R], filled: Callable[[R], bool]) -> Iterator[list[R]]:
    """Blocks of rows; empty ones after the last are left away."""
    rest = iter(rows)
    while block := list(islice(rest, BLOCK)):
        if not filled(block[-1]):
            block += rest
        while block and not filled(block[-1]):
            block.pop()
        if block:
            yield block


def _bare(cell: object) -> object:
    """A cell without blanks around it."""
    return cell.strip() if isinstance(cell, str) else cell


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""
