"""Compile all that planning runs before its clock starts, or load it where an earlier process has compiled it.

Numba compiles one function at a time in a process. So where nothing is on disk yet, and what is compiled can be kept
there, another process compiles what finding prices runs, while this one compiles the search.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from schedopt.models.problem import Problem
from schedopt.solver import patterns, places
from schedopt.solver.anneal import anneal
from schedopt.solver.grid import empty_grid, make_fixed
from schedopt.solver.moves import insert_all, place_all
from schedopt.solver.walk import HERE

SAY = "compiling the search, step {} of {} (first use only)"
"""What is shown."""


def prepare(problem: Problem, say: Callable[[str], None] = lambda step: None) -> None:
    """Compile what planning runs.

    Parameters
    ----------
    problem : Problem
        Any week: what is compiled is the same for all of them.
    say : callable, optional
        Told of each step, where there is anything to compile.
    """
    fixed, nobody, steps = make_fixed(problem), np.zeros(0, np.int64), 1
    grid = empty_grid(problem, fixed)
    on_disk = _on_disk()
    other = None if on_disk is not False else _start_other()

    def move() -> None:
        state = np.ones(1, np.int64)
        anneal(fixed, grid, nobody, nobody, nobody, nobody, HERE, 1.0, 0, state, steps, np.ones(1))

    def insert() -> None:
        insert_all(fixed, grid, nobody, nobody, steps)
        place_all(fixed, grid, nobody, nobody, nobody)
        places.prepare(fixed, grid)

    def price() -> None:
        if other is not None:
            other.wait()
        patterns.prepare()

    for number, work in enumerate((move, insert, price), start=1):
        if not on_disk and not patterns.cheapest.signatures:  # type: ignore[attr-defined]
            say(SAY.format(number, 3))
        work()


def _on_disk() -> bool | None:
    """Whether an earlier process has kept what is compiled last; None where nothing can be kept."""
    folder = patterns.load.stats.cache_path  # type: ignore[attr-defined]
    if folder is None:
        return None
    return any(Path(folder).glob("anneal.anneal-*.nbi")) and any(Path(folder).glob("patterns.load-*.nbi"))


def _start_other() -> subprocess.Popen[bytes] | None:
    """A process that compiles what finding prices runs and leaves it on disk, or None where none can be started."""
    if not Path(sys.executable or "").name.startswith("python"):
        return None
    command = [sys.executable, "-c", "from schedopt.solver import patterns; patterns.prepare()"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    silent = subprocess.DEVNULL
    try:
        return subprocess.Popen(command, env=environment, stdin=silent, stdout=silent, stderr=silent)
    except OSError:
        return None
