"""A device is out of order: whom that meets, and where they can go instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from schedopt.answers.desk import Desk, recommend
from schedopt.answers.replan.calls import NO_ROOM
from schedopt.errors import Fault, InputError
from schedopt.models.office import Office
from schedopt.models.problem.changes import Closed
from schedopt.models.problem.couplings.pools import pool_uses
from schedopt.models.problem.plan import Plan
from schedopt.models.words import meant, shown
from schedopt.operations.equipment.placed import closure_rows
from schedopt.operations.equipment.tables import Device
from schedopt.operations.placing.settling import Settled, settle

OUT_OF_ORDER = "out of order"
AFFECTED = (
    "request", "patient", "what", "old_time", "old_provider", "new_time", "new_provider", "other_times", "reason",
)  # fmt: skip
_OTHERS = 3


@dataclass(frozen=True)
class OutOfOrder:
    """A plan without a device.

    Attributes
    ----------
    change : Closed
        What is closed.
    using : int
        Planned visits that use the device's pool then; with more units, most of them can stay.
    affected : pandas.DataFrame
        One row a visit that is not as it was: ``request``, ``patient`` (ids), ``what`` (``moved``, ``lost`` or
        ``arrival``), ``old_time``, ``old_provider``, ``new_time``, ``new_provider``, ``other_times`` (words: the
        cheapest other times that are free in the new plan, with the points that each would cost more), ``reason``.
    after : Settled
        The repaired plan, and what it takes.
    closures : pandas.DataFrame
        Rows of ``pool_closures.csv``, as text.
    """

    change: Closed
    using: int
    affected: pd.DataFrame
    after: Settled
    closures: pd.DataFrame


def out_of_order(
    office: Office, plan: Plan, device: str, start: dt.datetime, end: dt.datetime, *, time_limit: float = 3.0
) -> OutOfOrder:
    """Take a device, or a whole pool, out of a plan, and repair the plan with the fewest calls.

    Parameters
    ----------
    office : Office
        Table ``devices``.
    plan : Plan
        A plan of it that breaks no rule.
    device : str
        Id of a device of a pool, or of a pool.
    start, end : datetime.datetime
        From when until when, as the site's clocks show it.
    time_limit : float
        As for :func:`schedopt.replan`.

    Raises
    ------
    InputError
        If there is no such device or pool, or no visit is planned on it.
    ValueError
        As :func:`schedopt.replan` does.
    """
    change = closing(office, device, start, end)
    after = settle(plan, [change], time_limit)
    week, calendar = plan.problem.week, plan.problem.calendar
    grid, midnight = dt.timedelta(minutes=calendar.grid), dt.datetime.combine(calendar.first, dt.time())
    step, pool, first, last = pool_uses(week, plan.assignment)
    mine = pool == week.pools.ids.index(change.pool)
    mine &= (first < (end - midnight) / grid) & ((start - midnight) / grid < last)
    using = len(set(week.steps.request[step[mine]].tolist()))
    return OutOfOrder(change, using, _affected(after), after, closure_rows(change, OUT_OF_ORDER))


def _affected(after: Settled) -> pd.DataFrame:
    """Whom to call, with other times."""
    calls, week, plan = after.repair.calls.astype(object), after.plan.problem.week, after.plan.assignment
    for request in after.placed:
        code, mine = week.request_code[request], calls["request"] == request
        session = int(plan.session[code])
        when = week.time_words(session, int(plan.start(week)[code]))
        provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
        reason = calls.loc[mine, "reason"].iloc[0].removesuffix(f"; {NO_ROOM}")
        calls.loc[mine, ["what", "new_time", "new_provider", "reason"]] = ["moved", when, provider, reason]
    others = _other_times(after.plan, calls["request"].tolist())
    return calls.assign(other_times=others)[list(AFFECTED)].astype("str")


def closing(office: Office, device: str, start: dt.datetime, end: dt.datetime) -> Closed:
    """What is closed where a device, or a pool, is out of order.

    Raises
    ------
    InputError
        If there is no such device or pool, or no visit is planned on it.
    """
    rows = {row.device: row for row in office.rows(Device) or ()}
    pools = [pool.pool for pool in office.pools or ()]
    if device in rows:
        pool = rows[device].pool
        if pool is None:
            raise InputError([Fault("devices", None, "pool", device, "expected a device of a pool: no visit is on it")])
        return Closed(pool, start, end, 1, device)
    if device not in pools:
        words = f"expected the id of a device or a pool{meant(device, [*rows, *pools])}"
        raise InputError([Fault("DEVICE", None, None, shown(device), words)])
    return Closed(device, start, end)


def _other_times(plan: Plan, requests: list[str]) -> list[str]:
    """By request, the cheapest other times."""
    if not requests:
        return []
    desk, found = Desk(plan), []
    for request in requests:
        slots = recommend(desk, request, _OTHERS).slots
        rows = slots[["date", "start", "provider", "points"]].itertuples(index=False)
        found.append(
            "; ".join(f"{date:%a} {date.day} {date:%b} {at} {who} ({cost:+,})" for date, at, who, cost in rows)
        )
    return found
