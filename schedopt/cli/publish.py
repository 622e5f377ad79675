"""``schedopt publish``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.planned import PLAN, expect_apart, read_said
from schedopt.cli.speech import OfficeFolder, long_date, parse_week, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.models.problem.names import PROMISES
from schedopt.writing import full_path, try_files

APPOINTMENTS = "appointments.csv"


@speaks_plainly
def publish(
    office: OfficeFolder,
    plan: Annotated[Path, PLAN],
    through: Annotated[
        dt.date,
        typer.Option(
            parser=parse_week, metavar="DATE",
            help="Last day published, as 2026-12-04: visits up to it are promised as fixed.",
        ),
    ],
    draft: Annotated[
        bool,
        typer.Option(
            "--draft/--no-draft",
            help="Promise visits of later days as movable, so that the next plan moves them only at a price; or not "
            "at all.",
        ),
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File to write, outside the folders of offices and plans; without it, appointments.csv in the "
            "office's folder.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Make a plan's visits appointments of the office, so that the next days can be planned after them.

    Rewrites appointments.csv: visits up to the last day published are fixed, later ones movable. Appointments of days
    that the plan does not reach stay. What has happened to the plan is written beside it: absences into leave.csv,
    closed pools into pool_closures.csv, cancelled requests into cancellations.csv. All files are written, or none.

    Exit status: 0 written; 1 the plan breaks rules of the office as it is now (they are listed), nothing is written;
    2 the office's data or the plan cannot be read, or a file cannot be written.
    """
    from schedopt.office import publish_schedule, write_appointments

    target = out or office / APPOINTMENTS
    if full_path(target, str(target)) != full_path(office / APPOINTMENTS, str(target)):
        expect_apart(target)
    read = schedopt.read_office(office)
    try_files([target])
    folder = read_said(read, plan)
    problem, schedule, found = folder.plan.problem, folder.plan.assignment, folder.found
    breaches = schedopt.check(problem, schedule).breaches
    wrong = [table for table in (found, breaches[breaches["rule"] != PROMISES]) if len(table)]
    if wrong:
        say("Nothing is written: the plan breaks rules of the office as it is now. Plan again.", error=True)
        for table in wrong:
            say(text_table(table, {"request": "request", "rule": "rule", "detail": "what is wrong"}), error=True)
        raise typer.Exit(1)
    published = publish_schedule(read, problem, schedule, through, draft=draft)
    *others, file = write_appointments(published, target, before=read)
    rows = published.appointments or ()
    names = {problem.week.requests.ids[r] for r in schedule.placed.tolist()}
    fixed = sum(row.request in names and row.date <= through for row in rows)
    drafts = sum(row.request in names and row.date > through for row in rows)
    say(f"Wrote {file}: appointments: {len(rows):,}")
    for other in others:
        say(f"Wrote {other}: what has happened to the plan")
    say(f"From the plan: visits published up to {long_date(through)}: {fixed:,}, draft visits: {drafts:,}")
