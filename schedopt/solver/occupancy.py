"""What is taken and what is free while a schedule is put together visit by visit."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.models.couplings import DayGap, Limit, ProviderTime, StepOrder
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule

Starts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """A way to place a request: session, start of every step, and what it adds to the cost in points."""

    session: int
    starts: Starts
    points: int


class Occupancy:
    """Providers', pools' and patients' time, counted limits and kept distances, visit by visit.

    Parameters
    ----------
    problem : Problem
        The week. The occupancy starts empty.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        week = problem.week
        self._holds: list[list[tuple[int, int]]] = [[] for _ in range(len(week.sessions))]
        self._free: list[list[int]] = week.pools.available(week.calendar.num_cells).tolist()
        self._patient: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._counts: Counter[tuple[int, int]] = Counter()
        self._session = [-1] * len(week.requests)
        self._starts: list[Starts] = [()] * len(week.requests)
        self._read_columns()
        self._read_couplings()

    def _read_columns(self) -> None:
        """Columns as lists: reading single entries of arrays is slow."""
        week, options = self.problem.week, self.problem.options
        requests, steps, sessions = week.requests, week.steps, week.sessions
        self._offset = self.problem.offset.tolist()
        self._options = tuple(
            zip(*(c.tolist() for c in (options.session, options.earliest, options.latest, options.opens, options.closes, options.cost)), strict=True)
        )  # fmt: skip
        self._hold, self._before = requests.hold.tolist(), requests.buffer_before.tolist()
        self._patient_of, self._fixed = requests.patient.tolist(), requests.fixed.tolist()
        self._step_offset, self._own_step = steps.offset.tolist(), steps.provider_step.tolist()
        self._length, self._max_wait, self._needs = steps.length.tolist(), steps.max_wait.tolist(), steps.needs
        self._session_start, self._session_end = sessions.start.tolist(), sessions.end.tolist()
        self._site, self._day = sessions.site.tolist(), sessions.day.tolist()
        self._pool_at, self._turnover = week.pools.at.tolist(), week.pools.turnover.tolist()

    def _read_couplings(self) -> None:
        problem, grid = self.problem, self.problem.week.calendar.grid
        time, order = problem.coupling(ProviderTime), problem.coupling(StepOrder)
        self._idle, self._overtime, self._wait = time.idle * grid, time.overtime * grid, order.office_wait * grid
        self._limits = [c for c in problem.couplings if isinstance(c, Limit)]
        self._groups: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        options = problem.options
        for number, limit in enumerate(self._limits):
            row, group = limit.groups(problem.week, options.request, options.session)
            most = {g: limit.most(problem.week, g) for g in np.unique(group).tolist()}
            for i, g in zip(row.tolist(), group.tolist(), strict=True):
                self._groups[i].append((number, g, most[g]))
        gaps = problem.coupling(DayGap)
        self._earlier: dict[int, list[tuple[int, int, int, bool]]] = defaultdict(list)
        self._later: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        columns = (gaps.first, gaps.second, gaps.low, gaps.high, gaps.needs_first)
        for first, second, low, high, needs in zip(*(c.tolist() for c in columns), strict=True):
            self._earlier[second].append((first, low, high, needs))
            self._later[first].append((second, low, high))

    def session_of(self, request: int) -> int:
        """Code of the session that a request is placed in, or -1."""
        return self._session[request]

    def best(self, request: int, worth: Sequence[int] | None = None, allowed: frozenset[int] | None = None) -> Placement | None:
        """The placement that adds least.

        Parameters
        ----------
        request : int
            Code of a request that is not placed.
        worth : sequence of int, optional
            Points to add to each option, by row of the problem's options.
        allowed : frozenset of int, optional
            Sessions to look at; all without it.
        """
        best, least = None, None
        for row in range(self._offset[request], self._offset[request + 1]):
            session, _, _, _, _, cost = self._options[row]
            extra = 0 if worth is None else worth[row]
            if allowed is not None and session not in allowed:
                continue
            if least is not None and cost + extra - self._idle * self._hold[request] >= least:
                continue
            placement = self.first(request, row)
            if placement is not None and (least is None or placement.points + extra < least):
                best, least = placement, placement.points + extra
        return best

    def first(self, request: int, row: int) -> Placement | None:
        """The earliest placement by one option, or None."""
        session, earliest, latest, opens, closes, cost = self._options[row]
        if not self._may(request, row, self._day[session]):
            return None
        for start in self._gaps(session, earliest - self._before[request], latest - self._before[request], self._hold[request]):
            starts = self._steps(request, session, start + self._before[request], opens, closes)
            if starts is not None:
                return Placement(session, starts, cost + self._added(request, session, start, starts))
        return None

    def _may(self, request: int, row: int, day: int) -> bool:
        """Whether limits and distances allow the option."""
        if any(self._counts[number, group] >= most for number, group, most in self._groups.get(row, ())):
            return False
        for first, low, high, needs in self._earlier.get(request, ()):
            if self._session[first] < 0:
                if needs:
                    return False
            elif not low <= day - self._day[self._session[first]] <= high:
                return False
        for second, low, high in self._later.get(request, ()):
            if self._session[second] >= 0 and not low <= self._day[self._session[second]] - day <= high:
                return False
        return True

    def _gaps(self, session: int, earliest: int, latest: int, size: int) -> Iterator[int]:
        """Starts at which the provider is free for so many cells, in order."""
        holds = self._holds[session]
        place = bisect_left(holds, (earliest, -1))
        start = max(earliest, holds[place - 1][1]) if place else earliest
        while start <= latest:
            until = holds[place][0] if place < len(holds) else latest + size
            yield from range(start, min(until - size, latest) + 1)
            if place == len(holds):
                return
            start, place = max(start, holds[place][1]), place + 1

    def _steps(self, request: int, session: int, start: int, opens: int, closes: int) -> Starts | None:
        """Starts of all steps around a provider step, each as near to it as pools allow, or None."""
        head, tail, own = self._step_offset[request], self._step_offset[request + 1], self._own_step[request]
        site = self._site[session]
        if not self._pools_free(own, site, start):
            return None
        starts = [start]
        for step in range(own - 1, head - 1, -1):
            latest = starts[0] - self._length[step]
            found = self._near(step, site, range(latest, latest - self._max_wait[step + 1] - 1, -1))
            if found is None:
                return None
            starts.insert(0, found)
        for step in range(own + 1, tail):
            earliest = starts[-1] + self._length[step - 1]
            found = self._near(step, site, range(earliest, earliest + self._max_wait[step] + 1))
            if found is None:
                return None
            starts.append(found)
        end = starts[-1] + self._length[tail - 1]
        if starts[0] < opens or end > closes:
            return None
        busy = self._patient.get(self._patient_of[request], ())
        return None if any(first < end and starts[0] < last for first, last in busy) else tuple(starts)

    def _near(self, step: int, site: int, starts: range) -> int | None:
        return next((start for start in starts if start >= 0 and self._pools_free(step, site, start)), None)

    def _pools_free(self, step: int, site: int, start: int) -> bool:
        for kind in self._needs[step]:
            pool = self._pool_at[site][kind]
            if min(self._free[pool][start : start + self._length[step] + self._turnover[pool]], default=0) <= 0:
                return False
        return True

    def _added(self, request: int, session: int, start: int, starts: Starts) -> int:
        """Points of idle time, overtime and office wait that a placement adds."""
        holds, hold = self._holds[session], self._hold[request]
        last = holds[-1][1] if holds else self._session_start[session]
        new, end = max(last, start + hold), self._session_end[session]
        late = max(0, new - end) - max(0, last - end)
        head, tail = self._step_offset[request], self._step_offset[request + 1]
        wait = starts[-1] - starts[0] - sum(self._length[head : tail - 1])
        return self._idle * (new - last - hold) + self._overtime * late + self._wait * wait

    def place(self, request: int, session: int, starts: Starts) -> None:
        """Place a request; nothing is checked."""
        self._change(request, session, starts, 1)
        self._session[request], self._starts[request] = session, starts

    def remove(self, request: int) -> Placement:
        """Take a request out; returns how it was placed."""
        session, starts = self._session[request], self._starts[request]
        self._change(request, session, starts, -1)
        self._session[request], self._starts[request] = -1, ()
        return Placement(session, starts, 0)

    def _change(self, request: int, session: int, starts: Starts, sign: int) -> None:
        head, tail, own = self._step_offset[request], self._step_offset[request + 1], self._own_step[request]
        start = starts[own - head] - self._before[request]
        hold = (start, start + self._hold[request])
        span = (starts[0], starts[-1] + self._length[tail - 1])
        if sign > 0:
            insort(self._holds[session], hold)
            self._patient[self._patient_of[request]].append(span)
        else:
            self._holds[session].remove(hold)
            self._patient[self._patient_of[request]].remove(span)
        for step, at in zip(range(head, tail), starts, strict=True):
            for kind in self._needs[step]:
                pool = self._pool_at[self._site[session]][kind]
                free = self._free[pool]
                for cell in range(at, min(len(free), at + self._length[step] + self._turnover[pool])):
                    free[cell] -= sign
        for number, group in self._groups_at(request, session):
            self._counts[number, group] += sign

    def _groups_at(self, request: int, session: int) -> Iterator[tuple[int, int]]:
        for row in range(self._offset[request], self._offset[request + 1]):
            if self._options[row][0] == session:
                yield from ((number, group) for number, group, _ in self._groups.get(row, ()))
                return

    def schedule(self) -> Schedule:
        """What is placed, as a schedule."""
        session = np.array(self._session, np.int64)
        step_start = np.full(len(self.problem.week.steps), -1, np.int64)
        for request in np.flatnonzero(session >= 0).tolist():
            step_start[self._step_offset[request] : self._step_offset[request + 1]] = self._starts[request]
        return Schedule(session, step_start)
