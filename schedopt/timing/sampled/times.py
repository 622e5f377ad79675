"""The best times, for the scenarios at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from schedopt.arrays import Floats
from schedopt.timing.costs import Costs
from schedopt.timing.sampled.level import Oracle, least
from schedopt.timing.sampled.limits import Limits, limits_of
from schedopt.timing.sampled.paths import mean_cost
from schedopt.timing.sampled.scenarios import Scenarios


@dataclass(frozen=True, eq=False)
class Timed:
    """Times, and what they cost on the scenarios for which they were chosen.

    Attributes
    ----------
    times : float array, shape (visits,)
        Appointed times, minutes.
    cost : float
        Mean over scenarios. On other scenarios it will be higher: judge times on scenarios that did not choose them.
    bound : float
        No allowed times cost less on these scenarios; NaN where that is not known.
    evaluations : int
        How often all scenarios were gone through.
    """

    times: Floats
    cost: float
    bound: float
    evaluations: int


def best_times(
    scenarios: Scenarios,
    costs: Costs,
    end: float,
    start: float = 0.0,
    *,
    earliest: ArrayLike | None = None,
    latest: ArrayLike | None = None,
    separation: ArrayLike = 0.0,
    fixed: ArrayLike | None = None,
    start_times: ArrayLike | None = None,
    tolerance: float = 1e-7,
) -> Timed:
    """The times of least mean cost over the scenarios.

    In each scenario waiting, idle time and overtime are the largest of sums of times, which is convex, and one pass
    over it gives cost and slope (Begen & Queyranne 2011, doi 10.1287/moor.1110.0489). So the mean is minimised with
    a proof, see :func:`least`.

    Parameters
    ----------
    scenarios : Scenarios
        Booked visits; nobody without appointment.
    costs : Costs
        Of a minute.
    end, start : float
        The session, minutes; all times lie within.
    earliest, latest, fixed : float arrays, shape (visits,)
        Windows, and times that were promised (NaN where none was), minutes.
    separation : float or float array, shape (visits,)
        Minutes from a visit's time to the next one's, such as its planned length.
    start_times : float array, shape (visits,)
        Times to start from; those that follow one another by the mean service time without.
    tolerance : float
        Of the cost, how far above the bound it may be.

    Returns
    -------
    Timed
        Its bound is NaN where late patients may come past the end and idle time has a price: a provider who waits
        past the end is not idle but in overtime, and then the cost is not quite convex.

    Raises
    ------
    ValueError
        If no times are allowed, or there are visits without appointment: with them the cost is not convex. See
        :func:`on_grid` for those.
    """
    if scenarios.num_walk_ins:
        raise ValueError("expected scenarios without walk-ins; on_grid takes them")
    limits = limits_of(
        scenarios.num_visits, start, end, earliest=earliest, latest=latest, separation=separation, fixed=fixed
    )
    wanted = usual_times(scenarios, start) if start_times is None else np.array(start_times, float)
    if wanted.shape != (scenarios.num_visits,) or not np.isfinite(wanted).all():
        raise ValueError(f"expected {scenarios.num_visits} finite start_times, not {start_times!r}")
    oracle = oracle_of(scenarios, costs, end, start)
    timed = solve(oracle, limits, limits.nearest(wanted), tolerance=tolerance)
    if is_convex(scenarios, costs, limits, end):
        return timed
    return Timed(timed.times, timed.cost, np.nan, timed.evaluations)


def usual_times(scenarios: Scenarios, start: float) -> Floats:
    """Times that follow one another by the mean service time, shape (visits,)."""
    mean = scenarios.service.mean(axis=0)
    return np.asarray(start + np.cumsum(mean) - mean)


def is_convex(scenarios: Scenarios, costs: Costs, limits: Limits, end: float) -> bool:
    """Whether nobody can come past the end to a provider whose idle time has a price."""
    return not costs.idle or bool((limits.latest + scenarios.delay.max(axis=0) <= end + 1e-9).all())


def oracle_of(scenarios: Scenarios, costs: Costs, end: float, start: float) -> Oracle:
    """Mean cost and its slope as a function of times."""
    prices = np.array([costs.waiting, costs.idle, costs.overtime], float)
    service, came, delay = scenarios.service, scenarios.came, scenarios.delay
    low, high = float(start), float(end)

    def cost(times: Floats) -> tuple[float, Floats]:
        slope = np.empty(len(times))
        return mean_cost(times, service, came, delay, prices, low, high, slope), slope

    return cost


def solve(
    oracle: Callable[[Floats], tuple[float, Floats]],
    limits: Limits,
    times: Floats,
    *,
    tolerance: float = 1e-7,
    enough: float = np.inf,
) -> Timed:
    """Minimise over the times that are not settled by their limits; arguments as in :func:`least`."""
    free = limits.latest > limits.earliest
    if not free.any():
        value, _ = oracle(times)
        return Timed(times, value, value, 1)
    rows, most = limits.rows()
    here = times.copy()

    def part(x: Floats) -> tuple[float, Floats]:
        here[free] = x
        value, slope = oracle(here)
        return value, slope[free]

    bites = rows[:, free].any(axis=1)
    found = least(
        part, times[free], rows[bites][:, free], (most - rows[:, ~free] @ times[~free])[bites],
        tolerance=tolerance, enough=enough,
    )  # fmt: skip
    here[free] = np.clip(found.x, limits.earliest[free], limits.latest[free])  # rounding
    return Timed(here, found.value, found.bound, found.evaluations)
