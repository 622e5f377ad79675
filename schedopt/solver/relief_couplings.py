"""One coupling that gives, so that a request that was left out has a place: rooms, limits, series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from schedopt.models.couplings import DayGap, Limit, PoolCapacity
from schedopt.models.couplings.time import pool_usage
from schedopt.models.exceptions import SomeGroups
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule, place_at
from schedopt.solver.demand_words import count, words
from schedopt.solver.demands import Demand
from schedopt.solver.free import ProvidersTime
from schedopt.solver.relief import MOST_TRIED, Relief
from schedopt.solver.surroundings import Surroundings


def granted_by_couplings(around: Surroundings, time: ProvidersTime, request: int) -> Iterator[Relief]:
    """Places at which the provider is free and one coupling alone is in the way: rooms, limits, series."""
    problem, options = around.problem, around.problem.options
    rows = np.arange(int(problem.offset[request]), int(problem.offset[request + 1]))
    tried = 0
    for row in rows[np.argsort(options.cost[rows], kind="stable")].tolist():
        free = time.free_starts(row).tolist()
        for start in dict.fromkeys([*free[:1], *free[len(free) // 2 : len(free) // 2 + 1], *free[-1:]]):
            session = int(options.session[row])
            placed = place_at(problem.week, around.schedule, request, session, start)
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
    match coupling:
        case PoolCapacity():
            granted = _more_units(problem, placed, request)
        case Limit():
            granted = _one_more(problem, coupling, placed, request)
        case DayGap():
            granted = _other_days(problem, coupling, request)
        case _:
            return
    if granted is None:
        return
    what, changed = granted
    change, broken = Surroundings(changed, around.schedule).change(placed, [request])
    if not broken:
        yield Relief(name, what, changed, placed, session, start, change=change)


def _more_units(problem: Problem, placed: Schedule, request: int) -> tuple[str, Problem] | None:
    """One more unit of the one pool that is short, or the pool open while it is closed."""
    week = problem.week
    pools, steps = week.pools, range(int(week.steps.offset[request]), int(week.steps.offset[request + 1]))
    short = pool_usage(week, placed) > pools.available(week.calendar.num_cells)
    site = int(week.sessions.site[placed.session[request]])
    mine = {int(pools.at[site, kind]) for step in steps for kind in week.steps.needs[step]}
    scarce = [pool for pool in sorted(mine) if short[pool].any()]
    if len(scarce) != 1:
        return None
    pool, cell = scarce[0], int(np.flatnonzero(short[scarce[0]])[0])
    shut = (pools.closed[:, 0] == pool) & (pools.closed[:, 1] <= cell) & (cell < pools.closed[:, 2])
    if shut.any():
        row = int(np.flatnonzero(shut)[0])
        what = f"pool {pools.ids[pool]} open on {week.calendar.words(cell)}, when it is closed"
        return what, _with_pools(problem, closed=np.delete(pools.closed, row, axis=0))
    capacity = pools.capacity.copy()
    capacity[pool] += 1
    what = f"one more unit of pool {pools.ids[pool]} on {week.calendar.words(cell)}"
    return what, _with_pools(problem, capacity=capacity)


def _with_pools(problem: Problem, **columns: Any) -> Problem:
    week = problem.week
    return replace(problem, week=replace(week, pools=replace(week.pools, **columns)))


def _with_coupling(problem: Problem, old: object, new: Any) -> Problem:
    return replace(problem, couplings=tuple(new if c is old else c for c in problem.couplings))


def _one_more(problem: Problem, limit: Limit, placed: Schedule, request: int) -> tuple[str, Problem] | None:
    """One visit more than a limit allows."""
    week, visits = problem.week, placed.placed
    row, group = limit.groups(week, visits, placed.session[visits])
    groups, counts = np.unique(group, return_counts=True)
    mine = np.unique(group[visits[row] == request])
    over = [g for g, n in zip(groups.tolist(), counts.tolist(), strict=True) if n > limit.most(week, g) and g in mine]
    if len(over) != 1:
        return None
    most = count(limit.most(week, over[0]), "visit")
    what = f"one visit more than allowed: {limit.words(week, over[0])}, at most {most}"
    return what, _with_coupling(problem, limit, SomeGroups(limit, np.array(over), but=True))


def _other_days(problem: Problem, gaps: DayGap, request: int) -> tuple[str, Problem] | None:
    """Another distance in days between the request and one other."""
    pairs = np.flatnonzero((gaps.first == request) | (gaps.second == request))
    if len(pairs) != 1:
        return None
    kept = np.arange(len(gaps.first)) != pairs[0]
    columns = ("first", "second", "low", "high", "needs_first")
    others = DayGap(*(getattr(gaps, column)[kept] for column in columns))
    what = f"an exception to: {words(problem, Demand(gaps.name, int(pairs[0])))}"
    return what, _with_coupling(problem, gaps, others)
