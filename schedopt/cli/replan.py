"""``schedopt replan``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import NOW, OUT, PLAN, errors_of_input, make_way, parse_stretch, read_planned
from schedopt.cli.speech import OfficeFolder, finite, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.errors import Fault, InputError
from schedopt.models.problem.changes import Change, faults_of

_WHEN = "@2026-11-30 for a whole day, or @2026-11-30T09:00/2026-11-30T12:00"

_CALLS = {
    "request": "request", "patient": "patient", "what": "what", "old_time": "was", "old_provider": "with",
    "new_time": "is now", "new_provider": "with", "arrive": "arrive", "reason": "why",
}  # fmt: skip


@speaks_plainly
def replan(
    office: OfficeFolder,
    plan: Annotated[Path, PLAN],
    out: Annotated[Path, OUT],
    away: Annotated[
        list[str] | None,
        typer.Option(metavar="PROVIDER@WHEN", help=f"A provider is away: DR1{_WHEN}. May be repeated."),
    ] = None,
    closed: Annotated[
        list[str] | None, typer.Option(metavar="POOL@WHEN", help=f"A pool is closed: ROOMS{_WHEN}. May be repeated.")
    ] = None,
    cancelled: Annotated[
        list[str] | None, typer.Option(metavar="REQUEST", help="A patient cancels. May be repeated.")
    ] = None,
    urgent: Annotated[
        list[str] | None,
        typer.Option(metavar="REQUEST", help="A request that was left out has to be placed. May be repeated."),
    ] = None,
    now: Annotated[dt.datetime | None, NOW] = None,
    time_limit: Annotated[
        float,
        typer.Option(min=0.1, max=3600, callback=finite, metavar="SECONDS", help="Seconds to search for, about."),
    ] = 3.0,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Repair a plan after something has happened, with as few calls as possible, and list whom to call.

    Points are those of office.toml for leaving visits out. The new plan keeps what has happened, and all commands know
    it; the office's tables learn it from 'schedopt publish'. Changes outside the days planned, or that contradict each
    other, are errors.

    Exit status: 0 repaired, and nobody lost a visit; 1 repaired, but visits are lost or urgent requests find no room
    (they are listed); 2 the office's data, the plan or a change cannot be used, nothing is written.
    """
    changes: list[Change] = [
        *(schedopt.Away(*parse_stretch(text)) for text in away or ()),
        *(schedopt.Closed(*parse_stretch(text)) for text in closed or ()),
        *(schedopt.Cancelled(text) for text in cancelled or ()),
        *(schedopt.Urgent(text) for text in urgent or ()),
    ]
    if not changes:
        expected = "expected a change: --away, --closed, --cancelled or --urgent"
        raise InputError([Fault("replan", None, None, None, expected)])
    make_way(out)
    planned = read_planned(read_office_of(office, first_day_of(plan), actor), plan)
    if faults := faults_of(planned.problem, changes):
        raise InputError([Fault("changes", None, None, None, fault) for fault in faults])
    with errors_of_input("PLAN"):
        repair = schedopt.replan(planned, changes, time_limit, now=now)
    schedopt.write_plan(repair.plan, out)
    proof = "proved the fewest" if repair.proven else "the fewest found"
    say(f"Visits moved: {repair.moved:,}, lost: {repair.lost:,} ({repair.lost_points:,} points), {proof}")
    say(f"Cost: {repair.plan.cost:,} points")
    if len(repair.calls):
        say(f"\nWhom to call:\n\n{text_table(repair.calls, _CALLS)}")
    if repair.lost or (repair.calls["what"] == "left out").any():
        raise typer.Exit(1)
