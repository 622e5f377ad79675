"""``schedopt measures``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, is_store, opened
from schedopt.cli.planned import errors_of_input, read_planned
from schedopt.cli.speech import OfficeFolder, parse_week, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.errors import Fault, InputError

if TYPE_CHECKING:
    from schedopt.operations.measures.report import Charting, Measured


First = Annotated[
    dt.date, typer.Option("--from", parser=parse_week, metavar="DATE", help="First day measured, best a Monday.")
]
Last = Annotated[
    dt.date, typer.Option("--to", parser=parse_week, metavar="DATE", help="Last day measured, best a Sunday.")
]
By = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="Also by provider, site, visit_type, or a column of patients that makes groups, such as group or "
        "language. Groups of fewer than 11 patients are not shown.",
    ),
]
Past = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Of a folder: its past visits, as in docs/history.md. A store has its own."),
]
Planned = Annotated[
    Path | None,
    typer.Option(
        metavar="PLAN", help="Of a folder: a plan, whose visits count too, and in which free places are looked for."
    ),
]
Ask = Annotated[
    dt.date | None,
    typer.Option(
        "--ask", parser=parse_week, metavar="DATE",
        help="Of a store: look for the third next available places from this day on, and keep what is found for "
        "later weeks. Best the same day each week.",
    ),
]  # fmt: skip
Baseline = Annotated[
    int | None, typer.Option(min=2, metavar="WEEKS", help="Control limits come from so many first weeks alone.")
]
Medians = Annotated[
    bool, typer.Option("--medians", help="Control limits from medians, which single far weeks move less.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Folder to write tables, charts and page into; new, empty, or with earlier measures."
    ),
]


@speaks_plainly
def measures(
    office: OfficeFolder, first: First, last: Last, by: By = "", history: Past = None, plan: Planned = None,
    asked: Ask = None, baseline: Baseline = None, medians: Medians = False, out: Out = None, actor: Actor = None,
) -> None:  # fmt: skip
    """How the office does: access, no-shows, time, continuity and money, with a control chart of each.

    Printed is each measure over all days, and in the last week of which something is known. With --out, a folder has
    measures.csv (week by week), summary.csv, signals.csv (where a chart says that something has changed), a chart of
    each as SVG, and measures.html, which has all of it and prints well. docs/measures.md says what counts.

    Exit status: 0 measured, and every target is met; 1 a target is not met, or a chart has a signal in its last week;
    2 the office's data or the command cannot be used, nothing is written.
    """
    from schedopt.operations.measures.folder import PAGE, free_folder, write_measures
    from schedopt.operations.measures.report import Charting

    if first > last:
        raise typer.BadParameter("expected a day on or after --from", param_hint="'--to'")
    if out is not None:
        free_folder(out)
    how = Charting(baseline=baseline, medians=medians)
    if is_store(office):
        if history is not None or plan is not None:
            raise typer.BadParameter("a store has its own bookings: expected neither --history nor --plan")
        measured = _of_store(office, first, last, by, how, asked, actor)
    else:
        if asked is not None:
            raise typer.BadParameter("expected a store with it; of a folder, name a --plan", param_hint="'--ask'")
        measured = _of_folder(office, (first, last), by, how, (history, plan))
    if out is not None:
        write_measures(measured, out)
        say(f"Written: {out}/{PAGE}, with its tables and charts")
    raise typer.Exit(_tell(measured))


def _of_store(
    place: Path, first: dt.date, last: dt.date, by: str, how: Charting, asked: dt.date | None, actor: str | None
) -> Measured:  # fmt: skip
    with opened(place, actor, ("operations", "treatment", "audit")) as store:
        if asked is not None:
            store.third_next_available(asked, keep=True)
        return store.measures(first, last, by=by, charting=how)


def _of_folder(
    place: Path, days: tuple[dt.date, dt.date], by: str, how: Charting, files: tuple[Path | None, Path | None]
) -> Measured:  # fmt: skip
    from schedopt.cli.operations.measured_folder import folder_evidence, groups_of
    from schedopt.operations.measures.report import measure
    from schedopt.operations.measures.tables import MeasureChange, Target
    from schedopt.operations.measures.weekly import BY

    history, plan = files
    if history is None and plan is None:
        expected = "expected --history FILE or --plan PLAN: the folder of an office knows no past visits"
        raise InputError([Fault(str(place), None, None, None, expected)])
    office = schedopt.read_office(place)
    past = None if history is None else schedopt.read_history(history)
    planned = None if plan is None else read_planned(office, plan)
    with errors_of_input("--by"):
        groups = groups_of(office, by) if by and by not in BY else None
    return measure(
        folder_evidence(office, days, past, planned), office=office.settings.name, by=by, groups=groups, charting=how,
        targets=office.rows(Target) or (), changes=office.rows(MeasureChange) or (),
    )  # fmt: skip


def _tell(measured: Measured) -> int:
    """Print the measures; 1 where something asks to be looked at."""
    from schedopt.operations.measures.page import glance

    rows = glance(measured)
    if not len(rows):
        say("Nothing is known of these days.")
        return 0
    headings = {
        "title": "measure", "unit": "unit", "whole": "all days", "last": "last week", "week": "week of",
        "target": "target", "met": "target is", "signal": "chart",
    }  # fmt: skip
    say(text_table(rows, headings))
    return int((rows["met"] == "not met").any() or bool(rows["now"].any()))
