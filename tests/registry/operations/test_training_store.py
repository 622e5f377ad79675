"""Training in a store: steps that are done, courses that are booked, held and taken back, and what follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from schedopt.errors import AccessDenied, InputError, NoSuchChange, StoreError
from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.models.problem.schedule import nothing_placed
from schedopt.office import assemble
from schedopt.operations.training.courses import Courses, place_courses
from schedopt.operations.training.learning_tables import Course, OnboardingStep
from schedopt.operations.training.matrix import competence_matrix
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence
from schedopt.registry import Store
from schedopt.registry import desk as desk_of_plans
from tests.operations.training.offices import DAY, MONDAY, base
from tests.stores import Clock, new_store


class _Later(Clock):
    """A clock that stands on the Monday of the plan, until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.now = dt.datetime.combine(MONDAY, dt.time(7), dt.UTC)


def _office() -> Office:
    """A credential of DR1's and a competence of MA1's end; one course gives each."""
    until = MONDAY + 3 * DAY
    return base(
        visit_types=(tables.VisitType(visit_type="talk", minutes=30, credential="scan"),),
        credentials=(tables.Credential(provider="DR1", credential="scan", valid_until=until),),
        staff=(Staff(staff="S1", role="doctor", provider="DR1"), Staff(staff="MA1", role="helper", hired=MONDAY)),
        competences=(Competence(competence="scan", months=12), Competence(competence="life", months=24)),
        staff_competences=(StaffCompetence(staff="MA1", competence="life", valid_until=until, evidence="card 1"),),
        requirements=(Requirement(competence="life", role="helper"),),
        onboarding=(OnboardingStep(step="keys", to_day=3),),
        courses=(
            Course(course="C1", competence="scan", minutes=60, seats=2),
            Course(course="C2", competence="life", minutes=60, seats=2),
        ),
    )  # fmt: skip


@pytest.fixture
def store() -> Iterator[tuple[Store, _Later]]:
    clock = _Later()
    with new_store(clock=clock) as made:
        made.import_office(_office())
        made.set_actor("dora", ["desk"])
        yield made, clock
        assert made.check().empty
        assert made.verify() == []


def _found(store: Store) -> Courses:
    office = store.office(MONDAY)
    problem = assemble(office, MONDAY)
    plan = desk_of_plans.as_plan(problem, nothing_placed(problem.week))
    return place_courses(office, plan, within=10, tried=1, time_limit=0.05)


def test_courses_are_booked_held_and_give_what_they_give(store: tuple[Store, _Later]) -> None:
    """Places and leave are kept; who attended holds the competence from that day on, where planning reads it."""
    made, clock = store
    found = _found(made)
    ids = made.book_courses(found)
    rows = made.booked_courses()
    assert sorted(zip(rows["course"], rows["staff"], rows["place"], strict=True)) == [
        ("C1", "S1", "booked"), ("C2", "MA1", "booked"),
    ]  # fmt: skip
    assert set(rows["held"]) == set(ids)
    (leave,) = made.office(MONDAY).leave or ()
    date = dict(zip(rows["course"], rows["date"], strict=True))
    assert (leave.provider, leave.first_day) == ("DR1", date["C1"])
    of = dict(zip(rows["course"], rows["held"], strict=True))
    clock.now += 8 * DAY
    assert made.course_held(of["C1"], ["S1"]) == []
    assert made.course_held(of["C2"], []) == ["MA1"]
    later = made.office(MONDAY)
    until = (date["C1"].replace(year=date["C1"].year + 1)) - DAY
    rows_of = {(row.provider, row.credential, row.valid_from, row.valid_until) for row in later.credentials or ()}
    assert ("DR1", "scan", date["C1"], until) in rows_of
    assert len(later.rows(StaffCompetence) or ()) == 1
    states = {row["staff"]: row["state"] for row in competence_matrix(later, MONDAY, 30).to_dict("records")}
    assert states == {"S1": "ok", "MA1": "expires"}
    assert dict(zip(made.booked_courses()["course"], made.booked_courses()["state"], strict=True)) == {
        "C1": "held", "C2": "held",
    }  # fmt: skip
    with pytest.raises(NoSuchChange, match="planned"):
        made.cancel_course(of["C1"])


def test_a_course_is_taken_back_with_its_leave(store: tuple[Store, _Later]) -> None:
    """Nothing of it is left in the plan's tables; a date that has not come cannot have been held."""
    made, _ = store
    made.book_courses(_found(made))
    rows = made.booked_courses()
    of = dict(zip(rows["course"], rows["held"], strict=True))
    with pytest.raises(NoSuchChange, match="none"):
        made.course_held(of["C2"], ["DR2"])  # nothing is in the way of the first day
    made.cancel_course(of["C1"])
    assert not made.office(MONDAY).leave
    assert set(made.booked_courses().query("course == 'C1'")["place"]) == {"cancelled"}
    with pytest.raises(NoSuchChange):
        made.course_held(of["C1"], ["S1"])
    with pytest.raises(StoreError):
        made.cancel_course("h0")


def test_nobody_is_booked_twice_at_once(store: tuple[Store, _Later]) -> None:
    """The same courses booked again are refused, and nothing is written."""
    made, _ = store
    found = _found(made)
    made.book_courses(found)
    with pytest.raises(NoSuchChange, match="two courses at once"):
        made.book_courses(found)
    assert len(made.booked_courses()) == 2


def test_steps_are_done_once(store: tuple[Store, _Later]) -> None:
    """A step has one day, which can be put right, and its history; what is none or to come is refused, and the desk."""
    made, _ = store
    made.step_done("MA1", "keys", MONDAY - DAY)
    made.step_done("MA1", "keys", MONDAY)
    assert made.completed_steps() == {("MA1", "keys"): MONDAY}
    assert len(made.history("completed_steps", ("MA1", "keys"))) == 2
    for staff, step, day in (("nobody", "keys", MONDAY), ("MA1", "none", MONDAY), ("MA1", "keys", MONDAY + DAY)):
        with pytest.raises(InputError):
            made.step_done(staff, step, day)
    with pytest.raises(AccessDenied):
        made.by("dora", "operations").step_done("MA1", "keys", MONDAY)


def test_what_proves_a_competence_is_sealed(store: tuple[Store, _Later]) -> None:
    """The number of a certificate stands in no row as it is told, nor where planning reads."""
    made, _ = store
    assert "evidence" not in made.rows("staff_competences").columns
    (row,) = made.office(MONDAY).rows(StaffCompetence) or ()
    assert row.evidence == ""
    (row,) = made.whole_office().rows(StaffCompetence) or ()
    assert row.evidence == "card 1"
