"""At which times a task can be at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.changes import Away, Change, Closed
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.week import ALL_UNITS, Week
from schedopt.operations.placing.values import Taken, Task

ALL_GOOD = 2**20
"""Further than any need."""


@dataclass(frozen=True)
class Starts:
    """Times at which a task can be; one entry a time, by date and start.

    Attributes
    ----------
    day : int array
        Days from the first day planned; later ones than those planned are priced by another.
    like : int array
        The planned day that it is, or that it is priced by.
    first, last : int array
        Cells from midnight: the first, and the one after the last.
    reason : str
        Where there is no time: why, in words.
    """

    day: Ints
    like: Ints
    first: Ints
    last: Ints
    reason: str = ""

    def __len__(self) -> int:
        return len(self.day)

    def take(self, rows: Ints | Flags) -> Starts:
        """Some of them."""
        return Starts(self.day[rows], self.like[rows], self.first[rows], self.last[rows], self.reason)

    def span(self, week: Week) -> tuple[Ints, Ints]:
        """First cell, and cell after the last, on the planned day."""
        midnight = self.like * week.calendar.cells_per_day
        return midnight + self.first, midnight + self.last


@dataclass
class Taking:
    """Who and what tasks have taken so far; the plan knows of planned days alone, and of nobody outside it.

    Attributes
    ----------
    names : dict
        By person or device: date and minutes from and until.
    units : dict
        By pool: date, minutes from and until, and units, on days after those planned.
    """

    names: dict[str, list[tuple[dt.date, int, int]]] = field(default_factory=dict)
    units: dict[str, list[tuple[dt.date, int, int, int]]] = field(default_factory=dict)

    def add(self, task: Task, date: dt.date, first: int, last: int, *, later: bool) -> None:
        """A task is placed, from and until these minutes of a day."""
        for name in task.names:
            self.names.setdefault(name, []).append((date, first, last))
        for taken in task.pools if later else ():
            units = ALL_UNITS if taken.units is None else taken.units
            self.units.setdefault(taken.pool, []).append((date, first, last, units))


def starts_of(plan: Plan, task: Task, taking: Taking, now: dt.datetime | None) -> Starts:
    """Every time at which a task can be on its days, or, where there is none, on late ones.

    Days after those planned are like those planned of the same weekday.
    """
    found_in_time = _starts_until(plan, task, taking, now)
    if len(found_in_time) or task.late is None or task.late <= task.last:
        return found_in_time
    return _starts_until(plan, replace(task, last=task.late), taking, now)


def _starts_until(plan: Plan, task: Task, taking: Taking, now: dt.datetime | None) -> Starts:
    found: list[Starts] = []
    stage = "no day from {0} to {1} is planned, nor after those planned on a weekday that is"
    reached = -1
    for day, likes in _days(plan, task):
        for like in likes:
            first, furthest, words = _starts_on(plan, task, taking, day, like, now)
            if furthest > reached:
                reached, stage = furthest, words
            size = len(first)
            cells = -(-task.minutes // plan.problem.calendar.grid)
            found.append(Starts(np.full(size, day), np.full(size, like), first, first + cells))
    none = np.zeros(0, np.int64)
    together = Starts(
        np.concatenate([none, *(part.day for part in found)]), np.concatenate([none, *(part.like for part in found)]),
        np.concatenate([none, *(part.first for part in found)]), np.concatenate([none, *(part.last for part in found)]),
        stage.format(task.first, task.last),
    )  # fmt: skip
    return together.take(np.lexsort((together.like, together.first, together.day)))


def changes_at(week: Week, task: Task, date: dt.date, span: tuple[int, int], like: int) -> tuple[Change, ...]:
    """What a task takes, as changes of a plan: on a date from and until cells of the day.

    Parameters
    ----------
    week : Week
        The plan's.
    task : Task
        What is placed.
    date : datetime.date
        The day.
    span : (int, int)
        First cell from midnight, and cell after the last.
    like : int
        Planned day that says who has sessions.
    """
    grid = dt.timedelta(minutes=week.calendar.grid)
    midnight = dt.datetime.combine(date, dt.time())
    start, end = midnight + span[0] * grid, midnight + span[1] * grid
    away = dict.fromkeys((*task.providers, *_there(week, task.sites, like, span)))
    whole = [Taken(pool, None) for pool, site in zip(week.pools.ids, week.pools.site.tolist(), strict=True)
             if week.sessions.site_ids[site] in task.sites]  # fmt: skip
    return (
        *(Away(provider, start, end) for provider in away),
        *(
            Closed(taken.pool, start, end, taken.units, None if taken.units is None else taken.taken_by or task.task)
            for taken in (*task.pools, *whole)
        ),
    )


def _there(week: Week, sites: Sequence[str], day: int, span: tuple[int, int]) -> Iterator[str]:
    """Providers with a session at some sites in a stretch of a day."""
    sessions, midnight = week.sessions, day * week.calendar.cells_per_day
    here = np.isin(sessions.site, [sessions.site_ids.index(site) for site in sites])
    meets = (sessions.start < midnight + span[1]) & (midnight + span[0] < sessions.end + sessions.overtime)
    for row in np.flatnonzero(here & meets).tolist():
        yield sessions.provider_ids[int(sessions.provider[row])]


def _days(plan: Plan, task: Task) -> Iterator[tuple[int, list[int]]]:
    """Each day of a task from the first one planned, and the planned days that say what it is like."""
    calendar = plan.problem.calendar
    for number in range(max(0, calendar.day(task.first)), calendar.day(task.last) + 1):
        date = calendar.date(number)
        if date.weekday() not in task.weekdays:
            continue
        if number < calendar.num_days:
            yield number, [number]
        else:
            alike = [day for day in range(calendar.num_days) if calendar.date(day).weekday() == date.weekday()]
            if alike:
                yield number, alike


def _starts_on(
    plan: Plan, task: Task, taking: Taking, day: int, like: int, now: dt.datetime | None
) -> tuple[Ints, int, str]:
    """First cells at which a task can begin on a day; how far the last of its needs to fail is, and that in words."""
    calendar = plan.problem.calendar
    cells = -(-task.minutes // calendar.grid)
    can = np.ones(max(0, calendar.cells_per_day - cells + 1), bool)
    for number, (fine, words) in enumerate(_needs(plan, task, taking, (day, like), now)):
        can &= _throughout(fine, cells)
        if not can.any():
            return np.zeros(0, np.int64), number, words
    return np.flatnonzero(can), ALL_GOOD, ""


def _throughout(fine: Flags, cells: int) -> Flags:
    """By first cell: whether so many cells are all fine."""
    bad = np.concatenate([[0], np.cumsum(~fine)])
    whole: Flags = bad[cells:] == bad[:-cells]
    return whole


def _needs(
    plan: Plan, task: Task, taking: Taking, when: tuple[int, int], now: dt.datetime | None
) -> Iterator[tuple[Flags, str]]:  # fmt: skip
    """What has to hold in each cell of a day for the task to be in it, and the reason if it is nowhere long enough."""
    week, calendar = plan.problem.week, plan.problem.calendar
    (day, like), days = when, "on any day from {0} to {1}"
    minutes, date = f"{task.minutes} minutes", calendar.date(day)
    yield _open(week, task, like), f"no {minutes} lie within its hours {days}"
    if now is not None:
        since = (now - dt.datetime.combine(date, dt.time())) / dt.timedelta(minutes=calendar.grid)
        yield np.arange(calendar.cells_per_day) >= since, f"its hours are over {days}"
    for provider in task.providers:
        yield _in_session(week, provider, like), f"{provider} has no {minutes} in one session {days}"
    for taken in task.pools:
        there = _units(plan, taken.pool, taking, (day, like))
        words = f"{taken.pool} has not enough units for {minutes} {days}"
        yield there >= (taken.units or 1), words
    for name in sorted(task.names):
        free = np.ones(calendar.cells_per_day, bool)
        for busy, first, last in taking.names.get(name, ()):
            if busy == date:
                free[first // calendar.grid : -(-last // calendar.grid)] = False
        yield free, f"{name.rpartition('/')[2]} is taken by other tasks {days}"


def _open(week: Week, task: Task, day: int) -> Flags:
    """The cells of the task's hours, or those between the first and the last session of its sites."""
    calendar = week.calendar
    fine = np.zeros(calendar.cells_per_day, bool)
    for start, end in task.hours:
        fine[-(-start // calendar.grid) : end // calendar.grid] = True
    if task.hours:
        return fine
    sessions, pools = week.sessions, week.pools
    sites = {sessions.site_ids.index(site) for site in task.sites}
    sites |= {int(pools.site[pools.ids.index(taken.pool)]) for taken in task.pools}
    mine = (sessions.day == day) & (np.isin(sessions.site, list(sites)) if sites else True)
    if mine.any():
        midnight = day * calendar.cells_per_day
        fine[max(0, int(sessions.start[mine].min()) - midnight) : int(sessions.end[mine].max()) - midnight] = True
    return fine


def _in_session(week: Week, provider: str, day: int) -> Flags:
    """The cells in which a provider has a session."""
    sessions, cells = week.sessions, week.calendar.cells_per_day
    fine = np.zeros(cells, bool)
    mine = (sessions.day == day) & (sessions.provider == sessions.provider_ids.index(provider))
    for start, end in zip(sessions.start[mine].tolist(), sessions.end[mine].tolist(), strict=True):
        fine[max(0, start - day * cells) : end - day * cells] = True
    return fine


def _units(plan: Plan, pool: str, taking: Taking, when: tuple[int, int]) -> Ints:
    """Units of a pool in each cell of a day; on later days all that are not taken by tasks."""
    pools, calendar = plan.problem.week.pools, plan.problem.calendar
    (day, like), code, cells = when, pools.ids.index(pool), calendar.cells_per_day
    if day == like:
        there: Ints = pools.available(calendar.num_cells)[code, day * cells : (day + 1) * cells]
        return there
    units = np.full(cells, int(pools.capacity[code]), np.int64)
    for date, first, last, taken in taking.units.get(pool, ()):
        if date == calendar.date(day):
            units[first // calendar.grid : -(-last // calendar.grid)] -= taken
    return units
