"""Plan the parts of a week at the same time, on threads here or on an executor's workers, and put them together."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.network.parts import Part
from schedopt.solver.network.slices import Found, Slicer, improve_part, pack
from schedopt.solver.search.track import Track


class Future(Protocol):
    """What an executor gives for a task: a future."""

    def result(self) -> Any:
        """What the task returned, once it has; raises what it raised."""

    def cancel(self) -> Any:
        """Do not begin the task, if it has not begun."""


class Executor(Protocol):
    """Whoever runs tasks elsewhere: a ``dask.distributed.Client``, or an executor of ``concurrent.futures``."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Have a function called with these arguments, all of which can be pickled."""


@dataclass(frozen=True)
class PartEffort:
    """How long each part is worked on.

    Attributes
    ----------
    heat : tuple of float
        The first and the last temperature, as shares of the usual price of leaving out.
    seed : int
        Of the random generators.
    share : float
        Share of the time limit after which parts make way, where the clock decides.
    rounds : int or None
        Rounds of moves in all, where work is counted; parts get as many as they have requests.
    """

    heat: tuple[float, float]
    seed: int
    share: float
    rounds: int | None


def improve_parts(
    problem: Problem, track: Track, start: Schedule, parts: Sequence[Part], slicer: Slicer, effort: PartEffort,
    workers: int, executor: Executor | None,
) -> None:  # fmt: skip
    """Plan all parts of a week; the schedule goes to the track as they come in.

    A part whose worker was lost and did not come back is planned here. A task is a pure function of its arguments, so
    that gives the same.

    Parameters
    ----------
    problem : Problem
        The week.
    track : Track
        Takes the schedules.
    start : Schedule
        By which the parts were cut; what is placed in none of them stays.
    parts : sequence of Part
        From :func:`~schedopt.solver.network.parts.parts_of`.
    slicer : Slicer
        Made with the same schedule.
    effort : PartEffort
        How long.
    workers : int
        Threads here, without an executor.
    executor : Executor or None
        Who works.
    """
    if executor is not None:
        with track.moving():
            _Spread(problem, track, start, parts, slicer, effort, _places(executor, workers)).run(executor)
        return
    with track.moving(), ThreadPoolExecutor(workers) as threads:
        _Spread(problem, track, start, parts, slicer, effort, workers, track.stopped.is_set).run(threads)


def _places(executor: Any, workers: int) -> int:
    """How many tasks an executor runs at a time: Dask's client says it, those of the standard library know it."""
    if hasattr(executor, "nthreads"):
        return max(1, int(sum(executor.nthreads().values())))
    return int(getattr(executor, "_max_workers", workers))


def timetable(sizes: Sequence[int], places: int, seconds: float) -> list[tuple[int, float, float]]:
    """A worker for each task, when it begins and how long it takes, so that all workers end at the same time.

    In this order, each task goes to the worker who has least to do so far; each worker's tasks share its time by their
    sizes.

    Parameters
    ----------
    sizes : sequence of int
        Of the tasks.
    places : int
        Workers.
    seconds : float
        That each worker has.

    Returns
    -------
    list of tuple
        Of each task: number of its worker, seconds after which it begins, and seconds that it takes.
    """
    load, place = [0] * places, list[int]()
    for size in sizes:
        place.append(load.index(min(load)))
        load[place[-1]] += size
    done, table = [0.0] * places, list[tuple[int, float, float]]()
    for size, worker in zip(sizes, place, strict=True):
        table.append((worker, done[worker], seconds * size / max(1, load[worker])))
        done[worker] += table[-1][-1]
    return table


class _Spread:
    """One run over all parts; `stopped` is for tasks that run in this process."""

    def __init__(
        self, problem: Problem, track: Track, start: Schedule, parts: Sequence[Part], slicer: Slicer,
        effort: PartEffort, places: int, stopped: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        self._problem, self._track, self._stopped = problem, track, stopped
        largest = sorted(parts, key=lambda part: -len(part.requests))
        self._now = start
        sizes = [len(part.requests) for part in largest]
        times = timetable(sizes, places, track.left(effort.share))
        order = sorted(range(len(sizes)), key=lambda number: times[number][1])
        self._parts = [largest[number] for number in order]
        self._tasks: list[tuple[Any, ...]] = []
        for number in order:
            share = sizes[number] / max(1, sum(sizes))
            rounds = None if effort.rounds is None else max(1, round(effort.rounds * share))
            packed = pack(slicer.cut(largest[number]))
            self._tasks.append((packed, (effort.seed, number), effort.heat, times[number][2], rounds))

    def run(self, executor: Executor) -> None:
        """Hand out the tasks and put together what comes back, in the order in which they begin."""
        extra = () if self._stopped is None else (self._stopped,)
        answers = [executor.submit(improve_part, *task, *extra) for task in self._tasks]
        done = 0
        try:
            while done < len(answers):
                self._paste(done, self._await(answers[done], done))
                done += 1
                self._track.phase(f"moving visits: {done} of {len(answers)} parts done")
                self._track.offer(self._now)
        except KeyboardInterrupt:
            self._track.stopped.set()
            for answer in answers[done:]:
                answer.cancel()
            if self._stopped is not None:  # tasks here end at once, with what they have
                for number in range(done, len(answers)):
                    if not answers[number].cancel():
                        self._paste(number, answers[number].result())
                self._track.offer(self._now)
            raise

    def _await(self, answer: Future, number: int) -> Found:
        try:
            found: Found = answer.result()
        except Exception as error:
            warnings.warn(f"part {number + 1} of the week is planned here, as its worker failed: {error!r}",
                          RuntimeWarning, stacklevel=2)  # fmt: skip
            return self._here(number)
        return found

    def _here(self, number: int) -> Found:
        """Do a task in this thread; only insertion, if nothing is left of the time."""
        packed, seed, heat, seconds, rounds = self._tasks[number]
        return improve_part(packed, seed, heat, min(seconds, self._track.left()), rounds, self._track.stopped.is_set)

    def _paste(self, number: int, found: Found) -> None:
        """Put a part into the schedule, in place of what was in its sessions and of its requests."""
        self._track.moved(found.moves)
        part, steps, options = self._parts[number], self._problem.week.steps, self._problem.options
        inside = np.zeros(len(self._problem.week.sessions) + 1, bool)
        inside[part.sessions] = True
        mine = inside[self._now.session]
        mine[part.requests] = True
        base = self._now.without(self._problem.week, np.flatnonzero(mine))
        session, step_start, others = base.session, base.step_start, base.others
        placed = found.row >= 0
        rows = part.rows[found.row[placed]]
        session[part.requests[placed]], others[part.requests[placed]] = options.session[rows], options.others[rows]
        mine[:] = False
        mine[part.requests] = True
        step_start[mine[steps.request]] = found.step_start
        self._now = Schedule(session, step_start, others)
