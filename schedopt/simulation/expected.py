"""One number for a plan: its points, and what the minutes of the played weeks cost."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats
from schedopt.models.problem.plan import Plan
from schedopt.simulation.simulated import Simulated
from schedopt.simulation.state import IDLE, OVERTIME
from schedopt.timing.arranging import points_beside_minutes
from schedopt.timing.costs import Costs


def expected_costs(plan: Plan, played: Simulated, costs: Costs) -> Floats:
    """Points and minutes of a plan together, in each week that was played.

    Minutes are those that patients wait, that providers are idle, and of overtime. In their place the plan's points for
    idle minutes and overtime as planned do not count. All other points do: who is left out, who comes on a later day.

    Parameters
    ----------
    plan : Plan
        The plan.
    played : Simulated
        What :func:`schedopt.simulate` found of it. Two plans that are played with the same seed and replications can
        be compared week by week.
    costs : Costs
        Of a minute, in points.

    Returns
    -------
    float array, shape (replications,)
        Points.
    """
    points = points_beside_minutes(plan.problem, plan.assignment)
    waited, idle, overtime = minutes_by_week(played)
    return np.asarray(points + costs.waiting * waited + costs.idle * idle + costs.overtime * overtime)


def minutes_by_week(played: Simulated) -> tuple[Floats, Floats, Floats]:
    """Minutes of waiting of all patients, of idle time and of overtime in each week; shape (replications,) each."""
    counted = played.played.counted.sum(axis=0)
    waited = np.nansum(played.played.waits, axis=0, dtype=float)
    return waited, counted[:, IDLE], counted[:, OVERTIME]
