"""Distributions on finitely many values: measured ones, and those on a grid."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from schedopt.timing.distributions.base import Distribution, Floats, Shape, positive, probability_array


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


@dataclass(frozen=True)
class Empirical(Finite):
    """Measured values, each as likely as the others.

    Attributes
    ----------
    values : tuple of float
        Minutes, in any order, as often as they were measured; they may be negative. Kept in ascending order.
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        values = np.asarray(self.values, float)
        if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
            raise ValueError("expected finite values, and at least one")
        object.__setattr__(self, "values", tuple(np.sort(values).tolist()))

    @cached_property
    def support(self) -> Floats:
        """The values, minutes, ascending."""
        return np.unique(np.array(self.values, float))

    @cached_property
    def weights(self) -> Floats:
        """Probability of each value."""
        _, counts = np.unique(np.array(self.values, float), return_counts=True)
        return counts / len(self.values)


def constant(minutes: float) -> Discrete:
    """Always so many minutes."""
    return Discrete((float(minutes),), (1.0,))
