"""Who takes part in visits beside their own providers: from the table of roles to columns, and what they ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.office import Office
from schedopt.models.problem.couplings import Coupling, TakingPart
from schedopt.models.problem.holds import role_starts
from schedopt.models.problem.options import Options
from schedopt.models.problem.roles import Roles, no_roles
from schedopt.models.problem.rules import Confines, Forbids, Rule
from schedopt.models.problem.spans import ALWAYS
from schedopt.models.problem.week import Requests, Steps, Week
from schedopt.models.tables import Role


def make_roles(office: Office, requests: Requests, steps: Steps) -> Roles:
    """The roles of all requests, those of one request in the order of the table."""
    of_type: dict[str, list[Role]] = defaultdict(list)
    for row in office.roles or ():
        of_type[row.visit_type].append(row)
    if not of_type:
        return no_roles()
    orders: dict[str, list[int]] = defaultdict(lambda: [0])
    for step in office.steps or ():
        orders[step.visit_type].append(step.order)
    found = [
        (request, number, int(steps.offset[request]) + sorted(orders[row.visit_type]).index(row.order), row.providers)
        for request, code in enumerate(requests.visit_type.tolist())
        for number, row in enumerate(of_type.get(requests.visit_type_ids[code], ()))
    ]
    request_of, number_of, step_of = (np.array([way[k] for way in found], np.int64) for k in range(3))
    may_fill = [[provider.provider in way[3] for provider in office.providers] for way in found]
    shape = len(found), len(office.providers)
    return Roles(request_of, number_of, step_of, np.array(may_fill, bool).reshape(shape))


@dataclass(frozen=True)
class RolesFilled(Forbids):
    """Everybody whom a visit needs beside its own provider has a session at its site on its day, each another one."""

    name = "roles_filled"
    source = "rosters"
    reason = "nobody who may take part in the visit has a session at the site on that day"
    relief = "a session, at the site on that day, of somebody who may take part"

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up, for each role of the request, who fills it."""
        roles, sessions = week.roles, week.sessions
        role = week.role_of[options.request]
        filled, place = options.others >= 0, sessions.day * len(sessions.site_ids) + sessions.site
        here = np.where(filled, place[options.others] == place[options.session][:, None], False)
        provider = sessions.provider[options.others]
        fits = (role >= 0) & here & roles.may_fill[role, provider]
        people = np.column_stack([sessions.provider[options.session], np.where(filled, provider, -1)])
        people.sort(axis=1)
        twice = (people[:, 1:] == people[:, :-1]) & (people[:, 1:] >= 0)
        allowed: Flags = (fits | ((role < 0) & ~filled)).all(axis=1) & ~twice.any(axis=1)
        return allowed


@dataclass(frozen=True)
class RoleHours(Confines):
    """Steps lie within the hours, overtime included, of those who take part in them.

    Where a step may wait for the provider step or follow it later, that it can is all that is asked here; the rest is
    :class:`~schedopt.models.problem.couplings.TakingPart`.
    """

    name = "role_hours"
    source = "rosters"
    reason = "the visit does not fit into the hours of somebody who takes part in it"

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """One span an option."""
        first, last = np.full(len(options), ALWAYS[0]), np.full(len(options), ALWAYS[1])
        row, role, begin, end = role_starts(week, options.placements)
        soonest, latest = week.role_distance
        np.maximum.at(first, row, begin - latest[role])
        np.minimum.at(last, row, end - soonest[role])
        return np.arange(len(options)), first, last


def role_rules() -> Iterator[Rule]:
    """Rules about who takes part."""
    yield RolesFilled()
    yield RoleHours()


def role_couplings(week: Week) -> Iterator[Coupling]:
    """What can be said of the steps alone: where somebody takes part in another step than the provider step."""
    if (week.roles.step != week.steps.provider_step[week.roles.request]).any():
        yield TakingPart()
