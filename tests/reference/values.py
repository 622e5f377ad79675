"""What an office's days come to, in minutes: sessions, visits, what follows from one, and the verdict on all.

A moment is a minute counted from midnight of its session's date; across days, from midnight of the first day planned.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from schedopt.models.tables import Eligibility, Request

DAY = 24 * 60
Span = tuple[int, int]


@dataclass(frozen=True)
class Session:
    """A provider's bookable stretch; `shift` is the row of the shift and its date."""

    provider: str
    site: str
    date: dt.date
    start: int
    end: int
    overtime: int
    shift: tuple[int, dt.date]


@dataclass(frozen=True)
class Visit:
    """A request that is placed in the session of a provider that opens on a date at a minute; starts of its steps.

    `others` names the sessions of those who fill its roles, or None for a role that nobody fills.
    """

    request: str
    provider: str
    date: dt.date
    opens: int
    starts: tuple[int, ...]
    others: tuple[tuple[str, dt.date, int] | None, ...] = ()


@dataclass(frozen=True)
class Use:
    """A unit of a pool, held by a request from one minute of the days planned to another, cleaning included."""

    request: str
    pool: str
    start: int
    end: int


@dataclass(frozen=True)
class Facts:
    """What follows from one visit alone."""

    visit: Visit
    request: Request
    session: Session
    breaches: frozenset[str]
    points: Counter[str]
    held: tuple[tuple[Session, Span], ...]
    inside: Span
    uses: tuple[Use, ...]
    authorisation: str | None
    answer: Eligibility | None


@dataclass(frozen=True)
class Verdict:
    """Breaches as (request, rule), and points by part of the cost."""

    breaches: frozenset[tuple[str, str]]
    points: Counter[str]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap or touch put together."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def lies_in(span: Span, spans: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def valid(row: object, date: dt.date) -> bool:
    """Whether a row with valid_from and valid_until holds on a date."""
    first, last = row.valid_from, row.valid_until
    return (first is None or first <= date) and (last is None or date <= last)


def takes_place(row: object, date: dt.date) -> bool:
    """Whether a row with a date, or with what says how it recurs, takes place on a date."""
    if row.date is not None:
        return row.date == date
    if row.weekday not in (None, date.weekday()) or not valid(row, date):
        return False
    month = [day for day in range(1, monthrange(date.year, date.month)[1] + 1) if (day - date.day) % 7 == 0]
    named = [month[number - 1 if number > 0 else -1] for number in row.week_of_month if number <= len(month)]
    if row.week_of_month and date.day not in named:
        return False
    return not row.every or row.every == 1 or (date.toordinal() - row.valid_from.toordinal()) // 7 % row.every == 0


def age(born: dt.date, date: dt.date) -> int:
    """Years; who was born on 29 February has a birthday on 1 March of other years."""
    return date.year - born.year - ((date.month, date.day) < (born.month, born.day))
