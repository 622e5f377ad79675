"""Slots for a caller: their cost is the check's, and no place that keeps the rules is better."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.desk import Desk, recommend
from schedopt.answers.desk.recommend import WHERE
from schedopt.answers.result import plan_around
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.models.tables.fields import parse_time
from tests.desk import SMALL, everywhere, planned
from tests.effort import examples
from tests.offices import Case, Size


def taken(plan: Plan, request: str, slot: pd.Series) -> Schedule:
    """The plan's schedule with a request in a slot, read from the slot's words."""
    week = plan.problem.week
    code, session = week.request_code[request], week.session_code[slot["session"]]
    head, tail = week.steps.offset[code], week.steps.offset[code + 1]
    midnight = int(week.sessions.day[session]) * week.calendar.cells_per_day
    cells = [midnight + parse_time(clock) // week.calendar.grid for clock in slot["steps"].split(";")]
    where, starts = plan.assignment.session.copy(), plan.assignment.step_start.copy()
    where[code], starts[head:tail] = session, cells
    others = plan.assignment.others.copy()
    others[code] = -1
    for role, name in zip(week.roles.of(code), filter(None, slot["others"].split(";")), strict=True):
        cell, who = starts[week.roles.step[role]], week.sessions.provider_ids.index(name)
        there = (week.sessions.start <= cell) & (cell < week.sessions.end) & (week.sessions.provider == who)
        others[code, week.roles.number[role]] = np.flatnonzero(there)[0]
    return Schedule(where, starts, others)


@settings(max_examples=examples(18))
@given(planned(Size()), st.integers(0, 5))
def test_a_slot_costs_what_the_check_says(drawn: tuple[Case, Plan], number: int) -> None:
    """Every slot, best or lost, keeps all rules; its points, in all and part by part, are exactly the difference that
    the check finds; the slots are in order, and none is where the request is already.
    """
    plan = drawn[1]
    ids = plan.problem.week.requests.ids
    request = ids[number % len(ids)]
    before = check(plan.problem, plan.assignment)
    found = recommend(plan, request)
    parts_before = before.costs.set_index("part")["points"]
    for table in (found.slots, found.lost):
        parts = [name for name in table if name not in (*WHERE, "points", "stranded_minutes", "dearer", "why")]
        for _, slot in table.iterrows():
            schedule = taken(plan, request, slot)
            audit = check(plan.problem, schedule)
            assert not audit.broken
            assert slot["points"] == audit.cost - before.cost == sum(slot[name] for name in parts)
            change = audit.costs.set_index("part")["points"] - parts_before
            assert change[change != 0].to_dict() == {name: slot[name] for name in parts if slot[name]}
    points = [*found.slots["points"], *found.lost["points"]]
    ranked = pd.concat([found.slots, found.lost])[["points", "stranded_minutes", "date", "start"]]
    assert (ranked.to_numpy() == ranked.sort_values([*ranked], kind="stable").to_numpy()).all()
    assert found.lost["dearer"].tolist() == [n - points[0] for n in found.lost["points"]]


def brute_force(problem: Problem, schedule: Schedule, request: int) -> dict[tuple[int, int], int]:
    """The least cost at every session and start where a request breaks nothing while all others stay."""
    found: dict[tuple[int, int], int] = {}
    for other in everywhere(problem, schedule, request):
        audit = check(problem, other)
        if not audit.broken:
            place = int(other.session[request]), int(other.start(problem.week)[request])
            found[place] = min(audit.cost, found.get(place, audit.cost))
    return found


@settings(max_examples=examples(14))
@given(planned(SMALL), st.integers(0, 5))
def test_nothing_is_better_than_what_is_recommended(drawn: tuple[Case, Plan], number: int) -> None:
    """The first slot costs as little as the best of all places tried one by one; there is none exactly where trying
    finds none; and the slots' sessions are the cheapest ones.
    """
    plan = drawn[1]
    week, schedule = plan.problem.week, plan.assignment
    code = number % len(week.requests)
    tried = brute_force(plan.problem, schedule, code)
    tried.pop((int(schedule.session[code]), int(schedule.start(week)[code])), None)
    found = recommend(plan, week.requests.ids[code], top=3)
    if not tried:
        assert found.slots.empty
        return
    assert plan.cost + found.slots["points"].iloc[0] == min(tried.values())
    held_out = {session for session, _ in tried}
    options = plan.problem.options.session[plan.problem.offset[code] : plan.problem.offset[code + 1]]
    assert found.ruled_out["sessions"].sum() >= len(week.sessions) - len(held_out | {int(schedule.session[code])})
    assert held_out <= set(options.tolist())


@settings(max_examples=examples(6))
@given(planned(SMALL), st.integers(0, 5))
def test_a_desk_never_changes(drawn: tuple[Case, Plan], number: int) -> None:
    """A desk that has answered other questions gives the same answer as a new one, and the plan stays as it was."""
    plan = drawn[1]
    ids = plan.problem.week.requests.ids
    before = plan.assignment.session.tolist(), plan.assignment.step_start.tolist()
    desk = Desk(plan)
    for request in ids:
        recommend(desk, request)
    one, other = recommend(desk, ids[number % len(ids)]), recommend(plan, ids[number % len(ids)])
    for name in ("slots", "lost", "ruled_out"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert before == (plan.assignment.session.tolist(), plan.assignment.step_start.tolist())


def small_office() -> schedopt.Office:
    """One provider from 08:00 to 10:00, visits of 30 and of 60 minutes, one of them promised for 08:30."""
    return schedopt.office_from_frames(
        {
            "providers": pd.DataFrame([{"provider": "DR1"}]),
            "visit_types": pd.DataFrame(
                [{"visit_type": "long", "minutes": 60}, {"visit_type": "short", "minutes": 30}]
            ),
            "patients": pd.DataFrame([{"patient": name} for name in ("N1", "N2")]),
            "requests": pd.DataFrame(
                [
                    {"request": "R1", "patient": "N1", "visit_type": "short"},
                    {"request": "R2", "patient": "N2", "visit_type": "long"},
                ]
            ),
            "appointments": pd.DataFrame(
                [{"request": "R1", "provider": "DR1", "date": "2026-11-30", "start": "08:15", "mark": "fixed"}]
            ),
            "shifts": pd.DataFrame(
                [{"provider": "DR1", "site": "MAIN", "date": "2026-11-30", "start": "08:00", "end": "10:00"}]
            ),
        },
        {"days": 1, "grid_minutes": 15},
    )  # fmt: skip


def test_what_a_slot_strands() -> None:
    """A rest shorter than any visit is stranded: with R1 held from 08:15 to 08:45, the hour of R2 strands nothing at
    08:45, where 15 minutes are left after it, as little as at 09:00, where 15 are left before it: 15 minutes each.
    """
    problem = schedopt.assemble(small_office(), dt.date(2026, 11, 30))
    plan = schedopt.plan(problem, time_limit=5, workers=1, progress=False)
    alone = plan_around(problem, plan.assignment.without(problem.week, np.array([problem.week.request_code["R2"]])), {})
    slot = recommend(alone, "R2").slots.iloc[0]
    assert (slot["start"], slot["stranded_minutes"]) == ("08:45", 15)
    assert slot["points"] == slot[["unscheduled"]].sum() + slot.get("idle", 0)


def test_points_count_before_what_is_stranded_and_that_before_time() -> None:
    """A slot that costs less comes first though it strands more; of two as cheap, the one that strands less, though it
    is later.
    """
    monday, tuesday = "2026-11-30", "2026-12-01"
    office = schedopt.office_from_frames(
        {
            "providers": pd.DataFrame([{"provider": "DR1"}, {"provider": "DR2"}]),
            "visit_types": pd.DataFrame([{"visit_type": "long", "minutes": 60}]),
            "patients": pd.DataFrame([{"patient": "N1"}]),
            "requests": pd.DataFrame([{"request": "R1", "patient": "N1", "visit_type": "long"}]),
            "shifts": pd.DataFrame(
                [
                    {"provider": provider, "site": "MAIN", "date": date, "start": start, "end": end}
                    for provider, date, start, end in (
                        ("DR1", monday, "08:00", "09:15"), ("DR2", monday, "08:30", "09:30"),
                        ("DR1", tuesday, "08:00", "09:00"),
                    )
                ]
            ),
        },
        {"days": 2, "grid_minutes": 15},
    )  # fmt: skip
    problem = schedopt.assemble(office, dt.date(2026, 11, 30))
    slots = recommend(plan_around(problem, nothing_placed(problem.week), {}), "R1").slots
    told = list(zip(slots["start"], slots["stranded_minutes"], slots["points"] - slots["points"].min(), strict=True))
    assert told == [("08:30", 0, 0), ("08:00", 15, 0), ("08:00", 0, 10)]


def test_bad_questions_are_refused() -> None:
    """A request that is unknown, fewer than one slot, and a plan that breaks a rule are named in a ValueError."""
    problem = schedopt.assemble(small_office(), dt.date(2026, 11, 30))
    plan = schedopt.plan(problem, time_limit=5, workers=1, progress=False)
    with pytest.raises(ValueError, match="'R9'"):
        recommend(plan, "R9")
    with pytest.raises(ValueError, match="not 0"):
        recommend(plan, "R1", top=0)
    starts = plan.assignment.step_start.copy()
    starts[:] = starts[0]
    with pytest.raises(ValueError, match="provider_time"):
        Desk(plan_around(problem, replace(plan.assignment, step_start=starts), {}))
