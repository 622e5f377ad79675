"""``schedopt billing pay``, ``apply``, ``write-off``, ``bill-patient``, ``refund`` and ``match``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import typer

from schedopt.cli.billing.told import FOR, Amount, ClaimId, Key, Patient, Reason, tell_money
from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import StorePlace

On = Annotated[dt.datetime, typer.Option("--on", metavar="DATE", help="On which day.", formats=["%Y-%m-%d"])]


@speaks_plainly
def pay(
    store: StorePlace,
    patient: Patient,
    amount: Amount,
    on: On,
    claim: Annotated[str | None, typer.Option(metavar="CLAIM", help="For this claim first.")] = None,
    key: Key = None,
    actor: Actor = None,
) -> None:
    """Write down what a patient has paid: for a claim, or for what is oldest. What is left over stays to the good.

    Exit status: 0 written down; 2 it cannot be, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        there.pay(patient, amount, on.date(), claim=claim, key=key)
    say("Written down.")


@speaks_plainly
def apply(store: StorePlace, patient: Patient, on: On, actor: Actor = None) -> None:
    """Use what a patient has paid too much for what is open now.

    Exit status: 0 done; 2 it cannot be, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        there.apply(patient, on.date())
    say("Done.")


@speaks_plainly
def write_off(
    store: StorePlace,
    claim: ClaimId,
    amount: Amount,
    reason: Reason,
    of: Annotated[Literal["insurer", "patient"], typer.Option("--of", help="Who owed it.")] = "insurer",
    actor: Actor = None,
) -> None:
    """Let go of what is owed of a claim: your decision, with its reason.

    Exit status: 0 written down; 2 so much is not owed, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        there.write_off(claim, amount, reason, of=of)
    say("Written down.")


@speaks_plainly
def bill_patient(store: StorePlace, claim: ClaimId, amount: Amount, reason: Reason, actor: Actor = None) -> None:
    """Make the patient owe what the insurer owed of a claim.

    Exit status: 0 written down; 2 so much is not owed, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        there.bill_patient(claim, amount, reason)
    say("Written down.")


@speaks_plainly
def refund(
    store: StorePlace,
    party: Annotated[str, typer.Argument(metavar="WHO", help="Id of the patient, or the payer's as on its checks.")],
    amount: Amount,
    on: On,
    reason: Reason,
    key: Key = None,
    actor: Actor = None,
) -> None:
    """Write down that something was paid back that was to the good of a patient or payer.

    Exit status: 0 written down; 2 so much is not to its good, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        there.refund(party, amount, on.date(), reason, key=key)
    say("Written down.")


@speaks_plainly
def match(
    store: StorePlace,
    adjudication: Annotated[int, typer.Argument(metavar="NUMBER", help="As 'look' lists it: unmatched.")],
    claim: ClaimId,
    actor: Actor = None,
) -> None:
    """Say which claim something is about that came with a check and named none of ours.

    Exit status: 0 done; 2 it cannot be, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        there.match(adjudication, claim)
    say("Done.")


@speaks_plainly
def secondary(
    store: StorePlace,
    claims: Annotated[list[str] | None, typer.Argument(metavar="CLAIM", help="Claims; without any: list.")] = None,
    actor: Actor = None,
) -> None:
    """List claims of which a patient owes what a second insurer could be asked for; or make the claims to it.

    They are looked through and sent like any other, with what the first insurer has decided.

    Exit status: 0 none is left to be made, or those named are; 1 some are listed; 2 one cannot be made, or the actor
    may not.
    """
    with opened(store, actor, FOR) as there:
        if claims:
            for claim in claims:
                say(f"{claim}: {there.bill_secondary(claim)}")
            return
        found = there.secondary_due()
    headings = {"claim": "claim", "insurer": "second insurer", "cents": "patient owes"}
    tell_money(found, headings, ["cents"], None, "No second insurer is to be asked.")
    if len(found):
        raise typer.Exit(1)
