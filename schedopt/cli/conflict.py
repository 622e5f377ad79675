"""``schedopt conflict``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, read_office_of
from schedopt.cli.planned import NOW
from schedopt.cli.speech import OfficeFolder, finite, long_date, parse_week, say, speaks_plainly

if TYPE_CHECKING:
    import pandas as pd


@speaks_plainly
def conflict(
    office: OfficeFolder,
    week: Annotated[
        dt.date,
        typer.Option(parser=parse_week, metavar="DATE", help="First day to plan, as 2026-11-30; usually a Monday."),
    ],
    now: Annotated[dt.datetime | None, NOW] = None,
    time_limit: Annotated[
        float,
        typer.Option(min=0.1, max=86_400, callback=finite, metavar="SECONDS", help="Seconds to search for at most."),
    ] = 30.0,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Say which fixed promises and rules contradict each other.

    Each conflict is as short as it can be: what is listed cannot all hold, and without any one of it, the others can.
    That was verified by solving again without each.

    Exit status: 0 all fixed promises can be kept; 1 some cannot (the conflicts are listed), or the time was over before
    that was known; 2 the office's data or the command has errors (they are listed).
    """
    problem = schedopt.assemble(read_office_of(office, lambda: week, actor), week, now)
    found = schedopt.conflict(problem, time_limit)
    promises = int(problem.week.requests.fixed.sum())
    say(f"{problem.office_name}, {problem.calendar.num_days} days from {long_date(problem.calendar.first)}")
    say(f"Fixed promises: {promises:,}, conflicts: {len(found):,}")
    for number, reasons in found.reasons.groupby("conflict"):
        say(f"\nConflict {number}: these cannot all hold.\n{_listed(reasons)}")
    if len(found):
        say("\nWithout any one of its reasons, each conflict is solved; so it was found when solving again.")
    if not found.complete:
        say("The time was over before every promise had been looked at.", error=True)
    if len(found) or not found.complete:
        raise typer.Exit(1)


def _listed(reasons: pd.DataFrame) -> str:
    """A line for each reason."""
    given_up = " (the one that planning gives up)"
    return "\n".join(f"  - {row.reason}{given_up if row.given_up else ''}" for row in reasons.itertuples())
