"""Indexes that tell by which entry a table was changed last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_index("facts_written", "facts", ["kind", "since"])
    ended = sa.text("until IS NOT NULL")
    op.create_index("facts_ended", "facts", ["kind", "until"], sqlite_where=ended, postgresql_where=ended)
