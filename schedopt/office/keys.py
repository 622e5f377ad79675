"""Keys that repeat, and references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from schedopt.errors import Fault
from schedopt.models.tables import TABLES
from schedopt.office.columns import references
from schedopt.office.reading import Reading
from schedopt.office.rows import Table
from schedopt.office.words import meant, shown

_MOST_GUESSES = 20
_KEYS = tuple((row_class.table_name, row_class.key) for row_class in TABLES)


def duplicate_keys(reading: Reading) -> Iterator[Fault]:
    """Rows whose key stands in a row above."""
    for table in reading.tables.values():
        yield from duplicates(table)


def duplicates(table: Table) -> Iterator[Fault]:
    """Rows of one table whose key stands in a row above."""
    key = table.row_class.key
    if not key:
        return
    first_row: dict[tuple[Any, ...], int] = {}
    keys = [
        (number, tuple(getattr(row, name) for name in key))
        for number, row in zip(table.numbers, table.rows, strict=True)
    ]
    for number, cells in table.broken:
        if all(name in cells for name in key):
            keys.append((number, tuple(cells[name] for name in key)))
    for number, value in sorted(keys, key=lambda item: item[0]):
        above = first_row.setdefault(value, number)
        if above == number:
            continue
        text = shown(", ".join("" if part is None else str(part) for part in value))
        if len(key) == 1:
            yield Fault(
                table.file, number, key[0], text, f"expected each {key[0]} once, it stands in row {above} already"
            )
        else:
            words = f"expected {', '.join(key)} together once, they stand in row {above} already"
            yield Fault(table.file, number, None, text, words)


def dangling_references(reading: Reading) -> Iterator[Fault]:
    """Cells that name an id which the table they refer to does not have."""
    for table in reading.tables.values():
        for column, target in references(table.row_class).items():
            if (table.name, target) == ("shifts", "sites") and "sites" not in reading.tables:
                continue  # then it is the shifts that say which sites there are
            yield from _dangling(reading, table, column, target)


def _dangling(reading: Reading, table: Table, column: str, target: str) -> Iterator[Fault]:
    known = known_ids(reading, target)
    if known is None:
        return
    guesses = 0
    words = f"expected {_target_words(reading, target)}"
    for number, value in table.values(column):
        for name in () if value is None else value if isinstance(value, tuple) else (value,):
            if name not in known:
                guesses += 1
                guess = meant(name, _sound_ids(reading, target)) if guesses <= _MOST_GUESSES else ""
                yield Fault(table.file, number, column, shown(name), words + guess)


def known_ids(reading: Reading, target: str) -> Set[str] | None:
    """The ids that a table has, sound row or not; None where the table cannot be read."""
    home, column = _home(reading, target)
    if home in reading.unreadable:
        return None
    if home not in reading.tables:
        return frozenset()
    table = reading.tables[home]
    if column not in table.columns:
        return None
    ids = {value for _, value in table.values(column)}
    if table.row_class.key == (column,):
        return ids | table.torn_keys
    is_read = not table.num_torn and all(column in cells for _, cells in table.broken)
    return ids if is_read else None


def _sound_ids(reading: Reading, target: str) -> Set[str]:
    home, column = _home(reading, target)
    table = reading.tables.get(home)
    return frozenset(getattr(row, column) for row in table.rows) if table else frozenset()


def _home(reading: Reading, target: str) -> tuple[str, str]:
    """Table and column where the ids of a table stand."""
    if target == "sites" and "sites" not in reading.tables and "sites" not in reading.unreadable:
        return "shifts", "site"
    return target, next(key[0] for name, key in _KEYS if name == target)


def _target_words(reading: Reading, target: str) -> str:
    home, column = _home(reading, target)
    file = reading.source.file(home)
    if home not in reading.tables:
        return f"no {column}, as there is no {file}"
    return f"a {column} that stands in {file}"
