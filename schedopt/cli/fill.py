"""``schedopt fill``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import NOW, PLAN, errors_of_input, expect_known, make_way, parse_moment, read_planned
from schedopt.cli.speech import OfficeFolder, say, speaks_plainly
from schedopt.cli.tables import text_table


@speaks_plainly
def fill(
    office: OfficeFolder,
    plan: Annotated[Path, PLAN],
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Whose time is free, as in providers.csv.")],
    start: Annotated[
        dt.datetime, typer.Argument(parser=parse_moment, metavar="FROM", help="Such as 2026-11-30T09:00.")
    ],
    end: Annotated[dt.datetime, typer.Argument(parser=parse_moment, metavar="TO", help="Such as 2026-11-30T10:00.")],
    now: Annotated[dt.datetime | None, NOW] = None,
    accept: Annotated[
        str | None,
        typer.Option(metavar="REQUEST", help="Give the slot to this request, one of those listed; with --out."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="For --accept: folder to write the new plan into; may be PLAN itself."),
    ] = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Rank who could take a free slot: requests left out, and visits on later days that would cost less there.

    Gains are in points; the weights in office.toml say how many each thing costs.

    With --accept the first place listed for a request is booked, and the plan written with it.

    Exit status: 0 somebody fits; 1 nobody does; 2 the office's data, the plan or the slot cannot be used, or --accept
    names nobody who fits, nothing is written.
    """
    from schedopt.answers.desk.fill import takers, takers_table

    if (accept is None) != (out is None):
        raise typer.BadParameter("expected --accept REQUEST and --out DIR together")
    if out is not None:
        make_way(out)
    planned = read_planned(read_office_of(office, first_day_of(plan), actor), plan)
    expect_known("PROVIDER", provider, planned.problem.week.sessions.provider_ids, "a provider")
    with errors_of_input("FROM and TO"):
        found = takers(planned, schedopt.Opening(provider, start, end), now=now)
    if not found:
        say("Nobody fits.")
        raise typer.Exit(1)
    headings = {
        "request": "request", "patient": "patient", "visit_type": "visit type", "date": "date", "arrive": "arrive",
        "start": "start", "end": "end", "gained": "points gained", "now": "now",
    }  # fmt: skip
    say(text_table(takers_table(found), headings))
    if accept is not None and out is not None:
        visits = {taker.visit.request: taker.visit for taker in found}
        expect_known("--accept", accept, list(visits), "a request that fits")
        visit = visits[accept]
        when = visit.at(visit.start)
        schedopt.write_plan(schedopt.book(planned, accept, visit.provider, when, now=now), out)
        say(f"\nBooked: {accept} with {visit.provider}, {when:%Y-%m-%d %H:%M}")
