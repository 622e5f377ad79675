"""An 835 into the journal: all of it or nothing, and once."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from schedopt.billing.accounts.adjudications import Adjudication
from schedopt.billing.accounts.forwarding import account_of
from schedopt.billing.accounts.journal import Row, difference
from schedopt.billing.accounts.settled import settled
from schedopt.billing.claims.numbers import claim_and_line
from schedopt.payers.remittances import Heard, Remitted
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import Outcome, claims_of, lines_of
from schedopt.store import schema
from schedopt.store.session import Call

AT_ONCE = 2000
"""Claims that are looked at together."""


_OTHER = "a check with this number and day was posted with other content"
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


def looked_at(call: Call, file: Iterable[Remitted]) -> list[Posting]:
    """The 835s of a file, and whether each can be posted; nothing is written."""
    found, first = list[Posting](), dict[tuple[str, str, str], bytes]()
    for remitted in file:
        one = _looked_at(call, remitted)
        key = (remitted.payer, remitted.check.number, remitted.day)
        if one.state == NEW and key in first:
            same = hmac.compare_digest(first[key], one.content)
            one = replace(one, state=BEFORE) if same else replace(one, state=REFUSED, words=_OTHER)
        elif one.state == NEW:
            first[key] = one.content
        found.append(one)
    return found


def _looked_at(call: Call, remitted: Remitted) -> Posting:
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
    return Posting(remitted, REFUSED, _OTHER)


def post(call: Call, found: Posting, outcomes: dict[str, Outcome]) -> Posting:
    """Post an 835 that can be, and note what follows for the state of claims."""
    if found.state != NEW:
        return found
    remitted = found.remitted
    whole = _Check(call.new_number(), remitted)
    head = {"check": whole.number, "payer": remitted.payer, "number": remitted.check.number, "day": remitted.day}
    call.add(schema.checks, [{**head, "cents": remitted.check.cents or 0, "content": found.content}])
    matched = first = 0
    while some := remitted.claims[:AT_ONCE]:
        matched += _post_claims(call, [Heard.of(text) for text in some], first, whole, outcomes)
        first += len(some)
        del remitted.claims[: len(some)]  # a large one needs the room
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


def _post_claims(call: Call, heard: Sequence[Heard], first: int, check: _Check, outcomes: dict[str, Outcome]) -> int:
    ours = _ours(call, heard)
    known = {name for name in ours if name is not None}
    lines, before = lines_of(call, known), ledger.adjudications_of(call, known)
    made, rows = list[dict[str, object]](), list[Row]()
    for place, (one, claim) in enumerate(zip(heard, ours, strict=True), first):
        number = call.new_number()
        cells = {"adjudication": number, "check": check.number, "place": place, "claim": claim}
        if claim is None:
            made.append({**cells, "body": "{}", "sealed": ledger.sealed_heard(call, number, one)})
            rows += received(one.paid, check.day, check.number, None, check.remitted.payer)
            continue
        adjudication = ledger.adjudication(number, one, lines.get(claim, []), (check.day, check.name, place))
        made.append({**cells, "body": ledger.text_of(adjudication), "sealed": None})
        rows += received(one.paid, check.day, check.number, claim, None)
        moved, outcomes[claim] = follows(before[claim], adjudication, claim, check.number)
        rows += moved
        before[claim].append(adjudication)
    call.add(schema.adjudications, made)
    ledger.write(call, rows)
    return len(ours) - ours.count(None)


def received(cents: int, day: str, check: int, claim: str | None, party: str | None) -> list[Row]:
    """The row of money that came in with a check, for a claim or, where that is not known, from somebody."""
    return [Row(day, "cash", "unapplied", cents, claim, 0, party, check, "received")] if cents else []


def follows(
    before: Sequence[Adjudication], adjudication: Adjudication, claim: str, check: int
) -> tuple[list[Row], Outcome]:  # fmt: skip
    """What one more adjudication of a claim moves, and where it leaves the claim."""
    then = settled(before).moves if before else {}
    now, day = settled([*before, adjudication]), adjudication.day
    rows = [
        Row(day, move.debit, move.credit, cents, claim, move.line, None, check, move.why)
        for move, cents in difference(now.moves, then)
    ]
    return rows, Outcome(now.outcome, adjudication.payer_control, day)


def _ours(call: Call, heard: Sequence[Heard]) -> list[str | None]:
    """The claims that were decided, by their own numbers or those of their lines; None where neither is ours."""
    named = [[one.control, *_named_by_lines(one)] for one in heard]
    there = claims_of(call, {name for names in named for name in names if name})
    return [next((name for name in names if name in there), None) for names in named]


def _named_by_lines(one: Heard) -> list[str]:
    """Claims that the control numbers of lines name."""
    found = (claim_and_line(line.answered.control) for line in one.lines)
    return [both[0] for both in found if both is not None]


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
