"""Estimates for groups of which some are small: each is drawn towards all, the more the fewer it has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from schedopt.arrays import Floats, Ints

_LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Effects:
    """What groups differ by, after shrinkage.

    Attributes
    ----------
    effect : float array, shape (groups,)
        Posterior mean.
    weight : float array, shape (groups,)
        Share of a group's own mean in its effect; the rest is 0, the mean of all.
    variance : float
        Between groups: what a group not seen yet may differ by.
    """

    effect: Floats
    weight: Floats
    variance: float


def shrunk_means(values: Floats, group: Ints, num_groups: int) -> Effects:
    """Empirical-Bayes estimates of groups' means of values that are 0 on average.

    A normal model: a value is its group's effect plus noise of variance s², an effect is drawn with variance t². The
    noise is pooled over groups, t² is the moment estimate of DerSimonian and Laird (1986, doi
    10.1016/0197-2456(86)90046-2), and an effect is the posterior mean: ``t² / (t² + s² / n)`` of the group's mean.

    Parameters
    ----------
    values : float array, shape (visits,)
        Such as residuals of log minutes.
    group : int array, shape (visits,)
        Codes from 0.
    num_groups : int
        Number of groups, each with a value or more.
    """
    count = np.bincount(group, minlength=num_groups).astype(float)
    mean = np.bincount(group, values, minlength=num_groups) / count
    free = len(values) - num_groups
    if num_groups < 2 or free < 1:
        return Effects(np.zeros(num_groups), np.zeros(num_groups), 0.0)
    noise = max(_LEAST_VARIANCE, float(((values - mean[group]) ** 2).sum()) / free)
    _, variance = _between(mean, count / noise)
    weight = variance / (variance + noise / count)
    return Effects(weight * mean, weight, variance)


def shrunk_variances(residual: Floats, group: Ints, num_groups: int) -> tuple[Floats, float]:
    """Empirical-Bayes estimates of groups' variances.

    The posterior mean ``(d0 s0² + d s²) / (d0 + d)`` of a scaled inverse chi-squared prior, whose d0 and s0² are
    fitted to the groups' log variances (Smyth 2004, doi 10.2202/1544-6115.1027), each weighted by what is known of it.

    Parameters
    ----------
    residual : float array, shape (visits,)
        Values less what is expected of them.
    group : int array, shape (visits,)
        Codes from 0.
    num_groups : int
        Number of groups, each with a value or more.

    Returns
    -------
    variance : float array, shape (groups,)
        Of each group.
    prior : float
        Of a group of which nothing is known.
    """
    count = np.bincount(group, minlength=num_groups).astype(float)
    mean = np.bincount(group, residual, minlength=num_groups) / count
    squares = np.bincount(group, (residual - mean[group]) ** 2, minlength=num_groups)
    free = count - 1
    pooled = max(_LEAST_VARIANCE, float(squares.sum()) / max(1.0, float(free.sum())))
    told = (free > 0) & (squares > 0)
    if told.sum() < 2:
        return np.full(num_groups, pooled), pooled
    half = free[told] / 2
    level = np.log(squares[told] / free[told]) - special.digamma(half) + np.log(half)
    centre, excess = _between(level, 1 / special.polygamma(1, half))
    if excess <= 0:
        return np.full(num_groups, pooled), pooled
    prior_half = inverse_trigamma(excess)
    prior = float(np.exp(centre + special.digamma(prior_half) - np.log(prior_half)))
    return (2 * prior_half * prior + squares) / (2 * prior_half + free), prior


def _between(found: Floats, precision: Floats) -> tuple[float, float]:
    """Weighted mean of estimates, and the variance between what they estimate (DerSimonian and Laird), at least 0."""
    centre = float(precision @ found / precision.sum())
    spread = float(precision @ (found - centre) ** 2)
    scale = float(precision.sum() - (precision**2).sum() / precision.sum())
    return centre, max(0.0, (spread - (len(found) - 1)) / scale)


def inverse_trigamma(value: float) -> float:
    """The x whose trigamma is `value`, above 0."""
    low, high = 0.5 / np.sqrt(value), 1 / value + 1 / np.sqrt(value) + 1  # 1/x < trigamma(x) < 1/x + 1/x²
    found = optimize.brentq(lambda x: float(special.polygamma(1, x)) - value, low, high, xtol=1e-12, rtol=1e-12)
    return float(found)
