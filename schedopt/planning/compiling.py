"""Compile all that planning runs before its clock starts, or load it where an earlier process has compiled it.

Numba compiles one function at a time in a process. So where the search is not on disk yet, and what is compiled can
be kept there, another process compiles what finding prices runs, while this one compiles the search.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

import numpy as np

from schedopt.arrays import Ints, Words
from schedopt.compiled import is_compiled
from schedopt.models.problem.problem import Problem
from schedopt.solver import opening
from schedopt.solver.bound import patterns
from schedopt.solver.search import places
from schedopt.solver.search.anneal import anneal
from schedopt.solver.search.days import DayTables
from schedopt.solver.search.grid import Grid, WeekTables, empty_grid, make_tables
from schedopt.solver.search.moves import insert_all, place_all
from schedopt.solver.search.rounds import HERE

SAY = "compiling the search, step {} of {} (first use only)"
"""What is shown."""
OTHER = """
import pickle, sys
from schedopt.planning.compiling import compile_rest
from schedopt.solver.search.grid import WeekTables, Grid
tables, grid = pickle.load(sys.stdin.buffer)
compile_rest(WeekTables(*tables), Grid(*grid))
"""
"""What the other process runs: it gets tables without rows, as only their types matter."""


def prepare(problem: Problem, say: Callable[[str], None] = lambda step: None) -> None:
    """Compile what planning runs.

    Parameters
    ----------
    problem : Problem
        A week: what is compiled is the same for all plain ones, and for all others
        (:attr:`~schedopt.solver.search.grid.WeekTables.others`).
    say : callable, optional
        Told of each step, where there is anything to compile.
    """
    tables, nobody, steps = make_tables(problem), np.zeros(0, np.int64), 1
    grid = empty_grid(problem, tables)
    start = nobody, nobody, nobody, nobody, HERE, 1.0, 0, np.ones(1, np.int64), steps, np.ones(1)
    ready = is_compiled(anneal, tables, grid, *start) and places.are_compiled(tables, grid)
    other = _start_other(tables, grid) if ready is False else None

    def move() -> None:
        anneal(tables, grid, *start)

    def insert() -> None:
        insert_all(tables, grid, nobody, steps)
        place_all(tables, grid, nobody, nobody, nobody)

    def rest() -> None:
        if other is not None:
            other.wait()
        compile_rest(tables, grid)

    for number, work in enumerate((move, insert, rest), start=1):
        if not ready:
            say(SAY.format(number, 3))
        work()


def compile_rest(tables: WeekTables, grid: Grid) -> None:
    """Compile what finds prices and places."""
    patterns.prepare()
    opening.prepare(tables, grid)
    places.prepare(tables, grid)


def _start_other(tables: WeekTables, grid: Grid) -> subprocess.Popen[bytes] | None:
    """A process that compiles the rest and leaves it on disk, or None where none can be started."""
    if not Path(sys.executable or "").name.startswith("python"):
        return None
    command = [sys.executable, "-c", OTHER]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    silent = subprocess.DEVNULL
    try:
        other = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=silent, stderr=silent)
        with contextlib.closing(cast(IO[bytes], other.stdin)) as pipe:
            pickle.dump([[_no_rows(table) for table in columns] for columns in (tables, grid)], pipe)
    except OSError:
        return None
    return other


def _no_rows(table: Ints | Words | DayTables | None) -> Ints | Words | DayTables | None:
    match table:
        case None:
            return None
        case DayTables():
            return DayTables(*(column[:0] for column in table))
    return table[:0]
