"""What has been read of an office, sound or not: what the checks across tables look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schedopt.errors import Fault
from schedopt.models.office import Office, Settings
from schedopt.office.rows import Table
from schedopt.office.words import shown


@dataclass(frozen=True, slots=True)
class Source:
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


FOLDER = Source(".csv", "office.toml")
FRAMES = Source("", "settings")


@dataclass(frozen=True, slots=True)
class Reading:
    """An office as far as it could be read.

    Attributes
    ----------
    source : Source
        Where it came from.
    settings : Settings or None
        None: they have faults.
    tables : mapping of str to Table
        The tables there are.
    unreadable : frozenset of str
        Tables that are missing though required, or whose cells cannot be placed: nothing is known of their rows.
    office : Office
        The sound rows; default settings where `settings` is None.
    """

    source: Source
    settings: Settings | None
    tables: Mapping[str, Table]
    unreadable: frozenset[str]
    office: Office

    def fault(self, table: str, index: int, column: str | None, value: object, expected: str) -> Fault:
        """A fault of the sound row at an index of one of the office's tables."""
        number = self.tables[table].numbers[index]
        return Fault(self.source.file(table), number, column, None if value is None else shown(value), expected)

    def row(self, table: str, index: int) -> int:
        """The row, as a spreadsheet counts, of the sound row at an index."""
        return self.tables[table].numbers[index]
