"""``schedopt publish``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.records import SCHEDULE, as_planned, read_record
from schedopt.cli.speech import OfficeFolder, long_date, parse_week, say, speaks_plainly
from schedopt.cli.tables import text_table

APPOINTMENTS = "appointments.csv"


@speaks_plainly
def publish(
    office: OfficeFolder,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Folder that 'schedopt plan' has written.")],
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
        typer.Option(metavar="FILE", help="File to write; without it, appointments.csv in the office's folder."),
    ] = None,
) -> None:  # fmt: skip
    """Make a plan's visits appointments of the office, so that the next days can be planned after them.

    Rewrites appointments.csv: visits up to the last day published are fixed, later ones movable. Appointments of days
    that the plan does not reach stay. The file is written as a whole or not at all.

    Exit status: 0 written; 1 the plan breaks rules of the office as it is now (they are listed), nothing is written;
    2 the office's data or the plan cannot be read, or the file cannot be written.
    """
    from schedopt.office import publish_schedule, write_appointments

    record = read_record(plan)
    read = schedopt.read_office(office)
    problem = schedopt.assemble(read, record.first)
    problem = as_planned(record, problem)
    schedule, found = schedopt.read_schedule(problem, plan / SCHEDULE)
    breaches = schedopt.check(problem, schedule).breaches
    wrong = [table for table in (found, breaches[breaches["rule"] != "promises"]) if len(table)]
    if wrong:
        say("Nothing is written: the plan breaks rules of the office as it is now. Plan again.", error=True)
        for table in wrong:
            say(text_table(table, {"request": "request", "rule": "rule", "detail": "what is wrong"}), error=True)
        raise typer.Exit(1)
    published = publish_schedule(read, problem, schedule, through, draft=draft)
    file = write_appointments(published, out or office / APPOINTMENTS)
    rows = published.appointments or ()
    names = {problem.week.requests.ids[r] for r in schedule.placed.tolist()}
    fixed = sum(row.request in names and row.date <= through for row in rows)
    drafts = sum(row.request in names and row.date > through for row in rows)
    say(f"Wrote {file}: appointments: {len(rows):,}")
    say(f"From the plan: visits published up to {long_date(through)}: {fixed:,}, draft visits: {drafts:,}")
