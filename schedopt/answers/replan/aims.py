"""One model, several aims in strict order: urgent requests, points lost, visits moved, cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from schedopt.answers.replan.displaced import Upset
from schedopt.arrays import Ints
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.cpsat.model import Effort, PieceModel, solve

COUNTS = 2
"""The first aims, which make up the score; those after them need not be solved to the end for it to be proved."""
LEAST_WORK = 0.02
"""Seconds of work that an aim is given at least: presolve alone settles most."""


@dataclass(frozen=True, order=True)
class Score:
    """How well a schedule answers a change; lower is better, an earlier entry before all later ones.

    Attributes
    ----------
    urgent : int
        Points of leaving out those urgent requests that are left out, and one for each.
    lost_points : int
        Points of leaving out visits that are lost.
    lost : int
        Visits lost.
    moved : int
        Visits with another provider or start.
    """

    urgent: int
    lost_points: int
    lost: int
    moved: int


def score(state: Upset, schedule: Schedule) -> Score:
    """Count what a schedule of the changed problem does to the plan's visits."""
    price, urgent = state.problem.left_out, state.urgent
    placed = placed_before(state)
    gone = placed[schedule.session[placed] < 0]
    missing = urgent[schedule.session[urgent] < 0]
    moved = int((~stays(state, schedule)[placed]).sum()) - len(gone)
    return Score(int((price[missing] + 1).sum()), int(price[gone].sum()), len(gone), moved)


def placed_before(state: Upset) -> Ints:
    """Codes of the visits that the plan holds and nobody has cancelled."""
    visits = np.union1d(state.before.placed, state.displaced)
    return visits.astype(np.int64)


def stays(state: Upset, schedule: Schedule) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """By request, whether it is placed with the same provider and start as in the plan."""
    week = state.problem.week
    start = schedule.start(week)
    provider, old_provider = (np.append(week.sessions.provider, -1)[s.session] for s in (schedule, state.before))
    same = (schedule.session >= 0) & (start == state.before.start(week)) & (provider == old_provider)
    flags: np.ndarray[tuple[int], np.dtype[np.bool_]] = same
    return flags


class _Model(PieceModel):
    """A piece that remembers what it has to pay, so that the cost can be one aim among others."""

    def __init__(self, problem: Problem, outside: Schedule, rows: Ints, free: Ints) -> None:
        self.paid: list[Any] = []
        super().__init__(problem, outside, rows, free)

    def pay(self, expression: Any, points: int) -> None:
        """Add to the cost."""
        super().pay(expression, points)
        if points:
            self.paid.append(points * expression)


@dataclass(frozen=True)
class Solution:
    """What came of a model.

    Attributes
    ----------
    schedule : Schedule
        The best schedule found.
    closed : bool
        No schedule that keeps all but the free requests has a better score.
    """

    schedule: Schedule
    closed: bool


@dataclass
class Aims:
    """Solves models of a changed plan, all within one limit; the same models in the same order give the same answers.

    Parameters
    ----------
    state : Upset
        The plan after the change.
    limit : float
        Seconds in all, of counted work rather than time.
    spent : float
        Seconds of work so far.
    """

    state: Upset
    limit: float
    spent: float = 0.0
    _price: Ints = field(init=False)

    def __post_init__(self) -> None:
        self._price = self.state.problem.left_out

    def solve(self, present: Schedule, free: Ints, most: float | None = None) -> Solution:
        """The best schedule in which only the free requests differ from a present one, or that one itself.

        Parameters
        ----------
        present : Schedule
            Of the changed problem, breaking nothing; free requests may be left out in it.
        free : int array
            Codes, sorted.
        most : float, optional
            Seconds for this model, where the limit leaves that much; then only the score counts, not the cost.
        """
        end = self.limit if most is None else min(self.limit, self.spent + most)
        problem = self.state.problem
        rows = np.flatnonzero(np.isin(problem.options.request, free))
        model = _Model(problem, present.without(problem.week, free), rows, free)
        best, closed = present, True
        model.hint(present)
        for number, aim in enumerate(self._aims(model, free)):
            if isinstance(aim, int) or (number >= COUNTS and most is not None):
                continue
            model.model.minimize(aim)
            solved = solve(model, Effort(max(LEAST_WORK, end - self.spent), deterministic=True))
            self.spent += solved.work
            if solved.schedule is None:
                return Solution(best, False)
            best = solved.schedule
            closed = closed and (solved.proved or number >= COUNTS)
            model.model.add(aim <= solved.objective)
            model.model.clear_hints()  # type: ignore[no-untyped-call]
            model.hint(best)
        return Solution(best, closed)

    def _aims(self, model: _Model, free: Ints) -> list[Any]:
        """Expressions to minimise, in order: what a score counts, the cost, new arrivals for an unchanged start."""
        urgent = np.intersect1d(free, self.state.urgent).tolist()
        visits = np.intersect1d(free, placed_before(self.state)).tolist()
        most = len(visits) + 1
        kept = [self._keeps(model, r) for r in visits]
        lost = [(int(self._price[r]) * most + 1) * (1 - model.placed(r)) for r in visits]
        moved = [model.placed(r) - keep for r, keep in zip(visits, kept, strict=True)]
        times = [literal for r, keep in zip(visits, kept, strict=True) for literal in self._arrives(model, r, keep)]
        return [
            sum((int(self._price[r]) + 1) * (1 - model.placed(r)) for r in urgent),
            most * sum(lost) + sum(moved),  # fewer than `most` visits can be lost or moved: so these are three aims
            sum(model.paid),
            sum(1 - literal for literal in times),
        ]

    def _keeps(self, model: _Model, request: int) -> Any:
        """Literal or 0: the visit has the provider and the start that it had."""
        session = int(self.state.before.session[request])
        if session < 0 or session not in model.sessions(request):
            return 0
        step = int(self.state.problem.week.steps.provider_step[request])
        keep = model.model.new_bool_var("")
        model.model.add_implication(keep, model.at(request, session))
        same = model.start(step) == int(self.state.before.step_start[step])
        model.model.add(same).only_enforce_if(keep)
        return keep

    def _arrives(self, model: _Model, request: int, keep: Any) -> list[Any]:
        """Literals: a visit of several steps that keeps its start keeps the times of its other steps too."""
        steps = self.state.problem.week.steps
        head, tail = int(steps.offset[request]), int(steps.offset[request + 1])
        if isinstance(keep, int) or tail - head == 1:
            return []
        all_same = model.model.new_bool_var("")
        model.model.add_implication(all_same, keep)
        for step in range(head, tail):
            same = model.start(step) == int(self.state.before.step_start[step])
            model.model.add(same).only_enforce_if(all_same)
        return [all_same]
