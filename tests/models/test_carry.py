"""Carrying visits from one problem to another."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

import schedopt
from schedopt.models.office import Office
from schedopt.models.problem.carry import COLUMNS, carry
from schedopt.office import assemble
from tests.offices import Case, cases
from tests.schedules import schedules, sound, visits_of

MONDAY = dt.date(2026, 11, 30)


def moments(problem: schedopt.Problem, schedule: schedopt.Schedule) -> dict[str, tuple[str, dt.date, tuple[int, ...]]]:
    """Provider, date and minutes of all steps of every visit, by request."""
    return {v.request: (v.provider, v.date, v.starts) for v in visits_of(problem, schedule)}


def changed(draw: st.DrawFn, office: Office) -> Office:
    """The office with some rows gone and some new: another version of the same week."""
    drop: dict[str, Any] = {}
    for name in ("shifts", "requests", "providers", "leave", "pools", "caps", "coverage", "appointments"):
        rows = getattr(office, name)
        if rows and name not in ("providers", "pools") and draw(st.booleans()):
            drop[name] = tuple(row for row in rows if draw(st.integers(0, 3)))
    gone = {row.request for row in office.requests} - {row.request for row in drop.get("requests", office.requests)}
    kept = tuple(row for row in drop.get("requests", office.requests) if not {row.after, row.same_day_as} & gone)
    names = {row.request for row in kept}
    drop["requests"] = kept
    for name in ("appointments", "availability", "preferences"):
        rows = drop.get(name, getattr(office, name))
        drop[name] = rows and tuple(row for row in rows if row.request is None or row.request in names)
    return office.model_copy(update=drop)


@given(cases(), st.data())
def test_a_sound_schedule_is_carried_home_as_it_is(case: Case, data: st.DataObject) -> None:
    """To the same problem, every visit of a schedule without breaches comes with the times of all its steps."""
    schedule = data.draw(sound(case.problem))
    carried = carry(case.problem, schedule, case.problem)
    assert np.array_equal(carried.schedule.session, schedule.session)
    assert np.array_equal(carried.schedule.step_start, schedule.step_start)
    assert carried.lost.empty
    assert list(carried.lost.columns) == COLUMNS


@given(cases(), st.data())
def test_every_visit_is_carried_or_named(case: Case, data: st.DataObject) -> None:
    """Into any version of any days around, each visit either keeps request, provider, date and start, or is lost for a
    reason that holds; what is carried breaks no rule about single visits.
    """
    schedule = data.draw(schedules(case.problem))
    first = case.first + dt.timedelta(days=data.draw(st.integers(-2, 2)))
    target = assemble(changed(data.draw, case.office), first)
    before, carried = moments(case.problem, schedule), carry(case.problem, schedule, target)
    after = moments(target, carried.schedule)
    assert sorted([*after, *carried.lost["request"]]) == sorted(before)
    own = {name: int(target.week.steps.provider_step[code]) for name, code in target.week.request_code.items()}
    for name, (provider, _, _) in after.items():
        start = int(carried.schedule.step_start[own[name]])
        was = int(schedule.start(case.problem.week)[case.problem.week.request_code[name]])
        assert provider == before[name][0]
        assert target.calendar.words(start) == case.problem.calendar.words(was)
    breaches = schedopt.check(target, carried.schedule).breaches
    single = {rule.name for rule in target.rules}
    assert not single & set(breaches["rule"])
    reasons = dict(zip(carried.lost["request"], carried.lost["rule"], strict=True))
    for name, rule in reasons.items():
        assert (rule == "requests") == (name not in target.week.request_code)
        assert rule in single | {"requests", "days", "session_hours"}


@given(cases(), st.data())
def test_steps_keep_their_waits(case: Case, data: st.DataObject) -> None:
    """Into the same week from another first day, the steps of a carried visit keep their times on the clock."""
    schedule = data.draw(sound(case.problem))
    assume(len(schedule.placed))
    target = assemble(case.office, case.first - dt.timedelta(days=1))
    before, after = moments(case.problem, schedule), moments(target, carry(case.problem, schedule, target).schedule)
    assert all(after[name] == before[name] for name in after)


def office(minutes: int = 20, grid: int = 5, shift: str = "08:00", **tables: list[dict[str, Any]]) -> schedopt.Problem:
    """One provider who keeps one session, and one request of a visit with a step before the provider's."""
    rows: dict[str, list[dict[str, Any]]] = {
        "providers": [{"provider": "DR1"}, {"provider": "DR2"}],
        "visit_types": [{"visit_type": "v", "minutes": 20}],
        "steps": [{"visit_type": "v", "order": -1, "minutes": minutes, "max_wait": 30}],
        "patients": [{"patient": "N1"}],
        "requests": [{"request": "R1", "patient": "N1", "visit_type": "v"}],
        "shifts": [{"provider": "DR1", "site": "S", "date": "2026-11-30", "start": shift, "end": "10:00"}],
    }
    frames = {name: pd.DataFrame(table) for name, table in (rows | tables).items()}
    return schedopt.assemble(schedopt.office_from_frames(frames, {"grid_minutes": grid}), MONDAY)


def typed(problem: schedopt.Problem, start: str = "08:45", steps: str = "08:20; 08:45") -> schedopt.Schedule:
    """The one visit, at a time."""
    row = {"request": "R1", "provider": "DR1", "date": MONDAY, "start": start, "steps": steps}
    return schedopt.read_schedule(problem, pd.DataFrame([row]))[0]


def test_other_steps_are_put_around_the_provider_step() -> None:
    """Where a step has become longer, the provider step keeps its time and the others lie beside it without waits."""
    source, target = office(), office(minutes=30)
    carried = carry(source, typed(source), target)
    assert moments(target, carried.schedule)["R1"][2] == (8 * 60 + 15, 8 * 60 + 45)


def test_what_is_in_the_way_is_said() -> None:
    """A time off the grid, a provider who has left or has no session, and a rule: each with its reason."""
    source = office()
    schedule = typed(source)
    other = {"providers": [{"provider": "DR2"}], "shifts": [{"provider": "DR2", "site": "S", "date": "2026-11-30",
             "start": "08:00", "end": "10:00"}]}  # fmt: skip
    targets = {
        "grid": office(grid=10),
        "providers": office(**other),
        "session_hours": office(shift="09:00"),
        "ready_day": office(
            requests=[{"request": "R1", "patient": "N1", "visit_type": "v", "ready": "2026-12-01"}]
        ),
    }  # fmt: skip
    for rule, target in targets.items():
        lost = carry(source, schedule, target).lost
        assert lost[["request", "provider", "date", "start", "rule"]].values.tolist() == [
            ["R1", "DR1", MONDAY, "08:45", rule]
        ]
        assert lost["reason"].str.len().gt(0).all()
