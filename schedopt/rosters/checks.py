"""What must hold of pools, shifts and closed days whatever the week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterator

from schedopt.errors import Fault
from schedopt.models.clock import format_time
from schedopt.models.closed import Shut, closed_hours, holiday_fault, public_holidays
from schedopt.models.office import Holidays
from schedopt.models.problem.calendar import clock_fault, end_fault, span_fault
from schedopt.models.problem.spans import minus, overlaps
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.models.tables import Shift
from schedopt.models.words import HIDDEN
from schedopt.rosters.words import one_zone_words


def pools_once(reading: Reading) -> Iterator[Fault]:
    """A site has one pool of a kind."""
    first: dict[tuple[str, str], int] = {}
    for index, pool in enumerate(reading.office.pools or ()):
        above = first.setdefault((pool.site, pool.kind), index)
        if above != index:
            row = reading.row("pools", above)
            site = reading.named(pool.site)
            words = f"expected one pool of a kind at a site, {site} has one of this kind in row {row}"
            yield reading.fault("pools", index, "kind", pool.kind, words)


def holidays_known(reading: Reading) -> Iterator[Fault]:
    """The country and subdivision of office.toml have public holidays that are known."""
    holidays = reading.office.settings.holidays
    if holidays is not None and (found := holiday_fault(holidays)):
        key, words = found
        yield Fault(reading.origin.settings, None, f"holidays.{key}", HIDDEN, words)


def open_holidays_known(reading: Reading) -> Iterator[Fault]:
    """A day in open_holidays.csv is a public holiday by office.toml."""
    office, holidays = reading.office, _known_holidays(reading)
    if reading.settings is None or (holidays is None and office.settings.holidays is not None):
        return
    days = {row.date for row in office.open_holidays or ()}
    known = public_holidays(holidays, sorted({day.year for day in days})) if holidays is not None else {}
    words = "expected a public holiday" if known else "expected [holidays] in office.toml to name a country"
    for index, row in enumerate(office.open_holidays or ()):
        if row.date not in known:
            yield reading.fault("open_holidays", index, "date", row.date, words)


def _known_holidays(reading: Reading) -> Holidays | None:
    """The choice of public holidays, if there is one without fault."""
    holidays = reading.office.settings.holidays
    return None if holidays is None or holiday_fault(holidays) else holidays


def shifts_on_open_days(reading: Reading) -> Iterator[Fault]:
    """A shift on a date is on a day on which its site is open for some of its hours."""
    settings = reading.office.settings.model_copy(update={"holidays": _known_holidays(reading)})
    office = reading.office.model_copy(update={"settings": settings})
    shut: dict[dt.date, list[Shut]] = defaultdict(list)
    for year in sorted({shift.date.year for shift in office.shifts if shift.date is not None}):
        for one in closed_hours(office, dt.date(year, 1, 1), dt.date(year, 12, 31).timetuple().tm_yday):
            shut[one.date].append(one)
    for index, shift in enumerate(office.shifts):
        if shift.date is None:
            continue
        closed = [one for one in shut[shift.date] if one.meets(shift.site, shift.date)]
        if all(
            start >= end for start, end in minus((shift.start, shift.end), [(one.start, one.end) for one in closed])
        ):
            own = any(row.site in (None, shift.site) and row.date == shift.date for row in office.closures or ())
            why = f"closed: as {reading.origin.file('closures')} says" if own else closed[0].words
            words = f"expected a day on which {reading.named(shift.site)} is open in these hours, it is {why}"
            yield reading.fault("shifts", index, "date", shift.date, words)


def shifts_apart(reading: Reading) -> Iterator[Fault]:
    """No two shifts of a provider in a time zone, both on a date or both on a weekday, overlap on a day."""
    shifts, zones = reading.office.shifts, reading.office.zones

    def overlapping(one: Shift, other: Shift) -> bool:
        return zones.get(one.site) == zones.get(other.site) and one.meets(other)

    groups: dict[Hashable, list[tuple[int, int, int]]] = defaultdict(list)
    for index, shift in enumerate(shifts):
        groups[shift.provider, shift.date, shift.weekday].append((shift.start, shift.end, index))
    for spans in groups.values():
        for earlier, later in overlaps(spans, lambda one, two: overlapping(shifts[one], shifts[two])):
            row = reading.row("shifts", earlier)
            words = f"expected no overlap with the shift of the same provider in row {row}"
            yield reading.fault("shifts", later, "start", format_time(shifts[later].start), words)


def shifts_in_one_zone(reading: Reading) -> Iterator[Fault]:
    """No two shifts of a provider, both on a date or both on a weekday, are in two time zones on a day."""
    office, zones = reading.office, reading.office.zones
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, shift in enumerate(office.shifts if zones and _zones_known(reading) else ()):
        groups[shift.provider, shift.date, shift.weekday].append(index)
    for group in groups.values():
        for place, later in enumerate(group):
            shift = office.shifts[later]
            others = (k for k in group[:place] if zones.get(office.shifts[k].site) != zones.get(shift.site))
            earlier = next((k for k in others if office.shifts[k].meets(shift)), None)
            if earlier is not None:
                zone = zones.get(office.shifts[earlier].site, office.settings.zone).key
                words = one_zone_words(reading.row("shifts", earlier), zone)
                yield reading.fault("shifts", later, "site", shift.site, words)


def _zones_known(reading: Reading) -> bool:
    """Whether the time zone of every site could be read."""
    return reading.settings is not None and "sites" in reading.tables and not reading.tables["sites"].refused


def shifts_of_one_clock(reading: Reading) -> Iterator[Fault]:
    """The clocks do not change within a shift on a date."""
    if reading.settings is None:
        return
    zones = reading.office.zones
    for index, shift in enumerate(reading.office.shifts):
        date, zone = shift.date, zones.get(shift.site, reading.settings.zone)
        if date is None or clock_fault(zone, date, shift.start) or end_fault(zone, date, shift.end):
            continue
        words = span_fault(zone, date, shift.start, shift.end)
        if words is not None:
            yield reading.fault("shifts", index, None, None, words)


CHECKS: tuple[Check, ...] = (
    pools_once,
    holidays_known,
    open_holidays_known,
    shifts_on_open_days,
    shifts_apart,
    shifts_in_one_zone,
    shifts_of_one_clock,
)
