"""What is known of a visit before it takes place: what a prediction may look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schedopt.arrays import Floats
from schedopt.models.history import History
from schedopt.models.problem.plan import Plan

FEATURES: Final = (
    "lead_days", "same_day", "age", "past_visits", "past_share", "new", "weekday", "visit_type",
)  # fmt: skip
"""Everything that a prediction looks at. To which group a patient belongs is not among it, nor what tells one patient
from another: of a patient only age and earlier visits count."""

Ids = NDArray[np.object_]
Dates = NDArray[np.datetime64[Any]]

_FAR = 10_000_000
"""Days between one patient's visits and the next one's in a sorted list of all."""
_PRIOR_VISITS = 4.0
"""Visits' worth of the mean of all that the share of a patient's own past starts from."""


def features(visits: pd.DataFrame, history: History, outcome: str, days_ahead: int) -> pd.DataFrame:
    """What is known of visits at the moment of prediction.

    That moment is so many days before the visit, or when it was booked if that was later. Only visits of days before
    it count as a patient's past.

    Parameters
    ----------
    visits : pandas.DataFrame
        Columns ``patient``, ``visit_type``, ``new``, ``booked``, ``date`` and ``age`` as in
        :class:`~schedopt.models.history.History`; others are not looked at.
    history : History
        Where patients' pasts are looked up.
    outcome : {"no-show", "cancelled"}
        What is counted in the past.
    days_ahead : int
        Days before the visit at which it is predicted.

    Returns
    -------
    pandas.DataFrame
        One row a visit: ``lead_days`` (from booking to visit; NaN where not known), ``same_day`` (booked that day),
        ``age`` (years; NaN), ``past_visits`` (number), ``past_share`` (of them that had the outcome, starting from
        four visits of the mean of all), ``new``, ``weekday`` (Monday is 0), ``visit_type``.
    """
    date, booked = (visits[name].to_numpy("datetime64[D]") for name in ("date", "booked"))
    # fmax passes over bookings that are not known
    moment = np.fmax((date - np.timedelta64(days_ahead, "D")).astype("datetime64[D]"), booked)
    past = counted(history, outcome)
    number, had = _past(visits["patient"].to_numpy(object), moment, past, outcome)
    seen, of_them = _all_past(moment, past, outcome)
    usual = np.where(seen > 0, of_them / np.maximum(seen, 1), 0.0)
    lead = (date - booked) / np.timedelta64(1, "D")
    return pd.DataFrame(
        {
            "lead_days": lead,
            "same_day": lead == 0,
            "age": visits["age"].to_numpy(float),
            "past_visits": number,
            "past_share": (had + _PRIOR_VISITS * usual) / (number + _PRIOR_VISITS),
            "new": visits["new"].to_numpy(bool),
            "weekday": pd.DatetimeIndex(date).day_of_week,
            "visit_type": visits["visit_type"].to_numpy(object),
        },
        columns=FEATURES,
    )


def counted(history: History, outcome: str) -> pd.DataFrame:
    """The visits among which an outcome is counted: who cancelled did not have the chance of not coming."""
    visits = history.visits
    return visits if outcome == "cancelled" else visits[visits["outcome"] != "cancelled"]


def upcoming_visits(
    plan: Plan, booked: object | Mapping[str, object] = None, ages: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """A plan's visits as rows to predict.

    Parameters
    ----------
    plan : Plan
        The plan.
    booked : date, or mapping of str to date
        When the visits are booked: for all, or by request. None, or a request not in it: not known.
    ages : mapping of str to float, optional
        Age in years by patient.

    Returns
    -------
    pandas.DataFrame
        One row a visit, in the order of ``plan.visits``: ``request``, ``patient``, ``provider``, ``visit_type``,
        ``new``, ``booked``, ``date``, ``start`` (minutes after midnight, of the step with the provider), ``age``.
    """
    visits, requests = plan.visits, plan.problem.week.requests
    new = dict(zip(requests.ids, requests.new.tolist(), strict=True))
    when = [booked.get(visit.request) if isinstance(booked, Mapping) else booked for visit in visits]
    return pd.DataFrame(
        {
            "request": np.array([visit.request for visit in visits], object),
            "patient": np.array([visit.patient for visit in visits], object),
            "provider": np.array([visit.provider for visit in visits], object),
            "visit_type": np.array([visit.visit_type for visit in visits], object),
            "new": [new[visit.request] for visit in visits],
            "booked": pd.to_datetime(pd.Series(when, dtype="object")),
            "date": pd.to_datetime(pd.Series([visit.date for visit in visits], dtype="object")),
            "start": [float(visit.steps[visit.provider_step]) for visit in visits],
            "age": [(ages or {}).get(visit.patient, np.nan) for visit in visits],
        }
    )


def _past(patient: Ids, moment: Dates, past: pd.DataFrame, outcome: str) -> tuple[Floats, Floats]:
    """Visits of each patient on days before a moment, and how many of them had the outcome."""
    code, known = pd.factorize(past["patient"].to_numpy(object))
    own = pd.Index(known).get_indexer(patient).astype(np.int64)
    day = past["date"].to_numpy("datetime64[D]").astype(np.int64)
    key = code * _FAR + day
    order = np.argsort(key, kind="stable")
    key = key[order]
    had = np.concatenate([[0], np.cumsum((past["outcome"].to_numpy(object) == outcome)[order])])
    first = np.searchsorted(key, own * _FAR - _FAR // 2)
    last = np.searchsorted(key, own * _FAR + moment.astype("datetime64[D]").astype(np.int64))
    last = np.where(own < 0, first, last)
    return (last - first).astype(float), (had[last] - had[first]).astype(float)


def _all_past(moment: Dates, past: pd.DataFrame, outcome: str) -> tuple[Floats, Floats]:
    """Visits of all patients on days before a moment, and how many of them had the outcome."""
    day = past["date"].to_numpy("datetime64[D]")
    order = np.argsort(day, kind="stable")
    had = np.concatenate([[0], np.cumsum((past["outcome"].to_numpy(object) == outcome)[order])])
    last = np.searchsorted(day[order], moment)
    return last.astype(float), had[last].astype(float)
