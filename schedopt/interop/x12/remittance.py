"""What an 835 says of money, in whole cents, and whether its sums hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal, NamedTuple

from schedopt.interop.x12.values import Segment, Transaction

_PLAIN = re.compile(r"(-?)(\d{0,18})(?:\.(\d{0,2})0*)?", re.ASCII)
_MOST_BREAKS = 1000
SumName = Literal["service", "claim", "check"]


@lru_cache(maxsize=65536)
def cents(amount: str) -> int | None:
    """An amount of money in cents; None where it is none, or not a whole number of cents. Nothing is 0."""
    plain = _PLAIN.fullmatch(amount)
    if plain:
        whole = int(plain[2] or 0) * 100 + int((plain[3] or "").ljust(2, "0"))
        return -whole if plain[1] else whole
    try:
        exact = Decimal(amount) * 100
        return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**20 else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


class Adjustment(NamedTuple):
    """Why some of a charge was not paid: one of up to six in a CAS.

    Attributes
    ----------
    number : int
        Of the segment in the file.
    group, reason : str
        Such as CO and 45.
    cents : int or None
        What is taken off; None where the file has no amount there.
    quantity : str
        As in the file; mostly empty.
    """

    number: int
    group: str
    reason: str
    cents: int | None
    quantity: str


@dataclass(frozen=True, slots=True)
class Service:
    """A line of a claim: SVC and what follows it.

    Attributes
    ----------
    number, offset : int
        Of SVC in the file.
    procedure : str
        SVC01, with its qualifier and modifiers.
    charge, paid : int or None
        SVC02 and SVC03 in cents.
    units : str
        SVC05.
    line_control : str
        REF 6R, the number that the claim gave the line.
    adjustments : tuple of Adjustment
        Of this line.
    """

    number: int
    offset: int
    procedure: str
    charge: int | None
    paid: int | None
    units: str
    line_control: str
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that was decided: CLP and what follows it.

    Attributes
    ----------
    number, offset : int
        Of CLP in the file.
    control : str
        CLP01, the number that the office gave the claim.
    status : str
        CLP02; 22 is a reversal.
    charge, paid, share : int or None
        CLP03, CLP04 and CLP05 in cents; the share is the patient's.
    payer_control : str
        CLP07.
    adjustments : tuple of Adjustment
        Of the claim, without those of its services.
    services : tuple of Service
        In the order of the file.
    """

    number: int
    offset: int
    control: str
    status: str
    charge: int | None
    paid: int | None
    share: int | None
    payer_control: str
    adjustments: tuple[Adjustment, ...]
    services: tuple[Service, ...]


class ProviderAdjustment(NamedTuple):
    """What was taken off the check for no single claim: one of up to six in a PLB.

    Attributes
    ----------
    number : int
        Of the segment in the file.
    reason, reference : str
        Such as WO, and a claim or a number.
    cents : int or None
        What is taken off.
    """

    number: int
    reason: str
    reference: str
    cents: int | None


class Break(NamedTuple):
    """A sum that does not hold, and where.

    Attributes
    ----------
    sum : {"service", "claim", "check"}
        Which of the three.
    number, offset : int
        Of SVC, CLP or BPR in the file.
    cents : int or None
        What stands there less what should; None where an amount is missing or is none.
    """

    sum: SumName
    number: int
    offset: int
    cents: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """The three sums of an 835.

    Attributes
    ----------
    number : int
        Of ST in the file.
    control : str
        ST02.
    claims : int
        How many there are.
    paid, check : int or None
        What the claims come to less provider-level adjustments, and BPR02, in cents.
    num_breaks : int
        How many sums do not hold.
    breaks : tuple of Break
        The first thousand of them, in the order of the file.
    """

    number: int
    control: str
    claims: int
    paid: int | None
    check: int | None
    num_breaks: int
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        """Whether all three sums do."""
        return self.num_breaks == 0


class Remittance:
    """An 835 while its segments come, without keeping its claims."""

    def __init__(self, start: Segment) -> None:
        self._start = start
        self._head: Segment | None = None
        self._check: int | None = 0
        self._open: _Claim | None = None
        self._sums: list[int | None] = []
        self._total = 0
        self._claims = 0
        self._unknown = False
        self._breaks: list[Break] = []
        self._num_breaks = 0

    def step(self, segment: Segment, elements: list[str]) -> Claim | None:
        """Take the next segment; gives a claim once all of it has come."""
        name = elements[0]
        if name in ("CLP", "LX", "PLB", "SE"):
            done = self._close()
            if name == "CLP":
                self._open = _Claim(segment, elements)
            elif name == "PLB":
                self._take_off(segment, elements)
            return done
        if name == "BPR" and self._head is None:
            self._head = segment
            amount = cents(_at(elements, 2)) if _at(elements, 2) else None
            self._check = -amount if amount is not None and _at(elements, 3) == "D" else amount
        elif self._open:
            self._open.step(segment, elements)
        return None

    def end(self) -> tuple[Claim | None, Balance]:
        """The last claim, if it is still open, and the sums."""
        done = self._close()
        total = None if self._unknown else self._total
        if self._head is None:
            self._break("check", self._start, None)
        elif total is None or self._check is None:
            self._break("check", self._head, None)
        elif total != self._check:
            self._break("check", self._head, self._check - total)
        start = self._start
        breaks = tuple(sorted(self._breaks, key=lambda one: one.number))
        return done, Balance(
            start.number, start.element(2), self._claims, total, self._check, self._num_breaks, breaks
        )

    def _close(self) -> Claim | None:
        if not self._open:
            return None
        claim, self._open = self._open.value(), None
        self._claims += 1
        if claim.paid is None:
            self._unknown = True
        else:
            self._total += claim.paid
        for one in breaks_of(claim):
            self._keep(one)
        return claim

    def _take_off(self, segment: Segment, elements: list[str]) -> None:
        for one in provider_adjustments(segment, elements):
            if one.cents is None:
                self._unknown = True
            else:
                self._total -= one.cents

    def _break(self, name: SumName, segment: Segment, difference: int | None) -> None:
        self._keep(Break(name, segment.number, segment.offset, difference))

    def _keep(self, one: Break) -> None:
        self._num_breaks += 1
        if len(self._breaks) < _MOST_BREAKS or one.sum == "check":
            self._breaks.append(one)


class _Claim:
    """A claim that is not complete yet."""

    def __init__(self, segment: Segment, elements: list[str]) -> None:
        self._segment, self._elements = segment, elements
        self._adjustments: list[Adjustment] = []
        self._services: list[Service] = []
        self._service: tuple[Segment, list[str], list[Adjustment], list[str]] | None = None

    def step(self, segment: Segment, elements: list[str]) -> None:
        name = elements[0]
        if name == "SVC":
            self._close()
            self._service = (segment, elements, [], [])
        elif name == "CAS":
            mine = self._service[2] if self._service else self._adjustments
            mine.extend(adjustments(segment, elements))
        elif name == "REF" and self._service and _at(elements, 1) == "6R":
            self._service[3].append(_at(elements, 2))

    def _close(self) -> None:
        if self._service:
            segment, elements, taken, controls = self._service
            procedure, charge, paid = _at(elements, 1), cents(_at(elements, 2)), cents(_at(elements, 3))
            control = controls[0] if controls else ""
            place = (segment.number, segment.offset)
            self._services.append(Service(*place, procedure, charge, paid, _at(elements, 5), control, tuple(taken)))
        self._service = None

    def value(self) -> Claim:
        self._close()
        found, place = self._elements, (self._segment.number, self._segment.offset)
        amounts = tuple(cents(_at(found, at)) for at in (3, 4, 5))
        taken, lines = tuple(self._adjustments), tuple(self._services)
        return Claim(*place, _at(found, 1), _at(found, 2), *amounts, _at(found, 7), taken, lines)


def adjustments(segment: Segment, elements: list[str]) -> Iterator[Adjustment]:
    """What a CAS says."""
    for at in range(2, min(len(elements), 20), 3):
        if any(elements[at : at + 3]):
            amount = cents(_at(elements, at + 1)) if _at(elements, at + 1) else None
            yield Adjustment(segment.number, elements[1], elements[at], amount, _at(elements, at + 2))


def provider_adjustments(segment: Segment, elements: list[str]) -> Iterator[ProviderAdjustment]:
    """What a PLB says."""
    split = segment.separators.component.decode("latin-1")
    for at in range(3, min(len(elements), 15), 2):
        if any(elements[at : at + 2]):
            reason, _, reference = elements[at].partition(split)
            amount = cents(_at(elements, at + 1)) if _at(elements, at + 1) else None
            yield ProviderAdjustment(segment.number, reason, reference, amount)


def breaks_of(claim: Claim) -> Iterator[Break]:
    """The sums of a claim and of its services that do not hold."""
    of_services: list[Adjustment] = []
    for service in claim.services:
        of_services += service.adjustments
        wrong = _difference(service.paid, service.charge, service.adjustments)
        if wrong != 0:
            yield Break("service", service.number, service.offset, wrong)
    wrong = _difference(claim.paid, claim.charge, (*claim.adjustments, *of_services))
    if wrong != 0:
        yield Break("claim", claim.number, claim.offset, wrong)


def _difference(paid: int | None, charge: int | None, taken: Iterable[Adjustment]) -> int | None:
    amounts = [one.cents for one in taken]
    if paid is None or charge is None or None in amounts:
        return None
    return paid - (charge - sum(amount for amount in amounts if amount is not None))


def _at(elements: list[str], place: int) -> str:
    return elements[place] if place < len(elements) else ""


def claims(transaction: Transaction) -> Iterator[Claim]:
    """The claims of an 835, one after the other."""
    reader = Remittance(transaction.segments[0])
    for segment in transaction.segments:
        done = reader.step(segment, segment.elements)
        if done:
            yield done
    last, _ = reader.end()
    if last:
        yield last


def balance(transaction: Transaction) -> Balance:
    """The three sums of an 835."""
    reader = Remittance(transaction.segments[0])
    for segment in transaction.segments:
        reader.step(segment, segment.elements)
    return reader.end()[1]
