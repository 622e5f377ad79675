"""Visits that need several providers: a surgeon with an assistant, from the tables to the calendars."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import schedopt
from schedopt.answers.result import plan_around
from schedopt.interop.icalendar import provider_calendars
from schedopt.models.problem.check import check
from schedopt.models.problem.holds import holds
from schedopt.models.problem.schedule import nothing_placed
from schedopt.solver.search.local import Annealing, first_fit, insertion
from schedopt.solver.search.track import Track

MONDAY = dt.date(2026, 11, 30)
FRAMES = {
    "providers": pd.DataFrame({"provider": ["SURG", "ANA", "ANB"], "visit_types": ["op;consult", "pre", "pre"]}),
    "visit_types": pd.DataFrame({"visit_type": ["op", "consult", "pre"], "minutes": [60, 30, 30]}),
    "steps": pd.DataFrame({"visit_type": ["op"], "order": [-1], "minutes": [30], "max_wait": [30]}),
    "roles": pd.DataFrame(
        {
            "visit_type": ["op", "op"], "role": ["anaesthetist", "preparation"], "order": [0, -1],
            "providers": ["ANA;ANB", "ANB"],
        }
    ),
    "patients": pd.DataFrame({"patient": [f"P{n}" for n in range(9)]}),
    "requests": pd.DataFrame(
        {
            "request": [f"R{n}" for n in range(9)], "patient": [f"P{n}" for n in range(9)],
            "visit_type": ["op", "op", "op", "consult", "consult", "pre", "pre", "pre", "pre"],
        }
    ),
    "shifts": pd.DataFrame(
        {
            "provider": ["SURG", "ANA", "ANB"], "site": ["A", "A", "A"], "weekday": ["Monday", "Monday", "Monday"],
            "start": ["08:00", "09:00", "08:00"], "end": ["13:00", "12:00", "13:00"],
        }
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def problem() -> schedopt.Problem:
    return schedopt.assemble(schedopt.office_from_frames(FRAMES, {"time_zone": "UTC"}), MONDAY)


@pytest.fixture(scope="module")
def plan(problem: schedopt.Problem) -> schedopt.Plan:
    return schedopt.plan(problem, time_limit=5, workers=1, progress=False)


def test_everybody_has_time_for_everybody(plan: schedopt.Plan) -> None:
    """All visits have their people, each of whom is held once at a time, within a session of theirs."""
    assert len(plan.left_out) == 0
    assert plan.audit.breaches.empty
    others = plan.schedule.set_index("request")["others"]
    assert {others[f"R{n}"] for n in range(3)} <= {"ANA;ANB"}  # one prepares, the other is with the surgeon
    assert (others[[f"R{n}" for n in range(3, 9)]] == "").all()
    held, sessions = holds(plan.problem.week, plan.assignment), plan.problem.week.sessions
    assert len(held.request) == 9 + 2 * 3
    assert (held.start >= sessions.start[held.session]).all()
    assert (held.end <= sessions.end[held.session]).all()
    for session in range(len(sessions)):
        mine = held.session == session
        order = np.argsort(held.start[mine])
        assert (held.end[mine][order][:-1] <= held.start[mine][order][1:]).all()


def test_the_search_keeps_everybody_s_time(problem: schedopt.Problem) -> None:
    """First fit, insertion and annealing break nothing, and count the points that the check counts."""
    nobody = nothing_placed(problem.week)
    for schedule in (first_fit(problem), insertion(problem, nobody)):
        assert len(schedule.placed) == 9
        assert check(problem, schedule).breaches.empty
    search = Annealing(problem, nobody, 1, 3, np.zeros(len(problem.options)))
    search.run(Track(problem, nobody, 5.0), 1.0, rounds=4, quiet=True)
    gain, found = search.best
    audit = check(problem, found)
    assert audit.breaches.empty
    assert gain == check(problem, nobody).cost - audit.cost


def test_who_takes_part_is_missed(plan: schedopt.Plan) -> None:
    """Where somebody who takes part is away, and nobody else may, the visit is left out for that reason."""
    away = schedopt.Away("ANB", dt.datetime(2026, 11, 30, 0, 0), dt.datetime(2026, 12, 1, 0, 0))
    repaired = schedopt.replan(plan, [away])
    out = repaired.plan.left_out.set_index("request")
    assert {"R0", "R1", "R2"} <= set(out.index)
    removed = repaired.plan.removed
    assert "roles_filled" in set(removed["rule"][removed["request"] == "R0"])
    assert "nobody who may take part" in out.loc["R0", "reason"]


def test_slots_say_who_takes_part(plan: schedopt.Plan) -> None:
    """Recommended slots name everybody, and are free of breaches for all of them."""
    schedule = plan.assignment.without(plan.problem.week, np.array([0]))
    slots = schedopt.recommend(plan_around(plan.problem, schedule, {}), "R0").slots
    assert len(slots)
    assert set(slots["others"]) == {"ANA;ANB"}


def test_a_folder_keeps_who_takes_part(plan: schedopt.Plan, tmp_path: Path) -> None:
    """A plan written and read back is the same, with everybody who takes part, and so is the schedule as a table."""
    office = schedopt.office_from_frames(FRAMES, {"time_zone": "UTC"})
    schedopt.write_plan(plan, tmp_path / "plan")
    again = schedopt.read_plan(tmp_path / "plan", office)
    assert (again.assignment.others == plan.assignment.others).all()
    assert again.cost == plan.cost
    read, oddities = schedopt.read_schedule(plan.problem, plan.schedule)
    assert oddities.empty
    assert (read.others == plan.assignment.others).all()
    typed = plan.schedule.drop(columns="others")
    assert set(check(plan.problem, schedopt.read_schedule(plan.problem, typed)[0]).breaches["rule"]) == {"roles_filled"}


def test_everybody_s_calendar_has_the_visit(plan: schedopt.Plan) -> None:
    """An operation stands in three calendars, each for as long as that person is with the patient."""
    events = {name: content.count(b"BEGIN:VEVENT") for name, content in provider_calendars(plan).items()}
    own = plan.schedule["provider"].value_counts()
    assert events["ANB"] == own.get("ANB", 0) + 3
    assert events["ANA"] == own.get("ANA", 0) + 3
    assert events["SURG"] == 5


def test_the_week_is_played_with_everybody(plan: schedopt.Plan) -> None:
    """Where visits take as long as planned and everybody comes, nobody waits and all are busy as planned."""
    certain = schedopt.Uncertainty.assumed(plan, scv=0.0, no_show=0.0, step_scv=0.0)
    played = schedopt.simulate(plan, certain, replications=3)
    assert played is not None


def test_roles_of_no_step_are_refused() -> None:
    """A role in a step that the visit type does not have is told with its row."""
    frames = {**FRAMES, "roles": FRAMES["roles"].assign(order=[0, 2])}
    with pytest.raises(schedopt.InputError, match=r"roles, row 3.*order.*a step of op"):
        schedopt.office_from_frames(frames, {"time_zone": "UTC"})
