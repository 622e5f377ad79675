"""One CP-SAT model of the whole week: this library's own model with every request free, and no hint."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.instances import Instance, to_problem, to_visits
from benchmarks.peers.protocol import Answer, Task
from schedopt.models.problem.schedule import nothing_placed
from schedopt.solver.cpsat.model import Effort, PieceModel, make_solver


@dataclass(frozen=True)
class WholeWeek:
    """What a straightforward user of OR-Tools would write, as tight as this library knows to write it."""

    name: str = "CP-SAT, whole week"
    cannot_say: tuple[str, ...] = ()

    def solve(self, instance: Instance, task: Task) -> Answer:
        """Build the model, and search until it is proved or the time is over."""
        problem = to_problem(instance)
        week = problem.week
        everybody = np.arange(len(week.requests))
        piece = PieceModel(problem, nothing_placed(week), np.arange(len(problem.options)), everybody)
        solver = make_solver(Effort(task.time_limit, seed=task.seed, workers=task.workers))
        status = solver.solve(piece.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            return Answer(None, notes=(f"the model is {solver.status_name(status).lower()}",))
        bound = max(0, math.ceil(solver.best_objective_bound - 1e-6))  # no part of the cost is negative
        if status == cp_model.UNKNOWN:
            return Answer(None, bound, ("found nothing",))
        notes = ("proved best",) if status == cp_model.OPTIMAL else ()
        return Answer(to_visits(instance, problem, piece.read(solver)), bound, notes)
