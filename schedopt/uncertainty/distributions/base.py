"""What every distribution can say, and those on finitely many values, as which all can be written on a grid."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from schedopt.arrays import Floats
from schedopt.uncertainty.distributions.numbers import positive, probability_array

Shape = int | tuple[int, ...]

_TAIL = 1e-9
"""Probability beyond the last point of a grid."""
_MOST_POINTS = 1_000_000
"""On a grid."""


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


class Finite(Distribution):
    """A distribution on finitely many values; these may be negative, as when patients come early."""

    @cached_property
    @abstractmethod
    def support(self) -> Floats:
        """The values, minutes, ascending."""

    @cached_property
    @abstractmethod
    def weights(self) -> Floats:
        """Probability of each value."""

    @property
    def mean(self) -> float:
        """Expected value, minutes."""
        return float(self.support @ self.weights)

    @property
    def variance(self) -> float:
        """Variance, minutes squared."""
        return float((self.support - self.mean) ** 2 @ self.weights)

    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes."""
        reached = np.searchsorted(self.support, np.asarray(x, float), side="right")
        return np.asarray(np.concatenate([[0.0], self._cumulated])[reached])

    def quantile(self, p: ArrayLike) -> Floats:
        """The least value whose :meth:`cdf` reaches `p`."""
        p = probability_array(p)
        return np.asarray(self.support[np.searchsorted(self._cumulated, p, side="left")])

    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes."""
        # never 0: a first value of probability 0 would be drawn
        return self.quantile(1 - rng.random(size))

    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`."""
        return np.asarray(np.minimum(np.asarray(x, float)[..., None], self.support) @ self.weights)

    def on_grid(self, minutes: float) -> Discrete:
        """The distribution moved onto whole multiples of a grid, with the same mean.

        A value between two multiples goes to each of them with the probability that keeps the mean.

        Parameters
        ----------
        minutes : float
            The grid, above 0.
        """
        positive("minutes", minutes)
        cells = self.support / minutes
        near = np.round(cells)
        cells = np.where(np.isclose(cells, near, rtol=0, atol=1e-9), near, cells)
        below = np.floor(cells)
        up = cells - below
        points, place = np.unique(np.concatenate([below, below + 1]), return_inverse=True)
        weight = np.bincount(place, np.concatenate([self.weights * (1 - up), self.weights * up]))
        held = weight > 0
        return Discrete(tuple((points[held] * minutes).tolist()), tuple((weight[held] / weight.sum()).tolist()))

    @cached_property
    def _cumulated(self) -> Floats:
        """Probability of at most each value; exactly 1 from the last that has any."""
        total = np.cumsum(self.weights)
        total /= total[-1]
        return total


@dataclass(frozen=True)
class Discrete(Finite):
    """Stated values with stated probabilities.

    Attributes
    ----------
    values : tuple of float
        Minutes, ascending, none twice; they may be negative.
    probabilities : tuple of float
        Of each value; they sum to 1.
    """

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        values, weights = np.asarray(self.values, float), np.asarray(self.probabilities, float)
        if values.ndim != 1 or values.shape != weights.shape or not len(values):
            raise ValueError("expected as many probabilities as values, and at least one")
        if not np.isfinite(values).all() or not (np.diff(values) > 0).all():
            raise ValueError("expected finite values in ascending order, none twice")
        if not ((weights >= 0) & (weights <= 1 + 1e-9)).all():
            raise ValueError("expected probabilities from 0 to 1")
        if not math.isclose(weights.sum(), 1, rel_tol=0, abs_tol=1e-9):
            raise ValueError(f"expected probabilities that sum to 1, not {float(weights.sum())!r}")

    @cached_property
    def support(self) -> Floats:
        """The values, minutes, ascending."""
        return np.array(self.values, float)

    @cached_property
    def weights(self) -> Floats:
        """Probability of each value."""
        return np.array(self.probabilities, float)


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
