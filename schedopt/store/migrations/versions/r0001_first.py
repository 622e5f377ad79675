"""The first schema."""

from __future__ import annotations

from alembic import op

from schedopt.store.schema import NO_OVERLAP, ONCE, metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    connection = op.get_bind()
    metadata.create_all(connection)
    for statement in (*NO_OVERLAP[connection.dialect.name], *ONCE[connection.dialect.name]):
        connection.exec_driver_sql(statement)
