"""Every place that a request would have in a schedule while all others stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schedopt.models.couplings import Coupling, DayGap, Limit, PatientTime, PoolCapacity, ProviderTime
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Flags, Ints
from schedopt.solver.grid import HOLD, SESSION, Fixed, Grid, make_fixed
from schedopt.solver.local import to_grid
from schedopt.solver.moves import take
from schedopt.solver.places import (
    AT,
    BLOCKED,
    ELSEWHERE,
    FITS,
    GAP,
    LIMITED,
    POINTS,
    ROW,
    STRANDED,
    TAKEN,
    every_place,
    lay_best,
)

ALWAYS = (0, 2**40)
"""A window without an end."""


@dataclass(frozen=True)
class Places:
    """Where a request could go while all others stay; one entry a place, in order of options and starts.

    Attributes
    ----------
    request : int
        Code.
    row : int array
        Option.
    start : int array
        Cell in which the provider step starts.
    added : int array
        Points of the visit itself, and of idle time, overtime and waits between steps that it changes; what leaving
        the request out costs is not counted.
    stranded : int array
        Cells that would be left unusable: see :func:`~schedopt.solver.desk.recommend.recommend`.
    gap : int array
        First cell of the free stretch of its session that the visit goes into.
    options : int array
        Every option looked at.
    reach : int array
        How far each of `options` got, as :mod:`~schedopt.solver.places` numbers it.
    """

    request: int
    row: Ints
    start: Ints
    added: Ints
    stranded: Ints
    gap: Ints
    options: Ints
    reach: Ints

    @property
    def fits(self) -> int:
        """How many options have a place."""
        return int((self.reach == FITS).sum())


class FreePlaces:
    """A schedule, prepared once to be asked where one more visit would go.

    The schedule never changes, and neither do the answers: every question is asked of a copy of its grid.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Breaks no rule; fixed promises may be missing.
    """

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem = problem
        self.schedule = schedule
        self._fixed: Fixed = make_fixed(problem)
        self._grid: Grid = to_grid(problem, self._fixed, schedule)
        self._shortest = _shortest_holds(problem, self._fixed)

    def places(self, request: int, window: tuple[int, int] = ALWAYS, rows: Ints | None = None) -> Places:
        """Every place of a request while all others stay where they are; its own, where it has one, is among them.

        Parameters
        ----------
        request : int
            Code.
        window : (int, int)
            The provider is held from the first of these cells on, and until before the second, if at all.
        rows : int array, optional
            Options to look at; all of the request's without it.
        """
        offset = self.problem.offset
        rows = np.arange(offset[request], offset[request + 1]) if rows is None else rows
        options, grid = self.problem.options, self._without(request)
        starts = int((options.latest[rows] - options.earliest[rows] + 1).sum())
        found, reach = np.zeros((starts, 5), np.int64), np.zeros(len(rows), np.int64)
        count = every_place(
            self._fixed, grid, request, rows, np.array(window, np.int64), self._shortest, found, reach
        )  # fmt: skip
        table = found[:count]
        return Places(
            request, table[:, ROW], table[:, AT], table[:, POINTS], table[:, STRANDED], table[:, GAP], rows, reach
        )

    def placed(self, places: Places, number: int) -> Schedule:
        """The schedule with the request at one of its places instead of where it is."""
        week, schedule = self.problem.week, self.schedule
        request, row, start = places.request, int(places.row[number]), int(places.start[number])
        head, tail = int(week.steps.offset[request]), int(week.steps.offset[request + 1])
        starts = np.empty(tail - head, np.int64)
        lay_best(self._fixed, self._without(request), request, row, start, starts)
        session, step_start = schedule.session.copy(), schedule.step_start.copy()
        session[request], step_start[head:tail] = self.problem.options.session[row], starts
        return Schedule(session, step_start)

    def held_by(self, places: Places) -> Iterator[tuple[Coupling, Ints]]:
        """For sessions that are options without a place: the coupling in the way, and the sessions.

        What a session gets furthest by counts: a limit or a series forbids it, then its provider is taken at every
        start, then a pool is, then the patient is elsewhere, or a step would lie where it may not.
        """
        best = np.full(len(self.problem.week.sessions), -1, np.int64)
        np.maximum.at(best, self.problem.options.session[places.options], places.reach)
        limited = np.flatnonzero(best == LIMITED)
        for limit in (c for c in self.problem.couplings if isinstance(c, Limit)):
            full = self._full(limit, places.request, limited)
            yield limit, limited[full]
            limited = limited[~full]
        yield self.problem.coupling(DayGap), limited
        for reach, kind in ((TAKEN, ProviderTime), (BLOCKED, PoolCapacity), (ELSEWHERE, PatientTime)):
            yield next(c for c in self.problem.couplings if isinstance(c, kind)), np.flatnonzero(best == reach)

    def _full(self, limit: Limit, request: int, sessions: Ints) -> Flags:
        """In which sessions a request would be one visit too many."""
        week, placed = self.problem.week, self.schedule.placed[self.schedule.placed != request]
        _, taken = limit.groups(week, placed, self.schedule.session[placed])
        counts = dict(zip(*(column.tolist() for column in np.unique(taken, return_counts=True)), strict=True))
        row, group = limit.groups(week, np.full(len(sessions), request), sessions)
        over = np.array([counts.get(g, 0) >= limit.most(week, g) for g in group.tolist()], bool)
        full = np.zeros(len(sessions), bool)
        full[row[over]] = True
        return full

    def _without(self, request: int) -> Grid:
        """A copy of the grid in which a request is not placed."""
        grid = Grid(*(column.copy() for column in self._grid))
        if grid.row[request] >= 0:
            take(self._fixed, grid, request)
        return grid


def _shortest_holds(problem: Problem, fixed: Fixed) -> Ints:
    """By session, the fewest cells that a provider is held by any request that has an option there."""
    shortest = np.full(len(problem.week.sessions), 2**40, np.int64)
    rows = len(problem.options)
    np.minimum.at(shortest, fixed.option[:rows, SESSION], fixed.request[problem.options.request, HOLD])
    return shortest
