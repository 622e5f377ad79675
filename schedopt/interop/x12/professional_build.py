"""An 837P from its values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby

from schedopt.interop.x12.build import Line, Value, amount, transaction
from schedopt.interop.x12.professional import (
    VERSION,
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
    ServiceLine,
    Taken,
)

_IN_A_CAS = 6


def build(batch: Batch, control: int) -> tuple[Line, ...]:
    """The segments of a transaction.

    Parameters
    ----------
    batch : Batch
        What it says.
    control : int
        ST02.
    """
    return transaction("837", VERSION, control, list(_lines(batch)))


def _lines(batch: Batch) -> Iterator[Line]:
    yield ("BHT", "0019", "00", batch.reference, batch.moment.date(), f"{batch.moment:%H%M}", "CH")
    yield _organisation("41", batch.sender, "46")
    yield ("PER", "IC", batch.contact, "TE", batch.phone)
    yield _organisation("40", batch.receiver, "46")
    yield ("HL", 1, None, "20", 1)
    yield from _billing(batch.billing)
    level = 1
    for claim in batch.claims:
        level += 1
        yield ("HL", level, 1, "22", int(claim.patient is not None))
        yield from _subscriber(claim.insured)
        if claim.patient is not None:
            level += 1
            yield ("HL", level, level - 1, "23", 0)
            yield ("PAT", claim.relation)
            yield from _human("QC", claim.patient)
        yield from _claim(claim)


def _billing(billing: Billing) -> Iterator[Line]:
    if billing.taxonomy:
        yield ("PRV", "BI", "PXC", billing.taxonomy)
    yield ("NM1", "85", 2, billing.name, None, None, None, None, "XX", billing.npi)
    yield from _address(billing.address)
    yield ("REF", "EI", billing.tax_id)
    if billing.pay_to is not None:
        yield ("NM1", "87", 2)
        yield from _address(billing.pay_to)


def _subscriber(insured: Insured) -> Iterator[Line]:
    yield _sbr(insured)
    yield from _human("IL", insured.person, "MI", insured.member_id)
    yield _organisation("PR", insured.payer, "PI")
    if insured.payer.address is not None:
        yield from _address(insured.payer.address)


def _sbr(insured: Insured) -> Line:
    relation, group = insured.relation or None, insured.group_number or None
    return ("SBR", insured.rank, relation, group, None, None, None, None, None, insured.filing)


def _human(role: str, person: Human, kind: str = "", number: str = "") -> Iterator[Line]:
    names = (person.surname, person.given_name, person.middle, None, person.suffix)
    yield ("NM1", role, 1, *names, kind or None, number or None)
    if person.address is not None:
        yield from _address(person.address)
    if person.birth_date is not None:
        yield ("DMG", "D8", person.birth_date, person.sex)


def _organisation(role: str, one: Organisation, kind: str) -> Line:
    return ("NM1", role, 2, one.name, None, None, None, None, kind, one.number)


def _address(address: Address) -> Iterator[Line]:
    yield ("N3", address.street)
    yield ("N4", address.city, address.state, address.postcode)


def _claim(claim: ProfessionalClaim) -> Iterator[Line]:
    where = (claim.place, "B", claim.frequency)
    yield ("CLM", claim.control, _money(claim.charge), None, None, where, "Y", "A", "Y", "Y")
    if claim.authorisation:
        yield ("REF", "G1", claim.authorisation)
    if claim.payer_control:
        yield ("REF", "F8", claim.payer_control)
    codes = zip(("ABK", *["ABF"] * len(claim.diagnoses)), claim.diagnoses, strict=False)
    if claim.diagnoses:
        yield ("HI", *codes)
    if claim.provider is not None:
        yield from _practitioner(claim.provider)
    for other in claim.others:
        yield from _other(other)
    for number, line in enumerate(claim.lines, 1):
        yield from _service(number, line)


def _practitioner(provider: Practitioner) -> Iterator[Line]:
    kind = 1 if provider.is_person else 2
    yield ("NM1", "82", kind, provider.surname, provider.given_name, None, None, None, "XX", provider.npi)
    if provider.taxonomy:
        yield ("PRV", "PE", "PXC", provider.taxonomy)


def _other(other: OtherInsurance) -> Iterator[Line]:
    insured = other.insured
    yield _sbr(insured)
    yield from _cas(other.taken)
    if other.paid is not None:
        yield ("AMT", "D", amount(other.paid))
    yield ("OI", None, None, "Y", None, None, "Y")
    yield from _human("IL", insured.person, "MI", insured.member_id)
    yield _organisation("PR", insured.payer, "PI")
    if insured.payer.address is not None:
        yield from _address(insured.payer.address)
    yield from _decided_on(other.decided_on)
    if other.payer_control:
        yield ("REF", "F8", other.payer_control)


def _service(number: int, line: ServiceLine) -> Iterator[Line]:
    yield ("LX", number)
    what = ("HC", line.procedure, *line.modifiers)
    yield ("SV1", what, _money(line.charge), "UN", line.units, line.place or None, None, line.pointers)
    if line.date is not None:
        yield ("DTP", "472", "D8", line.date)
    if line.control:
        yield ("REF", "6R", line.control)
    for decision in line.decisions:
        yield from _decision(decision)


def _decision(decision: LineDecision) -> Iterator[Line]:
    what = ("HC", decision.procedure, *decision.modifiers)
    yield ("SVD", decision.payer, _money(decision.paid), what, None, decision.units)
    yield from _cas(decision.taken)
    yield from _decided_on(decision.decided_on)


def _decided_on(day: dt.date | None) -> Iterator[Line]:
    if day is not None:
        yield ("DTP", "573", "D8", day)


def _cas(taken: Sequence[Taken]) -> Iterator[Line]:
    """Neighbours of one group stand in one segment, six at most."""
    for group, those in groupby(taken, key=lambda one: one.group):
        found = list(those)
        for first in range(0, len(found), _IN_A_CAS):
            said: list[Value] = []
            for one in found[first : first + _IN_A_CAS]:
                said += [one.reason, _money(one.cents), one.quantity or None]
            yield ("CAS", group, *said)


def _money(cents: int | None) -> str | None:
    return None if cents is None else amount(cents)
