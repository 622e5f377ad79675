"""Onboarding: which steps everybody new has before him or her, with whom, and whether they fit in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from schedopt.models.office import Office
from schedopt.operations.training.learning_tables import OnboardingStep
from schedopt.operations.training.mentors import Mentee, assign, mentors_of
from schedopt.operations.training.people import COMPETENCE, DAY, FIRST, Person, What, holdings_of, people_of, stretches
from schedopt.operations.training.presence import Presence, days_between, minutes_of, shared

HOUR = 60
"""Minutes."""
LONG_OVER = 30
"""Days after its last day from which on what is open of an onboarding is not told any more."""
DONE, FITS, SHORT, LATE, NO_MENTOR = "done", "fits", "too few hours", "late", "no mentor"
"""States of a step."""
_NOBODY = "no mentor takes this role, or none has room for one more"
_STEPS = {
    "staff": "str", "step": "str", "first_day": "object", "last_day": "object", "mentor": "str",
    "shared_hours": "float64", "needed_hours": "float64", "state": "str", "reason": "str",
}  # fmt: skip
_MENTORS = {
    "staff": "str", "role": "str", "hired": "object", "mentor": "str", "shared_hours": "float64",
    "needed_hours": "float64", "reason": "str",
}  # fmt: skip
Completed = Mapping[tuple[str, str], dt.date]
"""When whose steps were done: by staff and step."""


@dataclass(frozen=True)
class Onboarding:
    """What is before those who are new.

    Attributes
    ----------
    steps : pandas.DataFrame
        One row for each person and step, by first day: ``staff``, ``step`` (ids), ``first_day``, ``last_day``
        (datetime.date), ``mentor`` (id; empty: none), ``shared_hours`` (that count towards the step, of those in which
        both are on shift together from the day asked on), ``needed_hours``, ``state`` (``done``, ``fits``, ``too few
        hours``, ``late`` or ``no mentor``), ``reason`` (words).
    mentors : pandas.DataFrame
        One row for each person who needs a mentor: ``staff``, ``role`` (ids), ``hired`` (datetime.date), ``mentor``
        (id; empty: none), ``shared_hours`` (that count towards any step), ``needed_hours``, ``reason`` (words).
    """

    steps: pd.DataFrame
    mentors: pd.DataFrame


class Window(NamedTuple):
    """A step that somebody new has before him or her: its row, the days in which it is to be done, and if it is."""

    step: OnboardingStep
    first: dt.date
    last: dt.date
    done: bool

    @property
    def minutes(self) -> int:
        """Minutes with a mentor that are still needed."""
        return 0 if self.done else self.step.shared_hours * HOUR


def onboarding(office: Office, day: dt.date, completed: Completed | None = None) -> Onboarding:
    """Which steps those who are new have before them, with which mentor, and whether they fit in.

    Mentors are assigned so that in sum as many of the hours needed as can be are hours in which both are on shift at
    one site; then so that as many as can be have a mentor. No mentor has more people at once than ``mentors.csv`` says.

    Parameters
    ----------
    office : Office
        As read; who has no ``hired`` in staff.csv is not new.
    day : datetime.date
        The day of asking: hours before it do not count, as what was done in them is done.
    completed : mapping, optional
        Steps that are done, with the day. A step that gives a competence is done too when the competence is held.
    """
    found = windows_of(office, day, completed or {})
    last = max((one.last for windows in found.values() for one in windows), default=day)
    presence = Presence(office, day, max(day, last))
    mentees = [
        Mentee(person, max(day, min(one.first for one in open_)), max(day, max(one.last for one in open_)))
        for person, windows in found.items()
        if (open_ := [one for one in windows if one.step.needs_mentor and not one.done])
    ]
    worth = {
        (mentee.person.staff, mentor.person.staff): sum(
            _counted(presence, mentee.person, mentor.person, found[mentee.person], day)
        )
        for mentee in mentees
        for mentor in mentors_of(office)
    }
    chosen = assign(mentees, mentors_of(office), worth)
    steps, summary = [], []
    for person, windows in found.items():
        mentor = chosen.get(person.staff)
        counted = _counted(presence, person, mentor, windows, day) if mentor else [0] * len(windows)
        steps += [_step_row(person, one, mentor, minutes, day) for one, minutes in zip(windows, counted, strict=True)]
        if any(person == mentee.person for mentee in mentees):
            needed = sum(one.minutes for one in windows)
            summary.append((
                person.staff, person.role, person.hired, "" if mentor is None else mentor.staff, sum(counted) / HOUR,
                needed / HOUR, _summary(mentor, sum(counted), needed),
            ))  # fmt: skip
    table = pd.DataFrame(steps, columns=list(_STEPS)).astype(_STEPS)
    table = table.sort_values(["first_day", "staff", "last_day"], kind="stable", ignore_index=True)
    return Onboarding(table, pd.DataFrame(summary, columns=list(_MENTORS)).astype(_MENTORS))


def _with_whom(
    office: Office, presence: Presence, mentees: Sequence[Mentee], found: Mapping[Person, Sequence[Window]],
    day: dt.date,
) -> dict[str, Person]:  # fmt: skip
    """The mentor of everybody who has one."""
    mentors = mentors_of(office)
    worth = {
        (one.person.staff, mentor.person.staff): sum(
            _counted(presence, one.person, mentor.person, found[one.person], day)
        )
        for one in mentees
        for mentor in mentors
    }
    return assign(mentees, mentors, worth)


def windows_of(office: Office, day: dt.date, completed: Completed) -> dict[Person, list[Window]]:
    """The steps of everybody whose onboarding is not over, and when; who was hired for a day to come is there too."""
    rows, holdings, found = office.rows(OnboardingStep) or (), holdings_of(office), dict[Person, list[Window]]()
    for person in people_of(office):
        if person.hired == FIRST or person.left < day:
            continue
        held, windows = holdings.get(person.staff, {}), list[Window]()
        for row in (one for one in rows if one.role in (None, person.role)):
            first, last = person.hired + row.from_day * DAY, person.hired + row.to_day * DAY
            spans = stretches(held.get(What(COMPETENCE, row.competence or ""), ()), 1)
            gained = any(begin <= max(day, first) <= end for begin, end in spans)
            windows.append(Window(row, first, last, gained or (person.staff, row.step) in completed))
        open_ = [one.last for one in windows if not one.done]
        if open_ and max(open_) >= day - LONG_OVER * DAY:
            found[person] = windows
    return found


def _counted(
    presence: Presence, person: Person, mentor: Person, windows: Sequence[Window], day: dt.date
) -> list[int]:  # fmt: skip
    """Minutes on shift together that count towards each step.

    Each day's minutes go to the open steps of that day by their last days: no other way counts more in sum.
    """
    counted = [0] * len(windows)
    order = sorted((k for k, one in enumerate(windows) if one.minutes), key=lambda k: windows[k].last)
    if not order:
        return counted
    first = max(day, min(windows[k].first for k in order))
    for date in days_between(first, max(windows[k].last for k in order)):
        left = minutes_of(shared(presence.on(person, date), presence.on(mentor, date)))
        for k in order:
            if windows[k].first <= date <= windows[k].last:
                used = min(left, windows[k].minutes - counted[k])
                counted[k], left = counted[k] + used, left - used
    return counted


def _step_row(person: Person, one: Window, mentor: Person | None, minutes: int, day: dt.date) -> tuple[object, ...]:
    state, reason = _state(one, mentor, minutes, day)
    with_ = mentor.staff if mentor is not None and one.step.needs_mentor and not one.done else ""
    return person.staff, one.step.step, one.first, one.last, with_, minutes / HOUR, one.minutes / HOUR, state, reason


def _state(one: Window, mentor: Person | None, minutes: int, day: dt.date) -> tuple[str, str]:
    if one.done:
        return DONE, "done"
    if one.last < day:
        return LATE, f"it was to be done until {one.last}"
    if one.step.needs_mentor and mentor is None:
        return NO_MENTOR, _NOBODY
    days = f"from {max(day, one.first)} to {one.last}"
    if minutes < one.minutes:
        lack = f"{_hours(minutes)} of {_hours(one.minutes)} hours {days} are on shift together"
        return SHORT, f"{lack} with {mentor.staff if mentor else 'nobody'}"
    if one.minutes and mentor is not None:
        return FITS, f"{_hours(minutes)} hours {days} with {mentor.staff}"
    return FITS, f"any day {days}"


def _summary(mentor: Person | None, minutes: int, needed: int) -> str:
    if mentor is None:
        return _NOBODY
    if not needed:
        return "no hours together are asked for"
    return f"{_hours(minutes)} of {_hours(needed)} hours needed are on shift together"


def _hours(minutes: int) -> str:
    return f"{minutes / HOUR:g}" if minutes % 6 == 0 else f"{minutes / HOUR:.2f}"
