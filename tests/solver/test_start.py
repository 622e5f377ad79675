"""Starting from a schedule that is there: what is kept of it, and what planning makes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.models import tables
from schedopt.models.problem.carry import carry
from schedopt.models.problem.check import check
from schedopt.models.problem.schedule import nothing_placed
from schedopt.office import assemble
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.cpsat.start import start_from
from tests.effort import examples
from tests.offices import Case, Size, cases
from tests.schedules import schedules, sound
from tests.smallest import Smallest

SMALL = Size(requests=6, providers=2, days=2)


def places(problem: schedopt.Problem, schedule: schedopt.Schedule) -> dict[int, tuple[int, ...]]:
    """Provider and step starts of every visit, by request."""
    offset, provider = problem.week.steps.offset, problem.week.sessions.provider
    return {
        r: (int(provider[schedule.session[r]]), *schedule.step_start[offset[r] : offset[r + 1]].tolist())
        for r in schedule.placed.tolist()
    }


@given(cases(), st.data())
def test_what_is_kept_of_a_start_breaks_nothing(case: Case, data: st.DataObject) -> None:
    """Of any schedule, a part is kept that breaks nothing; nobody is moved but those of fixed promises."""
    kept, promised, _ = settle(case.problem)
    start = data.draw(schedules(case.problem))
    found = start_from(kept, promised, start)
    assert check(kept, found).breaches.empty
    before, after = places(kept, start), places(kept, found)
    chain = set(promised.placed.tolist())
    assert all(after[r] == before.get(r) for r in after if r not in chain)


@given(cases(), st.data())
def test_a_sound_start_is_kept_whole(case: Case, data: st.DataObject) -> None:
    """A schedule without breaches is kept as it is."""
    kept, promised, _ = settle(case.problem)
    start = data.draw(sound(kept))
    assume(check(kept, start).breaches.empty)
    found = start_from(kept, promised, start)
    assert np.array_equal(found.session, start.session)
    assert np.array_equal(found.step_start, start.step_start)


@given(cases(SMALL), st.data())
def test_the_fewest_points_are_left_out(case: Case, data: st.DataObject) -> None:
    """Without promises, no part of a start that breaks nothing keeps more points than the one that is kept."""
    problem = case.problem
    assume(not problem.week.requests.fixed.any())
    start = carry(problem, data.draw(schedules(problem)), problem).schedule
    found = start_from(problem, nothing_placed(problem.week), start)
    price = problem.left_out + 1
    lost = np.setdiff1d(start.placed, found.placed)
    for count in range(len(start.placed) + 1):
        for out in combinations(start.placed.tolist(), count):
            rows = np.array(out, np.int64)
            if price[rows].sum() < price[lost].sum():
                assert len(check(problem, start.without(problem.week, rows)).breaches)


def test_a_visit_whose_length_depends_on_the_provider_can_be_left_out() -> None:
    """Of two visits with steps at the same times one stays, though the other has no length while it is left out."""
    office = Smallest(
        {
            "lengths": (tables.TypeLength(visit_type="talk", provider="DR1", minutes=20),),
            "steps": (tables.Step(visit_type="talk", order=1, minutes=5, max_wait=0),),
        },
        [(name, "DR1", 0, ("08:00", "08:20")) for name in ("R1", "R2")],
    )
    problem = office.problem()
    found = start_from(problem, nothing_placed(problem.week), office.schedule(problem))
    assert len(found.placed) == 1


@settings(max_examples=examples(20))
@given(cases(SMALL), st.data())
def test_a_plan_costs_no_more_than_its_start(case: Case, data: st.DataObject) -> None:
    """However little time there is, the plan costs at most what is kept of the start."""
    start = data.draw(schedules(case.problem))
    kept, promised, _ = settle(case.problem)
    plan = schedopt.plan(case.problem, time_limit=0.05, workers=1, progress=False, start=start)
    assert plan.cost <= min(check(kept, s).cost for s in (promised, start_from(kept, promised, start)))


@settings(max_examples=examples(20))
@given(cases(SMALL))
def test_a_start_proved_best_comes_back_at_once(case: Case) -> None:
    """A plan that is proved best is its own continuation, and nothing is searched."""
    plan = schedopt.plan(case.problem, time_limit=10, workers=1, progress=False)
    assume(plan.status == "optimal")
    told: list[str] = []
    again = schedopt.plan(
        case.problem, time_limit=10, workers=1, progress=lambda moment: told.append(moment.doing), start=plan
    )
    assert (again.status, again.cost, again.bound) == ("optimal", plan.cost, plan.cost)
    assert np.array_equal(again.assignment.step_start, plan.assignment.step_start)
    assert set(told) <= {"reading"}


@settings(max_examples=examples(12))
@given(cases(SMALL))
def test_a_plan_of_other_days_is_carried(case: Case) -> None:
    """From a plan that begins a day earlier, the visits on days that both plan are kept as far as nothing breaks."""
    earlier = assemble(case.office, case.first - dt.timedelta(days=1))
    plan = schedopt.plan(earlier, time_limit=0.2, workers=1, progress=False)
    kept, promised, _ = settle(case.problem)
    found = start_from(kept, promised, plan)
    again = start_from(kept, promised, carry(earlier, plan.assignment, kept).schedule)
    assert check(kept, found).breaches.empty
    assert np.array_equal(found.step_start, again.step_start)


@given(cases(SMALL))
def test_a_start_of_another_problem_is_refused(case: Case) -> None:
    """A schedule with more requests, or with sessions that are not there, is an error that says so."""
    schedule = nothing_placed(case.problem.week)
    longer = schedopt.Schedule(np.append(schedule.session, -1), schedule.step_start)
    with pytest.raises(ValueError, match="is it of another problem"):
        start_from(case.problem, schedule, longer)
    away = schedule.session.copy()
    away[0] = len(case.problem.week.sessions)
    with pytest.raises(ValueError, match="expected sessions from -1"):
        start_from(case.problem, schedule, replace(schedule, session=away))
