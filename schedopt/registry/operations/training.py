"""What a store is asked of training: steps of onboarding that are done, courses that are booked, and who attended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from schedopt.errors import Fault, InputError, NoSuchChange, StoreError
from schedopt.models.clock import format_time
from schedopt.models.tables import Credential, Leave, Provider, VisitType
from schedopt.models.tables.fields import Row
from schedopt.models.words import meant
from schedopt.operations.training.courses import Courses
from schedopt.operations.training.kept_tables import CompletedStep, CourseDate, CoursePlace
from schedopt.operations.training.learning_tables import Course, OnboardingStep
from schedopt.operations.training.people import DAY, plus_months
from schedopt.operations.training.staff_tables import Competence, Staff, StaffCompetence
from schedopt.registry.asked import Asked
from schedopt.registry.desk import has_table
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.tables import checked
from schedopt.store.session import Call, random_id
from schedopt.store.words import told


class _Date(NamedTuple):
    """A date of a course, with the places on it."""

    date: Kept[CourseDate]
    places: list[Kept[CoursePlace]]


class Training(Asked):
    """What a store is asked of training."""

    def step_done(self, staff: str, step: str, day: dt.date, mentor: str | None = None) -> None:
        """Note that somebody has done a step of onboarding.

        Parameters
        ----------
        staff, step : str
            Ids.
        day : datetime.date
            When.
        mentor : str, optional
            With whom.

        Raises
        ------
        InputError
            If there is no such person, his or her role has no such step, or the day is to come.
        """

        def body(call: Call) -> None:
            for row_class in (CompletedStep, Staff, OnboardingStep):
                _may_read(call, row_class)
            cells = {"staff": staff, "step": step, "done_on": day, "mentor": mentor}
            row, changes = checked(call, kinds()[CompletedStep.table_name], cells), Changes()
            _expect_step(call, staff, step)
            if day.isoformat() > call.today:
                raise InputError([Fault("DATE", None, None, str(day), "expected a day that has come")])
            for before in kept(call, CompletedStep, by="key", values=[key_of(staff, step)]):
                changes.change(before.fact, row)
            if not changes.changed:
                changes.add(row)
            changes.write(call)

        self._do("complete step", body)

    def completed_steps(self) -> dict[tuple[str, str], dt.date]:
        """When whose steps of onboarding were done, by staff and step."""

        def body(call: Call) -> dict[tuple[str, str], dt.date]:
            _may_read(call, CompletedStep)
            rows = (one.row for one in kept(call, CompletedStep, at=self._entry(call)))
            return {(row.staff, row.step): row.done_on for row in rows}

        return self.session.do("list completed steps", body)

    def book_courses(self, courses: Courses) -> list[str]:
        """Keep the dates of courses and who attends them, and put it into the leave of the providers among them.

        Parameters
        ----------
        courses : Courses
            What :func:`schedopt.place_courses` has found for this store's office.

        Returns
        -------
        list of str
            Ids of the dates.

        Raises
        ------
        NoSuchChange
            If somebody is in another course at that time.
        """

        def body(call: Call) -> list[str]:
            for row_class in (Staff, Provider, CourseDate, CoursePlace):
                _may_read(call, row_class)
            changes, ids, standing = Changes(), list[str](), _standing(call)
            provider = _providers(call)
            for row in courses.dates.to_dict("records"):
                held, names = random_id("h"), row["attendees"].split("; ")
                date = CourseDate(
                    held=held, course=row["course"], date=row["date"], start=row["start"], end=row["end"],
                    trainer=row["trainer"] or None,
                )  # fmt: skip
                _expect_free(date, names, standing)
                standing.append((date, {*names, row["trainer"]}))
                changes.add(date)
                for name in names:
                    changes.add(CoursePlace(held=held, staff=name))
                for name in filter(None, (provider.get(one) for one in (*names, row["trainer"]))):
                    changes.add(_leave(name, date))
                ids.append(held)
            changes.write(call)
            if any(row.table_name == Leave.table_name for row, _, _ in changes.added):
                has_table(call, Leave.table_name)
            return ids

        return self._do("book courses", body)

    def booked_courses(self) -> pd.DataFrame:
        """Dates of courses and who has a place.

        Returns
        -------
        pandas.DataFrame
            By date: ``held``, ``course``, ``competence``, ``date`` (datetime.date), ``start``, ``end`` (HH:MM),
            ``trainer``, ``state`` (``planned``, ``held`` or ``cancelled``), ``staff``, ``place`` (``booked``,
            ``attended``, ``absent`` or ``cancelled``); one row a place.
        """

        def body(call: Call) -> list[tuple[object, ...]]:
            for row_class in (Course, CourseDate, CoursePlace):
                _may_read(call, row_class)
            at = self._entry(call)
            gives = {one.row.course: one.row.competence for one in kept(call, Course, at=at)}
            dates = {one.row.held: one.row for one in kept(call, CourseDate, at=at)}
            return [
                (one.row.held, day.course, gives.get(day.course, ""), day.date, format_time(day.start),
                 format_time(day.end), day.trainer or "", day.state, one.row.staff, one.row.state)
                for one in kept(call, CoursePlace, at=at)
                if (day := dates.get(one.row.held)) is not None
            ]  # fmt: skip

        rows = self.session.do("list courses", body)
        names = ["held", "course", "competence", "date", "start", "end", "trainer", "state", "staff", "place"]
        return pd.DataFrame(rows, columns=names).sort_values(["date", "start", "held", "staff"], ignore_index=True)

    def course_held(self, held: str, attended: Collection[str]) -> list[str]:
        """Note that a course was held and who was there: they hold its competence from that day on.

        What is the credential of a type of visit goes into ``credentials`` for providers, if the office has that table;
        all else into ``staff_competences``.

        Parameters
        ----------
        held : str
            Id of the date.
        attended : collection of str
            Those who were there, of those who have a place.

        Returns
        -------
        list of str
            Those who had a place and were not there.

        Raises
        ------
        NoSuchChange
            If it is not planned any more, is still to come, or somebody has no place on it.
        """

        def body(call: Call) -> list[str]:
            one = _date_of(call, held)
            _expect_planned(one)
            if one.date.row.date.isoformat() > call.today:
                raise NoSuchChange(f"expected a date that has come: {told(held)} is on {one.date.row.date}")
            places = {place.row.staff: place for place in one.places if place.row.state == "booked"}
            if strangers := sorted(set(attended) - places.keys()):
                raise NoSuchChange(f"expected those who have a place: {', '.join(map(told, strangers))} has none")
            changes = Changes()
            changes.change(one.date.fact, one.date.row.model_copy(update={"state": "held"}))
            for name, place in places.items():
                state = "attended" if name in attended else "absent"
                changes.change(place.fact, place.row.model_copy(update={"state": state}))
            _gained(call, one.date.row, [name for name in places if name in attended], changes)
            changes.write(call)
            for table in {row.table_name for row, _, _ in changes.added}:
                has_table(call, table)
            return [name for name in places if name not in attended]

        return self._do("hold course", body)

    def cancel_course(self, held: str) -> None:
        """Take a planned date of a course back, with its places and the leave that it made."""

        def body(call: Call) -> None:
            one = _date_of(call, held)
            _expect_planned(one)
            changes, provider = Changes(), _providers(call)
            changes.change(one.date.fact, one.date.row.model_copy(update={"state": "cancelled"}))
            for place in one.places:
                changes.change(place.fact, place.row.model_copy(update={"state": "cancelled"}))
            names = [*(place.row.staff for place in one.places), one.date.row.trainer]
            made = [_leave(name, one.date.row) for name in map(provider.get, filter(None, names)) if name is not None]
            for leave in kept(call, Leave):
                if leave.row in made:
                    made.remove(leave.row)
                    changes.end(leave.fact)
            changes.write(call)

        self._do("cancel course", body)


def _may_read(call: Call, row_class: type[Row]) -> None:
    kind = kinds()[row_class.table_name]
    call.may("read", kind.name, [name for name in kind.columns if name not in kind.sealed])


def _providers(call: Call) -> Mapping[str, str | None]:
    """The provider that everybody is, by ids of staff and of providers."""
    own: dict[str, str | None] = {one.row.provider: one.row.provider for one in kept(call, Provider)}
    return {**own, **{one.row.staff: one.row.provider for one in kept(call, Staff)}}


def _expect_step(call: Call, staff: str, step: str) -> None:
    """Refuse a step of onboarding that is none for somebody's role."""
    roles = {one.row.role for one in kept(call, Staff, by="key", values=[key_of(staff)])}
    steps = {one.row.step for one in kept(call, OnboardingStep) if one.row.role is None or one.row.role in roles}
    if step not in steps:
        words = f"expected a step of onboarding for the role of {told(staff)}{meant(step, steps)}"
        raise InputError([Fault(CompletedStep.table_name, None, "step", None, words)])


def _standing(call: Call) -> list[tuple[CourseDate, set[str]]]:
    """Planned dates, and who is there."""
    found = {
        one.row.held: (one.row, {one.row.trainer or ""}) for one in kept(call, CourseDate) if one.row.state == "planned"
    }
    for place in kept(call, CoursePlace):
        if place.row.held in found and place.row.state == "booked":
            found[place.row.held][1].add(place.row.staff)
    return list(found.values())


def _expect_free(date: CourseDate, names: Collection[str], standing: Collection[tuple[CourseDate, set[str]]]) -> None:
    for other, there in standing:
        both = there & {*names, date.trainer or ""} - {""}
        if both and other.date == date.date and other.start < date.end and date.start < other.end:
            words = ", ".join(map(told, sorted(both)))
            raise NoSuchChange(f"expected nobody in two courses at once: {words} has one on {date.date} then")


def _leave(provider: str, date: CourseDate) -> Leave:
    return Leave(
        provider=provider, first_day=date.date, last_day=date.date, start=format_time(date.start),
        end=format_time(date.end), reason=f"course {date.course}",
    )  # fmt: skip


def _date_of(call: Call, held: str) -> _Date:
    for row_class in (CourseDate, CoursePlace):
        _may_read(call, row_class)
    found = kept(call, CourseDate, by="key", values=[key_of(held)])
    if not found:
        raise StoreError(f"expected the id of a date of a course, not {told(held)}")
    return _Date(found[0], [one for one in kept(call, CoursePlace) if one.row.held == held])


def _expect_planned(one: _Date) -> None:
    if one.date.row.state != "planned":
        raise NoSuchChange(f"expected a date that is planned: {told(one.date.row.held)} is {one.date.row.state}")


def _gained(call: Call, date: CourseDate, names: Collection[str], changes: Changes) -> None:
    """What those who attended hold from now on."""
    for row_class in (Course, Competence, Credential, Staff, VisitType, Provider):
        _may_read(call, row_class)
    course = next(one.row for one in kept(call, Course) if one.row.course == date.course)
    months = next(one.row.months for one in kept(call, Competence) if one.row.competence == course.competence)
    until = None if months is None else plus_months(date.date, months) - DAY
    types, provider = [one.row for one in kept(call, VisitType)], _providers(call)
    known = {(one.row.provider, one.row.credential, one.row.valid_from): one for one in kept(call, Credential)}
    is_credential = bool(known) and any(kind.credential == course.competence for kind in types)
    for name in names:
        who = provider.get(name)
        if is_credential and who is not None:
            row: Row = Credential(provider=who, credential=course.competence, valid_from=date.date, valid_until=until)
        else:
            row = StaffCompetence(
                staff=name, competence=course.competence, level=course.level, valid_from=date.date, valid_until=until
            )
        kind = kinds()[row.table_name]
        there = kept(call, type(row), by="key", values=[kind.key(kind.cells(row)[0])])
        if there:
            changes.change(there[0].fact, row)
        else:
            changes.add(row)
