"""What payers say of claims before they decide, and the state that follows, in whatever order it came."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schedopt.billing.accounts.settled import settled
from schedopt.billing.claims.states import DECISIONS, TAKEN_IN, Deed, after
from schedopt.billing.claims.tables import AnswerOutcome, Claim, ClaimAnswer, ClaimState, Sending
from schedopt.registry.exchange import key_of
from schedopt.registry.money.charging import charge, uncharge
from schedopt.registry.money.ledger import adjudications_of
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.store.session import Call

Succession = tuple[str, str | None]
"""A claim that does not stand any more, and the one that stands in its place; None: none does."""

_FILED: frozenset[AnswerOutcome] = frozenset(["taken_in", "looked_at", "finished"])
_KINDS = ("TA1", "999", "277CA", "277")
"""In the order in which they come, where all is well."""
_WORDS: Mapping[AnswerOutcome, str] = {
    "confirmed": "could be read", "refused": "not taken in", "taken_in": "taken in", "looked_at": "being decided",
    "finished": "decided", "unknown": "not found",
}  # fmt: skip


class Moved(NamedTuple):
    """A claim of which something was heard.

    Attributes
    ----------
    claim : str
        Its id.
    before, state : ClaimState
        Where it stood, and where it stands now.
    """

    claim: str
    before: ClaimState
    state: ClaimState


def answered(call: Call, answers: Sequence[ClaimAnswer]) -> tuple[list[Moved], list[ClaimAnswer]]:
    """Note what payers have said, and bring the claims to the states that follow; in a call, once.

    Returns
    -------
    moved : list of Moved
        Every claim of which something new was said.
    strangers : list of ClaimAnswer
        Those of claims that there are not.
    """
    book = _Book(call)
    book.load({answer.claim for answer in answers})
    strangers = [answer for answer in answers if answer.claim not in book.claims]
    before = {name: one.row.state for name, one in book.claims.items()}
    heard = {answer.claim for answer in answers if answer.claim in book.claims and book.note(answer)}
    book.load({str(book.claims[name].row.replaces) for name in heard if book.claims[name].row.replaces})
    for name in sorted(heard):
        book.bring(name)
    book.write()
    return [Moved(name, before[name], book.row(name).state) for name in sorted(heard)], strangers


@dataclass
class _Book:
    """Claims with all that was said of them."""

    call: Call
    claims: dict[str, Kept[Claim]] = field(default_factory=dict)
    rows: dict[str, Claim] = field(default_factory=dict)
    said: dict[str, dict[str, ClaimAnswer]] = field(default_factory=lambda: defaultdict(dict))
    sent: dict[str, Sending] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    ended: list[Succession] = field(default_factory=list)

    def load(self, names: Iterable[str]) -> None:
        """Read claims that are not here yet, with their answers and last sendings."""
        wanted = {name for name in names if name not in self.claims}
        found = kept(self.call, Claim, by="key", values=[key_of(name) for name in sorted(wanted)])
        self.claims.update({one.row.claim: one for one in found})
        patients = sorted({one.row.patient for one in found})
        for answer, _ in kept(self.call, ClaimAnswer, by="patient", values=patients):
            if answer.claim in wanted:
                self.said[answer.claim].setdefault(answer.answer, answer)
        for sending, _ in kept(self.call, Sending, by="patient", values=patients):
            last = self.sent.get(sending.claim)
            if sending.claim in wanted and (last is None or sending.control > last.control):
                self.sent[sending.claim] = sending

    def row(self, name: str) -> Claim:
        """A claim as it is now."""
        return self.rows.get(name) or self.claims[name].row

    def note(self, answer: ClaimAnswer) -> bool:
        """Keep what was said, if it is new."""
        if answer.answer in self.said[answer.claim]:
            return False
        self.said[answer.claim][answer.answer] = answer
        one = self.claims[answer.claim].row
        self.changes.add(answer, one.patient, one.request)
        return True

    def bring(self, name: str) -> None:
        """Bring a claim to the state that follows from all that was said, and the one that it replaces too."""
        row = self.row(name)
        self._put(self._with_answers(row, self._state(row)))
        if row.replaces and row.replaces in self.claims:
            self._successor(self.row(row.replaces), self.row(name))

    def _state(self, row: Claim) -> ClaimState:
        state = row.state
        for answer in self._standing(row):
            state = after(state, answer.outcome)
        return state

    def _standing(self, row: Claim) -> list[ClaimAnswer]:
        """What was said of the last sending: answers to an earlier one change nothing."""
        last = self.sent.get(row.claim)
        said = list(self.said[row.claim].values())
        if last is not None:
            said = [
                one for one in said if one.control == last.control or (not one.control and one.date >= last.sent_on)
            ]
        return sorted(said, key=_in_turn)

    def _with_answers(self, row: Claim, state: ClaimState) -> Claim:
        """The claim's row with what was said last, and since when it is filed; a remittance has the last word."""
        said = self._standing(row)
        is_decided = state in DECISIONS
        filed = [one.date for one in said if one.outcome in _FILED]
        if is_decided and row.accepted_on is not None:
            filed.append(row.accepted_on)
        numbered = [one.payer_control for one in said if one.payer_control]
        answer = row.answer if is_decided or not said else words_of(said[-1])
        number = row.payer_control if is_decided and row.payer_control else (numbered or [row.payer_control])[-1]
        stands = state in TAKEN_IN or state in ("replaced", "void")
        update = {
            "state": state, "accepted_on": min(filed, default=None) if stands else None, "payer_control": number,
            "answer": answer,
        }  # fmt: skip
        return row.model_copy(update=update)

    def _successor(self, old: Claim, new: Claim) -> None:
        """End a claim once its successor is taken in; let it stand again where the successor is refused after all."""
        event: Deed = "void" if new.frequency == "8" else "replace"
        if new.state in TAKEN_IN and old.state in TAKEN_IN:
            self._put(old.model_copy(update={"state": after(old.state, event)}))
            self.ended.append((old.claim, None if event == "void" else new.claim))
        elif new.state == "rejected" and old.state in ("replaced", "void"):
            back = old.model_copy(update={"state": after(old.state, "restore")})
            outcome = settled(adjudications_of(self.call, [old.claim])[old.claim]).outcome
            state = after(self._state(back), outcome) if outcome in DECISIONS else self._state(back)
            self._put(back.model_copy(update={"state": state}))
            self.ended.append((new.claim, old.claim))

    def _put(self, row: Claim) -> None:
        if row != self.row(row.claim):
            self.rows[row.claim] = row

    def write(self) -> None:
        """Write what has changed."""
        for name, row in self.rows.items():
            if row != self.claims[name].row:
                self.changes.change(self.claims[name].fact, row)
        self.changes.write(self.call)
        succeeded(self.call, self.ended)


def succeeded(call: Call, pairs: Sequence[Succession]) -> None:
    """Take back what claims were charged, and charge those that stand in their place."""
    if pairs:
        uncharge(call, [old for old, _ in pairs])
        charge(call, [new for _, new in pairs if new is not None])


def _in_turn(answer: ClaimAnswer) -> tuple[dt.date, int, str]:
    return answer.date, _KINDS.index(answer.kind), answer.answer


def words_of(answer: ClaimAnswer) -> str:
    """What was said, by what, and of which day, such as ``277CA of 2026-12-02: taken in (A2:20)``."""
    codes = f" ({answer.codes})" if answer.codes else ""
    return f"{answer.kind} of {answer.date:%Y-%m-%d}: {_WORDS[answer.outcome]}{codes}"
