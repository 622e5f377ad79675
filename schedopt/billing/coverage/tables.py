"""Tables of payers, and of who is insured with them under which number, that a store keeps beside the office's."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import Date, Id, Row, Text, Whole, column


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


COVERAGE_GIVEN: tuple[type[Row], ...] = (Payer, Membership)
"""What an office brings as files."""

COVERAGE_MADE: tuple[type[Row], ...] = ()
"""What commands write."""
