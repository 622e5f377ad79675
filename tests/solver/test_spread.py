"""Parts of a week on other processes: the same schedule whoever works, and a worker that is lost costs nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import schedopt
from schedopt.models.problem.check import check
from schedopt.solver.params import SolveParams
from schedopt.solver.search.track import Moment
from tests.networks import network

SECONDS = 0.4
SMALL = SolveParams.model_validate({"parts": {"largest": 30, "usual": 24}})
"""Cuts a small network too."""


@pytest.fixture(scope="module")
def problem() -> schedopt.Problem:
    """Eight sites that make four parts."""
    return network(sites=8)


def planned(problem: schedopt.Problem, **how: Any) -> schedopt.Plan:
    """A plan by counted work."""
    return schedopt.plan(problem, SECONDS, 2, 5, progress=False, deterministic=True, params=SMALL, **how)


@pytest.fixture(scope="module")
def local(problem: schedopt.Problem) -> schedopt.Plan:
    """Planned on threads here."""
    return planned(problem)


def assert_same(plan: schedopt.Plan, other: schedopt.Plan) -> None:
    """The same visits at the same times, at the same cost and bound."""
    assert np.array_equal(plan.assignment.session, other.assignment.session)
    assert np.array_equal(plan.assignment.step_start, other.assignment.step_start)
    assert (plan.cost, plan.bound) == (other.cost, other.bound)


class Counting:
    """An executor that counts its tasks, and can lose some of them."""

    def __init__(self, threads: ThreadPoolExecutor, lost: int = 0) -> None:
        self._threads, self._lost, self.count = threads, lost, 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Run it, or fail as a broken worker does."""
        self.count += 1
        if self.count <= self._lost:
            failed: Future[Any] = Future()
            failed.set_exception(RuntimeError("the worker is gone"))
            return failed
        return self._threads.submit(function, *arguments)


def test_the_same_whatever_the_number_of_workers(problem: schedopt.Problem, local: schedopt.Plan) -> None:
    """One worker or three give the schedule of the local run, and every part is a task in each turn."""
    for count in (1, 3):
        with ThreadPoolExecutor(count) as threads:
            executor = Counting(threads)
            assert_same(planned(problem, executor=executor), local)
            assert executor.count > 0
            assert executor.count % 4 == 0


def test_parts_of_lost_workers_are_planned_here(problem: schedopt.Problem, local: schedopt.Plan) -> None:
    """Tasks that fail for good are done by whoever asked, and a warning says so; the schedule is the same."""
    with ThreadPoolExecutor(1) as threads, pytest.warns(RuntimeWarning, match="part [12] of the week is planned here"):
        plan = planned(problem, executor=Counting(threads, lost=2))
    assert_same(plan, local)


def test_the_same_on_processes(problem: schedopt.Problem, local: schedopt.Plan) -> None:
    """Processes of the standard library give the schedule of the local run."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert_same(planned(problem, executor=processes), local)


def test_what_takes_no_tasks_is_refused(problem: schedopt.Problem) -> None:
    """An executor without ``submit`` is an error of the caller."""
    with pytest.raises(ValueError, match="executor"):
        planned(problem, executor="tcp://somewhere")


def test_an_interrupt_keeps_the_parts_that_are_there(problem: schedopt.Problem) -> None:
    """Ctrl-C in the middle of the parts begins nothing else, and leaves a schedule that breaks nothing."""

    seen: list[str] = []

    def interrupt(moment: Moment) -> None:
        seen.append(moment.doing)
        if "1 of 4 parts done" in moment.doing:
            raise KeyboardInterrupt

    plan = schedopt.plan(problem, 6.0, 2, 5, progress=interrupt, params=SMALL)
    assert "1 of 4 parts done" in seen[-1]
    assert check(problem, plan.assignment).breaches.empty
    assert len(plan.schedule) > 0


@pytest.fixture
def client() -> Iterator[Any]:
    """A client of two Dask workers, each a process of its own."""
    distributed = pytest.importorskip("distributed", reason="Dask is an optional extra: schedopt[cluster]")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_is_survived(problem: schedopt.Problem, local: schedopt.Plan, client: Any) -> None:
    """A worker of Dask's gets a signal in the middle of its first task; the schedule is that of the local run."""
    victim = next(iter(client.run(os.getpid).values()))
    killed = threading.Event()

    def kill() -> None:
        while not any(client.processing().values()):
            time.sleep(0.005)
        os.kill(victim, signal.SIGKILL)
        killed.set()

    killer = threading.Thread(target=kill)
    killer.start()
    plan = planned(problem, executor=client)
    killer.join()
    assert killed.is_set()
    assert_same(plan, local)
