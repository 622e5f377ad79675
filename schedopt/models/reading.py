"""What has been read of an office, sound or not: what the checks of every source look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from schedopt.errors import Fault
from schedopt.models.discretion import Discretion, discretion_of
from schedopt.models.office import Office, Settings
from schedopt.models.table import Table
from schedopt.models.tables import Row


@dataclass(frozen=True, slots=True)
class Origin:
    """How faults call the parts of an office: by file, or by table where they came as DataFrames.

    Attributes
    ----------
    suffix : str
        What follows a table's name: ``".csv"`` or nothing.
    settings : str
        Where the settings stand.
    """

    suffix: str
    settings: str

    def file(self, table: str) -> str:
        """How faults call a table."""
        return table + self.suffix


FOLDER = Origin(".csv", "office.toml")
FRAMES = Origin("", "settings")


@dataclass(frozen=True)
class Reading:
    """An office as far as it could be read.

    Attributes
    ----------
    origin : Origin
        Where it came from.
    settings : Settings or None
        None: they have faults.
    tables : mapping of str to Table
        The tables there are.
    unreadable : frozenset of str
        Tables that are missing though required, or whose cells cannot be placed: nothing is known of their rows.
    office : Office
        The sound rows; default settings where `settings` is None.
    row_classes : tuple of type of Row
        What the rows of all tables are that an office may have.
    """

    origin: Origin
    settings: Settings | None
    tables: Mapping[str, Table]
    unreadable: frozenset[str]
    office: Office
    row_classes: tuple[type[Row], ...]

    def fault(self, table: str, index: int, column: str | None, value: object, expected: str) -> Fault:
        """A fault of the sound row at an index of one of the office's tables."""
        read = self.tables[table]
        return self.fault_in(read, read.numbers[index], column, value, expected)

    def fault_in(self, table: Table, number: int, column: str | None, value: object, expected: str) -> Fault:
        """A fault of a row of a table, by its number; the value is shown where it cannot be somebody's."""
        shown = None if column is None else self.discretion.shown(table, column, value)
        return Fault(table.file, number, column, shown, expected)

    def refused(self) -> Iterator[Fault]:
        """Every cell and row that is not what it should be."""
        for table in self.tables.values():
            yield from refusals(table, self.discretion)

    @cached_property
    def discretion(self) -> Discretion:
        """What messages may show of the tables."""
        return discretion_of(self.tables)

    def named(self, name: str) -> str:
        """An id as it stands in the words of a message: hidden where it may be something else."""
        return self.discretion.named(name)

    def meant(self, value: str, known: Iterable[str]) -> str:
        """``"; did you mean …?"`` with the nearest known id that may be shown, or nothing where none is near."""
        return self.discretion.meant(value, known)

    def row(self, table: str, index: int) -> int:
        """The row, as a spreadsheet counts, of the sound row at an index."""
        return self.tables[table].numbers[index]


def refusals(table: Table, discretion: Discretion) -> Iterator[Fault]:
    """Every cell and row of a table that is not what it should be."""
    for refused in table.refused:
        column = refused.column
        value = None if column is None else discretion.shown(table, column, refused.cell)
        yield Fault(table.file, refused.number, column, value, refused.expected)


def header_notes(table: Table) -> Iterator[Fault]:
    """What of a table's header was read although it was not written as it should be."""
    for words in table.notes:
        yield Fault(table.file, 1, None, None, words)
