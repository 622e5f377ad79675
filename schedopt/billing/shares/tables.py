"""Tables of good-faith estimates that a store keeps."""

from __future__ import annotations

from typing import ClassVar

from schedopt.models.tables.fields import Date, Id, Positive, Row, Text, column
from schedopt.models.tables.money import Money


class GoodFaith(Row):
    """A good-faith estimate that a patient was given."""

    table_name: ClassVar[str] = "good_faith_estimates"
    key: ClassVar[tuple[str, ...]] = ("estimate",)

    estimate: Id = column("Random id.", example="g0f3a91b2c4d5e6f7a8b")
    patient: Id = column("For whom.", example="N17", references="patients")
    made: Date = column("When it was made.", example="2026-11-30")
    due: Date | None = column("Until when the patient has to have it.", example="2026-12-01", default=None)
    separate: Text = column("What will be scheduled apart; separated by ;", example="blood test", default="")


class GoodFaithItem(Row):
    """A service in a good-faith estimate."""

    table_name: ClassVar[str] = "good_faith_items"
    key: ClassVar[tuple[str, ...]] = ("estimate", "item")

    estimate: Id = column("In which.", example="g0f3a91b2c4d5e6f7a8b", references="good_faith_estimates")
    item: Positive = column("Its place, from 1 on.", example="1")
    patient: Id = column("For whom.", example="N17", references="patients")
    request: Id = column("The visit.", example="R12", references="requests")
    provider: Text = column("Who gives it; empty: not known yet.", example="DR1", default="")
    day: Date | None = column("When; empty: not scheduled yet.", example="2026-12-07", default=None)
    procedure: Id = column("CPT or HCPCS code.", example="G0101")
    modifiers: Text = column("Up to four, separated by blanks.", example="25", default="")
    units: Positive = column("How many.", example="1", default=1)
    charge: Money = column("What is expected to be asked for all units.", example="180.00", unit="currency")
    about: Text = column("What it is part of.", example="check-up", default="")
    diagnoses: Text = column(
        "ICD-10 codes, the first one first, separated by blanks.", example="Z00.00", default="", private=True
    )


SHARE_MADE: tuple[type[Row], ...] = (GoodFaith, GoodFaithItem)
"""What commands write."""
