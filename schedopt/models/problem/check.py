"""Judge any schedule, ours or anybody's, against the rules. Needs no solver."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.models.problem.couplings import CostPart
from schedopt.models.problem.notice import noticed
from schedopt.models.problem.options import visits_as_options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Confines, Forbids, judge
from schedopt.models.problem.schedule import Schedule


@dataclass(frozen=True)
class Audit:
    """What a schedule breaks and what it costs.

    Attributes
    ----------
    broken : tuple of (str, str, str, str)
        Of each breach: request (id), rule, source, detail (words).
    parts : tuple of CostPart
        The cost, part by part.
    visit_points : int array, shape (requests,)
        Points of the rules that look at a visit alone; 0 where left out.
    """

    broken: tuple[tuple[str, str, str, str], ...]
    parts: tuple[CostPart, ...]
    visit_points: Ints

    @property
    def cost(self) -> int:
        """Points in all."""
        return sum(part.points for part in self.parts)

    @cached_property
    def breaches(self) -> pd.DataFrame:
        """One row a breach: ``request`` (id), ``rule``, ``source``, ``detail`` (words)."""
        return pd.DataFrame(self.broken, columns=["request", "rule", "source", "detail"])

    @cached_property
    def costs(self) -> pd.DataFrame:
        """One row a part: ``part``, ``source``, ``points``, ``quantity``, ``unit``."""
        rows = [(p.name, p.source, p.points, p.quantity, p.unit) for p in self.parts]
        return pd.DataFrame(rows, columns=["part", "source", "points", "quantity", "unit"])


def check(problem: Problem, schedule: Schedule, *, now: dt.datetime | None = None) -> Audit:
    """Audit a schedule: every rule it breaks and every point it costs.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Any schedule of it, good or bad.
    now : datetime.datetime, optional
        The moment of asking, as in :func:`schedopt.assemble`: a visit that begins sooner after it than its notice, and
        not as promised, breaks that rule. Without it, and where that is later, the moment of planning, if that was
        given.

    Returns
    -------
    Audit
    """
    problem = noticed(problem, None, now)
    week, ids = problem.week, problem.week.requests.ids
    visits = visits_as_options(week, schedule)
    left_out = schedule.session < 0
    breaches: list[tuple[str, str, str, str]] = []
    parts: list[CostPart] = []
    points = np.zeros(len(week.requests), np.int64)
    for rule in problem.rules:
        fine, price = judge(rule, visits, week)
        for row in np.flatnonzero(~fine).tolist():
            why = rule.why(visits.take(np.array([row])), week)
            breaches.append((ids[visits.request[row]], rule.name, rule.source, why))
        points[visits.request] += price
        if not isinstance(rule, (Forbids, Confines)):
            missed = np.where(left_out, rule.left_out(week), 0)
            quantity = rule.quantity(visits, price, week) + rule.quantity_left_out(missed)
            parts.append(CostPart(rule.name, rule.source, int(price.sum() + missed.sum()), quantity, rule.unit))
    for coupling in problem.couplings:
        for breach in coupling.breaches(week, schedule):
            breaches.append((ids[breach.request], coupling.name, coupling.source, breach.detail))
        parts.extend(coupling.parts(week, schedule))
    return Audit(tuple(breaches), tuple(parts), points)
