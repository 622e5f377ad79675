"""Exponential phases in a row."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from schedopt.arrays import Floats
from schedopt.uncertainty.distributions.base import PhaseType, Shape
from schedopt.uncertainty.distributions.continuous import gamma_cdf, gamma_density, gamma_limited_mean
from schedopt.uncertainty.distributions.inverse import invert
from schedopt.uncertainty.distributions.numbers import positive, probability_array, scv_of, share, whole

_MOST_PHASES = 2_000


def _chain(num_phases: int, rate: float) -> Floats:
    """Subgenerator of phases that follow each other at one rate."""
    if num_phases > _MOST_PHASES:
        raise ValueError(
            f"expected at most {_MOST_PHASES:,} phases for a matrix, not {num_phases:,}: a distribution that varies so "
            "little is better taken as a constant"
        )
    return np.diag(np.full(num_phases, -rate)) + np.diag(np.full(num_phases - 1, rate), 1)


@dataclass(frozen=True)
class Erlang(PhaseType):
    """A sum of exponential phases with equal rates.

    Attributes
    ----------
    num_phases : int
        At least 1; 1 / scv.
    rate : float
        Of each phase, 1 / minutes, above 0.
    """

    num_phases: int
    rate: float

    def __post_init__(self) -> None:
        whole("num_phases", self.num_phases)
        positive("rate", self.rate)

    @classmethod
    def from_mean(cls, mean: float, num_phases: int) -> Erlang:
        """The Erlang with this mean (minutes) and so many phases; its scv is 1 / phases."""
        positive("mean", mean)
        whole("num_phases", num_phases)
        return cls(num_phases, num_phases / mean)

    @property
    def mean(self) -> float:
        """Expected value, minutes."""
        return self.num_phases / self.rate

    @property
    def variance(self) -> float:
        """Variance, minutes squared."""
        return self.num_phases / self.rate**2

    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes."""
        return gamma_cdf(self.num_phases, self.rate, x)

    def density(self, x: ArrayLike) -> Floats:
        """Probability density at `x`, 1 / minutes."""
        return gamma_density(self.num_phases, self.rate, x)

    def quantile(self, p: ArrayLike) -> Floats:
        """Minutes that are not exceeded with probability `p`."""
        return np.asarray(special.gammaincinv(self.num_phases, probability_array(p)) / self.rate, float)

    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes."""
        return rng.gamma(self.num_phases, 1 / self.rate, size)

    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`."""
        return gamma_limited_mean(self.num_phases, self.rate, x)

    def phases(self) -> tuple[Floats, Floats]:
        """The chain: initial probabilities, shape (phases,), and subgenerator (1 / minutes), shape (phases, phases)."""
        subgenerator = _chain(self.num_phases, self.rate)
        initial = np.zeros(self.num_phases)
        initial[0] = 1
        return initial, subgenerator


@dataclass(frozen=True)
class MixedErlang(PhaseType):
    """So many exponential phases with equal rates, or with some probability one phase fewer.

    Attributes
    ----------
    num_phases : int
        At least 2.
    rate : float
        Of each phase, 1 / minutes, above 0.
    one_fewer : float
        Probability of one phase fewer.
    """

    num_phases: int
    rate: float
    one_fewer: float

    def __post_init__(self) -> None:
        whole("num_phases", self.num_phases)
        if self.num_phases < 2:
            raise ValueError(f"expected num_phases to be at least 2, not {self.num_phases}")
        positive("rate", self.rate)
        share("one_fewer", self.one_fewer)

    @classmethod
    def from_mean(cls, mean: float, *, scv: float | None = None, sd: float | None = None) -> MixedErlang:
        """The mixed Erlang with this mean (minutes) and either this scv or this standard deviation.

        With k phases such that 1/k <= scv < 1/(k - 1), the probability of one fewer is
        ``p = (k scv - sqrt(k (1 + scv) - k² scv)) / (1 + scv)`` and the rate ``(k - p) / mean`` (Tijms 1994, p. 358).

        Raises
        ------
        ValueError
            If the scv is not from 1e-9 to below 1.
        """
        spread = scv_of(mean, scv, sd)
        if not 1e-9 <= spread < 1:
            raise ValueError(f"expected an scv from 1e-9 to below 1, not {spread:g}")
        k = max(2, math.ceil(1 / spread * (1 - 1e-12)))  # 1 / (1 / 3) is a little above 3
        p = (k * spread - math.sqrt(max(0.0, k * (1 + spread) - k * k * spread))) / (1 + spread)
        p = min(1.0, max(0.0, p))
        return cls(k, (k - p) / mean, p)

    @property
    def mean(self) -> float:
        """Expected value, minutes."""
        return (self.num_phases - self.one_fewer) / self.rate

    @property
    def variance(self) -> float:
        """Variance, minutes squared: of the phases, and of their number."""
        return (self.num_phases - self.one_fewer + self.one_fewer * (1 - self.one_fewer)) / self.rate**2

    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes."""
        return self._mix(gamma_cdf(self.num_phases - 1, self.rate, x), gamma_cdf(self.num_phases, self.rate, x))

    def density(self, x: ArrayLike) -> Floats:
        """Probability density at `x`, 1 / minutes."""
        fewer = gamma_density(self.num_phases - 1, self.rate, x)
        return self._mix(fewer, gamma_density(self.num_phases, self.rate, x))

    def quantile(self, p: ArrayLike) -> Floats:
        """Minutes that are not exceeded with probability `p`: between the quantiles of the two that are mixed."""
        p = probability_array(p)
        low = special.gammaincinv(self.num_phases - 1, p) / self.rate
        high = special.gammaincinv(self.num_phases, p) / self.rate
        inner = (p > 0) & (p < 1)
        found = np.array(high, float)
        found[inner] = invert(self.cdf, self.density, p[inner], low[inner], high[inner])
        return found

    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes."""
        num_phases = self.num_phases - (rng.random(size) < self.one_fewer)
        return rng.gamma(num_phases, 1 / self.rate)

    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`."""
        fewer = gamma_limited_mean(self.num_phases - 1, self.rate, x)
        return self._mix(fewer, gamma_limited_mean(self.num_phases, self.rate, x))

    def _mix(self, fewer: Floats, all_of_them: Floats) -> Floats:
        return np.asarray(self.one_fewer * fewer + (1 - self.one_fewer) * all_of_them)

    def phases(self) -> tuple[Floats, Floats]:
        """The chain: initial probabilities, shape (phases,), and subgenerator (1 / minutes), shape (phases, phases)."""
        subgenerator = _chain(self.num_phases, self.rate)
        initial = np.zeros(self.num_phases)
        initial[:2] = 1 - self.one_fewer, self.one_fewer
        return initial, subgenerator
