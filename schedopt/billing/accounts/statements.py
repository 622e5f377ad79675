"""What is open of an account, since when, and what a patient is told; all of it out of the journal."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Sequence
from typing import Literal, NamedTuple

from schedopt.billing.accounts.journal import OWED, Account, Row

Age = Literal["0-30", "31-60", "61-90", "91-120", "over 120", "credit"]
AGES: tuple[tuple[Age, int], ...] = (("0-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120))


class Open(NamedTuple):
    """Money that is open: what somebody owes (more than nothing) or has paid too much (less), since a day."""

    day: str
    cents: int


def change_of(row: Row, account: Account) -> int:
    """By how many cents a row changes an account."""
    return row.cents * ((row.debit == account) - (row.credit == account))


def open_items(rows: Sequence[Row], account: Account) -> list[Open]:
    """What is open of an account, the oldest first: what comes in, whenever it came, pays what is oldest."""
    owed, paid, last = deque[Open](), 0, ""
    for row in sorted(rows, key=lambda row: row.day):
        cents = change_of(row, account)
        if cents > 0:
            owed.append(Open(row.day, cents))
        elif cents < 0:
            paid, last = paid - cents, row.day
    while owed and paid:
        oldest = owed.popleft()
        met = min(paid, oldest.cents)
        paid -= met
        if met < oldest.cents:
            owed.appendleft(Open(oldest.day, oldest.cents - met))
    return [*owed, *([Open(last, -paid)] if paid else [])]


def age_of(item: Open, on: dt.date) -> Age:
    """How old it is on a day: days since it became open."""
    if item.cents < 0:
        return "credit"
    days = (on - dt.date.fromisoformat(item.day)).days
    return next((name for name, last in AGES if days <= last), "over 120")


class StatementLine(NamedTuple):
    """A visit on a patient's statement, in cents.

    Attributes
    ----------
    claim : str
        Of which claim; empty for what is on no claim.
    charged : int
        What was asked for.
    adjusted : int
        What was agreed not to be paid, or let go.
    insurer_paid, patient_paid : int
        What was received.
    insurer_owes, patient_owes : int
        What is open. Charged less adjusted less paid is what both owe.
    """

    claim: str
    charged: int
    adjusted: int
    insurer_paid: int
    patient_paid: int
    insurer_owes: int
    patient_owes: int


def statement_line(claim: str, rows: Sequence[Row]) -> StatementLine:
    """What the journal says of a claim, for a statement."""
    charged = -sum(change_of(row, "charges") for row in rows)
    adjusted = sum(change_of(row, "contractual") + change_of(row, "written_off") for row in rows)
    through = [row for row in rows if "unapplied" in (row.debit, row.credit)]
    paid = [-sum(change_of(row, name) for row in through) for name in OWED]
    owes = [sum(change_of(row, name) for row in rows) for name in OWED]
    return StatementLine(claim, charged, adjusted, *paid, *owes)
