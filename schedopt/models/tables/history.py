"""The table of past visits: what became of appointments. It is not part of the office's folder."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schedopt.models.tables.fields import Age, ClockTime, Date, Flag, Id, Length, Row, TimeOfDay, column

Outcome = Literal["kept", "no-show", "cancelled"]


class PastVisit(Row):
    """A visit that was booked, and what became of it."""

    table_name: ClassVar[str] = "history"
    key: ClassVar[tuple[str, ...]] = ("visit",)

    visit: Id = column("Opaque id of the visit.", example="V815")
    patient: Id = column("Opaque id of the patient, the same at every visit.", example="N17")
    provider: Id = column("Who gave it, or was to give it.", example="DR1")
    visit_type: Id = column("What it was.", example="check-up")
    new: Flag = column("yes: the patient was new to the office.", example="no", default=False)
    booked: Date | None = column("Day on which it was booked; empty: not known.", example="2026-10-12", default=None)
    date: Date = column("Day it was booked for.", example="2026-11-02")
    start: TimeOfDay | None = column(
        "Planned start; empty: not known, or a walk-in.", example="09:20", default=None, unit="HH:MM"
    )
    minutes: Length | None = column("Planned length.", example="20", default=None, unit="minutes")
    arrived: ClockTime | None = column("When the patient came.", example="09:12", default=None, unit="HH:MM")
    began: ClockTime | None = column("When the provider began.", example="09:24", default=None, unit="HH:MM")
    ended: ClockTime | None = column("When the provider was done.", example="09:47:30", default=None, unit="HH:MM")
    outcome: Outcome = column("What became of it.", example="kept")
    age: Age | None = column(
        "Age on the day; empty: not known.", example="42", default=None, unit="years", private=True
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if wrong := contradiction(*(getattr(self, name) for name in CONTRADICTS)):
            raise ValueError(wrong)
        return self


CONTRADICTS = ("booked", "date", "arrived", "began", "ended", "outcome")
"""Columns of a past visit that can contradict each other."""


def contradiction(
    booked: dt.date | None, date: dt.date, arrived: float | None, began: float | None, ended: float | None, outcome: str
) -> str:  # fmt: skip
    """What was expected of a past visit's columns, in the order of `CONTRADICTS`; nothing wrong: empty."""
    if booked is not None and booked > date:
        return "expected booked to be no later than date"
    if began is not None and ended is not None and ended < began:
        return "expected ended to be no earlier than began"
    if outcome != "kept" and (arrived, began, ended) != (None, None, None):
        return "expected no arrived, began or ended where the visit was not kept"
    return ""
