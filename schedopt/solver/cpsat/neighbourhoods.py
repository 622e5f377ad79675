"""Which pieces of a week to solve anew: a few related sessions, and who is free to use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.couplings import Companions
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.known import across
from schedopt.solver.params import DEFAULTS, PieceParams
from schedopt.solver.search.scale import usual_price

NOBODY = np.zeros(0, np.int64)
"""No requests."""


@dataclass(frozen=True)
class Piece:
    """Some sessions, the requests that are free to use them, and their options there."""

    sessions: Ints
    free: Ints
    rows: Ints


class Neighbourhoods:
    """Chooses pieces of a week.

    Parameters
    ----------
    problem : Problem
        The week.
    seed : int
        Of the random generator.
    excess : float array, shape (options,)
        Points, 0 or more, that an option seems to cost above the best of its request; sessions are related by options
        that are not dear.
    params : PieceParams
        How often a request gets a piece of its own, and what related means.

    Attributes
    ----------
    turns : float array, shape (requests,)
        Pieces of its own that each request has had.
    """

    def __init__(
        self, problem: Problem, seed: int, excess: Floats, params: PieceParams = DEFAULTS.pieces
    ) -> None:  # fmt: skip
        self._problem, self._params = problem, params
        self._rng = np.random.default_rng(seed)
        self._excess = excess
        self._usual = usual_price(problem)
        options = problem.options
        self._by_session = np.argsort(options.session, kind="stable")
        self._edges = np.searchsorted(options.session[self._by_session], np.arange(len(problem.week.sessions) + 1))
        self._used = np.flatnonzero(np.diff(self._edges))
        self.turns = np.zeros(len(problem.week.requests))

    def choose(self, schedule: Schedule, size: int, busy: Flags, taken: Flags) -> Piece | None:
        """A piece of about so many requests that touches neither busy sessions nor taken requests, or None."""
        open_sessions = self._used[~busy[self._used]]
        if not len(open_sessions):
            return None
        sessions: list[int] = []
        count = 0
        held = np.bincount(schedule.session[schedule.session >= 0], minlength=len(busy))
        for session in self._related(int(self._rng.choice(open_sessions)), schedule):
            if busy[session]:
                continue
            sessions.append(session)
            count += max(1, int(held[session]))
            if count >= size * 0.75:
                break
        return self._piece(np.array(sessions, np.int64), schedule, size, taken)

    def choose_for_one(
        self, schedule: Schedule, size: int, busy: Flags, taken: Flags, *, last: bool
    ) -> Piece | None:  # fmt: skip
        """A piece around one request that is left out, the dearest first and then in turn, or None.

        It has the session of one of the request's options, those of whom the request is tied to, and related ones. A
        request of the usual price gets so many; `last` says that there will be time for nothing else.
        """
        waiting = np.flatnonzero((schedule.session < 0) & (np.diff(self._problem.offset) > 0) & ~taken)
        worth = self._problem.left_out[waiting] / (1 + self.turns[waiting])
        if not len(waiting) or (worth.max() < self._usual / self._params.often and not last):
            return None
        request = int(waiting[np.argmax(worth)])
        self.turns[request] += 1
        tied = self._companions.of(request)
        sessions, count = list[int](), 0
        held = np.bincount(schedule.session[schedule.session >= 0], minlength=len(busy))
        for session in self._around(request, tied, schedule):
            if session in sessions:
                continue
            if busy[session]:
                if schedule.session[tied].tolist().count(session):
                    return None
                continue
            sessions.append(session)
            count += max(1, int(held[session]))
            if count >= size:
                break
        if not sessions:
            return None
        return self._piece(np.array(sessions, np.int64), schedule, size, taken, np.append(tied, request))

    @cached_property
    def _companions(self) -> Companions:
        problem = self._problem
        return Companions(problem.week, across(problem), problem.options.placements)

    def _around(self, request: int, tied: Ints, schedule: Schedule) -> Iterator[int]:
        """Sessions of those tied to a request, of one of its options and its like, then of its other options."""
        problem, sessions = self._problem, self._problem.week.sessions
        yield from np.unique(schedule.session[tied][schedule.session[tied] >= 0]).tolist()
        rows = np.arange(problem.offset[request], problem.offset[request + 1])
        pull = np.exp(-self._excess[rows] / max(1.0, 4 * self._params.pull * self._usual)) + 0.05
        order = rows[np.argsort(-pull * self._rng.random(len(rows)))]
        chosen = int(problem.options.session[order[0]])
        yield chosen
        steps = problem.week.steps
        if any(steps.needs[int(steps.offset[request]) : int(steps.offset[request + 1])]):
            there = (sessions.site == sessions.site[chosen]) & (sessions.day == sessions.day[chosen])
            yield from self._rng.permutation(np.flatnonzero(there)).tolist()
        for other in tied[schedule.session[tied] < 0].tolist():
            rows = np.arange(problem.offset[other], problem.offset[other + 1])
            yield from problem.options.session[rows[np.argsort(self._excess[rows])[:2]]].tolist()
        if self._rng.integers(2):
            yield from problem.options.session[order].tolist()
        else:
            yield from self._wanted_too(chosen, schedule, left_out_only=False).tolist()

    def _related(self, session: int, schedule: Schedule) -> Iterator[int]:
        """The session itself, then others: of its provider, of its site and day, or wanted by the same requests."""
        sessions, rng = self._problem.week.sessions, self._rng
        yield session
        kind = rng.integers(4)
        if kind == 0:
            others = np.flatnonzero(sessions.provider == sessions.provider[session])
        elif kind == 1:
            others = np.flatnonzero((sessions.site == sessions.site[session]) & (sessions.day == sessions.day[session]))
        else:
            others = self._wanted_too(session, schedule, left_out_only=kind == 2)
        for other in rng.permutation(others).tolist() if kind < 2 else others.tolist():
            if other != session:
                yield other

    def _wanted_too(self, session: int, schedule: Schedule, *, left_out_only: bool) -> Ints:
        """Sessions by how well this one's requests would do there, with some chance mixed in."""
        options, offset = self._problem.options, self._problem.offset
        here = np.unique(options.request[self._rows_of(session)])
        inside = schedule.session[here] < 0 if left_out_only else schedule.session[here] == session
        chosen = here[inside] if inside.any() else here
        rows = np.concatenate([np.arange(offset[r], offset[r + 1]) for r in chosen.tolist()])
        pull = np.exp(-self._excess[rows] / max(1.0, self._params.pull * self._usual))
        other, number = np.unique(options.session[rows], return_inverse=True)
        weight = np.bincount(number, weights=pull)
        return other[np.argsort(-weight * self._rng.random(len(other)))]

    def _rows_of(self, session: int) -> Ints:
        return self._by_session[self._edges[session] : self._edges[session + 1]]

    def _piece(
        self, sessions: Ints, schedule: Schedule, size: int, taken: Flags, wanted: Ints = NOBODY
    ) -> Piece | None:
        """A piece of these sessions; `wanted` are in it where they are left out, whatever its size."""
        options = self._problem.options
        rows = np.sort(np.concatenate([self._rows_of(s) for s in sessions.tolist()]))
        candidates = np.unique(options.request[rows])
        visits = candidates[np.isin(schedule.session[candidates], sessions)]
        waiting = candidates[(schedule.session[candidates] < 0) & ~taken[candidates]]
        most = max(4, size - len(visits))
        if len(waiting) > most:
            weight = self._problem.left_out[waiting] * self._rng.random(len(waiting))
            weight[np.isin(waiting, wanted)] = np.inf
            waiting = waiting[np.argsort(-weight)[:most]]
        free = np.sort(np.concatenate([visits, waiting]))
        if taken[visits].any() or len(free) < 2:
            return None
        return Piece(sessions, free, rows[np.isin(options.request[rows], free)])
