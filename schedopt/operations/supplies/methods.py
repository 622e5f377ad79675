"""Ways to forecast daily amounts from those of days before: levels, weekdays, and the time of the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints

YEAR = 364
"""Days of a year of whole weeks."""


class Days(NamedTuple):
    """Amounts of days that have been.

    Attributes
    ----------
    amount : float array
        By day.
    weekday : int array
        Monday 0.
    open : bool array
        Whether there could be any.
    """

    amount: Floats
    weekday: Ints
    open: Flags

    def until(self, day: int) -> Days:
        """Those before a day."""
        return Days(self.amount[:day], self.weekday[:day], self.open[:day])


Method = Callable[[Days, Ints], Floats]
"""Days that have been, and the weekdays of those after them: the mean amount of each, were it open."""


def naive(past: Days, ahead: Ints) -> Floats:
    """Seasonal naive: what was there on the same weekday last, however that was."""
    last = [float(past.amount[past.weekday == weekday][-1:].sum()) for weekday in range(7)]
    return np.array(last)[ahead]


def _by_weekday(past: Days, weeks: int) -> Floats:
    """Mean by weekday of the last weeks; of weekdays that were never open, 0."""
    recent = past.amount[-7 * weeks :], past.weekday[-7 * weeks :], past.open[-7 * weeks :]
    amounts, days, is_open = recent
    counts = np.bincount(days[is_open], minlength=7)
    return np.bincount(days[is_open], weights=amounts[is_open], minlength=7) / np.maximum(counts, 1)


def recent_weeks(past: Days, ahead: Ints, weeks: int) -> Floats:
    """Mean of each weekday over the last weeks."""
    return _by_weekday(past, weeks)[ahead]


def _levels(past: Days, usual: Floats, rate: float) -> Floats:
    """After each week, the smoothed amount of a week over its usual amount."""
    weeks = len(past.amount) // 7
    if not weeks:
        return np.ones(1)
    amount = np.where(past.open, past.amount, 0)[-7 * weeks :].reshape(weeks, 7).sum(axis=1)
    expected = (usual[past.weekday] * past.open)[-7 * weeks :].reshape(weeks, 7).sum(axis=1)
    found, level, weight = np.ones(weeks), 1.0, 0.0
    for week in range(weeks):
        if expected[week] > 0:
            weight = 1 - (1 - rate) * (1 - weight)
            level += rate / weight * (amount[week] / expected[week] - level)
        found[week] = level
    return found


def smoothed(past: Days, ahead: Ints, rate: float) -> Floats:
    """A level that follows the weeks, times what is usual on the weekday."""
    usual = _by_weekday(past, 52)
    found: Floats = usual[ahead] * _levels(past, usual, rate)[-1]
    return found


def _waves(day: Ints) -> Floats:
    """Two waves a year, by day."""
    turn = 2 * np.pi * day[:, None] / 365.25 * np.array([1, 2])
    return np.concatenate([np.sin(turn), np.cos(turn)], axis=1)


def yearly(past: Days, ahead: Ints, rate: float) -> Floats:
    """A level that follows the weeks, on two waves a year, times what is usual on the weekday.

    The waves are fitted to the weeks' levels by least squares, with a small ridge.
    """
    usual, days = _by_weekday(past, 10_000), len(past.amount)
    weeks = days // 7
    raw = _levels(past, usual, 1.0)
    middle = days - 7 * weeks + 7 * np.arange(weeks) + 3
    waves = _waves(middle)
    design = np.concatenate([np.ones((weeks, 1)), waves], axis=1)
    ridge = np.diag([1e-9, *[0.02 * weeks] * waves.shape[1]])
    fit = np.linalg.solve(design.T @ design + ridge, design.T @ raw)
    season = np.maximum(0.2, design @ fit)
    level, weight = 1.0, 0.0
    for week in range(weeks):
        weight = 1 - (1 - rate) * (1 - weight)
        level += rate / weight * (raw[week] / season[week] - level)
    coming = np.concatenate([np.ones((len(ahead), 1)), _waves(days + np.arange(len(ahead)))], axis=1)
    found: Floats = usual[ahead] * np.maximum(0.2, coming @ fit) * level
    return found


METHODS: Mapping[str, Method] = {
    **{f"the mean of each weekday over {weeks} weeks": partial(recent_weeks, weeks=weeks) for weeks in (4, 8, 13, 26)},
    **{
        f"a level that follows {share} % of each week": partial(smoothed, rate=share / 100) for share in (5, 10, 20, 35)
    },
    **{
        f"two waves a year and a level that follows {share} % of each week": partial(yearly, rate=share / 100)
        for share in (2, 10)
    },
}
"""By name, for people; what has waves needs a year."""
NEEDS = {name: YEAR + 28 for name, method in METHODS.items() if "waves" in name}
"""Days that a method needs."""
NAIVE = "the same weekday of the week before"
