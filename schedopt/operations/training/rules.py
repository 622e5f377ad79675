"""The rule that nobody is planned for a visit without the competences that it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.qualified import HOLDS, Qualified, fill_lacking
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.week import Week
from schedopt.models.tables import Role
from schedopt.operations.training.people import COMPETENCE, Held, Person, What, holdings_of, people_of, stretches
from schedopt.operations.training.staff_tables import Requirement


class Competent(Qualified):
    """Who gives a visit, or takes part in it, holds on the day every competence that is required, at its level."""

    name = "competence"
    source = "operations"
    reason = "somebody whom the visit needs does not hold a competence required on that day"
    relief = "the competence, on that day, of who gives the visit or takes part in it"


def training_rules(office: Office, week: Week) -> Iterator[Rule]:
    """The rule, where the office says what is required."""
    rows = [row for row in office.rows(Requirement) or () if row.planning]
    if not rows:
        return
    asked = list(dict.fromkeys((row.competence, row.level) for row in rows))
    held = _held(office, week.calendar, asked)
    roles = list(office.roles or ())
    shape = len(office.providers), week.calendar.num_days
    lacks = np.full((*shape, len(office.visit_types)), HOLDS, np.int64)
    in_role = np.full((*shape, len(roles)), HOLDS, np.int64)
    for row in rows:
        thing = asked.index((row.competence, row.level))
        concerned = held[thing] | ~_concerned(office, row)[:, None]
        fill_lacking(lacks, concerned, thing, _types(office, row))
        fill_lacking(in_role, concerned, thing, _roles(roles, row))
    things = tuple(name if level == 1 else f"{name} at level {level}" for name, level in asked)
    yield Competent(lacks, in_role, _kinds(roles, week), things)


def _held(office: Office, calendar: Calendar, asked: Sequence[tuple[str, int]]) -> Flags:
    """Which provider holds what is asked for, on which day planned."""
    held = np.zeros((len(asked), len(office.providers), calendar.num_days), bool)
    code = {row.provider: number for number, row in enumerate(office.providers)}
    holdings, people = holdings_of(office), people_of(office)
    for person in (one for one in people if one.provider is not None):
        mine: Mapping[What, Sequence[Held]] = holdings.get(person.staff, {})
        for thing, (name, level) in enumerate(asked):
            for first, last in stretches(mine.get(What(COMPETENCE, name), ()), level):
                begin, end = max(0, calendar.day(first)), calendar.day(last)
                if end >= begin:
                    held[thing, code[str(person.provider)], begin : end + 1] = True
    return held


def _concerned(office: Office, row: Requirement) -> Flags:
    """Whose visits a requirement is about: of a role or duty, those who have it; of a visit type, everybody's."""
    if row.visit_type is not None:
        return np.ones(len(office.providers), bool)
    people: dict[str | None, Person] = {person.provider: person for person in people_of(office)}
    who = [people[provider.provider] for provider in office.providers]
    return np.array([row.role == one.role if row.duty is None else row.duty in one.duties for one in who], bool)


def _types(office: Office, row: Requirement) -> list[int]:
    """Visit types for whose own providers a requirement holds."""
    names = [kind.visit_type for kind in office.visit_types]
    if row.visit_role is not None:
        return []
    return [number for number, name in enumerate(names) if row.visit_type in (None, name)]


def _roles(roles: Sequence[Role], row: Requirement) -> list[int]:
    """Rows of roles.csv for whose fillers a requirement holds."""
    if row.visit_type is None:
        return list(range(len(roles)))
    return [k for k, one in enumerate(roles) if (one.visit_type, one.role) == (row.visit_type, row.visit_role)]


def _kinds(roles: Sequence[Role], week: Week) -> Ints:
    """The row of roles.csv of each role of the week's requests."""
    of_type = {
        name: [k for k, one in enumerate(roles) if one.visit_type == name] for name in week.requests.visit_type_ids
    }
    types = week.requests.visit_type[week.roles.request].tolist()
    names = week.requests.visit_type_ids
    found = [of_type[names[kind]][number] for kind, number in zip(types, week.roles.number.tolist(), strict=True)]
    return np.array(found, np.int64)
