"""What the real week's benchmark prints, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from benchmarks.realweek.assembly import RealWeek
from benchmarks.realweek.departments import DEPARTMENTS
from benchmarks.realweek.notes import notes_table

if TYPE_CHECKING:
    from schedopt.models.problem.plan import Plan
    from schedopt.models.problem.problem import Problem

REASONS = 3


def week_lines(real: RealWeek) -> Iterator[str]:
    """What came in, what was left out, and the sizes of what was put together."""
    yield "Sources"
    notes = notes_table(real.notes)
    for source, rows in notes[notes["rows"] > 0].groupby("source", sort=False):
        yield f"  {source}"
        for kind, count, what in zip(rows["kind"], rows["rows"], rows["what"], strict=True):
            yield f"    {kind:8} {count:>7,}  {what}"
    yield ""
    yield f"Week of {real.week} ({real.settings.time_zone}), demand from {real.bookings.week}"
    yield from _indented(_departments(real))
    requests = real.frames["requests"]
    yield (
        f"  providers {real.roster.staff['provider'].nunique()} of {len(real.frames['providers'])} at work, "
        f"new {(requests['new'] == 'yes').mean():.0%}, same day {(requests['priority'] == 10).mean():.0%}, "
        f"within a week {(requests['priority'] == 3).mean():.0%}, routine {(requests['priority'] == 1).mean():.0%}, "
        f"wanted with another visit {requests['same_day_as'].notna().sum()}"
    )
    minutes = requests["minutes"]
    yield (
        f"  service time, minutes: measured mean {real.times.mean_raw_minutes:.1f}, "
        f"drawn on the grid {minutes.mean():.1f}, longest {minutes.max()}"
    )


def _departments(real: RealWeek) -> pd.DataFrame:
    """Supply and demand by department, and in all."""
    staff, drawn = real.roster.staff, real.demand.drawn
    table = pd.DataFrame(
        {
            "providers": staff.groupby("department")["provider"].nunique(),
            "sessions": staff.groupby("department").size(),
            "session_minutes": staff.groupby("department")["minutes"].sum(),
            "patients": drawn.groupby("department")["patient"].nunique(),
            "requests": drawn.groupby("department").size(),
            "requested_minutes": drawn.groupby("department")["minutes"].sum(),
        }
    ).reindex([department.code for department in DEPARTMENTS])
    table.loc["all"] = table.sum()
    table["load"] = (table["requested_minutes"] / table["session_minutes"]).round(3)
    return table


def problem_lines(problem: Problem) -> Iterator[str]:
    """The sizes of what is solved."""
    week = problem.week
    yield f"  requests {len(week.requests):,}, sessions {len(week.sessions):,}, options {len(problem.options):,}"


def plan_lines(plan: Plan) -> Iterator[str]:
    """What came out: cost by part, bound, gap and why requests were left out."""
    yield f"Plan: {plan.status} after {plan.seconds:.1f} s"
    yield from _indented(plan.costs.set_index("part"))
    yield f"  cost {plan.cost:,}, bound {plan.bound:,}, gap {plan.gap:.1%}"
    yield f"  placed {len(plan.schedule):,}, left out {len(plan.left_out):,}"
    for reason, count in plan.left_out["cause"].value_counts().head(REASONS).items():
        yield f"    {count:>5,}  {reason}"


def _indented(table: pd.DataFrame) -> Iterator[str]:
    for line in table.to_string().splitlines():
        yield f"  {line}"
