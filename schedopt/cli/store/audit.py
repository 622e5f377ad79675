"""``schedopt audit verify``, ``report``, ``accounting`` and ``checkpoint``."""

from __future__ import annotations

from typing import Annotated

import typer

from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out
from schedopt.cli.tables import text_table

_FOR = ("audit", "operations")
_HEADINGS = {
    "number": "entry", "at": "at (UTC)", "actor": "actor", "purpose": "purpose", "operation": "operation",
    "outcome": "outcome", "about": "about", "people": "people", "source": "source", "reason": "reason",
}  # fmt: skip
Person = Annotated[str | None, typer.Option(metavar="PERSON", help="Only entries about this person, by id.")]


@speaks_plainly
def verify(store: StorePlace, actor: Actor = None) -> None:
    """Recompute the whole audit trail, and all that it says of rows; list what was tampered with.

    Signed checkpoints show also what the database alone cannot: a tail that was cut off, or an old copy put back.

    Exit status: 0 nothing was tampered with; 1 something was (it is listed, the first place first); 2 the store cannot
    be opened, or the actor may not.
    """
    import pandas as pd

    with needs_records():
        from schedopt.registry import store_file
    found = store_file.look_at_end(store_file.read_store_file(store))
    if not found:
        with opened(store, actor, _FOR) as there:
            found = there.verify()
    if not found:
        say("Nothing was tampered with.")
        return
    frame = pd.DataFrame({"number": [one.number for one in found], "what": [one.what for one in found]})
    say(text_table(frame, {"number": "entry", "what": "what is wrong"}))
    raise typer.Exit(1)


@speaks_plainly
def report(
    store: StorePlace,
    person: Person = None,
    by: Annotated[str | None, typer.Option(metavar="WHO", help="Only what this actor did.")] = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """Say who saw or changed what, when and why; what was refused or failed too.

    Exit status: 0 told; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, _FOR) as there:
        found = there.audit_report(person, by)
    tell_table(found, _HEADINGS, out, "There are no such entries.")


@speaks_plainly
def accounting(
    store: StorePlace,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person in the store.")],
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List to whom a person's records were disclosed, but for treatment, payment and operations (45 CFR 164.528).

    Exit status: 0 told; 2 the store cannot be opened, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, _FOR) as there:
        found = there.accounting(person)
    tell_table(found, _HEADINGS, out, "There are no disclosures to account for.")


@speaks_plainly
def checkpoint(store: StorePlace, actor: Actor = None) -> None:
    """Sign where the audit trail stands now, and add that to the file of checkpoints.

    Exit status: 0 signed; 2 the store cannot be opened, or the file cannot be written.
    """
    with opened(store, actor, _FOR) as there:
        file = there.session.checkpoints  # closing a store signs it
    say(f"Added a checkpoint to {file}")
