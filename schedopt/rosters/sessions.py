"""From shifts, breaks, leave and closed days to sessions."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from schedopt.errors import Fault
from schedopt.models.calendar import Calendar, clock_fault, span_fault
from schedopt.models.office import Office
from schedopt.models.spans import minus
from schedopt.models.tables import Shift
from schedopt.models.tables.fields import MINUTES_PER_DAY, format_time
from schedopt.models.week import Sessions
from schedopt.rosters.closures import closed_days


@dataclass(frozen=True)
class _Piece:
    """A stretch between breaks and absences; minutes from midnight of its date."""

    row: int
    shift: int
    provider: str
    site: str
    date: dt.date
    start: int
    end: int
    overtime: int


def make_sessions(office: Office, calendar: Calendar) -> tuple[Sessions, list[Fault]]:
    """Sessions of the days planned, by provider and time, and what is wrong with the shifts in these days.

    A shift becomes one session for each stretch between its breaks and its provider's leave. Weekly shifts do not
    take place on closed days. Overtime follows a shift's last stretch only, and ends at midnight, or where the
    provider's leave or next session starts.
    """
    closed = closed_days(office, calendar.first, calendar.num_days)
    faults: list[Fault] = []
    pieces: list[_Piece] = []
    for row, shift in enumerate(office.shifts):
        for date in _dates(shift, calendar):
            if (None, date) in closed or (shift.site, date) in closed:
                continue
            faults.extend(_clock_faults(calendar, row, shift, date))
            pieces.extend(_pieces(office, row, shift, date, len(pieces)))
    order = {p.provider: number for number, p in enumerate(office.providers)}
    pieces.sort(key=lambda p: (order[p.provider], p.date, p.start))
    faults.extend(_overlap_faults(office, pieces))
    return _columns(office, calendar, _without_overlapping_overtime(pieces)), faults


def _dates(shift: Shift, calendar: Calendar) -> Iterator[dt.date]:
    if shift.date is not None:
        if calendar.covers(shift.date):
            yield shift.date
        return
    for day in range(calendar.num_days):
        date = calendar.date(day)
        started = shift.valid_from is None or shift.valid_from <= date
        ended = shift.valid_until is not None and shift.valid_until < date
        if date.weekday() == shift.weekday and started and not ended:
            yield date


def _clock_faults(calendar: Calendar, row: int, shift: Shift, date: dt.date) -> Iterator[Fault]:
    for name, minutes in (("start", shift.start), ("end", shift.end)):
        if fault := clock_fault(calendar.zone, date, minutes):
            yield Fault("shifts.csv", row + 2, name, format_time(minutes), fault)
            return
    if fault := span_fault(calendar.zone, date, shift.start, shift.end):
        yield Fault("shifts.csv", row + 2, "start", format_time(shift.start), fault)


def _pieces(office: Office, row: int, shift: Shift, date: dt.date, number: int) -> Iterator[_Piece]:
    away = [
        (leave.start, leave.end)
        for leave in office.leave or ()
        if leave.provider == shift.provider and leave.first_day <= date <= leave.last_day
    ]
    grid = office.settings.grid_minutes
    overtime = office.settings.defaults.overtime if shift.overtime is None else shift.overtime
    for start, end in minus((shift.start, shift.end), [*shift.breaks, *away]):
        start, end = -(-start // grid) * grid, end // grid * grid
        if start < end:
            room = min([MINUTES_PER_DAY - end, *(first - end for first, _ in away if first >= end)])
            late = min(overtime, room) if end == shift.end else 0
            yield _Piece(row, number, shift.provider, shift.site, date, start, end, late)


def _neighbours(pieces: Sequence[_Piece]) -> Iterator[tuple[int, _Piece, _Piece]]:
    for number, (one, other) in enumerate(itertools.pairwise(pieces)):
        if one.provider == other.provider and one.date == other.date:
            yield number, one, other


def _overlap_faults(office: Office, pieces: Sequence[_Piece]) -> Iterator[Fault]:
    for _, one, other in _neighbours(pieces):
        if other.start < one.end:
            expected = f"expected no overlap with row {one.row + 2}, which is also on {one.date}"
            yield Fault("shifts.csv", other.row + 2, "start", format_time(office.shifts[other.row].start), expected)


def _without_overlapping_overtime(pieces: Sequence[_Piece]) -> list[_Piece]:
    clipped = list(pieces)
    for number, one, other in _neighbours(pieces):
        clipped[number] = replace(one, overtime=max(0, min(one.overtime, other.start - one.end)))
    return clipped


def _columns(office: Office, calendar: Calendar, pieces: Sequence[_Piece]) -> Sessions:
    providers = tuple(p.provider for p in office.providers)
    sites = site_ids(office)
    provider_code = {name: code for code, name in enumerate(providers)}
    site_code = {name: code for code, name in enumerate(sites)}
    day = [calendar.day(p.date) for p in pieces]
    return Sessions(
        ids=tuple(f"{p.provider} {p.date} {format_time(p.start)}" for p in pieces),
        provider=np.array([provider_code[p.provider] for p in pieces], np.int64),
        site=np.array([site_code[p.site] for p in pieces], np.int64),
        shift=np.array([p.shift for p in pieces], np.int64),
        day=np.array(day, np.int64),
        start=np.array([calendar.cell(d, p.start) for d, p in zip(day, pieces, strict=True)], np.int64),
        end=np.array([calendar.cell(d, p.end) for d, p in zip(day, pieces, strict=True)], np.int64),
        overtime=np.array([p.overtime // calendar.grid for p in pieces], np.int64),
        provider_ids=providers,
        site_ids=sites,
    )


def site_ids(office: Office) -> tuple[str, ...]:
    """All sites of an office, in the order of their table, or in that of the shifts without one."""
    named = [site.site for site in office.sites] if office.sites is not None else []
    return tuple(dict.fromkeys([*named, *(shift.site for shift in office.shifts)]))
