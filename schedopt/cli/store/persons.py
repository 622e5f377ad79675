"""``schedopt people`` and ``schedopt worklist``: persons of a store by id, and what is missing of their records."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out

_DESK = ("treatment", "operations")
_WORK = {
    "check": "check", "about": "about", "detail": "what is missing or wrong", "owner": "whose work", "due": "due",
    "visit": "visit", "harm": "harm (0 to 3)",
}  # fmt: skip
Person = Annotated[str, typer.Argument(metavar="PERSON", help="Id of a person in the store.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, for the audit trail; it is sealed there.")]


@speaks_plainly
def worklist(
    store: StorePlace,
    region: Annotated[
        str | None,
        typer.Option(metavar="COUNTRY", help="Country of telephone numbers that name none; else the office's."),
    ] = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """List what of the records is missing or cannot be right, most urgent first, with whose work it is and until when.

    Harm is what the gap does to a booked visit: 3 it cannot be held or paid, 2 it may not be, 1 the person cannot be
    reached, 0 nothing. Ids are shown, no names. docs/quality.md lists the checks.

    Exit status: 0 nothing is missing; 1 something is; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, _DESK) as there:
        found = there.worklist(region=region)
    tell_table(found, _WORK, out, "Nothing is missing.")
    if len(found):
        raise typer.Exit(1)


@speaks_plainly
def merge(
    store: StorePlace,
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="Id of the person who stays.")],
    lose: Annotated[str, typer.Argument(metavar="LOSE", help="Id of the person who turned out to be the same.")],
    reason: Reason = "",
    actor: Actor = None,
) -> None:
    """Make one person of two: all that is about LOSE is about KEEP from now on. 'undo' takes it back.

    Exit status: 0 merged; 1 merged, and both said something that differs (it is listed; what KEEP said holds); 2 there
    are no such persons, the store cannot be opened, or the actor may not, nothing is changed.
    """
    with opened(store, actor, _DESK) as there:
        merged = there.merge(keep, lose, reason)
    say(f"Merged {lose} into {keep}: rows and bookings moved: {merged.moved:,}; to take it back: entry {merged.entry}")
    if len(merged.clashes):
        tell_table(merged.clashes, {"table": "table", "column": "both say, and differently"}, None, "")
        raise typer.Exit(1)


@speaks_plainly
def undo(
    store: StorePlace,
    entry: Annotated[int, typer.Argument(metavar="ENTRY", help="Entry of the merge, as 'merge' has said it.")],
    actor: Actor = None,
) -> None:
    """Take a merge back; what has changed since stays, and is listed.

    Exit status: 0 taken back; 1 some has changed since and stays; 2 there is no such merge, the store cannot be opened,
    or the actor may not, nothing is changed.
    """
    with opened(store, actor, _DESK) as there:
        left = there.undo(entry)
    say(f"Taken back: entry {entry}")
    if len(left):
        tell_table(left, {"table": "table", "row": "stays as it has become since"}, None, "")
        raise typer.Exit(1)


@speaks_plainly
def consent(
    store: StorePlace,
    person: Person,
    purpose: Annotated[
        Literal["treatment", "payment", "operations", "messages", "research"],
        typer.Argument(metavar="PURPOSE", help="treatment, payment, operations, messages or research."),
    ],
    refused: Annotated[bool, typer.Option("--refused", help="The person has refused, or taken back.")] = False,
    actor: Actor = None,
) -> None:
    """Write down what a person has agreed to, or has not.

    Exit status: 0 written; 2 there is no such person, the store cannot be opened, or the actor may not.
    """
    with opened(store, actor, _DESK) as there:
        there.consent(person, purpose, given=not refused)
    say(f"{person}: {purpose}: {'refused' if refused else 'agreed'}")


@speaks_plainly
def restrict(
    store: StorePlace,
    person: Person,
    kind: Annotated[
        Literal["self_pay_visit", "confidential_channel", "legal_hold"],
        typer.Argument(metavar="KIND", help="self_pay_visit, confidential_channel or legal_hold."),
    ],
    request: Annotated[
        str | None, typer.Option(metavar="REQUEST", help="For self_pay_visit: the request that the patient pays.")
    ] = None,
    told: Annotated[str, typer.Option(metavar="TEXT", help="How to reach the person, or by what order.")] = "",
    actor: Actor = None,
) -> None:
    """Write down what must not be done with a person's records, or how the person is to be reached.

    Exit status: 0 written; 2 there is no such person or request, the store cannot be opened, or the actor may not.
    """
    with opened(store, actor, _DESK) as there:
        there.restrict(person, kind, request, told)
    say(f"{person}: {kind}")


@speaks_plainly
def dispose(
    store: StorePlace,
    person: Person,
    reason: Reason,
    actor: Actor = None,
) -> None:
    """Destroy a person's key: what is sealed of him or her never opens again, here and in every backup.

    Exit status: 0 destroyed; 2 there is no such person, a legal hold or a booking to come is in the way, the store
    cannot be opened, or the actor may not, nothing is destroyed.
    """
    with opened(store, actor) as there:
        there.dispose(person, reason)
    say(f"{person}: disposed of")
