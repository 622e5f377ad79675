"""Backups: a whole store as one SQLite file, of whatever engine, proved equal to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.store.encoding import encoded
from schedopt.store.engine import make_engine
from schedopt.store.migrate import is_new, pending, revision_of, upgrade_within
from schedopt.writing import put_in_place, remove_file

_AT_ONCE = 5_000


def backup(connection: sa.Connection, file: Path) -> dict[str, int]:
    """Write all of a store, of whatever revision, into a file and prove that it is equal; rows by table.

    Parameters
    ----------
    connection : Connection
        Of the store, in a transaction.
    file : Path
        Replaced whole, once the copy is proved. Keys are not in it.

    Raises
    ------
    StoreError
        If the copy is not equal.
    OutputError
        If it cannot be written.
    """
    beside = file.with_name(f"{file.name}.part")
    remove_file(beside)
    engine = make_engine(f"sqlite:///{beside}")
    try:
        with engine.begin() as copy:
            counts = _copied(connection, copy)
            if counts is None:
                raise StoreError("the backup is not equal to the store; nothing is kept of it")
        with engine.connect() as whole:
            raw: Any = whole.connection.driver_connection
            raw.commit()
            raw.execute("PRAGMA journal_mode = DELETE").close()
    except BaseException:
        engine.dispose()
        for name in (beside, *_logs(beside)):
            remove_file(name)
        raise
    engine.dispose()
    put_in_place(beside, file)
    return counts


def restore(file: Path, connection: sa.Connection) -> dict[str, int]:
    """Bring all of a backup into an empty database, in its transaction, and prove that it is equal; rows by table.

    The database is then of the backup's revision.

    Raises
    ------
    StoreError
        If the file is no backup, or of a revision that this version does not know.
    """
    if not file.is_file():
        raise StoreError(f"expected a backup: {file} is no file")
    engine = make_engine(f"sqlite:///{file}")
    try:
        if is_new(engine):
            raise StoreError(f"expected a backup: {file} is empty")
        pending(engine)
        with engine.connect() as kept:
            counts = _copied(kept, connection)
            if counts is None:
                raise StoreError("what was restored is not equal to the backup; nothing is kept of it")
    finally:
        engine.dispose()
        for name in _logs(file):
            remove_file(name)
    return counts


def expect_empty(engine: sa.Engine) -> None:
    """Refuse a database in which there is something."""
    if not is_new(engine):
        raise StoreError("expected an empty database to restore into: there is something in it")


def _copied(source: sa.Connection, target: sa.Connection) -> dict[str, int] | None:
    """Copy every row of a store; rows by table, or None where the copy is not equal."""
    upgrade_within(target, str(revision_of(source)))
    tables = tables_of(source)
    for table in tables:
        for rows in _parts(source, table):
            target.execute(table.insert(), [dict(row._mapping) for row in rows])
    found = contents(source, tables)
    return {name: count for name, (count, _) in found.items()} if contents(target, tables) == found else None


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """The tables of a store as they are, whatever its revision."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: name != "alembic_version")
    return sorted(found.tables.values(), key=lambda table: table.name)


def contents(connection: sa.Connection, tables: Sequence[sa.Table]) -> dict[str, tuple[int, int]]:
    """Of each table the number of rows, and the sum of their digests: the same for the same rows in any order."""
    found = {}
    for table in tables:
        count = total = 0
        for rows in _parts(connection, table):
            count += len(rows)
            total += sum(int.from_bytes(hashlib.sha256(encoded(row)).digest()[:16]) for row in rows)
        found[table.name] = (count, total % (1 << 128))
    return found


def _parts(connection: sa.Connection, table: sa.Table) -> Iterator[Sequence[sa.Row[Any]]]:
    result = connection.execute(sa.select(table).execution_options(yield_per=_AT_ONCE))
    yield from result.partitions(_AT_ONCE)


def _logs(file: Path) -> list[Path]:
    """What SQLite writes beside a file."""
    return [file.with_name(f"{file.name}-{end}") for end in ("wal", "shm", "journal")]
