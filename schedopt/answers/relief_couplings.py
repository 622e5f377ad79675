"""One coupling that gives, so that a request that was left out has a place: rooms, limits, series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from schedopt.answers.free import ProvidersTime
from schedopt.answers.relief import MOST_TRIED, Relief
from schedopt.answers.surroundings import Surroundings
from schedopt.models.problem.couplings import Coupling, DayGap, PatientTime, PoolCapacity, ProviderTime, StepOrder
from schedopt.models.problem.couplings.pools import pool_usage
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule

IMPOSSIBLE = (ProviderTime, PatientTime, StepOrder)
"""What nobody can make an exception to."""


def granted_by_couplings(around: Surroundings, time: ProvidersTime, request: int) -> Iterator[Relief]:
    """Places at which the provider is free and one coupling alone is in the way: rooms, limits, series."""
    problem, options = around.problem, around.problem.options
    rows = np.arange(int(problem.offset[request]), int(problem.offset[request + 1]))
    tried = 0
    for row in rows[np.argsort(options.cost[rows], kind="stable")].tolist():
        free = time.free_starts(row).tolist()
        for start in dict.fromkeys([*free[:1], *free[len(free) // 2 : len(free) // 2 + 1], *free[-1:]]):
            session = int(options.session[row])
            placed = options.place(problem.week, around.schedule, row, start)
            _, broken = around.change(placed, [request])
            tried += 1
            if len({rule for _, rule, _ in broken}) == 1:
                yield from _granted(around, placed, request, broken[0][1], session, start)
        if tried >= 2 * MOST_TRIED:
            return


def _granted(
    around: Surroundings, placed: Schedule, request: int, name: str, session: int, start: int
) -> Iterator[Relief]:
    """The change with which a coupling no longer forbids a place, if there is a small one."""
    problem = around.problem
    coupling = next((c for c in problem.couplings if c.name == name), None)
    if coupling is None or isinstance(coupling, IMPOSSIBLE):
        return
    if isinstance(coupling, PoolCapacity):
        granted = _more_units(problem, placed, request)
    else:
        granted = _exceptions(problem, coupling, placed, request)
    for what, changed in granted:
        change, broken = Surroundings(changed, around.schedule).change(placed, [request])
        if not broken:
            yield Relief(name, what, changed, placed, session, start, change=change)
            return


def _more_units(problem: Problem, placed: Schedule, request: int) -> Iterator[tuple[str, Problem]]:
    """One more unit of the one pool that is short, or the pool open while it is closed."""
    week = problem.week
    pools, steps = week.pools, range(int(week.steps.offset[request]), int(week.steps.offset[request + 1]))
    short = pool_usage(week, placed) > pools.available(week.calendar.num_cells)
    site = int(week.sessions.site[placed.session[request]])
    mine = {int(pools.at[site, kind]) for step in steps for kind in week.steps.needs[step]}
    scarce = [pool for pool in sorted(mine) if short[pool].any()]
    if len(scarce) != 1:
        return
    pool, cell = scarce[0], int(np.flatnonzero(short[scarce[0]])[0])
    shut = (pools.closed[:, 0] == pool) & (pools.closed[:, 1] <= cell) & (cell < pools.closed[:, 2])
    if shut.any():
        row = int(np.flatnonzero(shut)[0])
        what = f"pool {pools.ids[pool]} open on {week.calendar.words(cell)}, when it is closed"
        yield what, _with_pools(problem, closed=np.delete(pools.closed, row, axis=0))
        return
    capacity = pools.capacity.copy()
    capacity[pool] += 1
    what = f"one more unit of pool {pools.ids[pool]} on {week.calendar.words(cell)}"
    yield what, _with_pools(problem, capacity=capacity)


def _with_pools(problem: Problem, **columns: Any) -> Problem:
    week = problem.week
    return replace(problem, week=replace(week, pools=replace(week.pools, **columns)))


def _exceptions(
    problem: Problem, coupling: Coupling, placed: Schedule, request: int
) -> Iterator[tuple[str, Problem]]:  # fmt: skip
    """The coupling without one of the groups that it ties the request's visit into."""
    week, mine = problem.week, placed.placements.take(np.array([request]))
    for group in np.unique(coupling.ties(week, mine)[1]).tolist():
        if isinstance(coupling, DayGap) and coupling.needs_first[group]:
            continue  # a series gives way as a whole: see relief_series
        rest = coupling.only(week, np.array([group]), but=True)
        if rest is not None:
            couplings = tuple(rest if c is coupling else c for c in problem.couplings)
            yield f"an exception to: {coupling.words(week, group)}", replace(problem, couplings=couplings)
