"""What is due, placed where the plan loses fewest points, as closures with their reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from schedopt.models.clock import format_time
from schedopt.models.office import Office
from schedopt.models.problem.changes import Closed
from schedopt.models.problem.plan import Plan
from schedopt.operations.equipment.due import WEEKS, Due, dues
from schedopt.operations.placing import Placed, Taken, Task, place

CLOSURES = ("pool", "date", "start", "end", "reason", "units", "taken_by")
"""Columns of ``pool_closures.csv``."""
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class PlacedMaintenance:
    """Where maintenance has been placed.

    Attributes
    ----------
    placed : Placed
        As :func:`~schedopt.operations.placing.place` found it; tasks are named by task and device or pool.
    closures : pandas.DataFrame
        Rows of ``pool_closures.csv``, as text: ``pool``, ``date``, ``start``, ``end``, ``reason``, ``units``,
        ``taken_by``.
    """

    placed: Placed
    closures: pd.DataFrame


def place_maintenance(
    office: Office, plan: Plan, day: dt.date, *, weeks: int = WEEKS, history: pd.DataFrame | None = None,
    time_limit: float = 1.0,
) -> PlacedMaintenance:  # fmt: skip
    """Put what is overdue, or due within some weeks, at the times at which the plan loses fewest points.

    What is overdue is put within its window from today, all else within the window before it is due, or, where that
    cannot be, within the window after.

    Parameters
    ----------
    office : Office
        Tables ``devices`` and ``maintenance``.
    plan : Plan
        A plan of it that breaks no rule.
    day : datetime.date
        Today.
    weeks : int
        How far to look ahead.
    history : pandas.DataFrame, optional
        As for :func:`~schedopt.operations.equipment.due.maintenance_due`.
    time_limit : float
        Seconds of counted work for one exact price.
    """
    wanted = [due for due in dues(office, day, plan, history) if due.state(day, weeks) != "later"]
    wanted.sort(key=lambda due: (due.due or day, due.row.task, due.row.what))
    known = set(plan.problem.week.pools.ids)
    can = [due for due in wanted if due.pool is None or due.pool in known]
    tasks = [task_of(due, max(day, plan.problem.calendar.first)) for due in can]
    placed = place(plan, tasks, time_limit=time_limit)
    cannot = [
        (_name(due), due.row.what, f"{due.pool} is at no site of the days planned") for due in wanted if due not in can
    ]
    unplaced = pd.concat([placed.unplaced, pd.DataFrame(cannot, columns=placed.unplaced.columns)], ignore_index=True)
    placed = Placed(placed.placements, unplaced, placed.changes, placed.later, placed.plan)
    return PlacedMaintenance(placed, _closures(placed, tasks))


def _closures(placed: Placed, tasks: Sequence[Task]) -> pd.DataFrame:
    """What placements take, as rows of ``pool_closures.csv``."""
    known = {task.task: task for task in tasks}
    rows = []
    for name, date, start, end in placed.placements[["task", "date", "start", "end"]].itertuples(index=False):
        for taken in known[name].pools:
            units = "" if taken.units is None else str(taken.units)
            rows.append((taken.pool, date.isoformat(), start, end, known[name].reason, units, taken.taken_by or ""))
    return pd.DataFrame(rows, columns=list(CLOSURES), dtype="str")


def task_of(due: Due, first: dt.date) -> Task:
    """What is to be placed: from a day on, within the window before it is due, or as many days after."""
    row, window = due.row, dt.timedelta(days=due.row.window_days)
    when = max(due.due or first, first) if due.due is None or due.due >= first else first + window
    pools = () if due.pool is None else (Taken(due.pool, 1, row.device) if row.device else Taken(due.pool, None),)
    who = [row.done_by] if row.done_by else []
    if due.pool is None:
        who.append(row.what)
    return Task(
        _name(due), row.minutes, max(first, when - window), when, row.task, pools=pools, who=tuple(who),
        hours=row.hours, late=when + window,
    )  # fmt: skip


def _name(due: Due) -> str:
    return f"{due.row.task} {due.row.what}"


def closure_rows(closed: Closed, reason: str) -> pd.DataFrame:
    """A closed pool as rows of ``pool_closures.csv``, one a day."""
    units, taken_by = "" if closed.units is None else str(closed.units), closed.taken_by or ""
    rows = [
        (closed.pool, date.isoformat(), start, end, reason, units, taken_by)
        for date, start, end in days_of(closed.start, closed.end)
    ]
    return pd.DataFrame(rows, columns=list(CLOSURES), dtype="str")


def days_of(start: dt.datetime, end: dt.datetime) -> list[tuple[dt.date, str, str]]:
    """Each day of a stretch, with HH:MM from and until which it lasts."""
    found, midnight = [], dt.datetime.combine(start.date(), dt.time())
    while midnight < end:
        following = midnight + dt.timedelta(days=1)
        first, last = max(start, midnight) - midnight, min(end, following) - midnight
        found.append((midnight.date(), format_time(first // MINUTE), format_time(last // MINUTE)))
        midnight = following
    return found
