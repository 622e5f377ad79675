"""Tables of the rosters source: who works when and where, and what rooms, devices and support staff there are."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from schedopt.models.tables.fields import (
    Date,
    Flag,
    Id,
    Length,
    Minutes,
    Movable,
    Positive,
    Row,
    Spans,
    Text,
    TimeOfDay,
    Weekday,
    Whole,
    column,
)
from schedopt.models.tables.recurring import Recurring


class Shift(Recurring):
    """A stretch of a day on which a provider sees patients at a site, on one date or again and again on a weekday."""

    table_name: ClassVar[str] = "shifts"
    key: ClassVar[tuple[str, ...]] = ()
    required: ClassVar[bool] = True

    provider: Id = column("Who works.", example="DR1", references="providers")
    site: Id = column("Where.", example="MAIN", references="sites", names=True)
    date: Date | None = column("On this date.", example="2026-12-01", default=None)
    weekday: Weekday | None = column("Or on this weekday.", example="Tuesday", default=None, instead_of="date")
    start: TimeOfDay = column(
        "First visit starts at the earliest.", example="08:00", unit="HH:MM", on_grid=True, of_day="date"
    )
    end: TimeOfDay = column(
        "Last visit ends, without overtime.", example="17:00", unit="HH:MM", on_grid=True, of_day="date", ends=True
    )
    breaks: Spans = column(
        "Breaks, separated by ;", example="12:00-13:00", default=(), unit="HH:MM-HH:MM", on_grid=True
    )
    moving_breaks: Movable = column(
        "Breaks of so many minutes, each at some time between two times, separated by ;", example="11:00-14:00 30",
        default=(), unit="HH:MM-HH:MM minutes", on_grid=True,
    )  # fmt: skip
    last_new: Minutes | None = column(
        "No visit of a new patient begins in the last so many minutes.", example="30", default=None, unit="minutes"
    )
    overtime: Minutes | None = column(
        "Longest overtime after the end; empty: the office's default.", example="30", default=None, unit="minutes",
        on_grid=True,
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected end after start (split a shift that goes past midnight)")
        if (self.date is None) == (self.weekday is None):
            raise ValueError("expected either a date or a weekday")
        if any(start <= self.start or end >= self.end for start, end in self.breaks):
            raise ValueError("expected every break inside the shift")
        if any(start < self.start or end > self.end for start, end, _ in self.moving_breaks):
            raise ValueError("expected the hours of every moving break inside the shift")
        return self


class Travel(Row):
    """How long it takes from one site to another, for providers and patients who are at both on a day.

    A pair that is not listed, in neither direction, takes no time.
    """

    table_name: ClassVar[str] = "travel"
    key: ClassVar[tuple[str, ...]] = ("site", "other_site")

    site: Id = column("From here.", example="MAIN", references="sites")
    other_site: Id = column(
        "To there, and back where the way back has no row of its own.", example="WEST", references="sites"
    )
    minutes: Minutes = column("The way.", example="40", unit="minutes")

    @model_validator(mode="after")
    def _two_sites(self) -> Self:
        if self.site == self.other_site:
            raise ValueError("expected other_site to be another site")
        return self


class SetUp(Row):
    """How long it takes a provider to set up for a visit of one type after a visit of another.

    A row holds in its direction alone. Two types without a row take no time, nor do two visits of one type.
    """

    table_name: ClassVar[str] = "setups"
    key: ClassVar[tuple[str, ...]] = ("visit_type", "next_visit_type")

    visit_type: Id = column("After a visit of this type.", example="check-up", references="visit_types")
    next_visit_type: Id = column(
        "Before a later visit of this type with the same provider on the same day.", example="procedure",
        references="visit_types",
    )  # fmt: skip
    minutes: Minutes = column("Fewest between the two.", example="10", unit="minutes", on_grid=True)

    @model_validator(mode="after")
    def _two_types(self) -> Self:
        if self.visit_type == self.next_visit_type:
            raise ValueError("expected next_visit_type to be another type (minutes after every visit are a buffer)")
        return self


class Reserve(Row):
    """Places that providers keep on every day with a session, for requests of a type or of some urgency.

    Rows are not added up: a free place counts for all that ask for it.
    """

    table_name: ClassVar[str] = "reserves"
    key: ClassVar[tuple[str, ...]] = ()

    provider: Id | None = column(
        "Who keeps them; empty: everybody.", example="DR1", default=None, references="providers"
    )
    weekday: Weekday | None = column("On this day alone; empty: on every day.", example="Monday", default=None)
    start: TimeOfDay = column("The places lie after this time.", example="08:00", default=0, unit="HH:MM")
    end: TimeOfDay = column("The places end before this time.", example="12:00", default=24 * 60, unit="HH:MM")
    places: Positive = column("How many, on a day.", example="2", unit="places")
    minutes: Length = column("Length of a place.", example="15", unit="minutes")
    visit_type: Id | None = column(
        "For requests of this type; empty: of any.", example="urgent", default=None, references="visit_types"
    )
    urgency: Positive | None = column("For requests of this urgency or more; empty: of any.", example="3", default=None)
    release_hours: Whole | None = column(
        "Released to all so many hours before the provider's first session in these hours; empty: never.", example="2",
        default=None, unit="hours",
    )  # fmt: skip

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected end after start")
        if self.visit_type is None and self.urgency is None:
            raise ValueError("expected a visit_type or an urgency: the requests that the places are kept for")
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
    """A day, or hours of one, in which a site, or the whole office, is closed. Public holidays come from office.toml.

    No part of a visit lies in these hours. A session that they meet ends where they begin, without overtime, or begins
    where they end.
    """

    table_name: ClassVar[str] = "closures"
    key: ClassVar[tuple[str, ...]] = ("site", "date", "start")

    site: Id | None = column("Which site; empty: all.", example="MAIN", default=None, references="sites")
    date: Date = column("The day.", example="2026-12-24")
    start: TimeOfDay = column(
        "Closed from this time.", example="12:00", default=0, unit="HH:MM", of_day="date", whole_day=True
    )
    end: TimeOfDay = column(
        "Closed until this time.", example="24:00", default=24 * 60, unit="HH:MM", of_day="date", whole_day=True,
        ends=True,
    )  # fmt: skip
    reason: Text = column("Shown with what it removes.", example="stocktaking", default="")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected end after start")
        return self


class OpenHoliday(Row):
    """A public holiday on which a site, or the whole office, is open all the same. Closures hold on it too."""

    table_name: ClassVar[str] = "open_holidays"
    key: ClassVar[tuple[str, ...]] = ("site", "date")

    site: Id | None = column("Which site; empty: all.", example="MAIN", default=None, references="sites")
    date: Date = column("The holiday, or the day on which it is observed.", example="2026-11-26")


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
    turnover: Minutes = column("Cleaning after each use.", example="5", default=0, unit="minutes", on_grid=True)


class PoolClosure(Row):
    """A stretch of a day in which nothing of a pool can be used, or some of its units cannot.

    Closures of some units add up where `taken_by` differs, and are of the same units where it does not.
    """

    table_name: ClassVar[str] = "pool_closures"
    key: ClassVar[tuple[str, ...]] = ()

    pool: Id = column("Which pool.", example="MAIN-exam", references="pools")
    date: Date = column("The day.", example="2026-12-01")
    start: TimeOfDay = column(
        "From this time.", example="08:00", default=0, unit="HH:MM", of_day="date", whole_day=True
    )
    end: TimeOfDay = column(
        "Until this time.", example="10:00", default=24 * 60, unit="HH:MM", of_day="date", whole_day=True,
        ends=True,
    )  # fmt: skip
    reason: Text = column("Shown with what it removes.", example="maintenance", default="")
    units: Positive | None = column(
        "How many units cannot be used; empty: all.", example="1", default=None, unit="units", later=True
    )
    taken_by: Id | None = column(
        "Which device is out of use, or what else takes the units; empty: nothing that is named.", example="US-1",
        default=None, later=True,
    )  # fmt: skip

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
