"""When a course can be held so that all who are to be there can be."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from schedopt.models.problem.spans import minus
from schedopt.operations.training.learning_tables import Course
from schedopt.operations.training.people import Person
from schedopt.operations.training.presence import Presence, Span, days_between

WORKDAYS = range(5)
"""Monday to Friday: on these, courses of people whose hours are not known can be held."""
Windows = tuple[Span, ...]
"""Stretches of a day."""


@dataclass
class Times:
    """When people are free: at work, and not in a course that has been placed.

    Attributes
    ----------
    presence : Presence
        When they are at work.
    units : mapping of str to int
        Units of each pool.
    taken : dict
        By person, or by pool: date and minutes from and until of the courses that have been placed.
    """

    presence: Presence
    units: Mapping[str, int]
    taken: dict[str, list[tuple[dt.date, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, names: Sequence[str], date: dt.date, span: Span) -> None:
        """Somebody, or a unit of a pool, is in a course."""
        for name in names:
            self.taken[name].append((date, *span))

    def windows(
        self, course: Course, people: Sequence[Person], days: tuple[dt.date, dt.date]
    ) -> dict[dt.date, Windows]:
        """By day on which a course can be held with all these people: in which hours."""
        found: dict[dt.date, Windows] = {}
        for date in days_between(*days) if days[0] <= days[1] else ():
            free = self._free(course, people, date)
            long_enough = tuple(span for span in free if span[1] - span[0] >= course.minutes)
            if long_enough:
                found[date] = long_enough
        return found

    def _free(self, course: Course, people: Sequence[Person], date: dt.date) -> list[Span]:
        known = [person for person in people if self.presence.is_known(person)]
        if not known and date.weekday() not in WORKDAYS:
            return []
        free: list[Span] = [(course.start, course.end)]
        for person in people:
            if not person.works_on(date):
                return []
            if person in known:
                there = [(one.start, one.end) for one in self.presence.on(person, date)]
                free = [(max(span[0], one[0]), min(span[1], one[1])) for span in free for one in there]
            free = _without(free, self._busy(person.staff, date))
        if course.pool is not None:
            free = _without(free, self._full(course.pool, date))
        return [span for span in free if span[0] < span[1]]

    def _busy(self, name: str, date: dt.date) -> list[Span]:
        return [(first, last) for day, first, last in self.taken.get(name, ()) if day == date]

    def _full(self, pool: str, date: dt.date) -> list[Span]:
        """When courses take all units of a pool."""
        busy, units = self._busy(f"pool {pool}", date), self.units.get(pool, 1)
        ends = sorted({moment for span in busy for moment in span})
        return [
            (first, last)
            for first, last in pairwise(ends)
            if sum(one[0] <= first and last <= one[1] for one in busy) >= units
        ]


def _without(free: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    return [left for span in free if span[0] < span[1] for left in minus(span, holes)]


def runs(windows: dict[dt.date, Windows]) -> Iterator[tuple[dt.date, dt.date, tuple[int, ...], Windows]]:
    """Days with the same hours, as first day, last day and weekdays; a day alone where others lie between."""
    alike: dict[Windows, list[dt.date]] = defaultdict(list)
    for date, hours in windows.items():
        alike[hours].append(date)
    for hours, dates in alike.items():
        weekdays = tuple(sorted({date.weekday() for date in dates}))
        between = [date for date in days_between(dates[0], dates[-1]) if date.weekday() in weekdays]
        if between == dates:
            yield dates[0], dates[-1], weekdays, hours
        else:
            yield from ((date, date, (date.weekday(),), hours) for date in dates)
