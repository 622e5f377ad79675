"""``schedopt audit action``, ``mark`` and ``actions``: what is done about what an audit has found."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import typer

from schedopt.cli.offices import Actor, opened
from schedopt.cli.operations.auditing import FOR, AuditId
from schedopt.cli.speech import parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out

ALL = (*FOR, "treatment", "payment")
"""For what those ask who do something about it: the first for which the actor works."""
_HEADINGS = {
    "action": "action", "audit": "audit", "item": "item", "owner": "owner", "due": "due", "days_left": "days left",
    "state": "state", "what": "what",
}  # fmt: skip


@speaks_plainly
def action(
    store: StorePlace,
    audit: AuditId,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to be done; it is sealed.")],
    owner: Annotated[str, typer.Option(metavar="ACTOR", help="Who does it.")],
    due: Annotated[
        dt.date | None, typer.Option(parser=parse_week, metavar="DATE", help="By when; or --days says it.")
    ] = None,
    days: Annotated[int, typer.Option(min=0, metavar="N", help="Business days from today until it is due.")] = 10,
    item: Annotated[str | None, typer.Option(metavar="ITEM", help="About which item of the audit.")] = None,
    actor: Actor = None,
) -> None:
    """Open a corrective action after an audit, with an owner and a day by which it is due.

    Exit status: 0 opened; 2 there is no such audit, item or actor, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        name = there.open_action(audit, what, owner, due=due, days=days, item=item)
        listed = there.actions()
    day = listed.loc[listed["action"] == name, "due"].iloc[0].date()
    say(f"Opened {name}, due {day}")


@speaks_plainly
def mark(
    store: StorePlace,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="Id of the action.")],
    state: Annotated[
        Literal["done", "verified", "open", "dropped"],
        typer.Argument(help="done and dropped need --evidence; verified is for somebody else than who has done it."),
    ],
    evidence: Annotated[
        str, typer.Option(metavar="TEXT", help="Where it can be seen that it is done, or why it is dropped; sealed.")
    ] = "",
    actor: Actor = None,
) -> None:
    """Say that a corrective action is done, verified, dropped, or open again.

    Exit status: 0 written; 2 that does not follow, there is no evidence, or the actor may not.
    """
    with opened(store, actor, ALL) as there:
        there.move_action(action, state, evidence)
    say(f"{action} is {state}")


@speaks_plainly
def actions(
    store: StorePlace,
    owner: Annotated[str | None, typer.Option(metavar="ACTOR", help="Those of this actor alone.")] = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List corrective actions that are not verified yet, what is due first comes first.

    Exit status: 0 none is overdue; 1 some are; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, ALL) as there:
        found = there.actions(owner=owner)
    shown = found.assign(due=found["due"].dt.strftime("%Y-%m-%d"), opened_on=found["opened_on"].dt.strftime("%Y-%m-%d"))
    tell_table(shown, _HEADINGS, out, "No action is open.")
    raise typer.Exit(1 if (found["days_left"] < 0).any() else 0)
