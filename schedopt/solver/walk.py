"""Annealing in rounds, on compiled arrays alone: of a whole week, or of a part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.models.week import Flags, Ints
from schedopt.solver.anneal import anneal
from schedopt.solver.grid import DAY, LEFT_OUT, SESSION, SITE, STEPS, Fixed, Grid
from schedopt.solver.shapes import Floats

MOVES = 30_000
"""Moves of one worker between two looks at the clock."""
MOST_OFTEN = 10
"""How many times more often a dear request that is left out is tried than a cheap one."""
HERE = 0
"""Number of the first thread."""
NOBODY = -1
"""In place of a thread: what none of them may touch."""


@dataclass(frozen=True)
class Board:
    """What annealing works on.

    Attributes
    ----------
    fixed, grid : Fixed, Grid
        Compiled arrays; the grid holds a schedule and is changed in place.
    movable : bool array, shape (requests,)
        Who may be moved: not fixed, and with an option.
    coupled : bool array, shape (requests,)
        Whose place bears on others in other sessions.
    weight : float array, shape (options,)
        How often to try an option, among its request's: sums of the weights up to and with it.
    usual : float
        The usual price of leaving a request out, in points.
    """

    fixed: Fixed
    grid: Grid
    movable: Flags
    coupled: Flags
    weight: Floats
    usual: float


@dataclass(frozen=True)
class _Share:
    """What one thread may touch in one round."""

    thread: int
    members: Ints
    waiting: Ints
    seed: Ints


class Walk:
    """Annealing by threads that each have their own part of a board; parts are drawn anew each round.

    Parameters
    ----------
    board : Board
        Its grid changes.
    workers : int
        Threads.
    seed : int or sequence of int
        Of the random generator.

    Attributes
    ----------
    gain : int
        Points that the best schedule seen at the end of a round saves of what the first one cost.
    best : tuple of two int arrays
        That schedule: the option by which each request is placed, or -1, and the cell in which each step starts.
    moves : int
        How many were made, on all threads.
    """

    def __init__(self, board: Board, workers: int, seed: int | Sequence[int]) -> None:
        self._board = board
        self._workers = workers
        self._rng = np.random.default_rng(seed)
        self._steps = int(np.diff(board.fixed.request[:, STEPS]).max(initial=1))
        self._change = 0
        self.gain = self.moves = 0
        self.best = board.grid.row.copy(), board.grid.step_start.copy()

    def round(self, run: Callable[[Callable[[_Share], int], Iterable[_Share]], Iterable[int]], heat: float) -> None:
        """Make a number of moves on every thread.

        Parameters
        ----------
        run : callable
            Runs a function on every share: the built-in ``map``, or that of a pool of threads.
        heat : float
            The temperature, in points.
        """
        board = self._board
        shares, mine, open_session = self._deal()

        def work(share: _Share) -> int:
            return int(
                anneal(
                    board.fixed, board.grid, share.members, share.waiting, mine, open_session, share.thread, heat,
                    MOVES, share.seed, self._steps, board.weight,
                )
            )  # fmt: skip

        self._change += sum(run(work, shares))
        self.moves += MOVES * len(shares)
        if -self._change > self.gain:
            self.gain, self.best = -self._change, (board.grid.row.copy(), board.grid.step_start.copy())

    def _deal(self) -> tuple[list[_Share], Ints, Ints]:
        """Deal sessions, and the requests that are in them or left out, to the threads.

        Threads may not meet in a pool, so a site's sessions of one day stay together. Requests that bear on
        visits in other sessions go to the first thread, or to nobody while they are placed elsewhere.
        """
        fixed, grid, threads = self._board.fixed, self._board.grid, self._workers
        site, day = fixed.session[:, SITE], fixed.session[:, DAY]
        num_sites, num_days = len(fixed.pool_at), grid.pool_free.shape[1] // int(fixed.weights[3])
        cell = day * num_sites + site
        if threads == 1:
            open_session = np.zeros(len(fixed.session), np.int64)
        elif num_sites >= 2 * threads and self._rng.random() < 0.5:
            open_session = self._spread(num_sites)[site]
        elif self._rng.random() < 0.8:
            open_session = self._spread(num_days)[day]
        else:
            open_session = self._spread(int(cell.max(initial=0)) + 1)[cell]
        placed = grid.row >= 0
        where = open_session[fixed.option[np.where(placed, grid.row, 0), SESSION]]
        mine = np.where(placed, where, self._rng.integers(0, threads, len(placed)))
        away = self._board.coupled & placed & (mine != HERE)
        mine = np.where(self._board.coupled, HERE, mine)
        mine[away | ~self._board.movable] = NOBODY
        shares = []
        for thread in range(threads):
            members = np.flatnonzero(mine == thread)
            if len(members):
                shares.append(_Share(thread, members, self._waiting(members), self._rng.integers(1, 2**62, 1)))
        return shares, mine, open_session

    def _waiting(self, members: Ints) -> Ints:
        """Those left out, each as often as it is dearer than the usual price of leaving out, up to a limit."""
        out = members[self._board.grid.row[members] < 0]
        often = self._board.fixed.request[out, LEFT_OUT] / max(1.0, self._board.usual)
        return np.repeat(out, np.clip(np.rint(often), 1, MOST_OFTEN).astype(np.int64))

    def _spread(self, count: int) -> Ints:
        """Deal so many things evenly to the threads."""
        return self._rng.permutation(np.arange(count) % self._workers)
