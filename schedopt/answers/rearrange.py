"""A plan whose visits are in the order, and in the sessions, that what is uncertain about them asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace

from schedopt.answers.result import plan_around
from schedopt.models.problem.plan import Plan
from schedopt.timing.arranging import Effort, arranged, with_everybody
from schedopt.timing.costs import Costs
from schedopt.uncertainty.week import Uncertainty

SCENARIOS = 1000
"""Weeks that orders, sessions and times are chosen on."""

UncertaintyOf = Callable[[Plan], Uncertainty]
"""What is uncertain about a plan's visits: ``Uncertainty.assumed``, or what :func:`learn_uncertainty` has learned."""


def rearrange(
    plan: Plan, uncertainty: UncertaintyOf, costs: Costs, effort: Effort | None = None, *,
    scenarios: int = SCENARIOS, shortest: float = 10.0, workers: int = 2,
) -> Plan:  # fmt: skip
    """New times, orders and sessions that lower points and expected minutes together, at these costs.

    See :func:`~schedopt.timing.arranging.arranged`, which says what is changed and what is kept. As with
    :func:`schedopt.retime`, appointments may become shorter than visits are expected to be, the plan's bound is 0, and
    the record keeps the cost and the bound that were solved for.

    Parameters
    ----------
    plan : Plan
        As solved.
    uncertainty : callable
        What is uncertain about a plan: it is asked about one in which every request has a place, whatever else is
        there. A visit that changes its session is taken to last as long there.
    costs : Costs
        Of a minute of waiting, idle time and overtime, in points.
    effort : Effort, optional
        How long to look, and whether to book more than fits.
    scenarios : int
        Weeks to choose on. Judge the result on others, as :func:`schedopt.simulate` does.
    shortest : float
        Minutes that an appointment is not cut below.
    workers : int
        Threads; another number gives another plan.
    """
    began, effort = time.perf_counter(), effort or Effort()
    everybody = plan_around(plan.problem, with_everybody(plan.problem, plan.assignment), {})
    known = uncertainty(everybody)
    problem, schedule = arranged(
        plan.problem, plan.assignment, known, known.scenarios(scenarios, effort.seed), costs, effort,
        shortest=shortest, workers=workers,
    )  # fmt: skip
    seconds = plan.seconds + time.perf_counter() - began
    new = plan_around(problem, schedule, {}, seconds=seconds, conflicts=plan.conflicts)
    how = {**asdict(effort), "scenarios": scenarios, "solved": {"cost": plan.cost, "bound": plan.bound}}
    lengths = {key: new.record[key] for key in ("lengths",) if key in new.record}
    return replace(new, trace=plan.trace, record={**plan.record, **lengths, "timing": {**asdict(costs), **how}})
