"""Tables of how staff learn: courses, onboarding, and who looks after whom."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from schedopt.models.tables.fields import (
    Date,
    Flag,
    Hours,
    Id,
    IdList,
    Length,
    Positive,
    Row,
    Text,
    TimeOfDay,
    Whole,
    column,
)


class Course(Row):
    """A course that can be held in the office, and when; on which days it is held is worked out."""

    table_name: ClassVar[str] = "courses"
    key: ClassVar[tuple[str, ...]] = ("course",)

    course: Id = column("Id of the course.", example="BLS-winter")
    competence: Id = column("What those who attend gain.", example="life-support", references="competences")
    level: Positive = column("At which level.", example="2", default=1)
    trainer: Id | None = column(
        "Who gives it: an id of staff.csv or of providers.csv; empty: somebody from outside, who is always there.",
        example="DR1", default=None,
    )  # fmt: skip
    minutes: Length = column("How long it is.", example="120", unit="minutes", on_grid=True)
    seats: Positive = column("Most who attend on one date, the trainer not counted.", example="6", unit="people")
    dates: Positive = column("On how many dates it can be held at most.", example="2", default=1, unit="dates")
    pool: Id | None = column(
        "Pool of which it takes a unit, such as a room; empty: none.", example="MAIN-exam", default=None,
        references="pools",
    )  # fmt: skip
    sites: IdList = column(
        "Sites whose staff can attend; empty: all.", example="MAIN; WEST", default=(), references="sites"
    )
    first_day: Date | None = column("First day on which it can be held.", example="2026-12-01", default=None)
    last_day: Date | None = column("Last day on which it can be held.", example="2026-12-18", default=None)
    start: TimeOfDay = column("It begins at this time at the earliest.", example="08:00", default=0, unit="HH:MM")
    end: TimeOfDay = column("It ends at this time at the latest.", example="17:00", default=24 * 60, unit="HH:MM")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_day is not None and self.last_day is not None and self.first_day > self.last_day:
            raise ValueError("expected last_day on or after first_day")
        if self.start + self.minutes > self.end:
            raise ValueError("expected the hours from start to end to have room for the course")
        return self


class OnboardingStep(Row):
    """A step that everybody new in a role goes through, and in which days after hiring."""

    table_name: ClassVar[str] = "onboarding"
    key: ClassVar[tuple[str, ...]] = ("role", "step")

    role: Id | None = column("Of which role; empty: of all.", example="medical-assistant", default=None)
    step: Id = column("Id of the step.", example="rooming")
    about: Text = column("What it is, in words.", example="Rooming with a mentor", default="")
    competence: Id | None = column(
        "What is held when it is done; who holds it has done the step.", example="life-support", default=None,
        references="competences",
    )  # fmt: skip
    from_day: Whole = column(
        "From so many days after the day of hiring on, which is day 0.", example="1", default=0, unit="days"
    )
    to_day: Whole = column("Up to so many days after the day of hiring.", example="14", unit="days")
    needs_mentor: Flag = column("yes: it is done with a mentor.", example="yes", default=False)
    shared_hours: Hours = column(
        "Hours in which the new member of staff and the mentor must be on shift together, at one site, in these days.",
        example="12", default=0, unit="hours",
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_day > self.to_day:
            raise ValueError("expected to_day to be at least from_day")
        if self.shared_hours and not self.needs_mentor:
            raise ValueError("expected needs_mentor beside shared_hours")
        return self


class Mentor(Row):
    """Somebody who looks after new members of staff."""

    table_name: ClassVar[str] = "mentors"
    key: ClassVar[tuple[str, ...]] = ("staff",)

    staff: Id = column("Who: an id of staff.csv.", example="MA2", references="staff")
    most: Positive = column("Most new members of staff at once.", example="2", default=1, unit="people")
    roles: IdList = column("For which roles, separated by ; empty: for the mentor's own.", example="nurse", default=())
