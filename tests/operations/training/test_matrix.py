"""Who holds what on a day, and what ends: compared with going through the days one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.operations.training.learning_tables import Course
from schedopt.operations.training.matrix import competence_matrix, expiries
from schedopt.operations.training.people import plus_months
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence
from tests.effort import examples
from tests.operations.training.offices import DAY, MONDAY, base, staffed

WITHIN = 20


def _level(office: Office, staff: str, what: str, day: dt.date) -> int:
    """The level held on a day, by reading the rows one by one."""
    months = {row.competence: row.months for row in office.rows(Competence) or ()}[what]
    ids = {"S1": ("S1", "DR1")}.get(staff, (staff,))
    levels = [0]
    for row in office.rows(StaffCompetence) or ():
        last = row.valid_until
        if last is None and months and row.valid_from:
            last = plus_months(row.valid_from, months) - DAY
        begun = row.valid_from is None or row.valid_from <= day
        if row.staff in ids and row.competence == what and begun and (last is None or day <= last):
            levels.append(row.level)
    return max(levels)


@settings(max_examples=examples(24))
@given(staffed(), st.integers(-5, 40))
def test_a_cell_says_what_going_through_the_days_finds(office: Office, ahead: int) -> None:
    """State, level and last day of every cell are those that asking for each day alone gives."""
    day = MONDAY + ahead * DAY
    for row in competence_matrix(office, day, WITHIN).to_dict("records"):
        needed = max(1, row["required"])
        on = [_level(office, row["staff"], row["what"], day + number * DAY) >= needed for number in range(WITHIN + 2)]
        assert row["level"] == _level(office, row["staff"], row["what"], day)
        past = any(_level(office, row["staff"], row["what"], day - number * DAY) >= needed for number in range(1, 150))
        ends = on.index(False) if False in on else None
        if on[0]:
            expected = "ok" if ends is None else "expires"
            assert ends is None or row["until"] == day + (ends - 1) * DAY
        elif past:
            expected = "expired"
            assert _level(office, row["staff"], row["what"], row["until"]) >= needed
            assert _level(office, row["staff"], row["what"], row["until"] + DAY) < needed
        else:
            expected = "below level" if row["level"] else "missing" if row["required"] else "ok"
        assert row["state"] == expected


@settings(max_examples=examples(24))
@given(staffed())
def test_whatever_is_required_ends_where_the_days_say(office: Office) -> None:
    """What is required ends on exactly those days of the horizon after which the level is not held any more."""
    last = MONDAY + 60 * DAY
    found = expiries(office, MONDAY, last)
    told = {(row["staff"], row["what"], row["until"]) for row in found.to_dict("records") if row["required"]}
    left = {row.staff: row.left for row in office.rows(Staff) or ()}
    expected = set()
    for cell in competence_matrix(office, MONDAY, 0).to_dict("records"):
        for number in range(61 if cell["required"] else 0):
            day = MONDAY + number * DAY
            here, after = (_level(office, cell["staff"], cell["what"], one) for one in (day, day + DAY))
            gone = left.get(cell["staff"]) is not None and day > left[cell["staff"]]
            if here >= cell["required"] > after and not gone:
                expected.add((cell["staff"], cell["what"], day))
    assert told == expected


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2026, 11, 30), 24, dt.date(2028, 11, 30)),
        (dt.date(2026, 12, 31), 2, dt.date(2027, 2, 28)),
        (dt.date(2199, 12, 1), 1, dt.date(2199, 12, 31)),
    ],
)
def test_months_end_with_their_last_day(day: dt.date, months: int, later: dt.date) -> None:
    """A month later is the same day, or the last one of a shorter month, within all dates of tables."""
    assert plus_months(day, months) == later


def _held(**more: object) -> Office:
    """One competence of DR1 and what is required."""
    return base(competences=(Competence(competence="life", levels=3, months=24),), **more)


def test_requirements_come_of_role_duty_and_visit_type() -> None:
    """Each way to require something is told with its reason; the highest level counts."""
    office = _held(
        staff=(Staff(staff="S1", role="doctor", provider="DR1", duties=("aid",)), Staff(staff="MA1", role="helper")),
        providers=(tables.Provider(provider="DR1"), tables.Provider(provider="DR2", visit_types="talk")),
        roles=(tables.Role(visit_type="talk", role="second", providers="DR1"),),
        requirements=(
            Requirement(competence="life", level=1, role="doctor"),
            Requirement(competence="life", level=3, duty="aid", planning=False),
            Requirement(competence="life", level=2, visit_type="talk"),
            Requirement(competence="life", level=1, visit_type="talk", visit_role="second"),
        ),
    )
    found = {row["staff"]: row for row in competence_matrix(office, MONDAY).to_dict("records")}
    assert {name: (row["required"], row["by"]) for name, row in found.items()} == {
        "S1": (3, "role doctor; duty aid; visit type talk as second"), "DR2": (2, "visit type talk"),
    }  # fmt: skip
    assert {row["state"] for row in found.values()} == {"missing"}


def test_credentials_are_competences_too() -> None:
    """A credential counts as the competence of its name at level 1, and ends once."""
    until = MONDAY + 9 * DAY
    office = _held(
        visit_types=(tables.VisitType(visit_type="talk", minutes=30, credential="life"),),
        credentials=(tables.Credential(provider="DR1", credential="life", valid_until=until),),
        requirements=(Requirement(competence="life", visit_type="talk"),),
        courses=(Course(course="C", competence="life", minutes=30, seats=3),),
    )
    (row,) = competence_matrix(office, MONDAY, 30).to_dict("records")
    assert (row["staff"], row["state"], row["until"], row["days"]) == ("DR1", "expires", until, 9)
    (end,) = expiries(office, MONDAY, MONDAY + 30 * DAY).to_dict("records")
    assert (end["staff"], end["until"], end["course"]) == ("DR1", until, "C")
    assert expiries(office, MONDAY, until - DAY).empty
    assert len(expiries(office, until, until)) == 1
    assert [competence_matrix(office, MONDAY, days)["state"][0] for days in (8, 9)] == ["ok", "expires"]
