"""``schedopt publish``."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, is_store, opened
from schedopt.cli.planned import PLAN, errors_of_input, expect_apart, read_said
from schedopt.cli.speech import OfficeFolder, long_date, parse_week, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.errors import StoreError
from schedopt.models.problem.names import PROMISES
from schedopt.writing import full_path, try_files

if TYPE_CHECKING:
    from schedopt.folders import Folder

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
            "office's folder. Not for a store.",
        ),
    ] = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Make a plan's visits appointments of the office, so that the next days can be planned after them.

    Rewrites appointments.csv: visits up to the last day published are fixed, later ones movable. Appointments of days
    that the plan does not reach stay. What has happened to the plan is written beside it: absences into leave.csv,
    closed pools into pool_closures.csv, cancelled requests into cancellations.csv. All files are written, or none.

    In a store visits become bookings instead, and what has happened to the plan goes into its tables: all of it in one
    transaction.

    Exit status: 0 written; 1 the plan breaks rules of the office as it is now (they are listed), nothing is written;
    2 the office's data or the plan cannot be read, or a file cannot be written.
    """
    if is_store(office):
        _into_store(office, plan, through, draft, out, actor)
    else:
        _into_folder(office, plan, through, draft, out)


def _into_folder(office: Path, plan: Path, through: dt.date, draft: bool, out: Path | None) -> None:
    from schedopt.office import publish_schedule, write_appointments

    target = out or office / APPOINTMENTS
    if full_path(target, str(target)) != full_path(office / APPOINTMENTS, str(target)):
        expect_apart(target)
    read = schedopt.read_office(office)
    try_files([target])
    planned = _sound(read, plan).plan
    problem, schedule = planned.problem, planned.assignment
    published = publish_schedule(read, problem, schedule, through, draft=draft)
    *others, file = write_appointments(published, target, before=read)
    rows = published.appointments or ()
    say(f"Wrote {file}: appointments: {len(rows):,}")
    for other in others:
        say(f"Wrote {other}: what has happened to the plan")
    names = {problem.week.requests.ids[r] for r in schedule.placed.tolist()}
    _tell(Counter(row.date <= through for row in rows if row.request in names), through)


def _into_store(office: Path, plan: Path, through: dt.date, draft: bool, out: Path | None, actor: str | None) -> None:
    if out is not None:
        raise typer.BadParameter("expected a folder's office with it", param_hint="'--out'")
    with opened(office, actor) as store:
        now = store.office(first_day_of(plan)())
        folder = _sound(now, plan)
        planned = folder.plan
        stands = {(row.request, row.provider, row.date, row.start) for row in now.appointments or ()}
        if folder.newer and any((v.request, v.provider, v.date, v.start) not in stands for v in planned.visits):
            raise StoreError(
                f"the office has changed since this was planned: first 'schedopt admit {office} {plan} ...'"
            )
        with errors_of_input("PLAN"):
            changed = store.publish(planned, through, draft=draft)
    if len(changed):
        say(text_table(changed, {"table": "table", "changed": "rows changed"}))
    else:
        say("Nothing has changed.")
    dates = planned.schedule["date"]
    _tell(Counter(date <= through for date in dates if draft or date <= through), through)


def _sound(office: schedopt.Office, plan: Path) -> Folder:
    """The plan of a folder, as it was read, where it breaks no rule of the office as it is now.

    Raises
    ------
    Exit
        If it breaks some, which are listed.
    """
    folder = read_said(office, plan)
    problem, schedule, found = folder.plan.problem, folder.plan.assignment, folder.found
    breaches = schedopt.check(problem, schedule).breaches
    wrong = [table for table in (found, breaches[breaches["rule"] != PROMISES]) if len(table)]
    if wrong:
        say("Nothing is written: the plan breaks rules of the office as it is now. Plan again.", error=True)
        for table in wrong:
            say(text_table(table, {"request": "request", "rule": "rule", "detail": "what is wrong"}), error=True)
        raise typer.Exit(1)
    return folder


def _tell(visits: Counter[bool], through: dt.date) -> None:
    fixed, drafts = visits[True], visits[False]
    say(f"From the plan: visits published up to {long_date(through)}: {fixed:,}, draft visits: {drafts:,}")
