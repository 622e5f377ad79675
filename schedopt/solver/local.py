"""Local search over the whole week: a schedule by insertion, then annealing on all workers."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from schedopt.models.couplings import DayGap
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints
from schedopt.solver import patterns, places
from schedopt.solver.anneal import anneal
from schedopt.solver.grid import Fixed, Grid, coupled, empty_grid, make_fixed, reprice, to_schedule
from schedopt.solver.lead import adapt, led_costs, start_lead
from schedopt.solver.moves import first_fit_all, insert_all, place_all
from schedopt.solver.shapes import Floats
from schedopt.solver.track import Track
from schedopt.solver.walk import HERE, MOVES, Board, Walk

HOT, WARM, COLD = 0.05, 0.015, 0.004
"""Temperatures: what a move may cost at the start, there from a schedule that was given, and at the end, as shares of
the usual price of leaving out."""
GUIDE = 0.0075
"""Points above a request's best option, as a share of the usual price of leaving out, that make another option less
likely to be tried by a factor of e."""
STRAY = 0.02
"""What any option weighs at least; the best one of a request weighs 1."""
MOVES_PER_SECOND = 250_000
"""What counts as a second of one worker where time is counted in work."""
LOOK = 4
"""Rounds between two looks at the balances between groups, which the moves do not know."""


def prepare(problem: Problem) -> None:
    """Compile what the search runs, or load it where an earlier process has compiled it."""
    patterns.prepare()
    fixed, nobody = make_fixed(problem), np.zeros(0, np.int64)
    grid, steps = empty_grid(problem, fixed), _most_steps(problem)
    places.prepare(fixed, grid)
    insert_all(fixed, grid, nobody, nobody, steps)
    place_all(fixed, grid, nobody, nobody, nobody)
    anneal(fixed, grid, nobody, nobody, nobody, HERE, 1.0, 0, np.ones(1, np.int64), steps, np.ones(1))


def first_fit(problem: Problem) -> Schedule:
    """What a booking system does: the dearest to leave out first, each at the earliest time that is free.

    Fixed promises go before everything.

    Parameters
    ----------
    problem : Problem
        The week.

    Returns
    -------
    Schedule
    """
    fixed, options = make_fixed(problem), problem.options
    grid = empty_grid(problem, fixed)
    rows = np.lexsort((options.cost, options.earliest, options.request))
    first_fit_all(fixed, grid, insertion_order(problem), rows, _most_steps(problem))
    return to_schedule(problem, grid)


def insertion(problem: Problem, start: Schedule, wanted: Ints | None = None) -> Schedule:
    """Add to a schedule: each request, the dearest to leave out first, where it adds least to the cost.

    With `wanted`, only requests with these codes.
    """
    fixed = make_fixed(problem)
    grid = to_grid(problem, fixed, start)
    order = insertion_order(problem)
    order = order[grid.row[order] < 0]
    order = order if wanted is None else order[np.isin(order, wanted)]
    insert_all(fixed, grid, order, np.zeros(0, np.int64), _most_steps(problem))
    return to_schedule(problem, grid)


def insertion_order(problem: Problem) -> Ints:
    """Fixed promises first, then the dearest to leave out; but whoever follows another after that one."""
    depth = np.zeros(len(problem.week.requests), np.int64)
    gaps = problem.coupling(DayGap)
    first, second = gaps.first[gaps.needs_first], gaps.second[gaps.needs_first]
    while (depth[second] <= depth[first]).any():
        np.maximum.at(depth, second, depth[first] + 1)
    return np.lexsort((-problem.left_out, depth, ~problem.week.requests.fixed))


def _most_steps(problem: Problem) -> int:
    return int(np.diff(problem.week.steps.offset).max(initial=1))


class Annealing:
    """Annealing of one schedule by several threads, each on its own part of the week, parts drawn anew each round.

    Parameters
    ----------
    problem : Problem
        The week.
    start : Schedule
        Where to start; breaks nothing.
    workers : int
        Threads.
    seed : int
        Of the random generator.
    excess : float array, shape (options,)
        Points, 0 or more, that an option seems to cost above the best of its request; what is dear is tried seldom.
    """

    def __init__(self, problem: Problem, start: Schedule, workers: int, seed: int, excess: Floats) -> None:
        self._problem = problem
        self._board = make_board(problem, start, excess)
        self._walk = Walk(self._board, workers, seed)
        self._workers = workers
        self._lead = start_lead(problem)
        self._gain_offered = 0

    @property
    def best(self) -> tuple[int, Schedule]:
        """The best schedule seen at the end of a round, and how many points it costs less than the start."""
        row, step_start = self._walk.best
        return self._walk.gain, to_schedule(self._problem, self._board.grid._replace(row=row, step_start=step_start))

    def run(
        self, track: Track, share: float, *, rounds: int | None = None, hot: float = HOT, quiet: bool = False
    ) -> None:  # fmt: skip
        """Anneal until a share of the time is over, or for so many rounds; better schedules go to the track.

        `hot` is the first temperature, as a share of the usual price of leaving out. Where `quiet`, nothing goes to the
        track.
        """
        if not self._board.movable.any():
            return
        begin, number = track.seconds, 0
        allowed = track.left(share)
        try:
            with ThreadPoolExecutor(self._workers) as pool:
                while not track.stopped.is_set():
                    done = number / rounds if rounds is not None else (track.seconds - begin) / max(1e-9, allowed)
                    if done >= 1:
                        break
                    self._walk.round(pool.map, temperature_at(self._board.usual, done, hot))
                    number += 1
                    if self._lead and number % LOOK == 0:
                        self._follow(None if quiet else track)
                    if not quiet and number % 25 == 0 and self._walk.gain > self._gain_offered:
                        self._offer(track)
        finally:
            if not quiet:
                self._offer(track)

    def _follow(self, track: Track | None) -> None:
        """Offer the schedule of now, and lead the search to what balances between groups ask for."""
        now, problem = to_schedule(self._problem, self._board.grid), self._problem
        if track is not None:
            track.offer(now)
        self._lead = adapt(self._lead, problem, now)
        led = led_costs(self._lead, problem)
        option, left_out = (np.rint(points).astype(np.int64) for points in (led.option, led.left_out))
        reprice(problem, self._board.fixed, problem.options.cost + option, problem.left_out + left_out)

    def _offer(self, track: Track) -> None:
        track.offer(self.best[1])
        self._gain_offered = self._walk.gain


def make_board(problem: Problem, start: Schedule, excess: Floats) -> Board:
    """A board of the whole week that holds a schedule; `excess` as for :class:`Annealing`."""
    fixed = make_fixed(problem)
    movable = ~problem.week.requests.fixed & (np.diff(problem.offset) > 0)
    usual = float(np.median(problem.left_out[movable])) if movable.any() else 0.0
    weight = running_weights(problem.offset, weights_of(excess, usual))
    return Board(fixed, to_grid(problem, fixed, start), movable, coupled(problem, fixed), weight, usual)


def weights_of(excess: Floats, usual: float) -> Floats:
    """How often to try options that seem to cost so many points above the best of their request."""
    weight: Floats = np.exp(-excess / max(1.0, GUIDE * usual)) + STRAY
    return weight


def temperature_at(usual: float, done: float, hot: float = HOT, cold: float = COLD) -> float:
    """Points that a move may cost when a share of the annealing is done; first and last ones as shares of `usual`."""
    return float(usual * hot * (cold / hot) ** done)


def to_grid(problem: Problem, fixed: Fixed, schedule: Schedule) -> Grid:
    """A grid that holds a schedule."""
    grid = empty_grid(problem, fixed)
    placed = schedule.placed
    place_all(fixed, grid, placed, option_rows(problem, schedule)[placed], schedule.step_start)
    return grid


def option_rows(problem: Problem, schedule: Schedule) -> Ints:
    """The option by which each request is placed, or -1."""
    options = problem.options
    start = schedule.start(problem.week)[options.request]
    used = (
        (schedule.session[options.request] == options.session) & (options.earliest <= start) & (start <= options.latest)
    )
    row = np.full(len(schedule.session), -1, np.int64)
    row[options.request[used]] = np.flatnonzero(used)
    return row


def rounds_of(seconds: float) -> int:
    """Rounds that count as so many seconds where time is counted in work."""
    return max(1, math.ceil(seconds * MOVES_PER_SECOND / MOVES))


def running_weights(offset: Ints, weight: Floats) -> Floats:
    """Sums of the weights of each request's options up to and with each one; `offset` says where those begin."""
    total = np.concatenate([[0.0], np.cumsum(weight)])
    running: Floats = total[1:] - np.repeat(total[offset[:-1]], np.diff(offset))
    return running
