"""Tables of payers, and of who is insured with them under which number, that a store keeps beside the office's."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import Date, Flag, Id, IdList, Positive, Row, Text, Whole, column
from schedopt.models.tables.money import Money


class Payer(Row):
    """Who stands behind an insurer of the office's tables: to whom claims and questions go, and in which time."""

    table_name: ClassVar[str] = "payers"
    key: ClassVar[tuple[str, ...]] = ("insurer",)

    insurer: Id = column("As in coverage.csv.", example="ACME-PPO")
    payer_id: Id = column("The number by which clearing houses know the payer.", example="87726")
    name: Text = column("Name.", example="ACME Health Plan")
    filing: Literal["CI", "MB", "MC", "BL", "HM", "12", "13", "14", "15", "16", "CH", "VA", "WC", "ZZ"] = column(
        "Kind of payer: the code of a claim's filing indicator.", example="CI", default="CI"
    )
    filing_days: Whole | None = column(
        "Days from the visit in which a claim must arrive; empty: a calendar year.",
        example="90",
        default=None,
        unit="days",
    )
    appeal_days: Whole = column(
        "Days from the decision in which it may be appealed.", example="180", default=180, unit="days"
    )
    address: Text = column("Street.", example="PO Box 1", default="")
    city: Text = column("Town.", example="Phoenix", default="")
    state: Text = column("State.", example="AZ", default="")
    postcode: Text = column("Postal code.", example="85001", default="")


class Membership(Row):
    """Under which number a patient is insured, and through whom."""

    table_name: ClassVar[str] = "memberships"
    key: ClassVar[tuple[str, ...]] = ("patient", "insurer")

    patient: Id = column("Who is insured.", example="N17", references="patients")
    insurer: Id = column("With whom.", example="ACME-PPO", references="payers")
    member_id: Text = column("Number of the member.", example="W123456789", private=True)
    group_number: Text = column("Number of the group.", example="0078", default="", private=True)
    relation: Literal["self", "spouse", "child", "other"] = column(
        "What the patient is to the member.", example="self", default="self"
    )
    holder_given_name: Text = column(
        "Of the member, where it is another person.", example="Ada", default="", private=True
    )
    holder_surname: Text = column("The same.", example="Byron", default="", private=True)
    holder_birth_date: Date | None = column("The same.", example="1984-02-29", default=None, private=True)
    holder_sex: Literal["female", "male", "other"] | None = column(
        "The same.", example="female", default=None, private=True
    )


class ServiceType(Row):
    """As what payers are asked about a visit type; without a row: as 30, the plan as a whole."""

    table_name: ClassVar[str] = "service_types"
    key: ClassVar[tuple[str, ...]] = ("visit_type",)

    visit_type: Id = column("For what.", example="imaging", references="visit_types")
    services: IdList = column("X12's codes of service types, separated by ;", example="30; 62")


class AskedCoverage(Row):
    """An inquiry: whether a patient is covered on the day of a visit."""

    table_name: ClassVar[str] = "inquiries"
    key: ClassVar[tuple[str, ...]] = ("inquiry",)

    inquiry: Id = column("Random id; the payer gives it back.", example="q0f3a91b2c4d5e6f7a8b")
    patient: Id = column("About whom.", example="N17", references="patients")
    insurer: Id = column("Who is asked.", example="ACME-PPO", references="payers")
    request: Id | None = column("For which visit.", example="R12", default=None)
    visit_type: Id | None = column("Of which type it is.", example="imaging", default=None)
    asked_for: Date = column("Day of the visit.", example="2026-12-01")
    services: IdList = column("Service types.", example="30")
    batch: Text = column("Reference of the transaction that it was last sent in.", example="000000041-0001")
    sent_on: Date = column("Last day on which it was sent.", example="2026-11-27")
    state: Literal["sent", "answered", "refused"] = column(
        "sent: nothing has come back; refused: the payer could not say.", example="answered", default="sent"
    )
    answered: Date | None = column("Day of the answer.", example="2026-11-28", default=None)
    answered_at: Text = column("Time of the same, as the payer has it.", example="1205", default="")
    reasons: Text = column("Why it was refused: codes and what to do (AAA03, AAA04).", example="72 C", default="")


class Benefit(Row):
    """One thing that an insurer has said of a patient's benefits, in its newest answer about some service types."""

    table_name: ClassVar[str] = "benefits"
    key: ClassVar[tuple[str, ...]] = ("patient", "insurer", "asked", "item")

    patient: Id = column("Whose.", example="N17", references="patients")
    insurer: Id = column("Who has said so.", example="ACME-PPO")
    asked: Text = column("Service types that were asked about.", example="30")
    item: Positive = column("Its place in the answer, from 1 on.", example="4")
    kind: Literal[
        "active", "inactive", "not_covered", "deductible", "out_of_pocket", "copay", "coinsurance", "limit", "other"
    ] = column("What it is about.", example="deductible")
    services: IdList = column("Service types that it holds for; empty: the plan as a whole.", example="30", default=())
    whose: Literal["person", "family", "other"] = column("Whose sum it is.", example="family", default="person")
    network: Literal["in", "out", "both", "unsaid"] = column("For which providers.", example="in", default="unsaid")
    span: Literal["left", "used", "whole", "visit", "unsaid"] = column(
        "What is left, was used, is there in a year, or holds for a visit.", example="left", default="unsaid"
    )
    amount: Money | None = column("How much.", example="400.50", default=None, unit="currency")
    share: Text = column("The patient's part, from 0 to 1.", example="0.2", default="")
    visits: Whole | None = column("How many.", example="7", default=None, unit="visits")
    authorisation: Flag | None = column("Whether it needs one; empty: not said.", example="yes", default=None)
    procedure: Id | None = column("For which procedure alone; empty: for any.", example="G0463", default=None)
    first_day: Date | None = column("First day on which it holds; empty: not said.", example="2026-01-01", default=None)
    last_day: Date | None = column("Last day on which it holds; empty: not said.", example="2026-12-31", default=None)
    year_ends: Date | None = column("Last day of the year that it counts for.", example="2026-12-31", default=None)
    code: Id | None = column("The insurer's code of it (EB01).", example="C", default=None)
    note: Text = column("What the insurer has added in words.", example="call first", default="", private=True)
    asked_for: Date | None = column("Day of the visit that was asked for.", example="2026-12-01", default=None)
    answered: Date = column("Day of the answer.", example="2026-11-28")
    answered_at: Text = column("Time of the same, as the payer has it.", example="1205", default="")
    source: Text = column("What the answer was.", example="271", default="271")


class AskedPermission(Row):
    """An authorisation or a referral that an insurer is asked for."""

    table_name: ClassVar[str] = "reviews"
    key: ClassVar[tuple[str, ...]] = ("review",)

    review: Id = column("Random id; of authorisations the same as there.", example="a0f3a91b2c4d5e6f7a8b")
    kind: Literal["authorisation", "referral"] = column("What is asked for.", example="authorisation")
    patient: Id = column("For whom.", example="N17", references="patients")
    insurer: Id = column("Who is asked.", example="ACME-PPO", references="payers")
    visit_type: Id = column("For what.", example="imaging", references="visit_types")
    provider: Id | None = column("Who is to do it.", example="DR1", default=None)
    procedure: Id | None = column("CPT or HCPCS code.", example="G0463", default=None)
    visits_asked: Positive = column("How many visits.", example="6", unit="visits")
    first_asked: Date = column("From which day on.", example="2026-12-01")
    last_asked: Date = column("Until which day.", example="2027-03-01")
    state: Literal["needed", "sent", "pending", "approved", "partly", "denied"] = column(
        "Where it stands; that an approval has expired follows from its last day.", example="approved"
    )
    visits: Whole | None = column("How many were approved.", example="6", default=None, unit="visits")
    first_day: Date | None = column("From which day on.", example="2026-12-01", default=None)
    last_day: Date | None = column("Until which day.", example="2027-03-01", default=None)
    number: Text = column("The insurer's number of it.", example="AUTH0001", default="")
    sent_on: Date | None = column("Last day on which it was sent.", example="2026-11-27", default=None)
    decision_due: Date | None = column("Until when the insurer decides.", example="2026-12-04", default=None)
    answered: Date | None = column("Day of the last answer.", example="2026-11-30", default=None)
    reasons: Text = column("Codes of the last answer (HCR03).", example="0F", default="")
    batch: Text = column("Reference of the transaction that it was last sent in.", example="000000041-0001", default="")


class AnswerFile(Row):
    """A file of answers that was read; the same file again changes nothing."""

    table_name: ClassVar[str] = "answer_files"
    key: ClassVar[tuple[str, ...]] = ("file",)

    file: Id = column("Digest of what is in it.", example="9f86d081884c7d659a2feaa0c55ad015")
    answers: Whole = column("How many answers there are in it.", example="120", unit="answers")
    read_on: Date = column("Day on which it was read.", example="2026-11-28")


class OpenAnswer(Row):
    """An answer that was not taken over: somebody has to look at it."""

    table_name: ClassVar[str] = "open_answers"
    key: ClassVar[tuple[str, ...]] = ("answer",)

    answer: Id = column("Digest of its file, and its place there.", example="9f86d081884c7d659a2feaa0c55ad015-12")
    kind: Literal["271", "278"] = column("What it is.", example="271")
    reason: Text = column("Why it was not taken over.", example="no patient has this number and day of birth")
    inquiry: Id | None = column("What it answers, where that is known.", example="q0f3a91b2c4d", default=None)
    read_on: Date = column("Day on which it was read.", example="2026-11-28")
    state: Literal["open", "done"] = column("Whether somebody has seen to it.", example="open", default="open")
    content: Text = column("Its segments.", example="HL*3*2*22*0", private=True)


COVERAGE_GIVEN: tuple[type[Row], ...] = (Payer, Membership, ServiceType)
"""What an office brings as files."""

COVERAGE_MADE: tuple[type[Row], ...] = (
    AskedCoverage,
    Benefit,
    AskedPermission,
    AnswerFile,
    OpenAnswer,
)
"""What commands write."""
