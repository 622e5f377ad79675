"""Plan a network on this machine, on one and on two worker processes, and on two of which one is killed.

    python -m benchmarks.cluster INSTANCE.json --time-limit 600 --workers 2 --work 60

Needs ``schedopt[cluster]``. First a plan by the clock, then the same counted work three times: one worker process, two,
and two of which one gets a signal in the middle. The exit status is 1 if schedules differ that should not, or one
breaks a rule.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import schedopt
from benchmarks.instances import load_instance, to_problem
from schedopt.solver.search.track import Moment

GIBIBYTE = 2**30


@dataclass(frozen=True)
class Run:
    """One plan.

    Attributes
    ----------
    plan : Plan
        What came of it.
    seconds : float
        From the problem to the plan.
    parts_seconds : float
        From when the parts were handed out until all were back; 0 where the week was planned as one.
    """

    plan: schedopt.Plan
    seconds: float
    parts_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit status whether all is well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description="Plan a network on workers.")
    parser.add_argument("instance", type=Path)
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds for the plan by the clock; 0 for none")
    parser.add_argument("--work", type=float, default=60.0, help="seconds of counted work on Dask; 0 for none")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    began = time.perf_counter()
    problem = to_problem(load_instance(args.instance))
    counts = f"{len(problem.week.requests):,} requests, {len(problem.week.sessions.site_ids)} sites"
    print(f"{counts}, read in {time.perf_counter() - began:.0f} s, {_peak()}", flush=True)
    faults = []
    if args.time_limit > 0:
        run = planned(problem, args.time_limit, args.workers, args.seed, deterministic=False)
        faults += _told("here, by the clock", problem, run)
    if args.work > 0:
        faults += on_dask(problem, args.work, args.workers, args.seed)
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


def on_dask(problem: schedopt.Problem, work: float, workers: int, seed: int) -> list[str]:
    """The same counted work by one worker process, by two, and by two of which one is killed; faults, in words."""
    runs: list[Run] = []
    faults: list[str] = []
    for label, count, lost in (("one worker", 1, False), ("two workers", 2, False), ("one of two killed", 2, True)):
        with _client(count) as client:
            killer = threading.Thread(target=_kill_one, args=(client,)) if lost else None
            if killer is not None:
                killer.start()
            runs.append(planned(problem, work, workers, seed, deterministic=True, executor=client))
            if killer is not None:
                killer.join()
        faults += _told(label, problem, runs[-1])
        if not np.array_equal(runs[0].plan.assignment.step_start, runs[-1].plan.assignment.step_start):
            faults.append(f"{label}: another schedule than with one worker")
    one, two, _ = (run.parts_seconds for run in runs)
    print(f"two workers against one: parts {one / max(1e-9, two):.2f} times as fast, the whole plan "
          f"{runs[0].seconds / runs[1].seconds:.2f} times", flush=True)  # fmt: skip
    return faults


def planned(problem: schedopt.Problem, limit: float, workers: int, seed: int, **how: Any) -> Run:
    """A plan, with how long its parts took."""
    marks: list[float] = []

    def note(moment: Moment) -> None:
        if "parts done" in moment.doing:
            marks.append(time.perf_counter())
        elif moment.doing == "moving visits":
            marks[:] = [time.perf_counter()]

    began = time.perf_counter()
    plan = schedopt.plan(problem, limit, workers, seed, progress=note, **how)
    return Run(plan, time.perf_counter() - began, marks[-1] - marks[0] if len(marks) > 1 else 0.0)


@contextmanager
def _client(count: int) -> Iterator[Any]:
    """A client of so many worker processes on this machine, one thread each."""
    distributed: Any = import_module("distributed")  # an optional extra
    with (
        distributed.LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def _kill_one(client: Any) -> None:
    """Kill a worker that has been at a task for two seconds."""
    pids: dict[str, int] = client.run(os.getpid)
    while not any(client.processing().values()):
        time.sleep(0.05)
    time.sleep(2.0)
    address = next((name for name, tasks in client.processing().items() if tasks), next(iter(pids)))
    os.kill(pids[address], signal.SIGKILL)
    print(f"killed process {pids[address]} in the middle of a task", flush=True)


def _told(label: str, problem: schedopt.Problem, run: Run) -> list[str]:
    """Print a line; faults, in words."""
    plan, audit = run.plan, schedopt.check(problem, run.plan.assignment)
    print(f"{label}: cost {plan.cost:,} points, bound {plan.bound:,}, gap {100 * plan.gap:.1f} %, "
          f"{len(plan.schedule):,} visits, {run.seconds:.0f} s of which parts {run.parts_seconds:.0f} s, {_peak()}",
          flush=True)  # fmt: skip
    return [] if audit.breaches.empty else [f"{label}: {len(audit.breaches)} rules broken"]


def _peak() -> str:
    """The most memory that this process has had; its workers are not counted."""
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIBIBYTE:.2f} GiB here"


if __name__ == "__main__":
    sys.exit(main())
