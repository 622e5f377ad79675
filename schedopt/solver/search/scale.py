"""The scale of points in a week."""

from __future__ import annotations

import numpy as np

from schedopt.models.problem.problem import Problem

CHEAPER = 0.25
"""Share of the requests that are cheaper to leave out than the usual price."""


def usual_price(problem: Problem) -> float:
    """The usual price of leaving a request out, in points: that of the cheaper ones, which are those that move.

    Only requests that are not fixed and have an option count; 0 where there are none.
    """
    movable = ~problem.week.requests.fixed & (np.diff(problem.offset) > 0)
    return float(np.quantile(problem.left_out[movable], CHEAPER)) if movable.any() else 0.0
