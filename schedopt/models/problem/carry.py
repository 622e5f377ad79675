"""Carry visits from one problem's schedule over to another's: by request, provider and time on the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Ints
from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.problem.calendar import clock
from schedopt.models.problem.names import PROMISES, SESSION_HOURS
from schedopt.models.problem.options import visits_as_options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import judge
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.models.problem.visits import Visit, visits_of
from schedopt.models.problem.week import Week

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
        several together may still break a coupling, which :func:`~schedopt.models.problem.check.check` says.
    lost : pandas.DataFrame
        One row a visit left behind, by date, start and provider: ``request``, ``provider`` (ids), ``date``
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
    return carry_visits(visits_of(source_problem.week, schedule), target_problem)


def carry_visits(visits: Sequence[Visit], target_problem: Problem) -> Carried:
    """The same, of visits as values.

    Parameters
    ----------
    visits : sequence of Visit
        Each of another request.
    target_problem : Problem
        Any.
    """
    target = target_problem.week
    moved, request, why = _moved(visits, target)
    broken = _first_rule_broken(target_problem, moved)
    broken |= dict.fromkeys(
        (r for r in moved.placed.tolist() if r in target_problem.barred),
        (PROMISES, "records", "the promised appointment cannot be kept"),
    )
    said = [reason or broken.get(r) for reason, r in zip(why, request.tolist(), strict=True)]
    lost = [
        (visit.request, visit.provider, visit.at(visit.start).date(), clock(visit.start), *reason)
        for visit, reason in zip(visits, said, strict=True)
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
    return _moved(visits_of(source, schedule), target)[0]


def _moved(visits: Sequence[Visit], target: Week) -> tuple[Schedule, Ints, list[Why | None]]:
    """The schedule in the target week; for every visit its request there, and what stood in its way, if anything."""
    request = _codes((visit.request for visit in visits), target.request_code)
    providers = {name: code for code, name in enumerate(target.sessions.provider_ids)}
    provider = _codes((visit.provider for visit in visits), providers)
    midnight = np.array([target.calendar.day(visit.date) * MINUTES_PER_DAY for visit in visits], np.int64)
    grid = target.calendar.grid
    start, rest = np.divmod(midnight + np.array([visit.start for visit in visits], np.int64), grid)
    session = _session_at(target, provider, start)
    why: list[Why | None] = [None] * len(visits)

    def closed(row: int) -> str:
        return target.closures.why(int(provider[row]), int(start[row]), int(start[row]) + 1)

    for fault, said in _obstacles(target, request, provider, start, rest == 0, session):
        for row in np.flatnonzero(fault).tolist():
            why[row] = why[row] or (*said[:2], said[2] + closed(row) if said[0] == SESSION_HOURS else said[2])
    schedule = nothing_placed(target)
    where, step_start, others = schedule.session, schedule.step_start, schedule.others
    for row, visit in enumerate(visits):
        if why[row] is None:
            code = int(request[row])
            where[code] = session[row]
            head, tail = int(target.steps.offset[code]), int(target.steps.offset[code + 1])
            step_start[head:tail] = _step_starts(visit, target, code, int(session[row]), int(midnight[row]))
            for role, name in zip(target.roles.of(code), visit.others, strict=False):
                who, cell = np.array([providers.get(name, -1)]), step_start[target.roles.step[role]]
                others[code, target.roles.number[role]] = _session_at(target, who, cell[None])[0]
    return schedule, request, why


def _codes(names: Iterable[str], code: Mapping[str, int]) -> Ints:
    """The target's code of every name, or -1."""
    return np.array([code.get(name, -1) for name in names], np.int64)


def _obstacles(
    target: Week, request: Ints, provider: Ints, start: Ints, on_grid: Flags, session: Ints
) -> Iterator[tuple[Flags, Why]]:
    """Which visits something stands in the way of before any rule is asked, and what."""
    beyond = (start < 0) | (start >= target.calendar.num_cells)
    yield request < 0, ("requests", "records", "the request is not planned in these days")
    yield beyond, ("days", "records", "the day is not among those planned")
    yield ~on_grid, ("grid", "records", "the time lies between the cells of the grid")
    yield provider < 0, ("providers", "rosters", "the provider is not of this office")
    yield session < 0, (SESSION_HOURS, "rosters", "the provider has no session then")


def _step_starts(visit: Visit, target: Week, request: int, session: int, midnight: int) -> Ints:
    """Cells in which the steps start: when they did, if they are the same steps; else without waits."""
    steps, grid = target.steps, target.calendar.grid
    head = int(steps.offset[request])
    length, own = target.step_lengths(request, session), int(steps.provider_step[request]) - head
    cells, rest = np.divmod(midnight + np.array(visit.steps, np.int64), grid)
    same = visit.provider_step == own and visit.minutes == tuple((length * grid).tolist())
    if same and not rest.any() and cells.min() >= 0:
        return cells
    before = np.cumsum(length) - length
    without_waits: Ints = (midnight + visit.start) // grid + before - before[own]
    return without_waits


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


def _first_rule_broken(problem: Problem, schedule: Schedule) -> dict[int, Why]:
    """For every request whose visit breaks a rule about single visits: name, source and reason of the first one."""
    visits = visits_as_options(problem.week, schedule)
    found: dict[int, Why] = {}
    for rule in problem.rules:
        fine, _ = judge(rule, visits, problem.week)
        for row in np.flatnonzero(~fine).tolist():
            if (code := int(visits.request[row])) not in found:
                found[code] = (rule.name, rule.source, rule.why(visits.take(np.array([row])), problem.week))
    return found
