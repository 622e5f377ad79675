"""What of cells a message may show: nothing that could be somebody's name, birth date or other private data.

Cells get misplaced: a header is shifted by a column, a row by a cell, a name is pasted into a column of ids. So it is
not enough that a column is not private. See :meth:`Discretion.shown` for the rule.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args, get_origin

from schedopt.models.table import Table
from schedopt.models.tables import fields
from schedopt.models.tables.fields import WEEKDAYS, noted, types_of
from schedopt.models.words import HIDDEN, meant, shown

_NUMBER = re.compile(r"[-+]?[0-9]{0,7}(?:[.,][0-9]{1,3})?")
"""Longer numbers may be a person's: of an insurance, a telephone, a day of birth."""
_TIME = r"-?[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?"
_TIMES = re.compile(rf"[0-9]{{1,4}}|{_TIME}(?: ?[-;] ?{_TIME})*")
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T][0-9:]{4,8})?")
_DIGITS = re.compile(r"[0-9]+")
_CLOCKS = (fields.TimeOfDay, fields.ClockTime, fields.Times, fields.Spans)
_NO_NUMBERS = (*_CLOCKS, fields.Date, fields.Weekday, fields.Flag)
_FLAGS = ("yes", "no", "true", "false", "1", "0")


@dataclass(frozen=True)
class Discretion:
    """What is known of some tables together that decides what messages about them show.

    Attributes
    ----------
    private : frozenset of str
        What stands in private columns, without capitals.
    births : frozenset of frozenset of int
        Year, month and day of the dates there.
    strange : frozenset of str
        Tables that do not read as themselves.
    ids : frozenset of str
        What stands in two columns of ids or more.
    written : mapping of (str, str) to str
        How most ids of a column, or of the one that it refers to, are written, by table and column: digits aside.
    years : mapping of (str, str) to (int, int)
        First and last year of a column's dates, by table and column.
    """

    private: frozenset[str] = frozenset()
    births: frozenset[frozenset[int]] = frozenset()
    strange: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    written: Mapping[tuple[str, str], str] = field(default_factory=dict)
    years: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def shown(self, table: Table, column: str, value: object) -> str | None:
        """A value of a column as a message shows it.

        That is as it was given, if the column is not private, the table reads as itself, no private cell says the same,
        and the value is

        - a word of the column's closed vocabulary,
        - in a column of numbers, times or dates: a number of at most seven digits, times, or a date in a year in which
          others of its column are, or the next to it,
        - in a column of time zones: one that is known, or begins like those that are (``America/Gotham``),
        - in a column of ids: one that stands in another column of ids too, or one that is written as half of its
          column, with other digits (``N33`` among ``N1`` and ``N2``).

        Otherwise it is hidden. A table reads as itself if in each of its columns that are not text at most half of the
        cells are wrong, one aside, and in each that refers to another table, or is referred to, at most half lead
        nowhere.

        Parameters
        ----------
        table : Table
            Where it stands.
        column : str
            Column of the table.
        value : object
            The cell as it was given, or what was read of it, or times in words; None for an empty cell.
        """
        if value is None:
            return None
        if column in noted(table.row_class, "private") or table.name in self.strange:
            return HIDDEN
        text = shown(value)
        if text.casefold() in self.private or frozenset(map(int, _DIGITS.findall(text))) in self.births:
            return HIDDEN
        return text if self._fits(table, column, value, text) else HIDDEN

    def _fits(self, table: Table, column: str, value: object, text: str) -> bool:
        """Whether a value is of those that its column may show."""
        kind, place = types_of(table.row_class)[column], (table.name, column)
        if get_origin(kind) is Literal:
            return text in get_args(kind)
        if kind == fields.Weekday:
            return text.capitalize() in WEEKDAYS
        if kind == fields.Flag:
            return text.casefold() in _FLAGS
        if kind == fields.Date:
            return isinstance(value, dt.date) or self._is_near_date(place, text)
        if kind in _CLOCKS:
            return _TIMES.fullmatch(text) is not None
        if kind == fields.Zone:
            return text in fields.zone_names() or ("/" in text and text.partition("/")[0] in _areas())
        if kind == fields.Id:
            return self.is_id(place, text)
        if kind == fields.IdList:
            return all(self.is_id(place, item.strip()) for item in text.split(";"))
        return is_number(kind) and _NUMBER.fullmatch(text) is not None

    def is_id(self, place: tuple[str, str], text: str) -> bool:
        """Whether a text is known as an id, or written as most ids of a column, given by table and name."""
        return text in self.ids or (place in self.written and _letters(text) == self.written[place])

    def _is_near_date(self, place: tuple[str, str], text: str) -> bool:
        if place not in self.years or not _DATE.fullmatch(text):
            return False
        first, last = self.years[place]
        return any(first - 1 <= int(digits) <= last + 1 for digits in _DIGITS.findall(text))

    def named(self, name: str) -> str:
        """An id as it stands in the words of a message: hidden where it may be something else."""
        return name if name in self.ids and name.casefold() not in self.private else HIDDEN

    def meant(self, value: str, known: Iterable[str]) -> str:
        """``"; did you mean …?"`` with the nearest known id, or nothing where none is near that may be shown."""
        return meant(value, (name for name in known if self.named(name) != HIDDEN))


@cache
def _areas() -> frozenset[str]:
    """What names of time zones begin with."""
    return frozenset(name.partition("/")[0] for name in fields.zone_names() if "/" in name)


def is_number(kind: Any) -> bool:
    """Whether a column of this type takes numbers."""
    return kind not in _NO_NUMBERS and getattr(kind, "__origin__", kind) in (int, float)


def discretion_of(tables: Mapping[str, Table]) -> Discretion:
    """What messages about some tables may show, from what the tables hold.

    Parameters
    ----------
    tables : mapping of str to Table
        All that were read together, by name.
    """
    private, births = set[str](), set[frozenset[int]]()
    for table in tables.values():
        for column in noted(table.row_class, "private"):
            for value in _filled(table, column):
                if isinstance(value, dt.date):
                    births.add(frozenset((value.year, value.month, value.day)))
                elif isinstance(value, str):
                    private.add(value.casefold())
    strange = frozenset(_strange(tables))
    homes: Counter[str] = Counter()
    written, years = dict[tuple[str, str], str](), dict[tuple[str, str], tuple[int, int]]()
    for name, table in tables.items():
        for column, kind in types_of(table.row_class).items() if name not in strange else ():
            if kind in (fields.Id, fields.IdList):
                ids = {item for value in _filled(table, column) for item in _items(value)}
                homes.update(ids)
                if letters := most_letters(ids):
                    written[name, column] = letters
            elif kind == fields.Date and (dates := set(_filled(table, column))):
                years[name, column] = min(dates).year, max(dates).year
    for name, table in tables.items():
        for column, target in noted(table.row_class, "references").items() if name not in strange else ():
            home = (target, tables[target].row_class.key[0]) if target in tables else None
            if home in written:
                written.setdefault((name, column), written[home])
    known = frozenset(name for name, number in homes.items() if number > 1)
    return Discretion(frozenset(private), frozenset(births), strange, known, written, years)


def _items(value: Any) -> tuple[Any, ...]:
    """The ids of a cell: one, or those of a list."""
    return value if isinstance(value, tuple) else (value,)


def _filled(table: Table, column: str) -> Iterator[Any]:
    return (value for _, value in table.values(column) if value is not None)


def _strange(tables: Mapping[str, Table]) -> Iterator[str]:
    """Tables that do not read as themselves."""
    for name, table in tables.items():
        wrong = Counter(refused.column for refused in table.refused if refused.cell is not None)
        if any(number - 1 > sum(1 for _ in _filled(table, column)) for column, number in wrong.items() if column):
            yield name
        for column, target in noted(table.row_class, "references").items():
            if target in tables and _mostly_lost(table, column, tables[target]):
                yield from (name, target)


def _mostly_lost(table: Table, column: str, target: Table) -> bool:
    """Whether more than half of what a column refers to is not there; of tables without private cells, two or more."""
    (key,) = target.row_class.key
    known = {value for _, value in target.values(key)} | target.torn_keys
    found = [item for value in _filled(table, column) for item in _items(value)]
    lost = sum(item not in known for item in found)
    is_private = any(noted(each.row_class, "private") for each in (table, target))
    return 2 * lost > len(found) and (is_private or lost > 1)


def _letters(text: str) -> str:
    return _DIGITS.sub("0", text)


def most_letters(ids: Iterable[str]) -> str | None:
    """How at least half of some ids, and at least two, are written, digits aside; they have letters and digits."""
    ways = Counter(map(_letters, ids))
    if not ways:
        return None
    (way, number), *_ = ways.most_common(1)
    is_plain = "0" in way and any(map(str.isalpha, way)) and " " not in way
    return way if is_plain and number > 1 and 2 * number >= ways.total() else None
