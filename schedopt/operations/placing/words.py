"""A placement as a row, and why it is where it is."""

from __future__ import annotations

import math

from schedopt.models.problem.plan import Plan
from schedopt.operations.placing.starts import Starts
from schedopt.operations.placing.values import Loss, Task


def row_of(plan: Plan, task: Task, starts: Starts, best: Loss, monday: Loss | None, why: str) -> tuple[object, ...]:
    """A row of placements."""
    calendar, number = plan.problem.calendar, best.number
    later = starts.day[number] >= calendar.num_days
    return (
        task.task, task.what, "; ".join(_sites(plan, task)), calendar.date(int(starts.day[number])),
        calendar.clock(int(starts.first[number])), calendar.clock(int(starts.last[number]), end=True), best.points,
        math.nan if monday is None else monday.points, best.moved, best.left_out, why,
        "usual load" if later else "plan",
    )  # fmt: skip


def _sites(plan: Plan, task: Task) -> list[str]:
    """Sites of the pools, and those that are closed."""
    week = plan.problem.week
    of_pools = [week.sessions.site_ids[int(week.pools.site[week.pools.ids.index(t.pool)])] for t in task.pools]
    return list(dict.fromkeys([*task.sites, *of_pools]))


def why_of(plan: Plan, starts: Starts, best: Loss, monday: Loss | None) -> str:
    """A sentence: what is lost, and what would be lost on the next free Monday."""
    words = "No visit needs the time."
    if best.moved or best.left_out or best.points:
        moved, left_out = _number(best.moved, "visit moves"), _number(best.left_out, "is left out", "are left out")
        words = f"The least found is {best.points:,.0f} points: {moved}, {left_out}."
    if monday is not None and monday.points > best.points:
        words += f" {_when(plan, starts, monday.number)}, the next free Monday, would lose {monday.points:,.0f} points."
    if starts.day[best.number] >= plan.problem.calendar.num_days:
        words += " The day is not planned yet: it is priced as the planned days of its weekday."
    return words


def _number(count: float, one: str, many: str | None = None) -> str:
    """Such as ``1 visit moves`` or ``2 visits move``; a mean with one decimal."""
    shown = f"{count:.1f}".removesuffix(".0")
    if many is not None:
        return f"{shown} {one if count == 1 else many}"
    return f"{shown} {one if count == 1 else one.replace('visit moves', 'visits move')}"


def _when(plan: Plan, starts: Starts, number: int) -> str:
    calendar = plan.problem.calendar
    return calendar.words(int(starts.day[number]) * calendar.cells_per_day + int(starts.first[number]))
