"""What takes place on a date, or again and again on a weekday."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from schedopt.models.tables.fields import LAST, Date, Row, Weeks, WeeksOfMonth, column

_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Between which all dates of tables are."""
_WEEK = dt.timedelta(days=7)


class Recurring(Row):
    """Base of rows that take place on one date, on a weekday, or, where their table allows it, on every day.

    Subclasses have columns ``date`` and ``weekday``, of which a row fills at most one.
    """

    if TYPE_CHECKING:
        date: dt.date | None
        weekday: int | None

    every: Weeks | None = column(
        "Only in every second week (2), third week (3) and so on, counted from valid_from, which is then such a "
        "weekday; empty: every week.", example="2", default=None, unit="weeks", instead_of="date",
    )  # fmt: skip
    week_of_month: WeeksOfMonth = column(
        "Only on the first (1), second (2) and so on of these weekdays in each month, or the last; several are "
        "separated by ; and empty means all.", example="1; 3", default=(), instead_of="every",
    )  # fmt: skip
    valid_from: Date | None = column(
        "First day on which it can take place.", example="2026-09-01", default=None, instead_of="date"
    )
    valid_until: Date | None = column(
        "Last day on which it can take place.", example="2027-08-31", default=None, instead_of="date"
    )

    @model_validator(mode="after")
    def _recurs(self) -> Self:
        if self.valid_from is not None and self.valid_until is not None and self.valid_from > self.valid_until:
            raise ValueError("expected valid_until on or after valid_from")
        if self.date is not None and (self.valid_from or self.valid_until):
            raise ValueError("expected no valid_from or valid_until beside a date")
        if self.weekday is None and (self.every or self.week_of_month):
            raise ValueError("expected a weekday beside every or week_of_month")
        if self.every and self.week_of_month:
            raise ValueError("expected every or week_of_month, not both")
        if self.every and self.every > 1 and (self.valid_from is None or self.valid_from.weekday() != self.weekday):
            raise ValueError("expected valid_from, beside every, to be a date on the weekday: weeks count from it")
        return self

    def falls_on(self, date: dt.date) -> bool:
        """Whether it takes place on a date."""
        if self.date is not None:
            return date == self.date
        if self.weekday not in (None, date.weekday()):
            return False
        if not (self.valid_from or _FIRST_DAY) <= date <= (self.valid_until or _LAST_DAY):
            return False
        if self.every and self.valid_from is not None:
            return (date - self.valid_from) % (self.every * _WEEK) == dt.timedelta()
        last = LAST in self.week_of_month and (date + _WEEK).month != date.month
        return not self.week_of_month or last or (date.day - 1) // 7 + 1 in self.week_of_month

    def meets(self, other: Recurring) -> bool:
        """Whether both take place on some day; both have the same date, or the same weekday."""
        if self.date is not None:
            return True
        first = max(row.valid_from or _FIRST_DAY for row in (self, other))
        last = min(row.valid_until or _LAST_DAY for row in (self, other))
        if not any(row.every or row.week_of_month for row in (self, other)):
            return first <= last
        day = first + dt.timedelta(days=((self.weekday or 0) - first.weekday()) % 7)
        while day <= last:
            if self.falls_on(day) and other.falls_on(day):
                return True
            day += _WEEK
        return False
