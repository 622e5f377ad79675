"""The first schema, as it was released: it is not changed any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = sa.MetaData()

head = sa.Table(
    "head", metadata,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("store", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.Column("seal", sa.LargeBinary, nullable=False),
)  # fmt: skip

entries = sa.Table(
    "entries", metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("people", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("reason", sa.LargeBinary),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.Index("entries_at", "at"),
)  # fmt: skip

seen = sa.Table(
    "seen", metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
)  # fmt: skip

facts = sa.Table(
    "facts", metadata,
    sa.Column("fact", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("valid_from", sa.Text, primary_key=True),
    sa.Column("until", sa.BigInteger),
    sa.Column("valid_until", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("patient", sa.Text),
    sa.Column("request", sa.Text),
    sa.Column("cells", sa.Text, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("closed", sa.BigInteger),
)  # fmt: skip

_now = facts.c.until.is_(None)
for _name, _columns, _rows in (
    ("facts_key", ("kind", "key"), _now),
    ("facts_patient", ("kind", "patient"), _now),
    ("facts_request", ("kind", "request"), _now),
    ("facts_open", ("kind",), sa.and_(_now, facts.c.closed.is_(None))),
    ("facts_since", ("since",), None),
    ("facts_until", ("until",), facts.c.until.is_not(None)),
):
    sa.Index(_name, *(facts.c[column] for column in _columns), sqlite_where=_rows, postgresql_where=_rows)

bookings = sa.Table(
    "bookings", metadata,
    sa.Column("booking", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("until", sa.BigInteger),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("patient", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("date", sa.Text, nullable=False),
    sa.Column("start", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("starts", sa.BigInteger, nullable=False),
    sa.Column("ends", sa.BigInteger, nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("minutes", sa.Integer),
    sa.Column("authorisation", sa.Text),
    sa.Column("steps", sa.Text, nullable=False),
    sa.Column("others", sa.Text, nullable=False),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("over", sa.Integer, nullable=False),
    sa.Column("holds_until", sa.Text),
)  # fmt: skip

_now = bookings.c.until.is_(None)
for _name, _columns, _rows in (
    ("bookings_now", ("booking",), _now),
    ("bookings_request", ("request",), _now),
    ("bookings_day", ("date",), _now),
    ("bookings_status", ("status", "date"), _now),
    ("bookings_patient", ("patient",), _now),
    ("bookings_since", ("since",), None),
    ("bookings_until", ("until",), bookings.c.until.is_not(None)),
):
    sa.Index(_name, *(bookings.c[column] for column in _columns), sqlite_where=_rows, postgresql_where=_rows)

holdings = sa.Table(
    "holdings", metadata,
    sa.Column("booking", sa.Text, primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("thing", sa.Text, nullable=False),
    sa.Column("unit", sa.Integer, nullable=False),
    sa.Column("starts", sa.BigInteger, nullable=False),
    sa.Column("ends", sa.BigInteger, nullable=False),
    sa.Column("shares", sa.Text, nullable=False),
    sa.Column("over", sa.Integer, nullable=False),
    sa.CheckConstraint("starts < ends", name="holdings_in_order"),
    sa.Index("holdings_thing", "kind", "thing", "unit", "starts"),
)  # fmt: skip

calls = sa.Table(
    "calls", metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("asked", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
)  # fmt: skip

blinds = sa.Table(
    "blinds", metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, primary_key=True),
    sa.Index("blinds_value", "field", "value"),
)  # fmt: skip

NO_OVERLAP = {
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "ALTER TABLE holdings ADD CONSTRAINT holdings_apart EXCLUDE USING gist (kind WITH =, thing WITH =, "
        "unit WITH =, shares WITH <>, int8range(starts, ends, '[)') WITH &&) WHERE (over = 0)",
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER holdings_apart_{event} BEFORE {event} ON holdings WHEN NEW.over = 0 AND EXISTS ("
        "SELECT 1 FROM holdings WHERE kind = NEW.kind AND thing = NEW.thing AND unit = NEW.unit AND over = 0 "
        "AND shares <> NEW.shares AND starts < NEW.ends AND ends > NEW.starts "
        "AND NOT (booking = NEW.booking AND line = NEW.line)"
        ") BEGIN SELECT RAISE(ABORT, 'holdings_apart'); END"
        for event in ("INSERT", "UPDATE")
    ),
}

ONCE = {
    "postgresql": (
        "CREATE FUNCTION as_it_was() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'rows of entries are not changed'; END $$",
        "CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION as_it_was()",
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER entries_stay_{event} BEFORE {event} ON entries "
        "BEGIN SELECT RAISE(ABORT, 'rows of entries are not changed'); END"
        for event in ("UPDATE", "DELETE")
    ),
}


def upgrade() -> None:
    """Make every table."""
    connection = op.get_bind()
    metadata.create_all(connection)
    for statement in (*NO_OVERLAP[connection.dialect.name], *ONCE[connection.dialect.name]):
        connection.exec_driver_sql(statement)
