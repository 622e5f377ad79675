"""How full sessions and rooms are, by day: the tables of bars below the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from schedopt.models.problem.plan import Plan
from schedopt.report.figures import date_words, duration_words, rows
from schedopt.report.timetable import natural_order


@dataclass(frozen=True, slots=True)
class Load:
    """One bar: percent of the time that is used, and both times in words."""

    percent: int
    details: str


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A provider or pool, what is to be known about it, and its bar of each day (None: nothing to use)."""

    label: str
    note: str
    loads: Sequence[Load | None]


@dataclass(frozen=True, slots=True)
class LoadTable:
    """Loads of one week."""

    caption: str
    days: Sequence[str]
    rows: Sequence[LoadRow]


def session_load(plan: Plan, dates: Sequence[dt.date]) -> LoadTable:
    """Minutes with patients over session minutes, by provider and day."""
    sums: dict[str, dict[dt.date, tuple[int, int]]] = {}
    for use in plan.session_uses:
        if use.date in dates:
            days = sums.setdefault(use.provider, {})
            seen, regular = days.get(use.date, (0, 0))
            days[use.date] = (seen + use.seen_minutes, regular + use.regular_minutes)
    lines = [
        LoadRow(provider, "", [_load(*sums[provider][date]) if date in sums[provider] else None for date in dates])
        for provider in sorted(sums, key=natural_order)
    ]
    return LoadTable("Sessions: time with patients, of the session's time", [date_words(date) for date in dates], lines)


def pool_load(plan: Plan, dates: Sequence[dt.date]) -> LoadTable:
    """Minutes used over minutes open, by pool and day."""
    found: dict[str, dict[dt.date, Load]] = {}
    notes: dict[str, str] = {}
    for row in rows(plan.pools):
        if row["date"] in dates:
            load = _load(int(row["used_minutes"]), int(row["open_minutes"]))
            found.setdefault(row["pool"], {})[row["date"]] = load
            notes[row["pool"]] = f"{row['capacity']} × {row['kind']}, {row['site']}"
    pools = sorted(found, key=natural_order)
    lines = [LoadRow(pool, notes[pool], [found[pool].get(date) for date in dates]) for pool in pools]
    caption = "Rooms, devices and support staff: time used, of the time open"
    return LoadTable(caption, [date_words(date) for date in dates], lines)


def _load(used: int, whole: int) -> Load:
    percent = round(100 * used / whole) if whole else 0
    return Load(percent, f"{duration_words(used)} of {duration_words(whole)}")
