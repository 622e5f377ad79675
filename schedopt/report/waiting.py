"""How long patients are expected to wait, visit by visit: the small charts of a simulated week, without HTML."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

import pandas as pd

from schedopt.models.problem.calendar import Calendar, clock
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.uses import SessionUse
from schedopt.models.problem.visits import Visit
from schedopt.report.figures import date_words, rows
from schedopt.report.timetable import by_start, natural_order

MEAN, P90 = "waiting_minutes", "p90_minutes"
_COLUMNS = ("request", "session", "start", MEAN, P90)
_TOPS: tuple[int, ...] = (2, 4, 6, *range(10, 100, 10), 100, 120)
"""Minutes that a chart may be high: round, with whole minutes at half of it."""
_INSIDE = 0.98
"""Of the nine-in-ten marks at least so many lie inside the charts; a few far ones would make all bars low."""
_WIDEST = 10
"""Minutes that a bar takes at most, so that it is the height that is seen."""
_STEPS, _APART = (1, 2, 4, 6), 0.45
"""Every so many hours one is written: the first number that keeps labels this share of the width apart."""
_EDGE = 12.0
"""Percent of the width within which a label would run out at a side."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """A visit's expected waiting.

    `left` and `width` are percent of the chart's width; `mean` and `p90` percent of its height, or None where nobody
    was seen in any simulated week. A `p90` of more than 100 is beyond the chart. `details` is what a pointer resting
    on the bar is shown.
    """

    left: float
    width: float
    mean: float | None
    p90: float | None
    details: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One session with visits. All places are percent of the chart's width.

    `left` and `width` are the session's hours, `reach` how far the axis goes, `hours` a tick for every full hour with
    the side on which its label stands (``start``, ``middle``, ``end``) and its label, both empty where there is none.
    `words` says the whole chart.
    """

    title: str
    left: float
    width: float
    reach: float
    hours: Sequence[tuple[float, str, str]]
    bars: Sequence[Bar]
    words: str


@dataclass(frozen=True, slots=True)
class WaitingDay:
    """A provider's sessions of one day, by start."""

    title: str
    charts: Sequence[Chart]


@dataclass(frozen=True, slots=True)
class ProviderWaiting:
    """A provider's week; a minute takes the same share of the width in all of its charts."""

    provider: str
    note: str
    days: Sequence[WaitingDay]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A session with visits, and the figures of each; minutes after midnight.

    `slots` has a visit's place on the axis, start and minutes.
    """

    session: SessionUse
    visits: Sequence[Visit]
    figures: Sequence[Row]
    slots: Sequence[tuple[float, float]]
    first: int
    last: float


def figures_by_request(plan: Plan, played: pd.DataFrame) -> dict[str, Row]:
    """Figures of each visit of the plan, from those of a simulation.

    Raises
    ------
    ValueError
        If a column is missing or the simulation was of another plan.
    """
    missing = [name for name in _COLUMNS if name not in played.columns]
    if missing:
        raise ValueError(f"expected a column {missing[0]!r} in the table of simulated visits")
    known = {row["request"]: row for row in rows(played)}
    places = {name: (row["session"], row["start"]) for name, row in known.items()}
    wanted = {visit.request: (visit.session, clock(visit.start)) for visit in plan.visits}
    if len(known) != len(played) or places != wanted:
        raise ValueError("expected a simulation of exactly this plan: each visit once, where and when it is planned")
    return known


def chart_minutes(figures: Mapping[str, Row]) -> int:
    """Minutes that every chart is high: a round number that no mean and few nine-in-ten marks exceed."""
    means, marks = (sorted(row[name] for row in figures.values() if row[name] == row[name]) for name in (MEAN, P90))
    if not means:
        return int(_TOPS[0])
    highest: float = max(means[-1], marks[math.ceil(_INSIDE * len(marks)) - 1])
    return int(next((top for top in _TOPS if top >= highest), math.ceil(highest / _TOPS[-1]) * _TOPS[-1]))


def waiting_charts(plan: Plan, figures: Mapping[str, Row], dates: Sequence[dt.date]) -> list[ProviderWaiting]:
    """The charts of everybody who has a visit on one of the dates, in the natural order of ids.

    Parameters
    ----------
    plan : Plan
        The plan that was simulated.
    figures : mapping of str to mapping
        Of every visit, by request; see :func:`figures_by_request`.
    dates : sequence of datetime.date
        One week's days, in order.
    """
    stretches: dict[str, list[_Stretch]] = {}
    visits: dict[str, list[Visit]] = {}
    for visit in plan.visits:
        visits.setdefault(visit.session, []).append(visit)
    for use in plan.session_uses:
        if use.date in dates and use.session in visits:
            stretches.setdefault(use.provider, []).append(_stretch(use, visits[use.session], figures))
    top = chart_minutes(figures)
    calendar = plan.problem.calendar
    return [_provider(name, stretches[name], dates, top, calendar) for name in sorted(stretches, key=natural_order)]


def _stretch(session: SessionUse, visits: Iterable[Visit], figures: Mapping[str, Row]) -> _Stretch:
    visits = by_start(visits)
    slots = _slots([(visit.start, visit.end) for visit in visits])
    first, last = min(session.start, int(slots[0][0])), max(session.end, *(begin + width for begin, width in slots))
    return _Stretch(session, visits, [figures[visit.request] for visit in visits], slots, first, last)


def _slots(times: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Start and minutes of each bar, for visits by start: none reaches into the next, and visits at once share one."""
    slots: list[tuple[float, float]] = []
    together = [(start, [end for _, end in group]) for start, group in groupby(times, key=lambda time: time[0])]
    for (start, ends), (later, _) in pairwise([*together, (math.inf, [])]):
        share = min(_WIDEST, min(ends) - start, later - start) / len(ends)
        slots += [(start + share * place, share) for place in range(len(ends))]
    return slots


def _provider(
    provider: str, stretches: Sequence[_Stretch], dates: Sequence[dt.date], top: int, calendar: Calendar
) -> ProviderWaiting:
    stretches = sorted(stretches, key=attrgetter("first"))
    longest = max(stretch.last - stretch.first for stretch in stretches)
    sites = {stretch.session.site for stretch in stretches}
    shown = {site: f" {calendar.place_words(site)}" if calendar.zones or len(sites) > 1 else "" for site in sites}
    days = [
        WaitingDay(
            date_words(date),
            [
                _chart(stretch, longest, top, shown[stretch.session.site])
                for stretch in stretches
                if stretch.session.date == date
            ],
        )
        for date in dates
    ]
    seen = [pair for stretch in stretches for pair in zip(stretch.visits, stretch.figures, strict=True)]
    note = f"{len(seen)} visit{'' if len(seen) == 1 else 's'}"
    known = (pair for pair in seen if pair[1][MEAN] == pair[1][MEAN])
    worst = max(known, key=lambda pair: pair[1][MEAN], default=None)
    if worst is not None:
        visit, row = worst
        note += f" · longest expected wait {row[MEAN]:.1f} min, {date_words(visit.date)} {clock(visit.start)}"
    return ProviderWaiting(provider, note, days)


def _chart(stretch: _Stretch, longest: float, top: int, place: str) -> Chart:
    session = stretch.session

    def share(minutes: float) -> float:
        return round(100 * minutes / longest, 2)

    visits = list(zip(stretch.visits, stretch.figures, strict=True))
    title = f"{clock(session.start)}–{clock(session.end, end=True)}{place}"
    heard = "; ".join(f"{clock(visit.start)} {_minutes(row)}" for visit, row in visits)
    return Chart(
        title=title,
        left=share(session.start - stretch.first),
        width=share(session.regular_minutes),
        reach=share(stretch.last - stretch.first),
        hours=_hours(stretch, longest),
        bars=[
            _bar(visit, row, (share(begin - stretch.first), share(minutes)), top)
            for (visit, row), (begin, minutes) in zip(visits, stretch.slots, strict=True)
        ],
        words=f"{session.provider}, {date_words(session.date)}, {title}, expected waiting: {heard}",
    )  # fmt: skip


def _bar(visit: Visit, row: Row, slot: tuple[float, float], top: int) -> Bar:
    details = f"{clock(visit.start)}, {visit.patient}, {visit.visit_type}: {_minutes(row)}; request {visit.request}"
    return Bar(*slot, _part(row[MEAN], top), _part(row[P90], top), details)


def _minutes(row: Row) -> str:
    if row[MEAN] != row[MEAN]:
        return "nobody was seen"
    return f"{row[MEAN]:.1f} min, 9 in 10 at most {row[P90]:.1f}"


def _part(minutes: float, top: int) -> float | None:
    """Percent of the chart's height, None for NaN."""
    return round(100 * minutes / top, 2) if minutes == minutes else None


def _hours(stretch: _Stretch, longest: float) -> list[tuple[float, str, str]]:
    """Ticks at full hours, in a chart that is `longest` minutes wide."""
    hours = range(-(-stretch.first // 60), int(stretch.last // 60) + 1)
    step = next((step for step in _STEPS if 60 * step >= _APART * longest), 12)
    ticks = []
    for hour in hours:
        place = round(100 * (60 * hour - stretch.first) / longest, 2)
        side = "start" if place < _EDGE else "end" if place > 100 - _EDGE else "middle"
        ticks.append((place, side, clock(60 * hour, end=hour > 0)) if hour % step == 0 else (place, "", ""))
    return ticks
