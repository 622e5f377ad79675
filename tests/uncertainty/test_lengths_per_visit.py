"""Lengths of single visits, on pasts whose truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.history import History
from schedopt.models.problem.plan import Plan
from schedopt.office import assemble
from schedopt.office.history import read_history
from schedopt.uncertainty.history import fit_lengths, fit_service
from schedopt.uncertainty.history.occasions import OCCASION, occasions
from schedopt.uncertainty.week import learn_uncertainty
from tests.effort import examples
from tests.simulation.desk import FIRST, one_morning, spaced
from tests.uncertainty.pasts import served, told_apart

LEARNED = 60


def _judged(frame: pd.DataFrame, learned: int = LEARNED) -> tuple[History, History, pd.DataFrame]:
    """The past that is learned from, all of it, and the visits that are judged."""
    history = read_history(frame.drop(columns="known"))
    visits = history.visits.assign(start=history.visits["began"])
    first = dt.date(2026, 1, 1) + dt.timedelta(days=learned)
    return history.before(first), history, visits[visits["date"] >= pd.Timestamp(first)]


def _errors(frame: pd.DataFrame, learned: int = LEARNED) -> tuple[float, float]:
    """Root mean square error of log minutes on judged days: by single visits, and as usual."""
    past, history, judged = _judged(frame, learned)
    log = np.log(judged["ended"] - judged["began"]).to_numpy(float)
    own = np.array([one.log_mean for one in fit_lengths(past).distributions(judged, history)])
    usual = fit_service(past).log_moments("talk", "DR1")[0]
    return float(np.sqrt(((log - own) ** 2).mean())), float(np.sqrt(((log - usual) ** 2).mean()))


@pytest.mark.parametrize("seed", range(2))
def test_who_and_where_are_found(seed: int) -> None:
    """Where patients have paces and days slow down, what is foretold is nearer by most of what can be known."""
    own, usual = _errors(told_apart(100, seed, patient_sd=0.3, slower_last=0.3))
    assert own < 0.87 * usual
    assert own > 0.28


@settings(max_examples=examples(4), deadline=None)
@given(st.integers(0, 10_000))
def test_no_worse_where_all_are_alike(seed: int) -> None:
    """Where visits cannot be told apart, the error is at most 2 % above that of the mean of all."""
    own, usual = _errors(told_apart(100, seed))
    assert own < 1.02 * usual


def test_no_worse_after_few_days() -> None:
    """After 25 days of visits that cannot be told apart, the error is 1 % above that of the mean of all, on average."""
    errors = np.array([_errors(told_apart(65, seed), 25) for seed in range(6)])
    assert (errors[:, 0] / errors[:, 1]).mean() < 1.01


@settings(max_examples=examples(4), deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_intervals_hold(seed: int, apart: bool) -> None:
    """Intervals of 90 % hold 85 to 95 % of later visits, as many below as above, and those of 50 % are within them."""
    past, history, judged = _judged(told_apart(110, seed, patient_sd=0.3 * apart, slower_last=0.2 * apart))
    minutes = (judged["ended"] - judged["began"]).to_numpy(float)
    lengths = fit_lengths(past)
    low, high = lengths.intervals(judged, history).T
    assert 0.85 <= ((minutes >= low) & (minutes <= high)).mean() <= 0.95
    assert (minutes < low).mean() < 0.09
    assert (minutes > high).mean() < 0.09
    inner = lengths.intervals(judged, history, 0.5)
    assert (inner[:, 0] > low).all()
    assert (inner[:, 1] < high).all()


def test_intervals_without_a_law() -> None:
    """Intervals hold also where lengths are far from lognormal: one visit in ten takes four times as long."""
    frame = told_apart(110, 5, log_sd=0.1)
    minutes = (pd.to_timedelta(frame["ended"]) - pd.to_timedelta(frame["began"])).dt.total_seconds() / 60
    long = np.where(np.random.default_rng(1).random(len(frame)) < 0.1, 4.0, 1.0) * minutes
    ended = pd.Timestamp(0) + pd.to_timedelta(frame["began"]) + pd.to_timedelta(long, unit="min")
    past, history, judged = _judged(frame.assign(ended=ended.dt.strftime("%H:%M:%S")))
    took = (judged["ended"] - judged["began"]).to_numpy(float)
    low, high = fit_lengths(past).intervals(judged, history, 0.8).T
    assert 0.75 <= ((took >= low) & (took <= high)).mean() <= 0.86


def test_spread_is_what_is_left() -> None:
    """The standard deviation of log minutes is what nobody can know, and a little more."""
    past, history, judged = _judged(told_apart(100, 3, patient_sd=0.3, slower_last=0.3))
    lengths = fit_lengths(past)
    spread = np.array([one.log_sd for one in lengths.distributions(judged, history)])
    assert ((spread > 0.29) & (spread < 0.37)).all()
    assert 0.3 < lengths.explained < 0.65


def test_nothing_of_the_day_itself_is_looked_at() -> None:
    """What a visit took, and what visits of its day and later took, changes nothing that is foretold of it."""
    past, history, judged = _judged(told_apart(70, 2, patient_sd=0.3))
    lengths, day = fit_lengths(past), judged["date"].min()
    today = judged[judged["date"] == day]
    known = lengths.distributions(today, history)
    visits = history.visits
    slower = History(visits.assign(ended=visits["ended"].where(visits["date"] < day, visits["ended"] + 30)))
    assert lengths.distributions(today, slower) == known
    assert lengths.distributions(today.iloc[::-1], past) == known[::-1]


def test_occasions_by_hand() -> None:
    """Two days of two patients, and what is known of the second day's visits."""
    past = pd.DataFrame(
        {"patient": ["A", "A", "B"], "date": pd.to_datetime(["2026-01-01", "2026-01-04", "2026-01-05"])}
    ).assign(longer=[0.3, 0.6, 9.0])
    visits = pd.DataFrame(
        {
            "patient": ["B", "A"], "provider": "DR1", "new": [True, False], "date": pd.Timestamp("2026-01-05"),
            "start": [540.0, 510.0], "age": [np.nan, 60.0],
        }
    )  # fmt: skip
    found = pd.DataFrame(occasions(visits, past), columns=[*OCCASION])
    expected = {
        "load": [2, 2], "place": [0.75, 0.25], "left": [0, 1], "last": [1, 0], "last three": [1, 1],
        "begins": [8.5, 8.5], "new share": [0.5, 0.5], "earlier": [0, 0.9 / 4], "latest": [0, 0.6],
        "log earlier visits": [0, np.log(3)], "no earlier visit": [1, 0], "log days since": [np.log(1001), np.log(2)],
        "first seen": [0, 0], "age": [0, 1], "age²": [0, 1], "age not known": [1, 0],
    }  # fmt: skip
    for name, values in expected.items():
        assert found[name].tolist() == pytest.approx(values), name


def test_a_plan_is_told_apart() -> None:
    """Visits of a plan have lengths of their own: who took long takes long, and it is said; other types as assumed."""
    plan = spaced(assemble(one_morning(8), FIRST), 3)
    frame = told_apart(60, 4, patient_sd=0.5)
    names = {f"N{number}": f"NR{number}" for number in range(8)}
    history = read_history(frame.drop(columns="known").replace({"patient": names}))
    known = learn_uncertainty(history, plan, per_visit=True)
    truth = frame.groupby("patient")["known"].mean()
    asked = [truth[f"N{name[1:]}"] for name in known.requests]
    assert np.corrcoef([np.log(one.mean) for one in known.service], asked)[0, 1] > 0.8
    assert "by single visits" in known.origin["service"]
    assert "by single visits" not in learn_uncertainty(history, plan).origin["service"]
    other = read_history(frame.drop(columns="known").assign(visit_type="other"))
    assert learn_uncertainty(other, plan, per_visit=True).service == learn_uncertainty(other, plan).service


def test_too_little_is_said() -> None:
    """Days that are too few are refused, and a plan is then not told apart, and says so."""
    past = served({("talk", "DR1"): 22.0}, {("talk", "DR1"): 30})
    with pytest.raises(ValueError, match="at least 5 days"):
        fit_lengths(past)
    plan: Plan = spaced(assemble(one_morning(2), FIRST), 3)
    both = [learn_uncertainty(past, plan, per_visit=single) for single in (True, False)]
    assert both[0].service == both[1].service
    assert "not by single visits" in both[0].origin["service"]


def test_levels_that_are_none() -> None:
    """A level is between 0 and 1; where there are too few visits for it, the interval is everything."""
    past, history, judged = _judged(told_apart(62, 1, visits=3))
    lengths = fit_lengths(past)
    for level in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="level between 0 and 1"):
            lengths.intervals(judged, history, level)
    assert lengths.intervals(judged, history, 0.999).tolist() == [[0.0, np.inf]] * len(judged)
