"""When staff are at work: by shifts, breaks, leave, and what closes a site."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from schedopt.models.closed import Shut, closed_hours
from schedopt.models.office import Office
from schedopt.models.problem.spans import minus
from schedopt.models.tables import Leave, Shift
from schedopt.operations.training.people import DAY, Person
from schedopt.operations.training.staff_tables import StaffShift

Span = tuple[int, int]
"""Minutes from midnight: the first, and the one after the last."""


class Stretch(NamedTuple):
    """A stretch of a day in which somebody works at a site; minutes from midnight."""

    site: str
    start: int
    end: int


class Presence:
    """When the staff of an office are at work on some days.

    Parameters
    ----------
    office : Office
        As read.
    first, last : datetime.date
        The days that will be asked for.
    """

    def __init__(self, office: Office, first: dt.date, last: dt.date) -> None:
        self._shifts: dict[str, list[Shift]] = defaultdict(list)
        self._leave: dict[str, list[Leave]] = defaultdict(list)
        self._staff: dict[str, list[StaffShift]] = defaultdict(list)
        self._shut: dict[dt.date, list[Shut]] = defaultdict(list)
        self._known: dict[tuple[str, dt.date], tuple[Stretch, ...]] = {}
        for shift in office.shifts:
            self._shifts[shift.provider].append(shift)
        for leave in office.leave or ():
            self._leave[leave.provider].append(leave)
        for row in office.rows(StaffShift) or ():
            self._staff[row.staff].append(row)
        for one in closed_hours(office, first, (last - first).days + 1) if first <= last else ():
            self._shut[one.date].append(one)

    def is_known(self, person: Person) -> bool:
        """Whether any table says when the person works."""
        return bool(self._shifts.get(person.provider or "") or self._staff.get(person.staff))

    def on(self, person: Person, day: dt.date) -> tuple[Stretch, ...]:
        """When and where a person works on a day, by start; breaks are left out."""
        if not person.works_on(day):
            return ()
        key = person.staff, day
        if key not in self._known:
            self._known[key] = tuple(_merged(self._on(person, day)))
        return self._known[key]

    def _on(self, person: Person, day: dt.date) -> Iterator[Stretch]:
        away = [
            (row.start, row.end)
            for row in self._leave.get(person.provider or "", ())
            if row.first_day <= day <= row.last_day
        ]
        for shift in self._shifts.get(person.provider or "", ()):
            if shift.falls_on(day):
                yield from self._open(shift.site, day, (shift.start, shift.end), [*shift.breaks, *away])
        for row in self._staff.get(person.staff, ()):
            if row.falls_on(day):
                yield from self._open(row.site, day, (row.start, row.end), [])

    def _open(self, site: str, day: dt.date, span: Span, holes: Sequence[Span]) -> Iterator[Stretch]:
        shut = [(one.start, one.end) for one in self._shut.get(day, ()) if one.meets(site, day)]
        for start, end in minus(span, [*holes, *shut]):
            if start < end:
                yield Stretch(site, start, end)


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """By start; those of one site that overlap or touch are one."""
    found: list[Stretch] = []
    for one in sorted(stretches, key=lambda one: (one.site, one.start)):
        if found and found[-1].site == one.site and one.start <= found[-1].end:
            found[-1] = found[-1]._replace(end=max(found[-1].end, one.end))
        else:
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def shared(one: Iterable[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    """When two people are at work at one site."""
    return [
        Stretch(here.site, max(here.start, there.start), min(here.end, there.end))
        for here in one
        for there in other
        if here.site == there.site and max(here.start, there.start) < min(here.end, there.end)
    ]


def minutes_of(stretches: Iterable[Stretch]) -> int:
    """Minutes of stretches of one person, which do not overlap."""
    return sum(one.end - one.start for one in stretches)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """All days from one to another."""
    return [first + number * DAY for number in range((last - first).days + 1)]
