"""278: may this be done. What is asked and what is answered, as values; requests to segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from schedopt.interop.x12.build import Line
from schedopt.interop.x12.loops import Loop, loops
from schedopt.interop.x12.parties import (
    Insured,
    Party,
    Period,
    Rejection,
    Trace,
    day,
    insured_lines,
    number,
    read_insured,
    read_party,
    read_periods,
    read_rejections,
    read_traces,
)
from schedopt.interop.x12.values import Segment, Transaction

VERSION = "005010X217"
_EVENT = "AAH"
_NUMBER = "BB"


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """May this patient have these visits in these days.

    Attributes
    ----------
    reference : str
        BHT03.
    moment : datetime.datetime
        BHT04 and BHT05.
    payer, requester : Party
        Who is asked, and who asks.
    subscriber : Insured
        The member.
    dependant : Insured or None
        The patient, where it is not the member.
    trace : Trace
        Comes back with the answer.
    category : str
        UM01: HS (services) or SC (a specialist's care, on referral).
    purpose : str
        UM02: I (first), R (again), 3 (taken back).
    service : str
        UM03: service type.
    place : str
        UM04-1: place of service.
    first, last : datetime.date
        Days.
    visits : int
        HSD02.
    diagnoses : tuple of str
        HI, the first one first, without points; not shown by ``repr``.
    procedure : str
        SV101-2; empty: none.
    provider : Party or None
        Who is to do it.
    """

    reference: str
    moment: dt.datetime
    payer: Party
    requester: Party
    subscriber: Insured
    dependant: Insured | None
    trace: Trace
    category: str
    purpose: str
    service: str
    place: str
    first: dt.date
    last: dt.date
    visits: int
    diagnoses: tuple[str, ...] = field(default=(), repr=False)
    procedure: str = ""
    provider: Party | None = None

    @property
    def patient(self) -> Insured:
        """Whom it is about."""
        return self.dependant or self.subscriber


@dataclass(frozen=True, slots=True)
class Decision:
    """An HCR and what stands beside it, of a patient event or of one of its services.

    Attributes
    ----------
    number : int
        Of the segment that its loop begins with.
    action : str
        HCR01, such as A1 (as asked), A2 (in part), A3 (no), A4 (not decided yet); empty where there is none.
    certificate : str
        HCR02, or REF BB.
    reasons : tuple of str
        HCR03.
    periods : tuple of Period
        DTP.
    visits : Decimal or None
        HSD02 where HSD01 is VS.
    procedure : str
        SV101-2.
    """

    number: int
    action: str = ""
    certificate: str = field(default="", repr=False)
    reasons: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    visits: Decimal | None = None
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """What a payer says of one patient event, or of nobody where it did not get that far.

    Attributes
    ----------
    number : int
        Of the segment that it begins with: HL of the event.
    reference : str
        BHT03: that of what it answers.
    answered : datetime.date or None
        BHT04.
    time : str
        BHT05.
    payer, requester : Party
        Who answers whom.
    subscriber, dependant : Insured or None
        Of whom.
    traces : tuple of Trace
        TRN of the event and its services.
    category : str
        UM01.
    rejections : tuple of Rejection
        AAA of all levels.
    event : Decision
        Of the event itself.
    services : tuple of Decision
        Of its services.
    """

    number: int
    reference: str
    answered: dt.date | None
    time: str
    payer: Party
    requester: Party
    subscriber: Insured | None = None
    dependant: Insured | None = None
    traces: tuple[Trace, ...] = ()
    category: str = ""
    rejections: tuple[Rejection, ...] = ()
    event: Decision = Decision(0)
    services: tuple[Decision, ...] = ()

    @property
    def patient(self) -> Insured | None:
        """Whom it is about."""
        return self.dependant or self.subscriber


def review_lines(asked: ReviewRequest) -> list[Line]:
    """What stands between ST and SE."""
    lines: list[Line] = [
        ("BHT", "0007", "13", asked.reference, asked.moment.date(), f"{asked.moment:%H%M}"),
        ("HL", 1, None, "20", 1),
        asked.payer.line,
        ("HL", 2, 1, "21", 1),
        asked.requester.line,
        ("HL", 3, 2, "22", 1),
        *insured_lines(asked.subscriber),
    ]
    level = 3
    if asked.dependant is not None:
        level = 4
        lines += [("HL", 4, 3, "23", 1), *insured_lines(asked.dependant, dependant=True)]
    lines += _event_lines(asked, level)
    return lines


def _event_lines(asked: ReviewRequest, above: int) -> Iterator[Line]:
    trace, place = asked.trace, (asked.place, "B") if asked.place else None
    yield ("HL", above + 1, above, "EV", int(bool(asked.procedure)))
    yield ("TRN", trace.kind, trace.number, trace.origin or None)
    yield ("UM", asked.category, asked.purpose, asked.service or None, place)
    yield ("DTP", _EVENT, "RD8", f"{asked.first:%Y%m%d}-{asked.last:%Y%m%d}")
    if asked.diagnoses:
        yield ("HI", *(("ABF" if place else "ABK", code) for place, code in enumerate(asked.diagnoses[:12])))
    yield ("HSD", "VS", asked.visits)
    if asked.provider is not None:
        yield asked.provider.line
    if asked.procedure:
        yield ("HL", above + 2, above + 1, "SS", 0)
        yield ("SV1", ("HC", asked.procedure))
        yield ("HSD", "VS", asked.visits)


def read_review_answers(transaction: Transaction) -> tuple[ReviewAnswer, ...]:
    """What the answer to a 278 says, event by event; empty for other transactions."""
    tree = loops(transaction)
    head = transaction.segments[1] if len(transaction.segments) > 1 else None
    if tree is None or transaction.code != "278" or head is None or head.element(2) not in ("11", "18"):
        return ()
    start = ReviewAnswer(
        transaction.segments[0].number, head.element(3), day(head.element(4)), head.element(5), Party(""), Party("")
    )
    return tuple(one for source in tree.named("2000A") for one in _of_source(source, start))


def _of_source(source: Loop, start: ReviewAnswer) -> Iterator[ReviewAnswer]:
    payer, refused = _inner(source, "2010A")
    here = replace(start, payer=read_party(payer[0]) if payer else Party(""), rejections=refused)
    requesters = [loop for loop in source.loops if loop.name == "2000B"]
    if not requesters:
        yield here
    for loop in requesters:
        who, refused = _inner(loop, "2010B")
        below = replace(here, requester=read_party(who[0]) if who else Party(""), rejections=here.rejections + refused)
        members = [one for one in loop.loops if one.name == "2000C"]
        if not members:
            yield replace(below, number=loop.segments[0].number)
        for member in members:
            yield from _of_member(member, below)


def _of_member(loop: Loop, above: ReviewAnswer) -> Iterator[ReviewAnswer]:
    own, refused = _inner(loop, "2010C")
    here = replace(above, subscriber=read_insured(own), rejections=above.rejections + refused)
    dependants = [one for one in loop.loops if one.name == "2000D"]
    if not dependants:
        yield from _of_patient(loop, here)
    for one in dependants:
        who, refused = _inner(one, "2010D")
        yield from _of_patient(one, replace(here, dependant=read_insured(who), rejections=here.rejections + refused))


def _of_patient(loop: Loop, above: ReviewAnswer) -> Iterator[ReviewAnswer]:
    events = [one for one in loop.loops if one.name == "2000E"]
    if not events:
        yield replace(above, number=loop.segments[0].number)
    for event in events:
        services = [one for one in event.loops if one.name == "2000F"]
        every = (*event.segments, *(segment for one in services for segment in one.segments))
        yield replace(
            above,
            number=event.segments[0].number,
            traces=read_traces(every),
            category=next((one.element(1) for one in event.segments if one.name == "UM"), ""),
            rejections=above.rejections + read_rejections(every),
            event=_decision(event.segments),
            services=tuple(_decision(one.segments) for one in services),
        )


def _inner(loop: Loop, name: str) -> tuple[tuple[Segment, ...], tuple[Rejection, ...]]:
    """Segments of the loop of a name in another, and what was refused of both."""
    found = next((one.segments for one in loop.loops if one.name == name), ())
    return found, read_rejections((*loop.segments, *found))


def _decision(segments: tuple[Segment, ...]) -> Decision:
    made = Decision(segments[0].number, periods=read_periods(segments))
    for one in segments:
        if one.name == "HCR":
            separator = one.separators.repetition
            reasons = one.element(3).split(separator.decode("latin-1")) if separator else [one.element(3)]
            said = one.element(2) or made.certificate
            made = replace(made, action=one.element(1), certificate=said, reasons=tuple(filter(None, reasons)))
        elif one.name == "REF" and one.element(1) == _NUMBER and not made.certificate:
            made = replace(made, certificate=one.element(2))
        elif one.name == "HSD" and one.element(1) == "VS":
            made = replace(made, visits=number(one.element(2)))
        elif one.name == "SV1":
            made = replace(made, procedure=one.element(1, 2))
    return made
