"""Local search over the whole week: a schedule by insertion, then annealing on all workers."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from schedopt.models.couplings import DayGap
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Flags, Ints
from schedopt.solver import patterns
from schedopt.solver.anneal import anneal
from schedopt.solver.grid import Fixed, Grid, coupled, empty_grid, make_fixed, reprice, to_schedule
from schedopt.solver.lead import adapt, led_costs, start_lead
from schedopt.solver.moves import first_fit_all, insert_all, place_all
from schedopt.solver.shapes import Floats
from schedopt.solver.track import Track

HOT, WARM, COLD = 0.05, 0.015, 0.004
"""Temperatures: what a move may cost at the start, there from a schedule that was given, and at the end, as shares of
the usual price of leaving out."""
GUIDE = 0.0075
"""Points above a request's best option, as a share of the usual price of leaving out, that make another option less
likely to be tried by a factor of e."""
STRAY = 0.003
"""What any option weighs at least; the best one of a request weighs 1."""
MOVES = 30_000
"""Moves of one worker between two looks at the clock."""
MOVES_PER_SECOND = 250_000
"""What counts as a second of one worker where time is counted in work."""
LOOK = 4
"""Rounds between two looks at the balances between groups, which the moves do not know."""
HERE = 0
"""Number of the first thread."""
NOBODY = -1
"""In place of a thread: what none of them may touch."""


def prepare(problem: Problem) -> None:
    """Compile what the search runs, or load it where an earlier process has compiled it."""
    patterns.prepare()
    fixed, nobody = make_fixed(problem), np.zeros(0, np.int64)
    grid, steps = empty_grid(problem, fixed), _most_steps(problem)
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
    first_fit_all(fixed, grid, _order(problem), rows, _most_steps(problem))
    return to_schedule(problem, grid)


def insertion(problem: Problem, start: Schedule) -> Schedule:
    """Add to a schedule: each request, the dearest to leave out first, where it adds least to the cost."""
    fixed = make_fixed(problem)
    grid = to_grid(problem, fixed, start)
    order = _order(problem)
    order = order[grid.row[order] < 0]
    insert_all(fixed, grid, order, np.zeros(0, np.int64), _most_steps(problem))
    return to_schedule(problem, grid)


def _order(problem: Problem) -> Ints:
    """Fixed promises first, then the dearest to leave out; but whoever follows another after that one."""
    depth = np.zeros(len(problem.week.requests), np.int64)
    gaps = problem.coupling(DayGap)
    first, second = gaps.first[gaps.needs_first], gaps.second[gaps.needs_first]
    while (depth[second] <= depth[first]).any():
        np.maximum.at(depth, second, depth[first] + 1)
    return np.lexsort((-problem.left_out, depth, ~problem.week.requests.fixed))


def _most_steps(problem: Problem) -> int:
    return int(np.diff(problem.week.steps.offset).max(initial=1))


@dataclass(frozen=True)
class _Share:
    """What one thread may touch in one round."""

    thread: int
    members: Ints
    seed: Ints


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
        self._fixed: Fixed = make_fixed(problem)
        self._grid: Grid = to_grid(problem, self._fixed, start)
        self._workers = workers
        self._rng = np.random.default_rng(seed)
        self._steps = _most_steps(problem)
        requests = problem.week.requests
        self._movable: Flags = ~requests.fixed & (np.diff(problem.offset) > 0)
        self._coupled: Flags = coupled(problem, self._fixed)
        self._usual = float(np.median(problem.left_out[self._movable])) if self._movable.any() else 0.0
        self._weight = _running_weights(problem, np.exp(-excess / max(1.0, GUIDE * self._usual)) + STRAY)
        self._lead = start_lead(problem)
        self._change = 0
        self._best_change = 0
        self._change_offered = 0
        self._best = start

    @property
    def best(self) -> tuple[int, Schedule]:
        """The best schedule seen at the end of a round, and by how many points its cost differs from the start's."""
        return self._best_change, self._best

    def run(
        self, track: Track, share: float, *, rounds: int | None = None, hot: float = HOT, quiet: bool = False
    ) -> None:  # fmt: skip
        """Anneal until a share of the time is over, or for so many rounds; better schedules go to the track.

        `hot` is the first temperature, as a share of the usual price of leaving out. Where `quiet`, nothing goes to the
        track.
        """
        if not self._movable.any():
            return
        begin, number = track.seconds, 0
        allowed = track.left(share)
        try:
            with ThreadPoolExecutor(self._workers) as pool:
                while not track.stopped.is_set():
                    done = number / rounds if rounds is not None else (track.seconds - begin) / max(1e-9, allowed)
                    if done >= 1:
                        break
                    self._round(pool, self._usual * hot * (COLD / hot) ** done)
                    number += 1
                    if self._lead and number % LOOK == 0:
                        self._follow(None if quiet else track)
                    if not quiet and number % 25 == 0 and self._best_change < self._change_offered:
                        self._offer(track)
        finally:
            if not quiet:
                self._offer(track)

    def _follow(self, track: Track | None) -> None:
        """Offer the schedule of now, and lead the search to what balances between groups ask for."""
        now, problem = to_schedule(self._problem, self._grid), self._problem
        if track is not None:
            track.offer(now)
        self._lead = adapt(self._lead, problem, now)
        led = led_costs(self._lead, problem)
        option, left_out = (np.rint(points).astype(np.int64) for points in (led.option, led.left_out))
        reprice(problem, self._fixed, problem.options.cost + option, problem.left_out + left_out)

    def _offer(self, track: Track) -> None:
        track.offer(self._best)
        self._change_offered = self._best_change

    def _round(self, pool: ThreadPoolExecutor, temperature: float) -> None:
        shares, mine, open_session = self._deal()

        def work(share: _Share) -> int:
            return int(
                anneal(
                    self._fixed, self._grid, share.members, mine, open_session, share.thread, temperature, MOVES,
                    share.seed, self._steps, self._weight,
                )
            )  # fmt: skip

        self._change += sum(pool.map(work, shares))
        if self._change < self._best_change:
            self._best_change, self._best = self._change, to_schedule(self._problem, self._grid)

    def _deal(self) -> tuple[list[_Share], Ints, Ints]:
        """Deal sessions, and the requests that are in them or left out, to the threads.

        Threads may not meet in a pool, so a site's sessions of one day stay together. Requests that bear on
        visits in other sessions go to the first thread, or to nobody while they are placed elsewhere.
        """
        sessions, grid, threads = self._problem.week.sessions, self._grid, self._workers
        num_sites = len(sessions.site_ids)
        cell = sessions.day * num_sites + sessions.site
        if threads == 1:
            open_session = np.zeros(len(sessions), np.int64)
        elif num_sites >= 2 * threads and self._rng.random() < 0.5:
            open_session = self._spread(num_sites)[sessions.site]
        elif self._rng.random() < 0.8:
            open_session = self._spread(self._problem.calendar.num_days)[sessions.day]
        else:
            open_session = self._spread(int(cell.max(initial=0)) + 1)[cell]
        placed = grid.row >= 0
        where = open_session[self._problem.options.session[np.where(placed, grid.row, 0)]]
        mine = np.where(placed, where, self._rng.integers(0, threads, len(placed)))
        away = self._coupled & placed & (mine != HERE)
        mine = np.where(self._coupled, HERE, mine)
        mine[away | ~self._movable] = NOBODY
        shares = []
        for thread in range(threads):
            members = np.flatnonzero(mine == thread)
            if len(members):
                shares.append(_Share(thread, members, self._rng.integers(1, 2**62, 1)))
        return shares, mine, open_session

    def _spread(self, count: int) -> Ints:
        """Deal so many things evenly to the threads."""
        return self._rng.permutation(np.arange(count) % self._workers)


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


def _running_weights(problem: Problem, weight: Floats) -> Floats:
    """Sums of the weights of each request's options up to and with each one."""
    total = np.concatenate([[0.0], np.cumsum(weight)])
    running: Floats = total[1:] - total[problem.offset[problem.options.request]]
    return running
