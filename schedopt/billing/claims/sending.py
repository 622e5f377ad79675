"""All that a claim says to a payer, as the office knows it; and what of it nobody has told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from schedopt.billing.claims.tables import BillingOffice, Claim, ClaimLine, ProviderNumbers
from schedopt.billing.coverage.tables import Membership, Payer

_LEAST = 2
"""Characters of a state, and at least of a number of somebody."""
_OF_TAX, _OF_POSTCODE, _OF_MAILBOX = 9, 9, 15


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """Who was seen, as the payer knows him or her. Shows nobody in its repr.

    Attributes
    ----------
    surname, given_name, suffix : str
        Names.
    birth_date : datetime.date or None
        Date of birth.
    sex : str
        female, male, other or empty.
    street, city, state, postcode : str
        Where he or she lives.
    """

    surname: str = ""
    given_name: str = ""
    suffix: str = ""
    birth_date: dt.date | None = None
    sex: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Reason:
    """Why a payer did not pay some of a charge.

    Attributes
    ----------
    group, reason : str
        Such as CO and 45.
    cents : int
        How much.
    """

    group: str
    reason: str
    cents: int


@dataclass(frozen=True, slots=True, repr=False)
class PriorLine:
    """What a payer before has decided of a line.

    Attributes
    ----------
    paid : int
        In cents.
    reasons : tuple of Reason
        They and what was paid come to the charge.
    procedure, modifiers, units : str, tuple of str and int
        What was paid for.
    """

    paid: int
    reasons: tuple[Reason, ...]
    procedure: str
    modifiers: tuple[str, ...]
    units: int


@dataclass(frozen=True, slots=True, repr=False)
class Prior:
    """What a payer before has decided of the visit.

    Attributes
    ----------
    payer, membership : Payer and Membership
        Who, and through whom.
    rank : str
        primary or secondary.
    paid : int
        In cents.
    decided_on : datetime.date
        Of the remittance.
    reasons : tuple of Reason
        Of the claim as a whole.
    lines : dict of int to PriorLine
        By line.
    payer_control : str
        Its number of the claim.
    """

    payer: Payer
    membership: Membership
    rank: str
    paid: int
    decided_on: dt.date
    reasons: tuple[Reason, ...] = ()
    lines: tuple[tuple[int, PriorLine], ...] = ()
    payer_control: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """A claim with all that is said of it. Its repr shows nobody.

    Attributes
    ----------
    claim, lines : Claim and tuple of ClaimLine
        What is asked for.
    patient : Patient
        Who was seen.
    office, provider, payer, membership : rows or None
        Who asks, who treated, who is asked, and through whom; None where nobody has told.
    replaced_control : str
        The payer's number of the claim that it replaces or voids.
    prior : tuple of Prior
        Payers who were asked before.
    """

    claim: Claim
    lines: tuple[ClaimLine, ...]
    patient: Patient
    office: BillingOffice | None
    provider: ProviderNumbers | None
    payer: Payer | None
    membership: Membership | None
    replaced_control: str = ""
    prior: tuple[Prior, ...] = ()

    @property
    def numbers(self) -> dict[str, str]:
        """Identifiers of providers that it shows, by whose they are."""
        found = {"the office": self.office.npi if self.office else "", "the provider": ""}
        if self.provider is not None:
            found["the provider"] = self.provider.npi
        return {whose: number for whose, number in found.items() if number}

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody has told and a claim has to say, in words, with the table where it belongs."""
        return tuple(self._missing())

    def _missing(self) -> Iterator[str]:
        if self.office is None:
            yield "the office's name and numbers (table billing_office)"
        else:
            yield from _missing_of(self.office)
        if self.provider is None:
            yield f"numbers of provider {self.claim.provider} (table provider_numbers)"
        if self.payer is None:
            yield f"a payer behind insurer {self.claim.insurer} (table payers)"
        elif len(self.payer.payer_id) < _LEAST or not self.payer.name:
            yield f"a name and a number of two characters or more of insurer {self.claim.insurer} (table payers)"
        if self.claim.rank != "primary" and not self.prior:
            yield "what the first insurer has decided"
        if self.claim.frequency != "1" and not self.replaced_control:
            yield "the payer's number of the claim that it replaces"
        if self.claim.rank != "primary" and not self.prior:
            yield "what the insurer before has decided (an 835 that was posted)"
        patient = self.patient
        if not patient.surname:
            yield "the patient's surname"
        if patient.birth_date is None:
            yield "the patient's birth date"
        if not (patient.street and patient.city and len(patient.state) == 2 and patient.postcode):
            yield "the patient's address: street, town, state of two letters, postal code"
        if self.membership is None or len(self.membership.member_id) < _LEAST:
            yield "the member's number, of two characters or more (table memberships)"
        elif self.membership.relation != "self" and not self.membership.holder_surname:
            yield "the member's name (table memberships)"


def _missing_of(office: BillingOffice) -> Iterator[str]:
    """What nobody has told of who asks."""
    if _digits(office.tax_id) != _OF_TAX:
        yield f"a tax number of {_OF_TAX} digits (table billing_office)"
    if not (office.name and office.address and office.city and len(office.state) == _LEAST):
        yield "the office's name and address: street, town, state of two letters (table billing_office)"
    if _digits(office.postcode) != _OF_POSTCODE:
        yield f"the office's postal code of {_OF_POSTCODE} digits (table billing_office)"
    if not (office.contact and _digits(office.phone)):
        yield "whom to ask about files, and a telephone number (table billing_office)"
    if not all(_LEAST <= len(one) <= _OF_MAILBOX for one in (office.sender, office.clearing_house or office.sender)):
        yield f"numbers of {_LEAST} to {_OF_MAILBOX} characters of sender and clearing house (table billing_office)"


def _digits(text: str) -> int:
    return sum(sign in "0123456789" for sign in text)
