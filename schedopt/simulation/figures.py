"""Means, quantiles and shares over replications, each with what it may be off by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from schedopt.arrays import Floats

Waits = NDArray[np.float32]

LIMITS = (15, 30)
"""Minutes; the share of patients who wait longer is shown."""
_P = 0.9


def half_width(per_replication: Floats) -> float:
    """Half of the 95 % confidence interval of the mean of independent values (Student's t); NaN for fewer than two.

    Parameters
    ----------
    per_replication : float array, shape (replications,)
    """
    num = len(per_replication)
    if num < 2:
        return float("nan")
    return float(special.stdtrit(num - 1, 0.975) * per_replication.std(ddof=1) / np.sqrt(num))


def ratio(total: Floats, number: Floats) -> tuple[float, float]:
    """Mean of a quantity a patient, where replications differ in patients, and its half width.

    The estimator is the sum over replications of the one over that of the other; its half width is that of the
    residuals ``total - ratio number`` over the mean number (Cochran, Sampling Techniques, 1977, ch. 6).

    Parameters
    ----------
    total, number : float array, shape (replications,)
        Of each replication; NaN and NaN if there was no patient at all.
    """
    patients = float(number.sum())
    if not patients:
        return float("nan"), float("nan")
    mean = float(total.sum()) / patients
    return mean, half_width(residuals(total, number, mean))


def residuals(total: Floats, number: Floats, mean: float) -> Floats:
    """What each replication pulls a ratio up or down by; shape (replications,), 0 on average."""
    return np.asarray((total - mean * number) / number.mean())


def waiting_figures(waits: Waits) -> dict[str, float]:
    """Figures of some visits' waiting, pooled over visits and replications.

    Parameters
    ----------
    waits : float array, shape (visits, replications)
        Minutes; NaN where nobody was seen.

    Returns
    -------
    dict of str to float
        Columns as in :class:`~schedopt.simulation.simulated.Simulated`; NaN where nobody was ever seen.
    """
    seen = ~np.isnan(waits)
    number = seen.sum(axis=0).astype(float)
    mean, half = ratio(np.where(seen, waits, 0.0).sum(axis=0, dtype=float), number)
    values = np.sort(waits[seen])
    p90, p90_half = _quantile(waits, values, number)
    found = {"waiting_minutes": mean, "waiting_half": half, "p90_minutes": p90, "p90_half": p90_half}
    for limit in LIMITS:
        share, half = ratio((waits > limit).sum(axis=0).astype(float), number)
        found |= {f"over_{limit}_share": share, f"over_{limit}_half": half}
    return found


def _quantile(waits: Waits, values: Waits, number: Floats) -> tuple[float, float]:
    """The minutes that nine in ten patients do not exceed, and half of Woodruff's interval (1952).

    That is from where the distribution reaches 0.9 less the half width of the share below the quantile, to where it
    reaches 0.9 and as much more.
    """
    if not len(values):
        return float("nan"), float("nan")
    found = _at(values, _P)
    _, half = ratio((waits <= found).sum(axis=0).astype(float), number)
    return found, (_at(values, _P + half) - _at(values, _P - half)) / 2 if half == half else float("nan")


def _at(values: Waits, p: float) -> float:
    """Quantile of sorted values."""
    place = int(np.ceil(p * len(values) - 1e-9)) - 1
    return float(values[min(max(place, 0), len(values) - 1)])
