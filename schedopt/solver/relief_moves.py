"""Another visit that moves, so that a request that was left out has its place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule, place_at
from schedopt.solver.free import ProvidersTime
from schedopt.solver.relief import MOST_TOLD, MOST_TRIED, Relief
from schedopt.solver.surroundings import Surroundings


def moves(around: Surroundings, time: ProvidersTime, request: int) -> Iterator[Relief]:
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
