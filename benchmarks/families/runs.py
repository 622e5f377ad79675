"""Weeks planned in processes of their own, each with the library of a checkout, and judged here."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import schedopt
from benchmarks.families.weeks import Given, Week
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.search.local import first_fit

RUNNER = Path(__file__).with_name("runner.py")
DEAR_POINTS = 4_000
"""A request left out at this price or more is a dear one."""
DEAR_PRIORITY = 10
"""So is one of this priority or more, whatever the price."""


@dataclass(frozen=True)
class Checkout:
    """A version of this project.

    Attributes
    ----------
    folder : Path
        Where it is.
    compiled : Path or None
        Where its compiled functions are kept; None: beside its sources, by the date of each file alone.
    """

    folder: Path
    compiled: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that imports this version's library."""
        own = {"PYTHONPATH": str(self.folder)}
        return os.environ | own | ({} if self.compiled is None else {"NUMBA_CACHE_DIR": str(self.compiled)})


@dataclass(frozen=True)
class Effort:
    """What each plan may take: seconds, threads, and the seed of the search."""

    seconds: float
    workers: int
    seed: int


@dataclass(frozen=True)
class Laid:
    """A week laid out for planning: what everybody gets, and what this version knows of it."""

    week: Week
    given: Given
    problem: schedopt.Problem
    first_fit: int


@dataclass(frozen=True)
class Outcome:
    """One plan, judged.

    Attributes
    ----------
    name, family : str
        Of the week.
    fingerprint : str
        Of the problem.
    requests, seed : int
        Visits asked for; seed of the search.
    cost, bound, first_fit : int
        Points: by this version's check, as proved by the planning version, and of the first-fit schedule.
    dear : int
        Dear requests left out that could be placed somewhere.
    pace : int or None
        Moves a second, of all workers while they moved visits; None where the version does not count them.
    faults : tuple of str
        What is wrong, in words.
    """

    name: str
    family: str
    fingerprint: str
    requests: int
    seed: int
    cost: int
    bound: int
    first_fit: int
    dear: int
    pace: int | None
    faults: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """Per cent of the cost that the bound leaves open."""
        return 100 * (1 - self.bound / self.cost) if self.cost else 0.0


class Failed(Exception):
    """A process ended without a plan; the message is what it said last."""


def lay_out(week: Week) -> Laid:
    """Make a week's tables, and its problem."""
    given = week.make()
    problem = given.problem()
    return Laid(week, given, problem, schedopt.check(problem, first_fit(problem)).cost)


def run(laid: Laid, checkout: Checkout, effort: Effort) -> Outcome:
    """Plan a week with the library of a checkout, and judge the plan with this one's.

    Raises
    ------
    Failed
        If there is no plan.
    """
    return judged(laid, answer_of(laid.given, checkout, effort), effort.seed)


def answer_of(given: Given, checkout: Checkout, effort: Effort) -> dict[str, Any]:
    """What a process of its own answers; see :mod:`benchmarks.families.runner`."""
    task = {
        "checkout": str(checkout.folder), "frames": given.frames, "settings": given.settings, "first": given.first,
        "seconds": effort.seconds, "workers": effort.workers, "seed": effort.seed,
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        files = Path(folder, "task"), Path(folder, "answer")
        files[0].write_bytes(pickle.dumps(task))
        command = [sys.executable, "-P", str(RUNNER), *map(str, files)]
        ended = subprocess.run(
            command, cwd=checkout.folder, env=checkout.environment, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise Failed((ended.stderr.strip() or "no words").splitlines()[-1])
        return dict(json.loads(files[1].read_text(encoding="utf-8")))


def judged(laid: Laid, answer: dict[str, Any], seed: int) -> Outcome:
    """An answer with its cost, and what is wrong with it, worked out anew."""
    problem, week = laid.problem, laid.week
    schedule = Schedule(np.array(answer["session"], np.int64), np.array(answer["step_start"], np.int64))
    if len(schedule.session) != len(problem.week.requests) or len(schedule.step_start) != problem.week.steps.offset[-1]:
        raise Failed("planned another problem")
    audit = schedopt.check(problem, schedule)
    faults = {
        f"{len(audit.breaches)} rules broken": not audit.breaches.empty,
        f"the plan says {answer['cost']:,} points, the check {audit.cost:,}": answer["cost"] != audit.cost,
        f"the bound {answer['bound']:,} is above the cost {audit.cost:,}": answer["bound"] > audit.cost,
    }
    return Outcome(
        week.name, week.family, problem.fingerprint, len(problem.week.requests), seed, audit.cost, answer["bound"],
        laid.first_fit, int(dear_left_out(problem, schedule)), answer["moves_per_second"],
        tuple(fault for fault, wrong in faults.items() if wrong),
    )  # fmt: skip


def dear_left_out(problem: schedopt.Problem, schedule: Schedule) -> int:
    """Requests left out that are dear and have an option."""
    dear = (problem.week.requests.priority >= DEAR_PRIORITY) | (problem.left_out >= DEAR_POINTS)
    return int((dear & (schedule.session < 0) & (np.diff(problem.offset) > 0)).sum())
