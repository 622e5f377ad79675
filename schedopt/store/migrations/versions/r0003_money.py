"""Tables of checks, of what payers decided, and of the journal; they are only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

metadata = sa.MetaData()

checks = sa.Table(
    "checks", metadata,
    sa.Column("check", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("payer", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("cents", sa.BigInteger, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index("checks_once", "payer", "number", "day", unique=True),
    sa.Index("checks_since", "since"),
)  # fmt: skip

adjudications = sa.Table(
    "adjudications", metadata,
    sa.Column("adjudication", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("check", sa.BigInteger, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("claim", sa.Text),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Index("adjudications_claim", "claim"),
    sa.Index("adjudications_check", "check"),
    sa.Index("adjudications_since", "since"),
)  # fmt: skip

matches = sa.Table(
    "matches", metadata,
    sa.Column("adjudication", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("claim", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("matches_claim", "claim"),
    sa.Index("matches_since", "since"),
)  # fmt: skip

journal = sa.Table(
    "journal", metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("day", sa.Text, nullable=False),
    sa.Column("debit", sa.Text, nullable=False),
    sa.Column("credit", sa.Text, nullable=False),
    sa.Column("cents", sa.BigInteger, nullable=False),
    sa.Column("claim", sa.Text),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("party", sa.Text),
    sa.Column("check", sa.BigInteger),
    sa.Column("why", sa.Text, nullable=False),
    sa.CheckConstraint("debit <> credit AND cents <> 0", name="journal_moves"),
    sa.Index("journal_claim", "claim"),
    sa.Index("journal_party", "party"),
    sa.Index("journal_since", "since"),
)  # fmt: skip

ADDED_TO = ("checks", "adjudications", "matches", "journal")


def upgrade() -> None:
    """Make them."""
    connection = op.get_bind()
    metadata.create_all(connection)
    for table in ADDED_TO:
        for statement in _stay(connection.dialect.name, table):
            connection.exec_driver_sql(statement)


def _stay(engine: str, table: str) -> tuple[str, ...]:
    if engine == "postgresql":
        made = f"CREATE FUNCTION {table}_as_it_was() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
        return (
            f"{made}'rows of {table} are not changed'; END $$",
            f"CREATE TRIGGER {table}_stay BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            f"EXECUTE FUNCTION {table}_as_it_was()",
        )
    return tuple(
        f"CREATE TRIGGER {table}_stay_{event} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are not changed'); END"
        for event in ("UPDATE", "DELETE")
    )
