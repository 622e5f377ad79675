"""Tables of who works in the office, what they can do, and what they must be able to do."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from schedopt.models.tables.fields import (
    Date,
    Flag,
    Id,
    IdList,
    Positive,
    Row,
    Text,
    TimeOfDay,
    Weekday,
    column,
)
from schedopt.models.tables.recurring import Recurring


class Staff(Row):
    """Somebody who works in the office, whether or not he or she sees patients in sessions."""

    table_name: ClassVar[str] = "staff"
    key: ClassVar[tuple[str, ...]] = ("staff",)

    staff: Id = column("Opaque id of the person.", example="MA1")
    role: Id = column("What the person works as; requirements and onboarding name it.", example="medical-assistant")
    site: Id | None = column("Where the person mostly works.", example="MAIN", default=None, references="sites")
    hired: Date | None = column(
        "First day of work, from which the days of onboarding count.", example="2026-11-16", default=None
    )
    left: Date | None = column("Last day of work.", example="2027-06-30", default=None)
    provider: Id | None = column(
        "The provider that he or she is, in providers.csv; empty: sees no patients in sessions.", example="DR1",
        default=None, references="providers",
    )  # fmt: skip
    duties: IdList = column(
        "Duties beside the role, separated by ; such as that of the person who knows first aid.",
        example="first-aid; vaccines", default=(),
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.hired is not None and self.left is not None and self.hired > self.left:
            raise ValueError("expected left on or after hired")
        return self


class StaffShift(Recurring):
    """A stretch of a day on which somebody works who is no provider; shifts.csv says it of providers."""

    table_name: ClassVar[str] = "staff_shifts"
    key: ClassVar[tuple[str, ...]] = ()

    staff: Id = column("Who works.", example="MA1", references="staff")
    site: Id = column("Where.", example="MAIN", references="sites")
    date: Date | None = column("On this date.", example="2026-12-01", default=None)
    weekday: Weekday | None = column("Or on this weekday.", example="Tuesday", default=None, instead_of="date")
    start: TimeOfDay = column("From this time.", example="07:30", unit="HH:MM")
    end: TimeOfDay = column("Until this time.", example="16:00", unit="HH:MM")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("expected end after start (split a shift that goes past midnight)")
        if (self.date is None) == (self.weekday is None):
            raise ValueError("expected either a date or a weekday")
        return self


class Competence(Row):
    """Something that staff can or may do: a training, a certificate, a licence."""

    table_name: ClassVar[str] = "competences"
    key: ClassVar[tuple[str, ...]] = ("competence",)

    competence: Id = column(
        "Id of the competence. One that is called as a credential of credentials.csv is held by those who hold the "
        "credential too, at level 1.", example="life-support",
    )  # fmt: skip
    name: Text = column("Name for people.", example="Basic life support", default="")
    months: Positive | None = column(
        "Months that it holds from the day on which it was gained, where no row says until when; empty: for good.",
        example="24", default=None, unit="months",
    )  # fmt: skip
    levels: Positive = column("Highest level that there is.", example="3", default=1)


class StaffCompetence(Row):
    """A competence that somebody holds, at a level, and until when."""

    table_name: ClassVar[str] = "staff_competences"
    key: ClassVar[tuple[str, ...]] = ("staff", "competence", "level", "valid_from")

    staff: Id = column("Who holds it: an id of staff.csv or of providers.csv.", example="MA1")
    competence: Id = column("What is held.", example="life-support", references="competences")
    level: Positive = column("At which level.", example="2", default=1)
    valid_from: Date | None = column("First day it holds.", example="2025-03-10", default=None)
    valid_until: Date | None = column(
        "Last day it holds; empty: by the competence's months from valid_from on, or for good.", example="2027-03-09",
        default=None,
    )  # fmt: skip
    evidence: Text = column(
        "What proves it, such as the number of a certificate.", example="card 4711", default="", private=True
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from is not None and self.valid_until is not None and self.valid_from > self.valid_until:
            raise ValueError("expected valid_until on or after valid_from")
        return self


class Requirement(Row):
    """A competence that is required: of a role, of a duty, or of who gives a type of visit or takes part in it."""

    table_name: ClassVar[str] = "requirements"
    key: ClassVar[tuple[str, ...]] = ("competence", "role", "duty", "visit_type", "visit_role")

    competence: Id = column("What is required.", example="life-support", references="competences")
    level: Positive = column("Lowest level that will do.", example="2", default=1)
    role: Id | None = column("Of all staff of this role.", example="physician", default=None)
    duty: Id | None = column("Or of all who have this duty.", example="first-aid", default=None, instead_of="role")
    visit_type: Id | None = column(
        "Or of the provider of visits of this type.", example="ultrasound", default=None, references="visit_types",
        instead_of="duty",
    )  # fmt: skip
    visit_role: Id | None = column(
        "Beside visit_type: of who fills this role of roles.csv in such visits, in place of the provider.",
        example="assistant", default=None, instead_of="duty",
    )  # fmt: skip
    planning: Flag = column(
        "yes: without it nobody is planned for a visit on that day; no: it is looked after, and nothing is planned "
        "otherwise.", example="yes", default=True,
    )  # fmt: skip

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if sum(value is not None for value in (self.role, self.duty, self.visit_type)) != 1:
            raise ValueError("expected one of role, duty and visit_type")
        if self.visit_role is not None and self.visit_type is None:
            raise ValueError("expected a visit_type beside visit_role")
        return self
