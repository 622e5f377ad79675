"""Annealing in rounds, on compiled arrays alone: of a whole week, or of a part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.solver.params import AnnealingParams
from schedopt.solver.search.anneal import anneal
from schedopt.solver.search.grid import CELLS_A_DAY, DAY, LEFT_OUT, SESSION, SITE, STEPS, Grid, WeekTables

HERE = 0
"""Number of the first thread."""
NOBODY = -1
"""In place of a thread: no thread may move this."""


@dataclass(frozen=True)
class AnnealingState:
    """What annealing works on.

    Attributes
    ----------
    tables, grid : WeekTables, Grid
        Compiled arrays; the grid holds a schedule and is changed in place.
    movable : bool array, shape (requests,)
        Which requests may be moved: those that are not fixed and have an option.
    coupled : bool array, shape (requests,)
        Requests that are tied to requests at other sites or on other days.
    weight : float array, shape (options,)
        How often to draw an option among those of its request, as sums of the weights up to and with it.
    usual : float
        The usual price of leaving a request out, in points.
    params : AnnealingParams
        How many moves a round has, and how often dear requests are tried.
    """

    tables: WeekTables
    grid: Grid
    movable: Flags
    coupled: Flags
    weight: Floats
    usual: float
    params: AnnealingParams


@dataclass(frozen=True)
class _Share:
    """What one thread may move in one round."""

    thread: int
    members: Ints
    waiting: Ints
    seed: Ints


class Rounds:
    """Annealing by threads that each have their own part of the grid; parts are drawn anew each round.

    Parameters
    ----------
    state : AnnealingState
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
        Moves made so far, on all threads.
    """

    def __init__(self, state: AnnealingState, workers: int, seed: int | Sequence[int]) -> None:
        self._state = state
        self._workers = workers
        self._rng = np.random.default_rng(seed)
        self._steps = int(np.diff(state.tables.request[:, STEPS]).max(initial=1))
        self._change = 0
        self.gain = self.moves = 0
        self.best = state.grid.row.copy(), state.grid.step_start.copy()

    def round(self, run: Callable[[Callable[[_Share], int], Iterable[_Share]], Iterable[int]], heat: float) -> None:
        """Make a number of moves on every thread.

        Parameters
        ----------
        run : callable
            Runs a function on every share: the built-in ``map``, or that of a pool of threads.
        heat : float
            The temperature, in points.
        """
        state = self._state
        shares, mine, open_session = self._deal()
        moves = state.params.moves_a_round

        def work(share: _Share) -> int:
            return int(
                anneal(
                    state.tables, state.grid, share.members, share.waiting, mine, open_session, share.thread, heat,
                    moves, share.seed, self._steps, state.weight,
                )
            )  # fmt: skip

        self._change += sum(run(work, shares))
        self.moves += moves * len(shares)
        if -self._change > self.gain:
            self.gain, self.best = -self._change, (state.grid.row.copy(), state.grid.step_start.copy())

    def _deal(self) -> tuple[list[_Share], Ints, Ints]:
        """Deal sessions, and the requests that are in them or left out, to the threads.

        No two threads may use the same pool or fill roles from the same sessions, so a site's sessions of one day stay
        together. Requests that are tied to others at other sites or on other days go to the first thread, or to nobody
        while they are placed in sessions of another thread.
        """
        tables, grid, threads = self._state.tables, self._state.grid, self._workers
        site, day = tables.session[:, SITE], tables.session[:, DAY]
        num_sites, num_days = len(tables.pool_at), grid.pool_free.shape[1] // int(tables.weights[CELLS_A_DAY])
        cell = day * num_sites + site
        if threads == 1:
            open_session = np.zeros(len(tables.session), np.int64)
        elif num_sites >= 2 * threads and self._rng.random() < 0.5:
            open_session = self._spread(num_sites)[site]
        elif self._rng.random() < 0.8:
            open_session = self._spread(num_days)[day]
        else:
            open_session = self._spread(int(cell.max(initial=0)) + 1)[cell]
        placed = grid.row >= 0
        where = open_session[tables.option[np.where(placed, grid.row, 0), SESSION]]
        mine = np.where(placed, where, self._rng.integers(0, threads, len(placed)))
        away = self._state.coupled & placed & (mine != HERE)
        mine = np.where(self._state.coupled, HERE, mine)
        mine[away | ~self._state.movable] = NOBODY
        shares = []
        for thread in range(threads):
            members = np.flatnonzero(mine == thread)
            if len(members):
                shares.append(_Share(thread, members, self._waiting(members), self._rng.integers(1, 2**62, 1)))
        return shares, mine, open_session

    def _waiting(self, members: Ints) -> Ints:
        r"""Those left out, the dearer ones several times.

        Request :math:`r` is there :math:`\min(m, \max(1, u_r / u))` times, rounded, with :math:`u_r` the points of
        leaving it out, :math:`u` the usual price of leaving out and :math:`m` the parameter `most_often`.
        """
        out = members[self._state.grid.row[members] < 0]
        often = self._state.tables.request[out, LEFT_OUT] / max(1.0, self._state.usual)
        return np.repeat(out, np.clip(np.rint(often), 1, self._state.params.most_often).astype(np.int64))

    def _spread(self, count: int) -> Ints:
        """The thread of each of so many things, dealt evenly and at random."""
        return self._rng.permutation(np.arange(count) % self._workers)
