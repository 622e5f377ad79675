"""Another visit that moves, so that a request that was left out has its place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from schedopt.answers.free import ProvidersTime
from schedopt.answers.relief import MOST_TOLD, MOST_TRIED, Relief
from schedopt.answers.surroundings import Surroundings
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week


def moves(around: Surroundings, time: ProvidersTime, request: int) -> Iterator[Relief]:
    """The request in the place of a visit that may move, and that visit at its cheapest other place."""
    problem, schedule, options = around.problem, around.schedule, around.problem.options
    swaps = []
    for cost, row, start, other in _in_the_place_of(problem, schedule, request)[: 4 * MOST_TRIED]:
        for price, place, cell in _other_places(problem, time, other):
            session = int(options.session[row])
            if options.session[place] != session or not _meet(problem.week, session, (request, start), (other, cell)):
                swaps.append((cost + price, row, start, other, place, cell))
    week = problem.week
    for _, row, start, other, place, cell in sorted(swaps)[: 2 * MOST_TRIED]:
        moved = options.place(week, schedule.without(week, np.array([other])), place, cell)
        changed = options.place(week, moved, row, start)
        change, broken = around.change(changed, [request, other])
        if not broken:
            session, elsewhere = int(options.session[row]), int(options.session[place])
            provider = week.sessions.provider_ids[int(week.sessions.provider[elsewhere])]
            what = f"moving {week.requests.ids[other]} to {week.time_words(elsewhere, cell)} with {provider}"
            yield Relief("move", what, problem, changed, session, start, other, change)


def _in_the_place_of(problem: Problem, schedule: Schedule, request: int) -> list[tuple[int, int, int, int]]:
    """Ways to put a request where one visit is that may move: (points, option, start, visit), cheapest first."""
    week, options = problem.week, problem.options
    start = schedule.start(week)
    begin = start - week.requests.buffer_before
    end, before = begin + week.with_sessions(schedule.session).requests.hold, int(week.requests.buffer_before[request])
    found = []
    for row in range(int(problem.offset[request]), int(problem.offset[request + 1])):
        visits = np.flatnonzero(schedule.session == options.session[row])
        hold = int(week.hold_of(request, options.session[row]))
        visits = visits[np.argsort(begin[visits], kind="stable")]
        opens = np.concatenate([[int(options.earliest[row]) - before], end[visits][:-1]]) if len(visits) else visits
        closes = np.append(begin[visits][1:], int(options.latest[row]) - before + hold) if len(visits) else visits
        first = np.maximum(opens + before, int(options.earliest[row]))
        fits = (first <= options.latest[row]) & (first - before + hold <= closes) & ~week.requests.fixed[visits]
        for place in np.flatnonzero(fits).tolist():
            found.append((int(options.cost[row]), row, int(first[place]), int(visits[place])))
    return sorted(found)


def _other_places(problem: Problem, time: ProvidersTime, request: int) -> list[tuple[int, int, int]]:
    """Free places of a visit, one a session: (points, option, start), the cheapest few."""
    options, found = problem.options, dict[int, tuple[int, int, int]]()
    rows = np.arange(int(problem.offset[request]), int(problem.offset[request + 1]))
    for row in rows[np.argsort(options.cost[rows], kind="stable")].tolist():
        free = time.free_starts(row)
        if len(free):
            found.setdefault(int(options.session[row]), (int(options.cost[row]), row, int(free[0])))
        if len(found) == MOST_TOLD:
            break
    return list(found.values())


def _meet(week: Week, session: int, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two visits, each a request and a start, would hold a session's provider at once."""
    (a, b), (c, d) = (
        (begin, begin + int(week.hold_of(r, session)))
        for r, begin in ((r, start - int(week.requests.buffer_before[r])) for r, start in (one, other))
    )
    return a < d and c < b
