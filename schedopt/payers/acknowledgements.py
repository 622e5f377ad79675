"""What payers answer to claims: TA1, 999, 277CA and 277 as what they mean; and a 999 for what they send."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

from schedopt.billing.claims.tables import AnswerOutcome
from schedopt.errors import Fault, InputError
from schedopt.interop.x12.acknowledgements import (
    ACCEPTED,
    VERSION_999,
    Checked,
    acknowledge,
    build_acknowledgement,
    read_acknowledgement,
    read_received,
)
from schedopt.interop.x12.build import Line, Sending, interchange
from schedopt.interop.x12.catalogue import kind_of
from schedopt.interop.x12.claim_status import ClaimStatus, Status, StatusReport, read_status
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.reading import at, day_of
from schedopt.interop.x12.tree import read, write
from schedopt.interop.x12.values import Interchange, Transaction
from schedopt.payers.claims import sending_of

AnswerKind = Literal["TA1", "999", "277CA", "277"]
KINDS: tuple[AnswerKind, ...] = ("TA1", "999", "277CA", "277")
"""What is read here."""

_PARTLY = "P"
"""AK901: of transactions that such a 999 does not name, it says nothing."""
_MOST_CODES = 8
_FUNCTION, _NUMBER, _VERSION = (re.compile(form) for form in ("[A-Z]{2}", "[0-9]{1,9}", "[0-9]{6}[0-9A-Z]{0,6}"))
_KIND, _CONTROL = re.compile("[0-9]{3}"), re.compile("[0-9A-Za-z]{4,9}")
"""What a 999 gives back of the headers of groups and transactions."""
_ACKNOWLEDGED: dict[str, AnswerOutcome] = {
    "A0": "confirmed", "A1": "confirmed", "A2": "taken_in", "A3": "refused", "A4": "refused", "A5": "taken_in",
    "A6": "refused", "A7": "refused", "A8": "refused",
}  # fmt: skip
"""By STC01-1 of a 277CA: forwarded, received, taken in, returned, not found, split, and three ways to be wrong."""
_ORDER: tuple[AnswerOutcome, ...] = ("finished", "refused", "looked_at", "taken_in", "confirmed", "unknown")
"""Of several things that are said of a claim at once, the first one holds."""


class OfFile(NamedTuple):
    """What is said of a file that was sent, or of transactions of it.

    Attributes
    ----------
    kind : AnswerKind
        By what.
    outcome : AnswerOutcome
        What it means.
    control : int
        Of the file: ISA13 or GS06.
    transactions : tuple of int or None
        ST02 of those that are meant; None: all of them.
    but : tuple of int
        Those of which something else was said.
    date : datetime.date
        Of which day.
    codes : str
        The payer's.
    digest : str
        What was said, so that it is known again.
    sent_on : datetime.date or None
        Day of the file that is meant, where the answer says it.
    """

    kind: AnswerKind
    outcome: AnswerOutcome
    control: int
    transactions: tuple[int, ...] | None
    but: tuple[int, ...]
    date: dt.date
    codes: str
    digest: str
    sent_on: dt.date | None = None


class OfClaim(NamedTuple):
    """What is said of a claim.

    Attributes
    ----------
    kind, outcome, date, codes, digest
        As of :class:`OfFile`.
    claim : str
        Its id, as the payer gives it back.
    control : int
        The file that is answered; 0: it does not say.
    payer_control : str
        The payer's number of the claim.
    """

    kind: AnswerKind
    outcome: AnswerOutcome
    claim: str
    control: int
    date: dt.date
    codes: str
    payer_control: str
    digest: str


def heard(data: bytes, today: dt.date) -> tuple[list[OfFile], list[OfClaim]]:
    """What a file of TA1, 999, 277CA and 277 says.

    Parameters
    ----------
    data : bytes
        The file's content.
    today : datetime.date
        In place of days that it does not say.

    Raises
    ------
    InputError
        If the file does not keep to its guides, or holds something else: then nothing of it is taken.
    """
    expect_sound(data, KINDS)
    of_files, of_claims = list[OfFile](), list[OfClaim]()
    for sent in read(data).interchanges:
        day = _day_of_interchange(sent) or today
        of_files.extend(_received(sent, day))
        for group in sent.groups:
            day = day_of(at(group.header, 4)) or day
            for transaction in group.transactions:
                of_files.extend(_acknowledged(transaction, day))
                if report := read_status(transaction):
                    of_files.extend(_of_report(transaction, report, day))
                    of_claims.extend(_of_claims(transaction, report, day))
    return of_files, of_claims


def expect_sound(data: bytes, kinds: Iterable[str]) -> None:
    """Refuse a file that does not keep to its guides, or holds transactions of other kinds.

    Raises
    ------
    InputError
        With each error: the segment as the row, the element as the column.
    """
    verdict = judge(data)
    faults = [
        Fault("file", one.number, one.element or one.segment or None, None, one.expected)
        for one in verdict.problems
        if one.severity == "error"
    ]
    known = tuple(kinds)
    faults += [
        Fault("file", one.number, "ST", one.kind, f"expected one of {', '.join(known)}")
        for one in verdict.transactions
        if one.kind not in known
    ]
    if faults:
        raise InputError(faults[:100])


def kinds_of(data: bytes) -> tuple[str, ...]:
    """The kinds of transactions that a file holds, each once; TA1 among them where it holds nothing else."""
    file = read(data)
    found = [kind_of(one.version, one.segments) for one in file.transactions]
    if not found and any(sent.acknowledgements for sent in file.interchanges):
        found = ["TA1"]
    return tuple(dict.fromkeys(found))


def _day_of_interchange(sent: Interchange) -> dt.date | None:
    day = at(sent.header, 9)
    return day_of(f"20{day}") if len(day) == 6 else None


def _received(sent: Interchange, day: dt.date) -> Iterator[OfFile]:
    for segment in sent.acknowledgements:
        said = read_received(segment)
        if said.control is not None:
            outcome: AnswerOutcome = "confirmed" if said.code in ACCEPTED else "refused"
            key, codes = digest_of("TA1", segment.raw.hex()), f"{said.code}:{said.note}"
            yield OfFile("TA1", outcome, said.control, None, (), day, codes, key, said.date)


def _acknowledged(transaction: Transaction, day: dt.date) -> Iterator[OfFile]:
    said = read_acknowledgement(transaction)
    if said is None or said.group is None or said.function != "HC":
        return
    key = _content(transaction)
    known = list[int]()
    for one in said.transactions:
        if one.control.isascii() and one.control.isdigit():
            known.append(int(one.control))
            codes = ":".join([one.code, *one.notes])
            yield OfFile(
                "999", _checked(one.code), said.group, (known[-1],), (), day, codes, digest_of(key, one.control)
            )  # fmt: skip
    if said.code != _PARTLY:
        key = digest_of(key, "group")
        yield OfFile("999", _checked(said.code), said.group, None, tuple(known), day, said.code, key)


def _checked(code: str) -> AnswerOutcome:
    return "confirmed" if code in ACCEPTED else "refused"


def _of_report(transaction: Transaction, report: StatusReport, day: dt.date) -> Iterator[OfFile]:
    """A whole file that a 277CA refuses: then it names no claims."""
    sending = sending_of(report.reference)
    if report.kind != "277CA" or report.claims or sending is None:
        return
    outcome = _outcome(report.kind, report.above)
    if outcome == "refused":
        key = digest_of(_content(transaction), "file")
        yield OfFile("277CA", outcome, sending[0], (sending[1],), (), report.date or day, _codes(report.above), key)


def _of_claims(transaction: Transaction, report: StatusReport, day: dt.date) -> Iterator[OfClaim]:
    kind: AnswerKind = "277CA" if report.kind == "277CA" else "277"
    sending = sending_of(report.reference) if kind == "277CA" else None
    key = _content(transaction)
    for place, one in enumerate(report.claims):
        yield OfClaim(
            kind, _outcome(kind, one.statuses), one.trace, sending[0] if sending else 0, _date(one, report, day),
            _codes(one.statuses), one.payer_control, digest_of(key, str(place)),
        )  # fmt: skip


def _date(one: ClaimStatus, report: StatusReport, day: dt.date) -> dt.date:
    return one.date or report.date or day


def _outcome(kind: str, statuses: Iterable[Status]) -> AnswerOutcome:
    found = {_meaning(kind, one.category) for one in statuses}
    return next((outcome for outcome in _ORDER if outcome in found), "unknown")


def _meaning(kind: str, category: str) -> AnswerOutcome:
    if category in _ACKNOWLEDGED:
        return "unknown" if (kind, category) == ("277", "A4") else _ACKNOWLEDGED[category]
    begins: dict[str, AnswerOutcome] = {"P": "looked_at", "R": "looked_at", "F": "finished"}
    return begins.get(category[:1], "unknown") if kind == "277" else "confirmed"


def _codes(statuses: Iterable[Status]) -> str:
    return ", ".join(one.words for one in list(statuses)[:_MOST_CODES])


def _content(transaction: Transaction) -> str:
    """A digest of what a transaction says, whatever its number."""
    return digest_of(*(one.raw.hex() for one in transaction.segments[1:-1]))


def digest_of(*parts: str) -> str:
    """A short digest of texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def write_999(data: bytes, sending: Sending) -> bytes:
    """The 999s that answer a file: one for each of its groups whose header can be read.

    Parameters
    ----------
    data : bytes
        What was received.
    sending : Sending
        Who answers, to whom, and when.

    Returns
    -------
    bytes
        Empty where there is no such group: then TA1 is for the one who runs the mailbox to send.
    """
    judged = {one.number: one for one in judge(data).transactions}
    made = list[tuple[Line, ...]]()
    for group in (group for sent in read(data).interchanges for group in sent.groups):
        function, number, version = (at(group.header, place) for place in (1, 6, 8))
        if _FUNCTION.fullmatch(function) and _NUMBER.fullmatch(number) and _VERSION.fullmatch(version):
            found = [judged[one.segments[0].number] for one in group.transactions]
            said = acknowledge(function, int(number), version, found)
            named = tuple(one for one in said.transactions if _is_named(one))
            made.append(build_acknowledgement(replace(said, transactions=named), len(made) + 1))
    return write(interchange(sending, [(VERSION_999, made)])) if made else b""


def _is_named(one: Checked) -> bool:
    """Whether a transaction can be told from others by its kind and number."""
    return all(
        (_KIND.fullmatch(one.kind), _CONTROL.fullmatch(one.control), not one.version or _VERSION.fullmatch(one.version))
    )
