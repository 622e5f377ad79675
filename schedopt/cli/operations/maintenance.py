"""``schedopt maintenance``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schedopt.cli.offices import Actor, first_day_of, is_store, opened, read_office_of
from schedopt.cli.operations.out_of_order import tell_out_of_order
from schedopt.cli.planned import errors_of_input, expect_known, make_way, read_planned
from schedopt.cli.speech import expect_unasked, parse_week, say, speaks_plainly, typed_as
from schedopt.cli.store.told import try_out
from schedopt.cli.tables import text_table, whole
from schedopt.errors import Fault, InputError
from schedopt.writing import write_files

if TYPE_CHECKING:
    import pandas as pd

    from schedopt.operations.equipment.placed import PlacedMaintenance

_DUE = {
    "state": "state", "device": "device", "pool": "pool", "task": "task", "due": "due", "days_left": "days left",
    "uses": "uses since", "done_by": "by", "why": "why",
}  # fmt: skip
_PLACED = {
    "task": "task", "date": "date", "start": "from", "end": "to", "points": "points lost",
    "points_next_monday": "next Monday (points)", "visits_moved": "visits moved", "visits_left_out": "visits left out",
    "why": "why",
}  # fmt: skip
_UNPLACED = {"task": "task", "reason": "why it has no place"}
_RECORD = {
    "task": "task",
    "device": "device",
    "pool": "pool",
    "done_on": "done",
    "due": "due",
    "days_late": "days late",
    "state": "state",
}
_PAST = dt.timedelta(days=3 * 366)
"""How far back visits in a store are counted."""
WEEKS = 8
"""How far ahead is looked by default."""
Office = Annotated[Path, typer.Argument(metavar="OFFICE", help="The office's folder, or the file of its store.")]
Planned = Annotated[
    Path | None,
    typer.Argument(metavar="PLAN", help="Folder that 'schedopt plan' has written: what is due is placed in it."),
]
Day = Annotated[
    dt.date | None, typer.Option(parser=parse_week, metavar="DATE", help="Today; by default the day it is.")
]
Weeks = Annotated[
    int | None,
    typer.Option(min=0, max=156, metavar="N", help="What is due within so many weeks is due, and placed; else 8."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write what is due to this CSV file; with --out-of-order: the folder for the repaired plan.",
    ),
]
Closures = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the closures to this CSV file, as rows of pool_closures.csv.")
]
Page = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page to this HTML file.")]
Close = Annotated[bool, typer.Option("--close", help="Of a store: write the closures into it.")]
OutOfOrder = Annotated[
    str | None,
    typer.Option(
        metavar="DEVICE@FROM..UNTIL",
        help="A device, or pool, is out of order: US-1@2026-12-01T09:00..2026-12-03, days or moments.",
    ),
]
Done = Annotated[
    tuple[str, str, str], typer.Option(metavar="DEVICE TASK DATE", help="Of a store: a task was done on a day.")
]
Record = Annotated[bool, typer.Option("--record", help="Of a store: what was done, and what of it late.")]


@dataclass(frozen=True)
class _Asked:
    """The office, its plan, the days looked at, and where what is found goes."""

    place: Path
    plan: Path | None
    day: dt.date
    weeks: int
    out: Path | None
    closures: Path | None
    page: Path | None
    close: bool
    actor: str | None


@speaks_plainly
def maintenance(
    office: Office, plan: Planned = None, day: Day = None, weeks: Weeks = None, out: Out = None,
    closures: Closures = None, page: Page = None, close: Close = False, out_of_order: OutOfOrder = None,
    done: Done = ("", "", ""), record: Record = False, actor: Actor = None,
) -> None:  # fmt: skip
    """List what devices and pools need, such as calibration, and place it where the plan loses fewest points.

    Tables devices.csv and maintenance.csv say what has to be done every so many days or uses. With PLAN, what is
    overdue or due gets the time at which the plan loses fewest points, as a closure; --closures writes rows for
    pool_closures.csv, --close writes them into a store. docs/equipment.md tells how.

    Exit status: 0 nothing is overdue, and all has a place; 1 something is overdue, has no place, was late (--record),
    or visits are lost (--out-of-order); 2 the office's data or the plan cannot be used, or the options make no sense.
    """
    _expect(
        office, plan, store_only=bool(any(done) or record or close), planned=bool(out_of_order or closures or close)
    )
    if record:
        _tell_record(office, actor, out)
    elif any(done):
        _note_done(office, actor, done)
    elif out_of_order is not None and plan is not None:
        if out is None:
            raise typer.BadParameter("expected --out DIR for the repaired plan beside --out-of-order")
        expect_unasked({"--page": page, "--day": day, "--weeks": weeks is not None}, "without --out-of-order")
        make_way(out)
        try_out(closures)
        tell_out_of_order(office, plan, out_of_order, out, closures, close=close, actor=actor)
    else:
        try_out(out, closures, page)
        ahead = WEEKS if weeks is None else weeks
        _plan(_Asked(office, plan, day or dt.date.today(), ahead, out, closures, page, close, actor))


def _expect(office: Path, plan: Path | None, *, store_only: bool, planned: bool) -> None:
    """Refuse options that make no sense."""
    if store_only and not is_store(office):
        words = "expected a store's file: --done, --record and --close are for an office that lives in a store"
        raise InputError([Fault(str(office), None, None, None, words)])
    if planned and plan is None:
        raise typer.BadParameter("expected PLAN beside --out-of-order, --closures and --close")


def _plan(asked: _Asked) -> None:
    """Say what is due, place it, and write what was asked for."""
    from schedopt.operations.equipment.due import maintenance_due
    from schedopt.operations.equipment.page import maintenance_html
    from schedopt.operations.equipment.placed import place_maintenance

    day, weeks, plan, page = asked.day, asked.weeks, asked.plan, asked.page
    office = read_office_of(asked.place, first_day_of(plan) if plan is not None else lambda: day, asked.actor)
    history = visits_held(asked.place, day, asked.actor)
    planned = None if plan is None else read_planned(office, plan)
    due = maintenance_due(office, day, plan=planned, weeks=weeks, history=history)
    found: PlacedMaintenance | None = None
    if planned is not None:
        with errors_of_input("PLAN"):
            found = place_maintenance(office, planned, day, weeks=weeks, history=history)
    _write(due, found, asked)
    if page is not None:
        html = maintenance_html(office.settings.name, day, due, None if found is None else found.placed)
        write_files({page: html.encode()})
        say(f"Wrote {page}")
    if found is not None and asked.close:
        with opened(asked.place, asked.actor) as store:
            say(f"Closures written into the store: {store.close_pools(found.closures):,}")
    if (due["state"] == "overdue").any() or (found is not None and len(found.placed.unplaced)):
        raise typer.Exit(1)


def _write(due: pd.DataFrame, found: PlacedMaintenance | None, asked: _Asked) -> None:
    """Show the tables, or write them to files."""
    from schedopt.interop.cells import to_csv

    if asked.out is not None:
        write_files({asked.out: to_csv(due).encode()})
        say(f"Wrote {asked.out}: rows: {len(due):,}")
    elif len(due):
        say(text_table(whole(due.assign(due=due["due"].fillna(""))), _DUE))
    else:
        say("Nothing has to be done again and again (no table maintenance).")
    if found is None:
        return
    if len(found.placed.placements):
        say(f"\nWhen it costs least:\n\n{text_table(whole(found.placed.placements), _PLACED)}")
    if len(found.placed.unplaced):
        say(f"\nWithout a place:\n\n{text_table(found.placed.unplaced, _UNPLACED)}")
    if asked.closures is not None:
        write_files({asked.closures: to_csv(found.closures).encode()})
        say(f"Wrote {asked.closures}: rows: {len(found.closures):,}")


def visits_held(place: Path, day: dt.date, actor: str | None) -> pd.DataFrame | None:
    """Visits that a store knows before a day; None of a folder, whose appointments say it."""
    if not is_store(place):
        return None
    with opened(place, actor) as store:
        events = store.visit_events(day - _PAST, day)
    held = events[events["status"].isin(("booked", "arrived", "checked-in", "fulfilled"))]
    return held.assign(date=[moment.date() for moment in held["date"]])[["date", "site", "visit_type"]]


def _tell_record(place: Path, actor: str | None, out: Path | None) -> None:
    from schedopt.cli.store.told import tell_table

    try_out(out)
    with opened(place, actor) as store:
        found = store.maintenance_record()
    tell_table(found, _RECORD, out, "Nothing was done so far.")
    if (found["state"] == "late").any():
        raise typer.Exit(1)


def _note_done(place: Path, actor: str | None, done: tuple[str, str, str]) -> None:
    """Write down what was done, with the day on which it was due."""
    from schedopt.operations.equipment.due import maintenance_due

    what, task, when = done
    with typed_as("--done"):
        day = parse_week(when)
    history = visits_held(place, day, actor)
    with opened(place, actor) as store:
        rows = store.rows("maintenance")
        expect_known("--done", what, [*rows["device"], *rows["pool"]], "a device or pool of table maintenance")
        expect_known("--done", task, rows["task"].tolist(), "a task of table maintenance")
        due = maintenance_due(store.office(day), day, history=history)
        mine = due[(due["task"] == task) & ((due["device"] == what) | ((due["device"] == "") & (due["pool"] == what)))]
        known: list[dt.date] = mine.loc[mine["due_by"].isin(("days", "uses")), "due"].tolist()
        row = store.maintenance_done(what, task, day, due=known[0] if known else None)
    late = 0 if row.due is None else (row.done_on - row.due).days
    words = "" if row.due is None else f", due {row.due}" + (f": {late} days late" if late > 0 else "")
    say(f"{task} of {what}: done on {row.done_on}{words}")
