"""Exponential phases side by side: one, or one of several."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from schedopt.arrays import Floats
from schedopt.uncertainty.distributions.base import PhaseType, Shape
from schedopt.uncertainty.distributions.continuous import gamma_density
from schedopt.uncertainty.distributions.inverse import invert
from schedopt.uncertainty.distributions.numbers import positive, probability_array, scv_of, share


@dataclass(frozen=True)
class Exponential(PhaseType):
    """One exponential phase: no memory, an scv of 1.

    Attributes
    ----------
    rate : float
        1 / minutes, above 0.
    """

    rate: float

    def __post_init__(self) -> None:
        positive("rate", self.rate)

    @classmethod
    def from_mean(cls, mean: float) -> Exponential:
        """The exponential with this mean, minutes."""
        positive("mean", mean)
        return cls(1 / mean)

    @property
    def mean(self) -> float:
        """Expected value, minutes."""
        return 1 / self.rate

    @property
    def variance(self) -> float:
        """Variance, minutes squared."""
        return 1 / self.rate**2

    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes."""
        return np.asarray(-np.expm1(-np.maximum(np.asarray(x, float), 0) * self.rate))

    def density(self, x: ArrayLike) -> Floats:
        """Probability density at `x`, 1 / minutes."""
        return gamma_density(1, self.rate, x)

    def quantile(self, p: ArrayLike) -> Floats:
        """Minutes that are not exceeded with probability `p`."""
        with np.errstate(divide="ignore"):
            return np.asarray(-np.log1p(-probability_array(p)) / self.rate)

    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes."""
        return rng.exponential(1 / self.rate, size)

    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`."""
        x = np.asarray(x, float)
        return np.where(x > 0, self.cdf(x) / self.rate, x)

    def phases(self) -> tuple[Floats, Floats]:
        """The chain: initial probabilities, shape (phases,), and subgenerator (1 / minutes), shape (phases, phases)."""
        return np.ones(1), np.array([[-self.rate]])


@dataclass(frozen=True)
class Hyperexponential(PhaseType):
    """One of several exponential phases, drawn at random.

    Attributes
    ----------
    probabilities : tuple of float
        Of each phase; they sum to 1.
    rates : tuple of float
        Of each phase, 1 / minutes, above 0.
    """

    probabilities: tuple[float, ...]
    rates: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.probabilities) != len(self.rates) or not self.rates:
            raise ValueError("expected as many probabilities as rates, and at least one")
        for probability, rate in zip(self.probabilities, self.rates, strict=True):
            share("a probability", probability)
            positive("a rate", rate)
        if not math.isclose(sum(self.probabilities), 1, rel_tol=0, abs_tol=1e-9):
            raise ValueError(f"expected probabilities that sum to 1, not {sum(self.probabilities)!r}")

    @classmethod
    def from_mean(cls, mean: float, *, scv: float | None = None, sd: float | None = None) -> Hyperexponential:
        """Two phases with balanced means, with this mean (minutes) and either this scv or standard deviation.

        ``p = (1 + sqrt((scv - 1) / (scv + 1))) / 2`` with rate ``2 p / mean``, else ``2 (1 - p) / mean`` (Tijms 1994,
        p. 359): each phase brings half of the mean.

        Raises
        ------
        ValueError
            If the scv is below 1.
        """
        spread = scv_of(mean, scv, sd)
        if spread < 1:
            raise ValueError(f"expected an scv of at least 1, not {spread:g}")
        root = math.sqrt((spread - 1) / (spread + 1))
        # 1 - root without cancellation: 1 - root² = 2 / (scv + 1)
        often, seldom = (1 + root) / 2, 1 / ((spread + 1) * (1 + root))
        return cls((often, seldom), (2 * often / mean, 2 * seldom / mean))

    @property
    def mean(self) -> float:
        """Expected value, minutes."""
        return float(self._weight @ (1 / self._rate))

    @property
    def variance(self) -> float:
        """Variance, minutes squared."""
        return float(2 * self._weight @ self._rate**-2.0) - self.mean**2

    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes."""
        return np.asarray(-np.expm1(-self._scaled(x)) @ self._weight)

    def density(self, x: ArrayLike) -> Floats:
        """Probability density at `x`, 1 / minutes."""
        x = np.asarray(x, float)
        return np.where(x >= 0, np.exp(-self._scaled(x)) @ (self._weight * self._rate), 0.0)

    def quantile(self, p: ArrayLike) -> Floats:
        """Minutes that are not exceeded with probability `p`."""
        p = probability_array(p)
        with np.errstate(divide="ignore"):
            low, high = -np.log1p(-p) / max(self.rates), -np.log1p(-p) / min(self.rates)
        inner = (p > 0) & (p < 1)
        found = np.array(high, float)
        found[inner] = invert(self.cdf, self.density, p[inner], low[inner], high[inner])
        return found

    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes."""
        phase = rng.choice(len(self.rates), size=size, p=self._weight / self._weight.sum())
        return np.asarray(rng.exponential(1 / self._rate[phase], size))

    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`."""
        x = np.asarray(x, float)
        return np.where(x > 0, -np.expm1(-self._scaled(x)) @ (self._weight / self._rate), x)

    @property
    def _weight(self) -> Floats:
        return np.array(self.probabilities, float)

    @property
    def _rate(self) -> Floats:
        return np.array(self.rates, float)

    def _scaled(self, x: ArrayLike) -> Floats:
        """Minutes, negative ones as 0, times each rate; the phases are the last axis."""
        return np.asarray(np.maximum(np.asarray(x, float), 0)[..., None] * self._rate)

    def phases(self) -> tuple[Floats, Floats]:
        """The chain: initial probabilities, shape (phases,), and subgenerator (1 / minutes), shape (phases, phases)."""
        return self._weight, np.diag(-self._rate)
