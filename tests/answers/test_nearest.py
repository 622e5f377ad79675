"""Where a request that is left out nearly fits: what is named is all that is in the way, and costs what is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings

import schedopt
from schedopt.answers.free import ProvidersTime
from schedopt.answers.left_out import BESIDE
from schedopt.answers.relief import Relief
from schedopt.answers.reliefs import nearest, reliefs
from schedopt.answers.result import plan_around
from schedopt.answers.standing import OR
from schedopt.answers.surroundings import Surroundings, new_breaches
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import PatientTime, PoolCapacity
from schedopt.models.problem.names import SESSION_HOURS
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from tests.desk import crowded, planned
from tests.effort import BRIEF, examples
from tests.offices import Case
from tests.smallest import FIRST

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not next to this repository (../shared)")
WORKED_LONGER = {"overtime", "longer_session"}


def assert_alone(problem: Problem, schedule: Schedule, request: int, relief: Relief) -> None:
    """With the change the request has its place, and without it the place breaks what is named and nothing else."""
    before, after = check(problem, schedule), check(relief.problem, relief.schedule)
    assert relief.schedule.session[request] == relief.session
    assert not new_breaches(before, after)
    assert relief.change == after.cost - before.cost
    broken = {rule for _, rule, _ in new_breaches(before, check(problem, relief.schedule))}
    event(relief.kind)
    if relief.kind == "move":
        assert not broken
    else:
        assert broken == ({SESSION_HOURS} if relief.kind in WORKED_LONGER else {relief.kind})


def assert_in_order(problem: Problem, schedule: Schedule) -> None:
    """No visit comes before the one that it follows, nor without it."""
    day = np.append(problem.week.sessions.day, -1)[schedule.session]
    for first, second in zip(*problem.needs, strict=True):
        assert day[second] < 0 or 0 <= day[first] <= day[second]


def hold(made: tuple[Case, Plan]) -> None:
    """Hold everything that is offered to those left out against the check."""
    problem, schedule = made[1].problem, made[1].assignment
    around, time, before = Surroundings(problem, schedule), ProvidersTime(problem, schedule), check(problem, schedule)
    for request in np.flatnonzero(schedule.session < 0).tolist():
        all_reliefs = reliefs(problem, schedule, request)
        found = nearest(around, time, before, request)
        assert found is not None or all(relief.kind == "move" for relief in all_reliefs)
        for relief in (*all_reliefs, *([found] if found else [])):
            assert_alone(problem, schedule, request, relief)
            assert_in_order(problem, relief.schedule)
            assert (relief.schedule.session >= 0)[schedule.session >= 0].all()
    rows = made[1].left_out
    assert ((rows["nearest"] == "") == (rows["gives"] == "")).all()
    assert (rows.loc[rows["nearest"] == "", "change"] == 0).all()


@settings(max_examples=examples(8))
@given(planned())
def test_what_is_offered_beside_any_schedule_is_all_that_is_in_the_way(made: tuple[Case, Plan]) -> None:
    """The rule or coupling that is named, lifted alone, gives the place; nothing that breaks more is offered."""
    hold(made)


@settings(max_examples=examples(15))
@given(crowded())
def test_the_same_where_there_is_hardly_room(made: tuple[Case, Plan]) -> None:
    """Beside a crowded schedule, with series of the same patients."""
    hold(made)


def plan_around_visits(
    frames: dict[str, list[dict[str, object]]], days: int, *visits: tuple[str, str, int, str]
) -> Plan:
    """A plan around some visits: request, provider, day from 0 and start."""
    settings_of = {"name": "T", "time_zone": "UTC", "grid_minutes": 15, "days": days}
    office = schedopt.office_from_frames({name: pd.DataFrame(rows) for name, rows in frames.items()}, settings_of)
    problem = schedopt.assemble(office, FIRST)
    rows = [(request, provider, FIRST + dt.timedelta(days=day), at) for request, provider, day, at in visits]
    typed = pd.DataFrame(rows, columns=["request", "provider", "date", "start"])
    return plan_around(problem, schedopt.read_schedule(problem, typed)[0], {})


def shift(provider: str, weekday: str, end: str) -> dict[str, object]:
    """Hours from eight o'clock on."""
    return {"provider": provider, "site": "A", "weekday": weekday, "start": "08:00", "end": end}


def test_each_start_is_forbidden_by_something_that_is_named() -> None:
    """At eight the patient is elsewhere, and at half past the room is taken: both are named, and no third."""
    frames = {
        "providers": [{"provider": "DR1"}, {"provider": "DR2"}],
        "patients": [{"patient": "P1"}, {"patient": "P2"}],
        "visit_types": [
            {"visit_type": "talk", "minutes": 30, "pools": ""},
            {"visit_type": "scan", "minutes": 30, "pools": "room"},
        ],
        "pools": [{"pool": "room1", "site": "A", "kind": "room", "capacity": 1}],
        "shifts": [shift(name, "Monday", "09:00") for name in ("DR1", "DR2")],
        "requests": [
            {"request": "R1", "patient": "P1", "visit_type": "talk", "providers": "DR2"},
            {"request": "R2", "patient": "P1", "visit_type": "scan", "providers": "DR1"},
            {"request": "R3", "patient": "P2", "visit_type": "scan", "providers": "DR2"},
        ],
    }
    plan = plan_around_visits(frames, 1, ("R1", "DR2", 0, "08:00"), ("R3", "DR2", 0, "08:30"))
    cause = plan.left_out["cause"].iloc[0].removeprefix(f"{BESIDE}: ")
    assert set(cause.split(OR)) == {PatientTime.reason, PoolCapacity.reason}


def test_no_visit_of_the_series_gives_up_its_place() -> None:
    """A series moves, but whoever of it has a visit keeps one, also where the request is dearer."""
    frames = {
        "providers": [{"provider": "DR1"}],
        "patients": [{"patient": "P1"}],
        "visit_types": [{"visit_type": "v", "minutes": 30}, {"visit_type": "long", "minutes": 60}],
        "shifts": [shift("DR1", "Monday", "08:30"), shift("DR1", "Tuesday", "09:00")],
        "requests": [
            {"request": "A", "patient": "P1", "visit_type": "v", "after": None, "priority": 1},
            {"request": "B", "patient": "P1", "visit_type": "long", "after": "A", "priority": 9},
            {"request": "C", "patient": "P1", "visit_type": "v", "after": "A", "after_min_days": 0, "priority": 1},
        ],
    }
    plan = plan_around_visits(frames, 2, ("A", "DR1", 1, "08:00"), ("C", "DR1", 1, "08:30"))
    assert plan.left_out["request"].tolist() == ["B"]
    found = reliefs(plan.problem, plan.assignment, plan.problem.week.request_code["B"])
    assert all((relief.schedule.session >= 0).all() for relief in found)


def plan_of(case: str) -> Plan:
    """The plan of a case's week."""
    problem = schedopt.assemble(schedopt.read_office(CASES / case), FIRST)
    return schedopt.plan(problem, time_limit=BRIEF, progress=False, deterministic=True)


@needs_cases
@pytest.mark.parametrize(
    ("case", "request_id", "gives", "reason", "change"),
    [
        ("21-caps", "R5", "shift_caps", "a provider takes only so many such visits in one shift", -400),
        ("24-room-cleaning", "R5", "pool_capacity", "a room, device or support staff is needed that is in use", -430),
        ("08-series-skip", "S3", "day_gap", "visits of a series", -390),
    ],
)
def test_cases_name_the_very_coupling(case: str, request_id: str, gives: str, reason: str, change: int) -> None:
    """Cause, coupling, place and price are in the table, the summary and the page."""
    plan = plan_of(case)
    row = plan.left_out.set_index("request").loc[request_id]
    assert (row["gives"], row["change"]) == (gives, change)
    assert reason in row["cause"]
    assert f"nearest: {row['nearest']}" in schedopt.summary(plan)
    assert f"Nearest to fitting: {row['nearest']}" in schedopt.report_html(plan)
    told = schedopt.recommend(plan, request_id)
    assert told.slots.empty
    assert told.gives["what"].iloc[0] == row["what"]


@needs_cases
def test_a_series_is_eased_where_it_is_skipped() -> None:
    """The clinic is closed in the second week: the third visit is offered with the second one 14 days after the first,
    and nothing is offered for the fourth, for which no open day is left.
    """
    plan = plan_of("08-series-skip")
    rows = plan.left_out.set_index("request")
    assert "S2 14 days after S1" in rows.loc["S3", "what"]
    assert rows.loc["S4", "nearest"] == ""
    assert schedopt.explain(plan, "S4").gives.empty
