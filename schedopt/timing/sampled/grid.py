"""Times that can be told to a patient: multiples of five minutes, say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from schedopt.arrays import Flags, Floats
from schedopt.timing.costs import Costs
from schedopt.timing.sampled.evaluation import Breaks, paths
from schedopt.timing.sampled.level import Oracle
from schedopt.timing.sampled.limits import Limits, limits_of
from schedopt.timing.sampled.scenarios import Scenarios
from schedopt.timing.sampled.submodular import lowest_set
from schedopt.timing.sampled.times import Timed, is_convex, oracle_of
from schedopt.uncertainty.distributions.numbers import positive

_TOLERANCE = 1e-9
"""Of the cost: what is rounding."""
_NEAR = 1e-9
"""Minutes that are rounding."""


def on_grid(
    times: ArrayLike,
    scenarios: Scenarios,
    costs: Costs,
    end: float,
    start: float = 0.0,
    *,
    minutes: float = 5.0,
    breaks: Breaks = (),
    earliest: ArrayLike | None = None,
    latest: ArrayLike | None = None,
    separation: ArrayLike = 0.0,
    fixed: ArrayLike | None = None,
) -> Timed:
    """The best times among those that are whole multiples of so many minutes after the start.

    On a grid the cost is L-natural-convex in the times (Begen & Queyranne 2011, doi 10.1287/moor.1110.0489): times
    are the best of all when moving no set of them up a step and no set down a step is better (Murota 2003, Discrete
    Convex Analysis, theorem 7.14). A set to move is looked for by :func:`lowest_set`, or proven not to exist.

    With breaks or visits without appointment the cost is not convex, and not quite where late patients may come past
    the end to a provider whose idle time has a price: then runs of neighbours are moved until that is no better, and
    the bound is NaN.

    Parameters
    ----------
    times : float array, shape (visits,)
        Where to start, minutes; those of :func:`best_times`, say.
    scenarios, costs, end, start, breaks
        As in :func:`evaluate`.
    minutes : float
        The grid, above 0.
    earliest, latest, separation, fixed
        As in :func:`best_times`. Times that they settle need not be on the grid.

    Raises
    ------
    ValueError
        If no times on the grid are allowed.
    """
    positive("minutes", minutes)
    visits = scenarios.num_visits
    asked = limits_of(visits, start, end, earliest=earliest, latest=latest, separation=separation, fixed=fixed)
    limits = _limits_on_grid(asked, start, end, minutes)
    wanted = start + np.round((np.asarray(times, float) - start) / minutes) * minutes
    here = limits.nearest(np.where(limits.latest > limits.earliest, wanted, limits.earliest))
    if scenarios.num_walk_ins or len(breaks):
        return _by_neighbours(
            lambda t: float(paths(t, scenarios, end, start, breaks).costs(costs).mean()), limits, here, minutes
        )
    oracle = oracle_of(scenarios, costs, end, start)
    if not is_convex(scenarios, costs, limits, end):
        return _by_neighbours(lambda t: oracle(t)[0], limits, here, minutes)
    return _by_sets(oracle, limits, here, minutes, costs)


def _limits_on_grid(limits: Limits, start: float, end: float, minutes: float) -> Limits:
    """Windows and distances that times on the grid have."""
    settled = limits.latest == limits.earliest
    low = start + np.ceil((limits.earliest - start) / minutes - _NEAR) * minutes
    high = start + np.floor((limits.latest - start) / minutes + _NEAR) * minutes
    gap = np.ceil(limits.separation / minutes - _NEAR) * minutes
    by_settled = settled[:-1] | settled[1:]  # then windows say it already
    return limits_of(
        len(low), start, end, earliest=np.where(settled, limits.earliest, low),
        latest=np.where(settled, limits.latest, high),
        separation=np.append(np.where(by_settled, limits.separation, gap), 0.0),
    )  # fmt: skip


def _by_sets(oracle: Oracle, limits: Limits, here: Floats, minutes: float, costs: Costs) -> Timed:
    """Move the sets that lower the cost until there are none."""
    value, slope = oracle(here)
    done, way, proven = 1, 1, 0
    while proven < 2:
        able = (here + way * minutes <= limits.latest + _NEAR) & (here + way * minutes >= limits.earliest - _NEAR)
        if able.any():
            tolerance = _TOLERANCE * max(abs(value), 1.0)
            change = _Change(oracle, limits, here, value, able, way * minutes, costs)
            found = lowest_set(change, way * slope[able], tolerance)
            done += change.done
            if found.members.any():
                here = change.moved(found.members)
                value, slope = oracle(here)
                proven = 0
                continue
            if found.bound < -10 * tolerance:
                return Timed(here, value, np.nan, done)
        proven += 1
        way = -way
    return Timed(here, value, value, done)


class _Change:
    """What moving a set of times by one step does to the cost: a submodular function of the set.

    That a time may not come closer to the next one than its separation is a price on leaving the next one out of the
    set, which is submodular too, and more than any step can save.

    Parameters
    ----------
    oracle, limits, costs
        The cost of times, where they may be, and what minutes cost.
    here, value : float array, shape (visits,), and float
        Times, and their cost.
    able : bool array, shape (visits,)
        Those that have room for the step; sets are flags of these alone.
    step : float
        Minutes; negative for earlier.
    """

    def __init__(
        self, oracle: Oracle, limits: Limits, here: Floats, value: float, able: Flags, step: float, costs: Costs
    ) -> None:  # fmt: skip
        self.oracle, self.here, self.value, self.step = oracle, here, value, step
        self.able = np.flatnonzero(able)
        self.close = np.diff(here) - limits.separation < abs(step) - _NEAR
        self.dear = abs(step) * (costs.waiting * len(here) + costs.idle + costs.overtime)
        self.done = 0

    def moved(self, members: Flags) -> Floats:
        """The times with the set moved, shape (visits,)."""
        times = self.here.copy()
        times[self.able[members]] += self.step
        return times

    def __call__(self, members: Flags) -> float:
        self.done += 1
        times = self.moved(members)
        breaches = np.sum(self.close & (np.diff(times) < np.diff(self.here) - _NEAR))
        return self.oracle(times)[0] - self.value + self.dear * float(breaches)


def _by_neighbours(cost: Callable[[Floats], float], limits: Limits, here: Floats, minutes: float) -> Timed:
    """Move the run of neighbouring visits that lowers the cost most, until there is none."""
    value, done, num = cost(here), 1, len(here)
    while True:
        better, lowest = here, value
        for way in (minutes, -minutes):
            for first in range(num):
                for last in range(first, num):
                    moved = here.copy()
                    moved[first : last + 1] += way
                    if not limits.allow(moved):
                        continue
                    price = cost(moved)
                    done += 1
                    if price < lowest - _TOLERANCE * max(abs(lowest), 1.0):
                        better, lowest = moved, price
        if better is here:
            return Timed(here, value, np.nan, done)
        here, value = better, lowest
