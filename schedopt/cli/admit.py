"""``schedopt admit``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import OUT, PLAN, make_way
from schedopt.cli.speech import OfficeFolder, say, speaks_plainly
from schedopt.cli.tables import text_table


@speaks_plainly
def admit(office: OfficeFolder, plan: Annotated[Path, PLAN], out: Annotated[Path, OUT], actor: Actor = None) -> None:
    """Let a plan go on with the office's data as it is now: new callers' requests, new times, new leave.

    Every visit stays that still fits; new requests are left out so far, and can be recommended slots. What has happened
    to the plan, such as a cancellation, holds on. Cost is counted in points; the weights in office.toml say how many
    each thing costs.

    Exit status: 0 every visit stays; 1 some do not fit any more (they are listed, and left out); 2 the office's data or
    the plan cannot be read, nothing is written.
    """
    from schedopt.folders import admit_folder

    make_way(out)
    admitted = admit_folder(plan, read_office_of(office, first_day_of(plan), actor))
    schedopt.write_plan(admitted, out)
    say(f"Visits: {len(admitted.schedule):,} stay, requests left out: {len(admitted.left_out):,}")
    say(f"Cost: {admitted.cost:,} points")
    if len(admitted.conflicts):
        headings = {"request": "request", "rule": "rule", "detail": "why it does not fit any more"}
        say(f"\nVisits that do not fit any more:\n{text_table(admitted.conflicts, headings)}", error=True)
        raise typer.Exit(1)
