"""Claims are charged: what they ask for is owed by their insurers, until somebody pays or takes it over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schedopt.billing.accounts.journal import Move, Moves, Row
from schedopt.errors import StoreError
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import claims_of, lines_of
from schedopt.store.session import Call
from schedopt.store.words import told

CHARGE, UNCHARGE = "charge", "charge taken back"


def charge(call: Call, claims: Sequence[str]) -> int:
    """Charge those of some claims that are not charged; how many were.

    Raises
    ------
    StoreError
        If there is no such claim.
    """
    call.may("read", "claims", ("claim", "date", "insurer"))
    call.may("read", "claim_lines", ("claim", "line", "charge"))
    call.may("add", "journal", ledger.JOURNAL)
    there, lines, rows = claims_of(call, claims), lines_of(call, claims), list[Row]()
    for name in claims:
        if name not in there:
            raise StoreError(f"expected the id of a claim, not {told(name)}")
    charged = {name for name, some in ledger.rows_of_claims(call, claims).items() if _charged(some)}
    count = 0
    for name in dict.fromkeys(claims):
        if name not in charged:
            day = there[name].cells["date"]
            count += 1
            rows += (
                Row(day, "insurer", "charges", line.charge, name, line.line, None, None, CHARGE)
                for line in lines.get(name, [])
                if line.charge
            )
    ledger.write(call, rows)
    return count


def uncharge(call: Call, claims: Sequence[str]) -> int:
    """Take back what some claims were charged, as when another stands for them; how many had been."""
    call.may("add", "journal", ledger.JOURNAL)
    rows, count = list[Row](), 0
    for claim, some in ledger.rows_of_claims(call, claims).items():
        left = _charged(some)
        count += bool(left)
        rows += (
            Row(call.today, move.debit, move.credit, -cents, claim, move.line, None, None, UNCHARGE)
            for move, cents in left.items()
        )
    ledger.write(call, rows)
    return count


def _charged(rows: Sequence[Row]) -> Moves:
    """What a claim is charged now."""
    found: Moves = Counter()
    for row in rows:
        if row.why in (CHARGE, UNCHARGE):
            found[Move(row.debit, row.credit, row.line, CHARGE)] += row.cents
    return Counter({move: cents for move, cents in found.items() if cents})
