"""Claims are charged: what they ask for is owed by their insurers, until somebody pays or takes it over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schedopt.billing.accounts.journal import Move, Moves, Row
from schedopt.billing.claims.tables import Claim
from schedopt.errors import StoreError
from schedopt.registry.exchange import key_of
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import claims_of, lines_of
from schedopt.registry.money.priors import first_of
from schedopt.registry.money.rows import kept
from schedopt.store.session import Call
from schedopt.store.words import told

CHARGE, UNCHARGE, TAKEN_OVER = "charge", "charge taken back", "taken over by"


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
            cells = there[name].cells
            count += 1
            if cells.get("rank", "primary") == "primary":
                rows += (
                    Row(cells["date"], "insurer", "charges", line.charge, name, line.line, None, None, CHARGE)
                    for line in lines.get(name, [])
                    if line.charge
                )
            else:
                rows += _taken_over(call, name, _first(call, name))
    ledger.write(call, rows)
    return count


def _first(call: Call, claim: str) -> str | None:
    """Of a claim to a second insurer, the first one's claim for the same visit."""
    rows = [one.row for one in kept(call, Claim, by="key", values=[key_of(claim)])]
    first = first_of(call, rows).get(claim)
    return None if first is None else first.claim


def _taken_over(call: Call, claim: str, first: str | None) -> list[Row]:
    """A second insurer owes what the patient owed of the first one's claim."""
    owed = ledger.owed(call, "patient").get(first, 0) if first is not None else 0
    if first is None or not owed:
        return []
    return [
        Row(call.today, "charges", "patient", owed, first, 0, None, None, f"{TAKEN_OVER} {claim}"),
        Row(call.today, "insurer", "charges", owed, claim, 0, None, None, CHARGE),
    ]


def uncharge(call: Call, claims: Sequence[str]) -> int:
    """Take back what some claims were charged, as when another stands for them; how many had been."""
    call.may("add", "journal", ledger.JOURNAL)
    rows, count = list[Row](), 0
    there = claims_of(call, claims)
    for claim, some in ledger.rows_of_claims(call, claims).items():
        left = _charged(some)
        if left and there[claim].cells.get("rank", "primary") != "primary":
            rows += _given_back(call, claim, _first(call, claim))
        count += bool(left)
        rows += (
            Row(call.today, move.debit, move.credit, -cents, claim, move.line, None, None, UNCHARGE)
            for move, cents in left.items()
        )
    ledger.write(call, rows)
    return count


def _given_back(call: Call, claim: str, first: str | None) -> list[Row]:
    """The patient owes again what a second insurer had taken over."""
    why = f"{TAKEN_OVER} {claim}"
    rows = [] if first is None else ledger.rows_of_claims(call, [first])[first]
    left = sum(row.cents for row in rows if row.why == why)
    return [Row(call.today, "charges", "patient", -left, first, 0, None, None, why)] if left else []


def _charged(rows: Sequence[Row]) -> Moves:
    """What a claim is charged now."""
    found: Moves = Counter()
    for row in rows:
        if row.why in (CHARGE, UNCHARGE):
            found[Move(row.debit, row.credit, row.line, CHARGE)] += row.cents
    return Counter({move: cents for move, cents in found.items() if cents})
