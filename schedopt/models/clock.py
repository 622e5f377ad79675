"""Minutes of a day and how they are shown, and the days that there are."""

from __future__ import annotations

import datetime as dt

MINUTES_PER_DAY = 24 * 60
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""The days that tables, plans and commands know: what is written can be read again, and a day more is still a date."""
DAYS_WORDS = f"between {FIRST_DAY.year} and {LAST_DAY.year}"


def is_known_day(date: dt.date) -> bool:
    """Whether a date is one of the days that there are."""
    return FIRST_DAY.year <= date.year <= LAST_DAY.year


def format_time(minutes: int) -> str:
    """``HH:MM`` of minutes from local midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
