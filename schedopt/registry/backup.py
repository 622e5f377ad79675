"""A store's backups, its restoring, and its way to a newer schema."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.registry.opening import checkpoints_of, utc_now
from schedopt.registry.store import Store
from schedopt.store import backup as copies
from schedopt.store import schema
from schedopt.store.engine import make_engine, snapshot
from schedopt.store.keys import Keys
from schedopt.store.migrate import is_new, pending, upgrade
from schedopt.store.session import Call
from schedopt.store.trail import head_seal, restored_line, write_checkpoint
from schedopt.writing import append_line


def backup(store: Store, file: str | Path) -> dict[str, int]:
    """Write all of a store into one file, proved equal; rows by table.

    The store is copied as it is when copying begins; others go on working meanwhile. Keys are not in it: who has the
    backup alone reads nothing sealed, and whose key is destroyed is gone from it too.

    Raises
    ------
    AccessDenied
        To who is no administrator.
    StoreError
        If the copy is not equal.
    OutputError
        If it cannot be written.
    """
    file, session = Path(file), store.session
    session.do("backup", _may_back_up, about=file.name)
    with snapshot(session.engine) as connection:
        counts = copies.backup(connection, file)
    session.do("backup made", _may_back_up, about=file.name)
    return counts


def _may_back_up(call: Call) -> None:
    call.may("read", "backups", ("file",))


def restore(
    file: str | Path, url: str, keys: str | Path | Keys, *, checkpoints: str | Path | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
) -> dict[str, int]:  # fmt: skip
    """Bring a backup into an empty database, in one transaction; rows by table.

    That the trail goes back to where the backup was made is signed into the file of checkpoints: what came after it
    is gone, and is not taken for tampering.

    Raises
    ------
    StoreError
        If the database is not empty, the file is no backup, or the keys are other ones.
    """
    keys = keys if isinstance(keys, Keys) else Keys(keys)
    engine = make_engine(url)
    copies.expect_empty(engine)
    try:
        with engine.begin() as connection:
            counts = copies.restore(Path(file), connection)
            head = connection.execute(sa.select(schema.head)).mappings().one()
            seal = head_seal(keys.audit, head["store"], head["number"], head["at"], head["mac"])
            if seal != head["seal"]:
                raise StoreError("expected the keys of this backup: with these, the end of its trail is not as it was")
            at = clock().astimezone(dt.UTC).isoformat()
            points = checkpoints_of(keys, checkpoints)
            append_line(points, restored_line(keys, head["store"], head["number"], at))  # a store never lacks it
    finally:
        engine.dispose()
    write_checkpoint(points, keys, head["store"], head["number"], head["at"], head["mac"])
    return counts


def migrate(url: str, backup_file: str | Path) -> list[str]:
    """Bring a store to the newest schema, after a verified backup; the revisions that were brought.

    Raises
    ------
    StoreError
        If it is of a newer revision than this version knows.
    """
    engine = make_engine(url)
    try:
        if is_new(engine):
            raise StoreError("expected a store: this database is empty; 'schedopt store init' makes one")
        wanted = pending(engine)
        if wanted:
            with snapshot(engine) as connection:
                copies.backup(connection, Path(backup_file))
            upgrade(engine)
    finally:
        engine.dispose()
    return wanted
