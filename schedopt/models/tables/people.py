"""Tables that all three sources look at: sites, patients, providers, visit types and their steps."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schedopt.models.tables.fields import (
    Age,
    Date,
    Flag,
    Hours,
    Id,
    IdList,
    Length,
    Minutes,
    Positive,
    RestHours,
    Row,
    Signed,
    Text,
    Whole,
    Zone,
    column,
)

Gender = Literal["female", "male", "other"]
KindOfPatient = Literal["new", "returning"]


class Site(Row):
    """A place where sessions are held. Without this table, the sites are those that the shifts name."""

    table_name: ClassVar[str] = "sites"
    key: ClassVar[tuple[str, ...]] = ("site",)

    site: Id = column("Opaque id of the site.", example="MAIN")
    name: Text = column("Name for people.", example="Main Street", default="")
    time_zone: Zone | None = column(
        "IANA time zone of its clocks; empty: the office's.", example="America/Denver", default=None
    )


class Patient(Row):
    """A person who asks for visits."""

    table_name: ClassVar[str] = "patients"
    key: ClassVar[tuple[str, ...]] = ("patient",)
    required: ClassVar[bool] = True

    patient: Id = column("Opaque id of the patient.", example="N17", tells_apart=True)
    name: Text = column(
        "Name; shown only where asked for.", example="Ada Byron", default="", private=True, tells_apart=True
    )
    birth_date: Date | None = column(
        "Date of birth; unknown: no age limit applies.", example="1984-02-29", default=None, private=True,
        tells_apart=True,
    )  # fmt: skip
    own_provider: Id | None = column(
        "The provider the patient belongs to.", example="DR1", default=None, references="providers"
    )
    language: Text = column("Language the patient wants to be spoken to in.", example="Spanish", default="")
    language_required: Flag = column(
        "yes: only providers who speak it; no: a wish, with a price.", example="no", default=False
    )
    provider_gender: Gender | None = column("Gender wished for in the provider.", example="female", default=None)
    provider_gender_required: Flag = column(
        "yes: only such providers; no: a wish, with a price.", example="no", default=False
    )
    self_pay: Flag = column(
        "yes: the patient pays where insurance does not; visits left of an authorisation then limit nothing.",
        example="no",
        default=False,
    )
    group: Text = column(
        "Group for comparing how long people wait, such as a district; planning is told a number in its place.",
        example="North", default="", private=True,
    )  # fmt: skip


class Provider(Row):
    """A person who sees patients in sessions."""

    table_name: ClassVar[str] = "providers"
    key: ClassVar[tuple[str, ...]] = ("provider",)
    required: ClassVar[bool] = True

    provider: Id = column("Opaque id of the provider.", example="DR1")
    name: Text = column("Name for people.", example="Dr. Chen", default="")
    gender: Gender | None = column("Gender, for patients' wishes.", example="female", default=None)
    languages: IdList = column("Languages spoken, separated by ;", example="English; Spanish", default=())
    visit_types: IdList = column(
        "Visit types given; empty: all.", example="check-up; follow-up", default=(), references="visit_types"
    )
    supervisors: IdList = column(
        "For a trainee: providers of whom one must be on site.", example="DR2; DR3", default=(),
        references="providers",
    )  # fmt: skip
    without_break: Length | None = column(
        "Longest time without a break; empty: the office's default.", example="240", default=None, unit="minutes"
    )
    rest_hours: RestHours | None = column(
        "Fewest hours from the last visit of a day to the first of another; empty: the office's default.", example="11",
        default=None, unit="hours",
    )  # fmt: skip
    contract_minutes: Positive | None = column(
        "Minutes with patients, buffers included, that the contract asks for in the days planned; empty: the load is "
        "not compared with others'.", example="1800", default=None, unit="minutes",
    )  # fmt: skip


class VisitType(Row):
    """A kind of visit: its provider step, what that step needs, and who may have and give it."""

    table_name: ClassVar[str] = "visit_types"
    key: ClassVar[tuple[str, ...]] = ("visit_type",)
    required: ClassVar[bool] = True

    visit_type: Id = column("Id of the visit type.", example="check-up")
    name: Text = column("Name for people.", example="Yearly check-up", default="")
    minutes: Length = column("Length of the provider step.", example="20", unit="minutes", on_grid=True)
    pools: IdList = column(
        "Kinds of room, device or support staff held during the provider step.", example="exam; scale", default=()
    )
    buffer_before: Minutes = column(
        "Provider's preparation before the step.", example="0", default=0, unit="minutes", on_grid=True
    )
    buffer_after: Minutes = column(
        "Provider's notes after the step.", example="5", default=0, unit="minutes", on_grid=True
    )
    seats: Positive = column(
        "Most patients at once: visits of the type that start together in a session share its provider and the pools, "
        "as in a class, or where double-booking is meant. A type of several seats has no further steps and no roles.",
        example="1", default=1, unit="patients",
    )  # fmt: skip
    most_in_a_row: Positive | None = column(
        "Most visits of this type that hold a provider back to back; empty: any number.", example="3", default=None,
        unit="visits",
    )  # fmt: skip
    credential: Id | None = column("Credential the provider must hold.", example="ultrasound", default=None)
    min_age: Age | None = column("Youngest age on the day.", example="0", default=None, unit="years")
    max_age: Age | None = column("Oldest age on the day.", example="17", default=None, unit="years")
    fee: Whole = column(
        "What the visit brings in when no insurer's terms say otherwise.", example="120", default=0, unit="currency"
    )

    notice_hours: Hours | None = column(
        "Hours from the moment of planning before which no such visit begins, unless it stands already; empty: the "
        "office's default.", example="24", default=None, unit="hours",
    )  # fmt: skip

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            raise ValueError("expected max_age to be at least min_age")
        return self


class TypeLength(Row):
    """How long the provider step of a visit type is with some providers, or for new or returning patients."""

    table_name: ClassVar[str] = "lengths"
    key: ClassVar[tuple[str, ...]] = ("visit_type", "provider", "patients")

    visit_type: Id = column("The visit type.", example="check-up", references="visit_types")
    provider: Id | None = column(
        "With this provider; empty: with all for whom no other row says it.", example="DR2", default=None,
        references="providers",
    )  # fmt: skip
    patients: KindOfPatient | None = column(
        "For new or for returning patients alone; empty: for those for whom no other row of the provider says it.",
        example="new", default=None,
    )  # fmt: skip
    minutes: Length = column(
        "Length of the provider step, instead of that of visit_types.csv; a request's own minutes count before it.",
        example="60", unit="minutes", on_grid=True,
    )  # fmt: skip


class Role(Row):
    """A provider who takes part in visits of a type beside the visit's own, such as a surgeon's assistant."""

    table_name: ClassVar[str] = "roles"
    key: ClassVar[tuple[str, ...]] = ("visit_type", "order", "role")

    visit_type: Id = column("The visit type.", example="operation", references="visit_types")
    role: Id = column("Id of the role.", example="assistant")
    order: Signed = column(
        "The step in which the provider takes part: 0 is the provider step, others stand in steps.", example="0",
        default=0,
    )  # fmt: skip
    providers: IdList = column(
        "Providers of whom one takes part, at the visit's site in a session of their own.", example="DR2; DR3",
        references="providers",
    )  # fmt: skip


class Step(Row):
    """A further step of a visit type, before or after the provider step."""

    table_name: ClassVar[str] = "steps"
    key: ClassVar[tuple[str, ...]] = ("visit_type", "order")

    visit_type: Id = column("The visit type it belongs to.", example="check-up", references="visit_types")
    order: Signed = column("Place in the visit: -1 is right before the provider step, 1 right after.", example="-1")
    minutes: Length = column("Length of the step.", example="10", unit="minutes", on_grid=True)
    pools: IdList = column("Kinds of room, device or support staff held during the step.", example="nurse", default=())
    max_wait: Minutes = column(
        "Longest wait between this step and its neighbour towards the provider step.", example="20", default=30,
        unit="minutes", on_grid=True,
    )  # fmt: skip

    @model_validator(mode="after")
    def _not_the_provider_step(self) -> Self:
        if self.order == 0:
            raise ValueError("expected order below or above 0: the provider step itself stands in visit_types")
        return self
