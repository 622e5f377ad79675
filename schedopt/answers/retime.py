"""A plan whose sessions have been given new start times."""

from __future__ import annotations

import time
from dataclasses import asdict, replace

from schedopt.answers.result import plan_around
from schedopt.models.problem.plan import Plan
from schedopt.timing.costs import Costs
from schedopt.timing.retiming import Progress, retimed
from schedopt.uncertainty.week import WeekScenarios


def retime(
    plan: Plan, scenarios: WeekScenarios, costs: Costs, *, shortest: float = 10.0, workers: int = 2,
    progress: Progress | None = None,
) -> Plan:  # fmt: skip
    """The same visits in the same sessions, at times that make waiting, idle time and overtime cheaper on average.

    The result keeps every rule that the plan keeps, with appointments that may be shorter than the visits are expected
    to be: see :func:`~schedopt.timing.retiming.retimed`. They are the lengths of the new plan's problem. Its cost in
    points may be higher, as the office's weights price planned minutes and not expected ones, and its bound is 0: that
    of the plan was proved for longer appointments. The record keeps the cost and the bound that were solved for.

    Parameters
    ----------
    plan : Plan
        As solved.
    scenarios : WeekScenarios
        What may happen to its visits, as ``uncertainty.scenarios()`` draws it. Judge the result on others, as
        :func:`schedopt.simulate` does.
    costs : Costs
        Of a minute of waiting, idle time and overtime.
    shortest : float
        Minutes that an appointment is not cut below, unless its visit is shorter.
    workers : int
        Threads.
    progress : callable, optional
        Called with the number of sessions timed, and of all.

    Raises
    ------
    KeyError
        If a visit of the plan is not among the scenarios.
    """
    began = time.perf_counter()
    problem, schedule = retimed(
        plan.problem, plan.assignment, scenarios, costs, shortest=shortest, workers=workers, progress=progress
    )
    seconds = plan.seconds + time.perf_counter() - began
    new = plan_around(problem, schedule, {}, seconds=seconds, conflicts=plan.conflicts)
    solved = {"cost": plan.cost, "bound": plan.bound}
    timing = {**asdict(costs), "scenarios": len(scenarios), "solved": solved}
    lengths = {key: new.record[key] for key in ("lengths",) if key in new.record}
    return replace(new, trace=plan.trace, record={**plan.record, **lengths, "timing": timing})
