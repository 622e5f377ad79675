"""How many cases came month by month, for how many visits, and whether a change is more than noise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import binom, chi2

By = Literal["all", "kind", "subject", "site"]
NOISE = 0.01
"""Chance of calling a month unusual of which nothing has changed; it is this or less."""
PER = 1000
"""Visits that rates are told for."""
_SURE = 0.95

TREND_COLUMNS = (
    "group", "month", "cases", "visits", "rate", "low", "high", "expected", "change", "closed", "in_time",
    "median_days",
)  # fmt: skip
"""Of trends:

- ``group``: kind, subject or site, or ``all``; ``month``: its first day;
- ``cases``: received in it; ``visits``: held in it, at the site where the group is one;
- ``rate``: cases for 1,000 visits, ``low`` and ``high`` its exact Poisson limits at 95 % (Garwood 1936);
- ``expected``: cases that its visits would have at the rate of the months before it; NaN for the first;
- ``change``: ``more`` or ``fewer`` where the number is beyond what chance makes of that, else empty;
- ``closed``: of its cases, how many are closed by now; ``in_time``: of these, the share closed by their due day;
  ``median_days``: of these, days from receipt to closing.
"""


def trends(
    cases: pd.DataFrame, visits: pd.DataFrame, months: Sequence[dt.date], by: By = "all", *, noise: float = NOISE
) -> pd.DataFrame:
    """Cases by month and group, with rates for 1,000 visits.

    A month is compared with the months of the table that are before it. If nothing has changed, its cases are a
    binomial part of all cases so far, by its part of the visits (Przyborowski and Wilenski 1940); it is unusual if its
    number, or one further out on that side, has a chance below half of `noise`.

    Parameters
    ----------
    cases : pandas.DataFrame
        ``kind``, ``subject``, ``site`` (str), ``received``, ``due``, ``closed`` (dates; None where it is open).
    visits : pandas.DataFrame
        ``date`` and ``site`` of visits that were held.
    months : sequence of datetime.date
        First days of months, in order.
    by : str
        What makes groups.
    noise : float
        Chance of calling a month unusual of which nothing has changed.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`TREND_COLUMNS`, by group and month.
    """
    starts = pd.DatetimeIndex(pd.to_datetime(list(months)))
    group = np.full(len(cases), "all") if by == "all" else cases[by].to_numpy(str)
    month = _months(cases["received"])
    seen_in, seen_at = _months(visits["date"]), visits["site"].to_numpy(str)
    parts = []
    for name in sorted(set(group[np.isin(month, starts.values)].tolist()) | ({"all"} if by == "all" else set())):
        counts = np.array([((month == start) & (group == name)).sum() for start in starts.values], int)
        here = seen_at == name if by == "site" else np.ones(len(seen_at), bool)
        held = np.array([((seen_in == start) & here).sum() for start in starts.values], int)
        parts.append(
            pd.DataFrame({"group": name, "month": starts.date, "cases": counts, "visits": held})
            .join(_rates(counts, held, noise))
            .join(_handled(cases[group == name], month[group == name], starts))
        )
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(TREND_COLUMNS))
    return frame[list(TREND_COLUMNS)]


def poisson_limits(count: np.ndarray, sure: float = _SURE) -> tuple[np.ndarray, np.ndarray]:
    """Exact limits of the mean of a Poisson number (Garwood, Biometrika 28, 1936)."""
    tail = (1 - sure) / 2
    low = np.where(count > 0, chi2.ppf(tail, 2 * np.maximum(count, 1)) / 2, 0.0)
    return low, chi2.ppf(1 - tail, 2 * (count + 1)) / 2


def _rates(counts: np.ndarray, held: np.ndarray, noise: float) -> pd.DataFrame:
    low, high = poisson_limits(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, bottom, top = (np.where(held > 0, PER * part / held, np.nan) for part in (counts, low, high))
        before, seen = np.cumsum(counts) - counts, np.cumsum(held) - held
        expected = np.where(seen > 0, before / seen * held, np.nan)
        part = np.where(seen + held > 0, held / np.maximum(seen + held, 1), 0.0)
    told = (seen > 0) & (held > 0)
    so_far = before + counts
    more = told & (binom.sf(counts - 1, so_far, part) < noise / 2)
    fewer = told & (binom.cdf(counts, so_far, part) < noise / 2)
    change = np.where(more, "more", np.where(fewer, "fewer", ""))
    return pd.DataFrame({"rate": rate, "low": bottom, "high": top, "expected": expected, "change": change})


def _handled(cases: pd.DataFrame, month: np.ndarray, starts: pd.DatetimeIndex) -> pd.DataFrame:
    """How cases of each month were closed."""
    closed, due, received = (pd.to_datetime(cases[name]) for name in ("closed", "due", "received"))
    rows = []
    for start in starts.values:
        mine = (month == start) & closed.notna().to_numpy()
        days = (closed[mine] - received[mine]).dt.days
        share = float((closed[mine] <= due[mine]).mean()) if mine.any() else np.nan
        rows.append((int(mine.sum()), share, float(days.median()) if mine.any() else np.nan))
    return pd.DataFrame(rows, columns=["closed", "in_time", "median_days"])


def _months(days: pd.Series) -> np.ndarray:
    """The first day of the month of each day."""
    return pd.to_datetime(days).to_numpy("datetime64[M]").astype("datetime64[ns]")


def months_until(last: dt.date, count: int) -> list[dt.date]:
    """First days of so many months, the last of which has a day in it."""
    number = last.year * 12 + last.month - 1
    return [dt.date(one // 12, one % 12 + 1, 1) for one in range(number - count + 1, number + 1)]
