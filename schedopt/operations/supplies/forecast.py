r"""Forecasts of daily amounts, chosen by how well they would have done, with how far off they were.

Each method forecasts from Mondays of the past (rolling origins) what has since been; the one whose sums over two weeks
were least far off, by their mean squared error, is taken. Seasonal naive is what there is for less than four weeks.

The amount of some days with forecast mean :math:`m` gets the variance :math:`a m + b m^2`: :math:`a` from single days,
as counts spread, and :math:`b` from sums over two and four weeks, as levels are not known and drift. Both are those of
the forecasts that the method would have made; :math:`b` is raised a little, as the best of several looks better than it
is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import numpy as np

from schedopt.arrays import Flags, Floats
from schedopt.operations.supplies.counts import counts_of, quantile
from schedopt.operations.supplies.methods import METHODS, NAIVE, NEEDS, Days, Method, naive

WINDOW = 14
"""Days over which methods are judged."""
FEWEST = 28
"""Days of the past with which a method is first asked."""
ORIGINS = 26
"""Mondays, at most, from which methods are judged."""


@dataclass(frozen=True)
class Forecast:
    """Daily amounts to come.

    Attributes
    ----------
    first : datetime.date
        The first day.
    mean : float array
        By day.
    spread : float array
        By day: the variance of what single days add, independent of each other.
    loose : float array
        By day: the deviation that all days share, as their level is not known.
    grain : float
        Units of which amounts are mostly multiples.
    method : str
        How it was made, for people.
    """

    first: dt.date
    mean: Floats
    spread: Floats
    loose: Floats
    grain: float = 1.0
    method: str = NAIVE
    errors: dict[str, float] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.mean)

    def between(self, first: int, last: int) -> tuple[float, float]:
        """Mean and variance of the sum over days from the first to the one before the last."""
        days = slice(max(0, first), max(0, last))
        return float(self.mean[days].sum()), float(self.spread[days].sum() + self.loose[days].sum() ** 2)

    def chances(self, first: int, last: int) -> Floats:
        """Chance of 0, 1, 2, … grains over these days."""
        mean, variance = self.between(first, last)
        return counts_of(mean / self.grain, variance / self.grain**2)

    def within(self, first: int, last: int, share: float = 0.9) -> tuple[float, float]:
        """Amounts between which the sum lies with so much chance."""
        chances = self.chances(first, last)
        return self.grain * quantile(chances, (1 - share) / 2), self.grain * quantile(chances, (1 + share) / 2)

    def later(self, days: int) -> Forecast:
        """The same from a later day on."""
        return replace(
            self, first=self.first + dt.timedelta(days=days), mean=self.mean[days:], spread=self.spread[days:],
            loose=self.loose[days:],
        )  # fmt: skip

    def plus(self, other: Forecast) -> Forecast:
        """The sum of two that know nothing of each other."""
        return replace(
            self, mean=self.mean + other.mean, spread=self.spread + other.spread,
            loose=np.hypot(self.loose, other.loose),
        )  # fmt: skip


def forecast(
    amount: Floats, first: dt.date, ahead: int, is_open: Flags | None = None, grain: float = 1.0
) -> Forecast:  # fmt: skip
    """Forecast the days after some from what they were.

    Parameters
    ----------
    amount : float array
        Amounts of days in a row.
    first : datetime.date
        The first of them.
    ahead : int
        Days to forecast.
    is_open : bool array, shape (days + ahead,), optional
        Whether there can be any amount on a day; all days are open otherwise.
    grain : float
        Units of which amounts are mostly multiples.

    Returns
    -------
    Forecast
        From the day after the last. Without a past nothing is forecast.
    """
    days = len(amount)
    is_open = np.ones(days + ahead, bool) if is_open is None else is_open
    weekday = (first.weekday() + np.arange(days + ahead)) % 7
    past, coming = Days(amount, weekday[:days], is_open[:days]), (weekday[days:], is_open[days:])
    begins = first + dt.timedelta(days=days)
    if not amount.any():
        nothing = np.zeros(ahead)
        return Forecast(begins, nothing, nothing, nothing, grain, "nothing has been used")
    name, judged = _choice(past)
    mean = np.maximum(0, _methods(days)[name](past, coming[0])) * coming[1]
    single, *levels = _looseness(judged[name], grain)
    near, far = np.sqrt(levels)
    loose = np.where(np.arange(ahead) < WINDOW, near, max(near, 2 * far - near))
    return Forecast(
        begins, mean, single * mean, loose * mean, grain, name, {name: made.error for name, made in judged.items()}
    )  # fmt: skip


@dataclass(frozen=True)
class _Made:
    """Forecasts that a method would have made, and what was: shape (origins, days); days not known are NaN."""

    made: Floats
    was: Floats

    def sums(self, days: int) -> tuple[Floats, Floats]:
        """Over so many days, of origins after which they are known."""
        known = ~np.isnan(self.was[:, :days]).any(axis=1)
        return self.made[known, :days].sum(axis=1), self.was[known, :days].sum(axis=1)

    @property
    def error(self) -> float:
        """Mean squared error of sums over the window."""
        made, was = self.sums(WINDOW)
        return float(np.mean((made - was) ** 2)) if len(made) else np.inf


def _methods(days: int) -> dict[str, Method]:
    if days < FEWEST:
        return {NAIVE: naive}
    return {name: method for name, method in METHODS.items() if days >= NEEDS.get(name, FEWEST)}


def _choice(past: Days) -> tuple[str, dict[str, _Made]]:
    """The method that did best, and what all would have said."""
    days = len(past.amount)
    origins = list(range(days - WINDOW, FEWEST - 1, -7))[:ORIGINS]
    if not origins:  # too little is known to judge: the first method there is, from the middle on
        name, method = next(iter(_methods(days).items()))
        return name, {name: _made(method, past, [max(1, days // 2)])}
    judged = {name: _made(method, past, origins) for name, method in _methods(min(origins)).items()}
    return min(judged, key=lambda name: judged[name].error), judged


def _made(method: Method, past: Days, origins: list[int]) -> _Made:
    made, was = np.full((2, len(origins), 2 * WINDOW), np.nan)
    for row, day in enumerate(origins):
        here = slice(day, min(day + 2 * WINDOW, len(past.amount)))
        size = here.stop - day
        made[row, :size] = np.maximum(0, method(past.until(day), past.weekday[here])) * past.open[here]
        was[row, :size] = past.amount[here]
    return _Made(made, was)


def _looseness(judged: _Made, grain: float) -> tuple[float, float, float]:
    """How much single days, and levels over two and four weeks, were off: a, and b of each."""
    week, was = judged.made[:, :7], judged.was[:, :7]
    single = max(0.25 * grain, float(np.nansum((week - was) ** 2)) / max(float(np.nansum(week)), grain))
    found = []
    for days in (WINDOW, 2 * WINDOW):
        made, real = judged.sums(days)
        over = float(((made - real) ** 2).sum()) - single * float(made.sum())
        count = max(1, len(made))
        found.append(max(0.0, over) / max(float((made**2).sum()), grain**2) * (1 + 10 / count) + 0.05 / (10 + count))
    return single, found[0], max(found[0], 1.5 * found[1])
