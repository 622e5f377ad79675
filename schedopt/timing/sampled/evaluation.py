"""What stated times come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from schedopt.arrays import Floats
from schedopt.timing.costs import Costs
from schedopt.timing.sampled.paths import follow
from schedopt.timing.sampled.scenarios import Scenarios

Breaks = Sequence[tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Means over scenarios, each with its standard error.

    Attributes
    ----------
    waiting, waiting_error : float
        Minutes that all booked patients of a session wait together.
    idle, idle_error : float
        Minutes of a session in which the provider sees nobody though booked patients are still to come, without breaks.
    overtime, overtime_error : float
        Minutes past the session's end until the last patient has left.
    cost, cost_error : float
        Of these minutes, those of patients without appointment included.
    walk_in_waiting, urgent_waiting : float
        Minutes that one who is seen without appointment waits; NaN where there are none.
    table : pandas.DataFrame
        One row a visit, in their order: ``visit`` (from 0), ``time`` (minutes), ``came`` (share of scenarios); then of
        those who come ``waiting`` (mean minutes), ``waiting_error``, ``over_15`` and ``over_30`` (shares that wait
        more than so many minutes), NaN where nobody ever comes.
    costs : float array, shape (scenarios,)
        The cost of each scenario, for differences between times on the same scenarios.
    """

    waiting: float
    waiting_error: float
    idle: float
    idle_error: float
    overtime: float
    overtime_error: float
    cost: float
    cost_error: float
    walk_in_waiting: float
    urgent_waiting: float
    table: pd.DataFrame = field(repr=False)
    costs: Floats = field(repr=False)


@dataclass(frozen=True, eq=False)
class Paths:
    """Minutes in every scenario.

    Attributes
    ----------
    wait : float array, shape (scenarios, visits)
        NaN where the patient does not come.
    walk_in_wait : float array, shape (scenarios, walk_ins)
        NaN where nobody is seen.
    idle, overtime : float arrays, shape (scenarios,)
        Within the session, and past its end.
    """

    wait: Floats
    walk_in_wait: Floats
    idle: Floats
    overtime: Floats

    def costs(self, costs: Costs) -> Floats:
        """Cost of each scenario, shape (scenarios,)."""
        waited = np.nansum(self.wait, axis=1) + np.nansum(self.walk_in_wait, axis=1)
        return np.asarray(costs.waiting * waited + costs.idle * self.idle + costs.overtime * self.overtime)


def paths(
    times: ArrayLike, scenarios: Scenarios, end: float, start: float = 0.0, breaks: Breaks = ()
) -> Paths:  # fmt: skip
    """Follow the session through every scenario; arguments as in :func:`evaluate`."""
    appointed = np.array(times, float)
    if appointed.shape != (scenarios.num_visits,) or not np.isfinite(appointed).all():
        raise ValueError(f"expected {scenarios.num_visits} finite times, not {times!r}")
    if not start <= end:
        raise ValueError(f"expected start not after end, not {start!r} and {end!r}")
    pauses = np.array(breaks, float).reshape(len(breaks), 2)
    if not (np.diff(pauses.ravel()) > 0).all():
        raise ValueError(f"expected breaks in order, each from before to, not {breaks!r}")
    num = scenarios.num_scenarios
    found = Paths(
        np.empty(scenarios.service.shape), np.empty(scenarios.walk_in_at.shape), np.empty(num), np.empty(num)
    )  # fmt: skip
    follow(
        appointed, scenarios.service, scenarios.came, scenarios.delay, scenarios.walk_in_at,
        scenarios.walk_in_service, scenarios.walk_in_urgent, pauses, float(start), float(end),
        found.wait, found.walk_in_wait, found.idle, found.overtime,
    )  # fmt: skip
    return found


def evaluate(
    times: ArrayLike, scenarios: Scenarios, costs: Costs, end: float, start: float = 0.0, breaks: Breaks = ()
) -> Evaluation:
    """Expected waiting, idle time, overtime and cost of stated times.

    A visit begins when its patient is there, not before the appointed time unless `scenarios` say so, and the one
    before has ended; the wait is from the appointed time, or from the arrival of who is late. Who is not there at the
    appointed time is waited for, and who never comes until that time. An urgent visit is the next one; another one
    without appointment is seen while the next booked patient is not there, and not at all when coming past the end.

    Parameters
    ----------
    times : float array, shape (visits,)
        Appointed times, minutes.
    scenarios : Scenarios
        What may happen.
    costs : Costs
        Of a minute.
    end, start : float
        The session, minutes.
    breaks : sequence of pairs of float
        From and to, in order. A visit that would begin in a break begins after it; one that has begun goes on, and
        the break is that much shorter.

    Raises
    ------
    ValueError
        If times are not one finite number a visit, or the session or a break ends before it begins.
    """
    found = paths(times, scenarios, end, start, breaks)
    each = found.costs(costs)
    waiting, idle, overtime, cost = (
        _mean(values) for values in (np.nansum(found.wait, axis=1), found.idle, found.overtime, each)
    )
    seen = ~np.isnan(found.walk_in_wait)
    urgent, other = (found.walk_in_wait[seen & (scenarios.walk_in_urgent == kind)] for kind in (True, False))
    return Evaluation(
        *waiting, *idle, *overtime, *cost, _mean(other)[0], _mean(urgent)[0],
        _table(np.asarray(times, float), found.wait), each,
    )  # fmt: skip


def _table(times: Floats, wait: Floats) -> pd.DataFrame:
    """One row a visit, as documented in :class:`Evaluation`."""
    came = ~np.isnan(wait)
    rows = []
    for visit, time in enumerate(times.tolist()):
        waited = wait[came[:, visit], visit]
        mean, error = _mean(waited)
        rows.append(
            {
                "visit": visit, "time": time, "came": len(waited) / len(wait), "waiting": mean,
                "waiting_error": error, "over_15": _mean(waited > 15)[0], "over_30": _mean(waited > 30)[0],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _mean(values: ArrayLike) -> tuple[float, float]:
    """Mean and its standard error; NaN of nothing, and no error of one value."""
    x = np.asarray(values, float)
    if len(x) < 2:
        return (float(x[0]) if len(x) else np.nan), np.nan
    return float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x)))
