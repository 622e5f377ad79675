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
_PAIRS = {
    "left": "person", "right": "may be", "probability": "probability", "sure": "sure", "decided": "decided",
    "given_name": "given name", "surname": "surname", "date_of_birth": "birth date", "soc_sec_id": "number",
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
def duplicates(
    store: StorePlace,
    merge_sure: Annotated[
        bool, typer.Option("--merge-sure", help="Merge those who are surely one; 'undo' takes each merge back.")
    ] = False,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List pairs of persons who may be one, the likeliest first: ids and how their columns agree, no names.

    Sure are those whose number, birth date and names all agree. docs/linkage.md tells how it is found out.

    Exit status: 0 nobody may be another; 1 some may (they are listed); 2 the store cannot be opened, or the actor may
    not.
    """
    try_out(out)
    with opened(store, actor, _DESK) as there:
        if merge_sure:
            merged = there.merge_sure()
            tell_table(
                merged, {"kept": "kept", "lost": "merged into it", "entry": "entry"}, None, "Nobody is surely one."
            )
        found = there.duplicates()
    shown = found.assign(probability=[f"{100 * share:.1f} %" for share in found["probability"]])
    tell_table(shown if out is None else found, _PAIRS, out, "Nobody may be another.")
    if len(found):
        raise typer.Exit(1)


@speaks_plainly
def decide(
    store: StorePlace,
    person: Person,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Id of another person.")],
    decided: Annotated[
        Literal["same", "different", "later"], typer.Argument(metavar="DECISION", help="same, different or later.")
    ],
    actor: Actor = None,
) -> None:
    """Write down what you have decided of two who may be one; 'different' takes them off the list.

    Exit status: 0 written; 2 there are no such persons, the store cannot be opened, or the actor may not.
    """
    with opened(store, actor, _DESK) as there:
        there.decide(person, other, decided)
    say(f"{person} and {other}: {decided}")


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
