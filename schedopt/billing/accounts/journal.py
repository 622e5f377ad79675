"""The journal: money moves from one account to another, in whole cents, and what is written is never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, get_args

Account = Literal[
    "insurer", "patient", "cash", "unapplied", "forwarded", "charges", "contractual", "written_off", "interest",
    "payer_adjustments",
]  # fmt: skip
"""insurer, patient: what they owe of a claim; cash: what was received; unapplied: received, and not (yet) for anything;
forwarded: what a payer holds back, or has paid ahead, against later checks; charges: what was asked for; contractual:
what was agreed not to be paid; written_off: what was let go by somebody's decision; interest: paid by payers for being
late; payer_adjustments: what payers take off a check for other reasons."""

ACCOUNTS: tuple[Account, ...] = get_args(Account)
OWED: tuple[Account, ...] = ("insurer", "patient")
"""What is to be collected."""


class Move(NamedTuple):
    """Money on its way from one account to another; the same both ways, so that every entry sums to nothing.

    Attributes
    ----------
    debit, credit : str
        Accounts: what is debited grows by the cents, what is credited shrinks.
    line : int
        Of the claim; 0: the claim as a whole, or no claim.
    why : str
        Such as ``paid``, ``CO-45`` or ``charge``.
    """

    debit: Account
    credit: Account
    line: int
    why: str


Moves = Counter[Move]
"""Cents by move; less than nothing is the same money the other way, as when something is taken back."""


class Row(NamedTuple):
    """A row of the journal.

    Attributes
    ----------
    day : str
        On which it counts (YYYY-MM-DD).
    debit, credit : str
        Accounts.
    cents : int
        How much; never 0, and less than 0 where something is taken back.
    claim : str or None
        Of which claim.
    line : int
        Of it; 0: the claim as a whole.
    party : str or None
        Insurer or patient that it is about, where there is no claim.
    check : int or None
        Of which check.
    why : str
        Such as ``paid``, ``CO-45`` or ``charge``.
    """

    day: str
    debit: Account
    credit: Account
    cents: int
    claim: str | None
    line: int
    party: str | None
    check: int | None
    why: str


def difference(after: Mapping[Move, int], before: Mapping[Move, int]) -> Iterator[tuple[Move, int]]:
    """What has to be written so that what counts is `after`, where `before` stands; in a fixed order."""
    for move in sorted({*after, *before}):
        cents = after.get(move, 0) - before.get(move, 0)
        if cents:
            yield move, cents


def balances(rows: Iterable[Row]) -> dict[Account, int]:
    """Cents on each account; together they are nothing."""
    found: dict[Account, int] = dict.fromkeys(ACCOUNTS, 0)
    for row in rows:
        found[row.debit] += row.cents
        found[row.credit] -= row.cents
    return found
