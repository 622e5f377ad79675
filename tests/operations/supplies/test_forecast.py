"""Forecasts: what they cannot know, how often their intervals hold, and what they beat."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.arrays import Floats
from schedopt.operations.supplies.counts import counts_of
from schedopt.operations.supplies.forecast import forecast
from schedopt.operations.supplies.methods import Days, naive
from tests.effort import examples

MONDAY = dt.date(2024, 1, 1)
SHAPE = np.array([1.3, 1.0, 0.9, 1.1, 0.8, 0.0, 0.0])


def _history(seed: int, days: int, a_day: float) -> Floats:
    """Counts with weekdays, a season, and a level that drifts."""
    chance, day = np.random.default_rng(seed), np.arange(days)
    level = np.exp(np.cumsum(chance.normal(0, 0.015, days // 7 + 1)))[day // 7]
    mean = a_day * SHAPE[day % 7] * (1 + 0.25 * np.sin(2 * np.pi * day / 365.25)) * level
    return chance.poisson(mean * chance.gamma(8, 1 / 8, days)).astype(float)


def test_intervals_and_errors_on_generated_histories() -> None:
    """Intervals of 90 % hold 85 to 95 times of 100 over a week's and two weeks' sums, and errors are below those of
    seasonal naive.
    """
    inside, errors = {7: list[bool](), 14: list[bool]()}, np.zeros(2)
    for seed in range(100, 140):
        real = _history(seed, 7 * 84, (2.0, 9.0, 30.0)[seed % 3])
        for cut in (7 * 30, 7 * 55, 7 * 80):
            found, coming = forecast(real[:cut], MONDAY, 14), real[cut : cut + 14]
            for days, held in inside.items():
                low, high = found.within(0, days)
                held.append(low <= coming[:days].sum() <= high)
            plain = naive(Days(real[:cut], np.arange(cut) % 7, np.ones(cut, bool)), np.arange(14) % 7)
            errors += np.abs(found.mean - coming).sum(), np.abs(plain - coming).sum()
    assert all(0.85 <= np.mean(held) <= 0.95 for held in inside.values()), {n: np.mean(h) for n, h in inside.items()}
    assert errors[0] < 0.9 * errors[1]


@settings(max_examples=examples(16))
@given(st.integers(0, 300), st.sampled_from((1, 4)), st.integers(1, 20))
def test_forecasts_know_nothing_of_days_to_come(days: int, amount: int, ahead: int) -> None:
    """A constant past goes on as it is, closed weekdays stay closed, and nothing used means nothing forecast."""
    past = np.where(np.arange(days) % 7 < 5, amount, 0).astype(float)
    found = forecast(past, MONDAY, ahead)
    assert found.first == MONDAY + dt.timedelta(days=days)
    open_days = (days + np.arange(ahead)) % 7 < 5
    assert (found.mean[~open_days] == 0).all()
    if days >= 7:
        assert found.mean[open_days] == pytest.approx(amount, rel=0.05)


def test_closed_days_are_closed() -> None:
    """On a day to come that is closed nothing is used, and closed days of the past lower no forecast."""
    past, is_open = np.full(140, 6.0), np.ones(154, bool)
    past[100:104], is_open[100:104], is_open[145] = 0.0, False, False
    found = forecast(past, MONDAY, 14, is_open)
    assert found.mean[5] == 0
    assert np.delete(found.mean, 5) == pytest.approx(6.0, rel=1e-6)


def test_seasons_are_seen_after_two_years() -> None:
    """With two years of a strong season, the coming quarter is nearer to what comes than the last weeks are."""
    day = np.arange(7 * 117)
    real = 40 + 25 * np.sin(2 * np.pi * day / 365.25)
    found = forecast(real[: 7 * 104], MONDAY, 91)
    ours = np.abs(found.mean - real[7 * 104 :]).mean()
    assert ours < 0.5 * np.abs(real[7 * 104 - 7 : 7 * 104].mean() - real[7 * 104 :]).mean()


@given(st.floats(0.05, 60), st.floats(0.05, 8))
@settings(max_examples=examples(24))
def test_distributions_have_the_mean_and_about_the_variance(mean: float, ratio: float) -> None:
    """Chances add up to 1; the mean is what was asked for, and so is the variance where counts can have it."""
    chance = counts_of(mean, mean * ratio)
    units = np.arange(len(chance))
    got = float(chance @ units)
    assert chance.sum() == pytest.approx(1)
    assert got == pytest.approx(mean, rel=1e-3)
    spread = float(chance @ (units - got) ** 2)
    if ratio > 1.02:
        assert spread == pytest.approx(mean * ratio, rel=0.01)
    elif ratio < 0.98 and mean > 3:
        assert mean * ratio / 2 - 0.3 <= spread <= mean


def test_longer_sums_are_wider() -> None:
    """Quantiles of sums grow with the days, and intervals with the chance asked for."""
    found = forecast(_history(3, 400, 5.0), MONDAY, 30)
    highs = [found.within(0, days)[1] for days in range(1, 31)]
    assert all(low <= high for low, high in pairwise(highs))
    assert found.within(0, 10, 0.5)[1] <= found.within(0, 10, 0.9)[1] < found.within(0, 10, 0.99)[1]
    assert found.later(3).between(0, 4) == pytest.approx(found.between(3, 7))
