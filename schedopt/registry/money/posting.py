"""An 835 into the journal: all of it or nothing, and once."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from schedopt.billing.accounts.decisions import ClaimLine, Decision
from schedopt.billing.accounts.forwarding import account_of
from schedopt.billing.accounts.journal import Row, difference
from schedopt.billing.accounts.settled import settled
from schedopt.payers.remittances import Heard, Remitted
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import claims_of, lines_of
from schedopt.store import schema
from schedopt.store.sealing import seal
from schedopt.store.session import Call

AT_ONCE = 2000
"""Claims that are looked at together."""


NEW, POSTED, BEFORE, REFUSED, HELD_BACK = "new", "posted", "already posted", "refused", "held back"


@dataclass(frozen=True)
class Posting:
    """What becomes of an 835.

    Attributes
    ----------
    remitted : Remitted
        It.
    state : str
        new, posted, already posted, refused, or held back (since another one of the file was refused).
    words : str
        Why it was refused.
    content : bytes
        Keyed digest of all that is posted of it.
    matched : int
        Claims of it that are ours.
    """

    remitted: Remitted
    state: str
    words: str = ""
    content: bytes = b""
    matched: int = 0


def wrong_with(remitted: Remitted) -> str:
    """Why an 835 is not posted, whatever the store holds; empty where it can be."""
    check, breaks = remitted.check, remitted.balance.breaks
    if breaks:
        one = breaks[0]
        amount = "an amount is missing" if one.cents is None else f"it is off by {one.cents} cents"
        more = f", and {remitted.balance.num_breaks - 1} more" if remitted.balance.num_breaks > 1 else ""
        return f"the {one.sum} does not balance at segment {one.number} (byte {one.offset}): {amount}{more}"
    lacking = [
        words
        for words, there in (
            ("the number of the check (TRN02)", check.number), ("its day (BPR16)", check.day),
            ("who pays (TRN03)", remitted.payer), ("its end (SE)", remitted.is_whole),
        )
        if not there
    ]  # fmt: skip
    return f"expected {', '.join(lacking)}" if lacking else ""


def looked_at(call: Call, remitted: Remitted) -> Posting:
    """An 835 and whether it can be posted; nothing is written."""
    words = wrong_with(remitted)
    if words:
        return Posting(remitted, REFUSED, words)
    c, content = schema.checks.c, _digest(call, remitted)
    same = (c.payer == remitted.payer, c.number == remitted.check.number, c.day == remitted.day)
    before = call.connection.execute(sa.select(c.content).where(*same)).scalar_one_or_none()
    if before is None:
        return Posting(remitted, NEW, content=content)
    if hmac.compare_digest(before, content):
        return Posting(remitted, BEFORE)
    return Posting(remitted, REFUSED, "a check with this number and day was posted with other content")


def post(call: Call, found: Posting, outcomes: dict[str, Mapping[str, str]]) -> Posting:
    """Post an 835 that can be, and note what follows for the state of claims."""
    if found.state == NEW:
        found = looked_at(call, found.remitted)  # its check may stand in the file twice
    if found.state != NEW:
        return found
    remitted = found.remitted
    whole = _Check(call.new_number(), remitted)
    head = {"check": whole.number, "payer": remitted.payer, "number": remitted.check.number, "day": remitted.day}
    call.add(schema.checks, [{**head, "cents": remitted.check.cents or 0, "content": found.content}])
    matched = 0
    for first in range(0, len(remitted.claims), AT_ONCE):
        matched += _post_claims(call, remitted.claims[first : first + AT_ONCE], first, whole, outcomes)
    ledger.write(call, list(_taken(whole)))
    return replace(found, state=POSTED, matched=matched)


@dataclass(frozen=True)
class _Check:
    number: int
    remitted: Remitted

    @property
    def day(self) -> str:
        return self.remitted.day

    @property
    def name(self) -> str:
        """As decisions know it."""
        return f"{self.remitted.payer} {self.remitted.check.number}"


def _post_claims(
    call: Call, heard: Sequence[Heard], first: int, check: _Check, outcomes: dict[str, Mapping[str, str]]
) -> int:
    ours = _ours(call, heard)
    lines = lines_of(call, {name for name in ours if name is not None})
    before = ledger.decisions_of(call, {name for name in ours if name is not None})
    made, rows = list[dict[str, object]](), list[Row]()
    for place, (one, claim) in enumerate(zip(heard, ours, strict=True), first):
        decision, body = _decided(call.new_number(), one, place, check, lines.get(claim or "", []))
        named = None if claim is not None else seal(call.keys.office, one.control.encode(), b"%d" % decision.id)
        made.append({"decision": decision.id, "check": check.number, "place": place, "claim": claim, "body": body,
                     "named": named})  # fmt: skip
        party = check.remitted.payer if claim is None else None
        if one.paid:
            rows.append(
                Row(check.day, "cash", "unapplied", one.paid, claim, 0, party, check.number, "received")
            )  # fmt: skip
        if claim is not None:
            then = settled(before[claim])
            now = settled([*before[claim], decision])
            before[claim].append(decision)
            rows += (
                Row(check.day, move.debit, move.credit, cents, claim, move.line, None, check.number, move.why)
                for move, cents in difference(now.moves, then.moves)
            )
            outcomes[claim] = {
                "state": now.outcome, "payer_control": one.payer_control, "answer": f"835 of {check.day}",
            }  # fmt: skip
    call.add(schema.decisions, made)
    ledger.write(call, rows)
    return sum(claim is not None for claim in ours)


def _decided(number: int, one: Heard, place: int, check: _Check, lines: list[ClaimLine]) -> tuple[Decision, str]:
    parts = one.parts(lines)
    controls, amounts = (one.payer_control, one.earlier_control), (one.charge, one.paid)
    decision = Decision(number, check.day, check.name, place, one.status, *controls, *amounts, parts)
    return decision, ledger.text_of(ledger.body_of(one.status, controls, amounts, parts))


def _ours(call: Call, heard: Sequence[Heard]) -> list[str | None]:
    """The claims that were decided, by their own numbers or those of their lines; None where neither is ours."""
    named = [[one.control, *(_claim_of(line.answered.control) for line in one.lines)] for one in heard]
    there = claims_of(call, {name for names in named for name in names if name})
    return [next((name for name in names if name in there), None) for names in named]


def _claim_of(line_control: str) -> str:
    return line_control[:-2]


def _taken(check: _Check) -> Iterator[Row]:
    """What was taken off the check, or added to it, for no single claim."""
    for one in check.remitted.taken:
        if one.cents:
            why = f"{one.reason} {one.reference}".strip()
            party = check.remitted.payer
            yield Row(check.day, account_of(one.reason), "cash", one.cents, None, 0, party, check.number, why)


def _digest(call: Call, remitted: Remitted) -> bytes:
    digest = hmac.new(call.keys.audit, b"remittance", "sha256")
    for part in remitted.content():
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.digest()
