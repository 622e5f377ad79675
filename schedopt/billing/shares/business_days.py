"""Business days of the United States: not Saturdays, Sundays or federal holidays."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from holidays import country_holidays

_DAY = dt.timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset(country_holidays("US", years=year))


def is_business_day(day: dt.date) -> bool:
    """Whether a day is one; a holiday at a weekend is kept on the weekday that stands for it."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def business_day_after(day: dt.date, count: int) -> dt.date:
    """The last of so many business days after a day, which itself is not counted."""
    while count:
        day += _DAY
        count -= is_business_day(day)
    return day


def business_days_before(day: dt.date, since: dt.date) -> int:
    """How many business days ahead of a day another one is: those from it on that are before the day."""
    return sum(is_business_day(since + _DAY * ahead) for ahead in range((day - since).days))
