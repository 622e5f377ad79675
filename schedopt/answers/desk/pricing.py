"""What a change to one visit costs, part by part, from the rules themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedopt.answers.desk.desk import Desk
from schedopt.models.problem.options import Options, concatenate, visits_as_options
from schedopt.models.problem.rules import Confines, Forbids, judge
from schedopt.models.problem.schedule import Schedule


def changes_by_part(desk: Desk, request: int, schedules: Sequence[Schedule]) -> pd.DataFrame:
    """How each part of the cost would change from the plan's schedule to others that differ in one request.

    Parameters
    ----------
    desk : Desk
        The plan.
    request : int
        Code of the request that is placed in every one of `schedules`.
    schedules : sequence of Schedule
        All other requests are as in the plan.

    Returns
    -------
    pandas.DataFrame
        One row a schedule, one column (points) for each part that changes in any of them, in the order of the plan's
        parts. The sum of a row is exactly the difference that :func:`schedopt.check` finds.
    """
    week, now = desk.problem.week, desk.plan.assignment
    visits = concatenate([_visit(desk, request, schedule) for schedule in (now, *schedules)])
    is_placed = now.session[request] >= 0
    columns: dict[str, np.ndarray] = {}
    for number, rule in enumerate(desk.problem.rules):
        if not isinstance(rule, (Forbids, Confines)):
            price = judge(rule, visits, week)[1]
            before = price[0] if is_placed else desk.left_out[number, request]
            columns[rule.name] = price[len(price) - len(schedules) :] - before
    for coupling in desk.problem.couplings:
        for part in coupling.parts(week, now):
            columns[part.name] = np.full(len(schedules), -part.points, np.int64)
        for number, schedule in enumerate(schedules):
            for part in coupling.parts(week, schedule):
                columns[part.name][number] += part.points
    return pd.DataFrame({name: points for name, points in columns.items() if points.any()}, index=range(len(schedules)))


def _visit(desk: Desk, request: int, schedule: Schedule) -> Options:
    """One request's visit in a schedule as an option, or none."""
    visits = visits_as_options(desk.problem.week, schedule)
    return visits.take(visits.request == request)
