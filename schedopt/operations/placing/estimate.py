"""About how many points a plan loses at each time: for each visit in the way, the cheapest other place it has now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.answers.desk.desk import Desk
from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.couplings.pools import pool_usage, pool_uses
from schedopt.models.problem.holds import every_hold
from schedopt.models.problem.plan import Plan
from schedopt.operations.placing.starts import Starts
from schedopt.operations.placing.values import Task


@dataclass(frozen=True)
class _Elsewhere:
    """Other places of one visit, the cheapest first.

    Attributes
    ----------
    provider, site : int array
        Codes.
    first, last : int array
        First cell for which the provider is held, and cell after the last.
    points : int array
        How much more than the visit costs now.
    left_out : int
        How much more it costs to leave it out.
    """

    provider: Ints
    site: Ints
    first: Ints
    last: Ints
    points: Ints
    left_out: int


class Estimates:
    """A plan, prepared once to be asked about what a time is worth.

    Parameters
    ----------
    plan : Plan
        Breaks no rule.
    """

    def __init__(self, plan: Plan) -> None:
        week, schedule = plan.problem.week, plan.assignment
        self.desk = Desk(plan)
        self._week, self._schedule = week, schedule
        self._holds = every_hold(week, schedule)
        self._step, self._pool, self._first, self._last = pool_uses(week, schedule)
        self._used = pool_usage(week, schedule)
        self._there = week.pools.available(week.calendar.num_cells)
        self._known: dict[int, _Elsewhere] = {}

    def points(self, task: Task, starts: Starts) -> tuple[Floats, Flags]:
        """Points lost at each start, about, and which visits are in the way; shapes (starts,), (starts, requests)."""
        share = self._in_the_way(task, starts)
        lost = np.zeros(len(starts))
        for request in np.flatnonzero(share.any(axis=0)).tolist():
            hit = np.flatnonzero(share[:, request])
            lost[hit] += share[hit, request] * self._elsewhere(request, task, starts.take(hit))
        return lost, share > 0

    def _in_the_way(self, task: Task, starts: Starts) -> Floats:
        """How surely each visit has to leave; 1 where there is no choice."""
        week = self._week
        first, last = starts.span(week)
        share = np.zeros((len(starts), len(week.requests)))
        for provider in task.providers:
            mine = week.sessions.provider[self._holds.session] == week.sessions.provider_ids.index(provider)
            self._hits(share, (first, last), self._holds.request[mine], self._holds.start[mine], self._holds.end[mine])
        begin, end = self._schedule.span(week)
        for site in task.sites:
            placed = self._schedule.placed
            here = placed[week.sessions.site[self._schedule.session[placed]] == week.sessions.site_ids.index(site)]
            self._hits(share, (first, last), here, begin[here], end[here])
        for taken in task.pools:
            code = week.pools.ids.index(taken.pool)
            mine = self._pool == code
            who = week.steps.request[self._step[mine]]
            if taken.units is None:
                self._hits(share, (first, last), who, self._first[mine], self._last[mine])
            else:
                self._crowds(share, (first, last), code, taken.units)
        return share

    @staticmethod
    def _hits(share: Floats, span: tuple[Ints, Ints], who: Ints, begin: Ints, end: Ints) -> None:
        """Whoever overlaps has to leave."""
        first, last = span
        meets = (begin[None, :] < last[:, None]) & (first[:, None] < end[None, :])
        row, column = np.nonzero(meets)
        share[row, who[column]] = 1.0

    def _crowds(self, share: Floats, span: tuple[Ints, Ints], pool: int, units: int) -> None:
        """Of those who use a pool while it has too few units, as many have to leave as there are too few."""
        first, last = span
        used, there = self._used[pool], self._there[pool]
        part = np.clip(used + units - there, 0, used) / np.maximum(used, 1)
        for use in np.flatnonzero(self._pool == pool).tolist():
            request = int(self._week.steps.request[self._step[use]])
            for cell in range(int(self._first[use]), int(self._last[use])):
                if part[cell]:
                    inside = (first <= cell) & (cell < last)
                    share[inside, request] = np.maximum(share[inside, request], part[cell])

    def _elsewhere(self, request: int, task: Task, starts: Starts) -> Floats:
        """Points of the cheapest way out for a visit, at each start."""
        if request not in self._known:
            self._known[request] = self._places(request)
        other, week = self._known[request], self._week
        first, last = starts.span(week)
        taken = np.isin(other.provider, [week.sessions.provider_ids.index(name) for name in task.providers])
        sites = {week.sessions.site_ids.index(site) for site in task.sites}
        sites |= {int(week.pools.site[week.pools.ids.index(pool.pool)]) for pool in task.pools}
        taken |= np.isin(other.site, list(sites))
        meets = (other.first[None, :] < last[:, None]) & (first[:, None] < other.last[None, :])
        fits = ~(meets & taken[None, :])
        if not fits.shape[1]:
            return np.full(len(starts), float(other.left_out))
        best = np.where(fits.any(axis=1), other.points[fits.argmax(axis=1)], other.left_out)
        return np.minimum(best, other.left_out).astype(float)

    def _places(self, request: int) -> _Elsewhere:
        """Where a visit could go while all others stay."""
        week, options, places = self._week, self.desk.problem.options, self.desk.places(request)
        session = options.session[places.row]
        mine = (session == self._schedule.session[request]) & (places.start == self._schedule.start(week)[request])
        now = int(places.added[mine].min()) if mine.any() else 0
        order = np.flatnonzero(~mine)
        order = order[np.argsort(places.added[order], kind="stable")]
        session, start = session[order], places.start[order]
        first = start - week.requests.buffer_before[request] - week.lead[request]
        length = week.length_of(np.full(len(session), request), session)
        last = start + length + week.requests.buffer_after[request] + week.lag[request]
        return _Elsewhere(
            week.sessions.provider[session], week.sessions.site[session], first, last, places.added[order] - now,
            int(self.desk.problem.left_out[request]) - now,
        )  # fmt: skip
