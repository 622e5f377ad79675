"""Large neighbourhoods: free a few related sessions, keep the rest, and let CP-SAT find the best for them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Flags, Ints
from schedopt.solver.model import Effort, PieceModel, make_solver
from schedopt.solver.shapes import Floats
from schedopt.solver.track import Track

SECONDS = 1.5
"""Longest time for one piece."""
SMALLEST, START, LARGEST = 12, 30, 150
"""Requests in a piece: never fewer, at first, never more."""
PULL = 0.03
"""Points of excess, as a share of the usual price of leaving out, that make a session less related by a factor of e."""
GROW, SHRINK = 1.1, 0.85
"""What a piece's size is multiplied by after one that was solved to the end, and after one that was not."""


@dataclass(frozen=True)
class Piece:
    """Some sessions, the requests that are free to use them, and their options there."""

    sessions: Ints
    free: Ints
    rows: Ints


@dataclass(frozen=True)
class _Answer:
    schedule: Schedule | None
    closed: bool


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
    """

    def __init__(self, problem: Problem, seed: int, excess: Floats) -> None:
        self._problem = problem
        self._rng = np.random.default_rng(seed)
        self._excess = excess
        self._usual = float(np.median(problem.left_out)) if len(problem.left_out) else 0.0
        options = problem.options
        self._by_session = np.argsort(options.session, kind="stable")
        self._edges = np.searchsorted(options.session[self._by_session], np.arange(len(problem.week.sessions) + 1))
        self._used = np.flatnonzero(np.diff(self._edges))

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
        pull = np.exp(-self._excess[rows] / max(1.0, PULL * self._usual))
        other, number = np.unique(options.session[rows], return_inverse=True)
        weight = np.bincount(number, weights=pull)
        return other[np.argsort(-weight * self._rng.random(len(other)))]

    def _rows_of(self, session: int) -> Ints:
        return self._by_session[self._edges[session] : self._edges[session + 1]]

    def _piece(self, sessions: Ints, schedule: Schedule, size: int, taken: Flags) -> Piece | None:
        options = self._problem.options
        rows = np.sort(np.concatenate([self._rows_of(s) for s in sessions.tolist()]))
        candidates = np.unique(options.request[rows])
        visits = candidates[np.isin(schedule.session[candidates], sessions)]
        waiting = candidates[(schedule.session[candidates] < 0) & ~taken[candidates]]
        most = max(4, size - len(visits))
        if len(waiting) > most:
            weight = self._problem.left_out[waiting] * self._rng.random(len(waiting))
            waiting = waiting[np.argsort(-weight)[:most]]
        free = np.sort(np.concatenate([visits, waiting]))
        if taken[visits].any() or len(free) < 2:
            return None
        return Piece(sessions, free, rows[np.isin(options.request[rows], free)])


@dataclass
class PieceSearch:
    """Solves piece after piece, several at a time; answers are taken in the order in which pieces were chosen.

    So the same seed gives the same schedule where effort is counted in work, whatever thread ends first.

    Parameters
    ----------
    problem : Problem
        The week.
    track : Track
        Holds the schedule that pieces are cut from, and takes better ones.
    workers : int
        Pieces at a time.
    seed : int
        Of the random generators.
    deterministic : bool
        Count effort in work.
    excess : float array, shape (options,)
        See :class:`Neighbourhoods`.
    """

    problem: Problem
    track: Track
    workers: int
    seed: int
    deterministic: bool
    excess: Floats
    size: float = START
    _number: int = 0
    _choose: Neighbourhoods = field(init=False)
    _solvers: set[cp_model.CpSolver] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._choose = Neighbourhoods(self.problem, self.seed, self.excess)

    def run(self, pieces: int | None = None) -> None:
        """Improve until time is over, or until so many more pieces are solved."""
        busy = np.zeros(len(self.problem.week.sessions), bool)
        taken = np.zeros(len(self.problem.week.requests), bool)
        running: deque[tuple[Piece, Schedule, Future[_Answer]]] = deque()
        last, failed = None if pieces is None else self._number + pieces, 0
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                while failed < 50 and not self.track.closed and self.track.left() > 0:
                    if self._number == last:
                        break
                    piece = self._choose.choose(self.track.best, round(self.size), busy, taken)
                    if piece is None:
                        failed += 1
                        if running:
                            self._take(*running.popleft(), busy, taken)
                        continue
                    self._number, failed = self._number + 1, 0
                    busy[piece.sessions], taken[piece.free] = True, True
                    base = self.track.best
                    running.append((piece, base, pool.submit(self._solve, piece, base, self._number)))
                    if len(running) >= self.workers:
                        self._take(*running.popleft(), busy, taken)
                while running:
                    self._take(*running.popleft(), busy, taken)
            except KeyboardInterrupt:
                self.track.stopped.set()
                raise
            finally:
                self.stop()

    def stop(self) -> None:
        """End all solving now."""
        with self._lock:
            for solver in self._solvers:
                solver.stop_search()

    def _solve(self, piece: Piece, base: Schedule, number: int) -> _Answer:
        seconds = SECONDS if self.deterministic else min(SECONDS, self.track.left())
        if seconds <= 0 or self.track.stopped.is_set():
            return _Answer(None, False)
        model = PieceModel(self.problem, base.without(self.problem.week, piece.free), piece.rows, piece.free)
        model.hint(base)
        solver = make_solver(Effort(seconds, self.deterministic, self.seed + number))
        with self._lock:
            if self.track.stopped.is_set():
                return _Answer(None, False)
            self._solvers.add(solver)
        status = solver.solve(model.model)
        with self._lock:
            self._solvers.discard(solver)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return _Answer(model.read(solver) if found else None, status == cp_model.OPTIMAL)

    def _take(
        self, piece: Piece, base: Schedule, answer: Future[_Answer], busy: Flags, taken: Flags
    ) -> None:  # fmt: skip
        """Put an answer into the schedule of now, which other pieces may have changed elsewhere."""
        result = answer.result()
        busy[piece.sessions], taken[piece.free] = False, False
        self.size = float(np.clip(self.size * (GROW if result.closed else SHRINK), SMALLEST, LARGEST))
        if result.schedule is None:
            return
        steps = np.isin(self.problem.week.steps.request, piece.free)
        session, step_start = self.track.best.session.copy(), self.track.best.step_start.copy()
        session[piece.free] = result.schedule.session[piece.free]
        step_start[steps] = result.schedule.step_start[steps]
        self.track.offer(Schedule(session, step_start))


def solve_whole(
    problem: Problem, track: Track, workers: int, seed: int, *, seconds: float, deterministic: bool
) -> None:
    """The whole week as one model; best schedule and bound go to the track.

    Parameters
    ----------
    problem : Problem
        A small week.
    track : Track
        Holds a schedule to start from.
    workers : int
        Threads.
    seed : int
        Of the search.
    seconds : float
        Longest time, or work.
    deterministic : bool
        Count work.
    """
    everybody = np.arange(len(problem.week.requests))
    outside = track.best.without(problem.week, everybody)
    model = PieceModel(problem, outside, np.arange(len(problem.options)), everybody)
    model.hint(track.best)
    solver = make_solver(Effort(seconds, deterministic, seed, workers))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(solver.solve, model.model)
        try:
            status = answer.result()
        except KeyboardInterrupt:
            track.stopped.set()
            solver.stop_search()
            status = answer.result()
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        track.offer(model.read(solver))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
        track.prove(int(np.ceil(solver.best_objective_bound - 1e-6)))
