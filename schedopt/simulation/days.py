"""From a plan to the days that are played one by one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.holds import filled, leaders
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week
from schedopt.simulation.state import Day


@dataclass(frozen=True)
class DayPart:
    """A day of sites that share providers or patients.

    Attributes
    ----------
    day : Day
        As planned.
    visits : int array, shape (visits of the day,)
        Positions among the placed visits.
    steps : int array, shape (steps of the day,)
        Positions among the steps of the placed visits.
    sessions : int array, shape (sessions of the day,)
        Codes.
    """

    day: Day
    visits: Ints
    steps: Ints
    sessions: Ints


def parts_of(plan: Plan) -> list[DayPart]:
    """A plan's days, each cut into parts that have nothing to do with one another."""
    week, schedule = plan.problem.week, plan.assignment
    placed = schedule.placed
    group = _groups(week, placed, schedule.session[placed])
    first, _ = schedule.span(week)
    counts = np.diff(week.steps.offset)[placed]
    offset = np.cumsum(counts) - counts
    found = []
    for number in range(int(group.max(initial=-1)) + 1):
        sessions = np.flatnonzero(group == number)
        visits = np.flatnonzero(group[schedule.session[placed]] == number)
        visits = visits[np.lexsort((schedule.start(week)[placed[visits]], first[placed[visits]]))]
        steps = _ranges(offset[visits], counts[visits])
        found.append(DayPart(_day(plan, placed[visits], sessions), visits, steps, sessions))
    return found


def _ranges(first: Ints, counts: Ints) -> Ints:
    """``first[i]`` to ``first[i] + counts[i] - 1``, one stretch after another."""
    before = np.cumsum(counts) - counts
    places: Ints = np.arange(int(counts.sum())) + np.repeat(first - before, counts)
    return places


def _groups(week: Week, placed: Ints, session: Ints) -> Ints:
    """Number of the part that each session belongs to; one that shares a site, provider or patient that day."""
    sessions, days = week.sessions, week.calendar.num_days
    everybody = np.arange(len(sessions))
    one = np.concatenate([everybody, everybody, session])
    sites, providers = len(sessions.site_ids), len(sessions.provider_ids)
    other = np.concatenate(
        [sessions.site, sites + sessions.provider, sites + providers + week.requests.patient[placed]]
    )
    node = len(sessions) + other * days + np.concatenate([sessions.day, sessions.day, sessions.day[session]])
    size = len(sessions) + (sites + providers + len(week.requests.patient_ids)) * days
    links = coo_array((np.ones(len(one)), (one, node)), shape=(size, size))
    _, label = connected_components(links, directed=False)
    _, group = np.unique(label[: len(sessions)], return_inverse=True)
    return np.asarray(group, np.int64)


def _day(plan: Plan, requests: Ints, sessions: Ints) -> Day:
    """What is planned, codes counted within the day."""
    week, schedule = plan.problem.week, plan.assignment
    counts = np.diff(week.steps.offset)[requests]
    steps = _ranges(week.steps.offset[requests], counts)
    step_offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    session = np.searchsorted(sessions, schedule.session[requests])
    pools, need_offset, need = _needs(week, schedule, steps, sessions)
    providers, provider = np.unique(week.sessions.provider[sessions], return_inverse=True)
    start = _minutes(week, schedule.start(week)[requests])
    places = np.full(len(week.requests), -1, np.int64)
    places[requests] = np.arange(len(requests))
    return Day(
        step_offset, _minutes(week, schedule.step_start[steps]),
        week.steps.provider_step[requests] - week.steps.offset[requests] + step_offset[:-1],
        need_offset, need, session.astype(np.int64), _previous(week.requests.patient[requests]),
        _minutes(week, week.requests.buffer_before[requests]), _minutes(week, week.requests.buffer_after[requests]),
        provider.astype(np.int64), _hours(week, sessions, session, start),
        np.concatenate([[0], np.cumsum(week.pools.capacity[pools])]).astype(np.int64),
        _minutes(week, week.pools.turnover[pools]), _closed(week, pools, int(week.sessions.day[sessions[0]])),
        len(providers), places[leaders(week, schedule)[requests]],
    )  # fmt: skip


def _minutes(week: Week, cells: Ints) -> Floats:
    return np.asarray(cells * week.calendar.grid, float)


def _previous(patient: Ints) -> Ints:
    """The visit before of the same patient, or -1; visits are in the order of their first step."""
    order = np.argsort(patient, kind="stable")
    before = np.full(len(patient), -1, np.int64)
    again = patient[order[1:]] == patient[order[:-1]]
    before[order[1:][again]] = order[:-1][again]
    return before


def _needs(week: Week, schedule: Schedule, steps: Ints, sessions: Ints) -> tuple[Ints, Ints, Ints]:
    """Pools in use, and what each step needs of them and of those who take part; see :attr:`Day.need`.

    Kinds that a site does not have are passed over.
    """
    place = np.full(len(week.steps), -1, np.int64)
    place[steps] = np.arange(len(steps))
    own = place[week.steps.need_step]
    asked = np.flatnonzero(own >= 0)
    site = week.sessions.site[schedule.session[week.steps.request[steps[own[asked]]]]]
    kind = week.steps.need_kind[asked]
    pool = week.pools.at[site, kind] if week.pools.at.size else np.full(len(asked), -1)
    step, pool = own[asked][pool >= 0], pool[pool >= 0]
    pools, need = np.unique(pool, return_inverse=True)
    _, role, session = filled(week, schedule.placements)
    who, here = place[week.roles.step[role]], np.isin(session, sessions)
    step = np.concatenate([step, who[here]])
    order = np.argsort(step, kind="stable")
    need = np.concatenate([need, -1 - np.searchsorted(sessions, session[here])])[order]
    need_offset = np.searchsorted(step[order], np.arange(len(steps) + 1))
    return pools.astype(np.int64), need_offset.astype(np.int64), need.astype(np.int64)


def _hours(week: Week, sessions: Ints, session: Ints, start: Floats) -> Floats:
    """Start, end, start of the provider's next session and start of the last visit; shape (sessions, 4)."""
    opens, closes = _minutes(week, week.sessions.start[sessions]), _minutes(week, week.sessions.end[sessions])
    provider = week.sessions.provider[sessions]
    later = np.where((provider[:, None] == provider) & (opens[:, None] < opens), opens, np.inf)
    last = opens.copy()
    np.maximum.at(last, session, start)
    return np.column_stack([opens, closes, later.min(axis=1), np.minimum(last, closes)])


def _closed(week: Week, pools: Ints, day: int) -> Floats:
    """Closures of some pools on a day: pool, from, until, units; one that ends with the day does not end."""
    grid, cells = float(week.calendar.grid), week.calendar.cells_per_day
    there = week.pools.available((day + 1) * cells)[pools, day * cells :]
    gone = week.pools.capacity[pools, None] - there
    rows = [
        (place, (day * cells + first) * grid, (day * cells + last) * grid if last < cells else np.inf, units)
        for place, level in enumerate(gone)
        for first, last, units in _runs(level)
        if units
    ]
    return np.array(rows, float).reshape(-1, 4)


def _runs(level: Ints) -> list[tuple[int, int, int]]:
    """Stretches of equal level: first cell, cell after the last, level."""
    edges = [0, *(np.flatnonzero(np.diff(level)) + 1).tolist(), len(level)]
    return [(first, last, int(level[first])) for first, last in pairwise(edges)]
