"""Sets of least value, of functions with falling returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Floats


@dataclass(frozen=True, eq=False)
class Lowest:
    """What was found.

    Attributes
    ----------
    members : bool array, shape (elements,)
        A set below 0, or the empty one.
    value : float
        Of the function there.
    bound : float
        No set has less.
    """

    members: Flags
    value: float
    bound: float


def lowest_set(
    function: Callable[[Flags], float], first: Floats, tolerance: float, rounds: int = 1_000
) -> Lowest:  # fmt: skip
    """A set below 0 of a submodular function that is 0 at the empty set, or the proof that there is none.

    Wolfe's algorithm for the point of least norm in the base polytope (Fujishige 2005, Submodular Functions and
    Optimization, section 7.1): for any such point x no set has less than the sum of its negative entries. Its corners
    are made of the function's values along a growing set; the first of those below 0 by more than the tolerance ends
    the search.

    Parameters
    ----------
    function : callable
        Value of a set, given as flags of shape (elements,).
    first : float array, shape (elements,)
        Elements with less are more likely to be in a set below 0.
    tolerance : float
        What is rounding.
    rounds : int
        At most; the bound says how far that has come.
    """
    corner, members, value = _corner(function, first)
    if value < -tolerance:
        return Lowest(members, value, -np.inf)
    corners, factors, point = corner[None], np.ones(1), corner
    bound = -np.inf
    for _ in range(rounds):
        bound = max(bound, float(np.minimum(point, 0).sum()))
        if bound >= -tolerance:
            break
        corner, members, value = _corner(function, point)
        if value < -tolerance:
            return Lowest(members, value, bound)
        if point @ point - point @ corner <= 1e-12 * max(1.0, float(point @ point)):
            break
        corners, factors = np.concatenate([corners, corner[None]]), np.append(factors, 0.0)
        corners, factors = _nearest(corners, factors)
        point = factors @ corners
    return Lowest(np.zeros(len(first), bool), 0.0, bound)


def _corner(function: Callable[[Flags], float], order: Floats) -> tuple[Floats, Flags, float]:
    """What each element adds when they join in ascending order; with the lowest set on the way, and its value."""
    corner, members, before = np.empty(len(order)), np.zeros(len(order), bool), 0.0
    lowest, least = members.copy(), np.inf
    for element in np.argsort(order, kind="stable"):
        members[element] = True
        value = function(members)
        corner[element], before = value - before, value
        if value < least:
            lowest, least = members.copy(), value
    return corner, lowest, least


def _nearest(corners: Floats, factors: Floats) -> tuple[Floats, Floats]:
    """The mixture of corners closest to 0, from one of all but the last of them: Wolfe's minor steps."""
    while True:
        product = corners @ corners.T
        size = len(factors)
        system = np.ones((size + 1, size + 1))
        system[0, 0], system[1:, 1:] = 0.0, product
        target = np.zeros(size + 1)
        target[0] = 1.0
        wanted = np.linalg.lstsq(system, target, rcond=None)[0][1:]
        if (wanted >= -1e-12).all():
            held = wanted > 1e-12
            return corners[held], wanted[held] / wanted[held].sum()
        down = wanted < np.minimum(factors, 0)
        down |= wanted < -1e-12
        step = float((factors[down] / (factors[down] - wanted[down])).min())
        factors = factors + step * (wanted - factors)
        held = factors > 1e-12
        corners, factors = corners[held], factors[held] / factors[held].sum()
