"""``schedopt billing estimate``, ``good-faith`` and ``over-estimates``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.speech import long_date, parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out
from schedopt.models.tables.money import format_money
from schedopt.writing import write_files

FOR = ("payment", "operations", "treatment")
"""What these commands ask for: the first for which the actor works."""
_OVER = {
    "estimate": "estimate", "provider": "provider", "expected": "expected (dollars)", "billed": "billed (dollars)",
    "over": "over (dollars)", "may_be_disputed": "may be disputed",
}  # fmt: skip

Requests = Annotated[list[str], typer.Argument(metavar="REQUEST…", help="Ids of requests of one patient.")]
Day = Annotated[
    dt.date | None,
    typer.Option(parser=parse_week, metavar="DATE", help="Day of visits that have no booking, as 2026-11-30."),
]


@speaks_plainly
def estimate(store: StorePlace, requests: Requests, day: Day = None, actor: Actor = None) -> None:
    """Say what a patient will owe for visits that an insurer pays, step by step, and what is not known.

    Exit status: 0 one amount; 1 a range, as something is not known; 2 the store cannot be used, there are no such
    visits, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        found = there.estimate(requests, day=day)
    say("\n".join(one.text for one in found))
    raise typer.Exit(0 if all(one.estimate.is_exact for one in found) else 1)


@speaks_plainly
def good_faith(
    store: StorePlace,
    requests: Requests,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Text for the patient; it holds a name: keep it safe.")],
    asked: Annotated[
        dt.date | None,
        typer.Option(parser=parse_week, metavar="DATE", help="When it was scheduled or asked for; today otherwise."),
    ] = None,
    on_request: Annotated[bool, typer.Option("--on-request", help="The patient has asked for it.")] = False,
    day: Day = None,
    diagnosis: Annotated[list[str] | None, typer.Option(metavar="CODE", help="ICD-10 code; several times.")] = None,
    separate: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="What will be scheduled apart; several times.")
    ] = None,
    actor: Actor = None,
) -> None:
    """Make the good-faith estimate of what a patient who pays without an insurer will be charged (45 CFR 149.610).

    It is kept in the store, and written for the patient.

    Exit status: 0 done; 2 the store cannot be used, a charge is not known, or the actor may not.
    """
    try_out(out)
    with needs_records():
        from schedopt.registry.money.good_faith import GoodFaithAsked
    wanted = GoodFaithAsked(
        tuple(requests), asked, on_request, day, tuple(diagnosis or ()), tuple(separate or ())
    )  # fmt: skip
    with opened(store, actor, FOR) as there:
        made = there.good_faith(wanted)
        text = there.good_faith_text(made.estimate)
    write_files({out: text.encode()})
    say(f"Wrote {out}: estimate {made.estimate}, {format_money(made.total)} dollars")
    say("It need not be given." if made.due is None else f"The patient has to have it by {long_date(made.due)}.")


@speaks_plainly
def over_estimates(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """List bills that are $400 or more over what a good-faith estimate said of a provider.

    Exit status: 0 there are none; 1 there are some; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.over_estimates()
    for column in ("expected", "billed", "over"):
        found[column] = found[column].astype(float) / 100
    tell_table(found, _OVER, out, "No bill is so far over its estimate.")
    raise typer.Exit(1 if len(found) else 0)
