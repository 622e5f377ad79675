"""When an invented office's providers work: shifts, leave, closed days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import holidays
import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Ints
from schedopt.example.cells import frame_of
from schedopt.example.staff import PHYSICIAN, Staff
from schedopt.models.clock import MINUTES_PER_DAY, format_time
from schedopt.models.tables import Closure, Leave, Shift
from schedopt.models.tables.fields import WEEKDAYS

GRID = 5
DAYS = 7
CELLS = MINUTES_PER_DAY // GRID
FRIDAY, SATURDAY = 4, 5

Stretch = tuple[int, int]


@dataclass(frozen=True)
class Roster:
    """Working time of the seven days planned; P providers, 7 days, `CELLS` cells of `GRID` minutes.

    Attributes
    ----------
    open : ndarray of bool, shape (P, 7, CELLS)
        Whether the provider sees patients in this cell: within a shift, outside breaks and leave.
    site : ndarray of int, shape (P, 7)
        Where the provider is that day.
    """

    open: Flags
    site: Ints

    @property
    def minutes(self) -> Ints:
        """Session minutes of each provider, shape (P,)."""
        minutes: Ints = self.open.sum(axis=(1, 2)) * GRID
        return minutes


@dataclass(frozen=True, slots=True)
class _Shift:
    """A shift on one day planned, and how the table tells it."""

    provider: int
    site: int
    day: int
    start: int
    end: int
    pause: Stretch | None
    overtime: int | None
    dated: bool


def draw_roster(rng: np.random.Generator, staff: Staff, week: dt.date) -> tuple[Roster, dict[str, pd.DataFrame]]:
    """Invent the roster.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where chance comes from.
    staff : Staff
        The providers.
    week : datetime.date
        First day planned.

    Returns
    -------
    Roster
        Who sees patients when.
    dict of str to pandas.DataFrame
        Tables ``shifts``, ``leave`` and ``closures``.
    """
    closures = _closures(staff, week)
    closed = _closed(staff, week, closures)
    shifts = [
        shift
        for p in range(len(staff))
        for shift in _shifts_of(rng, staff, p, week)
        if not (shift.dated and closed[shift.site, shift.day])
    ]
    leave = list(_leave(rng, staff, week))
    frames = {
        "shifts": frame_of(Shift, [_shift_record(staff, shift, week) for shift in shifts]),
        "leave": frame_of(Leave, [_leave_record(staff, week, *row) for row in leave]),
        "closures": frame_of(Closure, closures),
    }
    return _paint(staff, shifts, closed, leave), frames


def _closures(staff: Staff, week: dt.date) -> list[dict[str, object]]:
    """A training day of the whole office in three weeks, and a plumber at the last of several sites on Friday."""
    rows: list[dict[str, object]] = [{"date": week + dt.timedelta(days=22), "reason": "staff training day"}]
    if len(staff.site_ids) > 1:
        friday = week + dt.timedelta(days=(FRIDAY - week.weekday()) % DAYS)
        rows.append({"site": staff.site_ids[-1], "date": friday, "reason": "water pipes being replaced"})
    return rows


def _closed(staff: Staff, week: dt.date, closures: list[dict[str, object]]) -> Flags:
    dates = [week + dt.timedelta(days=day) for day in range(DAYS)]
    public = holidays.country_holidays("US", years=sorted({date.year for date in dates}))
    closed = np.zeros((len(staff.site_ids), DAYS), bool)
    closed[:, [date in public for date in dates]] = True
    for row in closures:
        here = [row.get("site") in (None, site) for site in staff.site_ids]
        closed[np.ix_(here, [date == row["date"] for date in dates])] = True
    return closed


def _shifts_of(rng: np.random.Generator, staff: Staff, p: int, week: dt.date) -> Iterator[_Shift]:
    home, num_sites = int(staff.site[p]), len(staff.site_ids)
    num_days = 5 if rng.random() < 0.75 else int(rng.integers(3, 5))
    workdays = np.sort(rng.choice(5, num_days, replace=False)).tolist()
    away = set(rng.choice(workdays, 2, replace=False).tolist()) if num_sites > 1 and p % 7 == 6 else set()
    late_day = int(rng.choice(workdays)) if rng.random() < 0.35 else -1
    split_by_table = rng.random() < 0.65
    overtime = (None, 0, 20, 30)[rng.integers(4)]
    dated = p % 11 == 9
    for weekday in workdays:
        day = (weekday - week.weekday()) % DAYS
        site = (home + 1) % num_sites if weekday in away else home
        start, pause, end = (600, (840, 900), 1140) if weekday == late_day else (480, (720, 780), 1020)
        if split_by_table:
            yield _Shift(p, site, day, start, pause[0], None, overtime, dated)
            yield _Shift(p, site, day, pause[1], end, None, overtime, dated)
        else:
            yield _Shift(p, site, day, start, end, pause, overtime, dated)
    if staff.role[p] == PHYSICIAN and rng.random() < 0.15:
        yield _Shift(p, home, (SATURDAY - week.weekday()) % DAYS, 540, 720, None, 0, True)


def _shift_record(staff: Staff, shift: _Shift, week: dt.date) -> Mapping[str, object]:
    date = week + dt.timedelta(days=shift.day)
    since = week - dt.timedelta(weeks=8 + shift.provider % 40) if shift.provider % 3 == 0 else None
    return {
        "provider": staff.ids[shift.provider],
        "site": staff.site_ids[shift.site],
        "date": date if shift.dated else None,
        "weekday": None if shift.dated else WEEKDAYS[date.weekday()],
        "start": format_time(shift.start),
        "end": format_time(shift.end),
        "breaks": "-".join(map(format_time, shift.pause)) if shift.pause else None,
        "overtime": shift.overtime,
        "valid_from": None if shift.dated else since,
    }


def _leave(rng: np.random.Generator, staff: Staff, week: dt.date) -> Iterator[tuple[int, int, int, Stretch]]:
    """Provider, first and last day, and stretch of each day: some away for a day or two, some for two hours."""
    for p in range(len(staff)):
        first = int(rng.integers(0, 4))
        if p % 8 == 5:
            yield p, first, first + int(rng.integers(2)), (0, MINUTES_PER_DAY)
        elif p % 8 == 1:
            start = int(rng.choice((480, 780)))
            yield p, first, first, (start, start + 120)


def _leave_record(staff: Staff, week: dt.date, p: int, first: int, last: int, away: Stretch) -> Mapping[str, object]:
    whole = away == (0, MINUTES_PER_DAY)
    return {
        "provider": staff.ids[p],
        "first_day": week + dt.timedelta(days=first),
        "last_day": week + dt.timedelta(days=last),
        "start": None if whole else format_time(away[0]),
        "end": None if whole else format_time(away[1]),
    }


def _paint(staff: Staff, shifts: list[_Shift], closed: Flags, leave: list[tuple[int, int, int, Stretch]]) -> Roster:
    seeing = np.zeros((len(staff), DAYS, CELLS), bool)
    site = np.repeat(staff.site[:, None], DAYS, axis=1)
    for shift in shifts:
        if closed[shift.site, shift.day]:
            continue
        seeing[shift.provider, shift.day, shift.start // GRID : shift.end // GRID] = True
        if shift.pause:
            seeing[shift.provider, shift.day, shift.pause[0] // GRID : shift.pause[1] // GRID] = False
        site[shift.provider, shift.day] = shift.site
    for p, first, last, away in leave:
        seeing[p, first : last + 1, away[0] // GRID : away[1] // GRID] = False
    return Roster(seeing, site)
