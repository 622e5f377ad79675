"""What the columns ask for themselves, whatever the week: keys and references apart, which stand in ``keys``.

Each check looks at what could be read, and yields what is wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

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
    """A time on a date is one that the office's clocks show exactly once; a stretch may end where they jump forward."""
    if reading.settings is None:
        return
    at, until = (cache(partial(fault, reading.settings.zone)) for fault in (clock_fault, end_fault))
    for table in reading.tables.values():
        days = noted(table.row_class, "of_day")
        dated = {day: list(_dated(table, day)) for day in days.values()}
        for column, day in days.items():
            field = table.row_class.model_fields[column]
            ends, clock = (0, MINUTES_PER_DAY) if note(field, "whole_day") else (), until if note(field, "ends") else at
            for number, row, date in dated[day]:
                minutes: int | None = getattr(row, column)
                words = None if minutes is None or minutes in ends else clock(date, minutes)
                if minutes is not None and words is not None:
                    yield reading.fault_in(table, number, column, format_time(minutes), words)


def _dated(table: Table, day: str) -> Iterator[tuple[int, Row, dt.date]]:
    """The sound rows of a table whose date is filled, with number and date."""
    for number, row in zip(table.numbers, table.rows, strict=True):
        date: dt.date | None = getattr(row, day)
        if date is not None:
            yield number, row, date


CHECKS: tuple[Check, ...] = (lengths_on_grid, times_exist_once)
