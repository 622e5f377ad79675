"""Two simulated plans beside each other, on the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Floats
from schedopt.simulation.figures import LIMITS, Waits, half_width, residuals
from schedopt.simulation.simulated import Simulated
from schedopt.simulation.state import BUSY, IDLE, OVERTIME

_Measure = tuple[str, str, Floats, Floats]
"""Name, unit, and total and number in each replication, whose ratio is the measure."""


def compare(one: Simulated, other: Simulated) -> pd.DataFrame:
    """What another plan changes, replication by replication.

    Both were played with the same seed and replications, so that a request has the same patient in both: who takes
    long, is late or does not come, does so in both, where its service time is distributed alike. What chance does to
    both then cancels out, and the half widths are those of the paired differences.

    Parameters
    ----------
    one, other : Simulated
        Plans of the same week, or of different ones.

    Returns
    -------
    pandas.DataFrame
        One row a measure: ``measure``, ``unit``, ``one``, ``other``, ``difference`` (other less one), ``half`` (of its
        95 % confidence interval), ``certain`` (bool: the interval leaves out 0). The measures are those of all visits
        and sessions, and ``waiting, visits of both``, of the requests that are placed in both.

    Raises
    ------
    ValueError
        If the two were not played with the same seed and number of replications.
    """
    if (one.seed, one.replications) != (other.seed, other.replications):
        raise ValueError("expected two plans simulated with the same seed and number of replications")
    known, again = _in_common(one, other), _in_common(other, one)
    rows = []
    for (name, unit, total, number), (_, _, total_2, number_2) in zip(
        _measures(one, known), _measures(other, again), strict=True
    ):
        first, second = _mean(total, number), _mean(total_2, number_2)
        half = half_width(residuals(total_2, number_2, second) - residuals(total, number, first))
        change = second - first
        rows.append((name, unit, first, second, change, half, bool(abs(change) > half)))
    return pd.DataFrame(rows, columns=["measure", "unit", "one", "other", "difference", "half", "certain"])


def _in_common(one: Simulated, other: Simulated) -> Flags:
    """Which of one plan's visits are also in the other; shape (visits,)."""
    return np.asarray(np.isin(one.played.requests, other.played.requests))


def _mean(total: Floats, number: Floats) -> float:
    patients = float(number.sum())
    return float(total.sum()) / patients if patients else float("nan")


def _measures(simulated: Simulated, common: Flags) -> Iterator[_Measure]:
    waits, counted = simulated.played.waits, simulated.played.counted.sum(axis=0)
    minutes, weeks = float(simulated.played.length.sum()), np.ones(simulated.replications)

    def seen(rows: Waits) -> Floats:
        return np.asarray((~np.isnan(rows)).sum(axis=0), float)

    def total(rows: Waits) -> Floats:
        return np.asarray(np.nansum(rows, axis=0, dtype=float))

    yield "waiting", "minutes a visit", total(waits), seen(waits)
    yield "waiting, visits of both", "minutes a visit", total(waits[common]), seen(waits[common])
    for limit in LIMITS:
        longer = np.asarray((waits > limit).sum(axis=0), float)
        yield f"waiting longer than {limit} minutes", "share of visits", longer, seen(waits)
    yield "idle", "minutes a week", counted[:, IDLE], weeks
    yield "overtime", "minutes a week", counted[:, OVERTIME], weeks
    yield "utilisation", "share of session minutes", counted[:, BUSY], weeks * minutes
