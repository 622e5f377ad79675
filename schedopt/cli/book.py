"""``schedopt book``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import (
    NOW,
    OUT,
    PLAN,
    errors_of_input,
    expect_due,
    expect_known,
    make_way,
    parse_moment,
    read_planned,
)
from schedopt.cli.speech import OfficeFolder, say, speaks_plainly


@speaks_plainly
def book(
    office: OfficeFolder,
    plan: Annotated[Path, PLAN],
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="Id of the request, as in requests.csv.")],
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Who sees the patient, as in providers.csv.")],
    start: Annotated[
        dt.datetime,
        typer.Argument(
            parser=parse_moment, metavar="START", help="When the provider begins, such as 2026-11-30T09:00."
        ),
    ],
    out: Annotated[Path, OUT],
    now: Annotated[dt.datetime | None, NOW] = None,
    actor: Actor = None,
) -> None:
    """Give a request a slot that is free, such as 'schedopt recommend' lists, and write the plan with it.

    Nobody else is moved. A request that has a visit already moves it there. Cost is counted in points; the weights in
    office.toml say how many each thing costs.

    Exit status: 0 booked; 2 the office's data or the plan cannot be used, or the slot is not free, nothing is written.
    """
    make_way(out)
    planned = read_planned(read_office_of(office, first_day_of(plan), actor), plan)
    expect_due("REQUEST", request, planned.problem)
    expect_known("PROVIDER", provider, planned.problem.week.sessions.provider_ids, "a provider")
    with errors_of_input("START"):
        booked = schedopt.book(planned, request, provider, start, now=now)
    schedopt.write_plan(booked, out)
    say(f"Booked: {request} with {provider}, {start:%Y-%m-%d %H:%M}")
    say(f"Cost: {booked.cost:,} points, {booked.cost - planned.cost:+,} points")
