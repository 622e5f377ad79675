"""``schedopt fill``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.planned import errors_of_input, expect_known, parse_moment, read_planned
from schedopt.cli.speech import OfficeFolder, say, speaks_plainly
from schedopt.cli.tables import text_table


@speaks_plainly
def fill(
    office: OfficeFolder,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Folder that 'schedopt plan' has written.")],
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Whose time is free, as in providers.csv.")],
    start: Annotated[
        dt.datetime, typer.Argument(parser=parse_moment, metavar="FROM", help="Such as 2026-11-30T09:00.")
    ],
    end: Annotated[dt.datetime, typer.Argument(parser=parse_moment, metavar="TO", help="Such as 2026-11-30T10:00.")],
) -> None:
    """Rank who could take a free slot: requests left out, and visits on later days that would cost less there.

    Gains are in points; the weights in office.toml say how many each thing costs.

    Exit status: 0 somebody fits; 1 nobody does; 2 the office's data, the plan or the slot cannot be used.
    """
    planned = read_planned(office, plan)
    expect_known("PROVIDER", provider, planned.problem.week.sessions.provider_ids, "a provider")
    with errors_of_input("FROM and TO"):
        found = schedopt.fill(planned, schedopt.Opening(provider, start, end))
    if found.empty:
        say("Nobody fits.")
        raise typer.Exit(1)
    headings = {
        "request": "request", "patient": "patient", "visit_type": "visit type", "date": "date", "arrive": "arrive",
        "start": "start", "end": "end", "gained": "points gained", "now": "now",
    }  # fmt: skip
    say(text_table(found, headings))
