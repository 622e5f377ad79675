"""Control charts: natural limits of a process, found from its own points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from schedopt.arrays import Flags, Floats
from schedopt.operations.measures.charts.rules import RULES, ChartRule, fired

D2 = 1.128
"""Mean range of two values, in sigma: 3 / 1.128 is Wheeler's 2.660."""
D2_MEDIAN = 0.954
"""The same of the median range: 3 / 0.954 is Wheeler's 3.145."""
URL, URL_MEDIAN = 3.268, 3.865
"""Upper limit of moving ranges over their mean, and over their median."""
_ROUNDING = 1e-9
"""A difference from the centre that is none: sums of decimals are not exact."""


@dataclass(frozen=True)
class ControlChart:
    """A series with its limits; every array has one entry a point, NaN where nothing is known.

    Attributes
    ----------
    values : float array
        The points.
    centre, lower, upper : float array
        What is to be expected at each, and the limits three sigma around it.
    ranges, range_centre, range_upper : float array
        Differences between a point and the one known before, their centre and their upper limit. NaN in charts of
        rates, which do not need them.
    signals : bool array, shape (rules, points)
        Which rules fire where.
    rules : tuple of ChartRule
        The rules.
    """

    values: Floats = field(repr=False)
    centre: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    ranges: Floats = field(repr=False)
    range_centre: Floats = field(repr=False)
    range_upper: Floats = field(repr=False)
    signals: Flags = field(repr=False)
    rules: tuple[ChartRule, ...] = RULES

    @property
    def is_signal(self) -> Flags:
        """Points at which any rule fires."""
        return np.asarray(self.signals.any(axis=0), bool)


def xmr(
    values: Sequence[float] | Floats, *, baseline: int | None = None, changes: Sequence[int] = (),
    medians: bool = False, screened: bool = False, rules: Sequence[ChartRule] = RULES, fewest: int = 2,
) -> ControlChart:  # fmt: skip
    """An XmR chart (individuals and moving ranges).

    The centre is the mean, and the limits lie 2.660 mean moving ranges around it (3 / 1.128 = 2.6596): what varies from
    point to point by itself says what to expect, and not the spread of all points, which a change would widen.

    Parameters
    ----------
    values : sequence of float
        In order of time; NaN: not known, and passed over.
    baseline : int, optional
        Limits come from so many first known points of each stretch alone; without it, from all.
    changes : sequence of int
        Positions of the first points after known changes; each stretch has limits of its own.
    medians : bool
        Medians in place of means, which single far points move less: 3.145 median moving ranges.
    screened : bool
        Moving ranges above their upper limit do not count (once), as Nelson (1982) and Provost & Murray (2011) do.
    rules : sequence of ChartRule
        Which rules look at the points.
    fewest : int
        A stretch of fewer known points has no limits, and no rule fires in it; at least 2.

    Returns
    -------
    ControlChart
    """
    points = np.asarray(values, float)
    columns = np.full((6, len(points)), np.nan)
    signals = np.zeros((len(rules), len(points)), bool)
    for stretch in stretches(len(points), changes):
        known = stretch[~np.isnan(points[stretch])]
        own = points[known]
        moved = np.abs(np.diff(own))
        columns[3, known[1:]] = moved
        if len(own) < max(fewest, 2) or (baseline is not None and baseline < 2):
            continue
        centre, mean_range, sigma = _level(own[:baseline], moved[: None if baseline is None else baseline - 1], medians)
        if screened:
            fine = moved[: None if baseline is None else baseline - 1]
            fine = fine[fine <= mean_range * (URL_MEDIAN if medians else URL)]
            centre, mean_range, sigma = _level(own[:baseline], fine, medians)
        columns[:3, stretch] = np.array([centre, centre - 3 * sigma, centre + 3 * sigma])[:, None]
        columns[4:, stretch] = np.array([mean_range, mean_range * (URL_MEDIAN if medians else URL)])[:, None]
        signals[:, known] = fired(_distance(own - centre, sigma), rules)
    middle, lower, upper, ranges, range_middle, range_upper = columns
    return ControlChart(points, middle, lower, upper, ranges, range_middle, range_upper, signals, tuple(rules))


def _level(values: Floats, ranges: Floats, medians: bool) -> tuple[float, float, float]:
    """Centre, centre of the ranges, and sigma."""
    middle, constant = (np.median, D2_MEDIAN) if medians else (np.mean, D2)
    of_ranges = float(middle(ranges)) if len(ranges) else 0.0
    return float(middle(values)), of_ranges, of_ranges / constant


def stretches(length: int, changes: Sequence[int]) -> list[np.ndarray]:
    """Positions of the points between changes."""
    inner = sorted({change for change in changes if 0 < change < length})
    return [np.arange(first, last) for first, last in zip([0, *inner], [*inner, length], strict=True)]


def _distance(apart: Floats, sigma: float | Floats) -> Floats:
    """From the centre, in sigma; where nothing varies, any difference is beyond every limit."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(np.abs(apart) <= _ROUNDING, 0.0, apart / sigma)
    return found


def rate_chart(
    counts: Sequence[float] | Floats, sizes: Sequence[float] | Floats, *, kind: str = "p", laney: bool = False,
    changes: Sequence[int] = (), rules: Sequence[ChartRule] = RULES,
) -> ControlChart:  # fmt: skip
    """A p-chart of shares or a u-chart of rates, whose limits are wider where less was counted.

    Parameters
    ----------
    counts, sizes : sequence of float
        Of each point: how many, out of how many (p) or in how much (u). A point without size is not known.
    kind : {"p", "u"}
        Whether what is counted is binomial (visits missed, of visits) or Poisson (complaints, in visits).
    laney : bool
        Sigma as Laney's p′ and u′ charts have it (Quality Engineering 14:531, 2002): times the spread from point to
        point, which is more than chance alone where what is behind the points varies, too.
    changes : sequence of int
        Positions of the first points after known changes.
    rules : sequence of ChartRule
        Which rules look at the points.

    Returns
    -------
    ControlChart
        Limits of shares are kept within 0 and 1, those of rates at 0 or more.
    """
    if kind not in ("p", "u"):
        raise ValueError(f"expected kind p or u, not {kind!r}")
    many, size = np.asarray(counts, float), np.asarray(sizes, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        points = np.where(size > 0, many / size, np.nan)
    columns = np.full((3, len(points)), np.nan)
    signals = np.zeros((len(rules), len(points)), bool)
    for stretch in stretches(len(points), changes):
        known = stretch[~np.isnan(points[stretch])]
        if not len(known):
            continue
        centre = many[known].sum() / size[known].sum()
        sigma = np.sqrt((centre * (1 - centre) if kind == "p" else centre) / size[known])
        if laney and len(known) > 1:
            sigma = sigma * np.abs(np.diff(_distance(points[known] - centre, sigma))).mean() / D2
        top = 1.0 if kind == "p" else np.inf
        columns[0, known] = centre
        columns[1:, known] = np.maximum(centre - 3 * sigma, 0), np.minimum(centre + 3 * sigma, top)
        signals[:, known] = fired(_distance(points[known] - centre, sigma), rules)
    middle, lower, upper = columns
    nothing = np.full(len(points), np.nan)
    return ControlChart(points, middle, lower, upper, nothing, nothing, nothing, signals, tuple(rules))
