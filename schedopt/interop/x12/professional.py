"""What an 837P says, as values: a batch of professional claims. None of them shows itself in a repr."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Rank = Literal["P", "S", "T", "U"]
"""In which place an insurer is asked: first, second, third, or nobody knows."""

VERSION = "005010X222A1"


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """N3 and N4: street, town, state, postal code."""

    street: str
    city: str
    state: str
    postcode: str


@dataclass(frozen=True, slots=True, repr=False)
class Human:
    """A person: NM1, and where it is asked for N3, N4 and DMG.

    Attributes
    ----------
    surname, given_name, middle, suffix : str
        NM103, NM104, NM105 and NM107.
    birth_date : datetime.date or None
        DMG02; None leaves DMG out.
    sex : str
        DMG03: F, M or U.
    address : Address or None
        None leaves N3 and N4 out.
    """

    surname: str
    given_name: str = ""
    middle: str = ""
    suffix: str = ""
    birth_date: dt.date | None = None
    sex: str = "U"
    address: Address | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Organisation:
    """A payer, sender or receiver: its name, its number, and where it is asked for its address."""

    name: str
    number: str
    address: Address | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Practitioner:
    """A provider who treats: NM1 and PRV.

    Attributes
    ----------
    npi, taxonomy : str
        NM109 and PRV03; empty leaves PRV out.
    surname, given_name : str
        NM103 and NM104. An organisation has no given name.
    is_person : bool
        NM102 is 1, or else 2.
    """

    npi: str
    surname: str
    given_name: str = ""
    taxonomy: str = ""
    is_person: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Taken:
    """Why a payer did not pay some of a charge: one entry of a CAS.

    Attributes
    ----------
    group, reason : str
        Such as CO and 45.
    cents : int or None
        How much; None where the file has no amount.
    quantity : str
        Mostly empty.
    """

    group: str
    reason: str
    cents: int | None
    quantity: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LineDecision:
    """What another payer has decided of a line: 2430.

    Attributes
    ----------
    payer : str
        SVD01, the number of that payer as in its 2330B.
    paid : int or None
        SVD02, in cents.
    procedure, modifiers : str and tuple of str
        SVD03, what was paid for.
    units : str
        SVD05.
    taken : tuple of Taken
        Its CAS.
    decided_on : datetime.date or None
        DTP 573.
    """

    payer: str
    paid: int | None
    procedure: str
    modifiers: tuple[str, ...]
    units: str
    taken: tuple[Taken, ...]
    decided_on: dt.date | None


@dataclass(frozen=True, slots=True, repr=False)
class ServiceLine:
    """A line of a claim: 2400.

    Attributes
    ----------
    procedure, modifiers : str and tuple of str
        SV101, HCPCS.
    charge : int or None
        SV102, in cents.
    units : str
        SV104.
    place : str
        SV105; empty: as the claim says.
    pointers : tuple of int
        SV107: which of the claim's diagnoses, from 1.
    date : datetime.date or None
        DTP 472.
    control : str
        REF 6R.
    decisions : tuple of LineDecision
        Of payers who were asked before.
    """

    procedure: str
    modifiers: tuple[str, ...]
    charge: int | None
    units: str
    pointers: tuple[int, ...]
    date: dt.date | None
    control: str
    place: str = ""
    decisions: tuple[LineDecision, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Insured:
    """The subscriber of a payer: 2000B, 2010BA and 2010BB, or 2320, 2330A and 2330B.

    Attributes
    ----------
    rank : Rank
        SBR01.
    relation : str
        SBR02: 18 where the patient is the subscriber. In 2000B it is empty otherwise.
    group_number, filing : str
        SBR03 and SBR09.
    person : Human
        The subscriber.
    member_id : str
        NM109.
    payer : Organisation
        Who is asked.
    """

    rank: Rank
    relation: str
    person: Human
    member_id: str
    payer: Organisation
    group_number: str = ""
    filing: str = "CI"


@dataclass(frozen=True, slots=True, repr=False)
class OtherInsurance:
    """Another payer of a claim: 2320.

    Attributes
    ----------
    insured : Insured
        Who it is, and through whom.
    paid : int or None
        AMT D in cents; None: it was not asked yet.
    taken : tuple of Taken
        CAS of the claim as a whole.
    decided_on : datetime.date or None
        DTP 573, where its lines do not say it.
    payer_control : str
        REF F8: its number of the claim.
    """

    insured: Insured
    paid: int | None = None
    taken: tuple[Taken, ...] = ()
    decided_on: dt.date | None = None
    payer_control: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ProfessionalClaim:
    """A claim with the levels above it: 2000B, 2000C and 2300.

    Attributes
    ----------
    control : str
        CLM01.
    charge : int or None
        CLM02, in cents.
    place, frequency : str
        CLM05: place of service; 1 original, 7 replacement, 8 void.
    insured : Insured
        Who is asked.
    diagnoses : tuple of str
        HI, without points, the first one first.
    lines : tuple of ServiceLine
        At least one.
    patient : Human or None
        2000C, where the patient is not the subscriber.
    relation : str
        PAT01, with `patient`.
    provider : Practitioner or None
        2310B; None: the billing provider.
    authorisation, payer_control : str
        REF G1 and REF F8.
    others : tuple of OtherInsurance
        Payers beside the one who is asked.
    """

    control: str
    charge: int | None
    place: str
    frequency: str
    insured: Insured
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    patient: Human | None = None
    relation: str = ""
    provider: Practitioner | None = None
    authorisation: str = ""
    payer_control: str = ""
    others: tuple[OtherInsurance, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Billing:
    """Who asks for the money: 2000A, 2010AA and 2010AB.

    Attributes
    ----------
    npi, name, tax_id, taxonomy : str
        NM109, NM103, REF EI and PRV03.
    address : Address
        Of a street.
    pay_to : Address or None
        2010AB, where money goes elsewhere.
    """

    npi: str
    name: str
    tax_id: str
    address: Address
    taxonomy: str = ""
    pay_to: Address | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Batch:
    """A transaction: claims of one billing provider.

    Attributes
    ----------
    reference : str
        BHT03: what 277CA answers to.
    moment : datetime.datetime
        BHT04 and BHT05.
    sender, receiver : Organisation
        1000A and 1000B.
    contact, phone : str
        PER of 1000A.
    billing : Billing
        Who asks.
    claims : tuple of ProfessionalClaim
        In their order.
    """

    reference: str
    moment: dt.datetime
    sender: Organisation
    receiver: Organisation
    contact: str
    phone: str
    billing: Billing
    claims: tuple[ProfessionalClaim, ...]
