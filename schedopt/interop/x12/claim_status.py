"""276, 277 and 277CA: what became of claims, and whether they were taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from schedopt.interop.x12.build import Line, amount, transaction
from schedopt.interop.x12.catalogue import kind_of
from schedopt.interop.x12.loops import Loop, loops
from schedopt.interop.x12.payments import cents
from schedopt.interop.x12.professional import Human, Organisation
from schedopt.interop.x12.reading import at, day_of, find, reference
from schedopt.interop.x12.values import Segment, Transaction

VERSION_276 = "005010X212"

_PLACES = (1, 10, 11)
"""Elements of STC that hold a status: up to three."""


class Status(NamedTuple):
    """One status of an STC.

    Attributes
    ----------
    category, code, entity : str
        Such as A7, 562 and 85.
    """

    category: str
    code: str
    entity: str

    @property
    def words(self) -> str:
        """As it stands in the file, with colons."""
        return ":".join(part for part in self if part)


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """What is said of a claim: 2200D or 2200E.

    Attributes
    ----------
    trace : str
        TRN02: what the office gave, CLM01 in a 277CA.
    statuses : tuple of Status
        Of all STC, in their order.
    date : datetime.date or None
        STC02 of the first.
    payer_control : str
        REF 1K.
    charge, paid : int or None
        STC04 and STC05 of the first, in cents.
    lines : tuple of Status
        Those of its lines.
    """

    trace: str
    statuses: tuple[Status, ...]
    date: dt.date | None
    payer_control: str
    charge: int | None
    paid: int | None
    lines: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A 277 or a 277CA.

    Attributes
    ----------
    kind : str
        277 or 277CA.
    reference : str
        TRN02 of 2200B: BHT03 of the 837 or 276 that is answered; empty where it is not said.
    date : datetime.date or None
        BHT04.
    above : tuple of Status
        What is said of the file or of a provider as a whole.
    claims : tuple of ClaimStatus
        In the order of the file.
    """

    kind: str
    reference: str
    date: dt.date | None
    above: tuple[Status, ...]
    claims: tuple[ClaimStatus, ...]


def read_status(transaction: Transaction) -> StatusReport | None:
    """What a 277 or 277CA says; None where it is neither.

    Parameters
    ----------
    transaction : Transaction
        With a guide of ours.
    """
    kind = kind_of(transaction.version, transaction.segments)
    tree = loops(transaction) if kind in ("277", "277CA") else None
    if tree is None:
        return None
    head = find(tree.segments, "BHT")
    above = [*tree.named("2200B"), *tree.named("2200C")]
    traced = [find(loop.segments, "TRN") for loop in tree.named("2200B")]
    claims = tuple(_claim(loop) for loop in _of_claims(tree))
    return StatusReport(
        kind, at(traced[0], 2) if traced else "", day_of(at(head, 4)),
        tuple(one for loop in above for one in _statuses(loop)), claims,
    )  # fmt: skip


def _of_claims(loop: Loop) -> Iterator[Loop]:
    """Loops of claims, in the order of the file."""
    for one in loop.loops:
        if one.name in ("2200D", "2200E"):
            yield one
        yield from _of_claims(one)


def _claim(loop: Loop) -> ClaimStatus:
    first = find(loop.segments, "STC")
    charge, paid = at(first, 4), at(first, 5)
    lines = [*loop.named("2220D"), *loop.named("2220E")]
    return ClaimStatus(
        at(find(loop.segments, "TRN"), 2), tuple(_statuses(loop)), day_of(at(first, 2)),
        reference(loop.segments, "1K"), cents(charge) if charge else None, cents(paid) if paid else None,
        tuple(one for line in lines for one in _statuses(line)),
    )  # fmt: skip


def _statuses(loop: Loop) -> Iterator[Status]:
    for segment in loop.segments:
        if segment.name == "STC":
            yield from _said(segment)


def _said(segment: Segment) -> Iterator[Status]:
    for place in _PLACES:
        if segment.element(place):
            yield Status(*(segment.element(place, part) for part in (1, 2, 3)))


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A claim that a 276 asks about. Its repr shows nobody.

    Attributes
    ----------
    trace : str
        TRN02: comes back in the 277.
    control : str
        REF EJ: CLM01.
    member : Human
        The subscriber; with a birth date where the patient is.
    member_id : str
        NM109.
    charge : int
        AMT T3, in cents.
    date : datetime.date
        DTP 472.
    patient : Human or None
        The dependant.
    payer_control : str
        REF 1K, where it is known.
    """

    trace: str
    control: str
    member: Human
    member_id: str
    charge: int
    date: dt.date
    patient: Human | None = None
    payer_control: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class StatusInquiry:
    """A 276.

    Attributes
    ----------
    reference : str
        BHT03.
    moment : datetime.datetime
        BHT04 and BHT05.
    payer, sender, provider : Organisation
        2100A, 2100B, and 2100C by NPI.
    asked : tuple of Asked
        Claims.
    """

    reference: str
    moment: dt.datetime
    payer: Organisation
    sender: Organisation
    provider: Organisation
    asked: tuple[Asked, ...]


def build_inquiry(inquiry: StatusInquiry, control: int) -> tuple[Line, ...]:
    """The segments of a 276.

    Parameters
    ----------
    inquiry : StatusInquiry
        What it says.
    control : int
        ST02.
    """
    return transaction("276", VERSION_276, control, list(_lines(inquiry)))


def _lines(inquiry: StatusInquiry) -> Iterator[Line]:
    yield ("BHT", "0010", "13", inquiry.reference, inquiry.moment.date(), f"{inquiry.moment:%H%M}")
    above = (
        ("20", "PR", "PI", inquiry.payer),
        ("21", "41", "46", inquiry.sender),
        ("19", "1P", "XX", inquiry.provider),
    )
    for level, (code, role, kind, who) in enumerate(above, 1):
        yield ("HL", level, level - 1 or None, code, 1)
        yield ("NM1", role, 2, who.name, None, None, None, None, kind, who.number)
    level = 3
    for one in inquiry.asked:
        level += 1
        yield ("HL", level, 3, "22", int(one.patient is not None))
        if one.patient is None:
            yield from _born(one.member)
        yield ("NM1", "IL", 1, one.member.surname, one.member.given_name, None, None, None, "MI", one.member_id)
        if one.patient is not None:
            level += 1
            yield ("HL", level, level - 1, "23")
            yield from _born(one.patient)
            yield ("NM1", "QC", 1, one.patient.surname, one.patient.given_name)
        yield from _asked(one)


def _born(person: Human) -> Iterator[Line]:
    if person.birth_date is not None:
        yield ("DMG", "D8", person.birth_date, person.sex)


def _asked(one: Asked) -> Iterator[Line]:
    yield ("TRN", "1", one.trace)
    if one.payer_control:
        yield ("REF", "1K", one.payer_control)
    yield ("REF", "EJ", one.control)
    yield ("AMT", "T3", amount(one.charge))
    yield ("DTP", "472", "D8", one.date)
