"""835s into what the accounts need: checks, what was decided of claims, and what was taken off checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, NamedTuple

from schedopt.billing.accounts.adjudications import WHOLE, Answered, ClaimLine, Cut, Decided, matched_lines
from schedopt.interop.x12.checks import Check, CheckHead
from schedopt.interop.x12.payments import Adjustment, Balance, Claim, ProviderAdjustment, Service
from schedopt.interop.x12.remittance import Remittance, provider_adjustments
from schedopt.interop.x12.scan import split
from schedopt.interop.x12.values import Segment

_ENCODER = json.JSONEncoder(separators=(",", ":"))


class Line(NamedTuple):
    """A line of a claim as it was decided: what the payer calls it, what was paid (cents), and what was not and why."""

    answered: Answered
    paid: int
    cuts: tuple[Cut, ...]


class Heard(NamedTuple):
    """What a payer decided of a claim, before anybody knows whether it is ours.

    Attributes
    ----------
    control : str
        CLP01: what the office called the claim.
    status : str
        CLP02.
    payer_control, earlier_control : str
        CLP07, and REF F8.
    charge, paid : int
        CLP03 and CLP04 in cents.
    cuts : tuple of Cut
        Of the claim as a whole.
    lines : tuple of Line
        Its services.
    """

    control: str
    status: str
    payer_control: str
    earlier_control: str
    charge: int
    paid: int
    cuts: tuple[Cut, ...]
    lines: tuple[Line, ...]

    @property
    def text(self) -> bytes:
        """All of it, as JSON: a tenth of the room."""
        return _ENCODER.encode(self).encode()

    @staticmethod
    def of(text: bytes | str) -> Heard:
        """What was written as JSON."""
        said = json.loads(text)
        control, status, payer_control, earlier, charge, paid, cuts, lines = said
        whole = tuple(Cut(*cut) for cut in cuts)
        return Heard(control, status, payer_control, earlier, charge, paid, whole, tuple(map(_line_of, lines)))

    def parts(self, ours: list[ClaimLine]) -> tuple[Decided, ...]:
        """What was decided, by the claim's own lines."""
        places = matched_lines([line.answered for line in self.lines], ours)
        parts = [
            Decided(place, line.paid, line.cuts)
            for place, line in zip(places, self.lines, strict=True)
        ]  # fmt: skip
        rest = self.paid - sum(line.paid for line in self.lines)
        if rest or self.cuts:
            parts.append(Decided(WHOLE, rest, self.cuts))
        return tuple(parts)


def _line_of(said: Sequence[Any]) -> Line:
    (control, procedure, modifiers, submitted, charge), paid, cuts = said
    answered = Answered(control, procedure, tuple(modifiers), submitted, charge)
    return Line(answered, paid, tuple(Cut(*cut) for cut in cuts))


@dataclass(frozen=True)
class Remitted:
    """An 835.

    Attributes
    ----------
    number : int
        Of its ST in the file.
    control : str
        ST02.
    check : Check
        What it explains.
    claims : list of bytes
        The text of each :class:`Heard`, in the order of the file; posting empties it.
    taken : tuple of ProviderAdjustment
        What was taken off for no single claim.
    balance : Balance
        The three sums.
    is_whole : bool
        Whether its end (SE) is there.
    """

    number: int
    control: str
    check: Check
    claims: list[bytes]
    taken: tuple[ProviderAdjustment, ...]
    balance: Balance
    is_whole: bool

    @property
    def payer(self) -> str:
        """By what the payer is known: as the bank knows it, or else by its number or name."""
        return self.check.originator or self.check.payer_id or self.check.payer

    @property
    def day(self) -> str:
        """Day of the check (YYYY-MM-DD); empty where there is none."""
        return "" if self.check.day is None else self.check.day.isoformat()

    def content(self) -> Iterator[bytes]:
        """Of all that is posted of it: the same bytes for the same remittance in whatever file."""
        said = [self.payer, self.check.number, str(self.check.day), self.check.cents, [t[1:] for t in self.taken]]
        yield _ENCODER.encode(said).encode()
        yield from sorted(self.claims)


def read_remittances(data: bytes) -> Iterator[Remitted]:
    """The 835s of a file, one after the other; other transactions are passed over."""
    _, segments = split(data)
    open_: _Open | None = None
    for segment in segments:
        elements = segment.elements
        if elements[0] == "ST":
            if open_:
                yield open_.value(None)
            open_ = _Open(segment) if elements[1:2] == ["835"] else None
        elif open_ and elements[0] in ("SE", "GE", "IEA", "ISA", "GS"):
            yield open_.value(segment if elements[0] == "SE" else None)
            open_ = None
        elif open_:
            open_.step(segment, elements)
    if open_:
        yield open_.value(None)


class _Open:
    """An 835 while its segments come."""

    def __init__(self, start: Segment) -> None:
        self._start = start
        self._reader, self._head = Remittance(start), CheckHead()
        self._claims: list[bytes] = []
        self._taken: list[ProviderAdjustment] = []
        self._in_claims = False

    def step(self, segment: Segment, elements: list[str]) -> None:
        self._in_claims = self._in_claims or elements[0] in ("LX", "CLP")
        if not self._in_claims:
            self._head.step(elements)
        if elements[0] == "PLB":
            self._taken.extend(provider_adjustments(segment, elements))
        done = self._reader.step(segment, elements)
        if done:
            self._claims.append(_heard(done).text)

    def value(self, end: Segment | None) -> Remitted:
        last, balance = self._reader.end()
        if last:
            self._claims.append(_heard(last).text)
        start, check, taken = self._start, self._head.check, tuple(self._taken)
        return Remitted(start.number, start.element(2), check, self._claims, taken, balance, end is not None)


def _heard(claim: Claim) -> Heard:
    return Heard(
        claim.control.strip(), intern(claim.status), claim.payer_control.strip(), _earlier(claim), claim.charge or 0,
        claim.paid or 0, _cuts(claim.adjustments), tuple(map(_line, claim.services)),
    )  # fmt: skip


def _earlier(claim: Claim) -> str:
    for segment in claim.segments:
        if segment.raw.startswith(b"REF") and segment.element(1) == "F8":
            return segment.element(2).strip()
    return ""


def _cuts(adjustments: tuple[Adjustment, ...]) -> tuple[Cut, ...]:
    return tuple(Cut(intern(one.group), intern(one.reason), one.cents) for one in adjustments if one.cents)


def _line(service: Service) -> Line:
    first = service.segments[0]
    split_by = first.separators.component.decode("latin-1")
    _, code, *rest = [*service.procedure.split(split_by), ""]
    modifiers = tuple(sorted(intern(one) for one in rest[:4] if one))
    answered = Answered(
        service.line_control.strip(), intern(code), modifiers, intern(first.element(6, 2)), service.charge or 0
    )
    return Line(answered, service.paid or 0, _cuts(service.adjustments))
