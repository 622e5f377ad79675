"""On which days somebody has the age for a visit type."""

from __future__ import annotations

import datetime as dt

from schedopt.models.tables import VisitType


def days_of_age(born: dt.date | None, kind: VisitType) -> tuple[dt.date | None, dt.date | None]:
    """First and last day on which somebody has the age for a visit type; None where there is no such limit.

    Who is born on 29 February has the birthday on 1 March in other years.
    """
    if born is None:
        return None, None
    first = None if kind.min_age is None else _birthday(born, kind.min_age)
    last = None if kind.max_age is None else _birthday(born, kind.max_age + 1) - dt.timedelta(days=1)
    return first, last


def _birthday(born: dt.date, years: int) -> dt.date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)
