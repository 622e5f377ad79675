"""Tables of claims that a store keeps."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import Date, Id, Positive, Row, Text, column
from schedopt.models.tables.money import Money

ClaimState = Literal[
    "draft", "ready", "sent", "rejected", "accepted", "pending", "paid", "denied", "reversed", "replaced", "void"
]
"""draft: edits are open; ready: to be sent; sent: no answer yet; rejected: not taken in, and so not filed; accepted:
taken in; pending: looked at; paid: decided, with or without money; denied: decided, nothing of it paid or owed by the
patient; reversed: the decision was taken back and no other has come; replaced, void: another claim stands for it, or
none does."""


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


class ClaimLine(Row):
    """A service of a claim."""

    table_name: ClassVar[str] = "claim_lines"
    key: ClassVar[tuple[str, ...]] = ("claim", "line")

    claim: Id = column("Of which claim.", example="c0f3a91b2c4d5e6f7a8b", references="claims")
    line: Positive = column("Its place, from 1 on; with the claim's id it is the line's control number.", example="1")
    procedure: Id = column("CPT or HCPCS code.", example="99213")
    modifiers: Text = column("Up to four, separated by blanks.", example="25", default="")
    units: Positive = column("How many.", example="1", default=1)
    charge: Money = column("What is asked for it.", example="180.00", unit="currency")
    diagnoses: Text = column("ICD-10 codes, the first one first, separated by blanks.", example="Z00.00", private=True)


CLAIM_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings as files."""

CLAIM_MADE: tuple[type[Row], ...] = (Claim, ClaimLine)
"""What commands write."""
