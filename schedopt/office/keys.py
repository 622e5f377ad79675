"""Keys that repeat, and references that lead nowhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Set
from typing import Any

from schedopt.errors import Fault
from schedopt.models.discretion import Discretion
from schedopt.models.reading import Reading
from schedopt.models.table import Table
from schedopt.models.tables.fields import note, noted
from schedopt.models.words import shown

_MOST_GUESSES = 20


def duplicate_keys(reading: Reading) -> Iterator[Fault]:
    """Rows whose key stands in a row above."""
    for table in reading.tables.values():
        yield from duplicates(table, reading.discretion)


def duplicates(table: Table, discretion: Discretion) -> Iterator[Fault]:
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
        above = first_row.setdefault(_alike(value), number)
        if above == number:
            continue
        parts = zip(key, value, strict=True)
        text = shown(", ".join(discretion.shown(table, name, part) or "" for name, part in parts))
        if len(key) == 1:
            yield Fault(
                table.file, number, key[0], text, f"expected each {key[0]} once, it stands in row {above} already"
            )
        else:
            words = f"expected {', '.join(key)} together once, they stand in row {above} already"
            yield Fault(table.file, number, None, text, words)


def _alike(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same for keys that differ only by how their characters are written, such as wide letters."""
    return tuple(unicodedata.normalize("NFKC", part) if isinstance(part, str) else part for part in key)


def dangling_references(reading: Reading) -> Iterator[Fault]:
    """Cells that name an id which the table they refer to does not have."""
    for table in reading.tables.values():
        for column, target in noted(table.row_class, "references").items():
            if target not in reading.tables and note(table.row_class.model_fields[column], "names"):
                continue  # then it is this column that says which ids there are
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
                is_private = column in noted(table.row_class, "private")
                is_guessed = guesses <= _MOST_GUESSES and not is_private
                guess = reading.meant(name, _sound_ids(reading, target)) if is_guessed else ""
                yield reading.fault_in(table, number, column, name, words + guess)


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
    if target not in reading.tables and target not in reading.unreadable:
        for row_class in reading.row_classes:
            for column in noted(row_class, "names"):
                if note(row_class.model_fields[column], "references") == target:
                    return row_class.table_name, column
    return target, next(row_class.key[0] for row_class in reading.row_classes if row_class.table_name == target)


def _target_words(reading: Reading, target: str) -> str:
    home, column = _home(reading, target)
    file = reading.origin.file(home)
    if home not in reading.tables:
        return f"no {column}, as there is no {file}"
    return f"a {column} that stands in {file}"
