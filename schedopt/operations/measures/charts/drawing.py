"""Control charts as SVG: no script, readable in print, by ear, and without colours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Floats
from schedopt.operations.measures.charts.chart import ControlChart
from schedopt.pages import environment

WIDE, NARROW = 760, 358
"""Widths of a drawing for screens and paper, and for phones."""
_LEFT, _RIGHT, _TOP, _HIGH, _LOW, _GAP, _BOTTOM = 54, 12, 12, 190, 56, 26, 26
_TICKS = 5
_LABEL = 76
"""Least width of a week's label."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a chart is about.

    Attributes
    ----------
    name : str
        Used in ids: letters, digits and ``_``.
    title, unit : str
        For people.
    weeks : sequence of pandas.Timestamp
        Mondays, one a point.
    target : sequence of float
        One a point; NaN: none.
    changes : sequence of (int, str)
        Position of the first point after a known change, and what was changed.
    """

    name: str
    title: str
    unit: str
    weeks: Sequence[pd.Timestamp]
    target: Sequence[float]
    changes: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Dot:
    """A point: its place, whether a rule fires at it, and its words."""

    x: float
    y: float
    signal: bool
    words: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the two charts: ticks by height, lines as paths, points, and its name at the left."""

    top: float
    bottom: float
    ticks: Sequence[tuple[float, str]]
    lines: Sequence[tuple[str, str]]
    dots: Sequence[Dot]


def draw(chart: ControlChart, subject: Subject, width: int = WIDE) -> str:
    """The chart as an SVG element that stands by itself, or in a page.

    Parameters
    ----------
    chart : ControlChart
        With one point a week.
    subject : Subject
        What it is about.
    width : int
        In pixels: :data:`WIDE` or :data:`NARROW`.
    """
    places = _LEFT + (width - _LEFT - _RIGHT) * (np.arange(len(chart.values)) + 0.5) / max(len(chart.values), 1)
    target = np.asarray(subject.target, float)
    step = (width - _LEFT - _RIGHT) / max(len(chart.values), 1)
    upper = _panel(
        chart.values, places, step, (_TOP, _TOP + _HIGH), chart.is_signal, subject,
        {"centre": chart.centre, "limit": chart.lower, "limit upper": chart.upper, "target": target},
    )  # fmt: skip
    panels = [upper]
    if not np.isnan(chart.range_centre).all():
        top = _TOP + _HIGH + _GAP
        lines = {"centre": chart.range_centre, "limit upper": chart.range_upper}
        panels.append(
            _panel(chart.ranges, places, step, (top, top + _LOW), np.zeros(len(chart.values), bool), subject, lines)
        )
    height = panels[-1].bottom + _BOTTOM
    changes = [(round(float(places[at]) - step / 2, 1), what) for at, what in subject.changes]
    return environment(__package__).get_template("chart.svg.j2").render(
        subject=subject, panels=panels, width=width, height=round(height), left=_LEFT, right=width - _RIGHT,
        key=f"{subject.name}-{width}", words=chart_words(chart, subject), changes=changes,
        labels=list(_labels(subject.weeks, places, width)),
    )  # fmt: skip


def chart_words(chart: ControlChart, subject: Subject) -> str:
    """What a chart shows, in a sentence or two."""
    known = np.flatnonzero(~np.isnan(chart.values))
    if not len(known):
        return f"{subject.title}: no figures."
    last = int(known[-1])
    said = f"{len(known)} weeks; last {number(chart.values[last])} {subject.unit}"
    if not math.isnan(chart.centre[last]):
        said += (
            f"; centre {number(chart.centre[last])}, limits {number(chart.lower[last])} to {number(chart.upper[last])}"
        )
    signals = int(chart.is_signal.sum())
    return f"{said}; {'no signal' if not signals else f'{signals} signal' + 's' * (signals > 1)}."


def number(value: float) -> str:
    """A figure with so many digits as it needs."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _panel(
    values: Floats, places: Floats, step: float, span: tuple[float, float], far: np.ndarray, subject: Subject,
    lines: dict[str, Floats],
) -> Panel:  # fmt: skip
    every = np.concatenate([values, *lines.values()])
    ticks = nice_ticks(every[~np.isnan(every)])
    low, high = ticks[0], ticks[-1]
    top, bottom = span

    def at(value: float) -> float:
        return round(bottom - (bottom - top) * (value - low) / (high - low), 1)

    dots = [
        Dot(round(float(x), 1), at(value), bool(signal), f"week of {day(week)}: {number(value)} {subject.unit}")
        for x, value, signal, week in zip(places.tolist(), values.tolist(), far.tolist(), subject.weeks, strict=True)
        if not math.isnan(value)
    ]
    joined = "M" + " L".join(f"{dot.x} {dot.y}" for dot in dots) if dots else ""
    heights = {name: [math.nan if math.isnan(v) else at(v) for v in line.tolist()] for name, line in lines.items()}
    paths = [(name, _steps(line, places, step)) for name, line in heights.items()]
    kinds = [(name.partition(" ")[0], path) for name, path in paths if path]
    return Panel(top, bottom, [(at(tick), number(tick)) for tick in ticks], [*kinds, ("series", joined)], dots)


def _steps(heights: Sequence[float], places: Floats, step: float) -> str:
    """A line that is level from point to point, and not there where nothing is known."""
    parts, before = [], math.nan
    for x, y in zip(places.tolist(), heights, strict=True):
        if not math.isnan(y):
            begin, end = round(x - step / 2, 1), round(x + step / 2, 1)
            parts.append(f"{'L' if before == y else 'M'}{begin} {y} L{end} {y}")
        before = y
    return " ".join(parts)


def nice_ticks(values: Floats) -> list[float]:
    """Round numbers that take in all values, about five of them."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if low >= 0 and low < high / 2:
        low = 0.0
    size = max(abs(low), abs(high), 1.0)
    if high - low < 1e-6 * size:
        low, high = low - 0.5 * size, high + 0.5 * size
    rough = (high - low) / (_TICKS - 1)
    base = 10 ** math.floor(math.log10(rough))
    step = next(base * factor for factor in (1, 2, 2.5, 5, 10) if base * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * place, 10) for place in range(first, last + 1)]


def _labels(weeks: Sequence[pd.Timestamp], places: Floats, width: int) -> Iterator[tuple[float, str]]:
    """Weeks that are written below, so far apart that they do not touch."""
    room = max(1, (width - _LEFT - _RIGHT) // _LABEL)
    every = max(1, math.ceil(len(weeks) / room))
    for place in range(0, len(weeks), every):
        yield round(float(places[place]), 1), day(weeks[place])


def day(week: pd.Timestamp) -> str:
    """A day for people, such as ``30 Nov 2026``."""
    return f"{week.day} {week:%b %Y}"
