"""Distributions of counts, by their mean and variance."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom, nbinom

from schedopt.arrays import Floats
from schedopt.operations.supplies.policies import poisson_demand

_TAIL = 1e-9
_NEAR = 0.02
"""Share of the mean by which a variance may differ from it and count as the same."""


def counts_of(mean: float, variance: float) -> Floats:
    """Chance of 0, 1, 2, … with a mean and about a variance.

    A negative binomial distribution where counts vary more than independent single ones do, a binomial one where they
    vary less, as planned visits do, and a Poisson distribution between them.

    Parameters
    ----------
    mean, variance : float
        At least 0.
    """
    if mean <= 0:
        return np.ones(1)
    if variance > mean * (1 + _NEAR):
        p = mean / variance
        size = mean * p / (1 - p)
        chance: Floats = nbinom.pmf(np.arange(int(nbinom.isf(_TAIL, size, p)) + 2), size, p)
    elif variance < mean * (1 - _NEAR):
        trials = max(int(np.ceil(mean)), round(mean * mean / (mean - variance)))
        chance = binom.pmf(np.arange(trials + 1), trials, mean / trials)
    else:
        return poisson_demand(mean)
    whole: Floats = chance / chance.sum()
    return whole


def quantile(chance: Floats, share: float) -> int:
    """The smallest count that is reached with at least so much chance."""
    return int(np.searchsorted(np.cumsum(chance), share - 1e-12))


def quantiles(mean: Floats, variance: Floats, share: float, grain: float = 1.0) -> Floats:
    """The same of many distributions, in units of which each count is a grain."""
    found = [quantile(counts_of(m / grain, v / grain**2), share) for m, v in zip(mean, variance, strict=True)]
    return np.array(found, float) * grain
