"""Exact and published limits for a share: from what a sample has, to what all can have."""

from __future__ import annotations

import math
from typing import NamedTuple

from scipy import stats

_ALIKE = 1e-12
"""Probabilities so near each other are equal: they are sums of many terms."""


class Limits(NamedTuple):
    """An interval.

    Attributes
    ----------
    low, high : float
        Its ends.
    """

    low: float
    high: float


def at_most(found: int, items: int, bad: float, population: int | None = None) -> float:
    """The probability of at most so many deviations in a sample.

    Parameters
    ----------
    found : int
        So many.
    items : int
        Sample size.
    bad : float
        Share of deviations among all; with a population, their number.
    population : int, optional
        How many items there are.
    """
    if population is None:
        return float(stats.binom.cdf(found, items, bad))
    return float(stats.hypergeom.cdf(found, population, int(bad), items))


def is_rare(found: int, items: int, bad: float, risk: float, population: int | None = None) -> bool:
    """Whether at most so many deviations have no more than a probability; said as in :func:`at_most`."""
    return at_most(found, items, bad, population) <= risk + _ALIKE


def clopper_pearson(found: int, items: int, confidence: float = 0.95) -> Limits:
    """Exact limits of a share, two-sided, for a sample from very many items.

    Parameters
    ----------
    found, items : int
        Deviations, and items looked at.
    confidence : float
        At least with this probability the interval has the share.

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26, 404–413.
    """
    expect_counts(found, items, confidence)
    half = (1 - confidence) / 2
    low = 0.0 if found == 0 else float(stats.beta.ppf(half, found, items - found + 1))
    high = 1.0 if found == items else float(stats.beta.ppf(1 - half, found + 1, items - found))
    return Limits(low, high)


def wilson(found: int, items: int, confidence: float = 0.95) -> Limits:
    """Score limits of a share: shorter than the exact ones, and right on average.

    References
    ----------
    Wilson 1927, Journal of the American Statistical Association 22, 209–212.
    """
    expect_counts(found, items, confidence)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    share, square = found / items, z * z / items
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / items + square / (4 * items))
    return Limits(0.0 if found == 0 else middle - half, 1.0 if found == items else middle + half)


def exact_number(found: int, items: int, population: int, confidence: float = 0.95) -> tuple[int, int]:
    """Exact limits of how many of a population deviate, by the hypergeometric distribution.

    Parameters
    ----------
    found, items : int
        Deviations, and items looked at.
    population : int
        How many items there are.
    confidence : float
        Two-sided.

    Returns
    -------
    tuple of (int, int)
        The fewest and the most that a test of half the risk on either side does not refuse.
    """
    expect_counts(found, items, confidence)
    if items > population:
        raise ValueError("expected population to be no smaller than the sample")
    half = (1 - confidence) / 2
    most = population - (items - found)
    low, high = found, most
    while low < high:  # the fewest with P(X >= found) > half
        middle = (low + high) // 2
        enough = float(stats.hypergeom.sf(found - 1, population, middle, items)) > half + _ALIKE
        low, high = (low, middle) if enough else (middle + 1, high)
    fewest, high = low, most
    while low < high:  # the most with P(X <= found) > half
        middle = (low + high + 1) // 2
        enough = at_most(found, items, middle, population) > half + _ALIKE
        low, high = (middle, high) if enough else (low, middle - 1)
    return fewest, low


def exact(found: int, items: int, population: int | None = None, confidence: float = 0.95) -> Limits:
    """Exact limits of a share, of very many items or of a population.

    Parameters
    ----------
    found, items : int
        Deviations, and items looked at.
    population : int, optional
        How many items there are.
    confidence : float
        Two-sided. An upper limit alone at 95 % is that of two at 90 %.
    """
    if population is None:
        return clopper_pearson(found, items, confidence)
    low, high = exact_number(found, items, population, confidence)
    return Limits(low / population, high / population)


def expect_share(name: str, value: float) -> None:
    """Refuse what is no share between 0 and 1.

    Raises
    ------
    ValueError
        Naming it.
    """
    if not 0 < value < 1:
        raise ValueError(f"expected {name} to be a share between 0 and 1, such as 5%")


def expect_counts(found: int, items: int, confidence: float) -> None:
    """Refuse counts that no sample has.

    Raises
    ------
    ValueError
        Naming what is wrong.
    """
    expect_share("confidence", confidence)
    if items < 1:
        raise ValueError("expected items to be 1 at least")
    if not 0 <= found <= items:
        raise ValueError("expected found to be from 0 to the number of items")
