"""The database: how it is reached, how its transactions begin, and how often they are tried."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError

from schedopt.errors import StoreError

TRIES = 8
_BUSY_SECONDS = 30
_AGAIN = {"40001", "40P01", "55P03"}
"""PostgreSQL's codes for a transaction that may be tried again: serialisation, deadlock, lock not available."""

_LOOKS = "looks"
"""Execution option of a transaction that only looks."""

Answer = TypeVar("Answer")


def make_engine(url: str) -> sa.Engine:
    """An engine of SQLite (``sqlite:///FILE``, or a path) or PostgreSQL (``postgresql+psycopg://…``).

    SQLite writes ahead (WAL) and synchronises fully; what is deleted is overwritten with zeros.

    Raises
    ------
    StoreError
        If no such engine can be made.
    """
    if "://" not in url:
        url = f"sqlite:///{url}"
    try:
        where = sa.make_url(url)
        if where.drivername == "postgresql":
            where = where.set(drivername="postgresql+psycopg")
        if where.get_backend_name() not in ("sqlite", "postgresql"):
            raise StoreError("expected a store in SQLite (sqlite:///FILE) or PostgreSQL (postgresql://…)")
        more: dict[str, Any] = {"pool_pre_ping": True} if where.get_backend_name() == "postgresql" else {}
        engine = sa.create_engine(where, hide_parameters=True, **more)
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"expected a store in SQLite or PostgreSQL: {error}") from None
    except ModuleNotFoundError as error:
        raise StoreError(f"{error.name} is missing: install schedopt with the extra 'postgres'") from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _settle_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: sa.Connection) -> None:
    looks = connection.get_execution_options().get(_LOOKS, False)
    connection.exec_driver_sql("BEGIN" if looks else "BEGIN IMMEDIATE")


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """The database as it is at this moment, to look at for as long as it takes; nobody is kept from writing."""
    how: dict[str, Any] = {_LOOKS: True}
    if engine.dialect.name == "postgresql":
        how |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**how) as connection, connection.begin():
        yield connection


def _settle_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin as we say
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}", "journal_mode = WAL", "synchronous = FULL", "secure_delete = ON",
        "foreign_keys = ON", "temp_store = MEMORY", "cache_size = -65536",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def plainly() -> Iterator[None]:
    """Say what a database refuses without what stands in it.

    Raises
    ------
    StoreError
        In place of the database's own error.
    """
    try:
        yield
    except OperationalError as error:
        raise StoreError(f"the database cannot be reached or used: {type(error.orig).__name__}") from None
    except SQLAlchemyError as error:
        kind = type(error.orig if isinstance(error, DBAPIError) else error).__name__
        raise StoreError(f"the database has refused: {kind}") from None


def forget_log(engine: sa.Engine) -> None:
    """Have SQLite's log of writes taken into its file and emptied, so that nothing deleted is left in it."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()


def tried(call: Callable[[], Answer], sleep: Callable[[float], None] = time.sleep) -> Answer:
    """Do a whole transaction, again where another one was in its way; at most :data:`TRIES` times."""
    for attempt in range(TRIES):
        try:
            return call()
        except DBAPIError as error:
            if attempt == TRIES - 1 or not may_work_again(error):
                raise
            sleep(random.uniform(0, 0.005 * 2**attempt))
    raise AssertionError


def may_work_again(error: DBAPIError) -> bool:
    """Whether another transaction was in the way, so that it may be tried again."""
    code = getattr(error.orig, "sqlstate", None)
    return code in _AGAIN or (isinstance(error, OperationalError) and "locked" in str(error.orig))


def violates(error: DBAPIError, constraint: str) -> bool:
    """Whether a statement was refused by a constraint or trigger, by name."""
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return named == constraint or constraint in str(error.orig)
