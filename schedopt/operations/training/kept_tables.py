"""Tables of training that a store alone keeps: what has been done, and who attends what."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import Date, Id, Row, TimeOfDay, column


class CompletedStep(Row):
    """A step of onboarding that somebody has done."""

    table_name: ClassVar[str] = "completed_steps"
    key: ClassVar[tuple[str, ...]] = ("staff", "step")

    staff: Id = column("Who.", example="MA1", references="staff")
    step: Id = column("Which step.", example="rooming")
    done_on: Date = column("When.", example="2026-11-20")
    mentor: Id | None = column("With whom.", example="MA2", default=None, references="staff")


class CourseDate(Row):
    """A date on which a course is held."""

    table_name: ClassVar[str] = "course_dates"
    key: ClassVar[tuple[str, ...]] = ("held",)

    held: Id = column("Id of the date.", example="h5f1")
    course: Id = column("Which course.", example="BLS-winter", references="courses")
    date: Date = column("The day.", example="2026-12-03")
    start: TimeOfDay = column("From this time.", example="12:00", unit="HH:MM")
    end: TimeOfDay = column("Until this time.", example="14:00", unit="HH:MM")
    trainer: Id | None = column("Who gives it.", example="DR1", default=None)
    state: Literal["planned", "held", "cancelled"] = column("How it stands.", example="planned", default="planned")


class CoursePlace(Row):
    """A place in a course that somebody has."""

    table_name: ClassVar[str] = "course_places"
    key: ClassVar[tuple[str, ...]] = ("held", "staff")

    held: Id = column("Which date of a course.", example="h5f1", references="course_dates")
    staff: Id = column("Who: an id of staff.csv or of providers.csv.", example="MA1")
    state: Literal["booked", "attended", "absent", "cancelled"] = column(
        "What became of it.", example="booked", default="booked"
    )
