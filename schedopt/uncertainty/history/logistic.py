"""Logistic regression of many visits: few passes over the terms, and no copy of them."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats

_ROWS = 500
"""Visits that are looked at together: as many as stay near a core, and too few for threads that wait for each other."""
_MOST_STEPS = 100
_CLOSE = 1e-10
"""Of a Newton step's square, measured by the curvature, at which the weights are as good as exact."""


def fit_logistic(terms: Floats, happened: Floats, strength: float, start: Floats | None = None) -> Floats:
    """Weights under which what happened is likeliest, with an L2 penalty on those of standardised terms.

    Newton's method; a step that does not help is halved.

    Parameters
    ----------
    terms : float array, shape (visits, terms)
        Not changed.
    happened : float array, shape (visits,)
        1 or 0.
    strength : float
        Half of it, times the squared weights of terms with a standard deviation of 1, is added to the log loss.
    start : float array, shape (terms + 1,), optional
        Weights to start from.

    Returns
    -------
    float array, shape (terms + 1,)
        Weights of the terms as they are, and the intercept, which has no penalty.
    """
    centre, spread = _moments(terms)
    at = np.zeros(len(centre) + 1) if start is None else np.append(start[:-1] * spread, start[-1] + start[:-1] @ centre)
    penalty = np.append(np.full(len(centre), strength), 0.0)
    value, slope, curvature = _loss(terms, happened, centre, spread, penalty, at)
    for _ in range(_MOST_STEPS):
        step = np.linalg.lstsq(curvature, -slope, rcond=None)[0]
        gain = float(-slope @ step)
        if gain < _CLOSE * max(1.0, value):
            at = at + step
            break
        for _ in range(_MOST_STEPS):
            tried = _loss(terms, happened, centre, spread, penalty, at + step)
            if tried[0] <= value:
                break
            step = step / 2
        else:
            break
        at = at + step
        value, slope, curvature = tried
    weights = at[:-1] / spread
    return np.append(weights, at[-1] - weights @ centre)


def _moments(terms: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each term; 1 where all are alike."""
    centre = terms.mean(axis=0)
    square = sum((((part - centre) ** 2).sum(axis=0) for part in _parts(terms)), np.zeros(len(centre)))
    spread = np.sqrt(square / len(terms))
    return centre, np.where(spread > 0, spread, 1.0)


def _loss(
    terms: Floats, happened: Floats, centre: Floats, spread: Floats, penalty: Floats, at: Floats
) -> tuple[float, Floats, Floats]:
    """Log loss with its penalty at some weights, its gradient and its second derivative."""
    size, weights = len(at), at[:-1] / spread
    value, slope, curvature = 0.0, np.zeros(size), np.zeros((size, size))
    known = np.ones((_ROWS, size))
    for part, target in zip(_parts(terms), _parts(happened), strict=True):
        rows = known[: len(part)]
        np.subtract(part, centre, out=rows[:, :-1])
        logit = rows[:, :-1] @ weights + at[-1]
        small = np.exp(-np.abs(logit))
        value += float((np.maximum(logit, 0) + np.log1p(small) - target * logit).sum())
        probability = np.where(logit >= 0, 1.0, small) / (1 + small)
        slope += rows.T @ (probability - target)
        curvature += (rows * (small / (1 + small) ** 2)[:, None]).T @ rows
    scale = np.append(1 / spread, 1.0)  # the terms above are centred, not scaled
    return (
        value + float(penalty @ at**2) / 2,
        slope * scale + penalty * at,
        curvature * np.outer(scale, scale) + np.diag(penalty),
    )


def _parts(values: Floats) -> list[Floats]:
    return [values[first : first + _ROWS] for first in range(0, len(values), _ROWS)]
