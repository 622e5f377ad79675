"""The rules that there are, and models of whole weeks."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache

import numpy as np
from ortools.sat.python import cp_model

import schedopt
from schedopt.arrays import Ints
from schedopt.models.problem.check import Audit
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.options import Options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.solver.cpsat.model import Effort, PieceModel, make_solver

Breaches = set[tuple[str, str]]
Kind = type[Rule] | type[Coupling]


@cache
def kinds(base: Kind) -> list[Kind]:
    """Every concrete subclass in the package, wherever it stands."""
    for module in pkgutil.walk_packages(schedopt.__path__, "schedopt."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, wanted = [base], []
    while found:
        kind = found.pop()
        found += kind.__subclasses__()
        if hasattr(kind, "name") and kind.__module__.startswith("schedopt.") and not inspect.isabstract(kind):
            wanted.append(kind)
    return sorted(set(wanted), key=lambda kind: kind.name)


def breaches(audit: Audit) -> Breaches:
    """Requests and the rules that they break."""
    return {(request, rule) for request, rule, *_ in audit.broken}


def everybody(problem: Problem) -> Ints:
    """Codes of all requests."""
    return np.arange(len(problem.week.requests))


def whole_week(problem: Problem) -> PieceModel:
    """The model in which everybody is free."""
    return PieceModel(problem, nothing_placed(problem.week), np.arange(len(problem.options)), everybody(problem))


def solved(piece: PieceModel) -> tuple[Schedule | None, int]:
    """The best schedule of a model and its objective; None where there is none."""
    solver = make_solver(Effort(60.0, deterministic=True))
    status = solver.solve(piece.model)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return (piece.read(solver), round(solver.objective_value)) if status == cp_model.OPTIMAL else (None, 0)


def fits(problem: Problem, schedule: Schedule, free: Ints) -> bool:
    """Whether a model in which some requests are free, and all others stay, accepts a schedule."""
    rows = np.flatnonzero(np.isin(problem.options.request, free))
    piece = PieceModel(problem, schedule.without(problem.week, free), rows, free)
    piece.fix(schedule)
    return solved(piece)[0] is not None


def cells_of(options: Options) -> Iterator[tuple[int, int, tuple[int, ...], int, int]]:
    """Request, session, the others' sessions, start and cost of every start that options allow."""
    columns = (options.request, options.session, options.others, options.earliest, options.latest, options.cost)
    for request, session, others, earliest, latest, cost in zip(*(column.tolist() for column in columns), strict=True):
        for cell in range(earliest, latest + 1):
            yield request, session, tuple(others), cell, cost
