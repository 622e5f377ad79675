"""How good predicted probabilities were."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from schedopt.arrays import Floats


@dataclass(frozen=True)
class Assessment:
    """How predictions compare with what happened.

    Attributes
    ----------
    visits : int
        Number of visits predicted.
    share : float
        Of them that had the outcome.
    auc : float
        Probability that one with the outcome was thought likelier to have it than one without; NaN where all are
        alike. 0.5 is a guess, 1 is perfect.
    brier : float
        Mean squared difference between probability and outcome (1 or 0); less is better.
    brier_of_share : float
        The same for predicting `share` for everybody, which is known only afterwards.
    calibration : pandas.DataFrame
        One row a tenth of the visits, by predicted probability: ``visits``, ``predicted`` (mean), ``observed``
        (share), ``low``, ``high`` (95 % interval of the share, Wilson 1927).
    calibration_error : float
        Mean absolute difference between predicted and observed over those tenths, weighted by visits.
    """

    visits: int
    share: float
    auc: float
    brier: float
    brier_of_share: float
    calibration: pd.DataFrame = field(repr=False)
    calibration_error: float


def assess(predicted: ArrayLike, happened: ArrayLike, bins: int = 10) -> Assessment:
    """Compare probabilities with what happened.

    Parameters
    ----------
    predicted : array-like of float, shape (visits,)
        Probabilities.
    happened : array-like of bool, shape (visits,)
        Whether the outcome was there.
    bins : int
        Parts of equal size in the calibration table.

    Raises
    ------
    ValueError
        If there are no visits.
    """
    p, y = np.asarray(predicted, float), np.asarray(happened, float)
    if not len(p):
        raise ValueError("expected predictions to assess, found none")
    share = float(y.mean())
    table = _calibration(p, y, bins)
    error = float((np.abs(table["predicted"] - table["observed"]) * table["visits"]).sum() / len(p))
    brier = float(((p - y) ** 2).mean())
    return Assessment(len(p), share, _auc(p, y), brier, share * (1 - share), table, error)


def _auc(p: Floats, y: Floats) -> float:
    from sklearn.metrics import roc_auc_score  # takes a second to load

    return float(roc_auc_score(y, p)) if y.min() < y.max() else float("nan")


def _calibration(p: Floats, y: Floats, bins: int) -> pd.DataFrame:
    order = np.argsort(p, kind="stable")
    rows = []
    for part in np.array_split(order, min(bins, len(order))):
        happened = stats.binomtest(int(y[part].sum()), len(part))
        interval = happened.proportion_ci(method="wilson")
        rows.append(
            {
                "visits": happened.n, "predicted": float(p[part].mean()), "observed": float(happened.statistic),
                "low": float(interval.low), "high": float(interval.high),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
