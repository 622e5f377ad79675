"""Tables of measures."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import Amount, Date, Id, Row, Text, column

MeasureName = Literal[
    "third_next_available", "new_patient_wait", "access_wait", "wait_standard_behavioral", "wait_standard_primary",
    "wait_standard_specialty", "no_show", "no_show_with_late_cancellations", "no_show_per_booked",
    "cancellations_refilled", "cycle_time", "fill", "utilisation", "overtime", "continuity_upc", "continuity_coc",
    "continuity_secon", "panel_size", "unattached", "denials", "days_receivable",
]  # fmt: skip
"""Those of the catalogue."""
Care = Literal["behavioral", "primary", "specialty"]


class Target(Row):
    """What the office wants a measure to be, from a day on."""

    table_name: ClassVar[str] = "targets"
    key: ClassVar[tuple[str, ...]] = ("measure", "first_day")

    measure: MeasureName = column("Which measure; docs/measures.md lists them.", example="no_show")
    first_day: Date | None = column(
        "First day on which it holds; empty: it always has.", example="2026-07-01", default=None
    )
    target: Amount = column(
        "At most, or at least, so much: whichever is better for this measure.", example="8", unit="the measure's"
    )


class CareKind(Row):
    """Which wait standard visits of a type are held to."""

    table_name: ClassVar[str] = "care_kinds"
    key: ClassVar[tuple[str, ...]] = ("visit_type",)

    visit_type: Id = column("The visit type.", example="check-up", references="visit_types")
    care: Care = column("behavioral, primary or specialty: 10, 15 or 30 business days.", example="primary")


class MeasureChange(Row):
    """A change that the office has made and knows of: from its day on, control limits are computed anew."""

    table_name: ClassVar[str] = "measure_changes"
    key: ClassVar[tuple[str, ...]] = ("measure", "date")

    measure: MeasureName | None = column("Which measure; empty: all.", example="no_show", default=None)
    date: Date = column("From the week of this day on.", example="2026-09-07")
    what: Text = column("What was changed, shown on the chart; nothing about a person.", example="reminders by text")


class Measurement(Row):
    """A figure of a day that cannot be found again later: what was free to be had."""

    table_name: ClassVar[str] = "measurements"
    key: ClassVar[tuple[str, ...]] = ("measure", "day", "provider", "visit_type")

    measure: MeasureName = column("Which measure.", example="third_next_available")
    day: Date = column("Of which day it is.", example="2026-11-30")
    provider: Id = column("Whose.", example="DR1", references="providers")
    visit_type: Id = column("For visits of which type.", example="check-up", references="visit_types")
    value: Amount = column("The figure.", example="4", unit="the measure's")
    beyond: Literal["yes", "no"] = column(
        "yes: it is not within the days looked at, and `value` is the least it can be.", example="no", default="no"
    )


MEASURES_GIVEN: tuple[type[Row], ...] = (Target, CareKind, MeasureChange)
"""What an office brings, in a folder or in a store."""

MEASURES_KEPT: tuple[type[Row], ...] = (Measurement,)
"""What a store alone keeps."""
