"""Tables of claims that a store keeps."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from schedopt.models.tables.fields import Date, Id, Positive, Row, Text, Whole, column
from schedopt.models.tables.money import Money

ClaimState = Literal[
    "draft", "ready", "sent", "rejected", "accepted", "pending", "paid", "denied", "reversed", "replaced", "void"
]
"""draft: edits are open; ready: to be sent; sent: no answer yet; rejected: not taken in, and so not filed; accepted:
taken in; pending: looked at; paid: decided, with or without money; denied: decided, nothing of it paid or owed by the
patient; reversed: the decision was taken back and no other has come; replaced, void: another claim stands for it, or
none does."""

AnswerOutcome = Literal["confirmed", "refused", "taken_in", "looked_at", "finished", "unknown"]
"""confirmed: the file could be read; refused: the claim was not taken in; taken_in: it was; looked_at: it is being
decided; finished: it is decided, and the remittance says how; unknown: the payer does not find it."""

Place = Annotated[str, BeforeValidator(str), Field(pattern=r"^[0-9]{2}$")]
"""Place of service, two digits."""


class Claim(Row):
    """What an insurer is asked to pay for one visit."""

    table_name: ClassVar[str] = "claims"
    key: ClassVar[tuple[str, ...]] = ("claim",)

    claim: Id = column("Random id, at most 20 characters: what the payer gives back.", example="c0f3a91b2c4d5e6f7a8b")
    patient: Id = column("Who was seen.", example="N17", references="patients")
    request: Id | None = column("The visit.", example="R12", default=None)
    provider: Id = column("By whom.", example="DR1")
    insurer: Id = column("Who is asked.", example="ACME-PPO")
    rank: Literal["primary", "secondary", "tertiary"] = column(
        "In which place the insurer is asked.", example="primary", default="primary"
    )
    date: Date = column("Day of the visit.", example="2026-11-30")
    charge: Money = column("All its lines.", example="180.00", unit="currency")
    state: ClaimState = column("Where it stands.", example="sent")
    replaces: Id | None = column("The claim that it replaces or voids.", example="c11f", default=None)
    frequency: Literal["1", "7", "8"] = column("1 original, 7 replacement, 8 void.", example="1", default="1")
    sent_on: Date | None = column("Last day on which it was sent.", example="2026-12-01", default=None)
    accepted_on: Date | None = column("Day on which the payer took it in: filed.", example="2026-12-02", default=None)
    file_until: Date | None = column("Last day on which it can be filed.", example="2027-02-28", default=None)
    payer_control: Text = column("The payer's number of it.", example="20261202000017", default="")
    answer: Text = column("What the last answer was, and of which day.", example="277CA of 2 December", default="")
    authorisation: Id | None = column("The payer's number of the authorisation.", example="A5", default=None)


class ClaimLine(Row):
    """A service of a claim."""

    table_name: ClassVar[str] = "claim_lines"
    key: ClassVar[tuple[str, ...]] = ("claim", "line")

    claim: Id = column("Of which claim.", example="c0f3a91b2c4d5e6f7a8b", references="claims")
    line: Positive = column("Its place, from 1 on; with the claim's id it is the line's control number.", example="1")
    procedure: Id = column("CPT or HCPCS code.", example="G0463")
    modifiers: Text = column("Up to four, separated by blanks.", example="25", default="")
    units: Positive = column("How many.", example="1", default=1)
    charge: Money = column("What is asked for it.", example="180.00", unit="currency")
    diagnoses: Text = column("ICD-10 codes, the first one first, separated by blanks.", example="Z00.00", private=True)
    place: Place = column("Place of service.", example="11", default="11")


class Encounter(Row):
    """A service of a visit, as it was coded."""

    table_name: ClassVar[str] = "encounters"
    key: ClassVar[tuple[str, ...]] = ("request", "line")

    request: Id = column("The visit.", example="R12", references="requests")
    line: Positive = column("Its place, from 1 on.", example="1")
    procedure: Id = column("CPT or HCPCS code.", example="G0463")
    modifiers: Text = column("Up to four, separated by blanks.", example="25", default="")
    units: Positive = column("How many.", example="1", default=1)
    charge: Money = column("What is asked for it.", example="180.00", unit="currency")
    diagnoses: Text = column(
        "ICD-10 codes, the first one first, separated by blanks.", example="Z00.00", default="", private=True
    )
    place: Place = column("Place of service: 11 an office, 02 and 10 from afar.", example="11", default="11")


class BillingOffice(Row):
    """Who asks for the money. The first row holds."""

    table_name: ClassVar[str] = "billing_office"
    key: ClassVar[tuple[str, ...]] = ("npi",)

    npi: Id = column("National provider identifier of the office.", example="1234567893")
    name: Text = column("Name of the organisation.", example="Dune Clinic")
    tax_id: Id = column("Employer's tax number, digits alone.", example="123456789")
    taxonomy: Id | None = column("Code of what it does.", example="261QP2300X", default=None)
    address: Text = column("Street; no post-office box.", example="1 Main Street")
    city: Text = column("Town.", example="Tuba City")
    state: Text = column("State.", example="AZ")
    postcode: Text = column("Postal code, of nine digits.", example="860450001")
    contact: Text = column("Who is asked about files.", example="Billing desk")
    phone: Text = column("Where, ten digits.", example="9285550110")
    sender: Id = column("Under which number files are sent.", example="DUNE01")
    clearing_house: Id | None = column(
        "Number of the clearing house to which all files go; empty: each payer has its own.",
        example="CH7",
        default=None,
    )


class ProviderNumbers(Row):
    """Under which numbers a provider is known to payers."""

    table_name: ClassVar[str] = "provider_numbers"
    key: ClassVar[tuple[str, ...]] = ("provider",)

    provider: Id = column("Who.", example="DR1", references="providers")
    npi: Id = column("National provider identifier.", example="1234567893")
    taxonomy: Id | None = column("Code of what he or she does.", example="207Q00000X", default=None)
    surname: Text = column("As the payer knows it.", example="Byron")
    given_name: Text = column("The same.", example="Ada", default="")


class ClaimEdit(Row):
    """What is wrong with a claim, or may be, before it is sent."""

    table_name: ClassVar[str] = "claim_edits"
    key: ClassVar[tuple[str, ...]] = ("claim", "edit", "line")

    claim: Id = column("Of which claim.", example="c0f3a91b2c4d5e6f7a8b", references="claims")
    edit: Id = column("Name of the edit.", example="units_of_day")
    line: Whole = column("Line of the claim; 0: the claim as a whole.", example="1", default=0)
    severity: Literal["error", "warning"] = column("An error keeps the claim from being sent.", example="error")
    words: Text = column("What was expected.", example="expected at most 1 unit of G0463 a day, not 2")


class Sending(Row):
    """A claim in a file that was written for a payer."""

    table_name: ClassVar[str] = "sendings"
    key: ClassVar[tuple[str, ...]] = ("control", "transaction", "claim")

    control: Positive = column("Number of the file: ISA13, and GS06.", example="17")
    transaction: Positive = column("Number of the transaction in it: ST02.", example="1")
    claim: Id = column("What is in it.", example="c0f3a91b2c4d5e6f7a8b", references="claims")
    sent_on: Date = column("When it was written.", example="2026-12-01")


class ClaimAnswer(Row):
    """What a payer has said of a claim before it decides, once and for all."""

    table_name: ClassVar[str] = "claim_answers"
    key: ClassVar[tuple[str, ...]] = ("claim", "answer")

    claim: Id = column("Of which claim.", example="c0f3a91b2c4d5e6f7a8b", references="claims")
    answer: Id = column("Digest of what was said.", example="5d41402abc4b2a76b971")
    kind: Literal["TA1", "999", "277CA", "277"] = column("By what it came.", example="277CA")
    outcome: AnswerOutcome = column("What it means.", example="taken_in")
    date: Date = column("Of which day.", example="2026-12-02")
    control: Whole = column("Which file it answers; 0: it does not say.", example="17", default=0)
    codes: Text = column("The payer's codes.", example="A2:20", default="")
    payer_control: Text = column("The payer's number of the claim.", example="20261202000017", default="")


CLAIM_GIVEN: tuple[type[Row], ...] = (Encounter, BillingOffice, ProviderNumbers)
"""What an office brings as files."""

CLAIM_MADE: tuple[type[Row], ...] = (Claim, ClaimLine, ClaimEdit, Sending, ClaimAnswer)
"""What commands write."""
