"""``schedopt sheets``: who comes on a day and for what, for each provider, support and the front desk."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, is_store, opened, read_office_of
from schedopt.cli.operations.sheets_folder import check_place, write_sheets
from schedopt.cli.planned import errors_of_input, read_planned
from schedopt.cli.speech import OfficeFolder, expect_unasked, long_date, parse_week, say, speaks_plainly, typed_as
from schedopt.cli.tables import text_table
from schedopt.cli.uncertain import shown_progress, uncertainty_of

if TYPE_CHECKING:
    from schedopt.operations.sheets.lines import Chances, Noted
    from schedopt.operations.sheets.making import DaySheets

BOOKINGS = "bookings"
"""In place of a plan: the bookings of a store."""
_FOR = ("operations", "treatment")
_NAMED = ("treatment", "operations")
"""Who asks for names asks for treatment where he or she works for it."""
_POINTS = {"at": "at", "kind": "what", "provider": "provider", "request": "visit", "words": "why"}


Planned = Annotated[
    str,
    typer.Argument(
        metavar="PLAN", help="Folder that 'schedopt plan' has written; of a store 'bookings', or leave it out."
    ),
]
Day = Annotated[str | None, typer.Argument(metavar="DAY", help="Such as 2026-11-30.")]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder to write the sheets into; sheets in it are replaced.")
]
Pdf = Annotated[
    bool, typer.Option("--pdf", help="With --out: write each sheet as PDF too (needs 'schedopt[letters]').")
]
Names = Annotated[
    bool, typer.Option("--names", help="Show patients' names, not ids; a store's audit trail says whose.")
]
Past = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="CSV file of past visits (docs/history.md), to learn who may not come."),
]
Replications = Annotated[
    int, typer.Option(min=0, max=100_000, metavar="NUMBER", help="How often to play the week; 0: no chances.")
]
Late = Annotated[
    int, typer.Option("--late", min=1, max=600, metavar="MINUTES", help="A session ends late from so many on.")
]
Received = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--received", metavar="REQUEST NEED",
        help="First write into the store that something is there: a need, a signed material, an interpreter.",
    ),
]  # fmt: skip


@speaks_plainly
def sheets(
    office: OfficeFolder, plan: Planned, day: Day = None, out: Out = None, pdf: Pdf = False, names: Names = False,
    history: Past = None, replications: Replications = 500, late: Late = 15, received: Received = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Make the sheets of a day: one for each provider, and for each site one for support and one for the front desk.

    A sheet says who comes when and for what, what is missing, what to hand out, and what is worth a word in the
    morning: who may not come, double-booked places, sessions likely to end late. Pages are for A4 paper and phones;
    each comes with its table as CSV. Ids are shown, no names. docs/sheets.md says where everything comes from.

    Exit status: 0 made; 2 the office's data, the plan or the day cannot be used, nothing is written.
    """
    from schedopt.operations.paper import pdf as pdf_of
    from schedopt.operations.sheets.lines import GivenDay
    from schedopt.operations.sheets.making import day_sheets
    from schedopt.operations.sheets.page import sheet_files

    place, when = _place_and_day(office, plan, day)
    if out is None:
        expect_unasked({"--pdf": pdf}, "beside --out alone")
    else:
        check_place(out)
    if received is not None:
        _receive(office, received, actor)
    read, planned = _planned(office, place, when, actor)
    patients = {visit.patient for visit in planned.visits if visit.date == when}
    noted = _noted(office, read, patients, actor, names=names)
    chances = _chances(read, planned, history, replications)
    with errors_of_input("DAY"):
        found = day_sheets(GivenDay(read, planned, when, chances=chances, late_minutes=late, noted=noted))
    _tell(found)
    if out is not None:
        files = sheet_files(found, pdf_of if pdf else None)
        write_sheets(out, when, files)
        say(f"\nSheets       {out}: {', '.join(sheet.name for sheet in found.sheets)}")


def _noted(place: Path, office: schedopt.Office, patients: set[str], actor: str | None, *, names: bool) -> Noted:
    """What a store knows of a day's patients, or a folder: names, where they are asked for."""
    from schedopt.operations.sheets.lines import Noted

    if is_store(place):
        with opened(place, actor, _NAMED if names else _FOR) as there:
            return there.sheet_notes(patients, names=names)
    if not names:
        return Noted()
    return Noted(names={row.patient: row.name for row in office.patients if row.name and row.patient in patients})


def _place_and_day(office: Path, plan: str, day: str | None) -> tuple[Path | None, dt.date]:
    """The plan's folder, or None for the bookings of a store, and the day."""
    if day is None and not is_store(office):
        raise typer.BadParameter("expected PLAN and DAY: a folder knows no bookings", param_hint="'DAY'")
    with typed_as("DAY"):
        date = parse_week(plan if day is None else day)
    return (None if day is None or (plan == BOOKINGS and is_store(office)) else Path(plan)), date


def _planned(
    office: Path, plan: Path | None, day: dt.date, actor: str | None
) -> tuple[schedopt.Office, schedopt.Plan]:  # fmt: skip
    """The office, and the plan: a folder's, or the bookings of a store from the day on."""
    if plan is None:
        with opened(office, actor) as there:
            return there.office(day), there.plan(day)
    read = read_office_of(office, first_day_of(plan), actor)
    return read, read_planned(read, plan)


def _receive(office: Path, received: tuple[str, str], actor: str | None) -> None:
    if not is_store(office):
        raise typer.BadParameter(
            "expected a store: a folder's received.csv is yours to write", param_hint="'--received'"
        )
    with opened(office, actor, _FOR) as there:
        there.receive(*received)


def _chances(
    office: schedopt.Office, plan: schedopt.Plan, history: Path | None, replications: int
) -> Chances | None:  # fmt: skip
    """What chance may make of the week; None where it is not played."""
    from schedopt.operations.sheets.lines import Chances

    past = None if history is None else schedopt.read_history(history)
    if replications < 2 or not len(plan.visits):
        return None
    uncertainty = uncertainty_of(office, plan, past)
    with shown_progress("weeks played") as progress:
        return Chances(uncertainty, schedopt.simulate(plan, uncertainty, replications, progress=progress))


def _tell(found: DaySheets) -> None:
    """What is worth a word, and for how many visits something is missing."""
    lacking = sum(bool(line.missing) for line in found.lines)
    say(f"{found.given.office.settings.name}, {long_date(found.given.day)}")
    say(f"Visits       {len(found.lines):,}; something is missing for {lacking:,}")
    for words in found.given.noted.untold:
        say(f"Not shown    {words}")
    shown = found.huddle
    shown = shown[~shown["kind"].isin(["first visit", "open place"])]
    if len(shown):
        say(f"\n{text_table(shown, _POINTS)}")
