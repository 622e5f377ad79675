"""Tables of the records source: what is asked for, when patients can come, what is already promised."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schedopt.models.tables.fields import (
    Date,
    Flag,
    Id,
    IdList,
    Length,
    Positive,
    Row,
    Text,
    TimeOfDay,
    Weekday,
    Whole,
    column,
)
from schedopt.models.tables.recurring import Recurring


class Request(Row):
    """A visit that somebody wants."""

    table_name: ClassVar[str] = "requests"
    key: ClassVar[tuple[str, ...]] = ("request",)
    required: ClassVar[bool] = True

    request: Id = column("Opaque id of the request.", example="R12")
    patient: Id = column("Who wants it.", example="N17", references="patients")
    visit_type: Id = column("What is wanted.", example="check-up", references="visit_types")
    ready: Date | None = column("First day allowed; empty: the first day planned.", example="2026-11-30", default=None)
    due: Date | None = column("Last day that is not late; empty: never late.", example="2026-12-04", default=None)
    urgency: Positive | None = column("Multiplies the price of waiting.", example="1", default=None)
    priority: Positive | None = column("Multiplies the price of being left out.", example="1", default=None)
    minutes: Length | None = column(
        "Length of the provider step, where it differs from the visit type's.", example="30", default=None,
        unit="minutes", on_grid=True,
    )  # fmt: skip
    provider: Id | None = column(
        "Provider wished for; empty: the patient's own.", example="DR1", default=None, references="providers"
    )
    providers: IdList = column(
        "The only providers who may see the patient; empty: any.", example="DR1; DR2", default=(),
        references="providers",
    )  # fmt: skip
    site: Id | None = column("The only site; empty: any.", example="MAIN", default=None, references="sites")
    new: Flag = column("yes: the patient is new to the office.", example="no", default=False)
    after: Id | None = column(
        "Request of the same patient that this one follows (a series).", example="R11", default=None,
        references="requests",
    )  # fmt: skip
    after_min_days: Whole | None = column(
        "Fewest days after it, with after only; empty: 1. 0 allows the same day, in either order.",
        example="7",
        default=None,
        unit="days",
    )
    after_max_days: Whole | None = column(
        "Most days after it; with after only.", example="14", default=None, unit="days"
    )
    same_day_as: Id | None = column(
        "Request of the same patient wanted on the same day.", example="R11", default=None, references="requests"
    )

    self_pay: Flag = column(
        "yes: the patient pays this visit and the insurer is told nothing of it: insurance plays no part.",
        example="no", default=False, later=True,
    )  # fmt: skip

    @model_validator(mode="after")
    def _series_is_whole(self) -> Self:
        low, high = self.after_min_days, self.after_max_days
        if self.after is None and (low is not None or high is not None):
            raise ValueError("expected after to name a request, as after_min_days or after_max_days is given")
        if high is not None and high < (1 if low is None else low):
            raise ValueError("expected after_max_days to be at least after_min_days, which is 1 where empty")
        if self.request in (self.after, self.same_day_as):
            raise ValueError("expected another request, not this one itself")
        return self


class AgeDays(Row):
    """On which days a patient's age allows a request, where planning is not told the birth date."""

    table_name: ClassVar[str] = "age_days"
    key: ClassVar[tuple[str, ...]] = ("request",)

    request: Id = column("The request.", example="R12", references="requests")
    first_day: Date | None = column(
        "First day on which the patient is old enough; empty: any.", example="2026-12-02", default=None
    )
    last_day: Date | None = column(
        "Last day on which the patient is young enough; empty: any.", example="2026-12-03", default=None
    )

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.first_day is not None and self.last_day is not None and self.first_day > self.last_day:
            raise ValueError("expected last_day on or after first_day")
        return self


class _PatientTime(Recurring):
    """Base of availability and preferences: a stretch of a date, of a weekday, or of every day."""

    patient: Id = column("Whose time it is.", example="N17", references="patients")
    request: Id | None = column(
        "For this request only; empty: for all of the patient's requests that have no rows of their own.",
        example="R12", default=None, references="requests",
    )  # fmt: skip
    date: Date | None = column("On this date.", example="2026-12-01", default=None)
    weekday: Weekday | None = column(
        "On this weekday; with neither: every day.", example="Tuesday", default=None, instead_of="date"
    )
    start: TimeOfDay = column("From this time.", example="08:00", unit="HH:MM", of_day="date", whole_day=True)
    end: TimeOfDay = column("Until this time.", example="12:00", unit="HH:MM", of_day="date", whole_day=True, ends=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected end after start")
        if self.date is not None and self.weekday is not None:
            raise ValueError("expected a date or a weekday, not both")
        return self


class Availability(_PatientTime):
    """When a patient can come: a whole visit lies inside one such time. Without rows: at any time."""

    table_name: ClassVar[str] = "availability"
    key: ClassVar[tuple[str, ...]] = ()


class Preference(_PatientTime):
    """When a patient would rather come: a provider step that starts outside has a price."""

    table_name: ClassVar[str] = "preferences"
    key: ClassVar[tuple[str, ...]] = ()


class Appointment(Row):
    """A visit already promised. One outside the days planned stays there, and its request is not planned."""

    table_name: ClassVar[str] = "appointments"
    key: ClassVar[tuple[str, ...]] = ("request",)

    request: Id = column("The request it answers.", example="R3", references="requests")
    provider: Id = column("Who was promised.", example="DR1", references="providers")
    date: Date = column("The day promised.", example="2026-12-01")
    start: TimeOfDay = column("Start of the provider step.", example="09:20", unit="HH:MM", on_grid=True, of_day="date")
    mark: Literal["fixed", "movable"] = column(
        "fixed: stays exactly so; movable: may move at a price.", example="fixed", default="movable"
    )
    minutes: Length | None = column(
        "How long the provider is booked for it, where that is less than the visit is expected to take; empty: as long "
        "as the visit.", example="20", default=None, unit="minutes", on_grid=True,
    )  # fmt: skip
    authorisation: Id | None = column(
        "The authorisation it uses a visit of: counted off its visits_left where the day is outside those planned; "
        "empty: visits_left says all.",
        example="A5", default=None, references="authorisations",
    )  # fmt: skip


class Cancellation(Row):
    """A request that its patient has cancelled: it is not planned any more, and nobody misses it."""

    table_name: ClassVar[str] = "cancellations"
    key: ClassVar[tuple[str, ...]] = ("request",)

    request: Id = column("What is cancelled.", example="R7", references="requests")
    reason: Text = column("For people; not used.", example="moved away", default="", private=True)
