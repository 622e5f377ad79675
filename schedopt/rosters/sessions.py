"""From shifts, breaks, leave and closed days to sessions."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from schedopt.errors import Fault
from schedopt.models.clock import MINUTES_PER_DAY, format_time
from schedopt.models.closed import Shut, closed_hours, site_ids
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar, clock_fault, end_fault, moment, span_fault
from schedopt.models.problem.sessions import Closures, Sessions
from schedopt.models.problem.spans import minus
from schedopt.models.tables import Shift
from schedopt.rosters.words import one_zone_words


@dataclass(frozen=True)
class _Stretch:
    """A stretch between breaks, absences and closures; minutes from midnight of its date."""

    row: int
    shift: int
    provider: str
    site: str
    date: dt.date
    start: int
    end: int
    overtime: int


def make_sessions(office: Office, calendar: Calendar) -> tuple[Sessions, Closures, list[Fault]]:
    """Sessions of the days planned, by provider and time, what closures take, and what is wrong with the shifts.

    A shift becomes one session for each stretch between its breaks, its provider's leave and its site's closures.
    Overtime follows a shift's last stretch only, and ends at midnight, or where the provider's leave or next session or
    a closure of the site starts. Times are those of the site's clocks.
    """
    shut = closed_hours(office, calendar.first, calendar.num_days)
    faults: list[Fault] = []
    pieces: list[_Stretch] = []
    missing: list[tuple[_Stretch, Shut]] = []
    for row, shift in enumerate(office.shifts):
        for date in filter(shift.falls_on, calendar.dates):
            closed = [stretch for stretch in shut if stretch.meets(shift.site, date)]
            number, away = len(pieces), _away(office, shift.provider, date)
            holes = [*away, *((one.start, one.end) for one in closed)]
            pieces.extend(_pieces(office, calendar, row, date, number, holes))
            missing.extend(_missing(office, row, date, away, closed))
            if len(pieces) > number or not closed:
                faults.extend(_clock_faults(calendar, row, shift, date))
    order = {p.provider: number for number, p in enumerate(office.providers)}
    pieces.sort(key=lambda p: (order[p.provider], p.date, p.start))
    missing.sort(key=lambda p: (order[p[0].provider], p[0].date, p[0].start))
    faults.extend(_overlap_faults(office, calendar, pieces))
    sessions = _columns(office, calendar, _without_overlapping_overtime(calendar, pieces))
    return sessions, _closures(office, calendar, shut, missing), faults


def _clock_faults(calendar: Calendar, row: int, shift: Shift, date: dt.date) -> Iterator[Fault]:
    zone = calendar.zone_at(shift.site)
    for name, minutes, fault_of in (("start", shift.start, clock_fault), ("end", shift.end, end_fault)):
        if fault := fault_of(zone, date, minutes):
            yield Fault("shifts.csv", row + 2, name, format_time(minutes), fault)
            return
    if fault := span_fault(zone, date, shift.start, shift.end):
        yield Fault("shifts.csv", row + 2, "start", format_time(shift.start), fault)


def _away(office: Office, provider: str, date: dt.date) -> list[tuple[int, int]]:
    """A provider's leave on a date."""
    return [
        (leave.start, leave.end)
        for leave in office.leave or ()
        if leave.provider == provider and leave.first_day <= date <= leave.last_day
    ]


def _pieces(
    office: Office, calendar: Calendar, row: int, date: dt.date, number: int, holes: Sequence[tuple[int, int]]
) -> Iterator[_Stretch]:  # fmt: skip
    """What breaks and holes, which are leave and closures, leave of a shift."""
    shift = office.shifts[row]
    zone = calendar.zone_at(shift.site)
    overtime = office.settings.defaults.overtime if shift.overtime is None else shift.overtime
    for span in minus((shift.start, shift.end), [*shift.breaks, *holes]):
        start, end = _on_grid(office, span)
        if start < end:
            room = min([MINUTES_PER_DAY - end, *(first - end for first, _ in holes if first >= end)])
            late = min(overtime, room) if end == shift.end else 0
            while late and span_fault(zone, date, start, end + late):
                late = max(0, late - office.settings.grid_minutes)  # until clocks change
            yield _Stretch(row, number, shift.provider, shift.site, date, start, end, late)


def _missing(
    office: Office, row: int, date: dt.date, away: Sequence[tuple[int, int]], closed: Sequence[Shut]
) -> Iterator[tuple[_Stretch, Shut]]:  # fmt: skip
    """What closures take of a shift, each stretch by the first that meets it."""
    shift = office.shifts[row]
    rest = list(minus((shift.start, shift.end), [*shift.breaks, *away]))
    for one in closed:
        for part in rest:
            start, end = _on_grid(office, (max(part[0], one.start), min(part[1], one.end)))
            if start < end:
                yield _Stretch(row, 0, shift.provider, shift.site, date, start, end, 0), one
        rest = [left for part in rest for left in minus(part, [(one.start, one.end)])]


def _on_grid(office: Office, span: tuple[int, int]) -> tuple[int, int]:
    """The whole cells in a span of minutes; maybe none."""
    grid = office.settings.grid_minutes
    return -(-span[0] // grid) * grid, span[1] // grid * grid


def _neighbours(calendar: Calendar, pieces: Sequence[_Stretch]) -> Iterator[tuple[int, _Stretch, _Stretch, int]]:
    """A provider's stretches one after the other, with position and the minutes between them.

    Stretches of two days count where they are in two time zones: a day there can begin before one here is over.
    """
    for number, (one, other) in enumerate(itertools.pairwise(pieces)):
        if one.provider == other.provider and one.date == other.date:
            yield number, one, other, other.start - one.end
        elif one.provider == other.provider and calendar.zone_at(one.site) != calendar.zone_at(other.site):
            end, start = moment(calendar.zone_at(one.site), one.date, one.end), other.start
            between = calendar.instant(moment(calendar.zone_at(other.site), other.date, start)) - calendar.instant(end)
            yield number, one, other, between


def _overlap_faults(office: Office, calendar: Calendar, pieces: Sequence[_Stretch]) -> Iterator[Fault]:
    for _, one, other, between in _neighbours(calendar, pieces):
        zones = [calendar.zone_at(stretch.site).key for stretch in (one, other)]
        if one.date == other.date and zones[0] != zones[1]:
            expected = one_zone_words(one.row + 2, zones[0])
            yield Fault("shifts.csv", other.row + 2, "site", other.site, expected)
        elif between < 0:
            also = "also on" if one.date == other.date else f"at {calendar.place_words(one.site)} on"
            expected = f"expected no overlap with row {one.row + 2}, which is {also} {one.date}"
            yield Fault("shifts.csv", other.row + 2, "start", format_time(office.shifts[other.row].start), expected)


def _without_overlapping_overtime(calendar: Calendar, pieces: Sequence[_Stretch]) -> list[_Stretch]:
    clipped = list(pieces)
    for number, one, _, between in _neighbours(calendar, pieces):
        room = max(0, between) // calendar.grid * calendar.grid
        clipped[number] = replace(one, overtime=min(one.overtime, room))
    return clipped


def _columns(office: Office, calendar: Calendar, pieces: Sequence[_Stretch]) -> Sessions:
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


def _closures(
    office: Office, calendar: Calendar, shut: Sequence[Shut], missing: Sequence[tuple[_Stretch, Shut]]
) -> Closures:  # fmt: skip
    """A row for each closure and site that it closes."""
    code = {site: number for number, site in enumerate(site_ids(office))}
    rows = [(code[site], one) for one in shut for site in code if one.site in (None, site)]
    place = {(site, one): number for number, (site, one) in enumerate(rows)}
    day = [calendar.day(one.date) for _, one in rows]
    return Closures(
        site=np.array([site for site, _ in rows], np.int64),
        start=np.array([calendar.cell(d, one.start) for d, (_, one) in zip(day, rows, strict=True)], np.int64),
        end=np.array([calendar.cell(d, one.end, up=True) for d, (_, one) in zip(day, rows, strict=True)], np.int64),
        words=tuple(one.words for _, one in rows),
        missing=_columns(office, calendar, [stretch for stretch, _ in missing]),
        closure=np.array([place[code[stretch.site], one] for stretch, one in missing], np.int64),
    )
