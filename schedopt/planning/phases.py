"""Plan a week: promises, prices, local search, neighbourhoods, in that order, and the best schedule at any moment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from schedopt.answers.result import make_plan
from schedopt.arrays import Floats
from schedopt.models.problem.plan import Plan, Status
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.planning.compiling import prepare
from schedopt.planning.levels import plan_in_levels
from schedopt.planning.progress import live_display
from schedopt.solver.bound.prices import Pricing, steps_of
from schedopt.solver.cpsat.pieces import SECONDS, START, PieceSearch, solve_whole
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.cpsat.start import bound_from, start_from
from schedopt.solver.network.parts import parts_of
from schedopt.solver.network.slices import Slicer
from schedopt.solver.network.spread import Executor, PartEffort, improve_parts
from schedopt.solver.search.group_prices import no_prices
from schedopt.solver.search.local import HOT, MOVES_PER_SECOND, WARM, insertion, rounds_of, temperature_at
from schedopt.solver.search.runs import anneal_week
from schedopt.solver.search.track import Listener, Track

MOST_SECONDS = 365 * 24 * 3600
"""No time limit is that long."""
WHOLE_WEEK = 80
"""Requests up to which the whole week is tried as one model first."""
QUICK_SHARE, WHOLE_SHARE = 0.03, 0.4
"""Shares of the time after which the whole week as one model makes way: before there are prices, and after."""
PRICING_SHARE = 0.13
"""Share of the time after which prices make way for schedules."""
LINEAR_SHARE, LEAST_PRICING = 0.2, 0.03
"""Shares of the time: the linear program before the prices takes no longer, and they take no shorter."""
PARTS_SHARE = 0.8
"""Share of the annealing that goes into parts of a week that has several, before visits may cross them."""
LEAST_ANNEALING, MOST_ANNEALING = 0.4, 0.98
"""Shares of the time after which annealing makes way for pieces: in a small week, and where they cannot cover it."""
SECONDS_A_REQUEST = 0.04
"""What a worker needs for one request in a piece."""
APART = 7_919
"""Between the seeds of one annealing and the next."""
REHEATING = 2_000
"""Moves a request with which each worker warms up a schedule that pieces no longer improve much."""


def plan(
    problem: Problem, time_limit: float = 60.0, workers: int = 2, seed: int = 1, progress: bool | Listener = True,
    *, deterministic: bool = False, start: Schedule | Plan | None = None,
    lexicographic: Sequence[Sequence[str]] | None = None, executor: Executor | None = None,
) -> Plan:  # fmt: skip
    """Plan a week.

    Returns the best schedule found, with a bound that is proved. The time limit and Ctrl-C both end with the best
    schedule so far. What was promised as fixed is settled first, before the clock starts; that takes no time to speak
    of where the promises are easy to keep, and never more than the limit again.

    Parameters
    ----------
    problem : Problem
        The week, from :func:`schedopt.assemble`.
    time_limit : float
        Seconds. Compiling the search, once on a machine and up to a minute long, is not counted. With
        `deterministic`, seconds of counted work, which take about as long on a fast core.
    workers : int
        Threads, at least 1.
    seed : int
        Of all random choices.
    progress : bool or callable
        True: a live display where standard error is a terminal. A callable is told of every improvement with a
        :class:`~schedopt.solver.search.track.Moment`.
    deterministic : bool
        Count effort in work instead of time: the same problem, limit, workers and seed then give the same schedule
        on any machine with the same versions. Without it, a schedule need not repeat.
    start : Schedule or Plan, optional
        Where to start: a schedule of this problem, good or bad, or a plan of this or any other week. What can be kept
        of it without breaking a rule is; the plan never costs more than that.
    lexicographic : sequence of sequences of str, optional
        Strict levels: names of parts of the cost, as in :attr:`~schedopt.models.problem.plan.Plan.costs`. The
        first level comes before everything else, and so on; all parts that are not named form the last one.
    executor : dask.distributed.Client or concurrent.futures.Executor, optional
        Whose workers plan the parts of a week that is too large to be planned as one, instead of `workers` threads
        here. With `deterministic`, the schedule is the same, whoever they are and however many.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If `time_limit` is not positive or a year and more, `workers` is below 1 or `seed` below 0, or if `start` is a
        schedule of another problem, or if `lexicographic` names what is no part of the cost, or if `executor` takes no
        tasks.
    """
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ValueError(f"expected an executor with a method submit, not {executor!r}")
    if not 0 < time_limit < MOST_SECONDS or workers < 1 or seed < 0:
        raise ValueError("expected a time_limit above 0 seconds and below a year, at least 1 worker, a seed from 0 on")
    if lexicographic is not None:

        def solve(part: Problem, begin: Schedule | Plan | None, seconds: float) -> Plan:
            return plan(
                part, seconds, workers, seed, progress, deterministic=deterministic, start=begin, executor=executor
            )

        return plan_in_levels(problem, lexicographic, solve, time_limit, start=start, deterministic=deterministic)
    with _listener(progress) as listener:
        kept, promised, conflicts = settle(problem) if deterministic else settle(problem, time_limit)
        track = Track(kept, promised, time_limit, listener, deterministic)
        if start is not None:
            track.offer(start_from(kept, promised, start))
            track.prove(bound_from(problem, start))
        try:
            if not track.closed:
                _search(kept, track, _Means(workers, seed, deterministic, executor), hot=HOT if start is None else WARM)
        except KeyboardInterrupt:
            track.stopped.set()
    record = {
        "seed": seed, "workers": workers, "time_limit_seconds": time_limit, "deterministic": deterministic
    }  # fmt: skip
    return make_plan(problem, track, _status(kept, track, len(conflicts) > 0), conflicts, record)


@contextmanager
def _listener(progress: bool | Listener) -> Iterator[Listener | None]:
    if callable(progress):
        yield progress
    elif progress:
        with live_display() as listener:
            yield listener
    else:
        yield None


def _status(problem: Problem, track: Track, conflict: bool) -> Status:
    if conflict:
        return "conflict"
    if track.closed:
        return "optimal"
    return "feasible" if len(track.best.placed) or not len(problem.options) else "nothing found"


@dataclass(frozen=True)
class _Means:
    """Who works, and how effort is counted; as in :func:`plan`."""

    workers: int
    seed: int
    deterministic: bool
    executor: Executor | None


def _search(problem: Problem, track: Track, means: _Means, hot: float) -> None:
    """Go from phase to phase until the time is over or the schedule is proved best."""
    workers, deterministic = means.workers, means.deterministic
    with track.paused():
        prepare(problem, track.phase)
    track.phase("inserting visits")
    begin = track.best
    track.offer(insertion(problem, begin))
    if _is_best(problem, track, means, QUICK_SHARE):
        return
    track.phase("finding prices")
    pricing = _priced(problem, track, workers, deterministic)
    if _is_best(problem, track, means, WHOLE_SHARE) or not track.left():
        return
    track.phase("moving visits")
    excess = pricing.excess()
    share = _annealing_share(problem, track.limit, workers)
    _anneal(problem, track, means, begin, excess, share, hot)
    _polish(problem, track, means, excess, counted=track.limit * (1 - share))


def _is_best(problem: Problem, track: Track, means: _Means, share: float) -> bool:
    """Whether the schedule is proved best; a small week is tried as one model first, for a share of the time."""
    if len(problem.week.requests) <= WHOLE_WEEK and not track.closed:
        track.phase("solving the whole week")
        seconds = track.limit * share
        solve_whole(problem, track, means.workers, means.seed, seconds=seconds, deterministic=means.deterministic)
    return track.closed


def _polish(problem: Problem, track: Track, means: _Means, excess: Floats, counted: float) -> None:
    """Solve pieces that cover the week about once, anneal the outcome from warm, and so on as long as there is time."""
    workers, requests = means.workers, len(problem.week.requests)
    pieces = PieceSearch(problem, track, workers, means.seed, means.deterministic, excess)
    covering, reheating = math.ceil(requests / START), REHEATING * requests / MOVES_PER_SECOND
    taking, turn = covering * SECONDS / workers, 0
    while (counted if means.deterministic else track.left()) > taking + reheating and not track.closed:
        track.phase("solving pieces of the week")
        pieces.run(covering)
        turn += 1
        counted -= taking + reheating
        if track.closed or not track.left():
            return
        track.phase("moving visits again")
        until, seed = (track.seconds + reheating) / track.limit, means.seed + turn * APART
        anneal_week(problem, track, until, excess, workers=workers, seed=seed, hot=WARM, counted=reheating)
    track.phase("solving pieces of the week")
    pieces.run(max(1, math.ceil(counted * workers / SECONDS)) if means.deterministic else None, final=True)


def _anneal(
    problem: Problem, track: Track, means: _Means, begin: Schedule, excess: Floats, share: float, hot: float
) -> None:  # fmt: skip
    """Anneal the week until a share of the time is over: its parts, if there are several, and then the whole."""
    from_here = PRICING_SHARE
    parts = () if no_prices(problem) else parts_of(problem, excess, begin)
    if len(parts) > 1:
        from_here += PARTS_SHARE * (share - PRICING_SHARE)
        warm = temperature_at(1.0, PARTS_SHARE, hot)
        rounds = rounds_of(track.limit * (from_here - PRICING_SHARE)) * means.workers if means.deterministic else None
        effort = PartEffort((hot, warm), means.seed, from_here, rounds)
        improve_parts(problem, track, parts, Slicer(problem, excess, begin), effort, means.workers, means.executor)
        track.offer(insertion(problem, track.best))
        track.phase("moving visits across parts")
        hot = warm
    counted = track.limit * (share - from_here)
    anneal_week(problem, track, share, excess, workers=means.workers, seed=means.seed, hot=hot, counted=counted)


def _priced(problem: Problem, track: Track, workers: int, deterministic: bool) -> Pricing:
    """Prices, as good as a share of the time makes them; the bound they prove goes to the track."""
    pricing = Pricing(problem, workers, track.limit * LINEAR_SHARE, deterministic=deterministic)
    steps = steps_of(problem, track.limit * PRICING_SHARE, workers)
    begin, taken = track.seconds, 0
    seconds = max(track.limit * PRICING_SHARE - begin, track.limit * LEAST_PRICING)

    def done() -> float:
        return taken / steps if deterministic else (track.seconds - begin) / seconds

    try:
        while not taken or (done() < 1 and not (track.stopped.is_set() or pricing.settled or track.closed)):
            pricing.step(min(1.0, done()))
            taken += 1
    finally:
        track.prove(pricing.bound)
        track.forced = pricing.forced
    return pricing


def _annealing_share(problem: Problem, limit: float, workers: int) -> float:
    """The less of the week pieces can cover in the time, the longer the annealing."""
    covering = SECONDS_A_REQUEST * len(problem.week.requests) / workers
    return LEAST_ANNEALING + (MOST_ANNEALING - LEAST_ANNEALING) * min(1.0, covering / limit)
