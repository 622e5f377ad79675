"""The journal and what payers decided, as the database holds them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from schedopt.billing.accounts.decisions import Cut, Decided, Decision
from schedopt.billing.accounts.journal import Account, Row
from schedopt.store import schema
from schedopt.store.facts import AT_ONCE
from schedopt.store.session import Call

JOURNAL = ("day", "debit", "credit", "cents", "claim", "line", "party", "check", "why")
"""Columns of the journal that grants are about."""

Body = dict[str, Any]


def body_of(status: str, controls: tuple[str, str], amounts: tuple[int, int], parts: Iterable[Decided]) -> Body:
    """A decision by its claim's lines, as the database holds it."""
    said = [[part.line, part.paid, [list(cut) for cut in part.cuts]] for part in parts]
    return {"status": status, "controls": controls, "amounts": amounts, "parts": said}


def text_of(body: Mapping[str, Any]) -> str:
    """The same as text."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _decision(row: Any) -> Decision:
    said = json.loads(row.body)
    parts = tuple(
        Decided(line, paid, tuple(Cut(*cut) for cut in cuts)) for line, paid, cuts in said["parts"]
    )  # fmt: skip
    (control, earlier), (charge, paid) = said["controls"], said["amounts"]
    check = f"{row.payer} {row.number}"
    return Decision(
        row.decision, row.day, check, row.place, said["status"], control, earlier, charge, paid, parts
    )  # fmt: skip


def decisions_of(call: Call, claims: Iterable[str]) -> dict[str, list[Decision]]:
    """What was decided of some claims so far, by claim."""
    d, c, m = schema.decisions.c, schema.checks.c, schema.matches.c
    found: dict[str, list[Decision]] = defaultdict(list)
    of_check = (c.day, c.payer, c.number)
    for some in _parts(claims):
        own = sa.select(d.decision, d.place, d.claim, d.body, *of_check).join(c.check.table, c.check == d.check)
        matched = (
            sa.select(d.decision, d.place, m.claim, m.body, *of_check)
            .join(c.check.table, c.check == d.check)
            .join(m.claim.table, m.decision == d.decision)
        )
        for query, column in ((own, d.claim), (matched, m.claim)):
            for row in call.connection.execute(query.where(column.in_(some))):
                found[row.claim].append(_decision(row))
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


def sums(call: Call, *where: sa.ColumnElement[bool]) -> dict[tuple[Account, str | None, str | None], int]:
    """Cents by account, claim and party."""
    j, found = schema.journal.c, defaultdict[tuple[Account, str | None, str | None], int](int)
    for account, sign in ((j.debit, 1), (j.credit, -1)):
        query = sa.select(account, j.claim, j.party, sa.func.sum(j.cents)).where(*where)
        for name, claim, party, cents in call.connection.execute(query.group_by(account, j.claim, j.party)):
            found[name, claim, party] += sign * int(cents)
    return {key: cents for key, cents in found.items() if cents}


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    wanted = list(dict.fromkeys(values))
    for first in range(0, len(wanted), AT_ONCE):
        yield wanted[first : first + AT_ONCE]
