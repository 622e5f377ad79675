"""A week's sessions as orders of visits with starts, each with what it is expected to cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.holds import filled, sharing
from schedopt.models.problem.lengths import lengths_of, with_lengths
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.timing.costs import Costs
from schedopt.timing.sampled.evaluation import paths
from schedopt.timing.sampled.paths import mean_cost
from schedopt.timing.sampled.scenarios import Scenarios
from schedopt.timing.session import PlannedSession, cut_to, delays
from schedopt.timing.units import FreeUnits, Uses
from schedopt.uncertainty.week import WeekScenarios

Range = tuple[int, int, int]
"""First and last cell at which a visit may start, and the points of starting there."""


class Arranged(NamedTuple):
    """One session's visits: codes in order, the cell in which each starts, what minutes are expected to cost, points.

    Points are those of the options that the visits use.
    """

    visits: tuple[int, ...]
    starts: tuple[int, ...]
    minutes: float
    points: int

    @property
    def cost(self) -> float:
        """Expected cost and points together."""
        return self.minutes + self.points


Change = dict[int, tuple[Arranged, Arranged]]
"""Sessions by code: what they were, and what they are to be."""
LEAST = 1e-3
"""Points that a change saves at least, so that rounding saves nothing."""
_LONG = 180
"""Minutes after a step's begin for which it is noted whether it still goes on."""
NOBODY = Arranged((), (), 0.0, 0)
"""A session without visits."""


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
    going : float array, shape (steps, cells)
        Probability that the patient comes and that each step still goes on so many cells and a half after its begin.
    """

    service: Floats
    delay: Floats
    came: Flags
    known: Flags
    going: Floats


def draws_of(problem: Problem, schedule: Schedule, drawn: WeekScenarios) -> Draws:
    """The columns of sampled weeks by code of request; steps before that with the provider as a schedule has them."""
    week, num, grid = problem.week, len(drawn), problem.week.calendar.grid
    codes = np.array([week.request_code[name] for name in drawn.requests], np.int64)
    shape = num, len(week.requests)
    going = np.zeros((len(week.steps.request), -(-_LONG // grid)))
    found = Draws(np.zeros(shape), np.zeros(shape), np.zeros(shape, bool), np.zeros(shape[1], bool), going)
    middle = (np.arange(going.shape[1]) + 0.5) * grid
    for visit, first in enumerate(week.steps.offset[codes].tolist()):
        begin = int(drawn.step_offset[visit])
        for column in range(begin, int(drawn.step_offset[visit + 1])):
            minutes = np.where(drawn.came[:, visit], drawn.minutes[:, column], 0.0)
            going[first + column - begin] = 1 - np.searchsorted(np.sort(minutes), middle, side="right") / num
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
        One of it.
    drawn : Draws
        What may happen.
    costs : Costs
        Of a minute, in points.
    held : bool array, shape (requests,)
        Visits that stay where they are.
    shortest : float
        Minutes that an appointment is not cut below.
    everybody : Schedule
        Where requests that are left out have steps too: how they follow one another.

    Attributes
    ----------
    sessions : dict of int to Arranged
        By code; sessions without visits too, but none in which providers or patients meet.
    given : float array, shape (requests,)
        Cells from each visit's start to the next one's, as last chosen.
    week : Week
        With lengths as visits have them in their sessions.
    relative : int array, shape (steps,)
        Cells from the start of the step with the provider to that of each step.
    units : FreeUnits
        What visits leave of pools.
    variance : float array, shape (requests,)
        Of minutes with the provider, those who do not come included.
    left_out : int array, shape (requests,)
        Points of leaving each request out.
    """

    def __init__(
        self, problem: Problem, schedule: Schedule, drawn: Draws, costs: Costs, held: Flags, shortest: float,
        everybody: Schedule,
    ) -> None:  # fmt: skip
        week = problem.week.with_sessions(schedule.session)
        self.problem, self.drawn, self.costs, self.held, self.week = problem, drawn, costs, held, week
        self._prices = np.array([costs.waiting, costs.idle, costs.overtime], float)
        self.grid = week.calendar.grid
        requests, steps = week.requests, week.steps
        self.length = requests.usual_length
        self.shortest = cut_to(week, np.arange(len(requests)), shortest)
        self._before, self._after = requests.buffer_before.tolist(), requests.buffer_after.tolist()
        self._least = self.shortest.tolist()
        self.given = self.length.astype(float)
        self.variance = drawn.service.var(axis=0)
        self.relative = everybody.step_start - everybody.start(week)[steps.request]
        self._ranges: dict[tuple[int, int], tuple[Range, ...]] = {}
        self._at = schedule.start(week)
        self._own, self.left_out = schedule.session, problem.left_out
        meet = np.concatenate([schedule.session[week.roles.request], filled(week, schedule.placements)[2]])
        meet = np.concatenate([meet, schedule.session[sharing(week, schedule)]])
        self.units = FreeUnits.unused(week)
        self.sessions = dict[int, Arranged]()
        for code in range(len(week.sessions)):
            inside = np.flatnonzero(schedule.session == code)
            inside = inside[np.argsort(self._at[inside], kind="stable")]
            visits, starts = tuple(inside.tolist()), tuple(self._at[inside].tolist())
            arranged = self.at(code, visits, starts)
            if code not in meet:
                self.sessions[code] = arranged
                self._note(arranged)
            self.units.take(self._uses(code, arranged), 1)
        self._first = dict(self.sessions)

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
        return self.at(code, visits, starts)

    def at(self, code: int, visits: Sequence[int], starts: Sequence[int]) -> Arranged:
        """A session with visits in an order and at cells."""
        if not visits:
            return NOBODY
        sessions = self.week.sessions
        minutes = mean_cost(
            np.array(starts, float) * self.grid, *self._columns(visits), self._prices,
            float(sessions.start[code] * self.grid), float(sessions.end[code] * self.grid), np.empty(len(visits)),
        )  # fmt: skip
        points = sum(self._used(code, visit, start)[2] for visit, start in zip(visits, starts, strict=True))
        return Arranged(tuple(visits), tuple(starts), minutes, points)

    def _columns(self, visits: Sequence[int]) -> tuple[Floats, Flags, Floats]:
        """Service, who comes, and delay of some visits, shape (scenarios, visits) each."""
        rows, drawn = list(visits), self.drawn
        return drawn.service.take(rows, axis=1), drawn.came.take(rows, axis=1), drawn.delay.take(rows, axis=1)

    def waits(self, code: int, arranged: Arranged) -> tuple[Floats, Flags]:
        """Minutes that each visit of a session waits, 0 where nobody comes, and who comes; (scenarios, visits) each."""
        sessions, scenarios = self.week.sessions, Scenarios(*self._columns(arranged.visits))
        span = float(sessions.end[code] * self.grid), float(sessions.start[code] * self.grid)
        return np.nan_to_num(paths(np.array(arranged.starts, float) * self.grid, scenarios, *span).wait), scenarios.came

    def timed(self, code: int, now: Arranged, costs: Costs | None = None) -> Arranged:
        """The same order at its best times for these costs, or the book's; each visit at the points that it has now."""
        if not now.visits:
            return now
        rows, sessions = np.array(now.visits), self.week.sessions
        own = [self._used(code, visit, start) for visit, start in zip(now.visits, now.starts, strict=True)]
        first, last = (np.array(column, float) * self.grid for column in list(zip(*own, strict=True))[:2])
        session = PlannedSession(
            requests=rows, times=np.array(now.starts, float) * self.grid, earliest=first, latest=last,
            length=self.length[rows], shortest=self.shortest[rows],
            between=self.week.requests.buffer_after[rows] + np.append(self.week.requests.buffer_before[rows[1:]], 0),
            grid=self.grid, start=float(min(sessions.start[code] * self.grid, first.min())),
            end=max(float(sessions.end[code] * self.grid), float(last.max())),
            scenarios=Scenarios(*self._columns(now.visits)),
        )  # fmt: skip
        starts = np.rint(session.best_on_grid(costs or self.costs) / self.grid).astype(np.int64).tolist()
        return self.at(code, now.visits, starts)

    def _used(self, code: int, visit: int, start: int) -> Range:
        return next(own for own in self.ranges(code, visit) if own[0] <= start <= own[1])

    def lost(self, visits: Ints, starts: Ints) -> Ints:
        """Cells that each appointment loses to the one after it, shape (visits,)."""
        before, after = self.week.requests.buffer_before[visits], self.week.requests.buffer_after[visits]
        until = np.append(np.diff(starts) - after[:-1] - before[1:], self.length[visits[-1:]])
        lost: Ints = np.clip(self.length[visits] - until, 0, self.length[visits] - 1)
        return lost

    def _uses(self, code: int, arranged: Arranged) -> Uses:
        """What a session's visits hold of pools."""
        visits, starts = (np.array(column, np.int64) for column in arranged[:2])
        lost = self.lost(visits, starts) if code in self.sessions else np.zeros_like(visits)
        return self.units.uses_at(visits, code, starts, self.relative, lost)

    def put(self, new: Mapping[int, Arranged], *, back: bool = False) -> bool:
        """Take sessions as they are here, if pools suffice for that, or if they are as they have been; whether so."""
        old = [self._uses(code, self.sessions[code]) for code in new]
        wanted = [self._uses(code, arranged) for code, arranged in new.items()]
        for uses in old:
            self.units.take(uses, -1)
        done = 0
        while done < len(wanted) and (back or self.units.suffice(wanted[done])):
            self.units.take(wanted[done], 1)
            done += 1
        if done < len(wanted):
            for uses in wanted[:done]:
                self.units.take(uses, -1)
            for uses in old:
                self.units.take(uses, 1)
            return False
        self.sessions |= new
        for arranged in new.values():
            self._note(arranged)
        return True

    def _note(self, arranged: Arranged) -> None:
        """Remember the cells to the next visit that each visit has been given."""
        for visit, start, after in zip(arranged.visits, arranged.starts, arranged.starts[1:], strict=False):
            self.given[visit] = min(after - start, 1.5 * self.length[visit])

    def out(self) -> Flags:
        """Requests that are in no session, none of the book's and no other; shape (requests,)."""
        found: Flags = self._own < 0
        for arranged in self.sessions.values():
            found[list(arranged.visits)] = False
        return found

    def minutes(self) -> float:
        """Expected cost of waiting, idle time and overtime of all sessions, without points."""
        return sum(arranged.minutes for arranged in self.sessions.values())

    def applied(self, problem: Problem, schedule: Schedule) -> tuple[Problem, Schedule]:
        """A week with these sessions in place of its own, and appointments as long as there is room for in them."""
        where, start = schedule.session.copy(), schedule.step_start.copy()
        week, ids = problem.week, problem.week.requests.ids
        booked, expected = lengths_of(problem)
        codes = [code for code, old in self._first.items() if self.sessions[code] != old]
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
