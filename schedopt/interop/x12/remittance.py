"""An 835 while its segments come: its claims, and whether its sums hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schedopt.interop.x12.payments import (
    Adjustment,
    Balance,
    Break,
    Claim,
    ProviderAdjustment,
    Service,
    SumName,
    cents,
)
from schedopt.interop.x12.values import Segment, Transaction

_MOST_BREAKS = 1000


class Remittance:
    """An 835 while its segments come, without keeping its claims."""

    def __init__(self, start: Segment) -> None:
        self._start = start
        self._head: Segment | None = None
        self._check: int | None = 0
        self._open: _Claim | None = None
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
        return done, Balance(start.number, start.element(2), self._claims, total, self._check, self._num_breaks, breaks)

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


class _Service:
    """A service that is not complete yet."""

    def __init__(self, segment: Segment, elements: list[str]) -> None:
        self.elements = elements
        self.segments = [segment]
        self.adjustments: list[Adjustment] = []
        self.line_control = ""

    def value(self) -> Service:
        start, found = self.segments[0], self.elements
        charge, paid = cents(_at(found, 2)), cents(_at(found, 3))
        head = (start.number, start.offset, _at(found, 1), charge, paid, _at(found, 5), self.line_control)
        return Service(*head, tuple(self.adjustments), tuple(self.segments))


class _Claim:
    """A claim that is not complete yet."""

    def __init__(self, segment: Segment, elements: list[str]) -> None:
        self.elements = elements
        self.segments = [segment]
        self.adjustments: list[Adjustment] = []
        self.services: list[_Service] = []

    def step(self, segment: Segment, elements: list[str]) -> None:
        name = elements[0]
        if name == "SVC":
            self.services.append(_Service(segment, elements))
            return
        service = self.services[-1] if self.services else None
        innermost = service or self
        innermost.segments.append(segment)
        if name == "CAS":
            innermost.adjustments.extend(adjustments(segment, elements))
        elif name == "REF" and service and not service.line_control and _at(elements, 1) == "6R":
            service.line_control = _at(elements, 2)

    def value(self) -> Claim:
        start, found = self.segments[0], self.elements
        charge, paid, share = (cents(_at(found, at)) for at in (3, 4, 5))
        head = (start.number, start.offset, _at(found, 1), _at(found, 2), charge, paid, share, _at(found, 7))
        services = tuple(service.value() for service in self.services)
        return Claim(*head, tuple(self.adjustments), services, tuple(self.segments))


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
