"""How an office is drawn: how large it may be, choices between small numbers, and what is known of it so far.

Everything is near everything else: sessions of an hour or two, few patients, one room, permissions that begin or end
within the days planned. Patients and requests share their ids, as numbered tables do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from schedopt.models.tables.fields import WEEKDAYS

T = TypeVar("T")
Rows = tuple[Any, ...]

FIRST_DAYS = (dt.date(2026, 11, 30), dt.date(2024, 2, 28), dt.date(2026, 12, 24), dt.date(2025, 2, 27))
"""A Monday; the days around 29 February; Christmas; the end of a February without a 29th."""
PROVIDERS, SITES, TYPES, KINDS = ("DR1", "DR2", "DR3"), ("MAIN", "WEST"), ("check", "scan", "talk"), ("exam", "scan")
ZONES = ("America/Denver", "Asia/Kolkata", "Pacific/Honolulu")
NUMBERS = ("1", "2", "3", "4", "5", "6")


@dataclass(frozen=True)
class Size:
    """How large an office may be, and on which grids (minutes).

    With `plain_days`, nothing is asked of people's days beyond that nobody is in two places at once: for tests that try
    everything and know no more than that. With `two_zones`, there are two sites, in two time zones. With `reserves`,
    places are kept, where there can be any. With `insured`, insurance is everybody's concern, and insurers have
    answered.
    """

    requests: int = 6
    providers: int = 3
    days: int = 3
    grids: tuple[int, ...] = (5, 10, 15)
    longest: int = 120
    plain_days: bool = False
    two_zones: bool = False
    reserves: bool = False
    insured: bool = False


@cache
def _integers(most: int) -> st.SearchStrategy[int]:
    """Made once: offices are drawn by hundreds of small numbers."""
    return st.integers(0, most).wrapped_strategy  # the one that draws, without asking each time which that is


class Drawing:
    """What is drawn of one office, table by table; later tables look at earlier ones.

    Attributes
    ----------
    grid : int
        Minutes.
    first, days
        The first day planned, and how many there are.
    zone : str or None
        Time zone of the last site where it is not the office's; everybody is at one site a day then, at its daytime.
    sites, providers, types, patients, kinds : tuple of str
        Ids; kinds of pools once those are drawn.
    starts : dict
        When the first shift of a provider on a date begins, in minutes.
    """

    def __init__(self, draw: st.DrawFn, size: Size) -> None:
        self._draw = draw
        self.size = size
        self.grid = self.one(size.grids)
        self.first = self.one(FIRST_DAYS)
        self.days = 1 + self.upto(size.days - 1)
        self.sites = SITES[: 1 + (size.two_zones or self.chance(40))]
        self.zone = self.some(100 if size.two_zones else 30, ZONES) if len(self.sites) > 1 else None
        self.providers = PROVIDERS[: 1 + self.upto(size.providers - 1)]
        self.types = TYPES[: 1 + self.upto(2)]
        self.patients = NUMBERS[: 1 + self.upto(2)]
        self.kinds: tuple[str, ...] = ()
        self.starts: dict[tuple[str, dt.date], int] = {}

    def one(self, choices: Sequence[T]) -> T:
        return choices[self._draw(_integers(len(choices) - 1))] if len(choices) > 1 else choices[0]

    def upto(self, most: int) -> int:
        return self._draw(_integers(most)) if most > 0 else 0

    def chance(self, percent: int) -> bool:
        """True so often; a failing example is made simpler by making it false."""
        return self._draw(_integers(99)) >= 100 - percent

    def maybe(self, percent: int, make: Any) -> Any:
        return make() if self.chance(percent) else None

    def some(self, percent: int, choices: Sequence[T]) -> T | None:
        return self.one(choices) if self.chance(percent) else None

    def subset(self, percent: int, choices: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in choices if self.chance(50)) if self.chance(percent) else ()

    def cells(self, *counts: int) -> int:
        """Minutes of so many cells."""
        return self.grid * self.one(counts)

    def near(self, before: int = 1, after: int = 1) -> dt.date:
        """A day planned, or a little before or after."""
        return self.first + dt.timedelta(days=self.upto(self.days - 1 + before + after) - before)

    def planned(self) -> dt.date:
        return self.near(0, 0)

    def moment(self) -> dt.datetime:
        """Around the hours of a day planned, or of the one before."""
        midnight = dt.datetime.combine(self.near(1, 0), dt.time())
        return midnight + dt.timedelta(minutes=self.one((480, 450, 503, 510, 540, 545, 600, 0, 1380)))

    def recurring(self, day: dt.date) -> dict[str, Any]:
        """Every week, or more rarely, mostly so that it takes place on a day; with that day's weekday."""
        found: dict[str, Any] = {"weekday": WEEKDAYS[day.weekday()]}
        if self.chance(20):
            weeks = self.one((0, -2, -4, -1, 1))
            return {**found, "every": self.one((2, 2, 3)), "valid_from": day + dt.timedelta(days=7 * weeks)}
        if self.chance(20):
            number, last = (day.day - 1) // 7 + 1, (day + dt.timedelta(days=7)).month != day.month
            return {
                **found,
                "week_of_month": self.one((str(number), "last" if last else str(number), "1; last", "2; 5")),
            }
        return {**found, **self.validity()}

    def validity(self, percent: int = 20) -> dict[str, dt.date | None]:
        """Mostly open at one end or both, where each end is so rarely given; never empty."""
        first, last = self.maybe(percent, self.near), self.maybe(percent, self.near)
        if first is not None and last is not None and first > last:
            first, last = last, first
        return {"valid_from": first, "valid_until": last}
