"""Who looks after whom: mentors are assigned so that as many of the hours needed as can be are shared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from schedopt.models.office import Office
from schedopt.operations.training.learning_tables import Mentor
from schedopt.operations.training.people import Person, by_id, people_of


class Mentee(NamedTuple):
    """Somebody who needs a mentor, and from when to when."""

    person: Person
    first: dt.date
    last: dt.date


class Guide(NamedTuple):
    """Somebody who looks after others: how many at once, and of which roles."""

    person: Person
    most: int
    roles: tuple[str, ...]

    def takes(self, mentee: Person) -> bool:
        """Whether he or she may look after somebody."""
        return mentee.staff != self.person.staff and mentee.role in (self.roles or (self.person.role,))


def mentors_of(office: Office) -> list[Guide]:
    """Those who look after others, in the order of their table."""
    person = by_id(people_of(office))
    rows = office.rows(Mentor) or ()
    return [Guide(person[row.staff], row.most, row.roles) for row in rows]


def assign(
    mentees: Sequence[Mentee], mentors: Sequence[Guide], worth: Mapping[tuple[str, str], int]
) -> dict[str, Person]:  # fmt: skip
    """Who looks after whom: the greatest sum of minutes that count, and of such choices one with most mentors given.

    Parameters
    ----------
    mentees : sequence of Mentee
        Who needs a mentor.
    mentors : sequence of Guide
        Who can be one.
    worth : mapping
        Minutes that count, by ids of mentee and mentor.

    Returns
    -------
    dict of str to Person
        The mentor of each mentee who has one, by the mentee's id.
    """
    pairs = [
        (m, g) for m, mentee in enumerate(mentees) for g, guide in enumerate(mentors)
        if guide.takes(mentee.person) and guide.person.works_on(mentee.first)
    ]  # fmt: skip
    if not pairs:
        return {}
    value = np.array([worth[mentees[m].person.staff, mentors[g].person.staff] for m, g in pairs], float)
    gain = value * (len(mentees) + 1) + 1
    rows, most = [[float(m == mentee) for m, _ in pairs] for mentee in range(len(mentees))], [1.0] * len(mentees)
    for number, guide in enumerate(mentors):
        for begin in sorted({one.first for one in mentees}):
            rows.append([float(g == number and mentees[m].first <= begin <= mentees[m].last) for m, g in pairs])
            most.append(float(guide.most))
    found = milp(
        -gain, integrality=np.ones(len(pairs)), bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), ub=np.array(most)), options={"mip_rel_gap": 0},
    )  # fmt: skip
    chosen = [pair for pair, used in zip(pairs, found.x, strict=True) if used > 0.5]
    return {mentees[m].person.staff: mentors[g].person for m, g in chosen}
