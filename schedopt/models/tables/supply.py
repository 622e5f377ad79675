"""Tables of the rosters source: who works when and where, and what rooms, devices and staff there are."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from schedopt.models.tables.fields import (
    Date,
    Flag,
    Id,
    Minutes,
    Row,
    Spans,
    Text,
    TimeOfDay,
    Weekday,
    Whole,
    column,
)


class Shift(Row):
    """A stretch of a day on which a provider sees patients at a site, on one date or every week."""

    table_name: ClassVar[str] = "shifts"
    key: ClassVar[tuple[str, ...]] = ()

    provider: Id = column("Who works.", example="DR1", references="providers")
    site: Id = column("Where.", example="MAIN", references="sites")
    date: Date | None = column("On this date.", example="2026-12-01", default=None)
    weekday: Weekday | None = column("Or every week on this day.", example="Tuesday", default=None)
    start: TimeOfDay = column("First visit starts at the earliest.", example="08:00", unit="HH:MM")
    end: TimeOfDay = column("Last visit ends, without overtime.", example="17:00", unit="HH:MM")
    breaks: Spans = column("Breaks, separated by ;", example="12:00-13:00", default=(), unit="HH:MM-HH:MM")
    overtime: Minutes | None = column(
        "Longest overtime after the end; empty: the office's default.", example="30", default=None, unit="minutes"
    )
    valid_from: Date | None = column("First day of a weekly shift.", example="2026-09-01", default=None)
    valid_until: Date | None = column("Last day of a weekly shift.", example="2027-08-31", default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected end after start (split a shift that goes past midnight)")
        if (self.date is None) == (self.weekday is None):
            raise ValueError("expected either a date or a weekday")
        if any(start <= self.start or end >= self.end for start, end in self.breaks):
            raise ValueError("expected every break inside the shift")
        if self.valid_from is not None and self.valid_until is not None and self.valid_from > self.valid_until:
            raise ValueError("expected valid_until on or after valid_from")
        return self


class Leave(Row):
    """Time a provider is away: whole days, or a stretch of each day."""

    table_name: ClassVar[str] = "leave"
    key: ClassVar[tuple[str, ...]] = ()

    provider: Id = column("Who is away.", example="DR1", references="providers")
    first_day: Date = column("First day away.", example="2026-12-01")
    last_day: Date = column("Last day away.", example="2026-12-02")
    start: TimeOfDay = column("Away from this time each day.", example="00:00", default=0, unit="HH:MM")
    end: TimeOfDay = column("Away until this time each day.", example="24:00", default=24 * 60, unit="HH:MM")
    reason: Text = column("For the roster; not used.", example="training", default="", private=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_day > self.last_day:
            raise ValueError("expected last_day on or after first_day")
        if self.start >= self.end:
            raise ValueError("expected end after start")
        return self


class Closure(Row):
    """A day on which a site, or the whole office, is closed. Public holidays come from office.toml."""

    table_name: ClassVar[str] = "closures"
    key: ClassVar[tuple[str, ...]] = ("site", "date")

    site: Id | None = column("Which site; empty: all.", example="MAIN", default=None, references="sites")
    date: Date = column("The day.", example="2026-12-24")
    reason: Text = column("Shown with what it removes.", example="stocktaking", default="")


class Credential(Row):
    """What a provider is certified for, and until when."""

    table_name: ClassVar[str] = "credentials"
    key: ClassVar[tuple[str, ...]] = ("provider", "credential", "valid_from")

    provider: Id = column("Who holds it.", example="DR1", references="providers")
    credential: Id = column("What is held.", example="ultrasound")
    valid_from: Date | None = column("First day it holds.", example="2024-01-01", default=None)
    valid_until: Date | None = column("Last day it holds.", example="2026-12-31", default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from is not None and self.valid_until is not None and self.valid_from > self.valid_until:
            raise ValueError("expected valid_until on or after valid_from")
        return self


class Pool(Row):
    """Interchangeable rooms, devices or support staff of one kind at one site."""

    table_name: ClassVar[str] = "pools"
    key: ClassVar[tuple[str, ...]] = ("pool",)

    pool: Id = column("Id of the pool.", example="MAIN-exam")
    site: Id = column("Where it is.", example="MAIN", references="sites")
    kind: Id = column("What visit types and steps ask for.", example="exam")
    capacity: Whole = column("How many there are.", example="3", unit="units")
    turnover: Minutes = column("Cleaning after each use.", example="5", default=0, unit="minutes")


class PoolClosure(Row):
    """A stretch of a day in which nothing of a pool can be used."""

    table_name: ClassVar[str] = "pool_closures"
    key: ClassVar[tuple[str, ...]] = ()

    pool: Id = column("Which pool.", example="MAIN-exam", references="pools")
    date: Date = column("The day.", example="2026-12-01")
    start: TimeOfDay = column("From this time.", example="08:00", default=0, unit="HH:MM")
    end: TimeOfDay = column("Until this time.", example="10:00", default=24 * 60, unit="HH:MM")
    reason: Text = column("Shown with what it removes.", example="maintenance", default="")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected end after start")
        return self


class Cap(Row):
    """At most so many visits in one shift of a provider."""

    table_name: ClassVar[str] = "caps"
    key: ClassVar[tuple[str, ...]] = ("provider", "visit_type", "new_only")

    provider: Id | None = column(
        "Whose shifts; empty: everybody's.", example="DR1", default=None, references="providers"
    )
    visit_type: Id | None = column(
        "Only visits of this type count; empty: all.", example="check-up", default=None, references="visit_types"
    )
    new_only: Flag = column("yes: only new patients count.", example="yes", default=False)
    maximum: Whole = column("Most visits in a shift.", example="3", unit="visits")
