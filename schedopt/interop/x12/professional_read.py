"""The values of an 837P. Nothing in one makes this raise; what is missing is empty or None."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import get_args

from schedopt.interop.x12.loops import Loop, loops
from schedopt.interop.x12.payments import cents
from schedopt.interop.x12.professional import (
    Address,
    Batch,
    Billing,
    Human,
    Insured,
    LineDecision,
    Organisation,
    OtherInsurance,
    Practitioner,
    ProfessionalClaim,
    Rank,
    ServiceLine,
    Taken,
)
from schedopt.interop.x12.reading import at as _at
from schedopt.interop.x12.reading import day_of, find, first_loop, moment_of, reference
from schedopt.interop.x12.remittance import adjustments
from schedopt.interop.x12.values import Segment, Transaction


def read_professional(transaction: Transaction) -> tuple[Batch, ...]:
    """What an 837P says, a batch for each of its billing providers; nothing where it is none.

    Parameters
    ----------
    transaction : Transaction
        With a guide of ours.
    """
    tree = loops(transaction)
    if tree is None or transaction.code != "837":
        return ()
    head = find(tree.segments, "BHT")
    sender, receiver = first_loop(tree, "1000A"), first_loop(tree, "1000B")
    contact = find(sender.segments, "PER") if sender else None
    return tuple(
        Batch(
            _at(head, 3), moment_of(_at(head, 4), _at(head, 5)), _organisation(sender), _organisation(receiver),
            _at(contact, 2), _at(contact, 4), _billing(level), tuple(_claims(level)),
        )
        for level in tree.named("2000A")
    )  # fmt: skip


def _claims(level: Loop) -> Iterator[ProfessionalClaim]:
    for subscriber in level.named("2000B"):
        insured = _insured(subscriber, "2010BA", "2010BB")
        for inner in subscriber.loops:
            if inner.name == "2300":
                yield _claim(inner, insured, None, "")
            elif inner.name == "2000C":
                patient = _human(first_loop(inner, "2010CA"))
                relation = _at(find(inner.segments, "PAT"), 1)
                yield from (_claim(one, insured, patient, relation) for one in inner.named("2300"))


def _claim(loop: Loop, insured: Insured, patient: Human | None, relation: str) -> ProfessionalClaim:
    head = find(loop.segments, "CLM")
    provider = first_loop(loop, "2310B")
    return ProfessionalClaim(
        _at(head, 1), cents(_at(head, 2)) if _at(head, 2) else None, _at(head, 5, 1), _at(head, 5, 3), insured,
        tuple(_diagnoses(loop.segments)), tuple(_line(one) for one in loop.named("2400")), patient, relation,
        _practitioner(provider) if provider else None, reference(loop.segments, "G1"), reference(loop.segments, "F8"),
        tuple(_other(one) for one in loop.named("2320")),
    )  # fmt: skip


def _diagnoses(segments: Iterable[Segment]) -> Iterator[str]:
    for segment in segments:
        if segment.name == "HI" and segment.element(1, 1) in ("ABK", "BK"):
            yield from (code for place in range(1, 13) if (code := segment.element(place, 2)))


def _line(loop: Loop) -> ServiceLine:
    service = find(loop.segments, "SV1")
    charge = _at(service, 2)
    pointers = tuple(int(one) for place in range(1, 5) if (one := _at(service, 7, place)).isascii() and one.isdigit())
    day = next((one.element(3) for one in loop.segments if one.name == "DTP" and one.element(1) == "472"), "")
    return ServiceLine(
        _at(service, 1, 2), _modifiers(service, 1), cents(charge) if charge else None, _at(service, 4), pointers,
        day_of(day), reference(loop.segments, "6R"), _at(service, 5),
        tuple(_decision(one) for one in loop.named("2430")),
    )  # fmt: skip


def _decision(loop: Loop) -> LineDecision:
    head = find(loop.segments, "SVD")
    paid = _at(head, 2)
    return LineDecision(
        _at(head, 1), cents(paid) if paid else None, _at(head, 3, 2), _modifiers(head, 3), _at(head, 5),
        tuple(_taken(loop)), _decided_on(loop),
    )  # fmt: skip


def _modifiers(segment: Segment | None, place: int) -> tuple[str, ...]:
    return tuple(one for part in range(3, 7) if (one := _at(segment, place, part)))


def _taken(loop: Loop) -> Iterator[Taken]:
    for segment in loop.segments:
        if segment.name == "CAS":
            for one in adjustments(segment, segment.elements):
                yield Taken(one.group, one.reason, one.cents, one.quantity)


def _decided_on(loop: Loop | None) -> dt.date | None:
    found = (one for one in (loop.segments if loop else ()) if one.name == "DTP" and one.element(1) == "573")
    return day_of(next((one.element(3) for one in found), ""))


def _other(loop: Loop) -> OtherInsurance:
    payer = first_loop(loop, "2330B")
    paid = next((one.element(2) for one in loop.segments if one.name == "AMT" and one.element(1) == "D"), "")
    return OtherInsurance(
        _insured(loop, "2330A", "2330B"), cents(paid) if paid else None, tuple(_taken(loop)), _decided_on(payer),
        reference(payer.segments, "F8") if payer else "",
    )  # fmt: skip


def _insured(loop: Loop, holder: str, payer: str) -> Insured:
    head, person = find(loop.segments, "SBR"), first_loop(loop, holder)
    said: Rank = next((rank for rank in get_args(Rank) if rank == _at(head, 1)), "U")
    member = _at(find(person.segments, "NM1"), 9) if person else ""
    return Insured(
        said, _at(head, 2), _human(person), member, _organisation(first_loop(loop, payer)), _at(head, 3), _at(head, 9)
    )


def _human(loop: Loop | None) -> Human:
    segments = loop.segments if loop else ()
    name, born = find(segments, "NM1"), find(segments, "DMG")
    return Human(
        _at(name, 3), _at(name, 4), _at(name, 5), _at(name, 7), day_of(_at(born, 2)), _at(born, 3) or "U",
        _address(segments),
    )  # fmt: skip


def _organisation(loop: Loop | None) -> Organisation:
    segments = loop.segments if loop else ()
    name = find(segments, "NM1")
    return Organisation(_at(name, 3), _at(name, 9), _address(segments))


def _practitioner(loop: Loop) -> Practitioner:
    name, what = find(loop.segments, "NM1"), find(loop.segments, "PRV")
    return Practitioner(_at(name, 9), _at(name, 3), _at(name, 4), _at(what, 3), _at(name, 2) == "1")


def _billing(level: Loop) -> Billing:
    own, pay_to = first_loop(level, "2010AA"), first_loop(level, "2010AB")
    segments = own.segments if own else ()
    name = find(segments, "NM1")
    return Billing(
        _at(name, 9), _at(name, 3), reference(segments, "EI") or reference(segments, "SY"),
        _address(segments) or Address("", "", "", ""), _at(find(level.segments, "PRV"), 3),
        _address(pay_to.segments) if pay_to else None,
    )  # fmt: skip


def _address(segments: Iterable[Segment]) -> Address | None:
    segments = tuple(segments)
    street, town = find(segments, "N3"), find(segments, "N4")
    if street is None and town is None:
        return None
    return Address(_at(street, 1), _at(town, 1), _at(town, 2), _at(town, 3))
