"""Least squares with unknowns that may not be negative."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from schedopt.timing.distributions.base import Floats

_RIDGE = 1e-13
"""Added to each square's weight, as a share of the mean: keeps dependent columns apart."""


def nonnegative(columns: Floats, target: Floats, start: Floats) -> Floats:
    """Weights of at least 0 with which columns add up to a target as nearly as possible.

    The active-set method of Lawson and Hanson (1974, doi 10.1137/1.9781611971217, chapter 23), begun where a former
    problem ended. Ends after so many steps at the latest as are ever needed in practice, with weights that are then
    not quite the best.

    Parameters
    ----------
    columns : float array, shape (rows, columns)
        Of similar size.
    target : float array, shape (rows,)
        What they should add up to.
    start : float array, shape (columns,)
        First guess of the weights, at least 0.

    Returns
    -------
    float array, shape (columns,)
        The weights.
    """
    gram, aim = columns.T @ columns, columns.T @ target
    gram[np.diag_indices(len(aim))] += _RIDGE * np.trace(gram) / len(aim)
    weights, used = start.copy(), start > 0
    for _ in range(4 * len(aim)):
        wanted = np.zeros(len(aim))
        if used.any():
            wanted[used] = linalg.solve(gram[np.ix_(used, used)], aim[used], assume_a="pos")
        short = used & (wanted <= 0)
        if short.any():
            share = (weights[short] / (weights[short] - wanted[short])).min()
            weights = np.where(used, weights + share * (wanted - weights), 0.0)
            used &= weights > 1e-14
            used[np.flatnonzero(short)[np.argmin(weights[short])]] = False
            weights[~used] = 0.0
            continue
        weights = wanted
        slope = np.where(used, -np.inf, aim - gram @ weights)
        best = int(np.argmax(slope))
        if slope[best] <= 1e-12:
            break
        used[best] = True
    return weights
