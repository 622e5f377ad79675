"""The journal and what payers decided, as the database holds them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schedopt.billing.accounts.adjudications import Adjudication, ClaimLine, Cut, Decided
from schedopt.billing.accounts.journal import Account, Row
from schedopt.payers.remittances import Heard
from schedopt.store import facts, schema
from schedopt.store.facts import AT_ONCE
from schedopt.store.sealing import seal, unseal
from schedopt.store.session import Call

JOURNAL = ("day", "debit", "credit", "cents", "claim", "line", "party", "check", "why")
"""Columns of the journal that grants are about."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def adjudication(
    number: int, heard: Heard, lines: list[ClaimLine], place: tuple[str, str, int]
) -> Adjudication:  # fmt: skip
    """What was heard of a claim of ours, by its own lines; `place` is the day, name and place of its check."""
    controls, amounts = (heard.payer_control, heard.earlier_control), (heard.charge, heard.paid)
    return Adjudication(number, *place, heard.status, *controls, *amounts, heard.parts(lines))


def text_of(one: Adjudication) -> str:
    """An adjudication as the database holds it: what is not said by its check."""
    controls, amounts = (one.payer_control, one.earlier_control), (one.charge, one.paid)
    return _ENCODER.encode([one.status, controls, amounts, one.parts])


def _adjudication(row: Any) -> Adjudication:
    status, (control, earlier), (charge, paid), said = json.loads(row.body)
    parts = tuple(Decided(line, paid, tuple(Cut(*cut) for cut in cuts)) for line, paid, cuts in said)
    check = f"{row.payer} {row.number}"
    return Adjudication(
        row.adjudication, row.day, check, row.place, status, control, earlier, charge, paid, parts
    )  # fmt: skip


def sealed_heard(call: Call, number: int, heard: Heard) -> bytes:
    """What was heard of a claim that is none of ours: nobody knows what stands in its numbers."""
    return seal(call.keys.office, heard.text, b"adjudication %d" % number)


def opened_heard(call: Call, number: int, sealed: bytes) -> Heard:
    """The same again."""
    return Heard.of(unseal(call.keys.office, sealed, b"adjudication %d" % number))


def adjudications_of(call: Call, claims: Iterable[str]) -> dict[str, list[Adjudication]]:
    """What was decided of some claims so far, by claim."""
    d, c, m = schema.adjudications.c, schema.checks.c, schema.matches.c
    found: dict[str, list[Adjudication]] = defaultdict(list)
    of_check = (c.day, c.payer, c.number)
    for some in _parts(claims):
        own = sa.select(d.adjudication, d.place, d.claim, d.body, *of_check).join(c.check.table, c.check == d.check)
        matched = (
            sa.select(d.adjudication, d.place, m.claim, m.body, *of_check)
            .join(c.check.table, c.check == d.check)
            .join(m.claim.table, m.adjudication == d.adjudication)
        )
        for query, column in ((own, d.claim), (matched, m.claim)):
            for row in call.connection.execute(query.where(column.in_(some))):
                found[row.claim].append(_adjudication(row))
    return found


def write(call: Call, rows: Sequence[Row]) -> None:
    """Add rows to the journal."""
    call.add(schema.journal, [{"number": call.new_number(), **row._asdict()} for row in rows])


def rows_of(call: Call, *where: sa.ColumnElement[bool]) -> Iterator[Row]:
    """Rows of the journal, in the order in which they were written."""
    j = schema.journal.c
    query = sa.select(*(j[name] for name in JOURNAL)).where(*where).order_by(j.number)
    for row in call.connection.execute(query.execution_options(yield_per=10_000)):
        yield Row(*row)


def rows_of_claims(call: Call, claims: Iterable[str]) -> dict[str, list[Row]]:
    """Rows of the journal about some claims, by claim."""
    found: dict[str, list[Row]] = defaultdict(list)
    for some in _parts(claims):
        for row in rows_of(call, schema.journal.c.claim.in_(some)):
            found[str(row.claim)].append(row)
    return found


def rows_about(call: Call, patient: str) -> list[Row]:
    """Rows of the journal about a patient's claims, and about the patient apart from them."""
    mine = {fact.cells["claim"] for fact in facts.known(call.connection, "claims", by="patient", values=[patient])}
    own = [row for row in rows_of(call, schema.journal.c.party == patient) if row.claim not in mine]
    return [*(row for rows in rows_of_claims(call, mine).values() for row in rows), *own]


def sums(call: Call, *where: sa.ColumnElement[bool]) -> dict[tuple[Account, str | None, str | None], int]:
    """Cents by account, claim and party."""
    j, found = schema.journal.c, defaultdict[tuple[Account, str | None, str | None], int](int)
    for account, sign in ((j.debit, 1), (j.credit, -1)):
        query = sa.select(account, j.claim, j.party, sa.func.sum(j.cents)).where(*where)
        for name, claim, party, cents in call.connection.execute(query.group_by(account, j.claim, j.party)):
            found[name, claim, party] += sign * int(cents)
    return {key: cents for key, cents in found.items() if cents}


def owed(call: Call, account: Account) -> dict[str, int]:
    """Cents that are open on an account, by claim."""
    j = schema.journal.c
    found = defaultdict[str, int](int)
    for (name, claim, _), cents in sums(call, sa.or_(j.debit == account, j.credit == account)).items():
        if name == account and claim is not None:
            found[claim] += cents
    return {claim: cents for claim, cents in found.items() if cents > 0}


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    wanted = list(dict.fromkeys(values))
    for first in range(0, len(wanted), AT_ONCE):
        yield wanted[first : first + AT_ONCE]
