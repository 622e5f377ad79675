"""The schema's revisions: a new store is brought to the newest, an older one forward, a newer one is refused."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from schedopt.errors import StoreError
from schedopt.store.engine import snapshot


@cache
def _script() -> ScriptDirectory:
    """Ours, whose scripts are loaded once, and not each time that a store is opened."""
    return script_in(Path(str(files("schedopt.store") / "migrations")))


def script_in(folder: Path) -> ScriptDirectory:
    """The revisions in a folder."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def newest() -> str:
    """The newest revision that this version knows."""
    return str(_script().get_current_head())


def revision(engine: sa.Engine) -> str | None:
    """The revision of a store's schema; None where there is none."""
    with snapshot(engine) as connection:
        return revision_of(connection)


def revision_of(connection: sa.Connection) -> str | None:
    """The same over a connection."""
    return MigrationContext.configure(connection).get_current_revision()


def is_new(engine: sa.Engine) -> bool:
    """Whether a database is empty."""
    with snapshot(engine) as connection:
        return not sa.inspect(connection).get_table_names()


def pending(engine: sa.Engine) -> list[str]:
    """Revisions that the store does not have yet, oldest first.

    Raises
    ------
    StoreError
        If the store is of a revision that this version does not know, or is none.
    """
    now, script = revision(engine), _script()
    known = [found.revision for found in script.walk_revisions()][::-1]
    if now is None:
        if not is_new(engine):
            raise StoreError("expected a store: this database has tables, and none says of which revision")
        return known
    if now not in known:
        raise StoreError(f"the store is of revision {now}, which is newer than this schedopt knows: update schedopt")
    return known[known.index(now) + 1 :]


def expect_current(engine: sa.Engine) -> None:
    """Refuse a store whose schema is not the newest.

    Raises
    ------
    StoreError
        With what to do.
    """
    try:
        new, left = is_new(engine), pending(engine)
    except sa.exc.OperationalError as error:
        raise StoreError(f"the database cannot be reached: {type(error.orig).__name__}") from None
    if new:
        raise StoreError("expected a store: this database is empty; 'schedopt store init' makes one")
    if left:
        raise StoreError(f"the store lacks revisions {', '.join(left)}: 'schedopt store migrate' brings them")


def upgrade(engine: sa.Engine, to: str = "head") -> list[str]:
    """Bring a store's schema to a revision, in one transaction; the revisions that were brought."""
    wanted = pending(engine)
    if wanted:
        with engine.begin() as connection:
            upgrade_within(connection, to)
    return wanted


def upgrade_within(connection: sa.Connection, to: str = "head") -> None:
    """The same within a transaction."""
    script = _script()

    def steps(now: str | tuple[str, ...], _context: MigrationContext) -> object:
        return script._upgrade_revs(to, now)  # type: ignore[arg-type]

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, transaction_per_migration=False)
        environment.run_migrations()
