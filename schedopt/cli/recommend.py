"""``schedopt recommend``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import NOW, PLAN, errors_of_input, expect_due, read_planned
from schedopt.cli.speech import OfficeFolder, say, speaks_plainly
from schedopt.cli.tables import GIVES, text_table

if TYPE_CHECKING:
    import pandas as pd

_PLACE = ("provider", "site", "date", "arrive", "start")


@speaks_plainly
def recommend(
    office: OfficeFolder,
    plan: Annotated[Path, PLAN],
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="Id of the request, as in requests.csv.")],
    top: Annotated[int, typer.Option(min=1, max=100, metavar="NUMBER", help="Most slots to show.")] = 5,
    now: Annotated[dt.datetime | None, NOW] = None,
    actor: Actor = None,
) -> None:
    """Rank the slots that a request could have while everybody else stays, for a caller on the phone.

    Shows what each slot would change of the cost, in points, part by part; the weights in office.toml say how many each
    thing costs. Minutes stranded are too short, after it, for any visit that could still come there.

    Exit status: 0 there is a slot; 1 there is none; 2 the office's data or the plan cannot be read, breaks rules, or
    has no such request.
    """
    from schedopt.models.problem.due import not_due_of

    planned = read_planned(read_office_of(office, first_day_of(plan), actor), plan)
    if later := not_due_of(planned.problem.week.requests.not_due, request):
        say(f"Request {request}\nIt is {later.words}.\n\nThere is no slot for it.")
        raise typer.Exit(1)
    expect_due("REQUEST", request, planned.problem)
    with errors_of_input("PLAN"):
        found = schedopt.recommend(planned, request, top, now=now)
    say(f"Request {request}, {'placed: other slots' if found.placed else 'left out: slots'} while all others stay")
    if len(found.slots):
        fixed = {name: name for name in _PLACE} | {"points": "points", "stranded_minutes": "minutes stranded"}
        parts = [str(name) for name in found.slots if name not in {*fixed, "session", "end", "steps"}]
        say(f"\n{text_table(_with_zones(found.slots, planned), fixed | {name: name for name in parts})}")
    if len(found.lost):
        headings = {name: name for name in (*_PLACE, "points")} | {"why": "why it loses"}
        say(f"\nNext best:\n\n{text_table(_with_zones(found.lost, planned), headings)}")
    if len(found.ruled_out):
        headings = {"rule": "rule", "source": "from", "sessions": "sessions without a slot", "reason": "why"}
        say(f"\nWhat ruled sessions out:\n\n{text_table(found.ruled_out, headings)}")
    if found.slots.empty:
        say("\nThere is no slot for it.")
        if len(found.gives):
            say(f"\nIt would have a place with one of these:\n\n{text_table(found.gives, GIVES)}")
        raise typer.Exit(1)


def _with_zones(slots: pd.DataFrame, planned: schedopt.Plan) -> pd.DataFrame:
    """Slots whose sites say the time zone that hours are in, where there are several."""
    return slots.assign(site=[planned.problem.calendar.place_words(site) for site in slots["site"]])
