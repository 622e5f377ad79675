"""Carry visits from one problem's schedule over to another's: by request, provider and time on the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.models.calendar import Calendar
from schedopt.models.options import visits_as_options
from schedopt.models.problem import Problem
from schedopt.models.rules import judge
from schedopt.models.schedule import Schedule
from schedopt.models.tables.fields import MINUTES_PER_DAY
from schedopt.models.week import Flags, Ints, Week

COLUMNS = ["request", "provider", "date", "start", "rule", "source", "reason"]

Why = tuple[str, str, str]
"""Name of what is in the way, its source, and its reason in words."""


@dataclass(frozen=True)
class Carried:
    """What became of a schedule in another problem.

    Attributes
    ----------
    schedule : Schedule
        Of the target problem: the visits that could be carried. Each of them keeps every rule about single visits;
        several together may still break a coupling, which :func:`~schedopt.models.check.check` says.
    lost : pandas.DataFrame
        One row a visit left behind, in the source's order: ``request``, ``provider`` (ids), ``date``
        (datetime.date), ``start`` (HH:MM, provider step), ``rule``, ``source``, ``reason`` (words) of the first thing
        in its way.
    """

    schedule: Schedule
    lost: pd.DataFrame


def carry(source_problem: Problem, schedule: Schedule, target_problem: Problem) -> Carried:
    """Put the visits of a schedule into another problem: same request, same provider, same time on the same day.

    The steps keep their times where the request has the same steps in both problems; otherwise they are put without
    waits around the provider step, which keeps its time.

    Parameters
    ----------
    source_problem : Problem
        What the schedule is of.
    schedule : Schedule
        Any schedule of it.
    target_problem : Problem
        Another week, another version of the same week, or the same; other first days, grids and tables are fine.

    Returns
    -------
    Carried
    """
    source, target = source_problem.week, target_problem.week
    moved, request, why = _moved(source, schedule, target)
    broken = _first_rule_broken(target_problem, moved)
    broken |= dict.fromkeys(
        (r for r in moved.placed.tolist() if r in target_problem.barred),
        ("promises", "records", "the promised appointment cannot be kept"),
    )
    said = [reason or broken.get(r) for reason, r in zip(why, request.tolist(), strict=True)]
    lost = [
        (*_names(source, schedule, r), *reason)
        for r, reason in zip(schedule.placed.tolist(), said, strict=True)
        if reason is not None
    ]
    return Carried(moved.without(target, np.array(list(broken), np.int64)), pd.DataFrame(lost, columns=COLUMNS))


def transfer(source: Week, schedule: Schedule, target: Week) -> Schedule:
    """The same visits in another week, no rule asked; those that it has no request, session or cell for are left out.

    Parameters
    ----------
    source : Week
        What the schedule is of.
    schedule : Schedule
        Any schedule of it.
    target : Week
        Another week, or another version of the same one.
    """
    return _moved(source, schedule, target)[0]


def _moved(source: Week, schedule: Schedule, target: Week) -> tuple[Schedule, Ints, list[Why | None]]:
    """The schedule in the target week; for every visit its request there, and what stood in its way, if anything."""
    placed = schedule.placed
    request = np.array([target.request_code.get(source.requests.ids[r], -1) for r in placed.tolist()], np.int64)
    provider = _provider_codes(source, target)[source.sessions.provider[schedule.session[placed]]]
    start, on_grid = _cells(schedule.start(source)[placed], source.calendar, target.calendar)
    session = _session_at(target, provider, start)
    why: list[Why | None] = [None] * len(placed)
    for fault, said in _obstacles(target, request, provider, start, on_grid, session):
        for row in np.flatnonzero(fault).tolist():
            why[row] = why[row] or said
    kept = np.array([row for row, said in enumerate(why) if said is None], np.int64)
    where = np.full(len(target.requests), -1, np.int64)
    where[request[kept]] = session[kept]
    steps = _step_starts(source, schedule, target, placed[kept], request[kept], start[kept])
    return Schedule(where, np.where(where[target.steps.request] >= 0, steps, -1)), request, why


def _obstacles(
    target: Week, request: Ints, provider: Ints, start: Ints, on_grid: Flags, session: Ints
) -> Iterator[tuple[Flags, Why]]:
    """Which visits something stands in the way of before any rule is asked, and what."""
    beyond = (start < 0) | (start >= target.calendar.num_cells)
    yield request < 0, ("requests", "records", "the request is not planned in these days")
    yield beyond, ("days", "records", "the day is not among those planned")
    yield ~on_grid, ("grid", "records", "the time lies between the cells of the grid")
    yield provider < 0, ("providers", "rosters", "the provider is not of this office")
    yield session < 0, ("session_hours", "rosters", "the provider has no session then")


def _provider_codes(source: Week, target: Week) -> Ints:
    """The target's code of every provider of the source, or -1."""
    code = {name: number for number, name in enumerate(target.sessions.provider_ids)}
    return np.array([code.get(name, -1) for name in source.sessions.provider_ids], np.int64)


def _cells(cells: Ints, source: Calendar, target: Calendar) -> tuple[Ints, Flags]:
    """The same moments in the target's cells, and whether they are multiples of its grid."""
    minutes = cells * source.grid + (source.first - target.first).days * MINUTES_PER_DAY
    return minutes // target.grid, minutes % target.grid == 0


def _session_at(week: Week, provider: Ints, cell: Ints) -> Ints:
    """The session of each provider that holds a cell, overtime included, or -1."""
    sessions, far = week.sessions, week.calendar.num_cells + 1
    if not len(sessions):
        return np.full(len(cell), -1, np.int64)
    key = sessions.provider * far + sessions.start
    order = np.argsort(key, kind="stable")
    inside = np.clip(cell, 0, far - 1)
    found = order[np.maximum(0, np.searchsorted(key[order], provider * far + inside, side="right") - 1)]
    holds = (
        (sessions.provider[found] == provider)
        & (sessions.start[found] <= cell)
        & (cell < sessions.end[found] + sessions.overtime[found])
    )
    return np.where(holds, found, -1)


def _step_starts(
    source: Week, schedule: Schedule, target: Week, placed: Ints, request: Ints, start: Ints
) -> Ints:  # fmt: skip
    """Start of every step of the target's requests, of use where they are among those carried."""
    steps = target.steps
    begin = np.zeros(len(target.requests), np.int64)
    begin[request] = start
    before = np.cumsum(steps.length) - steps.length
    starts: Ints = begin[steps.request] + before - before[steps.provider_step[steps.request]]
    row, there, here = _step_pairs(source, target, placed, request)
    cell, on_grid = _cells(schedule.step_start[there], source.calendar, target.calendar)
    same_length = source.steps.length[there] * source.calendar.grid == steps.length[here] * target.calendar.grid
    alike = np.ones(len(placed), bool)
    alike[row[~(on_grid & same_length & (schedule.step_start[there] >= 0))]] = False
    starts[here[alike[row]]] = cell[alike[row]]
    return starts


def _step_pairs(source: Week, target: Week, placed: Ints, request: Ints) -> tuple[Ints, Ints, Ints]:
    """Position in `placed`, step in the source and step in the target, for visits with as many steps in both."""
    first, count = source.steps.offset[placed], np.diff(source.steps.offset)[placed]
    head = target.steps.offset[request]
    own, other = source.steps.provider_step[placed] - first, target.steps.provider_step[request] - head
    row = np.flatnonzero((count == np.diff(target.steps.offset)[request]) & (own == other))
    counts = count[row]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    row = np.repeat(row, counts)
    return row, first[row] + within, head[row] + within


def _first_rule_broken(problem: Problem, schedule: Schedule) -> dict[int, Why]:
    """For every request whose visit breaks a rule about single visits: name, source and reason of the first one."""
    visits = visits_as_options(problem.week, schedule)
    found: dict[int, Why] = {}
    for rule in problem.rules:
        fine, _ = judge(rule, visits, problem.week)
        for code in visits.request[~fine].tolist():
            found.setdefault(code, (rule.name, rule.source, rule.reason))
    return found


def _names(week: Week, schedule: Schedule, request: int) -> tuple[object, ...]:
    """Request, provider, date and start of a visit, for people."""
    session, cell = int(schedule.session[request]), int(schedule.start(week)[request])
    provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
    calendar = week.calendar
    return week.requests.ids[request], provider, calendar.date(calendar.day_of(cell)), calendar.clock(cell)
