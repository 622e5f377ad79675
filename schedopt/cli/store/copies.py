"""``schedopt store import``, ``export``, ``backup``, ``restore`` and ``migrate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.speech import say, speaks_plainly
from schedopt.cli.store.told import StorePlace, say_rows

_BACKUP = "File of the backup: one SQLite file, whatever the store's database is."


@speaks_plainly
def import_(
    store: StorePlace,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of an office, with names and birth dates.")],
    actor: Actor = None,
) -> None:
    """Bring a store to what an office's folder says: rows that have changed, are new, or are there no more.

    Nothing is overwritten: what the store knew before can still be looked at. Appointments become bookings.

    Exit status: 0 imported; 2 the folder has errors (they are listed), the store cannot be opened, or the actor may
    not, nothing is changed.
    """
    with opened(store, actor) as there:
        changed = there.import_folder(folder)
    if len(changed):
        say_rows(dict(zip(changed["table"], changed["changed"].tolist(), strict=True)), "rows changed")
    else:
        say("Nothing has changed.")


@speaks_plainly
def export(
    store: StorePlace,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to write; not there yet, or empty.")],
    actor: Actor = None,
) -> None:
    """Write all of a store's office into a folder, with names and birth dates, as 'import' reads it.

    Exit status: 0 written; 2 the folder is not empty or cannot be written, the store cannot be opened, or the actor may
    not, nothing is written.
    """
    with opened(store, actor) as there:
        there.export(folder)
    say(f"Wrote the office to {folder}, with names and birth dates: keep it as safe as the store.")


@speaks_plainly
def backup(
    store: StorePlace,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_BACKUP)],
    actor: Actor = None,
) -> None:
    """Write all of a store into one file, and prove that it is equal.

    Keys are not in it: keep a copy of their folder somewhere else.

    Exit status: 0 written; 2 the file cannot be written, the store cannot be opened, or the actor may not, nothing is
    written.
    """
    with opened(store, actor) as there:
        from schedopt.registry import backup as copies

        counts = copies.backup(there, file)
    say_rows(counts, "rows kept")
    say(f"Wrote {file}, proved equal to the store. The keys are not in it.")


@speaks_plainly
def restore(
    store: StorePlace, file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, as 'backup' writes it.")]
) -> None:
    """Bring a backup into the empty database that a store's file names, and prove that it is equal.

    STORE must name the keys that were the store's when the backup was made; a key that was destroyed since stays
    destroyed. That the audit trail goes back is signed into the file of checkpoints.

    Exit status: 0 restored; 2 the database is not empty, the file is no backup, or the keys are other ones, nothing is
    restored.
    """
    with needs_records():
        from schedopt.registry import backup as copies
        from schedopt.registry.store_file import read_store_file
    said = read_store_file(store)
    say_rows(copies.restore(file, said.address, said.beside(said.keys), checkpoints=said.points), "rows restored")
    say("Restored, and proved equal to the backup.")


@speaks_plainly
def migrate(
    store: StorePlace,
    backup: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the store is copied to before, and the copy proved equal.")
    ],
) -> None:
    """Bring a store's tables to what this version of schedopt knows, after a backup.

    Exit status: 0 there is nothing to bring, or it is brought; 2 the store cannot be opened, is of a newer version, or
    the backup cannot be written, nothing is changed.
    """
    with needs_records():
        from schedopt.registry import backup as copies
        from schedopt.registry.store_file import expect_there, read_store_file
    said = read_store_file(store)
    expect_there(said)
    brought = copies.migrate(said.address, backup)
    say(f"Brought: {', '.join(brought)}. The store as it was: {backup}" if brought else "There is nothing to bring.")
