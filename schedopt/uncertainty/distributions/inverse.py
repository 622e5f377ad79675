"""Quantiles of continuous distributions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from schedopt.arrays import Floats

_STEPS = 200
"""Of inverting a cdf, at most; halving alone needs some 60."""


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
