"""What every distribution can say, and what numbers may stand in one."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from schedopt.timing.distributions.finite import Discrete

Floats = NDArray[np.float64]
Shape = int | tuple[int, ...]

_TAIL = 1e-9
"""Probability beyond the last point of a grid."""
_MOST_POINTS = 1_000_000
"""On a grid."""
_STEPS = 200
"""Of inverting a cdf, at most; halving alone needs some 60."""


class Distribution(ABC):
    """A random number of minutes. Immutable; randomness is an argument."""

    @property
    @abstractmethod
    def mean(self) -> float:
        """Expected value, minutes."""

    @property
    @abstractmethod
    def variance(self) -> float:
        """Variance, minutes squared."""

    @abstractmethod
    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes; the shape of `x`."""

    @abstractmethod
    def quantile(self, p: ArrayLike) -> Floats:
        """The least number of minutes whose :meth:`cdf` reaches `p`; the shape of `p`.

        Raises
        ------
        ValueError
            If a `p` is not from 0 to 1.
        """

    @abstractmethod
    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes; an array of shape `size`."""

    @abstractmethod
    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`; the shape of `x`."""

    @property
    def sd(self) -> float:
        """Standard deviation, minutes."""
        return math.sqrt(self.variance)

    @property
    def scv(self) -> float:
        """Squared coefficient of variation, variance / mean²; 0 where both are 0."""
        return self.variance / self.mean**2 if self.variance else 0.0

    def on_grid(self, minutes: float) -> Discrete:
        """The distribution moved onto whole multiples of a grid, with the same mean.

        A value between two multiples goes to each of them with the probability that keeps the mean:
        ``P(k g) = (2 M(k g) - M((k - 1) g) - M((k + 1) g)) / g`` with ``M`` the limited mean and ``g`` the grid, which
        adds at most g² / 4 to the variance. The last 1e-9 of the probability is spread over all points.

        Parameters
        ----------
        minutes : float
            The grid, above 0.

        Raises
        ------
        ValueError
            If that would take more than a million points.
        """
        from schedopt.timing.distributions.finite import Discrete  # the two know each other

        positive("minutes", minutes)
        last = float(self.quantile(1 - _TAIL)) / minutes
        if last > _MOST_POINTS:
            raise ValueError(f"expected a grid of at most {_MOST_POINTS:,} points, {minutes:g} minutes need more")
        points = np.arange(math.ceil(last) + 2)
        reach = self.limited_mean(points * minutes) / minutes
        weight = np.clip(np.concatenate([[1 - reach[1]], -np.diff(reach, 2)]), 0, None)
        held = weight > 8 * np.finfo(float).eps * reach[:-1]  # less is rounding, which a long tail would add up
        values, weight = points[:-1][held] * minutes, weight[held]
        return Discrete(tuple(values.tolist()), tuple((weight / weight.sum()).tolist()))


class PhaseType(Distribution):
    """Minutes until a Markov chain of phases has ended."""

    @abstractmethod
    def density(self, x: ArrayLike) -> Floats:
        """Probability density at `x`, 1 / minutes; the shape of `x`."""

    @abstractmethod
    def phases(self) -> tuple[Floats, Floats]:
        """The chain.

        Returns
        -------
        initial : float array, shape (phases,)
            Probability of starting in each phase; sums to 1.
        subgenerator : float array, shape (phases, phases)
            Rates between phases, 1 / minutes; what a row lacks to 0 is the rate of ending.

        Raises
        ------
        ValueError
            If there are more than 2,000 phases, whose matrix would not be of use.
        """


def invert(
    cdf: Callable[[Floats], Floats], density: Callable[[Floats], Floats], p: Floats, low: Floats, high: Floats
) -> Floats:
    """Where a continuous `cdf` reaches each `p`, by Newton's steps held inside a bracket that only shrinks.

    Parameters
    ----------
    cdf, density : callable
        Elementwise.
    p : float array, shape (values,)
        Probabilities.
    low, high : float arrays, shape (values,)
        ``cdf(low) <= p <= cdf(high)``.

    Returns
    -------
    float array, shape (values,)
        To a relative 1e-12 or so.
    """
    x = (low + high) / 2
    found, open_ = x.copy(), np.arange(len(p))
    for _ in range(_STEPS):
        excess = cdf(x) - p
        high, low = np.where(excess >= 0, x, high), np.where(excess <= 0, x, low)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = x - excess / density(x)
        new = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        found[open_] = new
        going = np.abs(new - x) > 1e-12 * np.abs(x)
        if not going.any():
            break
        open_, x, p, low, high = open_[going], new[going], p[going], low[going], high[going]
    return found


def probability_array(p: ArrayLike) -> Floats:
    """`p` as an array, every entry from 0 to 1."""
    p = np.asarray(p, float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("expected probabilities p from 0 to 1")
    return p


def positive(name: str, value: float) -> None:
    """Refuse what is not a finite number above 0."""
    if not (_is_number(value) and 0 < value < math.inf):
        raise ValueError(f"expected {name} to be a finite number above 0, not {value!r}")


def not_negative(name: str, value: float) -> None:
    """Refuse what is not a finite number of at least 0."""
    if not (_is_number(value) and 0 <= value < math.inf):
        raise ValueError(f"expected {name} to be a finite number of at least 0, not {value!r}")


def share(name: str, value: float) -> None:
    """Refuse what is not a number from 0 to 1."""
    if not (_is_number(value) and 0 <= value <= 1):
        raise ValueError(f"expected {name} to be a number from 0 to 1, not {value!r}")


def whole(name: str, value: int) -> None:
    """Refuse what is not a whole number of at least 1."""
    if not (isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1):
        raise ValueError(f"expected {name} to be a whole number of at least 1, not {value!r}")


def scv_of(mean: float, scv: float | None, sd: float | None) -> float:
    """The squared coefficient of variation, whichever way it was said.

    Raises
    ------
    ValueError
        If the mean is not above 0, or not exactly one of `scv` and `sd` was given, or it is negative.
    """
    positive("mean", mean)
    if scv is not None and sd is None:
        not_negative("scv", scv)
        return float(scv)
    if sd is not None and scv is None:
        not_negative("sd", sd)
        return (sd / mean) ** 2
    raise ValueError("expected either scv or sd")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
