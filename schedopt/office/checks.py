"""What the columns ask for themselves, whatever the week: keys and references apart, which stand in ``keys``.

Each check looks at what could be read, and yields what is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from schedopt.errors import Fault
from schedopt.models.clock import MINUTES_PER_DAY, format_time
from schedopt.models.office import Section
from schedopt.models.problem.calendar import clock_fault, end_fault
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.models.table import Table
from schedopt.models.tables.fields import Row, note, noted


def lengths_on_grid(reading: Reading) -> Iterator[Fault]:
    """Every length and start is a multiple of `grid_minutes`."""
    settings = reading.settings
    if settings is None:
        return
    grid = settings.grid_minutes
    words = f"expected a multiple of {grid} minutes, the grid_minutes of {reading.origin.settings}"
    for name, section in settings:
        for key in noted(type(section), "on_grid") if isinstance(section, Section) else ():
            if (minutes := getattr(section, key)) is not None and minutes % grid:
                yield Fault(reading.origin.settings, None, f"{name}.{key}", str(minutes), words)
    for table in reading.tables.values():
        for column in noted(table.row_class, "on_grid"):
            yield from _off_grid(reading, table, column, grid, words)


def _off_grid(reading: Reading, table: Table, column: str, grid: int, words: str) -> Iterator[Fault]:
    unit = note(table.row_class.model_fields[column], "unit") or ""
    text = format_time if unit.startswith("HH:MM") else str
    for number, value in table.values(column):
        spans = _spans(value)
        if any(minutes % grid for span in spans for minutes in span):
            shown = "; ".join(_shown(span, text) for span in spans)
            yield reading.fault_in(table, number, column, shown, words)


def _shown(span: tuple[int, ...], text: Callable[[int], str]) -> str:
    """A number, time, span, or span and minutes, as it stands in a cell."""
    return " ".join(["-".join(map(text, span[:2])), *map(str, span[2:])])


def _spans(value: Any) -> tuple[tuple[int, ...], ...]:
    """The minutes in a cell: one number, or those of each span or time of a list."""
    if value is None:
        return ()
    items = value if isinstance(value, tuple) else (value,)
    return tuple(item if isinstance(item, tuple) else (item,) for item in items)


def times_exist_once(reading: Reading) -> Iterator[Fault]:
    """A time on a date is one that the site's clocks show exactly once; a stretch may end where they jump forward."""
    if reading.settings is None:
        return
    at, until = cache(clock_fault), cache(end_fault)
    for table in reading.tables.values():
        days = noted(table.row_class, "of_day")
        dated = {day: list(_dated(table, day)) for day in days.values()}
        zones_of = _zones_of(reading, table)
        for column, day in days.items():
            field = table.row_class.model_fields[column]
            ends, clock = (0, MINUTES_PER_DAY) if note(field, "whole_day") else (), until if note(field, "ends") else at
            for number, row, date in dated[day]:
                minutes: int | None = getattr(row, column)
                if minutes is None or minutes in ends:
                    continue
                zones, each = zones_of(row)
                found = [words for zone in zones if (words := clock(zone, date, minutes)) is not None]
                if found and (each or len(found) == len(zones)):
                    yield reading.fault_in(table, number, column, format_time(minutes), found[0])


def _zones_of(reading: Reading, table: Table) -> Callable[[Row], tuple[Sequence[ZoneInfo], bool]]:
    """For a row, the time zones that its times may be in, and whether each counts.

    That is the zone of the site that the row names, or that what it refers to names, such as a pool. A row that could
    name a site, and does not, is about all sites; of any other, the time has to be right in one of the zones.
    """
    usual, zones = reading.office.settings.zone, reading.office.zones
    every = tuple({zone.key: zone for zone in (usual, *zones.values())}.values())
    refers = noted(table.row_class, "references")
    own = next((column for column, target in refers.items() if target == "sites"), None)
    homes = {} if own else {column: _homes(reading, target) for column, target in refers.items()}

    def of(row: Row) -> tuple[Sequence[ZoneInfo], bool]:
        sites = [getattr(row, own)] if own else [home.get(getattr(row, column)) for column, home in homes.items()]
        named = next((site for site in sites if site is not None), None)
        return (every, own is not None) if named is None else ((zones.get(named, usual),), True)

    return of


def _homes(reading: Reading, target: str) -> dict[Hashable, str]:
    """The sites that rows of a table name, by the rows' key."""
    table = reading.tables.get(target)
    refers = {} if table is None else noted(table.row_class, "references")
    column = next((name for name, home in refers.items() if home == "sites"), None)
    if table is None or column is None:
        return {}
    (key,) = table.row_class.key
    return {getattr(row, key): getattr(row, column) for row in table.rows}


def _dated(table: Table, day: str) -> Iterator[tuple[int, Row, dt.date]]:
    """The sound rows of a table whose date is filled, with number and date."""
    for number, row in zip(table.numbers, table.rows, strict=True):
        date: dt.date | None = getattr(row, day)
        if date is not None:
            yield number, row, date


CHECKS: tuple[Check, ...] = (lengths_on_grid, times_exist_once)
