"""What would have to give: every change told makes room, breaks nothing else, and costs what is said."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.models.check import check
from schedopt.models.schedule import Schedule, nothing_placed, place_at
from schedopt.solver.explain import explain_visit
from schedopt.solver.promises import settle
from schedopt.solver.relief import Relief
from schedopt.solver.reliefs import reliefs
from schedopt.solver.surroundings import Surroundings, new_breaches
from tests.offices import Case, cases
from tests.reference import Judge
from tests.schedules import schedules, sound, visits_of
from tests.solver.test_planning import HOUR, small

RULES = {"overtime": "session_hours", "longer_session": "session_hours", "move": ""}
"""Rule that a change of each kind breaks, as the office stands; any other kind is named after its rule."""
KINDS = {"move", "overtime", "longer_session", "pool_capacity", "availability"}
"""Kinds that are found in the offices drawn, at least."""


def test_every_change_makes_room_and_breaks_nothing_else() -> None:
    """With a change, the check finds nothing broken that was whole, at the cost said, and nobody else moves.

    By the reference, in the office as it stands, the schedule newly breaks exactly the rule that is said to give; where
    a visit moves it breaks none. All kinds are found.
    """
    seen: Counter[str] = Counter()

    @settings(max_examples=150, database=None)
    @given(st.data())
    def look(data: st.DataObject) -> None:
        case = data.draw(cases())
        problem = settle(case.problem)[0]
        schedule = data.draw(sound(problem))
        for request in np.flatnonzero(schedule.session < 0).tolist()[:3]:
            found = reliefs(problem, schedule, request)
            assert [r.change for r in found] == sorted(r.change for r in found)
            for relief in found:
                _judge(case, problem, schedule, request, relief)
                seen[relief.kind] += 1

    look()
    assert KINDS - seen.keys() == set()


def _judge(case: Case, problem: object, schedule: Schedule, request: int, relief: Relief) -> None:
    before, after = check(problem, schedule), check(relief.problem, relief.schedule)
    assert relief.verified
    assert new_breaches(before, after) == []
    assert relief.change == after.cost - before.cost
    assert relief.schedule.session[request] == relief.session
    assert relief.schedule.start(case.problem.week)[request] == relief.start
    differs = np.flatnonzero(relief.schedule.session != schedule.session)
    steps = case.problem.week.steps.request[relief.schedule.step_start != schedule.step_start]
    assert {*differs.tolist(), *steps.tolist()} - {request, relief.moved} == set()
    judge = Judge(case.office, case.first)
    old, new = (judge.judge(visits_of(case.problem, s)) for s in (schedule, relief.schedule))
    rules = {rule for _, rule in new.breaches - old.breaches}
    assert rules == {RULES.get(relief.kind, relief.kind)} - {""}
    if relief.kind == "move":
        assert relief.change == new.points.total() - old.points.total()


@settings(max_examples=50)
@given(st.data())
def test_surroundings_tell_what_a_change_does(data: st.DataObject) -> None:
    """Looking at the visits around a change alone finds the points and the breaches that looking at all finds."""
    problem = data.draw(cases()).problem
    assume(len(problem.week.requests))
    one, other = data.draw(schedules(problem)), data.draw(schedules(problem))
    requests = data.draw(st.sets(st.integers(0, len(problem.week.requests) - 1), min_size=1, max_size=2))
    session, steps = one.session.copy(), one.step_start.copy()
    session[list(requests)] = other.session[list(requests)]
    theirs = np.isin(problem.week.steps.request, list(requests))
    steps[theirs] = other.step_start[theirs]
    changed = Schedule(session, steps)
    change, broken = Surroundings(problem, one).change(changed, sorted(requests))
    before, after = check(problem, one), check(problem, changed)
    assert change == after.cost - before.cost
    assert {(name, rule) for name, rule, _ in broken} == {(name, rule) for name, rule, _ in new_breaches(before, after)}


def _booked(problem: object, *starts: int) -> Schedule:
    """The first requests in the first session, so many cells after its start."""
    schedule = nothing_placed(problem.week)
    for request, start in enumerate(starts):
        schedule = place_at(problem.week, schedule, request, 0, int(problem.week.sessions.start[0]) + start)
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
    ("tables", "kind", "what"),
    [
        ({}, "longer_session", "20 minutes more of D on Mon 30 Nov, until 09:20 instead of 09:00"),
        ({"caps": [{"provider": "D", "maximum": 2}]}, "shift_caps",
         "one visit more than allowed: cap in the shift of D on 2026-11-30, at most 2 visits"),
    ],
)  # fmt: skip
def test_changes_are_said_in_words(tables: dict[str, list[dict[str, object]]], kind: str, what: str) -> None:
    """The last request of an hour that is full, or has as many visits as are allowed, is told what would give."""
    number = 3 if kind == "longer_session" else 2
    problem = small(number + 1, HOUR, **tables)
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
