"""What must hold of dates and times whatever the week: clocks that change, closed days, shifts that overlap."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache, partial

from schedopt.errors import Fault
from schedopt.models.calendar import clock_fault, span_fault
from schedopt.models.tables import Availability, PoolClosure, Preference, Shift
from schedopt.models.tables.fields import MINUTES_PER_DAY, format_time
from schedopt.office.reading import Reading
from schedopt.office.spans import overlaps
from schedopt.rosters.closures import closed_days, holiday_fault


def holidays_known(reading: Reading) -> Iterator[Fault]:
    """The country and subdivision of office.toml have public holidays that are known."""
    holidays = reading.office.settings.holidays
    if holidays is not None and (found := holiday_fault(holidays)):
        key, words = found
        yield Fault(reading.source.settings, None, f"holidays.{key}", getattr(holidays, key), words)


def shifts_on_open_days(reading: Reading) -> Iterator[Fault]:
    """A shift on a date is on a day on which its site is open."""
    office = reading.office
    if office.settings.holidays is not None and holiday_fault(office.settings.holidays):
        office = office.model_copy(update={"settings": office.settings.model_copy(update={"holidays": None})})
    years = sorted({shift.date.year for shift in office.shifts if shift.date is not None})
    closed: dict[tuple[str | None, dt.date], str] = {}
    for year in years:
        closed.update(closed_days(office, dt.date(year, 1, 1), dt.date(year, 12, 31).timetuple().tm_yday))
    for index, shift in enumerate(office.shifts):
        if shift.date is None:
            continue
        reason = closed.get((shift.site, shift.date), closed.get((None, shift.date)))
        if reason is not None:
            words = f"expected a day on which {shift.site} is open, it is closed: {reason}"
            yield reading.fault("shifts", index, "date", shift.date, words)


def shifts_apart(reading: Reading) -> Iterator[Fault]:
    """No two shifts of a provider, both on a date or both on a weekday, overlap."""
    shifts = reading.office.shifts
    groups: dict[Hashable, list[tuple[int, int, int]]] = defaultdict(list)
    for index, shift in enumerate(shifts):
        groups[shift.provider, shift.date, shift.weekday].append((shift.start, shift.end, index))
    for spans in groups.values():
        for earlier, later in overlaps(spans, lambda one, two: _share_a_day(shifts[one], shifts[two])):
            row = reading.row("shifts", earlier)
            words = f"expected no overlap with the shift of the same provider in row {row}"
            yield reading.fault("shifts", later, "start", format_time(shifts[later].start), words)


def _share_a_day(one: Shift, two: Shift) -> bool:
    if one.date is not None:
        return True
    first = max(one.valid_from or dt.date.min, two.valid_from or dt.date.min)
    last = min(one.valid_until or dt.date.max, two.valid_until or dt.date.max)
    return first <= last


def times_exist_once(reading: Reading) -> Iterator[Fault]:
    """A time on a date is one that the office's clocks show exactly once."""
    if reading.settings is None:
        return
    zone = reading.settings.zone
    clock = cache(partial(clock_fault, zone))
    for index, shift in enumerate(reading.office.shifts):
        if shift.date is None:
            continue
        found = list(_of_row(reading, "shifts", index, (shift.start, shift.end), shift.date, clock))
        words = span_fault(zone, shift.date, shift.start, shift.end)
        if words is not None and not found:
            found.append(reading.fault("shifts", index, None, None, words))
        yield from found
    for index, promised in enumerate(reading.office.appointments or ()):
        yield from _of_row(reading, "appointments", index, (promised.start,), promised.date, clock)
    office = reading.office
    stretches: tuple[tuple[str, Sequence[PoolClosure | Availability | Preference]], ...] = (
        ("pool_closures", office.pool_closures or ()),
        ("availability", office.availability or ()),
        ("preferences", office.preferences or ()),
    )
    for table, rows in stretches:
        for index, row in enumerate(rows):
            if row.date is not None:
                yield from _of_row(reading, table, index, (row.start, row.end), row.date, clock, midnight=True)


def _of_row(
    reading: Reading,
    table: str,
    index: int,
    times: tuple[int, ...],
    date: dt.date,
    clock: Callable[[dt.date, int], str | None],
    *,
    midnight: bool = False,
) -> Iterator[Fault]:
    """Faults of a row's start and end; with `midnight`, 00:00 and 24:00 mean the day's ends and are never wrong."""
    for column, minutes in zip(("start", "end"), times, strict=False):
        if midnight and minutes in (0, MINUTES_PER_DAY):
            continue
        words = clock(date, minutes)
        if words is not None:
            yield reading.fault(table, index, column, format_time(minutes), words)


CHECKS_OF_TIME: tuple[Callable[[Reading], Iterator[Fault]], ...] = (
    holidays_known,
    shifts_on_open_days,
    shifts_apart,
    times_exist_once,
)
