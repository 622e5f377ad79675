"""Long tables without a fault as columns, block by block: no more rows are held at once than a block has."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import GenericAlias
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from schedopt.models.tables import Row
from schedopt.models.tables.fields import types_of

BLOCK = 20_000
"""Rows that are looked at together, or some more."""

Columns = Mapping[str, Sequence[Any]]
"""The values of each column, one a row."""


class NotSound(Exception):
    """Something is wrong with a table, or needs a word: it is to be read row by row, which says what."""


def sound_blocks(
    row_class: type[Row], header: Sequence[str], records: Iterable[Sequence[object]], sound: Callable[[Columns], bool]
) -> Iterator[Columns]:
    """The columns of a table, block by block; each different cell of a column is validated once.

    Parameters
    ----------
    row_class : type of Row
        What the rows should be; its key is one column.
    header : sequence of str
        Column names as given.
    records : iterable of sequences
        Cells of each row; an empty cell is ``""`` or None.
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
    for block in _cut(records):
        if set(map(len, block)) != {len(header)}:
            raise NotSound
        given = dict(zip(header, zip(*block, strict=True), strict=True))
        try:
            columns = {name: column.values(given.get(name), len(block)) for name, column in cells.items()}
        except (ValidationError, TypeError):  # TypeError: a cell that is a list
            raise NotSound from None
        before = len(keys)
        keys.update(unicodedata.normalize("NFKC", name) for name in columns[key])
        if len(keys) < before + len(block) or not sound(columns):
            raise NotSound
        yield columns


class _Cells:
    """What stands in a column."""

    def __init__(self, field: FieldInfo, kind: Any) -> None:
        self._field = field
        values: Any = GenericAlias(list, (kind,))
        self._validate = TypeAdapter(values).validate_python
        self._known = dict[object, Any]()
        self._type: type = type(None)

    def values(self, cells: Sequence[object] | None, length: int) -> Sequence[Any]:
        """The values of cells; without the column, what an empty cell says."""
        if cells is None:
            return [self._field.get_default()] * length
        kinds = {type(cell) for cell in cells} - {type(None)}
        if len(kinds) > 1:
            raise NotSound  # 1 and True are equal, and say different things
        if kinds != {self._type} or len(self._known) > BLOCK:
            self._known.clear()
            self._type = next(iter(kinds), type(None))
        new = set(cells) - self._known.keys()
        said = [cell for cell in new if _filled(cell)]
        if len(said) < len(new):
            if self._field.is_required():
                raise NotSound
            self._known |= dict.fromkeys((None, ""), self._field.get_default())
        self._known |= dict(zip(said, self._validate(said), strict=True))
        return list(map(self._known.__getitem__, cells))


def _cut(records: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """Blocks of records; empty ones after the last are left away."""
    rest = iter(records)
    while block := list(islice(rest, BLOCK)):
        if not any(map(_filled, block[-1])):
            block += rest
        while block and not any(map(_filled, block[-1])):
            block.pop()
        if block:
            yield block


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""
