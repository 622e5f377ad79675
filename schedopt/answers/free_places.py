"""Every place that a request would have in a schedule while all others stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings import Coupling, Limit, PatientTime, PatientZone, PoolCapacity, ProviderTime
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week
from schedopt.solver.known import day_gaps, uncounted, unknown
from schedopt.solver.search.grid import SESSION, Grid, WeekTables, make_tables
from schedopt.solver.search.local import to_grid
from schedopt.solver.search.moves import take
from schedopt.solver.search.places import (
    AT,
    BLOCKED,
    ELSEWHERE,
    FITS,
    GAP,
    LIMITED,
    POINTS,
    REFUSED,
    ROW,
    STRANDED,
    TAKEN,
    every_place,
    lay_one,
)
from schedopt.solver.search.tuning import tune

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
        Points of the visit itself, and of what couplings price that it changes, such as idle time; what leaving the
        request out costs is not counted.
    stranded : int array
        Cells that would be left unusable: see :func:`~schedopt.answers.desk.recommend.recommend`.
    gap : int array
        First cell of the free stretch of its session that the visit goes into.
    options : int array
        Every option looked at.
    reach : int array
        How far each of `options` got, as :mod:`~schedopt.solver.search.places` numbers it.
    refused : tuple of (Coupling, int array)
        Couplings that the compiled search does not know, and options at each of whose places they would be broken.
    """

    request: int
    row: Ints
    start: Ints
    added: Ints
    stranded: Ints
    gap: Ints
    options: Ints
    reach: Ints
    refused: tuple[tuple[Coupling, Ints], ...] = ()

    def take(self, chosen: Flags) -> Places:
        """Some of the places."""
        names = ("row", "start", "added", "stranded", "gap")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

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
        self._tables: WeekTables = make_tables(problem)
        self._grid: Grid = to_grid(problem, self._tables, schedule)
        self._shortest = _shortest_holds(problem, self._tables)
        self._unknown, self._uncounted = unknown(problem), uncounted(problem)

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
            self._tables, grid, request, rows, np.array(window, np.int64), self._shortest, found, reach
        )  # fmt: skip
        self._restore(request)
        table = found[:count]
        places = Places(
            request, table[:, ROW], table[:, AT], table[:, POINTS], table[:, STRANDED], table[:, GAP], rows, reach
        )
        places = self._allowed(places) if self._unknown else places
        return self._priced(places) if self._uncounted else places

    def _allowed(self, places: Places) -> Places:
        """Those at which no coupling is broken that the compiled search does not know."""
        week, fine, guilty = self.problem.week, np.ones(len(places.row), bool), dict[int, Coupling]()
        known = {c.name: set(c.breaches(week, self.schedule)) for c in self._unknown}
        for number in range(len(places.row)):
            placed = self.placed(places, number)
            broken = [c for c in self._unknown if not known[c.name].issuperset(c.breaches(week, placed))]
            if broken:
                fine[number] = False
                guilty.setdefault(int(places.row[number]), broken[0])
        gone = np.setdiff1d(places.row, places.row[fine])
        refused = tuple(
            (c, np.array([row for row in gone.tolist() if guilty[row] is c], np.int64)) for c in self._unknown
        )
        reach = np.where(np.isin(places.options, gone), REFUSED, places.reach)
        return replace(places.take(fine), reach=reach, refused=refused)

    def _priced(self, places: Places) -> Places:
        """With the points of couplings that the compiled search does not count."""
        week, request, added = self.problem.week, places.request, places.added.copy()
        without = self.schedule.without(week, np.array([request]))
        held = self.problem.options.placements.take(places.row)
        who = np.unique(np.column_stack([held.session, held.others]), axis=0, return_inverse=True)[1]
        for coupling in self._uncounted:
            before = _points(coupling, week, without)
            known = dict[int, int]()
            for number in range(len(places.row)):
                key = int(who[number]) if coupling.untimed else number
                if key not in known:
                    known[key] = _points(coupling, week, self.placed(places, number)) - before
                added[number] += known[key]
        return replace(places, added=added)

    def placed(self, places: Places, number: int) -> Schedule:
        """The schedule with the request at one of its places instead of where it is."""
        week, schedule = self.problem.week, self.schedule
        request, row, start = places.request, int(places.row[number]), int(places.start[number])
        head, tail = int(week.steps.offset[request]), int(week.steps.offset[request + 1])
        starts = np.empty(tail - head, np.int64)
        lay_one(self._tables, self._without(request), request, row, start, starts)
        placed = self.problem.options.place(week, schedule, row, start)
        placed.step_start[head:tail] = starts
        self._restore(request)
        return placed

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
        yield day_gaps(self.problem), limited
        for coupling, rows in places.refused:
            sessions = np.unique(self.problem.options.session[rows])
            yield coupling, sessions[best[sessions] == REFUSED]
        elsewhere = np.flatnonzero(best == ELSEWHERE)
        for zone in (c for c in self.problem.couplings if isinstance(c, PatientZone)):
            barred = zone.bars(self.problem.week, self.schedule, places.request, elsewhere)
            yield zone, elsewhere[barred]
            elsewhere = elsewhere[~barred]
        for sessions, kind in (
            (np.flatnonzero(best == TAKEN), ProviderTime), (np.flatnonzero(best == BLOCKED), PoolCapacity),
            (elsewhere, PatientTime),
        ):  # fmt: skip
            yield next(c for c in self.problem.couplings if isinstance(c, kind)), sessions

    def _full(self, limit: Limit, request: int, sessions: Ints) -> Flags:
        """In which sessions a request would be one visit too many."""
        week, placed = self.problem.week, self.schedule.placed[self.schedule.placed != request]
        counts = limit.taken(week, placed, self.schedule.session[placed])
        row, group = limit.groups(week, np.full(len(sessions), request), sessions)
        takes = limit.takes(week, np.full(len(row), request), group)
        pairs = zip(group.tolist(), takes.tolist(), strict=True)
        over = np.array([counts.get(g, 0) + more > limit.most(week, g) for g, more in pairs], bool)
        full = np.zeros(len(sessions), bool)
        full[row[over]] = True
        return full

    def _restore(self, request: int) -> None:
        """Let a request that is placed be as long again as it is there."""
        if self._grid.row[request] >= 0:
            tune(self._tables.lengths, self._tables, request, int(self._grid.row[request]))

    def _without(self, request: int) -> Grid:
        """A copy of the grid in which a request is left out."""
        grid = Grid._make(column.copy() for column in self._grid)
        if grid.row[request] >= 0:
            take(self._tables, grid, request)
        return grid


def _points(coupling: Coupling, week: Week, schedule: Schedule) -> int:
    return sum(part.points for part in coupling.parts(week, schedule))


def _shortest_holds(problem: Problem, tables: WeekTables) -> Ints:
    """By session, the fewest cells that a provider is held by any request that has an option there."""
    shortest = np.full(len(problem.week.sessions), 2**40, np.int64)
    rows = len(problem.options)
    options = problem.options
    np.minimum.at(shortest, tables.option[:rows, SESSION], problem.week.hold_of(options.request, options.session))
    return shortest
