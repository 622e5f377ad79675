"""``schedopt billing post``, ``balances``, ``denials``, ``look``, ``ageing`` and ``statement``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import typer

from schedopt.cli.billing.told import FOR, Patient, tell_money
from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, try_out
from schedopt.errors import Fault, InputError

_CHECKS = {
    "transaction": "transaction", "check": "check", "day": "day", "cents": "amount", "claims": "claims",
    "matched": "ours", "state": "state", "words": "why",
}  # fmt: skip
_LOOK = {"kind": "what", "claim": "claim", "about": "about", "day": "day", "cents": "amount"}
_DENIALS = {
    "claim": "claim", "line": "line", "why": "why", "cents": "amount", "open_cents": "open of the claim",
    "appeal_until": "appeal until", "kind": "kind", "step": "next step",
}  # fmt: skip
_LINES = {
    "date": "visit", "claim": "claim", "charged": "charged", "adjusted": "adjusted", "insurer_paid": "insurer paid",
    "patient_paid": "patient paid", "insurer_owes": "insurer owes", "patient_owes": "patient owes",
}  # fmt: skip


@speaks_plainly
def post(
    store: StorePlace,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="835s, as the payer sent them.")],
    each: Annotated[
        bool, typer.Option("--each", help="Post the checks of a file that can be, though others cannot.")
    ] = False,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Post what payers remit: the 835s of each file, if the three sums of all hold, and each check once.

    What is refused is named with its place and by how much it is off. What came and is about no claim of ours, or not
    clear, is in 'look'.

    Exit status: 0 all is posted, now or before; 1 some is not; 2 a file or the store cannot be used, or the actor may
    not.
    """
    import pandas as pd

    data = [(file.name, _bytes(file)) for file in files]
    with opened(store, actor, FOR) as there:
        found = [there.post_remittance(content, name, each=each).assign(file=name) for name, content in data]
    whole = pd.concat(found, ignore_index=True)
    whole["cents"] = whole["cents"].fillna(0)
    tell_money(whole, {"file": "file", **_CHECKS}, ["cents"], None, "Nothing was posted.")
    if not whole["state"].isin(["posted", "already posted"]).all():
        raise typer.Exit(1)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        said = f"expected a file that can be read: {(error.strerror or 'no reason given').lower()}"
        raise InputError([Fault(str(file), None, None, None, said)]) from None


@speaks_plainly
def balances(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """Say what stands on each account; together it is nothing.

    Exit status: 0 told; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.balances()
    tell_money(found, {"account": "account", "cents": "balance"}, ["cents"], out, "There are no accounts.")


@speaks_plainly
def look(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """List what came with checks and cannot stay as it is, such as payments for no claim of ours, or paid twice.

    Exit status: 0 there is nothing; 1 there is; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.money_worklist()
    tell_money(found, _LOOK, ["cents"], out, "There is nothing to look at.")
    if len(found):
        raise typer.Exit(1)


@speaks_plainly
def denials(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """List what payers refuse to pay and is open: until when it can be appealed, and what to do next.

    Exit status: 0 nothing is; 1 something is; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.denials()
    tell_money(found, _DENIALS, ["cents", "open_cents"], out, "Nothing is denied.")
    if len(found):
        raise typer.Exit(1)


@speaks_plainly
def ageing(
    store: StorePlace,
    on: Annotated[
        dt.datetime, typer.Option("--on", metavar="DATE", help="Day on which it is looked at.", formats=["%Y-%m-%d"])
    ],
    of: Annotated[Literal["insurer", "patient"], typer.Option("--of", help="Who owes it.")] = "patient",
    out: OutFile = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """List what is open, by claim and by how many days it has been.

    Exit status: 0 told; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.ageing(on.date(), of)
    headings = {"claim": "claim", "party": "patient", "since": "since", "age": "age (days)", "cents": "amount"}
    tell_money(found, headings, ["cents"], out, "Nothing is open.")


@speaks_plainly
def statement(store: StorePlace, patient: Patient, out: OutFile = None, actor: Actor = None) -> None:
    """Say what a patient's visits were charged, who has paid what, and what is open.

    Exit status: 0 told; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.statement(patient)
    owed = int(found["patient_owes"].sum())
    tell_money(found, _LINES, list(_LINES)[2:], out, "Nothing was charged.")
    if out is None and len(found):
        from schedopt.models.tables.money import format_money

        say(f"\nThe patient owes {format_money(owed)}." if owed >= 0 else f"\nTo the good: {format_money(-owed)}.")
