"""The matrix of competences: who holds what on a day, what is required, and what ends when."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import pandas as pd

from schedopt.models.office import Office
from schedopt.operations.training.learning_tables import Course
from schedopt.operations.training.people import (
    COMPETENCE,
    LAST,
    Held,
    Person,
    What,
    holdings_of,
    level_on,
    people_of,
    stretches,
)
from schedopt.operations.training.required import Need, needs_of

OK, BELOW, EXPIRES, EXPIRED, MISSING = "ok", "below level", "expires", "expired", "missing"
"""States of a cell of the matrix."""
WITHIN = 60
"""Days ahead in which what ends is told, where nobody says another number."""

_COLUMNS = {
    "staff": "str", "role": "str", "what": "str", "kind": "str", "level": "int64", "required": "int64",
    "state": "str", "days": "Int64", "until": "object", "by": "str", "planning": "bool", "reason": "str",
}  # fmt: skip
_EXPIRIES = {
    "staff": "str", "what": "str", "kind": "str", "until": "object", "required": "str", "course": "str",
}  # fmt: skip


class Lapse(NamedTuple):
    """The last day of a stretch in which somebody holds something.

    Attributes
    ----------
    person : Person
        Who.
    what : What
        Kind and id.
    level : int
        The level that ends: the one required, or the one held.
    until : datetime.date
        The last day.
    need : Need or None
        Why it is required; None: it is not.
    """

    person: Person
    what: What
    level: int
    until: dt.date
    need: Need | None


def competence_matrix(office: Office, day: dt.date, within: int = WITHIN) -> pd.DataFrame:
    """What everybody who works on a day holds, and must hold.

    Parameters
    ----------
    office : Office
        As read.
    day : datetime.date
        The day.
    within : int
        Days ahead in which what ends is told.

    Returns
    -------
    pandas.DataFrame
        One row for each person and each competence or credential that he or she holds or must hold: ``staff``,
        ``role``, ``what`` (ids), ``kind`` (``competence`` or ``credential``), ``level`` (held on the day, 0 for none),
        ``required`` (lowest level that will do, 0 where it is not required), ``state`` (``ok``, ``below level``,
        ``expires``, ``expired`` or ``missing``), ``days`` (from the day to the last one, where it expires or has
        expired), ``until`` (datetime.date: the last day on which the level required, or the one held, is held without a
        gap; None: never held, or for good), ``by`` (words: what requires it), ``planning`` (whether visits are refused
        without it), ``reason`` (words). A credential that is a competence too has a row of its own only where the two
        stand differently.
    """
    holdings, needs, rows = holdings_of(office), needs_of(office), []
    for person in (one for one in people_of(office) if one.works_on(day)):
        mine, wanted = holdings.get(person.staff, {}), {need.what: need for need in needs[person.staff]}
        for what in dict.fromkeys([*wanted, *mine]):
            rows.append(_cell(person, what, mine.get(what, ()), wanted.get(what), day, within))
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    frame = frame.sort_values(["staff", "kind", "what"], kind="stable", ignore_index=True)
    return frame[~frame.duplicated(["staff", "what", "state", "until"])].reset_index(drop=True)


def _cell(
    person: Person, what: What, held: tuple[Held, ...], need: Need | None, day: dt.date, within: int
) -> tuple[object, ...]:  # fmt: skip
    level, required = level_on(held, day), 0 if need is None else need.level
    spans = stretches(held, max(1, required))
    current = next((last for first, last in spans if first <= day <= last), None)
    past = max((last for _, last in spans if last < day), default=None)
    until = past if current is None else None if current == LAST else current
    state = _state(level, required, current, past, day, within)
    days = None if until is None or state not in (EXPIRES, EXPIRED) else (until - day).days
    by, planning = ("", False) if need is None else ("; ".join(need.by), need.planning)
    said = _reason(state, level, required, until, days, by)
    return person.staff, person.role, what.id, what.kind, level, required, state, days, until, by, planning, said


def _state(
    level: int, required: int, current: dt.date | None, past: dt.date | None, day: dt.date, within: int
) -> str:  # fmt: skip
    if current is not None:
        return EXPIRES if current != LAST and (current - day).days <= within else OK
    if past is not None:
        return EXPIRED
    if level:
        return BELOW
    return MISSING if required else OK


def _reason(state: str, level: int, required: int, until: dt.date | None, days: int | None, by: str) -> str:
    for_ = f", required by {by}" if by else ""
    if state == OK:
        return (
            f"held at level {level} {'for good' if until is None else f'until {until}'}{for_}"
            if level
            else "not yet held"
        )
    if state == BELOW:
        return f"held at level {level}, level {required} is required by {by}"
    if state == EXPIRES:
        return f"ends on {until}, in {days} days{for_}"
    if state == EXPIRED:
        below = f"; held at level {level} still" if level else ""
        return f"ended on {until}, {-(days or 0)} days ago{for_}{below}"
    return f"not held{for_}"


def lapses(office: Office, first_day: dt.date, last_day: dt.date) -> list[Lapse]:
    """Whatever ends in some days without being held the day after, by last day, what is required first.

    Of what is required, the end is that of the level required; of anything else, that of each level held which no
    higher or equal one outlasts.
    """
    holdings, needs, found = holdings_of(office), needs_of(office), list[Lapse]()
    for person in people_of(office):
        wanted = {need.what: need for need in needs[person.staff]}
        for what, held in holdings.get(person.staff, {}).items():
            need = wanted.get(what)
            levels = {one.level for one in held} if need is None else {need.level}
            ends = {until: level for level in sorted(levels) for _, until in stretches(held, level)}
            found.extend(
                Lapse(person, what, level, until, need)
                for until, level in ends.items()
                if first_day <= until <= last_day and until < LAST and person.works_on(until)
            )
    alike = {(one.person, one.what.id, one.until) for one in found if one.what.kind == COMPETENCE}
    own = [one for one in found if one.what.kind == COMPETENCE or (one.person, one.what.id, one.until) not in alike]
    return sorted(own, key=lambda one: (one.until, one.need is None, one.person.staff, one.what))


def expiries(office: Office, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
    """Whatever of competences and credentials ends in some days, and in which course it can be gained anew.

    Parameters
    ----------
    office : Office
        As read.
    first_day, last_day : datetime.date
        The days.

    Returns
    -------
    pandas.DataFrame
        By last day: ``staff``, ``what`` (ids), ``kind`` (``competence`` or ``credential``), ``until`` (datetime.date,
        the last day on which it is held), ``required`` (words: by what; empty: it is not), ``course`` (ids of courses
        that give it, separated by ``;``; empty: none does).
    """
    courses = office.rows(Course) or ()
    rows = [
        (one.person.staff, one.what.id, one.what.kind, one.until, "" if one.need is None else "; ".join(one.need.by),
         "; ".join(row.course for row in courses if gives(row, one.what, one.level)))
        for one in lapses(office, first_day, last_day)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(_EXPIRIES)).astype(_EXPIRIES)


def gives(course: Course, what: What, level: int) -> bool:
    """Whether who attends a course gains something at a level; a credential is the competence of its name."""
    return course.competence == what.id and course.level >= (level if what.kind == COMPETENCE else 1)
