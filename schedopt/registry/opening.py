"""Making a store, and opening one that is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.records.people import Actor
from schedopt.registry.exchange import Wanted, key_of, new_fact
from schedopt.registry.grants import POLICY
from schedopt.registry.store import Store
from schedopt.store import schema
from schedopt.store.access import Policy
from schedopt.store.engine import make_engine, snapshot
from schedopt.store.keys import Keys
from schedopt.store.migrate import expect_current, is_new, upgrade
from schedopt.store.session import Call, Session, random_id, stamp
from schedopt.store.trail import FIRST_MAC, Tampered, head_seal, verify


def utc_now() -> dt.datetime:
    """The moment."""
    return dt.datetime.now(dt.UTC)


def create_store(
    url: str, keys: str | Path | Keys, *, actor: str, clock: Callable[[], dt.datetime] = utc_now,
    checkpoints: str | Path | None = None,
) -> Store:  # fmt: skip
    """Make a new store, with its first actor, who is its administrator and planner.

    Parameters
    ----------
    url : str
        Of an empty database: a file's name for SQLite, or ``postgresql://…``.
    keys : str, Path or Keys
        Its keys, or the folder in which they are made or are.
    actor : str
        Id of the first actor.
    clock : callable
        Gives the moment, with a zone.
    checkpoints : str or Path, optional
        File of the signed checkpoints; by default ``checkpoints.jsonl`` beside the keys. It belongs elsewhere.

    Returns
    -------
    Store
        Opened by `actor` for operations.

    Raises
    ------
    StoreError
        If there is a store already.
    """
    engine = make_engine(url)
    if not is_new(engine):
        raise StoreError("expected an empty database: there is a store in it, or something else")
    if not isinstance(keys, Keys):
        keys = Keys(keys) if (Path(keys) / "ring.db").exists() else Keys.create(keys)
    upgrade(engine)
    name, at = random_id("s"), stamp(clock())
    with engine.begin() as connection:
        seal = head_seal(keys.audit, name, 0, at, FIRST_MAC)
        row = {"one": 1, "store": name, "number": 0, "at": at, "mac": FIRST_MAC, "seal": seal}
        connection.execute(schema.head.insert(), row)
    store = Store(Session(engine, keys, POLICY, actor, "operations", clock, checkpoints_of(keys, checkpoints)))

    def body(call: Call) -> None:
        roles = {"actor": actor, "roles": "administrator; planner"}
        call.insert([new_fact(call, Actor.table_name, 1, Wanted(key_of(actor), roles, {}, None, None, None))])

    store.session.do("init", body, about=actor)
    store.session.checkpoint()
    return store


def open_store(
    url: str, keys: str | Path | Keys, *, actor: str, purpose: str, clock: Callable[[], dt.datetime] = utc_now,
    checkpoints: str | Path | None = None, policy: Policy = POLICY,
) -> Store:  # fmt: skip
    """Open a store.

    Parameters
    ----------
    url : str
        Of the database: a file's name for SQLite, or ``postgresql://…``.
    keys : str, Path or Keys
        Its keys, or the folder with them.
    actor : str
        Who asks. Whether somebody is who he says is not for the store to find out.
    purpose : str
        What for: ``treatment``, ``payment``, ``operations``, ``audit`` or ``request`` (a person's own).
    clock : callable
        Gives the moment, with a zone.
    checkpoints : str or Path, optional
        File of the signed checkpoints; by default beside the keys.
    policy : Policy
        Who may do what; where sources that others install have tables, with grants for them.

    Returns
    -------
    Store
        To be closed.

    Raises
    ------
    StoreError
        If there is no store, its schema is of another revision, or its keys are other ones.
    """
    engine = make_engine(url)
    expect_current(engine)
    keys = keys if isinstance(keys, Keys) else Keys(keys)
    with snapshot(engine) as connection:
        ends = _ends_well(connection, keys)
    if not ends:
        raise StoreError("expected the keys of this store: with these, the end of its audit trail is not as it was")
    return Store(Session(engine, keys, policy, actor, purpose, clock, checkpoints_of(keys, checkpoints)))


def torn(url: str, keys: str | Path | Keys, *, checkpoints: str | Path | None = None) -> list[Tampered]:
    """What was tampered with in a store that does not open, as its audit trail does not end as it should.

    Returns
    -------
    list of Tampered
        By entry; empty where the trail ends as it should. With keys that are other ones, all of it looks tampered with.

    Raises
    ------
    StoreError
        If there is no store, its schema is of another revision, or there are no keys.
    """
    engine = make_engine(url)
    expect_current(engine)
    keys = keys if isinstance(keys, Keys) else Keys(keys)
    file = checkpoints_of(keys, checkpoints)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    try:
        with snapshot(engine) as connection:
            return [] if _ends_well(connection, keys) else verify(connection, keys, lines)
    finally:
        engine.dispose()


def _ends_well(connection: sa.Connection, keys: Keys) -> bool:
    """Whether the trail ends where keys have sealed its end."""
    head = connection.execute(sa.select(schema.head)).mappings().one_or_none()
    if head is None:
        return False
    return bool(head["seal"] == head_seal(keys.audit, head["store"], head["number"], head["at"], head["mac"]))


def checkpoints_of(keys: Keys, checkpoints: str | Path | None) -> Path:
    """The file of checkpoints: as said, or beside the keys."""
    return Path(checkpoints) if checkpoints is not None else keys.folder / "checkpoints.jsonl"
