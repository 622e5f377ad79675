"""Courses: nobody in two at once, seats and hours kept, the soonest first, and a reason for who has no place."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import given, settings

from schedopt.models.office import Office
from schedopt.models.problem.changes import Away
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import nothing_placed
from schedopt.models.tables.fields import parse_time
from schedopt.office import assemble
from schedopt.operations.training.courses import Courses, leave_rows, place_courses
from schedopt.operations.training.learning_tables import Course
from schedopt.operations.training.matrix import competence_matrix, expiries
from schedopt.operations.training.people import by_id, people_of
from schedopt.operations.training.presence import Presence
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence, StaffShift
from schedopt.registry import desk
from tests.effort import examples
from tests.operations.training.offices import DAY, MONDAY, base, with_courses

WITHIN = 40


def _plan(office: Office) -> Plan:
    """A plan in which nobody is placed: courses are quickly priced."""
    problem = assemble(office, MONDAY)
    return desk.as_plan(problem, nothing_placed(problem.week))


def _placed(office: Office, **more: Any) -> Courses:
    return place_courses(office, _plan(office), within=WITHIN, tried=1, time_limit=0.05, **more)


@settings(max_examples=examples(10))
@given(with_courses())
def test_whatever_ends_has_a_course_or_a_reason(office: Office) -> None:
    """Everything that ends, and that is required and lacking, has one row: a date, in time or not, or a reason."""
    found, last = _placed(office), MONDAY + WITHIN * DAY
    rows = found.places.to_dict("records")
    ends = {(row["staff"], row["what"]) for row in expiries(office, MONDAY, last).to_dict("records")}
    cells = competence_matrix(office, MONDAY, 0).to_dict("records")
    bad = ("missing", "expired", "below level")
    poor = {(row["staff"], row["what"]) for row in cells if row["required"] and row["state"] in bad}
    assert {(row["staff"], row["what"]) for row in rows} == ends | poor
    for row in rows:
        assert row["reason"]
        if row["state"] == "no place":
            assert (row["course"], row["date"]) == ("", None)
        elif row["state"] == "in time":
            assert (row["staff"], row["what"]) not in poor
            assert MONDAY <= row["date"] <= row["until"]
        else:
            assert row["until"] is None or row["date"] > row["until"]
    _assert_as_their_table_says(office, found)


def _assert_as_their_table_says(office: Office, found: Courses) -> None:
    """Seats, dates, hours, days, level and shifts are kept; nobody, and no room, is in two courses at once."""
    courses = {row.course: row for row in office.rows(Course) or ()}
    presence, person = Presence(office, MONDAY, MONDAY + WITHIN * DAY), by_id(people_of(office))
    dates = found.dates.to_dict("records")
    for row in dates:
        course, names = courses[row["course"]], row["attendees"].split("; ")
        start, end = parse_time(row["start"]), parse_time(row["end"])
        assert end - start == course.minutes
        assert course.start <= start
        assert end <= course.end
        assert MONDAY <= row["date"] <= min(course.last_day or MONDAY + 99 * DAY, MONDAY + WITHIN * DAY)
        assert 1 <= len(set(names)) == len(names) == course.seats - row["seats_left"]
        trainer = None if course.trainer is None else person[course.trainer].staff
        assert trainer not in names
        for name in filter(None, {*names, trainer}):
            there = presence.on(person[name], row["date"])
            known = presence.is_known(person[name])
            assert not known or any(one.start <= start and end <= one.end for one in there)
    assert all(sum(row["course"] == name for row in dates) <= course.dates for name, course in courses.items())
    for one, other in combinations(dates, 2):
        if one["date"] == other["date"] and one["start"] < other["end"] and other["start"] < one["end"]:
            here, there_ = ({*row["attendees"].split("; "), row["trainer"]} - {""} for row in (one, other))
            assert not here & there_
            assert not (one["pool"] and one["pool"] == other["pool"])
    for row in found.places.to_dict("records"):
        assert not row["course"] or courses[row["course"]].competence == row["what"]


def _two(**more: Any) -> Office:
    """DR1's competence ends on the third day, DR2's on the fifth; the course is given by MA1, for one at a time."""
    held = [
        StaffCompetence(staff=name, competence="life", valid_until=MONDAY + number * DAY)
        for name, number in (("DR2", 4), ("DR1", 2))
    ]
    plain = {
        "competences": (Competence(competence="life", levels=2),), "staff_competences": tuple(held),
        "staff": (Staff(staff="MA1", role="helper"),),
        "courses": (Course(course="C", competence="life", trainer="MA1", minutes=60, seats=1, dates=1),),
    }  # fmt: skip
    return base(**{**plain, **more})


def _course(**more: Any) -> Course:
    return Course(course="C", competence="life", **{"minutes": 60, "seats": 2, "dates": 2, **more})


def test_what_ends_first_comes_first() -> None:
    """One seat goes to the one whose competence ends first, whatever the order of rows; the other is told why not."""
    rows = _placed(_two()).places.set_index("staff")
    assert (rows.state["DR1"], rows.state["DR2"]) == ("in time", "no place")
    assert "no seats are left" in rows.reason["DR2"]
    assert _placed(_two(courses=(_course(seats=1),))).places["state"].tolist() == ["in time", "in time"]
    found = _placed(_two(courses=(_course(dates=1),)))
    assert found.dates["attendees"].tolist() == ["DR1; DR2"]
    assert found.dates["date"][0] <= MONDAY + 2 * DAY


def test_the_last_day_counts_and_not_the_name() -> None:
    """Where DR2's competence ends first, the one seat is DR2's."""
    held = tuple(
        StaffCompetence(staff=name, competence="life", valid_until=MONDAY + number * DAY)
        for name, number in (("DR1", 4), ("DR2", 2))
    )
    rows = _placed(_two(staff_competences=held)).places.set_index("staff")
    assert (rows.state["DR1"], rows.state["DR2"]) == ("no place", "in time")


def test_nobody_is_late_for_company() -> None:
    """Who must come by Wednesday does not wait for somebody who is there on Thursdays alone."""
    helper = StaffCompetence(staff="MA1", competence="life", valid_until=MONDAY + 4 * DAY)
    office = _two(courses=(_course(seats=3),))
    held = (*(office.rows(StaffCompetence) or ())[1:], helper)
    shift = StaffShift(staff="MA1", site="MAIN", weekday="Thursday", start="08:00", end="12:00")
    rows = _placed(office.model_copy(update={"staff_competences": held, "staff_shifts": (shift,)})).places
    assert dict(zip(rows["staff"], rows["state"], strict=True)) == {"DR1": "in time", "MA1": "in time"}


def test_reasons() -> None:
    """No course, too low a level, one's own course, nobody to give it, and no common hours are told."""
    required = (Requirement(competence="life", level=2, visit_type="talk", planning=False),)
    afternoon = {"start": "13:00", "end": "17:00"}
    cases = {
        "no course gives life at level 1": _two(courses=()),
        "no course gives life at level 2": _two(courses=(_course(),), requirements=required),
        "it is DR1 who gives it": _two(courses=(_course(trainer="DR1"),)),
        "its trainer has no time": _two(courses=(_course(trainer="DR2", **afternoon),)),
        "no time from": _two(courses=(_course(**afternoon),)),
    }
    for words, office in cases.items():
        rows = _placed(office).places.set_index("staff")
        assert rows.state["DR1"] == "no place", words
        assert words in rows.reason["DR1"], rows.reason["DR1"]


def test_too_late_is_better_than_never() -> None:
    """Where no date is in time, the course is held after the end, and that is said."""
    late = _course(first_day=MONDAY + 3 * DAY)
    rows = _placed(_two(courses=(late,))).places.set_index("staff")
    assert (rows.state["DR1"], rows.date["DR1"] > MONDAY + 2 * DAY) == ("after it ends", True)
    assert "no date is in time" in rows.reason["DR1"]


def test_providers_are_away_for_courses() -> None:
    """Changes and rows of leave.csv take the providers who attend or give a course, and nobody else."""
    office = _two(courses=(_course(trainer="DR2", seats=3, dates=1),))
    found = _placed(office)
    (date,) = found.dates.to_dict("records")
    away = {change.provider for change in found.changes if isinstance(change, Away)}
    assert away == {"DR1", "DR2"}
    rows = leave_rows(found, office)
    assert set(rows["provider"]) == away
    assert set(rows["first_day"]) == {str(date["date"])}
    assert (rows["start"][0], rows["end"][0]) == (date["start"], date["end"])


def test_who_has_a_place_is_not_placed_again() -> None:
    """A place that is booked is told, and takes no other seat."""
    found = _placed(_two(), booked={("DR1", "life"): MONDAY + DAY})
    rows = found.places.set_index("staff")
    assert (rows.state["DR1"], rows.reason["DR1"]) == ("in time", "a place is booked already")
    assert found.dates["attendees"].tolist() == ["DR2"]
