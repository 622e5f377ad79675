"""``schedopt store init``, ``status``, ``check`` and ``rotate-key``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import StorePlace
from schedopt.cli.tables import text_table


@speaks_plainly
def init(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="File to write, such as office.store.toml.")],
    url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="An empty database: sqlite:///office.db (from the folder of STORE on), or postgresql://NAME@HOST/NAME "
            "with the extension btree_gist. No password: that belongs into .pgpass or PGPASSWORD.",
        ),
    ],
    keys: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="Folder of the keys, from the folder of STORE on; made, or that of an earlier store."
        ),
    ],
    checkpoints: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="File that signed checkpoints of the audit trail are added to; it belongs where nobody can change it. "
            "Without it: checkpoints.jsonl beside the keys.",
        ),
    ] = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Make a new store with its keys, and write the small file that says where they are.

    The actor is the store's first administrator and planner, and asks from now on where nobody else is said.

    Exit status: 0 made; 2 the options cannot be used, STORE is there already, or the database is not empty, nothing is
    written.
    """
    with needs_records():
        from schedopt.registry.store_file import StoreFile, create_from
    with create_from(StoreFile(store, url, keys, checkpoints, actor)) as made:
        folder = made.session.keys.folder
    say(f"Made a store, and wrote {store}. Its administrator and planner is {actor}.")
    say(f"Keys: {folder}. Keep a copy of this folder, apart from backups: without it nothing sealed opens again.")
    say(f"Fill it with: schedopt store import {store} OFFICE")


@speaks_plainly
def status(store: StorePlace, actor: Actor = None) -> None:
    """Say how much there is in a store.

    Exit status: 0 told; 2 the store cannot be opened.
    """
    with opened(store, actor) as there:
        table = there.status()
        engine = there.session.engine
        say(f"Database     {engine.url.render_as_string()}\nKeys         {there.session.keys.folder}")
        say(f"Checkpoints  {there.session.checkpoints}\n")
    say(text_table(table, {"what": "what", "count": "rows"}))


@speaks_plainly
def check(store: StorePlace, actor: Actor = None) -> None:
    """Look whether everything in a store agrees: bookings with what they hold, references, sealed values, people seen.

    'schedopt audit verify' looks for tampering.

    Exit status: 0 all agrees; 1 something does not (it is listed); 2 the store cannot be opened.
    """
    with opened(store, actor, ("operations", "audit")) as there:
        found = there.check()
    if not len(found):
        say("All agrees.")
        return
    say(text_table(found, {"what": "what is wrong", "where": "where"}))
    raise typer.Exit(1)


@speaks_plainly
def rotate_key(store: StorePlace, actor: Actor = None) -> None:
    """Wrap all keys of a store with a new master key.

    What is sealed stays as it is. It may be stopped at any point and started again, and the store is used as always
    meanwhile. Copies of the folder of keys from before open with the old master key alone: make new ones.

    Exit status: 0 rotated; 2 the store cannot be opened, or the actor may not; 130 stopped with Ctrl-C.
    """
    with opened(store, actor) as there:
        for left in there.rotate_keys():
            if left:
                say(f"Keys left: {left:,}", error=True)
    say("Every key is wrapped with the new master key.")
