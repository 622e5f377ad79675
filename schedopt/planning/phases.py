"""Plan a week: promises, prices, local search, neighbourhoods, in that order, and the best schedule at any moment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from schedopt.answers.rearrange import UncertaintyOf, rearrange
from schedopt.answers.result import make_plan
from schedopt.arrays import Floats
from schedopt.models.problem.plan import Plan, Status
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.planning.compiling import prepare
from schedopt.planning.levels import plan_in_levels
from schedopt.planning.progress import live_display
from schedopt.solver.bound.prices import Pricing, steps_in, work_of
from schedopt.solver.cpsat.pieces import PieceSearch, solve_whole
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.cpsat.start import bound_from, start_from
from schedopt.solver.network.parts import parts_of
from schedopt.solver.network.slices import Slicer
from schedopt.solver.network.spread import Executor, PartEffort, improve_parts
from schedopt.solver.opening import opening
from schedopt.solver.params import DEFAULTS, SolveParams
from schedopt.solver.search.group_prices import no_prices
from schedopt.solver.search.local import MOVES_PER_SECOND, insertion, rounds_of, temperature_at
from schedopt.solver.search.runs import anneal_week
from schedopt.solver.search.track import Listener, Track
from schedopt.timing.arranging import Effort
from schedopt.timing.costs import Costs
from schedopt.timing.guard import Guard

MOST_SECONDS = 365 * 24 * 3600
"""No time limit is that long."""
APART, TURN = 7_919, 104_729
"""Between the seeds of one annealing and the next, and of one of its turns and the next."""


def plan(
    problem: Problem, time_limit: float = 60.0, workers: int = 2, seed: int = 1, progress: bool | Listener = True,
    *, deterministic: bool = False, start: Schedule | Plan | None = None,
    lexicographic: Sequence[Sequence[str]] | None = None, executor: Executor | None = None,
    uncertainty: UncertaintyOf | None = None, costs: Costs | None = None, overbook: Guard | None = None,
    params: SolveParams = DEFAULTS,
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
    uncertainty : callable, optional
        What is uncertain about a plan's visits, such as ``Uncertainty.assumed``: after the search, times, orders and
        sessions are chosen that make points and expected minutes cheapest together, as
        :func:`schedopt.rearrange` does it. That takes time beyond the limit.
    costs : Costs, optional
        Of a minute of waiting, idle time and overtime, in points; goes with `uncertainty`.
    overbook : Guard, optional
        With `uncertainty`: requests left out are booked beyond what fits, where this guard on long waits allows it.
    params : SolveParams
        Temperatures, shares of the time and the like, for research on the search itself.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If `time_limit` is not positive or a year and more, `workers` is below 1 or `seed` below 0, or if `start` is a
        schedule of another problem, or if `lexicographic` names what is no part of the cost, or if `executor` takes no
        tasks, or if `uncertainty` and `costs` are not given together, or with `lexicographic`.
    """
    if (uncertainty is None) != (costs is None) or (uncertainty is None and overbook is not None):
        raise ValueError("expected uncertainty and costs together, and overbook only with them")
    if uncertainty is not None and costs is not None:
        if lexicographic is not None:
            raise ValueError("expected no lexicographic levels with uncertainty: it weighs minutes against all points")
        found = plan(
            problem, time_limit, workers, seed, progress, deterministic=deterministic, start=start, executor=executor,
            params=params,
        )  # fmt: skip
        return rearrange(found, uncertainty, costs, Effort(seed=seed, guard=overbook), workers=workers)
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ValueError(f"expected an executor with a method submit, not {executor!r}")
    if not 0 < time_limit < MOST_SECONDS or workers < 1 or seed < 0:
        raise ValueError("expected a time_limit above 0 seconds and below a year, at least 1 worker, a seed from 0 on")
    if lexicographic is not None:

        def solve(part: Problem, begin: Schedule | Plan | None, seconds: float) -> Plan:
            return plan(
                part, seconds, workers, seed, progress, deterministic=deterministic, start=begin, executor=executor,
                params=params,
            )  # fmt: skip

        return plan_in_levels(problem, lexicographic, solve, time_limit, start=start, deterministic=deterministic)
    with _listener(progress) as listener:
        kept, promised, conflicts = settle(problem) if deterministic else settle(problem, time_limit)
        track = Track(kept, promised, time_limit, listener, deterministic)
        if start is not None:
            track.offer(start_from(kept, promised, start))
            track.prove(bound_from(problem, start))
        try:
            if not track.closed:
                _search(kept, track, _Means(workers, seed, deterministic, executor, params), fresh=start is None)
        except KeyboardInterrupt:
            track.stopped.set()
    record = {
        "seed": seed, "workers": workers, "time_limit_seconds": time_limit, "deterministic": deterministic,
        "params": params.model_dump(exclude_defaults=True),
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
    params: SolveParams


def _search(problem: Problem, track: Track, means: _Means, *, fresh: bool) -> None:
    """Go from phase to phase until the time is over or the schedule is proved best; `fresh`: no start was given."""
    phases = means.params.phases
    with track.paused():
        prepare(problem, track.phase)
    track.phase("inserting visits")
    begin = track.best
    track.offer(insertion(problem, begin))
    if _is_best(problem, track, means, phases.quick):
        return
    track.phase("finding prices")
    pricing = _priced(problem, track, means)
    if _is_best(problem, track, means, phases.whole) or not track.left():
        return
    track.phase("moving visits")
    excess, heat = pricing.excess(), means.params.annealing
    start = opening(problem, begin, pricing.at_best(), means.seed) if fresh else track.best
    track.offer(start)
    share = _annealing_share(problem, track.limit, means)
    _anneal(problem, track, means, start, excess, share, heat.hot if fresh else heat.warm)
    _polish(problem, track, means, excess, counted=track.limit * (1 - share))


def _is_best(problem: Problem, track: Track, means: _Means, share: float) -> bool:
    """Whether the schedule is proved best; a small week is tried as one model first, for a share of the time."""
    if len(problem.week.requests) <= means.params.phases.whole_week and not track.closed:
        track.phase("solving the whole week")
        seconds = track.limit * share
        solve_whole(problem, track, means.workers, means.seed, seconds=seconds, deterministic=means.deterministic)
    return track.closed


def _polish(problem: Problem, track: Track, means: _Means, excess: Floats, counted: float) -> None:
    """Solve pieces that cover the week about once, anneal the outcome from warm, and so on as long as there is time."""
    workers, requests, params = means.workers, len(problem.week.requests), means.params
    pieces = PieceSearch(problem, track, workers, means.seed, means.deterministic, excess, params.pieces)
    covering = math.ceil(requests / params.pieces.start)
    reheating, warm = params.annealing.reheating * requests / MOVES_PER_SECOND, params.annealing.warm
    taking, turn = covering * params.pieces.seconds / workers, 0

    def left() -> float:
        return counted - turn * reheating - pieces.work / workers if means.deterministic else track.left()

    while left() > taking + reheating and not track.closed:
        track.phase("solving pieces of the week")
        pieces.run(covering)
        turn += 1
        if track.closed or not track.left():
            return
        track.phase("moving visits again")
        until, seed = (track.seconds + reheating) / track.limit, means.seed + turn * APART
        anneal_week(
            problem, track, track.best, until, excess, params.annealing, workers=workers, seed=seed, hot=warm,
            counted=reheating,
        )  # fmt: skip
    track.phase("solving pieces of the week")
    pieces.run(work=left() * workers if means.deterministic else None, final=True)


def _anneal(
    problem: Problem, track: Track, means: _Means, start: Schedule, excess: Floats, share: float, hot: float
) -> None:  # fmt: skip
    """Anneal the week until a share of the time is over, in turns of which each takes as long as all before it.

    The first takes a round at least. Each turn ends cold, so that there is a good schedule at any moment. The next one
    goes on from the best so far.
    """
    phases = means.params.phases
    begin = _pricing_share(problem, track, means) if means.deterministic else min(share, track.seconds / track.limit)
    rounds = rounds_of(track.limit * max(0.0, share - begin), means.params.annealing)
    turns = min(phases.turns, rounds.bit_length())
    ends = [begin + (share - begin) / 2**k for k in reversed(range(turns))]
    for turn, (since, until) in enumerate(zip([begin, *ends], ends, strict=False)):
        one = replace(means, seed=means.seed + turn * TURN)
        _anneal_once(problem, track, one, start, excess, (since, until), hot)
        start = track.best
        if track.closed or track.stopped.is_set():
            return


def _anneal_once(
    problem: Problem, track: Track, means: _Means, start: Schedule, excess: Floats, span: tuple[float, float],
    hot: float,
) -> None:  # fmt: skip
    """Anneal the week in a span of the time, by shares: its parts, if there are several, and then the whole."""
    (since, until), phases, params = span, means.params.phases, means.params.annealing
    parts = () if no_prices(problem) else parts_of(problem, excess, start, means.params.parts)
    if len(parts) > 1:
        seconds = phases.parts * (until - since)
        since += seconds
        warm = temperature_at(1.0, phases.parts, hot, params.cold)
        rounds = rounds_of(track.limit * seconds, params) * means.workers if means.deterministic else None
        effort = PartEffort((hot, warm), means.seed, since, rounds)
        slicer = Slicer(problem, excess, start, params)
        improve_parts(problem, track, start, parts, slicer, effort, means.workers, means.executor)
        start = insertion(problem, track.best)
        track.offer(start)
        track.phase("moving visits across parts")
        hot = warm
    counted = track.limit * (until - since)
    anneal_week(
        problem, track, start, until, excess, params, workers=means.workers, seed=means.seed, hot=hot, counted=counted
    )


def _pricing_share(problem: Problem, track: Track, means: _Means) -> float:
    """Share of the time after which prices make way for schedules: the more, the fewer steps it has room for."""
    phases = means.params.phases
    steps = steps_in(problem, track.limit * phases.pricing, means.workers)
    return float(np.clip(phases.pricing * phases.price_steps / steps, phases.pricing, phases.most_pricing))


def _priced(problem: Problem, track: Track, means: _Means) -> Pricing:
    """Prices, as good as a share of the time makes them; the bound they prove goes to the track."""
    phases, workers = means.params.phases, means.workers
    linear = max(track.limit * phases.linear, min(phases.linear_seconds, track.limit / 4))
    pricing = Pricing(problem, workers, linear, deterministic=means.deterministic, params=means.params.prices)
    begin, taken = track.seconds, 0
    share = _pricing_share(problem, track, means)
    seconds = max(track.limit * share - begin, track.limit * phases.least_pricing)
    work = work_of(track.limit * share, workers)

    def done() -> float:
        return pricing.work / work if means.deterministic else (track.seconds - begin) / seconds

    try:
        while not taken or (done() < 1 and not (track.stopped.is_set() or pricing.settled or track.closed)):
            pricing.step(min(1.0, done()))
            taken += 1
    finally:
        track.prove(pricing.bound)
        track.forced = pricing.forced
    return pricing


def _annealing_share(problem: Problem, limit: float, means: _Means) -> float:
    """The less of the week pieces can cover in the time, the longer the annealing."""
    phases = means.params.phases
    covering = phases.piece_seconds_a_request * len(problem.week.requests) / means.workers
    return phases.least_annealing + (phases.most_annealing - phases.least_annealing) * min(1.0, covering / limit)
