"""The rules by which a control chart tells a change from noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints


class ChartRule(NamedTuple):
    """A rule: so many of so many points in a row lie further than so many sigma on one side of the centre.

    Attributes
    ----------
    name, words : str
        Short, and for people.
    least, of : int
        At least `least` of the last `of` points, the last among them.
    sigma : float
        How far from the centre, on the same side; strictly more.
    """

    name: str
    words: str
    least: int
    of: int
    sigma: float


RULES = (
    ChartRule("beyond", "beyond a limit", 1, 1, 3.0),
    ChartRule("two_of_three", "two of three in a row beyond two thirds of the way to a limit", 2, 3, 2.0),
    ChartRule("four_of_five", "four of five in a row beyond one third of the way to a limit", 4, 5, 1.0),
    ChartRule("eight_on_a_side", "eight in a row on one side of the centre", 8, 8, 0.0),
)
"""The Western Electric rules (Statistical Quality Control Handbook, 1956), which Wheeler uses too. All are on."""


def fired(distance: Floats, rules: Sequence[ChartRule] = RULES) -> Flags:
    """At which points rules fire.

    Parameters
    ----------
    distance : float array, shape (..., points)
        From the centre, in sigma; NaN: there is no centre, and the point is not far.
    rules : sequence of ChartRule
        Which.

    Returns
    -------
    bool array, shape (rules, ..., points)
        A rule fires at the last of the points that it looks at.
    """
    found = np.zeros((len(rules), *distance.shape), bool)
    for number, rule in enumerate(rules):
        for side in (1.0, -1.0):
            far = np.nan_to_num(side * distance, nan=-np.inf) > rule.sigma
            found[number] |= far & (_recent(far, rule.of) >= rule.least)
    return found


def _recent(far: Flags, of: int) -> Ints:
    """How many of the last points are far."""
    total = np.cumsum(far, axis=-1, dtype=np.int64)
    before = np.zeros_like(total)
    before[..., of:] = total[..., :-of] if far.shape[-1] > of else 0
    counts: Ints = total - before
    return counts
