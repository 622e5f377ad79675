"""The library's check and weekbench's scorer, which share no code, judge every schedule alike."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from benchmarks.generator import make_instance
from benchmarks.instances import Instance, to_problem, to_visits
from benchmarks.score import SHARED, Disagreement, Verdict, ask_scorer, judge
from benchmarks.table import shared_instance
from schedopt.models.problem.schedule import Schedule, place_at
from schedopt.solver.search.local import first_fit
from tests.effort import examples

needs_scorer = pytest.mark.skipif(
    not (SHARED / "score.py").is_file(), reason="weekbench is not next to this repository (../shared/weekbench)"
)
ALWAYS_COMPARED = ("unscheduled", "late", "preference", "office_wait")
"""Parts that mean one thing also where a rule is broken: a fixed promise that is not kept has no price here."""


@dataclass(frozen=True)
class Case:
    """An instance, its problem, and the first-fit schedule of it."""

    instance: Instance
    problem: schedopt.Problem
    schedule: Schedule


@cache
def _case(own: bool) -> Case:
    instance = make_instance("S", 3) if own else shared_instance("S", 3)
    problem = to_problem(instance)
    return Case(instance, problem, first_fit(problem))


@cache
def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("weekbench_score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _both(case: Case, schedule: Schedule) -> tuple[schedopt.Audit, list[str], dict[str, int]]:
    """The audit; the scorer's errors and parts."""
    visits = to_visits(case.instance, case.problem, schedule)
    errors, parts = _scorer().score(case.instance, {"visits": visits, "bound": None})
    return schedopt.check(case.problem, schedule), errors, parts


def _assert_alike(case: Case, schedule: Schedule) -> bool:
    """Assert that both verdicts are one; returns whether the schedule is feasible."""
    audit, errors, theirs = _both(case, schedule)
    ours = {part.name: part.points for part in audit.parts}
    assert audit.breaches.empty == (not errors), (audit.breaches, errors)
    compared = ALWAYS_COMPARED if errors else tuple(theirs)
    assert {name: ours[name] for name in compared} == {name: theirs[name] for name in compared}
    assert all(points == 0 for name, points in ours.items() if name not in theirs)
    return not errors


def _thinned(case: Case, share: float, seed: int) -> Schedule:
    """The first-fit schedule without a share of those that are not fixed, nor followed."""
    rng = np.random.default_rng(seed)
    requests = case.problem.week.requests
    several = np.bincount(requests.patient)[requests.patient] > 1
    gone = (rng.random(len(requests)) < share) & ~requests.fixed & ~several
    return case.schedule.without(case.problem.week, np.flatnonzero(gone))


def _move(case: Case, schedule: Schedule, draw: Any) -> Schedule:
    """A request goes to any session, or to one that its rules leave, at any time around its hours."""
    problem, week = case.problem, case.problem.week
    request = draw(st.integers(0, len(week.requests) - 1))
    rows = np.arange(problem.offset[request], problem.offset[request + 1])
    if len(rows) and draw(st.booleans()):
        row = int(draw(st.sampled_from(rows.tolist())))
        session = int(problem.options.session[row])
        start = draw(st.integers(int(problem.options.earliest[row]), int(problem.options.latest[row])))
    else:
        session = draw(st.integers(0, len(week.sessions) - 1))
        start = draw(st.integers(int(week.sessions.start[session]) - 3, int(week.sessions.end[session]) + 6))
    return place_at(week, schedule, request, session, start)


def _swap(case: Case, schedule: Schedule, draw: Any) -> Schedule:
    """Two visits change places."""
    week, placed = case.problem.week, schedule.placed.tolist()
    one, other = draw(st.sampled_from(placed)), draw(st.sampled_from(placed))
    start = schedule.start(week)
    swapped = place_at(week, schedule, one, int(schedule.session[other]), int(start[other]))
    return place_at(week, swapped, other, int(schedule.session[one]), int(start[one]))


def _shift(case: Case, schedule: Schedule, draw: Any) -> Schedule:
    """A visit, or only its first step, starts earlier or later."""
    steps = case.problem.week.steps
    request = draw(st.sampled_from(schedule.placed.tolist()))
    head, tail = int(steps.offset[request]), int(steps.offset[request + 1])
    if draw(st.booleans()):
        tail = head + 1
    start = schedule.step_start.copy()
    start[head:tail] += draw(st.integers(-4, 4))
    return Schedule(schedule.session, start)


def _drop(case: Case, schedule: Schedule, draw: Any) -> Schedule:
    """A visit is left out."""
    return schedule.without(case.problem.week, np.array([draw(st.sampled_from(schedule.placed.tolist()))]))


CHANGES = (_move, _swap, _shift, _drop)


@needs_scorer
@pytest.mark.parametrize("own", [True, False])
def test_first_fit_is_feasible_and_costs_the_same(own: bool) -> None:
    """First-fit breaks nothing, and costs the same part by part, in both eyes."""
    assert _assert_alike(_case(own), _case(own).schedule)


@needs_scorer
@pytest.mark.parametrize("own", [True, False])
@given(data=st.data())
def test_changed_schedules_are_judged_alike(own: bool, data: st.DataObject) -> None:
    """Whatever is moved, swapped, shifted or dropped: one verdict on feasibility, and one cost of every part."""
    case = _case(own)
    schedule = _thinned(case, data.draw(st.sampled_from([0.0, 0.5, 0.95])), data.draw(st.integers(0, 10**6)))
    for change in data.draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4)):
        schedule = change(case, schedule, data.draw)
    _assert_alike(case, schedule)


@needs_scorer
@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=examples(10))
@given(data=st.data())
def test_single_changes_are_judged_alike(change: Any, data: st.DataObject) -> None:
    """One change alone to a thin schedule, so that it often stays feasible."""
    case = _case(False)
    _assert_alike(case, change(case, _thinned(case, 0.95, data.draw(st.integers(0, 10**6))), data.draw))


@needs_scorer
@pytest.mark.parametrize("own", [True, False])
def test_every_visit_moved_by_a_cell_is_judged_alike(own: bool) -> None:
    """Of the schedules that differ from first-fit in one start, some are feasible and some are not."""
    case = _case(own)
    verdicts = set()
    for request in case.schedule.placed[::5].tolist():
        start = case.schedule.step_start.copy()
        start[case.problem.week.steps.request == request] += 1
        verdicts.add(_assert_alike(case, Schedule(case.schedule.session, start)))
    assert verdicts == {True, False}


@needs_scorer
def test_the_scorer_as_a_program_says_the_same() -> None:
    """The program's verdict is its function's: feasible as it is, not with a fixed promise left out."""
    case = _case(False)
    fixed = np.flatnonzero(case.problem.week.requests.fixed)[:1]
    for schedule in (case.schedule, case.schedule.without(case.problem.week, fixed)):
        verdict = judge(case.instance, case.problem, schedule)
        audit, errors, _ = _both(case, schedule)
        assert verdict == Verdict(not errors, audit.cost)


def test_without_a_scorer_the_check_decides(tmp_path: Path) -> None:
    """Where weekbench is absent, the verdict is the check's."""
    case = _case(True)
    verdict = judge(case.instance, case.problem, case.schedule, shared=tmp_path)
    assert verdict == Verdict(True, schedopt.check(case.problem, case.schedule).cost)


def test_verdicts_that_differ_are_loud(tmp_path: Path) -> None:
    """A scorer that says something else raises."""
    case = _case(True)
    (tmp_path / "score.py").write_text('print(\'{"feasible": true, "total": 1}\')')
    with pytest.raises(Disagreement, match="the scorer"):
        judge(case.instance, case.problem, case.schedule, shared=tmp_path)


def test_a_scorer_that_fails_is_loud(tmp_path: Path) -> None:
    """A scorer that ends with an error is not a verdict."""
    (tmp_path / "score.py").write_text("raise ValueError('broken')")
    with pytest.raises(RuntimeError, match="broken"):
        ask_scorer(tmp_path / "score.py", {}, {})
