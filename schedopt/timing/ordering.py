"""Another order of the visits inside a session, where it saves more than it adds to the plan's points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.problem import Problem
from schedopt.timing.costs import Costs
from schedopt.timing.sampled.paths import mean_cost
from schedopt.timing.session import PlannedSession

_LEAST = 1e-6
"""Of the cost: what an exchange has to save, so that rounding saves nothing."""

Range = tuple[int, int, int]
"""First and last cell at which a visit may start, and the points of starting there."""


@dataclass(frozen=True, eq=False)
class Arranged:
    """Visits of a session in an order, with times.

    Attributes
    ----------
    order : int array, shape (visits,)
        Positions in the session: who is first, second and so on.
    starts : int array, shape (visits,)
        Cell in which each starts, in that order.
    cost : float
        Expected cost of waiting, idle time and overtime, and points of the starts.
    """

    order: Ints
    starts: Ints
    cost: float


def ranges_of(problem: Problem, session: PlannedSession, code: int, held: Flags) -> tuple[tuple[Range, ...], ...]:
    """Where each visit of a session may start in that session, by price, and what that costs.

    Visits that are held, and those that use no option, have no choice.

    Parameters
    ----------
    problem : Problem
        The week.
    session : PlannedSession
        One of its sessions.
    code : int
        Its code.
    held : bool array, shape (requests,)
        Visits that stay where they are.
    """
    options, found = problem.options, []
    for request, time in zip(session.requests.tolist(), session.times.tolist(), strict=True):
        at = round(time / session.grid)
        rows = np.arange(problem.offset[request], problem.offset[request + 1])
        rows = rows[(options.session[rows] == code) & (options.others[rows] < 0).all(axis=1)]
        own = tuple(
            zip(*(column[rows].tolist() for column in (options.earliest, options.latest, options.cost)), strict=True)
        )
        used = any(first <= at <= last for first, last, _ in own)
        found.append(own if used and not held[request] else ((at, at, 0),))
    return tuple(found)


class Arranging:
    """Search for an order of one session's visits, all judged on the same scenarios.

    Parameters
    ----------
    session : PlannedSession
        In the order that it has.
    ranges : tuple of tuple of Range
        Of its visits: see :func:`ranges_of`.
    costs : Costs
        Of a minute, in points.
    fits : callable
        Whether visits in an order at these cells find the pools that they need.
    """

    def __init__(
        self, session: PlannedSession, ranges: tuple[tuple[Range, ...], ...], costs: Costs,
        fits: Callable[[Ints, Ints], bool],
    ) -> None:  # fmt: skip
        self.session, self.ranges, self.costs, self.fits = session, ranges, costs, fits
        self._prices = np.array([costs.waiting, costs.idle, costs.overtime], float)
        self._slope = np.empty(len(session.requests))

    def arranged(self, starts: Ints) -> Arranged:
        """The best order found, from the present one with visits at these cells.

        Two visits are exchanged, or one is put elsewhere, each with the minutes that it was given; what saves most is
        kept. Then the minutes of that order are chosen anew, and so on until nothing saves.
        """
        now = self._at(np.arange(len(starts)), starts)
        tried = self._by_variance(now)
        if tried is not None and tried.cost < now.cost - _LEAST * now.cost:
            now = tried
        now = self._timed(now)
        while True:
            better = self._exchanged(now)
            if better is now:
                return now
            now = self._timed(better)

    def _by_variance(self, now: Arranged) -> Arranged | None:
        """Visits sorted by the variance of their minutes."""
        session = self.session
        variance = session.scenarios.service.var(axis=0)
        return self._laid(now, np.argsort(variance, kind="stable"))

    def _exchanged(self, now: Arranged) -> Arranged:
        """Exchange and move visits, taking each that saves, until one round of all saves nothing."""
        best, since, moves = now, 0, list(_moves(len(now.order)))
        while since < len(moves):
            for move in moves:
                since += 1
                tried = self._laid(best, move(best.order))
                if tried is not None and tried.cost < best.cost - _LEAST * best.cost:
                    if self._fits(tried):
                        best, since = tried, 0
                if since >= len(moves):
                    break
        return best

    def _fits(self, tried: Arranged) -> bool:
        return self.fits(tried.order, tried.starts)

    def _laid(self, like: Arranged, order: Ints) -> Arranged | None:
        """Another order, in which each visit has as many cells to the next as it was given; None if that cannot be."""
        session = self.session
        given = np.empty(len(order), np.int64)
        given[like.order[:-1]] = np.diff(like.starts)
        last = like.order[-1]
        given[last] = session.shortest[last]
        wanted = free = int(like.starts[0])
        starts, before = [], session.before.tolist()
        for place, visit in enumerate(order.tolist()):
            if place:
                free += before[visit]
            start = _soonest(self.ranges[visit], max(wanted, free), free)
            if start is None:
                return None
            starts.append(start)
            wanted += int(given[visit])
            free = start + int(session.shortest[visit]) + int(session.after[visit])
        return self._at(order, np.array(starts, np.int64))

    def _at(self, order: Ints, starts: Ints) -> Arranged:
        """An order at stated cells, with its cost."""
        session, drawn = self.session, self.session.scenarios
        minutes = mean_cost(
            starts * float(session.grid), drawn.service[:, order], drawn.came[:, order], drawn.delay[:, order],
            self._prices, session.start, session.end, self._slope,
        )  # fmt: skip
        points = sum(_points(self.ranges[v], s) for v, s in zip(order.tolist(), starts.tolist(), strict=True))
        return Arranged(order, starts, minutes + points)

    def _timed(self, now: Arranged) -> Arranged:
        """The same order at its best times, where they fit and are better."""
        found = self._at(now.order, self.in_order(now).best_cells(self.costs))
        return found if found.cost < now.cost and self._fits(found) else now

    def in_order(self, now: Arranged) -> PlannedSession:
        """The session in that order, at those times."""
        own = [_range(self.ranges[v], s) for v, s in zip(now.order.tolist(), now.starts.tolist(), strict=True)]
        earliest, latest, _ = (np.array(column, np.int64) * float(self.session.grid) for column in zip(*own))
        return self.session.in_order(now.order, now.starts * float(self.session.grid), earliest, latest)


def _moves(visits: int) -> Iterator[Callable[[Ints], Ints]]:
    """Exchanges of two visits, close ones first, then moves of one visit elsewhere."""
    def exchange(one: int, other: int) -> Callable[[Ints], Ints]:
        def exchanged(order: Ints) -> Ints:
            new = order.copy()
            new[[one, other]] = order[[other, one]]
            return new
        return exchanged
    def move(one: int, place: int) -> Callable[[Ints], Ints]:
        return lambda order: np.insert(np.delete(order, one), place, order[one])
    for apart in range(1, visits):
        for one in range(visits - apart):
            yield exchange(one, one + apart)
    for one in range(visits):
        for place in range(visits):
            if abs(place - one) > 1:
                yield move(one, place)


def _soonest(ranges: tuple[Range, ...], wanted: int, free: int) -> int | None:
    """The start closest to what is wanted, not before `free`: at it or later, else the last before it."""
    best, distance = None, 0
    for first, last, _ in ranges:
        start = max(first, min(wanted, last))
        if start >= free and (best is None or abs(start - wanted) < distance):
            best, distance = start, abs(start - wanted)
    return best


def _range(ranges: tuple[Range, ...], start: int) -> Range:
    return next(own for own in ranges if own[0] <= start <= own[1])


def _points(ranges: tuple[Range, ...], start: int) -> int:
    return _range(ranges, start)[2]
