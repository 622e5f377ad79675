"""Large neighbourhoods: free a few related sessions, keep the rest, and let CP-SAT find the best for them."""

from __future__ import annotations

import math
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from schedopt.arrays import Flags, Floats
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.cpsat.model import WORK, Effort, PieceModel, make_solver
from schedopt.solver.cpsat.neighbourhoods import Neighbourhoods, Piece
from schedopt.solver.params import DEFAULTS, PieceParams
from schedopt.solver.search.track import Track

BUILDING = 0.02
"""Seconds that count for making the model of a piece, where time is counted in work."""


@dataclass(frozen=True)
class _SolvedPiece:
    schedule: Schedule | None
    closed: bool
    work: float = 0.0


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
    params : PieceParams
        Sizes and times.

    Attributes
    ----------
    size : float
        Requests of the next piece, about.
    work : float
        Seconds of work of all pieces so far, as they count where time is counted in work.
    """

    problem: Problem
    track: Track
    workers: int
    seed: int
    deterministic: bool
    excess: Floats
    params: PieceParams = DEFAULTS.pieces
    size: float = field(init=False)
    work: float = field(init=False, default=0.0)
    _number: int = 0
    _choose: Neighbourhoods = field(init=False)
    _solvers: set[cp_model.CpSolver] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._choose = Neighbourhoods(self.problem, self.seed, self.excess, self.params)
        self.size = self.params.start

    def run(self, pieces: int | None = None, *, work: float | None = None, final: bool = False) -> None:
        """Improve until time is over, or until so many more pieces are solved or so many more seconds counted.

        `final` says that nothing follows.
        """
        busy = np.zeros(len(self.problem.week.sessions), bool)
        taken = np.zeros(len(self.problem.week.requests), bool)
        running: deque[tuple[Piece, Schedule, Future[_SolvedPiece]]] = deque()
        last, failed = None if pieces is None else self._number + pieces, 0
        ends = math.inf if work is None else self.work + work
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                while failed < 50 and not self.track.closed and self.track.left() > 0:
                    if self._number == last or self.work >= ends:
                        break
                    piece = self._next(busy, taken, ends=final and self._ends(ends))
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

    def _ends(self, ends: float) -> bool:
        """Whether the time, or what may be counted, is nearly over."""
        ending = min(self.params.ending * self.track.limit, self.params.most_ending)
        return (ends - self.work) / self.workers < ending if self.deterministic else self.track.left() < ending

    def _next(self, busy: Flags, taken: Flags, *, ends: bool) -> Piece | None:
        """One piece in some, and at the end each, is for somebody who is left out; the others are for all."""
        now, size = self.track.best, round(self.size)
        piece = None
        if ends or self._number % self.params.own == 0:
            piece = self._choose.choose_for_one(now, max(size, self.params.start), busy, taken, last=ends)
        return piece or self._choose.choose(now, size, busy, taken)

    def stop(self) -> None:
        """End all solving now."""
        with self._lock:
            for solver in self._solvers:
                solver.stop_search()

    def _solve(self, piece: Piece, base: Schedule, number: int) -> _SolvedPiece:
        most = self.params.seconds
        seconds = WORK * min(most, self.track.limit) if self.deterministic else min(most, self.track.left())
        if seconds <= 0 or self.track.stopped.is_set():
            return _SolvedPiece(None, False)
        model = PieceModel(self.problem, base.without(self.problem.week, piece.free), piece.rows, piece.free)
        model.hint(base)
        solver = make_solver(Effort(seconds, self.deterministic, self.seed + number))
        with self._lock:
            if self.track.stopped.is_set():
                return _SolvedPiece(None, False)
            self._solvers.add(solver)
        status = solver.solve(model.model)
        with self._lock:
            self._solvers.discard(solver)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        work = solver.response_proto.deterministic_time / WORK
        return _SolvedPiece(model.read(solver) if found else None, status == cp_model.OPTIMAL, work)

    def _take(
        self, piece: Piece, base: Schedule, answer: Future[_SolvedPiece], busy: Flags, taken: Flags
    ) -> None:  # fmt: skip
        """Put an answer into the schedule of now, which other pieces may have changed elsewhere."""
        result = answer.result()
        self.work += result.work + BUILDING
        busy[piece.sessions], taken[piece.free] = False, False
        params = self.params
        size = self.size * (params.grow if result.closed else params.shrink)
        self.size = float(np.clip(size, params.smallest, params.largest))
        if result.schedule is None:
            return
        self.track.offer(self.track.best.taking(self.problem.week, piece.free, result.schedule))


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
        Longest time; with `deterministic`, of work that takes about as long on a fast core.
    deterministic : bool
        Count work.
    """
    everybody = np.arange(len(problem.week.requests))
    outside = track.best.without(problem.week, everybody)
    model = PieceModel(problem, outside, np.arange(len(problem.options)), everybody)
    model.hint(track.best)
    solver = make_solver(Effort(WORK * seconds if deterministic else seconds, deterministic, seed, workers))
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
