"""Whether the journal agrees with what was heard and with the claims it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from schedopt.billing.accounts.journal import Move, Moves, Row
from schedopt.billing.accounts.settled import settled
from schedopt.registry.money import ledger
from schedopt.store import schema
from schedopt.store.facts import AT_ONCE
from schedopt.store.session import Call


def money_faults(call: Call) -> Iterator[tuple[str, str]]:
    """What is not as it should be, and where."""
    yield from _checks(call)
    yield from _claims(call)


def _checks(call: Call) -> Iterator[tuple[str, str]]:
    """The cash of each check is what was received and taken off with it."""
    c, j = schema.checks.c, schema.journal.c
    cash = Counter[int]()
    for column, sign in ((j.debit, 1), (j.credit, -1)):
        query = sa.select(j.check, sa.func.sum(j.cents)).where(column == "cash", j.check.is_not(None)).group_by(j.check)
        for check, cents in call.connection.execute(query):
            cash[check] += sign * int(cents)
    for check, number, cents in call.connection.execute(sa.select(c.check, c.number, c.cents)):
        if cash[check] != cents:
            yield "a check is not what the journal received with it", number


def _claims(call: Call) -> Iterator[tuple[str, str]]:
    """What the journal moved of each claim is what follows from its adjudications."""
    j = schema.journal.c
    names = list(call.connection.scalars(sa.select(j.claim).where(j.claim.is_not(None)).distinct().order_by(j.claim)))
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        heard, rows = ledger.adjudications_of(call, some), ledger.rows_of_claims(call, some)
        for name in some:
            if _moved(rows[name]) != settled(heard[name]).moves:
                yield "a claim's journal is not what was decided of it", name


def _moved(rows: list[Row]) -> Moves:
    found: Moves = Counter()
    for row in rows:
        if row.check is not None and row.debit != "cash":
            found[Move(row.debit, row.credit, row.line, row.why)] += row.cents
    return Counter({move: cents for move, cents in found.items() if cents})
