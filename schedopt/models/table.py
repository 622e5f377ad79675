"""A table that has been read, sound or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schedopt.models.tables import Row


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell, or a row as a whole, that is not what it should be.

    Attributes
    ----------
    number : int
        The row, as a spreadsheet counts.
    column : str or None
        None: the row as a whole.
    cell : object
        As it was given; None where it is empty, or for a row as a whole.
    expected : str
        What should have been there, in words.
    """

    number: int
    column: str | None
    cell: object
    expected: str


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
    refused : tuple of Refused
        What is wrong with those rows.
    num_torn : int
        Rows that have too few or too many cells.
    torn_keys : frozenset of str
        Their keys, where the key is one column.
    notes : tuple of str
        What of its header was read although it was not written as it should be, in words.
    """

    row_class: type[Row]
    file: str
    columns: frozenset[str]
    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    broken: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    refused: tuple[Refused, ...] = ()
    num_torn: int = 0
    torn_keys: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

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
