"""Tables of the day's sheet: what has to be there before a visit, and what is."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import Date, Flag, Id, Row, Text, Whole, column

NeedKind = Literal["form", "consent", "result", "record", "other"]
"""form: the patient fills it in; consent: the patient signs it; result: of a test before the visit; record: papers of
others, such as a discharge letter."""
Whose = Literal["desk", "nurse", "provider", "billing"]


class Need(Row):
    """What has to be there before visits of a type."""

    table_name: ClassVar[str] = "needs"
    key: ClassVar[tuple[str, ...]] = ("need", "visit_type")

    need: Id = column("What is needed.", example="blood-count")
    visit_type: Id | None = column(
        "For visits of this type; empty: of all.", example="procedure", default=None, references="visit_types"
    )
    kind: NeedKind = column("What it is.", example="result", default="form")
    name: Text = column("Name for people.", example="Blood count", default="")
    new_only: Flag = column("yes: from new patients alone.", example="no", default=False)
    whose: Whose = column("Who sees to it.", example="nurse", default="desk")
    holds_days: Whole | None = column(
        "Days for which it serves the patient's later visits too; empty: one that was received for a visit serves that "
        "visit, and one that was received for none serves all.", example="30", default=None, unit="days",
    )  # fmt: skip


class Received(Row):
    """Something that is needed, or that a patient signs, and that is there; or an interpreter who is ordered."""

    table_name: ClassVar[str] = "received"
    key: ClassVar[tuple[str, ...]] = ("patient", "need", "request", "on")

    patient: Id = column("Whose.", example="N17", references="patients")
    need: Id = column(
        "What: a need of needs.csv, a material of material.csv that is signed, or the word interpreter.",
        example="blood-count",
    )  # fmt: skip
    request: Id | None = column(
        "For this visit; empty: for all of the patient's.", example="R12", default=None, references="requests"
    )
    on: Date = column("Day on which it came.", example="2026-11-27")


SHEETS_GIVEN: tuple[type[Row], ...] = (Need, Received)
"""What an office brings, in a folder or in a store."""

SHEETS_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
