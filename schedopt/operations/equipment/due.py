"""When what has to be done to devices is due, by days or by uses, whichever comes first."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.models.office import Office
from schedopt.models.problem.couplings.pools import pool_usage, pool_uses
from schedopt.models.problem.plan import Plan
from schedopt.operations.equipment.tables import Device, Maintenance
from schedopt.operations.equipment.uses import Uses, uses_of

AHEAD = 366 * 3
"""Days for which uses are counted ahead."""
WEEKS = 8
"""Weeks ahead in which something counts as due."""
COLUMNS = (
    "task", "device", "pool", "site", "done_by", "minutes", "last_done", "uses", "due", "due_by", "state", "days_left",
    "visits", "visits_need", "why",
)  # fmt: skip
_DAY = dt.timedelta(days=1)
_STATES = ("overdue", "due", "later")


@dataclass(frozen=True)
class Due:
    """One thing to do, and when it is due.

    Attributes
    ----------
    row : Maintenance
        As the office says it.
    pool : str or None
        Pool that it is about, or is a unit of.
    uses : float
        Uses since it was done, until today.
    due : datetime.date or None
        None: not in sight.
    due_by : str
        ``days``, ``uses`` or ``never done``; empty where nothing is in sight.
    """

    row: Maintenance
    pool: str | None
    uses: float
    due: dt.date | None
    due_by: str

    def state(self, day: dt.date, weeks: int) -> str:
        """``overdue``, ``due`` (within so many weeks) or ``later``."""
        if self.due is None or self.due > day + dt.timedelta(weeks=weeks):
            return "later"
        return "overdue" if self.due < day else "due"


def maintenance_due(
    office: Office, day: dt.date, *, plan: Plan | None = None, weeks: int = WEEKS, history: pd.DataFrame | None = None
) -> pd.DataFrame:
    """What has to be done to devices and pools, what is overdue first.

    Parameters
    ----------
    office : Office
        Tables ``devices`` and ``maintenance``.
    day : datetime.date
        Today: what was due before it is overdue.
    plan : Plan, optional
        Counts uses, says how the weeks go on, and whether an overdue device is in planned visits.
    weeks : int
        What is due within so many weeks is due; all else is later.
    history : pandas.DataFrame, optional
        Visits held before: ``date``, ``site``, ``visit_type``; without it the office's appointments.

    Returns
    -------
    pandas.DataFrame
        One row a task: ``task``, ``device``, ``pool``, ``site``, ``done_by`` (ids, or empty), ``minutes``,
        ``last_done`` (datetime.date or None), ``uses`` (since then, until today; of one device), ``due`` (datetime.date
        or None), ``due_by`` (``days``, ``uses`` or ``never done``), ``state`` (``overdue``, ``due`` or ``later``),
        ``days_left`` (NaN where no due day is in sight), ``visits`` (planned visits that use its pool after the due
        day), ``visits_need`` (those at moments at which all other units are in use too), ``why`` (a sentence).
    """
    rows = []
    for due in dues(office, day, plan, history):
        state = due.state(day, weeks)
        visits, need = planned_after(plan, due) if plan is not None else (0, 0)
        left = math.nan if due.due is None else float((due.due - day).days)
        rows.append(
            (due.row.task, due.row.device or "", due.pool or "", _site(office, due.pool), due.row.done_by or "",
             due.row.minutes, due.row.last_done, round(due.uses, 1), due.due, due.due_by, state, left, visits, need,
             _why(due, left, need))
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"last_done": object, "due": object})
    order = table.assign(rank=table["state"].map(_STATES.index)).sort_values(["rank", "days_left", "task", "device"])
    return table.loc[order.index].reset_index(drop=True)


def dues(
    office: Office, day: dt.date, plan: Plan | None = None, history: pd.DataFrame | None = None
) -> Iterator[Due]:  # fmt: skip
    """Everything to do, with when it is due; devices that are out of use have nothing to be done."""
    devices = {device.device: device for device in office.rows(Device) or ()}
    units = {pool.pool: max(1, pool.capacity) for pool in office.pools or ()}
    uses = uses_of(office, day, plan, history)
    for row in office.rows(Maintenance) or ():
        device = devices.get(row.device) if row.device is not None else None
        if device is not None and not in_use(device, day):
            continue
        pool = device.pool if device is not None else row.pool
        share = 1 / units.get(pool or "", 1) if device is not None else 1.0
        begin = row.last_done or (device.in_use_from if device is not None else None)
        yield _due(row, pool, begin, day, (uses, share))


def in_use(device: Device, day: dt.date) -> bool:
    """Whether a device is in use on a day, or comes into use later."""
    return device.state == "in-use" and (device.in_use_until is None or device.in_use_until >= day)


def _due(
    row: Maintenance, pool: str | None, begin: dt.date | None, day: dt.date, counted: tuple[Uses, float]
) -> Due:  # fmt: skip
    """By days and by uses since a day, whichever comes first."""
    if begin is None:
        return Due(row, pool, 0.0, day, "never done")
    uses, share = counted
    first = max(begin + _DAY, uses.since) if uses.since is not None else begin + _DAY
    daily = share * uses.daily(pool, first, max(0, (day - first).days) + AHEAD) if pool else np.zeros(0)
    found = []
    if row.every_days is not None:
        found.append((begin + row.every_days * _DAY, "days"))
    if row.every_uses is not None and len(daily):
        reached = np.flatnonzero(np.cumsum(daily) >= row.every_uses - 1e-9)
        if len(reached):
            found.append((first + int(reached[0]) * _DAY, "uses"))
    due, by = min(found, default=(None, ""))
    return Due(row, pool, float(daily[: max(0, (day - first).days)].sum()), due, by)


def planned_after(plan: Plan, due: Due) -> tuple[int, int]:
    """Planned visits that use the pool after the due day; those that cannot be held without this unit."""
    week, calendar = plan.problem.week, plan.problem.calendar
    if due.due is None or due.pool not in week.pools.ids:
        return 0, 0
    code, midnight = week.pools.ids.index(due.pool), (calendar.day(due.due) + 1) * calendar.cells_per_day
    step, pool, start, end = pool_uses(week, plan.assignment)
    mine = (pool == code) & (start >= midnight)
    full = pool_usage(week, plan.assignment)[code] >= week.pools.available(calendar.num_cells)[code]
    before: Ints = np.concatenate([[0], np.cumsum(full)])
    need = mine & ((before[end] > before[start]) | (due.row.device is None))
    who = week.steps.request[step]
    return len(np.unique(who[mine])), len(np.unique(who[need]))


def _site(office: Office, pool: str | None) -> str:
    return next((row.site for row in office.pools or () if row.pool == pool), "")


def _why(due: Due, left: float, need: int) -> str:
    """A sentence."""
    row = due.row
    if due.due is None:
        return f"Fewer than {row.every_uses:,} uses are in sight."
    if due.due_by == "never done":
        return "It has never been done, as far as is known."
    since = f"since {row.last_done}" if row.last_done else "since it came into use"
    words = f"{row.every_days:,} days {since}" if due.due_by == "days" else f"{row.every_uses:,} uses {since}"
    words += f" are over on {due.due}."
    if left < 0:
        words = f"{words[:-1]}, {-left:,.0f} days ago."
    if need:
        words += f" {need:,} planned visit{'' if need == 1 else 's'} after that cannot be held without it."
    return words
