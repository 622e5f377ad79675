"""How a sample is divided among strata."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping

from scipy import stats


def proportional(sizes: Mapping[str, int], items: int, *, least: int = 1) -> dict[str, int]:
    """Divide a sample by the size of each stratum: largest remainders, whole numbers that sum up.

    Parameters
    ----------
    sizes : mapping of str to int
        Items of each stratum.
    items : int
        Sample size.
    least : int
        Of each stratum at least so many are taken, or all where it has fewer.

    Returns
    -------
    dict of str to int
        Items to take of each stratum: never more than it has.

    Raises
    ------
    ValueError
        If there are fewer items than `items`, or `items` is too few for `least` of each.
    """
    return _divided(sizes, {name: float(size) for name, size in sizes.items()}, items, least)


def equal(sizes: Mapping[str, int], items: int, *, least: int = 1) -> dict[str, int]:
    """Divide a sample evenly, as far as strata have so many items; said as in :func:`proportional`."""
    return _divided(sizes, {name: float(size > 0) for name, size in sizes.items()}, items, least)


def neyman(
    sizes: Mapping[str, int], deviations: Mapping[str, float], items: int, *, least: int = 2
) -> dict[str, int]:  # fmt: skip
    """Divide a sample so that the estimated mean varies least; the best that whole numbers can be.

    One item after another goes where it lowers the variance most, which is optimal (Wright 2012, The American
    Statistician 66, 217–224). Neyman's formula gives the same but for rounding.

    Parameters
    ----------
    sizes : mapping of str to int
        Items of each stratum.
    deviations : mapping of str to float
        Standard deviation of what is measured, in each stratum.
    items : int
        Sample size.
    least : int
        As in :func:`proportional`; 2, so that each stratum's own variance can be estimated.
    """
    given = _given(sizes, items, least)
    queue = [
        (-_gain(sizes[name], deviations[name], taken), name) for name, taken in given.items() if taken < sizes[name]
    ]
    heapq.heapify(queue)
    for _ in range(items - sum(given.values())):
        _, name = heapq.heappop(queue)
        given[name] += 1
        if given[name] < sizes[name]:
            heapq.heappush(queue, (-_gain(sizes[name], deviations[name], given[name]), name))
    return given


def stratified_size(
    sizes: Mapping[str, int], deviations: Mapping[str, float], error: float, *, confidence: float = 0.95, least: int = 2
) -> dict[str, int]:
    """The smallest sample, divided as by :func:`neyman`, that estimates the mean of all within an error.

    Parameters
    ----------
    sizes, deviations, least
        As in :func:`neyman`.
    error : float
        Half the width of the interval for the mean of all items, in the unit of the values.
    confidence : float
        Two-sided, by the normal distribution.
    """
    if error <= 0:
        raise ValueError("expected error to be more than 0")
    low = sum(min(least, size) for size in sizes.values())
    high = sum(sizes.values())
    wanted = error / float(stats.norm.ppf((1 + confidence) / 2))
    while low < high:
        middle = (low + high) // 2
        given = neyman(sizes, deviations, middle, least=least)
        low, high = (low, middle) if deviation_of_mean(sizes, deviations, given) <= wanted else (middle + 1, high)
    return neyman(sizes, deviations, low, least=least)


def deviation_of_mean(
    sizes: Mapping[str, int], deviations: Mapping[str, float], taken: Mapping[str, int]
) -> float:  # fmt: skip
    """The standard deviation of the estimated mean of all items, for so many taken of each stratum."""
    whole = sum(sizes.values())
    return math.sqrt(
        sum(
            size**2 * deviations[name] ** 2 * (1 / taken[name] - 1 / size)
            for name, size in sizes.items()
            if size and deviations[name]
        )
    ) / max(1, whole)


def _gain(size: int, deviation: float, taken: int) -> float:
    """By how much one item more lowers the variance."""
    weight = (size * deviation) ** 2
    return math.inf if taken == 0 and weight else weight / max(1, taken * (taken + 1))


def _given(sizes: Mapping[str, int], items: int, least: int) -> dict[str, int]:
    """What each stratum has in any case."""
    given = {name: min(least, size) for name, size in sizes.items()}
    if items > sum(sizes.values()):
        raise ValueError(f"expected at most the {sum(sizes.values()):,} items that there are")
    if items < sum(given.values()):
        raise ValueError(f"expected {sum(given.values()):,} items at least: {least} of each stratum")
    return given


def _divided(sizes: Mapping[str, int], weights: Mapping[str, float], items: int, least: int) -> dict[str, int]:
    """Whole numbers in the ratio of weights, each from `least` to its size."""
    given = _given(sizes, items, least)
    fixed: dict[str, int] = {}
    while True:  # strata that would get less than their least, or more than they have, are settled first
        free = {name: weight for name, weight in weights.items() if name not in fixed}
        left, whole = items - sum(fixed.values()), sum(free.values())
        share = {name: left * weight / whole if whole else 0.0 for name, weight in free.items()}
        low = {name: given[name] for name, amount in share.items() if amount < given[name]}
        high = {name: sizes[name] for name, amount in share.items() if amount > sizes[name]}
        if not low and not high:
            break
        fixed |= low if sum(given[n] - share[n] for n in low) >= sum(share[n] - sizes[n] for n in high) else high
    found = {name: math.floor(amount + 1e-9) for name, amount in share.items()}
    order = sorted(share, key=lambda name: (found[name] - share[name], name))
    for name in order[: left - sum(found.values())]:
        found[name] += 1
    return {name: fixed.get(name, found.get(name, 0)) for name in sizes}
