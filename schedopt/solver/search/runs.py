"""Annealing by several workers: together on one schedule, or each on one of its own, several times."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from schedopt.arrays import Floats
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.params import AnnealingParams
from schedopt.solver.search.local import MOVES_PER_SECOND, Annealing, rounds_of
from schedopt.solver.search.track import Track


def anneal_week(
    problem: Problem, track: Track, start: Schedule, share: float, excess: Floats, params: AnnealingParams, *,
    workers: int, seed: int, hot: float, counted: float,
) -> None:  # fmt: skip
    """Anneal a schedule until a share of the time is over.

    Parameters
    ----------
    problem : Problem
        The week.
    track : Track
        Takes better schedules.
    start : Schedule
        Where to start; it breaks nothing.
    share : float
        Of the time, counted from the track's start.
    excess : float array, shape (options,)
        See :class:`~schedopt.solver.search.local.Annealing`.
    params : AnnealingParams
        Temperatures and the like.
    workers : int
        Threads.
    seed : int
        Of the random generators.
    hot : float
        First temperature, as a share of the usual price of leaving out.
    counted : float
        Where the track counts work, seconds that count as this share.
    """
    if workers == 1 or len(problem.week.requests) >= params.together:
        rounds = rounds_of(counted, params) if track.deterministic else None
        with track.moving():
            Annealing(problem, start, workers, seed, excess, params).run(track, share, rounds=rounds, hot=hot)
        return
    begin = 0.0 if track.deterministic else track.seconds / track.limit
    seconds = counted if track.deterministic else track.left(share)
    runs = max(1, int(seconds * MOVES_PER_SECOND / (params.enough * max(1, len(problem.week.requests)))))
    rounds = rounds_of(counted / runs, params) if track.deterministic else None

    def work(worker: int) -> Schedule:
        """The best schedule of some runs; those of the first worker tell the track on their way."""
        best, schedule = 0, start
        for run in range(runs):
            search = Annealing(problem, start, 1, seed + worker * runs + run, excess, params)
            until = begin + (share - begin) * (run + 1) / runs
            search.run(track, until, rounds=rounds, hot=hot, quiet=worker > 0)
            gain, found = search.best
            if gain > best:
                best, schedule = gain, found
        return schedule

    with track.moving(), ThreadPoolExecutor(workers) as pool:
        answers = [pool.submit(work, worker) for worker in range(workers)]
        try:
            for answer in answers:
                track.offer(answer.result())
        except KeyboardInterrupt:
            track.stopped.set()
            raise
