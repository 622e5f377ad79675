"""Histories of posting, repeating, reversing, correcting, paying and refunding, in any order of files."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from schedopt.billing.accounts.adjudications import Adjudication, Cut, Decided
from schedopt.billing.accounts.journal import Move, Moves, difference
from schedopt.billing.accounts.settled import settled


class Told(NamedTuple):
    """An adjudication as a payer tells it: of which version, taken back or not, in which check."""

    version: int
    back: bool
    check: int


def adjudication(told: Told, number: int) -> Adjudication:
    """The same for the accounts: each version pays the lines otherwise."""
    sign = -1 if told.back else 1
    paid, contractual, share = 100 * told.version + 7, 50 + told.version, 13 * (told.version % 3)
    cuts = (Cut("CO", "45", sign * contractual), Cut("PR", "2", sign * share))
    parts = (Decided(1, sign * paid, cuts), Decided(2, sign * 11, ()))
    day = (dt.date(2026, 1, 1) + dt.timedelta(days=told.check)).isoformat()
    return Adjudication(
        number, day, f"K{told.check}", number, "22" if told.back else "1", f"ICN{told.version}", "",
        sign * (paid + contractual + share + 11), sign * (paid + 11), parts,
    )  # fmt: skip


def posted(history: Sequence[Adjudication]) -> tuple[Moves, Moves]:
    """What the journal holds after all of it, one after the other: of claims, and of cash."""
    moves: Moves = Counter()
    for place, one in enumerate(history):
        after, before = settled(history[: place + 1]).moves, settled(history[:place]).moves
        for move, cents in difference(after, before):
            moves[move] += cents
        moves[Move("cash", "unapplied", 0, "received")] += one.paid
    return Counter({move: cents for move, cents in moves.items() if cents}), moves


HISTORIES = st.lists(
    st.builds(Told, st.integers(1, 4), st.booleans(), st.integers(1, 6)), min_size=1, max_size=7
)  # fmt: skip


@given(HISTORIES, st.randoms(use_true_random=False))
def test_balances_do_not_hang_on_the_order_of_files(told: list[Told], random: object) -> None:
    """Whatever the order in which adjudications come, the journal comes to the same."""
    history = [adjudication(one, number) for number, one in enumerate(told)]
    other = history.copy()
    random.shuffle(other)  # type: ignore[attr-defined]
    assert posted(history)[0] == posted(other)[0]


@given(HISTORIES)
def test_all_that_is_taken_back_leaves_nothing(told: list[Told]) -> None:
    """Where every adjudication is taken back, nothing is left, to the cent; cash neither."""
    history = [adjudication(one, number) for number, one in enumerate(one for one in told if not one.back)]
    back = [adjudication(one._replace(back=True, check=9), 100 + n) for n, one in enumerate(told) if not one.back]
    assert posted([*history, *back])[0] == Counter()


@given(HISTORIES)
def test_no_two_of_one_line_count_at_once(told: list[Told]) -> None:
    """The lines of a claim are decided once; whatever else came waits, and its money is unapplied."""
    history = [adjudication(one, number) for number, one in enumerate(told)]
    found = settled(history)
    assert len(found.counting) <= 1
    versions = Counter(one.version for one in told if not one.back)
    versions.subtract(one.version for one in told if one.back)
    assert bool(found.counting) == any(count > 0 for count in versions.values())
    cash = sum(one.paid for one in history)
    applied = sum(cents for move, cents in found.moves.items() if move.debit == "unapplied")
    waiting = sum(one.paid for one, _ in found.waiting)
    assert cash == applied + waiting
