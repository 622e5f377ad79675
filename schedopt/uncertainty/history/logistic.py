"""Logistic regression of many visits: few passes over the terms, and no copy of them."""

from __future__ import annotations

import numpy as np
from scipy import special

from schedopt.arrays import Floats

_ROWS = 20_000
"""Visits that are looked at together; bounds the memory needed."""
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
    value, slope, curvature = float(penalty @ at**2) / 2, penalty * at, np.diag(penalty)
    for part, target in zip(_parts(terms), _parts(happened), strict=True):
        known = np.column_stack([(part - centre) / spread, np.ones(len(part))])
        logit = known @ at
        probability = special.expit(logit)
        value += float((np.logaddexp(0, logit) - target * logit).sum())
        slope = slope + known.T @ (probability - target)
        curvature = curvature + (known.T * (probability * (1 - probability))) @ known
    return value, slope, curvature


def _parts(values: Floats) -> list[Floats]:
    return [values[first : first + _ROWS] for first in range(0, len(values), _ROWS)]
