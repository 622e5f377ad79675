"""What would have to give: every change told makes room, breaks nothing else, and costs what is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.answers.explain import explain_visit
from schedopt.answers.relief import Relief
from schedopt.answers.reliefs import reliefs
from schedopt.answers.surroundings import Surroundings, new_breaches
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed, place_at
from schedopt.solver.cpsat.promises import settle
from tests.effort import examples
from tests.offices import Case, cases
from tests.planning.test_planning import HOUR, small
from tests.reference import Judge
from tests.schedules import schedules, sound, visits_of
from tests.smallest import FIRST, Smallest, in_turn, request

RULES = {"overtime": "session_hours", "longer_session": "session_hours", "move": ""}
"""Rule that a change of each kind breaks, as the office stands; any other kind is named after its rule."""

HOUR_OF_ONE = (tables.Shift(provider="DR1", site="MAIN", date=FIRST, start="08:00", end="09:00", overtime=0),)
QUARTERS = tuple(
    tables.Shift(provider=provider, site="MAIN", date=FIRST, start="08:00", end="08:15", overtime=0)
    for provider in ("DR1", "DR2")
)
ONLY_AT_EIGHT = (tables.Availability(patient="N2", date=FIRST, start="08:00", end="08:15"),)
AT_EIGHT = (tables.Appointment(request="R1", provider="DR1", date=FIRST, start="08:00", mark="fixed"),)
ROOM = {
    "visit_types": (tables.VisitType(visit_type="talk", minutes=15, pools="exam"),),
    "pools": (tables.Pool(pool="room", site="MAIN", kind="exam", capacity=1),),
}


def _requests(number: int, **last: object) -> dict[str, object]:
    """So many requests, of two patients in turn; what is asked for the last one, who will be left out."""
    rows = [request(f"R{place}", f"N{2 - place % 2}") for place in range(1, number)]
    return {"requests": (*rows, request(f"R{number}", "N2", **last))}


WITHOUT_A_PLACE = {
    "move": Smallest({"shifts": HOUR_OF_ONE, "availability": ONLY_AT_EIGHT}, in_turn("08:00")),
    "availability": Smallest(
        {"shifts": HOUR_OF_ONE, "availability": ONLY_AT_EIGHT, "appointments": AT_EIGHT}, in_turn("08:00")
    ),
    "longer_session": Smallest(
        {"shifts": HOUR_OF_ONE, **_requests(5)}, in_turn("08:00", "08:15", "08:30", "08:45")
    ),
    "overtime": Smallest(
        {"shifts": HOUR_OF_ONE, **_requests(4, minutes=30)}, in_turn("08:00", "08:15", "08:30")
    ),
    "pool_capacity": Smallest({"shifts": QUARTERS, **ROOM}, in_turn("08:00")),
}  # fmt: skip
"""By the kind of change that gives a place to the last request, the only one left out."""


@settings(max_examples=examples(14))
@given(st.data())
def test_every_change_makes_room_and_breaks_nothing_else(data: st.DataObject) -> None:
    """With a change, the check finds nothing broken that was whole, at the cost said, and nobody else moves.

    By the reference, in the office as it stands, the schedule newly breaks exactly the rule that is said to give; where
    a visit moves it breaks none.
    """
    case = data.draw(cases())
    problem = settle(case.problem)[0]
    schedule = data.draw(sound(problem))
    for code in np.flatnonzero(schedule.session < 0).tolist()[:3]:
        found = reliefs(problem, schedule, code)
        assert [r.change for r in found] == sorted(r.change for r in found)
        for relief in found:
            _judge(case, problem, schedule, code, relief)


@pytest.mark.parametrize("kind", WITHOUT_A_PLACE)
def test_every_kind_of_change_is_found(kind: str) -> None:
    """Whoever one kind of change would give a place is told that change."""
    problem = WITHOUT_A_PLACE[kind].problem()
    schedule, last = WITHOUT_A_PLACE[kind].schedule(problem), len(problem.week.requests) - 1
    assert np.flatnonzero(schedule.session < 0).tolist() == [last]
    found = reliefs(problem, schedule, last)
    assert kind in {relief.kind for relief in found}
    for relief in found:
        _judge(Case(WITHOUT_A_PLACE[kind].office, FIRST, problem), problem, schedule, last, relief)


def _series(problem: Problem, request: int) -> set[int]:
    """The visits that a request follows, or that follow it or these."""
    pairs = [(first, second) for first, second in zip(*map(np.ndarray.tolist, problem.needs), strict=True)]
    found = {request}
    while more := {one for pair in pairs for one in pair if found & set(pair)} - found:
        found |= more
    return found


def _judge(case: Case, problem: object, schedule: Schedule, request: int, relief: Relief) -> None:
    before, after = check(problem, schedule), check(relief.problem, relief.schedule)
    assert relief.verified
    assert new_breaches(before, after) == []
    assert relief.change == after.cost - before.cost
    assert relief.schedule.session[request] == relief.session
    assert relief.schedule.start(case.problem.week)[request] == relief.start
    differs = np.flatnonzero(relief.schedule.session != schedule.session)
    steps = case.problem.week.steps.request[relief.schedule.step_start != schedule.step_start]
    assert {*differs.tolist(), *steps.tolist()} - {request, relief.moved} <= _series(case.problem, request)
    judge = Judge(case.office, case.first)
    old, new = (judge.judge(visits_of(case.problem, s)) for s in (schedule, relief.schedule))
    rules = {rule for _, rule in new.breaches - old.breaches}
    assert rules == {RULES.get(relief.kind, relief.kind)} - {""}
    if relief.kind == "move":
        assert relief.change == new.points.total() - old.points.total()


@settings(max_examples=examples(24))
@given(st.data())
def test_surroundings_tell_what_a_change_does(data: st.DataObject) -> None:
    """Looking at the visits around a change alone finds the points and the breaches that looking at all finds."""
    problem = data.draw(cases()).problem
    assume(len(problem.week.requests))
    one, other = data.draw(schedules(problem)), data.draw(schedules(problem))
    requests = data.draw(st.sets(st.integers(0, len(problem.week.requests) - 1), min_size=1, max_size=2))
    changed = one.taking(problem.week, np.array(sorted(requests)), other)
    change, broken = Surroundings(problem, one).change(changed, sorted(requests))
    before, after = check(problem, one), check(problem, changed)
    assert change == after.cost - before.cost
    assert {(name, rule) for name, rule, _ in broken} == {(name, rule) for name, rule, _ in new_breaches(before, after)}


def _booked(problem: object, *starts: int) -> Schedule:
    """The first requests in the first session, so many cells after its start."""
    schedule = nothing_placed(problem.week)
    for number, start in enumerate(starts):
        schedule = place_at(problem.week, schedule, number, 0, int(problem.week.sessions.start[0]) + start)
    return schedule


EARLY = [{"patient": "N1", "date": "2026-11-30", "start": "08:00", "end": "08:30"}]


def test_somebody_moves_for_a_patient_who_has_no_other_time() -> None:
    """Where the only time of a patient is held by somebody who can come later, that one is said to move, at no cost."""
    problem = small(2, HOUR, availability=EARLY)
    told = explain_visit(problem, _booked(problem, 0), "R1")
    row = told.gives.iloc[0]
    assert row["kind"] == "move"
    assert row["request"] == "R0"
    assert row["what"] == "moving R0 to Mon 30 Nov 08:20 with D"
    assert row["start"] == "Mon 30 Nov 08:00"
    assert row["change"] == -400
    assert told.sentences[-1].startswith("It would have a place on Mon 30 Nov 08:00 with D with this: moving R0")


@pytest.mark.parametrize(
    ("rows", "kind", "what"),
    [
        ({}, "longer_session", "20 minutes more of D on Mon 30 Nov, until 09:20 instead of 09:00"),
        ({"caps": [{"provider": "D", "maximum": 2}]}, "shift_caps",
         "an exception to: cap in the shift of D on 2026-11-30: at most 2 visits"),
    ],
)  # fmt: skip
def test_changes_are_said_in_words(rows: dict[str, list[dict[str, object]]], kind: str, what: str) -> None:
    """The last request of an hour that is full, or has as many visits as are allowed, is told what would give."""
    number = 3 if kind == "longer_session" else 2
    problem = small(number + 1, HOUR, **rows)
    told = explain_visit(problem, _booked(problem, *range(0, 4 * number, 4)), f"R{number}")
    assert dict(zip(told.gives["kind"], told.gives["what"], strict=True))[kind] == what
    assert told.gives["verified"].all()


def test_a_visit_is_told_what_its_best_other_place_costs_by_part() -> None:
    """The best other place of a visit is named with the parts of the cost that differ, and nothing has to give."""
    problem = small(1, [*HOUR, {"date": "2026-12-01", "start": "08:00", "end": "09:00"}])
    told = explain_visit(problem, _booked(problem, 0), "R0")
    assert told.gives.empty
    assert told.sentences[-1] == ("The best other place, Mon 30 Nov 08:05 with D, would cost 5 points more (+5 idle).")
    assert told.alternatives["parts"].tolist() == ["+5 idle", "+10 access"]


def test_rules_say_how_many_sessions_they_alone_remove() -> None:
    """A rule opens the sessions that no other rule removes as well."""
    later = {"date": "2026-12-01", "start": "08:00", "end": "09:00"}
    request = {"request": "R0", "patient": "N0", "visit_type": "v", "ready": "2026-12-02"}
    problem = small(1, [*HOUR, later], requests=[request], availability=[{**EARLY[0], "patient": "N0"}])
    told = explain_visit(problem, nothing_placed(problem.week), "R0")
    opens = dict(zip(told.rules["rule"], told.rules["opens"], strict=True))
    assert opens == {"ready_day": 1}
    assert told.gives["kind"].tolist() == ["ready_day"]
    assert told.gives["what"].tolist() == ["a day before the patient is ready"]
