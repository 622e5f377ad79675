"""A week's sessions as orders of visits with starts, each with what it is expected to cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.holds import filled, sharing
from schedopt.models.problem.lengths import lengths_of, with_lengths
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.timing.costs import Costs
from schedopt.timing.sampled.paths import mean_cost
from schedopt.timing.sampled.scenarios import Scenarios
from schedopt.timing.session import PlannedSession, cut_to, delays
from schedopt.timing.units import FreeUnits, Uses
from schedopt.uncertainty.week import WeekScenarios

Range = tuple[int, int, int]
"""First and last cell at which a visit may start, and the points of starting there."""


class Arranged(NamedTuple):
    """One session's visits: codes in order, the cell in which each starts, and minutes' cost and points in all."""

    visits: tuple[int, ...]
    starts: tuple[int, ...]
    cost: float


@dataclass(frozen=True, eq=False)
class Draws:
    """What may happen, by request; of requests that are not drawn, zeros.

    Attributes
    ----------
    service, delay : float arrays, shape (scenarios, requests)
        Minutes with the provider, 0 where the patient does not come, and from the planned start until it can begin.
    came : bool array, shape (scenarios, requests)
        Whether the patient comes.
    known : bool array, shape (requests,)
        Requests that are drawn.
    """

    service: Floats
    delay: Floats
    came: Flags
    known: Flags


def draws_of(problem: Problem, schedule: Schedule, drawn: WeekScenarios) -> Draws:
    """The columns of sampled weeks by code of request; steps before that with the provider as a schedule has them."""
    week, num = problem.week, len(drawn)
    codes = np.array([week.request_code[name] for name in drawn.requests], np.int64)
    shape = num, len(week.requests)
    found = Draws(np.zeros(shape), np.zeros(shape), np.zeros(shape, bool), np.zeros(shape[1], bool))
    found.came[:, codes], found.known[codes] = drawn.came, True
    found.service[:, codes] = np.where(drawn.came, drawn.service, 0.0)
    found.delay[:, codes] = np.where(drawn.came, delays(problem, schedule, codes, drawn), 0.0)
    return found


class Book:
    """Orders and starts of all sessions, what they are expected to cost, and the units of pools that they leave.

    Parameters
    ----------
    problem : Problem
        The week, with appointments as long as visits are expected to be.
    schedule : Schedule
        One of it; requests left out have steps as if they were placed.
    drawn : Draws
        What may happen.
    costs : Costs
        Of a minute, in points.
    held : bool array, shape (requests,)
        Visits that stay where they are.
    shortest : float
        Minutes that an appointment is not cut below.

    Attributes
    ----------
    sessions : dict of int to Arranged
        By code; sessions without visits too, but none in which visits meet others.
    """

    def __init__(
        self, problem: Problem, schedule: Schedule, drawn: Draws, costs: Costs, held: Flags, shortest: float
    ) -> None:  # fmt: skip
        week = problem.week.with_sessions(schedule.session)
        self.problem, self.drawn, self.costs, self.held, self._week = problem, drawn, costs, held, week
        self._prices = np.array([costs.waiting, costs.idle, costs.overtime], float)
        self.grid = week.calendar.grid
        requests, steps = week.requests, week.steps
        self.length = requests.usual_length
        self.shortest = cut_to(week, np.arange(len(requests)), shortest)
        self._before, self._after = requests.buffer_before.tolist(), requests.buffer_after.tolist()
        self._least = self.shortest.tolist()
        self.given = self.length.astype(float)
        self.variance = drawn.service.var(axis=0)
        self.relative = schedule.step_start - schedule.start(week)[steps.request]
        self._ranges: dict[tuple[int, int], tuple[Range, ...]] = {}
        self._at = schedule.start(week)
        self._own = schedule.session
        meet = np.concatenate([schedule.session[week.roles.request], filled(week, schedule.placements)[2]])
        meet = np.concatenate([meet, schedule.session[sharing(week, schedule)]])
        self.units = FreeUnits.unused(week)
        self.sessions = dict[int, Arranged]()
        for code in range(len(week.sessions)):
            inside = np.flatnonzero(schedule.session == code)
            inside = inside[np.argsort(self._at[inside], kind="stable")]
            self.units.take(self.uses(code, inside, self._at[inside], schedule=schedule), 1)
            if code not in meet:
                visits, starts = tuple(inside.tolist()), tuple(self._at[inside].tolist())
                self.sessions[code] = Arranged(visits, starts, self.cost(code, visits, starts))
                self._note(self.sessions[code])

    def ranges(self, code: int, request: int) -> tuple[Range, ...]:
        """Where a request may start in a session, and at what points; a visit that is held only where it is."""
        found = self._ranges.get((code, request))
        if found is None:
            found = self._ranges[code, request] = self._ranges_of(code, request)
        return found

    def _ranges_of(self, code: int, request: int) -> tuple[Range, ...]:
        options, at = self.problem.options, int(self._at[request])
        rows = np.arange(self.problem.offset[request], self.problem.offset[request + 1])
        rows = rows[(options.session[rows] == code) & (options.others[rows] < 0).all(axis=1)]
        columns = (column[rows].tolist() for column in (options.earliest, options.latest, options.cost))
        found = tuple(zip(*columns, strict=True))
        if code != self._own[request]:
            return () if self.held[request] else found
        used = next((row for row in found if row[0] <= at <= row[1]), None)
        if used is None or self.held[request]:
            return ((at, at, used[2] if used else 0),)
        return found

    def laid(self, code: int, visits: Sequence[int], begin: int) -> Arranged | None:
        """A session in a stated order, each visit with the cells to the next one that it has been given.

        Returns
        -------
        Arranged or None
            None where a visit cannot be there.
        """
        wanted, free, starts = float(begin), 0, list[int]()
        for visit in visits:
            free += self._before[visit] if starts else 0
            start = _closest(self.ranges(code, visit), round(wanted), free)
            if start is None:
                return None
            starts.append(start)
            wanted = max(wanted, start - 2.0) + self.given[visit]
            free = start + self._least[visit] + self._after[visit]
        return Arranged(tuple(visits), tuple(starts), self.cost(code, visits, starts))

    def cost(self, code: int, visits: Sequence[int], starts: Sequence[int]) -> float:
        """Expected cost of waiting, idle time and overtime, and points of the visits, of a session."""
        if not visits:
            return 0.0
        sessions, rows, drawn = self._week.sessions, list(visits), self.drawn
        minutes = mean_cost(
            np.array(starts, float) * self.grid, drawn.service[:, rows], drawn.came[:, rows], drawn.delay[:, rows],
            self._prices, float(sessions.start[code] * self.grid), float(sessions.end[code] * self.grid),
            np.empty(len(rows)),
        )  # fmt: skip
        return minutes + sum(
            points for visit, start in zip(visits, starts, strict=True)
            for first, last, points in self.ranges(code, visit) if first <= start <= last
        )  # fmt: skip

    def timed(self, code: int, now: Arranged) -> Arranged:
        """The same order at its best times, each visit at the points that it has now."""
        if not now.visits:
            return now
        rows, sessions, drawn = np.array(now.visits), self._week.sessions, self.drawn
        own = [self._used(code, visit, start) for visit, start in zip(now.visits, now.starts, strict=True)]
        first, last = (np.array(column, float) * self.grid for column in list(zip(*own, strict=True))[:2])
        session = PlannedSession(
            requests=rows, times=np.array(now.starts, float) * self.grid, earliest=first, latest=last,
            length=self.length[rows], shortest=self.shortest[rows],
            between=self._week.requests.buffer_after[rows] + np.append(self._week.requests.buffer_before[rows[1:]], 0),
            grid=self.grid, start=float(min(sessions.start[code] * self.grid, first.min())),
            end=max(float(sessions.end[code] * self.grid), float(last.max())),
            scenarios=Scenarios(drawn.service[:, rows], drawn.came[:, rows], drawn.delay[:, rows]),
        )  # fmt: skip
        starts = np.rint(session.best_on_grid(self.costs) / self.grid).astype(np.int64).tolist()
        return Arranged(now.visits, tuple(starts), self.cost(code, now.visits, starts))

    def _used(self, code: int, visit: int, start: int) -> Range:
        return next(own for own in self.ranges(code, visit) if own[0] <= start <= own[1])

    def lost(self, visits: Ints, starts: Ints) -> Ints:
        """Cells that each appointment loses to the one after it, shape (visits,)."""
        before, after = self._week.requests.buffer_before[visits], self._week.requests.buffer_after[visits]
        until = np.append(np.diff(starts) - after[:-1] - before[1:], self.length[visits[-1:]])
        lost: Ints = np.clip(self.length[visits] - until, 0, self.length[visits] - 1)
        return lost

    def uses(self, code: int, visits: Ints, starts: Ints, *, schedule: Schedule | None = None) -> Uses:
        """What a session's visits hold of pools."""
        return self.units.uses_at(visits, code, starts, self.relative, self.lost(visits, starts))

    def fits(self, new: Mapping[int, Arranged]) -> bool:
        """Whether pools suffice for these sessions in place of what they are now."""
        self._take(self.sessions[code] for code in new) if False else None
        old = [self.uses(c, np.array(self.sessions[c].visits, np.int64), np.array(self.sessions[c].starts, np.int64))
               for c in new]
        for uses in old:
            self.units.take(uses, -1)
        try:
            found = [self.uses(c, np.array(a.visits, np.int64), np.array(a.starts, np.int64)) for c, a in new.items()]
            done = 0
            fine = True
            for uses in found:
                if not self.units.suffice(uses):
                    fine = False
                    break
                self.units.take(uses, 1)
                done += 1
            for uses in found[:done]:
                self.units.take(uses, -1)
            return fine
        finally:
            for uses in old:
                self.units.take(uses, 1)

    def put(self, new: Mapping[int, Arranged]) -> None:
        """Take sessions as they are here."""
        for code, arranged in new.items():
            old = self.sessions[code]
            for one, sign in ((old, -1), (arranged, 1)):
                uses = self.uses(code, np.array(one.visits, np.int64), np.array(one.starts, np.int64))
                self.units.take(uses, sign)
            self.sessions[code] = arranged
            self._note(arranged)

    def _note(self, arranged: Arranged) -> None:
        """Remember the cells to the next visit that each visit has been given."""
        for visit, start, after in zip(arranged.visits, arranged.starts, arranged.starts[1:], strict=False):
            self.given[visit] = min(after - start, 1.5 * self.length[visit])

    def applied(self, problem: Problem, schedule: Schedule, codes: Iterable[int]) -> tuple[Problem, Schedule]:
        """A week with these sessions, and appointments as long as there is room for in them.

        Parameters
        ----------
        problem, schedule : Problem, Schedule
            To which they are put.
        codes : iterable of int
            Sessions.
        """
        where, start = schedule.session.copy(), schedule.step_start.copy()
        week, ids = problem.week, problem.week.requests.ids
        booked, expected = lengths_of(problem)
        codes = list(codes)
        where[np.isin(where, codes)] = -1
        at = np.full(len(where), -1, np.int64)
        for code in codes:
            visits, starts = (np.array(column, np.int64) for column in self.sessions[code][:2])
            where[visits], at[visits] = code, starts
            for visit, lost in zip(visits.tolist(), self.lost(visits, starts).tolist(), strict=True):
                booked.pop(ids[visit], None)
                if lost or ids[visit] in expected:
                    expected[ids[visit]] = int(self.length[visit]) * self.grid
                    booked[ids[visit]] = int(self.length[visit] - lost) * self.grid
        step_at = at[week.steps.request]
        start = np.where(step_at >= 0, step_at + self.relative, start)
        start[where[week.steps.request] < 0] = -1
        return with_lengths(problem, booked, expected), replace(schedule, session=where, step_start=start)


def _closest(ranges: tuple[Range, ...], wanted: int, free: int) -> int | None:
    """The allowed start closest to what is wanted that is not before `free`."""
    best, distance = None, 0
    for first, last, _ in ranges:
        start = max(first, free, min(wanted, last))
        if start <= last and (best is None or abs(start - wanted) < distance):
            best, distance = start, abs(start - wanted)
    return best
