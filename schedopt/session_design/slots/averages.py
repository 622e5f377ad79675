"""The average of points that falls least short of a margin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from schedopt.arrays import Floats

_RIDGE = 1e-13
"""Added to the squares of shares, relative to their mean: keeps points apart that are all but dependent."""
_STALE = 1e-12
"""A slope that is not worth another step."""


def least_short(points: Floats, shares: Floats, over: Floats) -> tuple[Floats, Floats, Floats]:
    """Shares of points whose average has entries of at least 0, or the least sum of squares below it.

    Least squares with unknowns of at least 0, shares of points and what entries are over 0, for the equations ``sum of
    share * point - over = 0`` and ``sum of shares = 1``; the active-set method of Lawson and Hanson (1974, doi
    10.1137/1.9781611971217, chapter 23), begun where a former problem ended. Ends after so many steps at the latest as
    are hardly ever needed, with shares that are then not quite the best.

    Parameters
    ----------
    points : float array, shape (points, entries)
        Entries of size 1 or below.
    shares : float array, shape (points,)
        First guess, at least 0.
    over : float array, shape (entries,)
        First guess, at least 0.

    Returns
    -------
    shares : float array, shape (points,)
        At least 0; their sum is above 0, and 1 if no entry falls short.
    over, short : float arrays, shape (entries,)
        What the average has above 0 and below, at least 0; the one is 0 where the other is not.
    """
    number = len(points)
    columns = np.vstack([points.T, np.ones(number)])
    aim = np.append(np.zeros(len(over)), 1.0)
    found = np.concatenate([shares, over])
    used = found > 0
    for _ in range(4 * len(found)):
        wanted = _solve(columns, aim, used)
        low = used & (wanted <= 0)
        if low.any():
            way = (found[low] / (found[low] - wanted[low])).min()
            found = np.where(used, found + way * (wanted - found), 0.0)
            used &= found > 0
            used[np.flatnonzero(low)[np.argmin(found[low])]] = False
            found[~used] = 0.0
            continue
        found = wanted
        left = aim - columns @ found[:number]
        left[:-1] += found[number:]
        slope = np.where(used, -np.inf, np.concatenate([columns.T @ left, -left[:-1]]))
        best = int(np.argmax(slope))
        if slope[best] <= _STALE:
            break
        used[best] = True
    short = np.maximum(0.0, found[number:] - points.T @ found[:number])
    return found[:number], found[number:], short


def _solve(columns: Floats, aim: Floats, used: NDArray[np.bool_]) -> Floats:
    """The least-squares answer in which only some unknowns are used; an entry that may be over 0 is not fitted."""
    number = columns.shape[1]
    mine, free = used[:number], used[number:]
    wanted = np.zeros(len(used))
    if mine.any():
        fitted = columns[np.append(~free, True)][:, mine]
        square = fitted.T @ fitted
        square[np.diag_indices(len(square))] += _RIDGE * np.trace(square) / len(square)
        wanted[:number][mine] = linalg.solve(square, fitted.T @ aim[np.append(~free, True)], assume_a="pos")
    wanted[number:][free] = (columns[:-1] @ wanted[:number])[free]
    return wanted
