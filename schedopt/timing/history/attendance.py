"""How likely a visit is not kept: a logistic regression, judged on visits later than those it learnt from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import optimize, special

from schedopt.models.history import History
from schedopt.models.week import Ints
from schedopt.timing.distributions.base import Floats
from schedopt.timing.history.assessment import Assessment, assess
from schedopt.timing.history.features import FEATURES, counted, features

Missed = Literal["no-show", "cancelled"]

_FEWEST = 50
_WEEKDAYS = ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FAR_LOGIT = 10.0


@dataclass(frozen=True)
class Attendance:
    """Probabilities that visits are not kept.

    Attributes
    ----------
    outcome : {"no-show", "cancelled"}
        What is predicted.
    days_ahead : int
        Days before the visit at which it is predicted.
    coefficients : pandas.Series
        By term; ``intercept`` is one of them. The logit of the probability is their sum, each times its term, before
        it is recalibrated.
    slope, shift : float
        Recalibration (Platt 1999): logit of the probability = slope × what the coefficients say + shift.
    assessment : Assessment
        Of predictions for visits later than all that the model which made them had seen, recalibrated on visits
        earlier than those as well.
    """

    outcome: Missed
    days_ahead: int
    coefficients: pd.Series = field(repr=False)
    slope: float
    shift: float
    assessment: Assessment = field(repr=False)
    _visit_types: tuple[str, ...] = field(repr=False)
    _usual_age: float = field(repr=False)

    def predict(self, visits: pd.DataFrame, history: History) -> Floats:
        """Probability of the outcome.

        Parameters
        ----------
        visits : pandas.DataFrame
            Columns ``patient``, ``visit_type``, ``new``, ``booked``, ``date`` and ``age``, as
            :func:`~schedopt.timing.history.features.upcoming_visits` gives them; others are not looked at.
        history : History
            Where patients' pasts are looked up; visits on or after the moment of prediction do not count.

        Returns
        -------
        float array, shape (visits,)
        """
        known = features(visits, history, self.outcome, self.days_ahead)
        terms = _terms(known, self._visit_types, self._usual_age)
        logit = terms.to_numpy(float) @ self.coefficients[terms.columns].to_numpy(float)
        return _recalibrated(logit + float(self.coefficients["intercept"]), self.slope, self.shift)


def fit_attendance(
    history: History, outcome: Missed = "no-show", *, days_ahead: int = 7, blocks: int = 6, strength: float = 1.0
) -> Attendance:
    """Fit how likely visits are not kept, and judge it honestly.

    Days are cut into blocks with about as many visits each. Each block but the first is predicted by a model of those
    before it; from the third on, predictions are recalibrated by those made for the blocks before. These are assessed.
    The model that is returned has learnt from all blocks and is recalibrated by all those predictions.

    Parameters
    ----------
    history : History
        All outcomes count for ``cancelled``; for ``no-show``, cancelled visits are left aside.
    outcome : {"no-show", "cancelled"}
        What is predicted.
    days_ahead : int
        Days before the visit at which it will be predicted; see :func:`~schedopt.timing.history.features.features`.
    blocks : int
        At least 3.
    strength : float
        Of the L2 penalty on standardised terms, above 0; 1 is scikit-learn's own.

    Raises
    ------
    ValueError
        If there are fewer than 50 visits, or fewer days than blocks, or all have the same outcome in the first block.
    """
    if outcome not in ("no-show", "cancelled"):
        raise ValueError(f"expected outcome to be no-show or cancelled, not {outcome!r}")
    if blocks < 3 or days_ahead < 0 or not strength > 0:
        raise ValueError("expected blocks of at least 3, days_ahead of at least 0 and a strength above 0")
    visits = counted(history, outcome)
    if len(visits) < _FEWEST:
        raise ValueError(f"expected at least {_FEWEST} visits to learn from, found {len(visits)}")
    happened = np.asarray(visits["outcome"].to_numpy(object) == outcome, float)
    known = features(visits, history, outcome, days_ahead)
    age = float(np.nanmedian(known["age"])) if known["age"].notna().any() else 0.0
    kinds = tuple(sorted({str(kind) for kind in visits["visit_type"]}))
    terms = _terms(known, kinds, age)
    block = _blocks(visits["date"], blocks)
    logit = _cross_fitted(terms, happened, block, strength)
    assessment = _assessed(logit, happened, block)
    coefficients = _coefficients(terms, happened, strength)
    slope, shift = _platt(logit[block > 0], happened[block > 0])
    return Attendance(outcome, days_ahead, coefficients, slope, shift, assessment, kinds, age)


def _blocks(date: pd.Series, blocks: int) -> Ints:
    """Block of each visit, by date; the visits of a day are in one block."""
    days, place, counts = np.unique(date.to_numpy("datetime64[D]"), return_inverse=True, return_counts=True)
    if len(days) < blocks:
        raise ValueError(f"expected visits on at least {blocks} days, found {len(days)}")
    before = np.cumsum(counts) - counts / 2
    block = np.minimum(blocks - 1, (before / counts.sum() * blocks).astype(np.int64))
    _, dense = np.unique(block, return_inverse=True)
    if dense.max() < 2:
        raise ValueError("expected visits spread over more days: most are on one")
    return np.asarray(dense[place], np.int64)


def _cross_fitted(terms: pd.DataFrame, happened: Floats, block: Ints, strength: float) -> Floats:
    """Logit of each visit by a model of the blocks before its own; NaN in the first block."""
    logit = np.full(len(happened), np.nan)
    for number in range(1, int(block.max()) + 1):
        coefficients = _coefficients(terms[block < number], happened[block < number], strength)
        own = terms[block == number]
        weights = coefficients[own.columns].to_numpy(float)
        logit[block == number] = own.to_numpy(float) @ weights + float(coefficients["intercept"])
    return logit


def _assessed(logit: Floats, happened: Floats, block: Ints) -> Assessment:
    """How good the predictions of the third block and later ones are."""
    predicted, judged = np.full(len(happened), np.nan), block >= 2
    for number in range(2, int(block.max()) + 1):
        earlier, own = (block > 0) & (block < number), block == number
        predicted[own] = _recalibrated(logit[own], *_platt(logit[earlier], happened[earlier]))
    return assess(predicted[judged], happened[judged])


def _coefficients(terms: pd.DataFrame, happened: Floats, strength: float) -> pd.Series:
    """Logistic regression on standardised terms, as coefficients of the terms themselves."""
    from sklearn.linear_model import LogisticRegression  # takes a second to load

    values = terms.to_numpy(float)
    if happened.min() == happened.max():
        raise ValueError("expected visits of both outcomes to learn from, found one only")
    centre, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    model: Any = LogisticRegression(C=1 / strength, max_iter=1000)
    model.fit((values - centre) / scale, happened)
    weights = model.coef_[0] / scale
    found = pd.Series(weights, index=terms.columns, dtype=float)
    found["intercept"] = float(model.intercept_[0] - weights @ centre)
    return found


def _terms(known: pd.DataFrame, kinds: tuple[str, ...], usual_age: float) -> pd.DataFrame:
    """The regression's terms: curves are said by a few columns each, categories by one column a value."""
    assert tuple(known.columns) == FEATURES
    lead, age = known["lead_days"].to_numpy(float), known["age"].to_numpy(float)
    booked = ~np.isnan(lead)
    log_lead = np.where(booked, np.log1p(np.maximum(np.nan_to_num(lead), 0)), 0.0)
    decades = np.where(np.isnan(age), usual_age, age) / 10
    past, share = known["past_visits"].to_numpy(float), known["past_share"].to_numpy(float)
    columns = {
        "log lead": log_lead,
        "log lead²": log_lead**2,
        "same day": known["same_day"].to_numpy(float),
        "lead not known": (~booked).astype(float),
        "age / 10": decades,
        "(age / 10)²": decades**2,
        "(age / 10)³": decades**3,
        "age not known": np.isnan(age).astype(float),
        "past share": share,
        "log past visits": np.log1p(past),
        "no past": (past == 0).astype(float),
        "new": known["new"].to_numpy(float),
    }
    for number, name in enumerate(_WEEKDAYS, start=1):
        columns[name] = (known["weekday"] == number).to_numpy(float)
    for kind in kinds[1:]:
        columns[f"visit type {kind}"] = (known["visit_type"] == kind).to_numpy(float)
    return pd.DataFrame(columns)


def _platt(logit: Floats, happened: Floats) -> tuple[float, float]:
    """Slope and shift under which what happened is likeliest, with Platt's smoothed targets."""
    ones = float(happened.sum())
    target = np.where(happened == 1, (ones + 1) / (ones + 2), 1 / (len(happened) - ones + 2))

    def loss(at: Floats) -> tuple[float, Floats]:
        scaled = at[0] * logit + at[1]
        error = special.expit(scaled) - target
        value = float((np.logaddexp(0, scaled) - target * scaled).mean())
        return value, np.array([float((error * logit).mean()), float(error.mean())])

    found = optimize.minimize(loss, np.array([1.0, 0.0]), jac=True, bounds=[(0.0, _FAR_LOGIT), (None, None)])
    return float(found.x[0]), float(found.x[1])


def _recalibrated(logit: Floats, slope: float, shift: float) -> Floats:
    return np.asarray(special.expit(slope * logit + shift), float)
