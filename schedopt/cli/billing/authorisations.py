"""``schedopt billing authorise`` and ``permissions``: authorisations and referrals."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import typer

from schedopt.cli.billing.eligibility import OutFolder, Test, free_folder, write_files_into
from schedopt.cli.billing.told import FOR
from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out

_STANDS = {
    "review": "id", "kind": "kind", "patient": "patient", "insurer": "insurer", "visit_type": "visit type",
    "state": "state", "visits": "visits", "first": "from", "last": "until", "decision_due": "decided by",
    "answered": "answered", "number": "insurer's number",
}  # fmt: skip


def _day(what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(parser=parse_week, metavar="DATE", help=what)
    return option


@speaks_plainly
def authorise(
    store: StorePlace,
    patient: Annotated[str, typer.Argument(metavar="PATIENT", help="Id of the patient.")],
    insurer: Annotated[str, typer.Argument(metavar="INSURER", help="Id of the insurer.")],
    visit_type: Annotated[str, typer.Argument(metavar="TYPE", help="Visit type.")],
    out: OutFolder,
    first: Annotated[dt.date, _day("First day of the visits, such as 2026-12-01.")],
    last: Annotated[dt.date, _day("Last day of the visits.")],
    visits: Annotated[int, typer.Option(min=1, metavar="N", help="How many visits.")] = 1,
    kind: Annotated[Literal["authorisation", "referral"], typer.Option(help="What is asked for.")] = "authorisation",
    diagnosis: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="ICD-10 code, the first one first; it is not kept.")
    ] = None,
    procedure: Annotated[str | None, typer.Option(metavar="CODE", help="CPT or HCPCS code.")] = None,
    provider: Annotated[str | None, typer.Option(metavar="PROVIDER", help="Who is to do it.")] = None,
    test: Test = False,
    actor: Actor = None,
) -> None:
    """Ask an insurer for an authorisation or a referral of some visits: a file with a 278.

    Exit status: 0 written; 2 something is missing, the folder cannot be written, the store cannot be used, or the actor
    may not.
    """
    place = free_folder(out)
    with opened(store, actor, FOR) as there:
        review = there.need_permission(
            patient, insurer, visit_type, visits=visits, first=first, last=last, kind=kind, provider=provider,
            procedure=procedure,
        )  # fmt: skip
        asked = there.request_permission(review, diagnoses=diagnosis or (), production=not test)
    write_files_into(place, asked.files)
    say(f"Asked for {kind} {review}.")


@speaks_plainly
def permissions(
    store: StorePlace,
    patient: Annotated[str | None, typer.Option(metavar="PATIENT", help="Of this patient alone.")] = None,
    on: Annotated[dt.date | None, _day("As they stand on this day; by default today.")] = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List authorisations and referrals that were asked for, with where they stand.

    Exit status: 0 listed; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.permissions(on=on, patient=patient)
    tell_table(found, _STANDS, out, "Nothing was asked for.")
