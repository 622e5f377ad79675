"""``schedopt billing code``, ``claims``, ``send``, ``status`` and ``filing``: claims, from what was coded on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.billing.told import FOR, tell_money
from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, try_out
from schedopt.cli.tables import text_table

Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; it is made if need be.")]
Test = Annotated[bool, typer.Option("--test", help="Mark the files as a test (ISA15 is T).")]
Codes = Annotated[
    Path | None,
    typer.Option("--codes", metavar="DIR", help="Tables of pairs, units and add-on codes, as CMS publishes them."),
]
_CLAIMS = {
    "request": "request", "claim": "claim", "state": "state", "charge": "charge", "errors": "errors",
    "warnings": "warnings", "note": "note",
}  # fmt: skip
_EDITS = {"claim": "claim", "line": "line", "severity": "severity", "edit": "edit", "words": "what was expected"}
_FILING = {
    "claim": "claim", "request": "request", "insurer": "insurer", "date": "day of the visit",
    "file_until": "file until", "days_left": "days left", "state": "state", "charge": "charge",
}  # fmt: skip


@speaks_plainly
def code(
    store: StorePlace,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns of table encounters.")],
    actor: Actor = None,
) -> None:
    """Take over what was coded of visits: procedures, diagnoses and charges, line by line.

    What stood there of these visits goes; other visits stay as they are.

    Exit status: 0 done; 2 the file or the store cannot be used, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        changed = there.code_visits(file)
    say(f"Rows changed: {changed:,}")


@speaks_plainly
def claims(
    store: StorePlace,
    codes: Codes = None,
    again: Annotated[
        list[str] | None, typer.Option("--again", metavar="CLAIM", help="Send a claim that was not taken in once more.")
    ] = None,
    replace: Annotated[
        list[str] | None, typer.Option("--replace", metavar="CLAIM", help="Replace a claim that was taken in.")
    ] = None,
    void: Annotated[
        list[str] | None, typer.Option("--void", metavar="CLAIM", help="Take back a claim that was taken in.")
    ] = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Make a claim for each visit that was coded, took place and is insured, and look through all that are to be sent.

    A claim with an error is a draft, and is not sent; the errors and warnings are listed. Amounts are in currency.

    Exit status: 0 every claim is ready; 1 some are drafts; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        for claim in again or ():
            there.mend_claim(claim)
        for claim in replace or ():
            say(f"{claim} is replaced by {there.replace_claim(claim)}")
        for claim in void or ():
            say(f"{claim} is taken back by {there.void_claim(claim)}")
        found = there.make_claims(codes=codes)
        edits = there.rows("claim_edits")
    tell_money(found, _CLAIMS, ["charge"], out, "There is nothing to claim.")
    edits = edits[edits["claim"].isin(found["claim"])]
    if len(edits):
        say(text_table(edits, _EDITS))
    if found["state"].eq("draft").any():
        raise typer.Exit(1)


@speaks_plainly
def send(store: StorePlace, out: Folder, test: Test = False, actor: Actor = None) -> None:
    """Write the claims that are ready as 837Ps, a file for each payer or clearing house, and mark them as sent.

    Exit status: 0 done, or nothing is ready; 2 the files cannot be written, the store cannot be used, or the actor
    may not.
    """
    with opened(store, actor, FOR) as there:
        sent = there.send_claims(out, production=not test)
    for one in sent:
        say(f"Wrote {out / one.file}: claims: {one.claims:,}")
    if not sent:
        say("No claim is ready.")


@speaks_plainly
def status(
    store: StorePlace,
    out: Folder,
    older_than: Annotated[
        int, typer.Option("--older-than", min=0, metavar="DAYS", help="Only claims sent so many days ago or more.")
    ] = 0,
    actor: Actor = None,
) -> None:
    """Write 276s, which ask payers what became of claims that they have not decided.

    Exit status: 0 done; 2 the files cannot be written, the store cannot be used, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        asked = there.ask_status(out, older_than=older_than)
    for one in asked:
        say(f"Wrote {out / one.file}: claims: {one.claims:,}")
    if not asked:
        say("There is no claim to ask about.")


@speaks_plainly
def filing(
    store: StorePlace,
    days: Annotated[int, typer.Option("--days", min=0, metavar="N", help="How many days are left at most.")] = 30,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List claims that no payer has taken in, and whose last day of filing is near or has passed.

    Exit status: 0 there are none; 1 there are some; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.claims_to_file(days)
    tell_money(found, _FILING, ["charge"], out, "Nothing runs out.")
    if len(found):
        raise typer.Exit(1)
