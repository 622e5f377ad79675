"""A schedule from a CSV file or a frame, ours or one made elsewhere, put on the sessions of a week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.errors import Fault, InputError
from schedopt.interop.cells import from_cell
from schedopt.models.clock import format_time
from schedopt.models.discretion import Discretion, most_letters
from schedopt.models.problem.due import NOT_DUE
from schedopt.models.problem.names import SESSION_HOURS
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week
from schedopt.models.table import Table
from schedopt.models.tables.fields import Date, IdList, Row, Text, TimeOfDay, Times, column
from schedopt.models.words import HIDDEN, meant, shown
from schedopt.office.read import read_table

COLUMNS = ["request", "rule", "source", "detail"]
_MOST_GUESSES = 20

Find = Callable[[str], int | None]


class Visit(Row):
    """A visit of a schedule; what else stands in its row is not looked at."""

    table_name: ClassVar[str] = "schedule"
    key: ClassVar[tuple[str, ...]] = ()
    passes_over: ClassVar[bool] = True

    request: Text = column("The request it answers.", example="R3")
    provider: Text = column("Who gives it.", example="DR1")
    date: Date = column("The day.", example="2026-12-01")
    start: TimeOfDay = column("Start of the provider step.", example="09:20", unit="HH:MM")
    steps: Times = column(
        "Start of every step in order; empty: without waits between them.", example="09:10; 09:20", default=(),
        unit="HH:MM",
    )  # fmt: skip
    others: IdList = column(
        "Providers who take part beside that one, in the order of the visit type's roles.", example="DR2; DR3",
        default=(),
    )  # fmt: skip


def read_schedule(problem: Problem, source: str | Path | pd.DataFrame) -> tuple[Schedule, pd.DataFrame]:
    """Read a schedule, ours or one made elsewhere, good or bad.

    Parameters
    ----------
    problem : Problem
        The week that the schedule is for.
    source : path or pandas.DataFrame
        A CSV file or a frame with the columns ``request``, ``provider``, ``date`` and ``start`` (HH:MM, provider
        step), and where wished ``steps`` (HH:MM;HH:MM, start of every step in order; without it the other steps lie
        right before and after) and ``others`` (ids of the providers who take part, in the order of the visit type's
        roles; without it nobody does). Further columns are not looked at.

    Returns
    -------
    Schedule
        Each visit in the session of its provider that holds its start, or else the nearest of the day; left out
        where there is none.
    pandas.DataFrame
        What no schedule can hold, a row each, as in :attr:`~schedopt.models.problem.check.Audit.breaches`: a request
        that stands there ``twice`` (the first counts) or is ``not_due`` in these days (passed over), a time off the
        ``grid`` (counted as the cell it lies in), and a start outside the provider's ``session_hours``.

    Raises
    ------
    InputError
        If it cannot be read; all faults at once.
    """
    table, faults = read_table(Visit, source)
    if table is None:
        raise InputError(faults)
    week, is_file = problem.week, not isinstance(source, pd.DataFrame)
    find_request = _finder(week.request_code, is_file)
    later = {one.request: code for code, one in enumerate(week.requests.not_due)}
    find_later = _finder(later, is_file)
    find_provider = _finder({name: code for code, name in enumerate(week.sessions.provider_ids)}, is_file)
    told = _discretion(week)
    find_any = _finder({**week.request_code, **later}, is_file)
    faults += _unknown(table, "request", find_any, week.requests.ids, "a request planned in these days", told)
    faults += _unknown(table, "provider", find_provider, week.sessions.provider_ids, "a provider of the office", told)
    faults += _wrong_others(table, week, find_request, find_provider, told)
    faults += [*_other_days(table, week, told), *_wrong_steps(table, week, find_request)]
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    schedule, found = _placed(table, week, find_request, find_provider)
    early = pd.DataFrame(_too_early(table, week, find_later), columns=COLUMNS)
    return schedule, pd.concat([found, early], ignore_index=True) if len(early) else found


def _too_early(table: Table, week: Week, find_later: Find) -> Iterator[tuple[str, str, str, str]]:
    """Visits of requests that are due only after the days planned."""
    for _, row in _visits(table):
        code = find_later(row.request)
        if code is not None:
            later = week.requests.not_due[code]
            yield later.request, NOT_DUE, "records", f"is {later.words}"


def schedule_dates(source: str | Path | pd.DataFrame) -> tuple[dt.date, ...]:
    """Every date of a schedule that can be read, sorted: to see which week it is for.

    Raises
    ------
    InputError
        If there are none because of faults.
    """
    table, faults = read_table(Visit, source)
    dates = () if table is None else tuple(sorted({date for _, date in table.values("date")}))
    if not dates and faults:
        raise InputError(faults)
    return dates


def _finder(codes: Mapping[str, int], is_file: bool) -> Find:
    """Looks ids up; those of a file may carry the apostrophe that keeps spreadsheets from running them."""
    if is_file:
        return lambda text: codes.get(from_cell(text), codes.get(text))
    return codes.get


def _discretion(week: Week) -> Discretion:
    """What messages about a schedule may show: ids of the week, and what is written as they are."""
    requests, sessions = week.requests, week.sessions
    ids = {
        *requests.ids,
        *(later.request for later in requests.not_due),
        *requests.patient_ids,
        *requests.visit_type_ids,
        *sessions.provider_ids,
        *sessions.site_ids,
    }
    years = week.calendar.first.year, week.calendar.date(week.calendar.num_days - 1).year
    columns = {"request": requests.ids, "provider": sessions.provider_ids, "others": sessions.provider_ids}
    written = {(Visit.table_name, name): most_letters(ids) for name, ids in columns.items()}
    return Discretion(
        ids=frozenset(ids), written={place: way for place, way in written.items() if way is not None},
        years={(Visit.table_name, "date"): years},
    )  # fmt: skip


def _told(told: Discretion, column: str, text: str) -> str:
    return shown(text) if told.is_id((Visit.table_name, column), from_cell(text)) else HIDDEN


def _unknown(
    table: Table, name: str, find: Find, known: Sequence[str], words: str, told: Discretion
) -> Iterator[Fault]:  # fmt: skip
    guesses = 0
    for number, text in table.values(name):
        if find(text) is None:
            guesses += 1
            guess = meant(text, known) if guesses <= _MOST_GUESSES else ""
            yield Fault(table.file, number, name, _told(told, name, text), f"expected {words}{guess}")


def _other_days(table: Table, week: Week, told: Discretion) -> Iterator[Fault]:
    calendar = week.calendar
    words = f"expected a day planned, {calendar.first} to {calendar.date(calendar.num_days - 1)}"
    for number, date in table.values("date"):
        if not calendar.covers(date):
            yield Fault(table.file, number, "date", told.shown(table, "date", str(date)), words)


def _wrong_steps(table: Table, week: Week, find: Find) -> Iterator[Fault]:
    for number, row in _visits(table):
        request = find(row.request)
        if request is None or not row.steps:
            continue
        head, tail, own = _steps_of(week, request)
        text = "; ".join(map(format_time, row.steps))
        if len(row.steps) != tail - head:
            name = week.requests.visit_type_ids[week.requests.visit_type[request]]
            words = f"expected {tail - head} times, one for each step of {name}, found {len(row.steps)}"
            yield Fault(table.file, number, "steps", shown(text), words)
        elif row.steps[own] != row.start:
            words = f"expected the provider step, time {own + 1} of these, to begin at start, {format_time(row.start)}"
            yield Fault(table.file, number, "steps", shown(text), words)


def _wrong_others(
    table: Table, week: Week, find: Find, find_provider: Find, told: Discretion
) -> Iterator[Fault]:  # fmt: skip
    for number, row in _visits(table):
        request = find(row.request)
        most = 0 if request is None else len(week.roles.of(request))
        if request is not None and len(row.others) > most:
            name = week.requests.visit_type_ids[week.requests.visit_type[request]]
            words = f"expected at most {most}, one for each role of {name}"
            yield Fault(table.file, number, "others", told.shown(table, "others", "; ".join(row.others)), words)
        for text in row.others:
            if find_provider(text) is None:
                words = f"expected a provider of the office{meant(text, week.sessions.provider_ids)}"
                yield Fault(table.file, number, "others", _told(told, "others", text), words)


def _visits(table: Table) -> Iterator[tuple[int, Visit]]:
    for number, row in zip(table.numbers, table.rows, strict=True):
        if isinstance(row, Visit):
            yield number, row


def _steps_of(week: Week, request: int) -> tuple[int, int, int]:
    """First step of a request, the one after its last, and the place of the provider step among them."""
    head, tail = int(week.steps.offset[request]), int(week.steps.offset[request + 1])
    return head, tail, int(week.steps.provider_step[request]) - head


def _placed(table: Table, week: Week, find_request: Find, find_provider: Find) -> tuple[Schedule, pd.DataFrame]:
    """The schedule of sound rows, and what is wrong with it that no schedule can hold."""
    calendar, steps = week.calendar, week.steps
    session, start = np.full(len(week.requests), -1, np.int64), np.zeros(len(week.requests), np.int64)
    given: dict[int, tuple[int, ...]] = {}
    named: dict[int, tuple[str, ...]] = {}
    first: dict[int, int] = {}
    found: list[tuple[str, str, str, str]] = []
    by_day = _sessions_by_day(week)
    for number, row in _visits(table):
        request, provider = find_request(row.request), find_provider(row.provider)
        if request is None or provider is None:
            continue
        above = first.setdefault(request, number)
        if above != number:
            words = f"stands in row {number} of {table.file} again, after row {above}; the first counts"
            found.append((week.requests.ids[request], "twice", "records", words))
            continue
        day = calendar.day(row.date)
        start[request], given[request], named[request] = calendar.cell(day, row.start), row.steps, row.others
        mine = by_day[provider, day]
        session[request] = _nearest(week, mine, int(start[request]))
        for rule, source, words in _oddities(week, row, provider, int(session[request])):
            found.append((week.requests.ids[request], rule, source, words))
    length = week.with_sessions(session).steps.length
    before = np.cumsum(length) - length
    own = steps.provider_step[steps.request]
    step_start = np.where(session[steps.request] >= 0, start[steps.request] + before - before[own], -1)
    for request, times in given.items():
        if times and session[request] >= 0:
            head, tail, place = _steps_of(week, request)
            step_start[head:tail] = _cells(week, int(start[request]), times, place)
    others = np.full((len(session), week.roles.most), -1)
    for request, names in named.items():
        for role, name in zip(week.roles.of(request), names, strict=False):
            cell, provider = int(step_start[week.roles.step[role]]), find_provider(name)
            mine = by_day[provider, cell // calendar.cells_per_day] if provider is not None else []
            others[request, week.roles.number[role]] = _nearest(week, mine, cell)
    return Schedule(session, step_start, others), pd.DataFrame(found, columns=COLUMNS)


def _sessions_by_day(week: Week) -> Mapping[tuple[int, int], list[int]]:
    by_day: dict[tuple[int, int], list[int]] = defaultdict(list)
    for code, key in enumerate(zip(week.sessions.provider.tolist(), week.sessions.day.tolist(), strict=True)):
        by_day[key].append(code)
    return by_day


def _nearest(week: Week, sessions: Sequence[int], cell: int) -> int:
    """The session that holds a cell, overtime included, or else the nearest; -1 where there is none."""
    return min(sessions, key=lambda s: (_cells_outside(week, s, cell), s), default=-1)


def _cells_outside(week: Week, session: int, cell: int) -> int:
    """Cells by which a start lies outside a session and its overtime."""
    last = int(week.sessions.end[session] + week.sessions.overtime[session]) - 1
    return max(0, int(week.sessions.start[session]) - cell, cell - last)


def _oddities(week: Week, row: Visit, provider: int, session: int) -> Iterator[tuple[str, str, str]]:
    """Rule, source and words for what is wrong with a visit's times."""
    calendar, name = week.calendar, week.sessions.provider_ids[provider]
    day = calendar.day(row.date)
    start = calendar.cell(day, row.start)
    closed = week.closures.why(provider, start, start + 1)
    off = [minutes for minutes in (row.start, *row.steps) if minutes % calendar.grid]
    if off:
        times = ", ".join(dict.fromkeys(map(format_time, off)))
        yield "grid", "records", f"begins at {times}: counted as the multiple of {calendar.grid} minutes before"
    date = f"{row.date:%a} {row.date.day} {row.date:%b}"
    if session < 0:
        yield SESSION_HOURS, "rosters", f"{name} has no session on {date}{closed}: counted as left out"
    elif _cells_outside(week, session, start):
        opens, closes = (
            calendar.clock(week.sessions.start[session]),
            calendar.clock(week.sessions.end[session], end=True),
        )
        near = f"counted to the session from {opens} to {closes}"
        when = f"{date} at {format_time(row.start)}{closed}"
        yield SESSION_HOURS, "rosters", f"{name} has no session on {when}: {near}"


def _cells(week: Week, start: int, times: Sequence[int], place: int) -> Ints:
    """Cells of the steps: each at the time given, on the day that brings it nearest to its neighbour.

    Parameters
    ----------
    week : Week
        The columns.
    start : int
        Cell of the provider step.
    times : sequence of int
        Minutes from midnight of every step.
    place : int
        The provider step's place among them.
    """
    per_day = week.calendar.cells_per_day
    cells = np.full(len(times), start, np.int64)
    for steps, towards in ((range(place + 1, len(times)), -1), (range(place - 1, -1, -1), 1)):
        for step in steps:
            near, cell = int(cells[step + towards]), week.calendar.cell(0, times[step])
            cells[step] = cell + round((near - cell) / per_day) * per_day
    return cells
