"""The tables of a store.

Whatever an office's tables say stands in one, ``facts``: a source that others install brings its tables along without
a migration. What the database itself has to hold apart has tables of its own: bookings, and what each holds. How it
does so, by constraints and triggers, stands with the revisions in ``migrations``. Nothing is overwritten: a row is
known since one entry of the audit trail and until another, and these say when, by whom and why.
"""

from __future__ import annotations

import sqlalchemy as sa

ALWAYS, EVER = "0001-01-01", "9999-12-31"
"""First and last day of what is true without a beginning or an end."""

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
"""Where the audit trail ends: one row, which every call locks first."""

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
"""The audit trail: one row a call, also one that was refused or failed."""

seen = sa.Table(
    "seen", metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
)  # fmt: skip
"""The entries about each person; drawn from ``entries.people``, for looking up."""

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
"""One row of one of the office's tables, in one version. ``fact`` stays the same from version to version."""

_now = facts.c.until.is_(None)
for _name, _columns, _rows in (
    ("facts_key", ("kind", "key"), _now),
    ("facts_patient", ("kind", "patient"), _now),
    ("facts_request", ("kind", "request"), _now),
    ("facts_open", ("kind",), sa.and_(_now, facts.c.closed.is_(None))),
    ("facts_since", ("since",), None),
    ("facts_until", ("until",), facts.c.until.is_not(None)),
    ("facts_written", ("kind", "since"), None),
    ("facts_ended", ("kind", "until"), facts.c.until.is_not(None)),
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
"""A booking in one status. ``starts`` and ``ends`` are minutes from 1970 in UTC; ``date`` and ``start`` what the
site's clocks show, and ``steps`` when each step begins; ``others`` are the providers who take part; ``over`` is 1 where
it was allowed to overlap."""

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
"""What each living booking holds, and from when to when (half-open, minutes from 1970 in UTC): a provider, a patient, a
unit of a pool. Two rows of one thing and unit do not overlap, unless both share (a group visit) or one is over."""

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
"""Checks and transfers of payers whose remittances were posted; ``content`` is a keyed digest of the remittance."""

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
"""What payers decided of claims; what is about none of ours stands in ``sealed`` as it came."""

matches = sa.Table(
    "matches", metadata,
    sa.Column("adjudication", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("claim", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("matches_claim", "claim"),
    sa.Index("matches_since", "since"),
)  # fmt: skip
"""Of decisions that came without a claim of ours, the claim that somebody has found."""

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
"""The journal of money. Like the three tables before it, it is only ever added to: the database refuses all else."""

calls = sa.Table(
    "calls", metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("asked", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
)  # fmt: skip
"""Answers by idempotency key."""

blinds = sa.Table(
    "blinds", metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, primary_key=True),
    sa.Index("blinds_value", "field", "value"),
)  # fmt: skip
"""Blind indexes of sealed columns: HMACs by which people are looked up."""
