"""Who should attend a course, and by when."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from schedopt.models.office import Office
from schedopt.operations.training.matrix import BELOW, EXPIRED, MISSING, competence_matrix, lapses
from schedopt.operations.training.people import DAY, Person, What, by_id, people_of


class Wanted(NamedTuple):
    """Somebody who should attend a course.

    Attributes
    ----------
    person : Person
        Who.
    what : What
        What ends or lacks.
    level : int
        The level to gain.
    until : datetime.date or None
        The last day on which it is held; None: it never was.
    due : datetime.date
        The last day on which a course is in time; the day before those looked at, where it is too late already.
    required : bool
        Whether it is required.
    """

    person: Person
    what: What
    level: int
    until: dt.date | None
    due: dt.date
    required: bool

    @property
    def order(self) -> tuple[object, ...]:
        """What ends first comes first, and what is required before what is not."""
        return self.due, not self.required, self.person.staff, self.what


def wanted_of(office: Office, first: dt.date, last: dt.date) -> list[Wanted]:
    """Whatever ends in some days, and what is required and not held on the first of them, in order.

    Parameters
    ----------
    office : Office
        As read.
    first, last : datetime.date
        The days.
    """
    person, found = by_id(people_of(office)), list[Wanted]()
    for row in competence_matrix(office, first, 0).to_dict("records"):
        if row["required"] and row["state"] in (MISSING, EXPIRED, BELOW):
            what = What(row["kind"], row["what"])
            found.append(Wanted(person[row["staff"]], what, row["required"], row["until"], first - DAY, True))
    there = {(one.person.staff, one.what) for one in found}
    found += [
        Wanted(one.person, one.what, one.level, one.until, one.until, one.need is not None)
        for one in lapses(office, first, last)
        if (one.person.staff, one.what) not in there
    ]
    return sorted(found, key=lambda one: one.order)
