"""``schedopt store records``, ``actor`` and ``access``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out


@speaks_plainly
def records(
    store: StorePlace,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person in the store.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write; not there yet, or empty.")],
    actor: Actor = None,
) -> None:
    """Write everything about one person, and nothing of anybody else, for who asks for his or her records.

    The folder gets records.txt to read, records.json, and a CSV file for each table. It is a person's own request by
    its purpose: the actor must be desk or administrator.

    Exit status: 0 written; 2 there is no such person, the folder is not empty or cannot be written, the store cannot be
    opened, or the actor may not, nothing is written.
    """
    with opened(store, actor, ("request",)) as there:
        from schedopt.registry.own_records import expect_free, write_records

        expect_free(out)
        found = there.records_of(person)
        write_records(person, found, out)
    say(f"Wrote {out}: tables: {len(found):,}, rows: {sum(map(len, found.values())):,}")


@speaks_plainly
def actor(
    store: StorePlace,
    who: Annotated[str, typer.Argument(metavar="WHO", help="Id of somebody, or a program, that works with the store.")],
    roles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ROLES",
            help="What WHO is from now on: planner, desk, billing, clinician, auditor, administrator; several with "
            "blanks between.",
        ),
    ] = None,
    gone: Annotated[bool, typer.Option("--gone", help="WHO works with the store no more; in place of ROLES.")] = False,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Say what somebody is who works with a store: all roles anew. Administrators alone may.

    Exit status: 0 said; 2 there is no such role, nobody would be administrator any more, the store cannot be opened, or
    the actor may not, nothing is changed.
    """
    if bool(roles) == gone:
        raise typer.BadParameter("expected either ROLES or --gone")
    with opened(store, actor) as there:
        there.set_actor(who, roles or ())
    say(f"{who}: {', '.join(sorted(roles))}" if roles else f"{who} works with the store no more.")


@speaks_plainly
def access(out: OutFile = None) -> None:
    """Show who may do what: roles, tables, columns, operations and purposes. What is not shown is denied.

    Exit status: 0 shown; 2 the file cannot be written.
    """
    with needs_records():
        from schedopt.registry.access_document import access_table
    try_out(out)
    table = access_table()
    headings = {name: name for name in ("table", "column", *table.columns[3:], "purposes")}
    tell_table(table, headings, out, "Nobody may do anything.")
