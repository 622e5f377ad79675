"""Claims as 837Ps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from schedopt.billing.claims.edits import diagnoses_of, modifiers_of
from schedopt.billing.claims.numbers import line_control
from schedopt.billing.claims.sending import Outgoing, Patient, Prior, Reason
from schedopt.billing.claims.tables import BillingOffice, ClaimLine, ProviderNumbers
from schedopt.billing.coverage.tables import Membership, Payer
from schedopt.errors import Fault, InputError
from schedopt.interop.x12.build import Line, Sending, interchange
from schedopt.interop.x12.judge import judge
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
    Rank,
    ServiceLine,
    Taken,
)
from schedopt.interop.x12.professional_build import build
from schedopt.interop.x12.tree import read, write
from schedopt.payers.text import digits, number, plain_text

T = TypeVar("T")

MOST_IN_A_TRANSACTION = 100
"""Claims of a transaction: who refuses one of its claims may refuse all."""

_RANKS: dict[str, Rank] = {"primary": "P", "secondary": "S", "tertiary": "T"}
_OF_PATIENT = {"spouse": "01", "child": "19", "other": "G8"}
_RELATIONS = {"self": "18", **_OF_PATIENT}
_SEXES = {"female": "F", "male": "M"}


@dataclass(frozen=True, slots=True)
class Written:
    """A file of claims.

    Attributes
    ----------
    control : int
        ISA13, and GS06.
    data : bytes
        What stands in it.
    transactions : tuple of tuple of str
        The claims of each transaction; the first one's ST02 is 1.
    """

    control: int
    data: bytes
    transactions: tuple[tuple[str, ...], ...]


def reference_of(control: int, transaction: int) -> str:
    """BHT03 of a transaction: what 277CA gives back."""
    return f"{control:09d}{transaction:04d}"


def sending_of(reference: str) -> tuple[int, int] | None:
    """File and transaction that a reference names; None where it is none of ours."""
    if len(reference) != 13 or not (reference.isascii() and reference.isdigit()):
        return None
    return int(reference[:9]), int(reference[9:])


def write_claims(
    claims: Sequence[Outgoing], control: int, moment: dt.datetime, *, production: bool = True,
    most: int = MOST_IN_A_TRANSACTION,
) -> Written:  # fmt: skip
    """A file of claims for one receiver: the first claim's payer, or the office's clearing house.

    Parameters
    ----------
    claims : sequence of Outgoing
        At least one; nothing is missing of any.
    control : int
        ISA13.
    moment : datetime.datetime
        When it is written.
    production : bool
        Whether it is meant; ISA15.
    most : int
        Claims of a transaction.

    Raises
    ------
    InputError
        If something is missing that a claim has to say, or a value is none that payers take; none is shown.
    """
    faults = [
        Fault("claims", None, one.claim.claim, None, f"expected {what}") for one in claims for what in one.missing
    ]
    office, payer = claims[0].office, claims[0].payer
    if faults or office is None or payer is None:
        raise InputError(faults)
    receiver = receiver_of(office, payer)
    sending = Sending(number(office.sender), receiver.number, moment, control, production=production)
    made, names = list[tuple[Line, ...]](), list[tuple[str, ...]]()
    for at, first in enumerate(range(0, len(claims), most), 1):
        some = claims[first : first + most]
        made.append(build(batch_of(some, office, receiver, reference_of(control, at), moment), at))
        names.append(tuple(one.claim.claim for one in some))
    data = write(interchange(sending, [(VERSION, made)]))
    _expect_accepted(data)
    return Written(control, data, tuple(names))


def _expect_accepted(data: bytes) -> None:
    """Refuse a file that a payer would refuse, as some value is not as payers take it: none is shown."""
    verdict = judge(data)
    if verdict.accepted:
        return
    starts = {one.number: one.element(1) for one in read(data).segments if one.name == "CLM"}
    raise InputError([
        Fault("claims", None, next((claim for at, claim in starts.items() if at >= one.number), None), None,
              f"{one.element or one.segment} in loop {one.loop}: {one.expected}")
        for one in verdict.problems if one.severity == "error"
    ][:100])  # fmt: skip


def receiver_of(office: BillingOffice, payer: Payer) -> Organisation:
    """To whom the files for a payer go."""
    if office.clearing_house:
        return Organisation("CLEARING HOUSE", number(office.clearing_house))
    return Organisation(plain_text(payer.name, 60), number(payer.payer_id))


def batch_of(
    claims: Sequence[Outgoing], office: BillingOffice, receiver: Organisation, reference: str, moment: dt.datetime
) -> Batch:
    """A transaction's values."""
    name = plain_text(office.name, 60)
    address = _address(office.address, office.city, office.state, office.postcode)
    billing = Billing(office.npi, name, digits(office.tax_id), address, office.taxonomy or "")
    return Batch(
        reference, moment.replace(second=0, microsecond=0, tzinfo=None), Organisation(name, number(office.sender)),
        receiver, plain_text(office.contact, 60), digits(office.phone), billing,
        tuple(_claim(one, office) for one in claims),
    )  # fmt: skip


def _claim(one: Outgoing, office: BillingOffice) -> ProfessionalClaim:
    payer, membership = _told(one.payer), _told(one.membership)
    diagnoses = diagnoses_of(one.lines)
    dependant = membership.relation != "self"
    insured = Insured(
        _RANKS[one.claim.rank], "" if dependant else "18",
        holder_of(membership) if dependant else human_of(one.patient), number(membership.member_id),
        payer_of(payer, whole=True), number(membership.group_number), payer.filing,
    )  # fmt: skip
    return ProfessionalClaim(
        one.claim.claim, one.claim.charge, one.lines[0].place, one.claim.frequency, insured, diagnoses,
        tuple(_line(one, line, diagnoses) for line in one.lines),
        human_of(one.patient) if dependant else None, _OF_PATIENT.get(membership.relation, ""),
        _practitioner(_told(one.provider), office), number(one.claim.authorisation or ""), number(one.replaced_control),
        tuple(_other(prior, one.patient) for prior in one.prior),
    )  # fmt: skip


def _line(one: Outgoing, line: ClaimLine, diagnoses: Sequence[str]) -> ServiceLine:
    pointers = tuple(diagnoses.index(code.replace(".", "")) + 1 for code in line.diagnoses.split())
    decisions = tuple(
        LineDecision(
            number(prior.payer.payer_id), said.paid, said.procedure, said.modifiers, str(said.units),
            _taken(said.reasons), prior.decided_on,
        )
        for prior in one.prior
        for at, said in prior.lines
        if at == line.line
    )  # fmt: skip
    place = line.place if line.place != one.lines[0].place else ""
    return ServiceLine(
        line.procedure, modifiers_of(line), line.charge, str(line.units), pointers, one.claim.date,
        line_control(line.claim, line.line), place, decisions,
    )  # fmt: skip


def _other(prior: Prior, patient: Patient) -> OtherInsurance:
    membership = prior.membership
    person = human_of(patient) if membership.relation == "self" else holder_of(membership)
    bare = Human(person.surname, person.given_name, suffix=person.suffix)
    insured = Insured(
        _RANKS[prior.rank], _RELATIONS[membership.relation], bare, number(membership.member_id),
        payer_of(prior.payer, whole=False), number(membership.group_number), prior.payer.filing,
    )  # fmt: skip
    decided_on = None if prior.lines else prior.decided_on
    return OtherInsurance(insured, prior.paid, _taken(prior.reasons), decided_on, number(prior.payer_control))


def _taken(reasons: Sequence[Reason]) -> tuple[Taken, ...]:
    """Reasons of one group next to each other, as they stand in segments."""
    groups = list(dict.fromkeys(one.group for one in reasons))
    return tuple(Taken(one.group, one.reason, one.cents) for group in groups for one in reasons if one.group == group)


def _practitioner(provider: ProviderNumbers, office: BillingOffice) -> Practitioner | None:
    """Who treated; left out where it is the office itself."""
    if provider.npi == office.npi:
        return None
    is_person = bool(provider.given_name)
    names = (plain_text(provider.surname, 60), plain_text(provider.given_name, 35))
    return Practitioner(provider.npi, *names, provider.taxonomy or "", is_person)


def human_of(patient: Patient) -> Human:
    """A patient as payers take names, dates and addresses."""
    return Human(
        plain_text(patient.surname, 60), plain_text(patient.given_name, 35), "", plain_text(patient.suffix, 10),
        patient.birth_date, _SEXES.get(patient.sex, "U"),
        _address(patient.street, patient.city, patient.state, patient.postcode) if patient.street else None,
    )  # fmt: skip


def holder_of(membership: Membership) -> Human:
    """The member, where it is another than the patient."""
    return Human(
        plain_text(membership.holder_surname, 60), plain_text(membership.holder_given_name, 35), "", "",
        membership.holder_birth_date, _SEXES.get(membership.holder_sex or "", "U"),
    )  # fmt: skip


def payer_of(payer: Payer, *, whole: bool) -> Organisation:
    """A payer, with its address where it is known and asked for."""
    has_address = whole and payer.address and payer.city
    address = _address(payer.address, payer.city, payer.state, payer.postcode) if has_address else None
    return Organisation(plain_text(payer.name, 60), number(payer.payer_id), address)


def _address(street: str, city: str, state: str, postcode: str) -> Address:
    return Address(plain_text(street, 55), plain_text(city, 30), plain_text(state, 2), digits(postcode))


def _told(value: T | None) -> T:
    """What was found to be there before."""
    if value is None:
        raise InputError([Fault("claims", None, None, None, "expected a claim of which nothing is missing")])
    return value
