"""The schema's revisions bring a store with data forward, and what is not ours is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from schedopt.errors import StoreError
from schedopt.registry import create_store, open_store
from schedopt.registry.backup import migrate
from schedopt.store import schema
from schedopt.store.engine import make_engine
from schedopt.store.migrate import newest, revision, upgrade
from tests.postgres import LACKING, Server, is_here


def differences(engine: sa.Engine) -> list[object]:
    """What the database has other than the tables that the code knows."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))


def test_the_revisions_lead_to_the_schema(tmp_path: Path) -> None:
    """A new store has the tables, columns and indexes that the code knows, and no others."""
    engine = make_engine(str(tmp_path / "office.db"))
    assert upgrade(engine)[-1] == newest()
    assert upgrade(engine) == []
    assert revision(engine) == newest()
    assert differences(engine) == []
    engine.dispose()


@pytest.mark.skipif(not is_here(), reason=LACKING)
def test_the_revisions_lead_to_the_schema_on_postgresql(postgres: Server) -> None:
    """The same on PostgreSQL."""
    engine = make_engine(postgres.new_database())
    upgrade(engine)
    assert differences(engine) == []
    engine.dispose()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    """A store of a revision that this version does not know is neither opened nor changed."""
    file = tmp_path / "office.db"
    create_store(str(file), tmp_path / "keys", actor="ada").close()
    with closing(sqlite3.connect(file)) as base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")
        base.commit()
    with pytest.raises(StoreError, match="newer than this schedopt knows"):
        open_store(str(file), tmp_path / "keys", actor="ada", purpose="operations")
    with pytest.raises(StoreError, match="newer than this schedopt knows"):
        migrate(str(file), tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


@pytest.mark.parametrize("content", [None, "CREATE TABLE other (a)"])
def test_what_is_no_store_is_refused(content: str | None, tmp_path: Path) -> None:
    """An empty database, and one with other tables, are not opened; nothing is made over the second."""
    file = tmp_path / "office.db"
    with closing(sqlite3.connect(file)) as base:
        if content:
            base.execute(content)
            base.commit()
    create_store(str(tmp_path / "real.db"), tmp_path / "keys", actor="ada").close()
    with pytest.raises(StoreError, match="expected a store"):
        open_store(str(file), tmp_path / "keys", actor="ada", purpose="operations")
    if content:
        with pytest.raises(StoreError, match="expected an empty database"):
            create_store(str(file), tmp_path / "more", actor="ada")
