"""What payers say of claims, and the state that follows from all of it, in whatever order it came."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from schedopt.billing.claims.states import TAKEN_IN, Event, Verdict, after, standing
from schedopt.billing.claims.tables import AnswerOutcome, Claim, ClaimAnswer, ClaimState, Sending
from schedopt.registry.exchange import key_of
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.store.session import Call

Decision = Literal["paid", "denied", "reversed"]

_DECIDED = ("paid", "denied", "reversed")
_FILED: frozenset[AnswerOutcome] = frozenset(["taken_in", "looked_at", "finished", "paid", "denied", "reversed"])
_KINDS = ("TA1", "999", "277CA", "277", "835")
"""In the order in which they come, where all is well."""
_WORDS: Mapping[AnswerOutcome, str] = {
    "confirmed": "could be read", "refused": "not taken in", "taken_in": "taken in", "looked_at": "being decided",
    "finished": "decided", "unknown": "not found", "paid": "paid", "denied": "denied", "reversed": "taken back",
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


def decided(
    call: Call, claim: str, outcome: Decision, *, date: dt.date, reference: str, payer_control: str = ""
) -> Moved | None:  # fmt: skip
    """Note a decision of one claim; in a call, a claim once. For several: :func:`all_decided`.

    Parameters
    ----------
    call : Call
        In which it is written.
    claim : str
        CLP01.
    outcome : {"paid", "denied", "reversed"}
        What was decided; reversed: a decision was taken back.
    date : datetime.date
        Of the remittance.
    reference : str
        What tells this decision from all others of the claim, such as the check's number with the claim's place in it.
        What is said again under the same reference and outcome changes nothing.
    payer_control : str
        CLP07.

    Returns
    -------
    Moved or None
        None where there is no such claim, or all of this was said before.
    """
    found = all_decided(call, [decision(claim, outcome, date, reference, payer_control)])
    return found[0] if found else None


def decision(claim: str, outcome: Decision, date: dt.date, reference: str, payer_control: str = "") -> ClaimAnswer:
    """A decision as :func:`all_decided` takes it; said as in :func:`decided`."""
    answer = digest("835", outcome, reference)
    return ClaimAnswer(
        claim=claim, answer=answer, kind="835", outcome=outcome, date=date, payer_control=payer_control
    )  # fmt: skip


def all_decided(call: Call, decisions: Iterable[ClaimAnswer]) -> list[Moved]:
    """Note decisions of many claims, all of a call at once; those of claims that there are not are passed over."""
    return answered(call, list(decisions))[0]


def digest(*parts: str) -> str:
    """A short digest, by which what is said twice is known."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:20]


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
        new = self._state(row)
        self._put(self._with_answers(row, new))
        if row.replaces and row.replaces in self.claims:
            self._successor(self.row(row.replaces), new, "void" if row.frequency == "8" else "replace")

    def _state(self, row: Claim) -> ClaimState:
        state = row.state
        for answer in self._standing(row):
            state = after(state, answer.outcome)
        verdicts = [Verdict(one.date, one.outcome, one.answer) for one in self._of_remittances(row.claim)]
        outcome = standing(verdicts)
        return state if outcome is None else after(state, outcome)

    def _standing(self, row: Claim) -> list[ClaimAnswer]:
        """What was said of the last sending: answers to an earlier one change nothing."""
        last = self.sent.get(row.claim)
        said = [one for one in self.said[row.claim].values() if one.outcome not in _DECIDED]
        if last is not None:
            said = [
                one for one in said if one.control == last.control or (not one.control and one.date >= last.sent_on)
            ]
        return sorted(said, key=_in_turn)

    def _of_remittances(self, name: str) -> list[ClaimAnswer]:
        return [one for one in self.said[name].values() if one.outcome in _DECIDED]

    def _with_answers(self, row: Claim, state: ClaimState) -> Claim:
        """The claim's row with what was said last, and since when it is filed."""
        said = sorted([*self._standing(row), *self._of_remittances(row.claim)], key=_in_turn)
        filed = min((one.date for one in said if one.outcome in _FILED), default=None)
        numbered = [one.payer_control for one in said if one.payer_control]
        last = said[-1] if said else None
        return row.model_copy(
            update={
                "state": state,
                "accepted_on": filed if state in TAKEN_IN or state in ("replaced", "void") else None,
                "payer_control": numbered[-1] if numbered else row.payer_control,
                "answer": words_of(last) if last else row.answer,
            }
        )

    def _successor(self, old: Claim, state: ClaimState, event: Event) -> None:
        """End a claim once its successor is taken in; let it stand again where the successor is refused after all."""
        if state in TAKEN_IN and old.state in TAKEN_IN:
            self._put(old.model_copy(update={"state": after(old.state, event)}))
        elif state == "rejected" and old.state in ("replaced", "void"):
            back = old.model_copy(update={"state": after(old.state, "restore")})
            self._put(back.model_copy(update={"state": self._state(back)}))

    def _put(self, row: Claim) -> None:
        if row != self.row(row.claim):
            self.rows[row.claim] = row

    def write(self) -> None:
        """Write what has changed."""
        for name, row in self.rows.items():
            if row != self.claims[name].row:
                self.changes.change(self.claims[name].fact, row)
        self.changes.write(self.call)


def _in_turn(answer: ClaimAnswer) -> tuple[dt.date, int, str]:
    return answer.date, _KINDS.index(answer.kind), answer.answer


def words_of(answer: ClaimAnswer) -> str:
    """What was said, by what, and of which day, such as ``277CA of 2026-12-02: taken in (A2:20)``."""
    codes = f" ({answer.codes})" if answer.codes else ""
    return f"{answer.kind} of {answer.date:%Y-%m-%d}: {_WORDS[answer.outcome]}{codes}"
