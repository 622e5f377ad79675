"""The only place where dates and times become grid cells, and cells become times again.

Inside, a moment is one integer: the grid cell counted from local midnight of the first day planned. Cells follow
the clock on the wall, so every day has the same number of them; :func:`clock_fault` keeps out the few times at
which the wall clock jumps. The wall is that of the site: 09:00 is the same cell of a day at each, whatever its zone.
What counts hours as they pass looks at instants.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from schedopt.models.clock import MINUTES_PER_DAY, format_time

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days planned, and the grid laid over them.

    Attributes
    ----------
    first : datetime.date
        The first day planned.
    num_days : int
        Days planned.
    grid : int
        Minutes of a cell; divides a day.
    zone : zoneinfo.ZoneInfo
        The office's time zone.
    zones : mapping of str to zoneinfo.ZoneInfo
        Those of the sites, by id, that are in another one.
    """

    first: dt.date
    num_days: int
    grid: int
    zone: ZoneInfo
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)

    def zone_at(self, site: str | None) -> ZoneInfo:
        """The time zone of a site's clocks, or (None) of the office's."""
        return self.zone if site is None else self.zones.get(site, self.zone)

    def place_words(self, site: str) -> str:
        """A site for people, with its time zone where not all sites have the office's."""
        return f"{site} ({self.zone_at(site).key})" if self.zones else site

    @property
    def cells_per_day(self) -> int:
        """Cells from midnight to midnight."""
        return MINUTES_PER_DAY // self.grid

    @property
    def num_cells(self) -> int:
        """Cells of the whole horizon."""
        return self.num_days * self.cells_per_day

    def day(self, date: dt.date) -> int:
        """Days from the first day planned; negative before it."""
        return (date - self.first).days

    def date(self, day: int) -> dt.date:
        """The date of a day counted from the first."""
        return self.first + dt.timedelta(days=int(day))

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The days planned."""
        return tuple(self.date(day) for day in range(self.num_days))

    def minutes_until(self, now: dt.datetime, hours: int, site: str | None = None) -> int:
        """Minutes on the clock from midnight of the first day to the moment some hours after another, rounded up.

        Parameters
        ----------
        now : datetime.datetime
            As the office's clocks show it, or with a time zone of its own.
        hours : int
            Counted as they pass, also where clocks change.
        site : str, optional
            Whose clock is meant; without it, the office's.
        """
        aware = now if now.tzinfo else now.replace(tzinfo=self.zone)
        passed = aware.astimezone(dt.UTC) + dt.timedelta(hours=hours)
        then = passed.astimezone(self.zone_at(site)).replace(tzinfo=None)
        return -((dt.datetime.combine(self.first, dt.time()) - then) // dt.timedelta(minutes=1))

    def instant(self, moment: dt.datetime) -> int:
        """Whole minutes from the beginning of 1970 (UTC) to a moment.

        Parameters
        ----------
        moment : datetime.datetime
            As the office's clocks show it, or with a time zone of its own.
        """
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return (aware.astimezone(dt.UTC) - _EPOCH) // dt.timedelta(minutes=1)

    def instant_of(self, cell: int, site: str | None = None) -> int:
        """The same for a cell of a site's clock, or of the office's."""
        return self.instant(moment(self.zone_at(site), self.date(self.day_of(cell)), self.minutes(cell)))

    def ahead(self, cell: int, site: str | None = None) -> int:
        """By how many minutes a site's clock is ahead of UTC in a cell."""
        offset = moment(self.zone_at(site), self.date(self.day_of(cell)), self.minutes(cell)).utcoffset()
        return (offset or dt.timedelta()) // dt.timedelta(minutes=1)

    def instant_words(self, instant: int, site: str | None = None) -> str:
        """An instant for people, as a site's clocks show it, or the office's."""
        return _words((_EPOCH + dt.timedelta(minutes=instant)).astimezone(self.zone_at(site)))

    def day_of(self, cell: int) -> int:
        """The day that a cell lies in."""
        return int(cell) // self.cells_per_day

    def covers(self, date: dt.date) -> bool:
        """Whether the date is planned."""
        return 0 <= self.day(date) < self.num_days

    def cell(self, day: int, minutes: int, *, up: bool = False) -> int:
        """The cell at so many minutes after midnight of a day; between cells, the one before, or with `up` after."""
        cells = -(-minutes // self.grid) if up else minutes // self.grid
        return day * self.cells_per_day + cells

    def minutes(self, cell: int) -> int:
        """Minutes after midnight of the cell's own day."""
        return int(cell) % self.cells_per_day * self.grid

    def clock(self, cell: int, *, end: bool = False) -> str:
        """``HH:MM`` of a cell; with `end`, midnight is ``24:00`` of the day that ends."""
        return clock(self.minutes(cell), end=end)

    def words(self, cell: int) -> str:
        """A moment for people, such as ``Mon 30 Nov 09:20``."""
        return _words(dt.datetime.combine(self.date(self.day_of(cell)), dt.time()), self.minutes(cell))


def _words(moment: dt.datetime, minutes: int = 0) -> str:
    moment += dt.timedelta(minutes=minutes)
    return f"{moment:%a} {moment.day} {moment:%b %H:%M}"


def clock(minutes: int, *, end: bool = False) -> str:
    """``HH:MM`` of minutes from any midnight; with `end`, midnight is ``24:00`` of the day that ends."""
    rest = minutes % MINUTES_PER_DAY
    return format_time(MINUTES_PER_DAY if end and rest == 0 else rest)


def moment(zone: ZoneInfo, date: dt.date, minutes: int) -> dt.datetime:
    """The aware datetime at so many minutes after local midnight; 1440 is midnight of the next day."""
    days, rest = divmod(minutes, MINUTES_PER_DAY)
    return dt.datetime.combine(date + dt.timedelta(days=days), dt.time(rest // 60, rest % 60), zone)


def clock_fault(zone: ZoneInfo, date: dt.date, minutes: int) -> str | None:
    """What is wrong with a local time: it does not exist, exists twice, or (None) nothing.

    Clocks that jump forward skip times; clocks that jump back show them twice.
    """
    local = moment(zone, date, minutes)
    if _is_skipped(local):
        return f"expected a time that exists: clocks change on {date} in {zone.key}"
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return f"expected a time that exists once: clocks change on {date} in {zone.key}"
    return None


def end_fault(zone: ZoneInfo, date: dt.date, minutes: int) -> str | None:
    """The same for the end of a stretch, which may be the instant at which clocks jump forward."""
    instant = _is_skipped(moment(zone, date, minutes)) and not _is_skipped(moment(zone, date, minutes - 1))
    return None if instant else clock_fault(zone, date, minutes)


def _is_skipped(local: dt.datetime) -> bool:
    back = local.astimezone(dt.UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) != local.replace(tzinfo=None)


def span_fault(zone: ZoneInfo, date: dt.date, start: int, end: int) -> str | None:
    """What is wrong with a stretch of a day for counting minutes in it: clocks change inside, or (None) nothing."""
    first, last = moment(zone, date, start), moment(zone, date, end - 1)
    if first.utcoffset() != last.utcoffset() or _is_skipped(last):
        return f"expected a stretch without a change of clocks in it (split it): clocks change on {date} in {zone.key}"
    return None
