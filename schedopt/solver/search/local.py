r"""Local search over the whole week: a schedule by insertion, then annealing on all workers.

With :math:`u` the usual price of leaving a request out (:mod:`~schedopt.solver.search.scale`), the temperature when a
share :math:`d` of the annealing is done falls geometrically:

.. math:: T(d) = u \, h \, (c / h)^d, \quad 0 \le d \le 1

from the share :math:`h` of that price (`hot`, or `warm` from a schedule that was given) to the share :math:`c` (`cold`
of :class:`~schedopt.solver.params.AnnealingParams`). An option with an excess of :math:`e_o` points is drawn, among the
options of its request, with a probability that is proportional to

.. math:: w_o = \exp(-e_o / (\gamma u)) + \sigma

where :math:`\gamma` is `guide`, :math:`\sigma` is `stray`, and :math:`\gamma u` counts as at least a point.

References
----------
S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, Optimization by simulated annealing, Science 220 (1983) 671-680.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.params import DEFAULTS, AnnealingParams
from schedopt.solver.search.grid import Grid, WeekTables, coupled, empty_grid, make_tables, reprice, to_schedule
from schedopt.solver.search.group_prices import adapted, group_costs, no_prices
from schedopt.solver.search.moves import first_fit_all, insert_all, place_all
from schedopt.solver.search.rounds import AnnealingState, Rounds
from schedopt.solver.search.scale import usual_price
from schedopt.solver.search.track import Track

MOVES_PER_SECOND = 500_000
"""Moves that count as a second of one worker where time is counted in work."""


def first_fit(problem: Problem) -> Schedule:
    """What a booking system does: the dearest to leave out first, each at the earliest time that is free.

    Fixed promises are placed before everything else.

    Parameters
    ----------
    problem : Problem
        The week.

    Returns
    -------
    Schedule
    """
    tables, options = make_tables(problem), problem.options
    grid = empty_grid(problem, tables)
    rows = np.lexsort((options.cost, options.earliest, options.request))
    first_fit_all(tables, grid, insertion_order(problem), rows, _most_steps(problem))
    return to_schedule(problem, grid)


def insertion(problem: Problem, start: Schedule, wanted: Ints | None = None) -> Schedule:
    """Add to a schedule: each request, the dearest to leave out first, where it adds least to the cost.

    With `wanted`, only requests with these codes.
    """
    tables = make_tables(problem)
    grid = to_grid(problem, tables, start)
    order = insertion_order(problem)
    order = order[grid.row[order] < 0]
    order = order if wanted is None else order[np.isin(order, wanted)]
    insert_all(tables, grid, order, _most_steps(problem))
    return to_schedule(problem, grid)


def insertion_order(problem: Problem) -> Ints:
    """Fixed promises first, then requests that follow no other one, then those that follow these, and so on.

    Among those that are alike in this, the dearest to leave out comes first.
    """
    depth = np.zeros(len(problem.week.requests), np.int64)
    first, second = problem.needs
    while (depth[second] <= depth[first]).any():
        np.maximum.at(depth, second, depth[first] + 1)
    return np.lexsort((-problem.left_out, depth, ~problem.week.requests.fixed))


def _most_steps(problem: Problem) -> int:
    return int(np.diff(problem.week.steps.offset).max(initial=1))


class Annealing:
    """Annealing of one schedule by several threads, each on its own part of the week; parts are drawn anew each round.

    Parameters
    ----------
    problem : Problem
        The week.
    start : Schedule
        Where to start; it breaks nothing.
    workers : int
        Threads.
    seed : int
        Of the random generator.
    excess : float array, shape (options,)
        Points, 0 or more, by which an option seems to cost more than the best one of its request. Options with a large
        excess are tried seldom.
    params : AnnealingParams
        Temperatures and the like.
    """

    def __init__(
        self, problem: Problem, start: Schedule, workers: int, seed: int, excess: Floats,
        params: AnnealingParams = DEFAULTS.annealing,
    ) -> None:  # fmt: skip
        self._problem, self._params = problem, params
        self._state = make_state(problem, start, excess, params)
        self._rounds = Rounds(self._state, workers, seed)
        self._workers = workers
        self._prices = no_prices(problem)
        self._gain_offered = 0

    @property
    def best(self) -> tuple[int, Schedule]:
        """How many points the best schedule seen at the end of a round costs less than the start, and that schedule."""
        row, step_start = self._rounds.best
        return self._rounds.gain, to_schedule(self._problem, self._state.grid._replace(row=row, step_start=step_start))

    def run(
        self, track: Track, share: float, *, rounds: int | None = None, hot: float | None = None, quiet: bool = False
    ) -> None:  # fmt: skip
        """Anneal until a share of the time is over, or for so many rounds; better schedules go to the track.

        `hot` is the first temperature, as a share of the usual price of leaving out, where that is not `hot` of the
        parameters. Where `quiet`, nothing goes to the track.
        """
        if not self._state.movable.any():
            return
        begin, number, before = track.seconds, 0, self._rounds.moves
        heat = self._params.hot if hot is None else hot, self._params.cold
        allowed = track.left(share)
        try:
            with ThreadPoolExecutor(self._workers) as pool:
                while not track.stopped.is_set():
                    done = number / rounds if rounds is not None else (track.seconds - begin) / max(1e-9, allowed)
                    if done >= 1:
                        break
                    self._rounds.round(pool.map, temperature_at(self._state.usual, done, *heat))
                    number += 1
                    if self._prices and number % self._params.look == 0:
                        self._follow(None if quiet else track)
                    if not quiet and number % 25 == 0 and self._rounds.gain > self._gain_offered:
                        self._offer(track)
        finally:
            track.moved(self._rounds.moves - before)
            if not quiet:
                self._offer(track)

    def _follow(self, track: Track | None) -> None:
        """Offer the present schedule, and lead the search towards what balances between groups ask for."""
        now, problem = to_schedule(self._problem, self._state.grid), self._problem
        if track is not None:
            track.offer(now)
        self._prices = adapted(self._prices, problem, now)
        costs = group_costs(self._prices, problem)
        option, left_out = (np.rint(points).astype(np.int64) for points in (costs.option, costs.left_out))
        reprice(problem, self._state.tables, problem.options.cost + option, problem.left_out + left_out)

    def _offer(self, track: Track) -> None:
        track.offer(self.best[1])
        self._gain_offered = self._rounds.gain


def make_state(problem: Problem, start: Schedule, excess: Floats, params: AnnealingParams) -> AnnealingState:
    """A grid of the whole week that holds a schedule; `excess` and `params` as for :class:`Annealing`."""
    tables = make_tables(problem)
    movable = ~problem.week.requests.fixed & (np.diff(problem.offset) > 0)
    usual = usual_price(problem)
    weight = running_weights(problem.offset, weights_of(excess, usual, params))
    grid = to_grid(problem, tables, start)
    return AnnealingState(tables, grid, movable, coupled(problem), weight, usual, params)


def weights_of(excess: Floats, usual: float, params: AnnealingParams) -> Floats:
    """Weight of each option, from its excess; `usual` is the usual price of leaving out. The formula is above."""
    weight: Floats = np.exp(-excess / max(1.0, params.guide * usual)) + params.stray
    return weight


def temperature_at(usual: float, done: float, hot: float, cold: float) -> float:
    """The temperature, in points, when a share of the annealing is done: T(d) of this module.

    Parameters
    ----------
    usual : float
        The usual price of leaving a request out, in points.
    done : float
        Share of the annealing that is done, 0 to 1.
    hot, cold : float
        First and last temperature, as shares of `usual`.
    """
    return float(usual * hot * (cold / hot) ** done)


def to_grid(problem: Problem, tables: WeekTables, schedule: Schedule) -> Grid:
    """A grid that holds a schedule."""
    grid = empty_grid(problem, tables)
    placed = schedule.placed
    place_all(tables, grid, placed, option_rows(problem, schedule)[placed], schedule.step_start)
    return grid


def option_rows(problem: Problem, schedule: Schedule) -> Ints:
    """The option by which each request is placed, or -1."""
    options = problem.options
    used = options.uses(problem.week, schedule)
    row = np.full(len(schedule.session), -1, np.int64)
    row[options.request[used]] = np.flatnonzero(used)
    return row


def rounds_of(seconds: float, params: AnnealingParams) -> int:
    """Rounds that count as so many seconds where time is counted in work."""
    return max(1, math.ceil(seconds * MOVES_PER_SECOND / params.moves_a_round))


def running_weights(offset: Ints, weight: Floats) -> Floats:
    """Sums of the weights of each request's options, up to and with each option.

    Request r has the options ``offset[r]`` to ``offset[r + 1] - 1``.
    """
    total = np.concatenate([[0.0], np.cumsum(weight)])
    running: Floats = total[1:] - np.repeat(total[offset[:-1]], np.diff(offset))
    return running
