"""Lognormal and gamma service times."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from schedopt.arrays import Floats
from schedopt.uncertainty.distributions.base import Distribution, Shape
from schedopt.uncertainty.distributions.numbers import not_negative, positive, probability_array, scv_of


@dataclass(frozen=True)
class Lognormal(Distribution):
    """Minutes whose logarithm is normal: the usual shape of consultation times.

    Attributes
    ----------
    log_mean : float
        Mean of the logarithm of minutes.
    log_sd : float
        Its standard deviation, at least 0; 0 is a constant.
    """

    log_mean: float
    log_sd: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.log_mean):
            raise ValueError(f"expected log_mean to be a finite number, not {self.log_mean!r}")
        not_negative("log_sd", self.log_sd)

    @classmethod
    def from_mean(cls, mean: float, *, scv: float | None = None, sd: float | None = None) -> Lognormal:
        """The lognormal with this mean (minutes) and either this scv or this standard deviation (minutes)."""
        spread = math.log1p(scv_of(mean, scv, sd))
        return cls(math.log(mean) - spread / 2, math.sqrt(spread))

    @property
    def mean(self) -> float:
        """Expected value, minutes."""
        return math.exp(self.log_mean + self.log_sd**2 / 2)

    @property
    def variance(self) -> float:
        """Variance, minutes squared."""
        return math.expm1(self.log_sd**2) * self.mean**2

    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes."""
        return np.asarray(special.ndtr(self._standard(x)), float)

    def density(self, x: ArrayLike) -> Floats:
        """Probability density at `x`, 1 / minutes; infinite at the value of a constant."""
        x, z = np.asarray(x, float), self._standard(x)
        with np.errstate(divide="ignore", invalid="ignore"):
            height = np.exp(-(z**2) / 2) / (x * self.log_sd * math.sqrt(2 * math.pi))
        return np.where(x > 0, np.where(self.log_sd > 0, height, np.where(z == 0, np.inf, 0.0)), 0.0)

    def quantile(self, p: ArrayLike) -> Floats:
        """Minutes that are not exceeded with probability `p`."""
        p = probability_array(p)
        if self.log_sd == 0:
            return np.full(p.shape, math.exp(self.log_mean))
        return np.asarray(np.exp(self.log_mean + self.log_sd * special.ndtri(p)), float)

    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes."""
        return rng.lognormal(self.log_mean, self.log_sd, size)

    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`."""
        x, z = np.asarray(x, float), self._standard(x)
        return np.where(x > 0, self.mean * special.ndtr(z - self.log_sd) + x * special.ndtr(-z), x)

    def _standard(self, x: ArrayLike) -> Floats:
        """Standard deviations by which log `x` lies above the mean of logarithms."""
        x = np.asarray(x, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            beyond = np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), -np.inf) - self.log_mean
            if self.log_sd > 0:
                return np.asarray(beyond / self.log_sd)
        level = np.isclose(beyond, 0, rtol=0, atol=1e-12)
        return np.where(level, np.inf, np.copysign(np.inf, beyond))


@dataclass(frozen=True)
class Gamma(Distribution):
    """Gamma distributed minutes.

    Attributes
    ----------
    shape : float
        Above 0; 1 / scv.
    scale : float
        Minutes, above 0; mean / shape.
    """

    shape: float
    scale: float

    def __post_init__(self) -> None:
        positive("shape", self.shape)
        positive("scale", self.scale)

    @classmethod
    def from_mean(cls, mean: float, *, scv: float | None = None, sd: float | None = None) -> Gamma:
        """The gamma with this mean (minutes) and either this scv or this standard deviation (minutes), above 0."""
        spread = scv_of(mean, scv, sd)
        positive("scv" if sd is None else "sd", spread)
        return cls(1 / spread, mean * spread)

    @property
    def mean(self) -> float:
        """Expected value, minutes."""
        return self.shape * self.scale

    @property
    def variance(self) -> float:
        """Variance, minutes squared."""
        return self.shape * self.scale**2

    def cdf(self, x: ArrayLike) -> Floats:
        """Probability of at most `x` minutes."""
        return gamma_cdf(self.shape, 1 / self.scale, x)

    def density(self, x: ArrayLike) -> Floats:
        """Probability density at `x`, 1 / minutes."""
        return gamma_density(self.shape, 1 / self.scale, x)

    def quantile(self, p: ArrayLike) -> Floats:
        """Minutes that are not exceeded with probability `p`."""
        return np.asarray(special.gammaincinv(self.shape, probability_array(p)) * self.scale, float)

    def sample(self, rng: np.random.Generator, size: Shape) -> Floats:
        """Draw independent values, minutes."""
        return rng.gamma(self.shape, self.scale, size)

    def limited_mean(self, x: ArrayLike) -> Floats:
        """Expected value of the lesser of the random minutes and `x`."""
        return gamma_limited_mean(self.shape, 1 / self.scale, x)


def gamma_cdf(shape: float, rate: float, x: ArrayLike) -> Floats:
    """Probability that a gamma with this shape and rate (1 / minutes) is at most `x` minutes."""
    return np.asarray(special.gammainc(shape, np.maximum(np.asarray(x, float), 0) * rate), float)


def gamma_density(shape: float, rate: float, x: ArrayLike) -> Floats:
    """Density of a gamma with this shape and rate (1 / minutes) at `x` minutes."""
    x = np.asarray(x, float)
    scaled = np.where(x > 0, x, 1.0) * rate
    height = rate * np.exp(special.xlogy(shape - 1, scaled) - scaled - special.gammaln(shape))
    at_zero = rate if shape == 1 else 0.0 if shape > 1 else np.inf
    return np.where(x > 0, height, np.where(x == 0, at_zero, 0.0))


def gamma_limited_mean(shape: float, rate: float, x: ArrayLike) -> Floats:
    """Expected value of the lesser of `x` minutes and a gamma with this shape and rate (1 / minutes)."""
    x = np.asarray(x, float)
    scaled = np.maximum(x, 0) * rate
    below = shape / rate * special.gammainc(shape + 1, scaled)
    return np.where(x > 0, below + x * special.gammaincc(shape, scaled), x)
