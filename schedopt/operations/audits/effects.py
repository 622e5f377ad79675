"""Whether what was done has helped: two samples compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from schedopt.operations.audits.limits import Limits, expect_counts, wilson
from schedopt.operations.audits.sizes import percent


@dataclass(frozen=True)
class Effect:
    """By how much fewer deviate than before.

    Attributes
    ----------
    before, after : float
        Shares that deviate.
    fewer : float
        ``before − after``.
    limits : Limits
        Of `fewer`, by Newcombe.
    chance : float
        Probability of so large an improvement, or larger, where nothing has changed: Fisher's exact test, one-sided.
    helped : bool
        Whether that is at most 1 − confidence.
    confidence : float
        Such as 0.95.
    words : str
        The same in a sentence.
    """

    before: float
    after: float
    fewer: float
    limits: Limits
    chance: float
    helped: bool
    confidence: float
    words: str


def compare(
    before: tuple[int, int], after: tuple[int, int], *, confidence: float = 0.95
) -> Effect:  # fmt: skip
    """Compare a sample with an earlier one.

    Parameters
    ----------
    before, after : tuple of (int, int)
        Deviations, and items looked at.
    confidence : float
        Of the limits, and of the test.
    """
    for found, items in (before, after):
        expect_counts(found, items, confidence)
    first, second = before[0] / before[1], after[0] / after[1]
    table = [[before[0], before[1] - before[0]], [after[0], after[1] - after[0]]]
    chance = float(stats.fisher_exact(table, alternative="greater")[1])
    limits = difference_limits(before, after, confidence)
    helped = chance <= 1 - confidence + 1e-12
    words = (
        f"{percent(first)} deviated before and {percent(second)} do now: "
        f"{'an improvement' if helped else 'no improvement shown'} (Fisher's exact test, p = {chance:.3g}; "
        f"{percent(limits.low)} to {percent(limits.high)} fewer at {percent(confidence)} confidence)."
    )
    return Effect(first, second, first - second, limits, chance, helped, confidence, words)


def difference_limits(
    one: tuple[int, int], other: tuple[int, int], confidence: float = 0.95
) -> Limits:  # fmt: skip
    """Limits of the difference of two shares, from Wilson's of each.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, 873–890, method 10.
    """
    first, second = one[0] / one[1], other[0] / other[1]
    (low1, high1), (low2, high2) = wilson(*one, confidence), wilson(*other, confidence)
    difference = first - second
    low = difference - math.hypot(first - low1, high2 - second)
    return Limits(low, difference + math.hypot(high1 - first, second - low2))
