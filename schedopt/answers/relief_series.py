"""A series that moves as a whole, and one of its distances that gives, so that a visit of it has a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from schedopt.answers.relief import Relief
from schedopt.answers.surroundings import Surroundings
from schedopt.arrays import Ints
from schedopt.models.problem.couplings import DayGap
from schedopt.models.problem.exceptions import PartialProblem
from schedopt.models.problem.problem import Problem, reached
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.cpsat.model import Effort, PieceModel, solve

MOST_VISITS = 10
"""Visits of a series that are moved together."""
WORK = 2.0
"""Seconds, about, that one question may take; counted as work, so that the answer is always the same."""


def by_series(around: Surroundings, request: int) -> Iterator[Relief]:
    """The request at the best place that it has where its series moves, as it is or with one other distance.

    Visits of the series that are placed stay placed, and nobody else moves. A visit never comes before the one that it
    follows, whatever gives.
    """
    problem, schedule = around.problem, around.schedule
    series = _series(problem, request)
    if not 1 < len(series) <= MOST_VISITS:
        return
    fixed = problem.week.requests.fixed[series]
    free = series[~fixed | (series == request)]
    for what, eased in _eased(problem, series):
        found = _solved(eased, schedule, free, request)
        if found is None or (what is not None and what.kept(found)):
            continue
        moved = [r for r in free.tolist() if r != request and _moves(problem, schedule, found, r)]
        words = [what(found)] if what is not None else []
        words += [f"moving {_place(problem, found, r)}" for r in moved]
        change, broken = around_change(around, eased, found, [request, *moved])
        if words and not broken:
            session, start = int(found.session[request]), int(found.start(problem.week)[request])
            kind = "move" if what is None else DayGap.name
            other = moved[0] if what is None and len(moved) == 1 else -1
            yield Relief(kind, ", ".join(words), eased, found, session, start, other, change)


def around_change(
    around: Surroundings, eased: Problem, found: Schedule, requests: list[int]
) -> tuple[int, list[tuple[str, str, str]]]:
    """What a schedule of a problem with other distances changes and breaks."""
    here = around if eased is around.problem else Surroundings(eased, around.schedule)
    return here.change(found, requests)


def _series(problem: Problem, request: int) -> Ints:
    """The request, all that it follows, and all that follow it or these."""
    first, second = problem.needs
    start = np.zeros(len(problem.week.requests), bool)
    start[request] = True
    both = np.concatenate([first, second]), np.concatenate([second, first])
    found: Ints = np.flatnonzero(reached(start, *both))
    return found


def _eased(problem: Problem, series: Ints) -> Iterator[tuple[_Words | None, Problem]]:
    """The problem as it is, and with each distance of the series eased alone, and what has become of the distance."""
    yield None, problem
    for number, coupling in enumerate(problem.couplings):
        if not isinstance(coupling, DayGap):
            continue
        mine = coupling.needs_first & np.isin(coupling.first, series) & np.isin(coupling.second, series)
        for pair in np.flatnonzero(mine).tolist():
            low, high = coupling.low.copy(), coupling.high.copy()
            low[pair], high[pair] = min(1, low[pair]), max(problem.calendar.num_days, high[pair])
            eased = replace(coupling, low=low, high=high)
            couplings = (*problem.couplings[:number], eased, *problem.couplings[number + 1 :])
            yield _Words(problem, coupling, pair), replace(problem, couplings=couplings)


class _Words:
    """What a distance is in a schedule, and what it should be."""

    def __init__(self, problem: Problem, gaps: DayGap, pair: int) -> None:
        self._problem, self._gaps, self._pair = problem, gaps, pair

    def kept(self, schedule: Schedule) -> bool:
        """Whether it is as it should be all the same."""
        gaps, pair, day = self._gaps, self._pair, self._problem.week.sessions.day[schedule.session]
        if schedule.session[gaps.second[pair]] < 0:
            return True
        apart = int(day[gaps.second[pair]] - day[gaps.first[pair]])
        return bool(gaps.low[pair] <= apart <= gaps.high[pair])

    def __call__(self, schedule: Schedule) -> str:
        week, first, second = self._problem.week, int(self._gaps.first[self._pair]), int(self._gaps.second[self._pair])
        day = week.sessions.day[schedule.session]
        apart, ids = int(day[second] - day[first]), week.requests.ids
        days = "1 day" if apart == 1 else f"{apart} days"
        return f"{ids[second]} {days} after {ids[first]} (an exception to: {self._gaps.words(week, self._pair)})"


def _solved(problem: Problem, schedule: Schedule, free: Ints, request: int) -> Schedule | None:
    """The best schedule with the request in which its series alone moves, and stays placed; None: none is found."""
    partial = PartialProblem(problem.week, problem.rules, problem.couplings, barred=problem.barred, only=tuple(free))
    model = PieceModel(partial, schedule.without(problem.week, free), np.arange(len(partial.options)), free)
    for one in free.tolist():
        if one == request or schedule.session[one] >= 0:
            model.model.add(model.placed(one) == 1)
    return solve(model, Effort(WORK, deterministic=True)).schedule


def _moves(problem: Problem, before: Schedule, after: Schedule, request: int) -> bool:
    if after.session[request] < 0 or before.session[request] < 0:
        return bool(after.session[request] >= 0)
    same = after.session[request] == before.session[request]
    return not (same and after.start(problem.week)[request] == before.start(problem.week)[request])


def _place(problem: Problem, schedule: Schedule, request: int) -> str:
    week, session = problem.week, int(schedule.session[request])
    provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
    time = week.time_words(session, int(schedule.start(week)[request]))
    return f"{week.requests.ids[request]} to {time} with {provider}"
