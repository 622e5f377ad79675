"""What came with a check and is about no claim that we know, and the claim that somebody finds for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import claims_of, lines_of, write_outcomes
from schedopt.registry.money.claims import succeeded
from schedopt.registry.money.posting import follows, received
from schedopt.store import schema
from schedopt.store.session import Call
from schedopt.store.words import told


def unmatched(call: Call) -> list[Any]:
    """Adjudications without a claim: ``adjudication``, ``sealed``; ``payer``, ``number``, ``day`` of their check."""
    a, m, c = schema.adjudications.c, schema.matches.c, schema.checks.c
    query = (
        sa.select(a.adjudication, a.place, a.check, a.sealed, c.payer, c.number, c.day)
        .join(c.check.table, c.check == a.check)
        .outerjoin(m.adjudication.table, m.adjudication == a.adjudication)
        .where(a.claim.is_(None), m.adjudication.is_(None))
        .order_by(a.adjudication)
    )
    return list(call.connection.execute(query))


def match(call: Call, number: int, claim: str) -> None:
    """Say which claim an adjudication is about; its money goes there as if it had been known when it came.

    Raises
    ------
    StoreError
        If there is no such adjudication without a claim, or no such claim.
    """
    found = next((row for row in unmatched(call) if row.adjudication == number), None)
    if found is None:
        raise StoreError(f"expected the number of an adjudication without a claim, not {number}")
    if claim not in claims_of(call, [claim]):
        raise StoreError(f"expected the id of a claim, not {told(claim)}")
    heard = ledger.opened_heard(call, number, found.sealed)
    check = (found.day, f"{found.payer} {found.number}", found.place)
    one = ledger.adjudication(number, heard, lines_of(call, [claim]).get(claim, []), check)
    before = ledger.adjudications_of(call, [claim])[claim]
    call.add(schema.matches, [{"adjudication": number, "claim": claim, "body": ledger.text_of(one)}])
    rows = [
        *received(-heard.paid, found.day, found.check, None, found.payer),
        *received(heard.paid, found.day, found.check, claim, None),
    ]  # fmt: skip
    moved, outcome = follows(before, one, claim, found.check)
    ledger.write(call, rows + moved)
    succeeded(call, write_outcomes(call, {claim: outcome}))
