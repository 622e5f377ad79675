"""``schedopt audit evidence`` and ``check-evidence``."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.operations.auditing import FOR, AuditId
from schedopt.cli.speech import parse_week, say, speaks_plainly
from schedopt.cli.store.told import StorePlace, try_out
from schedopt.errors import Fault, InputError
from schedopt.writing import write_files

_KEY = re.compile("[0-9a-fA-F]{64}")


def _parse_key(text: str) -> str:
    """A public key as stores tell it: 32 bytes in hex."""
    if not _KEY.fullmatch(text):
        raise typer.BadParameter(f"expected a public key of 64 hexadecimal digits, not {text!r}")
    return text


@speaks_plainly
def evidence(
    store: StorePlace,
    audit: AuditId,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write (JSON); ids alone stand in it.")],
    first: Annotated[
        dt.date | None,
        typer.Option("--from", parser=parse_week, metavar="DATE", help="First day (UTC) of the entries."),
    ] = None,
    last: Annotated[dt.date | None, typer.Option("--to", parser=parse_week, metavar="DATE", help="Last day.")] = None,
    actor: Actor = None,
) -> None:
    """Write who changed what about the items of an audit, out of the verified audit trail, signed for others to check.

    Exit status: 0 written, and the trail verifies; 1 written, but the trail was tampered with, as the file says; 2 the
    store cannot be used, there is no such audit, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.audit_evidence(audit, first=first, last=last)
        public = there.session.keys.public.hex()
    write_files({out: found.content})
    say(f"Wrote {out}: {len(found.changes):,} changes by {found.changes['entry'].nunique():,} entries of the trail")
    say(f"Public key of the store: {public}")
    if found.tampered:
        say("The audit trail does not verify:")
        say("\n".join(f"entry {one.number}: {one.what}" for one in found.tampered))
        raise typer.Exit(1)
    say("The audit trail verifies.")


@speaks_plainly
def check_evidence(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What 'schedopt audit evidence' has written.")],
    key: Annotated[
        str | None,
        typer.Option(
            parser=_parse_key, metavar="HEX", help="Public key of the store, as it told you: proves whose file it is."
        ),
    ] = None,
    store: Annotated[
        Path | None, typer.Option(metavar="STORE", help="Compare with the trail of this store too.")
    ] = None,
    actor: Actor = None,
) -> None:
    """Check a file of evidence: that it is as it was signed, and, with --store, that the trail still says the same.

    Without --key or --store, the key that the file itself names is taken: that proves only that nothing of it was
    changed by accident.

    Exit status: 0 it is as it was signed; 1 it is not, or the trail did not verify; 2 it is no such file.
    """
    if key is not None and store is not None:
        raise typer.BadParameter("expected one of --key and --store: a store knows its own key")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError([Fault(file.name, None, None, None, f"expected a file ({type(error).__name__})")]) from None
    if store is not None:
        with opened(store, actor, FOR) as there:
            found = there.check_evidence(content)
    else:
        with needs_records():
            from schedopt.registry.operations.audit_evidence import signature_faults
        from schedopt.operations.audits.evidence import read_evidence

        found = signature_faults(read_evidence(content, file.name), key)
    say("\n".join(found) if found else "It is as it was signed.")
    raise typer.Exit(1 if found else 0)
