"""Business days of an office: not weekends, not public holidays, not days on which all of it is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from holidays import country_holidays

from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.office import Office

_DAY = dt.timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[dt.date]:
    return frozenset(country_holidays(country, subdiv=subdivision, years=year))


@dataclass(frozen=True)
class OfficeDays:
    """On which days an office works.

    Attributes
    ----------
    country, subdivision : str or None
        Whose public holidays close it; without a country none does.
    closed : frozenset of datetime.date
        Days on which every site is closed by the office's own table.
    opened : frozenset of datetime.date
        Public holidays on which a site is open all the same.
    """

    country: str | None = None
    subdivision: str | None = None
    closed: frozenset[dt.date] = frozenset()
    opened: frozenset[dt.date] = frozenset()

    @classmethod
    def of(cls, office: Office) -> OfficeDays:
        """Those of an office, by its settings and its tables ``closures`` and ``open_holidays``."""
        holidays = office.settings.holidays
        named = [row.site for row in office.sites or ()]
        sites = tuple(dict.fromkeys([*named, *(shift.site for shift in office.shifts)]))
        days = {row.date for row in office.closures or ()}
        return cls(
            None if holidays is None else holidays.country, None if holidays is None else holidays.subdivision,
            frozenset(day for day in days if _all_closed(office, sites, day)),
            frozenset(row.date for row in office.open_holidays or ()),
        )  # fmt: skip

    def works_on(self, day: dt.date) -> bool:
        """Whether a day is a business day."""
        if day.weekday() >= _SATURDAY or day in self.closed:
            return False
        if self.country is None or day in self.opened:
            return True
        return day not in _holidays(self.country, self.subdivision, day.year)

    def after(self, day: dt.date, count: int) -> dt.date:
        """The last of so many business days after a day, which is not counted; 0: the day, or the first after it."""
        if count == 0 and not self.works_on(day):
            count = 1
        while count:
            day += _DAY
            count -= self.works_on(day)
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """Business days after one day, up to another and with it; below 0 where that one is earlier."""
        if last < first:
            return -self.between(last, first)
        return sum(self.works_on(first + _DAY * ahead) for ahead in range(1, (last - first).days + 1))


def _all_closed(office: Office, sites: Sequence[str], day: dt.date) -> bool:
    """Whether the closures of a day leave no minute open at any site."""
    rows = [row for row in office.closures or () if row.date == day]
    every = [(row.start, row.end) for row in rows if row.site is None]
    return _covers(every) or (
        bool(sites)
        and all(_covers([*every, *((row.start, row.end) for row in rows if row.site == site)]) for site in sites)
    )


def _covers(spans: Iterable[tuple[int, int]]) -> bool:
    """Whether stretches leave nothing of a day."""
    reached = 0
    for start, end in sorted(spans):
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= MINUTES_PER_DAY
