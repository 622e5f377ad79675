"""Which procedures do not go together, how many of one are likely, and which need another: by date.

The tables are those that CMS publishes for the National Correct Coding Initiative; an office brings them as files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

BYPASS = frozenset([
    "24", "25", "27", "57", "58", "59", "78", "79", "91", "E1", "E2", "E3", "E4", "FA", "F1", "F2", "F3", "F4", "F5",
    "F6", "F7", "F8", "F9", "TA", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "LT", "RT", "LC", "LD", "LM",
    "RC", "RI", "XE", "XP", "XS", "XU",
])  # fmt: skip
"""Modifiers that say that two procedures were apart from each other (CMS, NCCI policy manual, chapter 1)."""


class Pair(NamedTuple):
    """Two procedures of which the second is not paid beside the first.

    Attributes
    ----------
    first, second : str
        Codes.
    begins, ends : datetime.date
        First and last day on which it holds.
    indicator : str
        0: no modifier helps; 1: one does; 9: it does not hold.
    """

    first: str
    second: str
    begins: dt.date
    ends: dt.date
    indicator: str


class Most(NamedTuple):
    """How many units of a procedure are likely.

    Attributes
    ----------
    procedure : str
        Code.
    units : int
        At most.
    indicator : str
        1: on a line; 2 and 3: on a day, by policy and by experience.
    begins, ends : datetime.date
        First and last day on which it holds.
    """

    procedure: str
    units: int
    indicator: str
    begins: dt.date
    ends: dt.date


class AddOn(NamedTuple):
    """A procedure that is only paid beside another.

    Attributes
    ----------
    procedure, primary : str
        Codes; the other one is empty where the payer says which.
    kind : str
        1: one of the list; 2: the payer says which; 3: one of the list or another that the payer says.
    begins, ends : datetime.date
        First and last day on which it holds.
    """

    procedure: str
    primary: str
    kind: str
    begins: dt.date
    ends: dt.date


@dataclass(frozen=True, slots=True)
class CodeTables:
    """The tables, by code.

    Attributes
    ----------
    pairs : mapping of (str, str) to tuple of Pair
        By both codes.
    most : mapping of str to tuple of Most
        By code.
    add_ons : mapping of str to tuple of AddOn
        By the code of what is added.
    """

    pairs: Mapping[tuple[str, str], tuple[Pair, ...]] = field(default_factory=dict)
    most: Mapping[str, tuple[Most, ...]] = field(default_factory=dict)
    add_ons: Mapping[str, tuple[AddOn, ...]] = field(default_factory=dict)

    def pair(self, first: str, second: str, day: dt.date) -> Pair | None:
        """What holds of two procedures on a day; None where they go together."""
        found = (one for one in self.pairs.get((first, second), ()) if one.begins <= day <= one.ends)
        return next((one for one in found if one.indicator != "9"), None)

    def most_of(self, procedure: str, day: dt.date) -> Most | None:
        """How many units are likely on a day; None where nothing is said."""
        return next((one for one in self.most.get(procedure, ()) if one.begins <= day <= one.ends), None)

    def primaries(self, procedure: str, day: dt.date) -> tuple[AddOn, ...]:
        """What a procedure needs beside it on a day; empty where it stands alone."""
        return tuple(one for one in self.add_ons.get(procedure, ()) if one.begins <= day <= one.ends)


def gathered(rows: Iterable[Pair | Most | AddOn]) -> CodeTables:
    """Tables of rows."""
    pairs = dict[tuple[str, str], list[Pair]]()
    most, add_ons = dict[str, list[Most]](), dict[str, list[AddOn]]()
    for row in rows:
        if isinstance(row, Pair):
            pairs.setdefault((row.first, row.second), []).append(row)
        elif isinstance(row, Most):
            most.setdefault(row.procedure, []).append(row)
        else:
            add_ons.setdefault(row.procedure, []).append(row)
    return CodeTables(
        {key: tuple(rows) for key, rows in pairs.items()},
        {key: tuple(_in_turn(rows)) for key, rows in most.items()},
        {key: tuple(rows) for key, rows in add_ons.items()},
    )


def _in_turn(rows: list[Most]) -> Iterator[Most]:
    """Those that begin last come first, so that a newer table holds before an older one that does not end."""
    yield from sorted(rows, key=lambda one: one.begins, reverse=True)


NO_TABLES = CodeTables()
"""Without any file: nothing is said of codes."""
