"""How likely a visit is not kept: a logistic regression, judged on visits later than those it learnt from."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

import numpy as np
import pandas as pd
from scipy import optimize, special

from schedopt.arrays import Floats, Ints
from schedopt.models.history import History
from schedopt.uncertainty.history.assessment import Assessment, assess
from schedopt.uncertainty.history.features import FEATURES, counted, features
from schedopt.uncertainty.history.logistic import fit_logistic

Missed = Literal["no-show", "cancelled"]

_FEWEST = 50
_WEEKDAYS = ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CURVES = (
    "log lead", "log lead²", "same day", "lead not known", "age / 10", "(age / 10)²", "(age / 10)³", "age not known",
    "past share", "log past visits", "no past", "new",
)  # fmt: skip
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
            :func:`~schedopt.uncertainty.history.features.upcoming_visits` gives them; others are not looked at.
        history : History
            Where patients' pasts are looked up; visits on or after the moment of prediction do not count.

        Returns
        -------
        float array, shape (visits,)
        """
        known = features(visits, history, self.outcome, self.days_ahead)
        names, terms = _terms(known, self._visit_types, self._usual_age)
        logit = terms @ self.coefficients[[*names]].to_numpy(float)
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
        Days before the visit at which it will be predicted; see :func:`~schedopt.uncertainty.history.features`.
    blocks : int
        At least 3.
    strength : float
        Of the L2 penalty on standardised terms, above 0.

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
    block = _blocks(visits["date"], blocks)
    known = features(visits, history, outcome, days_ahead)
    age = float(np.nanmedian(known["age"])) if known["age"].notna().any() else 0.0
    kinds = tuple(sorted(visits["visit_type"].unique().tolist()))
    names, terms = _terms(known, kinds, age)
    del known
    logit, weights = _cross_fitted(terms, happened, block, strength)
    assessment = _assessed(logit, happened, block)
    coefficients = pd.Series(weights, index=[*names, "intercept"], dtype=float)
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


def _cross_fitted(terms: Floats, happened: Floats, block: Ints, strength: float) -> tuple[Floats, Floats]:
    """Logit of each visit by a model of the blocks before its own, NaN in the first; and a model's of all blocks."""
    logit, weights = np.full(len(happened), np.nan), None
    edge = np.searchsorted(block, np.arange(1, int(block.max()) + 2))  # visits are in order of their dates
    for first, end in zip(edge, [*edge[1:], len(block)], strict=True):
        if happened[:first].min() == happened[:first].max():
            raise ValueError("expected visits of both outcomes to learn from, found one only")
        weights = fit_logistic(terms[:first], happened[:first], strength, weights)
        logit[first:end] = terms[first:end] @ weights[:-1] + weights[-1]
    assert weights is not None
    return logit, weights


def _assessed(logit: Floats, happened: Floats, block: Ints) -> Assessment:
    """How good the predictions of the third block and later ones are."""
    predicted, judged = np.full(len(happened), np.nan), block >= 2
    for number in range(2, int(block.max()) + 1):
        earlier, own = (block > 0) & (block < number), block == number
        predicted[own] = _recalibrated(logit[own], *_platt(logit[earlier], happened[earlier]))
    return assess(predicted[judged], happened[judged])


def _terms(known: pd.DataFrame, kinds: tuple[str, ...], usual_age: float) -> tuple[list[str], Floats]:
    """The regression's terms: curves are said by a few columns each, categories by one column a value."""
    assert tuple(known.columns) == FEATURES
    names = [*_CURVES, *_WEEKDAYS, *(f"visit type {kind}" for kind in kinds[1:])]
    terms = np.empty((len(known), len(names)))
    lead, age = known["lead_days"].to_numpy(float), known["age"].to_numpy(float)
    booked = ~np.isnan(lead)
    log_lead = np.where(booked, np.log1p(np.maximum(np.nan_to_num(lead), 0)), 0.0)
    decades = np.where(np.isnan(age), usual_age, age) / 10
    past = known["past_visits"].to_numpy(float)
    curves = (
        log_lead, log_lead**2, known["same_day"], ~booked, decades, decades**2, decades**3, np.isnan(age),
        known["past_share"], np.log1p(past), past == 0, known["new"],
    )  # fmt: skip
    weekdays = (known["weekday"] == number for number in range(1, len(_WEEKDAYS) + 1))
    kind = pd.Index(kinds).get_indexer(pd.Index(known["visit_type"]))
    types = (kind == number for number in range(1, len(kinds)))
    for number, column in enumerate(chain(curves, weekdays, types)):
        terms[:, number] = column
    return names, terms


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
