"""What would have to give for a request that was left out: small changes with which it has a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from schedopt.models.check import check
from schedopt.models.couplings import DayGap, Limit, PoolCapacity
from schedopt.models.couplings.time import pool_usage
from schedopt.models.exceptions import PartialProblem, SomeGroups, set_aside
from schedopt.models.options import Options
from schedopt.models.problem import Problem
from schedopt.models.rules import Confines, Forbids, Rule
from schedopt.models.schedule import Schedule, place_at
from schedopt.models.week import Ints
from schedopt.solver.demand_words import count, words
from schedopt.solver.demands import HOURS, PROMISED_TIME, Demand
from schedopt.solver.free import ProvidersTime
from schedopt.solver.surroundings import Surroundings, last_ends, new_breaches

COLUMNS = ["kind", "what", "request", "session", "start", "change", "verified"]
MOST_TRIED = 12
"""Places of one kind that are tried out."""
MOST_TOLD = 3
"""Changes of one kind that are told."""


@dataclass(frozen=True)
class Relief:
    """A change with which a request has a place.

    Attributes
    ----------
    kind : str
        ``move``, ``overtime``, ``longer_session``, or the name of the rule that gives.
    what : str
        In words.
    problem : Problem
        The week with the change; the same where only visits move.
    schedule : Schedule
        With the request placed.
    session, start : int
        Where: code and cell.
    moved : int
        Code of another request that moves, or -1.
    change : int
        Points that the cost would change by.
    verified : bool
        The check finds nothing broken that was whole before.
    """

    kind: str
    what: str
    problem: Problem
    schedule: Schedule
    session: int
    start: int
    moved: int = -1
    change: int = 0
    verified: bool = False


def reliefs(problem: Problem, schedule: Schedule, request: int) -> list[Relief]:
    """Changes with which a request that is left out has a place, cheapest first, each verified by a check.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Leaves the request out.
    request : int
        Its code.
    """
    if problem.week.requests.fixed[request]:
        return []  # what contradicts a promise, conflict() says
    around, time = Surroundings(problem, schedule), ProvidersTime(problem, schedule)
    found = [
        *_moves(around, time, request),
        *_longer(around, request),
        *_without_a_rule(around, request),
        *_couplings(around, time, request),
    ]
    before = check(problem, schedule)
    told = []
    for kind in dict.fromkeys(relief.kind for relief in found):
        best = sorted((r for r in found if r.kind == kind), key=lambda r: r.change)[:MOST_TOLD]
        for relief in best:
            after = check(relief.problem, relief.schedule)
            if not new_breaches(before, after):
                told.append(replace(relief, change=after.cost - before.cost, verified=True))
    return sorted(told, key=lambda relief: relief.change)


def table(problem: Problem, found: Sequence[Relief]) -> pd.DataFrame:
    """Changes as rows: see :class:`~schedopt.solver.explain.Explanation`."""
    week = problem.week
    rows = [
        (r.kind, r.what, week.requests.ids[r.moved] if r.moved >= 0 else "", week.sessions.ids[r.session],
         week.calendar.words(r.start), r.change, r.verified)
        for r in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def opened(problem: Problem, request: int) -> dict[str, int]:
    """For each rule, the sessions that would be open to a request if that rule alone were set aside for it."""
    here = _sessions(problem, request)
    return {
        rule.name: len(np.setdiff1d(waived.options.session, here))
        for rule, waived in _waived(problem, request)
    }  # fmt: skip


def _sessions(problem: Problem, request: int) -> Ints:
    rows = slice(int(problem.offset[request]), int(problem.offset[request + 1]))
    return np.unique(problem.options.session[rows])


def _waived(problem: Problem, request: int) -> Iterator[tuple[Rule, PartialProblem]]:
    """For each rule that can be set aside, the week in which it is, for one request."""
    one = np.array([request])
    for number, rule in enumerate(problem.rules):
        if isinstance(rule, (Forbids, Confines)) and rule.name not in (HOURS, PROMISED_TIME):
            rules = (*problem.rules[:number], set_aside(rule, one, problem.week), *problem.rules[number + 1 :])
            yield rule, _with_rules(problem, rules, request)


def _with_rules(problem: Problem, rules: tuple[Rule, ...], request: int) -> PartialProblem:
    return PartialProblem(problem.week, rules, problem.couplings, barred=problem.barred, only=(request,))


def _tried(
    around: Surroundings, problem: Problem, request: int, session: int, start: int
) -> tuple[Schedule, int, list[tuple[str, str, str]]]:
    """The schedule with the request at a place; what that changes and breaks."""
    placed = place_at(problem.week, around.schedule, request, session, start)
    here = around if problem is around.problem else Surroundings(problem, around.schedule)
    return placed, *here.change(placed, [request])


# ---- one rule about the visit alone


def _without_a_rule(around: Surroundings, request: int) -> Iterator[Relief]:
    """The best place that opens where one rule is set aside."""
    problem, schedule = around.problem, around.schedule
    for rule, waived in _waived(problem, request):
        options, time, tried = waived.options, ProvidersTime(waived, schedule), 0
        for row in np.argsort(options.cost, kind="stable").tolist():
            session = int(options.session[row])
            starts = [s for s in time.free_starts(row).tolist() if not _is_open(problem, request, session, s)]
            if not starts:
                continue
            placed, change, broken = _tried(around, waived, request, session, starts[0])
            if not broken:
                what = rule.relief or f"an exception, although {rule.reason}"
                yield Relief(rule.name, what, waived, placed, session, starts[0], change=change)
                break
            tried += 1
            if tried == MOST_TRIED // 2:
                break


def _is_open(problem: Problem, request: int, session: int, start: int) -> bool:
    """Whether an option of the problem as it is allows the start."""
    rows = slice(int(problem.offset[request]), int(problem.offset[request + 1]))
    options: Options = problem.options
    inside = (options.earliest[rows] <= start) & (start <= options.latest[rows])
    return bool((inside & (options.session[rows] == session)).any())


# ---- longer sessions


def _longer(around: Surroundings, request: int) -> Iterator[Relief]:
    """The request after the last visit of a session, which goes on for longer."""
    problem, week = around.problem, around.problem.week
    one, ends = np.array([request]), last_ends(problem, around.schedule)
    rules = tuple(set_aside(rule, one, week) if rule.name == HOURS else rule for rule in problem.rules)
    options, tried = _with_rules(problem, rules, request).options, 0
    before, hold = int(week.requests.buffer_before[request]), int(week.requests.hold[request])
    for row in np.argsort(options.cost, kind="stable").tolist():
        session = int(options.session[row])
        start = max(int(ends[session]) + before, int(options.earliest[row]))
        over = start - before + hold - int(week.sessions.end[session] + week.sessions.overtime[session])
        late = start >= week.sessions.end[session]
        if start > options.latest[row] or not (late or 0 < over <= hold):
            continue
        longer = _lengthened(problem, session, start - before + hold, late=late)
        if longer is None:
            continue
        placed, change, broken = _tried(around, longer, request, session, start)
        if not broken:
            what = _longer_words(problem, session, start - before + hold, late=late)
            kind = "longer_session" if late else "overtime"
            yield Relief(kind, what, longer, placed, session, start, change=change)
        tried += 1
        if tried == MOST_TRIED:
            return


def _lengthened(problem: Problem, session: int, end: int, *, late: bool) -> Problem | None:
    """The problem with a session that ends at a cell, or may run over until then; None: its provider is busy."""
    week, sessions = problem.week, problem.week.sessions
    same = (sessions.provider == sessions.provider[session]) & (sessions.start >= sessions.end[session])
    wall = (int(sessions.day[session]) + 1) * week.calendar.cells_per_day
    wall = min([wall, *sessions.start[same].tolist()])
    if end > wall:
        return None
    ends, overtime = sessions.end.copy(), sessions.overtime.copy()
    if late:
        ends[session] = end
        overtime[session] = min(int(overtime[session]), wall - end)
    else:
        overtime[session] = end - sessions.end[session]
    return replace(problem, week=replace(week, sessions=replace(sessions, end=ends, overtime=overtime)))


def _longer_words(problem: Problem, session: int, end: int, *, late: bool) -> str:
    sessions, calendar = problem.week.sessions, problem.calendar
    name, until = sessions.provider_ids[int(sessions.provider[session])], calendar.clock(end, end=True)
    closes = int(sessions.end[session])
    day = calendar.words(closes - 1).rsplit(" ", 1)[0]
    if late:
        minutes = count((end - closes) * calendar.grid, "minute")
        return f"{minutes} more of {name} on {day}, until {until} instead of {calendar.clock(closes, end=True)}"
    minutes = count((end - closes - int(sessions.overtime[session])) * calendar.grid, "minute")
    return f"{minutes} more overtime of {name} on {day}, until {until}"


# ---- couplings


def _couplings(around: Surroundings, time: ProvidersTime, request: int) -> Iterator[Relief]:
    """Places at which the provider is free and one coupling alone is in the way: rooms, limits, series."""
    problem, options = around.problem, around.problem.options
    rows = np.arange(int(problem.offset[request]), int(problem.offset[request + 1]))
    tried = 0
    for row in rows[np.argsort(options.cost[rows], kind="stable")].tolist():
        free = time.free_starts(row).tolist()
        for start in dict.fromkeys([*free[:1], *free[len(free) // 2 : len(free) // 2 + 1], *free[-1:]]):
            session = int(options.session[row])
            placed, _, broken = _tried(around, problem, request, session, start)
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


# ---- another visit moves


def _moves(around: Surroundings, time: ProvidersTime, request: int) -> Iterator[Relief]:
    """The request in the place of a visit that may move, and that visit at its cheapest other place."""
    problem, schedule, options = around.problem, around.schedule, around.problem.options
    swaps = []
    for cost, row, start, other in _in_the_place_of(problem, schedule, request)[: 4 * MOST_TRIED]:
        for price, session, cell in _other_places(problem, time, other):
            if session != options.session[row] or not _meet(problem, (request, start), (other, cell)):
                swaps.append((cost + price, int(options.session[row]), start, other, session, cell))
    week = problem.week
    for _, session, start, other, elsewhere, cell in sorted(swaps)[: 2 * MOST_TRIED]:
        moved = place_at(week, schedule.without(week, np.array([other])), other, elsewhere, cell)
        changed = place_at(week, moved, request, session, start)
        change, broken = around.change(changed, [request, other])
        if not broken:
            provider = week.sessions.provider_ids[int(week.sessions.provider[elsewhere])]
            what = f"moving {week.requests.ids[other]} to {week.calendar.words(cell)} with {provider}"
            yield Relief("move", what, problem, changed, session, start, other, change)


def _in_the_place_of(problem: Problem, schedule: Schedule, request: int) -> list[tuple[int, int, int, int]]:
    """Ways to put a request where one visit is that may move: (points, option, start, visit), cheapest first."""
    week, options = problem.week, problem.options
    start = schedule.start(week)
    begin, end = start - week.requests.buffer_before, start - week.requests.buffer_before + week.requests.hold
    before, hold = int(week.requests.buffer_before[request]), int(week.requests.hold[request])
    found = []
    for row in range(int(problem.offset[request]), int(problem.offset[request + 1])):
        visits = np.flatnonzero(schedule.session == options.session[row])
        visits = visits[np.argsort(begin[visits], kind="stable")]
        opens = np.concatenate([[int(options.earliest[row]) - before], end[visits][:-1]]) if len(visits) else visits
        closes = np.append(begin[visits][1:], int(options.latest[row]) - before + hold) if len(visits) else visits
        first = np.maximum(opens + before, int(options.earliest[row]))
        fits = (first <= options.latest[row]) & (first - before + hold <= closes) & ~week.requests.fixed[visits]
        for place in np.flatnonzero(fits).tolist():
            found.append((int(options.cost[row]), row, int(first[place]), int(visits[place])))
    return sorted(found)


def _other_places(problem: Problem, time: ProvidersTime, request: int) -> list[tuple[int, int, int]]:
    """Free places of a visit, one a session: (points, session, start), the cheapest few."""
    options, found = problem.options, dict[int, tuple[int, int]]()
    rows = np.arange(int(problem.offset[request]), int(problem.offset[request + 1]))
    for row in rows[np.argsort(options.cost[rows], kind="stable")].tolist():
        free = time.free_starts(row)
        if len(free):
            found.setdefault(int(options.session[row]), (int(options.cost[row]), int(free[0])))
        if len(found) == MOST_TOLD:
            break
    return [(cost, session, cell) for session, (cost, cell) in found.items()]


def _meet(problem: Problem, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two visits, each a request and a start, would hold one provider at once."""
    requests = problem.week.requests
    (a, b), (c, d) = (
        (start - int(requests.buffer_before[r]), start - int(requests.buffer_before[r]) + int(requests.hold[r]))
        for r, start in (one, other)
    )
    return a < d and c < b
