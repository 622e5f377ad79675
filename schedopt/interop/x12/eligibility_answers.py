"""271: what a payer answers about coverage and benefits, as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from schedopt.interop.x12.loops import Loop, loops
from schedopt.interop.x12.parties import (
    Insured,
    Party,
    Period,
    Rejection,
    Trace,
    day,
    number,
    read_insured,
    read_party,
    read_periods,
    read_rejections,
    read_traces,
)
from schedopt.interop.x12.payments import cents
from schedopt.interop.x12.values import Segment, Transaction

_NOBODY = Party("")


class Quantity(NamedTuple):
    """An HSD: how many of something in which time.

    Attributes
    ----------
    kind : str
        HSD01, such as VS (visits).
    number : Decimal or None
        HSD02.
    time : str
        HSD05, such as 29 (what is left).
    """

    kind: str
    number: Decimal | None
    time: str


@dataclass(frozen=True, slots=True)
class Benefit:
    """An EB and what follows it.

    Attributes
    ----------
    number : int
        Of the segment in the file.
    code : str
        EB01, such as 1 (active), 6 (inactive), B (copay), C (deductible).
    level : str
        EB02, such as IND and FAM.
    services : tuple of str
        EB03.
    insurance : str
        EB04.
    time : str
        EB06, such as 23 (calendar year) and 29 (what is left).
    cents : int or None
        EB07; None where there is none, or no whole number of cents.
    percent : Decimal or None
        EB08 as it stands there: mostly a part of one.
    quantity : Quantity or None
        EB09 and EB10.
    authorisation, in_network : str
        EB11 and EB12: Y, N, U, W or empty.
    procedure : str
        EB13-2.
    periods : tuple of Period
        DTP.
    quantities : tuple of Quantity
        HSD.
    rejections : tuple of Rejection
        AAA.
    messages : tuple of str
        MSG: free text, not shown by ``repr``.
    """

    number: int
    code: str
    level: str = ""
    services: tuple[str, ...] = ()
    insurance: str = ""
    time: str = ""
    cents: int | None = None
    percent: Decimal | None = None
    quantity: Quantity | None = None
    authorisation: str = ""
    in_network: str = ""
    procedure: str = ""
    periods: tuple[Period, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    messages: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one patient, or of nobody where the payer did not get that far.

    Attributes
    ----------
    number : int
        Of the segment that it begins with: HL of the patient's level.
    reference : str
        BHT03: that of what it answers, or the payer's own.
    answered : datetime.date or None
        BHT04.
    time : str
        BHT05.
    payer, provider : Party
        Who answers whom.
    subscriber, dependant : Insured or None
        Both None where it is about the whole transaction.
    traces : tuple of Trace
        TRN of the patient's level.
    periods : tuple of Period
        DTP of the patient; of the member, where there are none of the dependant.
    rejections : tuple of Rejection
        Of all levels from the payer down to the patient, and of single benefits.
    benefits : tuple of Benefit
        In the order of the file.
    """

    number: int
    reference: str
    answered: dt.date | None
    time: str
    payer: Party
    provider: Party
    subscriber: Insured | None = None
    dependant: Insured | None = None
    traces: tuple[Trace, ...] = ()
    periods: tuple[Period, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    benefits: tuple[Benefit, ...] = ()

    @property
    def patient(self) -> Insured | None:
        """Whom it is about."""
        return self.dependant or self.subscriber


def read_answers(transaction: Transaction) -> tuple[Answer, ...]:
    """What a 271 says, patient by patient; empty for other transactions."""
    tree = loops(transaction)
    head = transaction.segments[1] if len(transaction.segments) > 1 else None
    if tree is None or transaction.code != "271" or head is None:
        return ()
    reference, answered, time = head.element(3), day(head.element(4)), head.element(5)
    start = Answer(transaction.segments[0].number, reference, answered, time, _NOBODY, _NOBODY)
    return tuple(one for source in tree.named("2000A") for one in _of_source(source, start))


def _of_source(source: Loop, start: Answer) -> Iterator[Answer]:
    above = replace(start, payer=_party(source, "2100A"), rejections=_refused(source, "2100A"))
    receivers = [loop for loop in source.loops if loop.name == "2000B"]
    if not receivers and above.rejections:
        yield above
    for receiver in receivers:
        here = replace(
            above, provider=_party(receiver, "2100B"), rejections=above.rejections + _refused(receiver, "2100B")
        )
        members = [loop for loop in receiver.loops if loop.name == "2000C"]
        if not members and here.rejections:
            yield replace(here, number=receiver.segments[0].number)
        for member in members:
            yield from _of_member(member, here)


def _of_member(member: Loop, above: Answer) -> Iterator[Answer]:
    own = _at_level(member, "2100C", above)
    dependants = [loop for loop in member.loops if loop.name == "2000D"]
    if not dependants or own.benefits or own.traces:
        yield own
    for loop in dependants:
        found = _at_level(loop, "2100D", above)
        refused = tuple(one for one in own.rejections if one not in above.rejections)
        yield replace(
            found,
            subscriber=own.subscriber,
            dependant=found.subscriber,
            periods=found.periods or own.periods,
            rejections=above.rejections + refused + found.rejections[len(above.rejections) :],
        )


def _at_level(loop: Loop, name: str, above: Answer) -> Answer:
    """What a level says, as if its person were the member."""
    inner = next((one for one in loop.loops if one.name == name), None)
    own = inner.segments if inner else ()
    found = tuple(_benefit(one) for one in (inner.loops if inner else ()) if one.name.startswith("2110"))
    return replace(
        above,
        number=loop.segments[0].number,
        subscriber=read_insured(own),
        traces=read_traces(loop.segments),
        periods=read_periods(own),
        rejections=(*above.rejections, *read_rejections(own), *(no for one in found for no in one.rejections)),
        benefits=found,
    )


def _party(loop: Loop, name: str) -> Party:
    found = next((one for one in loop.loops if one.name == name), None)
    return read_party(found.segments[0]) if found else _NOBODY


def _refused(loop: Loop, name: str) -> tuple[Rejection, ...]:
    inner = [segment for one in loop.loops if one.name == name for segment in one.segments]
    return read_rejections((*loop.segments, *inner))


def _benefit(loop: Loop) -> Benefit:
    start, rest = loop.segments[0], loop.segments[1:]
    kind, many = start.element(9), number(start.element(10))
    return Benefit(
        start.number,
        start.element(1),
        start.element(2),
        _parts(start, 3),
        start.element(4),
        start.element(6),
        cents(start.element(7)) if start.element(7) else None,
        number(start.element(8)),
        Quantity(kind, many, start.element(6)) if kind else None,
        start.element(11),
        start.element(12),
        start.element(13, 2),
        read_periods(rest),
        tuple(_quantity(one) for one in rest if one.name == "HSD"),
        read_rejections(rest),
        tuple(one.element(1) for one in rest if one.name == "MSG"),
    )


def _quantity(segment: Segment) -> Quantity:
    return Quantity(segment.element(1), number(segment.element(2)), segment.element(5))


def _parts(segment: Segment, place: int) -> tuple[str, ...]:
    separator = segment.separators.repetition
    said = segment.element(place)
    parts = said.split(separator.decode("latin-1")) if separator else [said]
    return tuple(part for part in parts if part)
