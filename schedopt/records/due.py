"""Which requests are due in the days planned, and from which day on the others are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.clock import LAST_DAY
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.due import NotDue, date_words
from schedopt.models.tables import Request

NEVER, FOREVER = -(10**6), 10**6
"""Days so far off that no week reaches them."""


def distance(row: Request) -> tuple[int, int]:
    """Fewest and most days from the visit that a request follows to its own."""
    low = 1 if row.after_min_days is None else row.after_min_days
    return low, FOREVER if row.after_max_days is None else row.after_max_days


def planned(office: Office, calendar: Calendar) -> tuple[tuple[Request, ...], tuple[NotDue, ...]]:
    """The requests to be planned, and those that are not due.

    What is promised for a day outside the days planned is among neither.
    """
    later = not_due(office, calendar)
    names = {one.request for one in later}
    return tuple(row for row in _here(office, calendar) if row.request not in names), later


def not_due(office: Office, calendar: Calendar) -> tuple[NotDue, ...]:
    """The requests whose first possible day comes after the days planned, by their dates and those of their series.

    Who works when makes no difference, nor does when a visit of these days is promised or planned. What is promised in
    these days is due, and so is what such a visit follows.
    """
    rows = _here(office, calendar)
    if not rows:
        return ()
    first, last = days_of_series(office, rows, calendar)
    end, series = calendar.num_days, first >= calendar.num_days
    may = [
        n for n, row in enumerate(rows)
        if series[n] or row.after or (row.ready is not None and calendar.day(row.ready) >= end)
    ]  # fmt: skip
    if not may:
        return ()
    chain, bound, found = _Chain(rows, calendar, first), _needed(office, rows, calendar), []
    for number, row in ((number, rows[number]) for number in may):
        day = chain.first_day(row.request)
        if calendar.num_days <= day <= min(last[number], calendar.day(LAST_DAY)) and row.request not in bound:
            found.append(
                NotDue(row.request, row.patient, row.visit_type, calendar.date(day), chain.reason(row.request))
            )
    return tuple(found)


def days_of_series(office: Office, rows: Sequence[Request], calendar: Calendar) -> tuple[Ints, Ints]:
    """First and last day, from the first planned, that visits of a series allow which are promised for other weeks."""
    elsewhere = _elsewhere(office, calendar)
    first, last = np.full(len(rows), NEVER, np.int64), np.full(len(rows), FOREVER, np.int64)
    if not elsewhere:
        return first, last
    ahead = {name: day for name, day in elsewhere.items() if day >= 0}

    def between(r: int, low: int, high: int) -> None:
        first[r], last[r] = max(first[r], low), min(last[r], high)

    for r, row in enumerate(rows):
        if row.after in elsewhere:
            low, high = distance(row)
            between(r, elsewhere[row.after] + low, elsewhere[row.after] + high)
        if row.same_day_as in ahead:
            between(r, ahead[row.same_day_as], ahead[row.same_day_as])
    code = {row.request: r for r, row in enumerate(rows)}
    for row in office.requests:
        if row.request in elsewhere and row.after in code:
            low, high = distance(row)
            between(code[row.after], elsewhere[row.request] - high, elsewhere[row.request] - low)
        if row.request in ahead and row.same_day_as in code:
            between(code[row.same_day_as], ahead[row.request], ahead[row.request])
    return first, last


def _elsewhere(office: Office, calendar: Calendar) -> dict[str, int]:
    """Days of the visits promised outside the days planned, by request."""
    return {a.request: calendar.day(a.date) for a in office.appointments or () if not calendar.covers(a.date)}


def _here(office: Office, calendar: Calendar) -> tuple[Request, ...]:
    elsewhere = _elsewhere(office, calendar)
    return tuple(row for row in office.requests if row.request not in elsewhere)


def _needed(office: Office, rows: Sequence[Request], calendar: Calendar) -> set[str]:
    """Requests promised in the days planned, and all that these follow."""
    after = {row.request: row.after for row in rows}
    found: set[str] = set()
    for promise in office.appointments or ():
        name: str | None = promise.request if calendar.covers(promise.date) else None
        while name is not None and name in after and name not in found:
            found.add(name)
            name = after[name]
    return found


@dataclass(frozen=True)
class _First:
    """The first possible day of a request, and why not sooner."""

    day: int
    why: str


class _Chain:
    """First possible days of requests, each at least so many days after that of the request which it follows."""

    def __init__(self, rows: Sequence[Request], calendar: Calendar, series: Ints) -> None:
        self._calendar = calendar
        self._rows = {row.request: row for row in rows}
        self._series = dict(zip(self._rows, series.tolist(), strict=True))
        self._known: dict[str, _First] = {}

    def first_day(self, name: str) -> int:
        """Days from the first planned."""
        return self._first(name).day

    def reason(self, name: str) -> str:
        """What sets the first day."""
        return self._first(name).why

    def _first(self, name: str) -> _First:
        """The same of a request and of all that it follows, the earliest of these first."""
        path = list(self._path(name))
        for one in reversed(path):
            self._known[one] = self._of(self._rows[one])
        return self._known[name]

    def _path(self, name: str) -> Iterator[str]:
        """A request and those that it follows, as far as they are not known."""
        seen: set[str] = set()
        step: str | None = name
        while step is not None and step in self._rows and step not in self._known and step not in seen:
            seen.add(step)
            yield step
            step = self._rows[step].after

    def _of(self, row: Request) -> _First:
        found = [_First(0, "")]
        if row.ready is not None:
            ready = self._calendar.day(row.ready)
            found.append(_First(ready, "the patient is ready from that day on"))
        if self._series[row.request] > NEVER:
            words = "a visit of its series, or wanted on the same day, is promised for another week"
            found.append(_First(self._series[row.request], words))
        if row.after in self._known:
            low, _ = distance(row)
            before = self._known[row.after]
            found.append(_First(before.day + low, self._follows(row, before)))
        return max(found, key=lambda first: first.day)

    def _follows(self, row: Request, before: _First) -> str:
        low, high = distance(row)
        days = f"at least {low}" if high >= FOREVER else f"{low}" if low == high else f"{low} to {high}"
        day = date_words(self._calendar.date(min(before.day, self._calendar.day(LAST_DAY))))
        unit = "day" if days in ("1", "at least 1") else "days"
        return f"it follows {row.after} by {days} {unit}, and {row.after} is on {day} at the earliest"
