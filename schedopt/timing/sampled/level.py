"""The least value of a convex function, with a proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from schedopt.arrays import Flags, Floats

_NOTHING = 1e-6
"""What least squares leave over, when that is rounding: less than at any point of 100,000 variables."""

Oracle = Callable[[Floats], tuple[float, Floats]]


@dataclass(frozen=True, eq=False)
class Least:
    """What was found.

    Attributes
    ----------
    x : float array, shape (variables,)
        The best point.
    value : float
        Of the function there.
    bound : float
        The function is nowhere lower.
    evaluations : int
        Of the function.
    """

    x: Floats
    value: float
    bound: float
    evaluations: int


def least(
    function: Oracle,
    x: Floats,
    rows: Floats,
    most: Floats,
    *,
    bound: float = 0.0,
    tolerance: float = 1e-7,
    enough: float = np.inf,
    evaluations: int = 2_000,
) -> Least:
    """Minimise a convex function where ``rows @ x <= most``, by the level method.

    Every point gives a plane below the function. The next point is the one closest to the last at which all planes
    are below a level, halfway between bound and best value or `enough` if lower; where there is none, the level is a
    bound (Lemaréchal, Nemirovskii & Nesterov 1995, doi 10.1007/BF01585555). It needs no smoothness, which sampled costs
    do not have.

    Parameters
    ----------
    function : callable
        Value and a subgradient, shape (variables,), at a point.
    x : float array, shape (variables,)
        Where to start, allowed.
    rows, most : float arrays, shapes (inequalities, variables) and (inequalities,)
        They must hold the variables within bounds.
    bound : float
        The function is known to be nowhere lower.
    tolerance : float
        Stop when value less bound is at most so much of the value, or of a millionth of the value at `x`.
    enough : float
        Nobody wants a point above this: stop also when the bound has reached it.
    evaluations : int
        Stop after so many.
    """
    best, value, centre = x, np.inf, x
    slopes, constants = np.empty((0, len(x))), np.empty(0)
    done, floor, rounding = 0, 0.0, 0.0
    while done < evaluations:
        here, slope = function(centre)
        done += 1
        floor = floor or 1e-6 * abs(here)
        rounding = max(rounding, 1e-13 * float(np.abs(slope).sum() * np.abs(most).max()))
        if here < value:
            best, value = centre, here
        slopes = np.concatenate([slopes, slope[None]])
        constants = np.concatenate([constants, [here - slope @ centre]])
        nearest = None
        while nearest is None and value - bound > tolerance * max(abs(value), floor) + rounding and bound < enough:
            level = min((bound + value) / 2, enough)
            nearest, used = closest(
                centre, np.concatenate([slopes, rows]), np.concatenate([level - constants, most])
            )  # fmt: skip
            if nearest is None:
                bound = level
        if nearest is None:
            break
        if len(slopes) > 6 * len(x) + 40:
            held = used[: len(slopes)] | (np.arange(len(slopes)) >= len(slopes) - 2 * len(x))
            slopes, constants = slopes[held], constants[held]
        centre = nearest
    return Least(best, value, bound, done)


def closest(x: Floats, rows: Floats, most: Floats) -> tuple[Floats | None, Flags]:
    """The point closest to `x` at which ``rows @ y <= most``, as least squares with factors of at least 0.

    Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23: least distance programming. What the least
    squares leave over is 1 / (1 + d²), d the distance in units of the largest distance to a row's border, or 0 where
    nothing holds all. Rows that hold the variables within bounds keep d below some 2 √variables.

    Parameters
    ----------
    x : float array, shape (variables,)
        Where from.
    rows, most : float arrays, shapes (inequalities, variables) and (inequalities,)
        What must hold.

    Returns
    -------
    float array, shape (variables,), or None
        None where nothing holds all.
    bool array, shape (inequalities,)
        What keeps the point from being closer.
    """
    length = np.sqrt((rows * rows).sum(axis=1))
    length[length == 0] = 1.0
    short = (most - rows @ x) / length
    scale = max(float(np.abs(short).max()), 1e-300)
    system = np.concatenate([-(rows / length[:, None]).T, -short[None] / scale])
    target = np.zeros(len(x) + 1)
    target[-1] = 1.0
    factors, _ = nnls(system, target)
    residual = system @ factors - target
    if -residual[-1] < _NOTHING:
        return None, factors > 0
    return x - residual[:-1] / residual[-1] * scale, factors > 0
