"""Visits whose length depends on who gives them, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import schedopt
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed, place_at
from schedopt.office import assemble
from schedopt.solver.bound.prices import Pricing
from schedopt.solver.search.local import first_fit
from tests.smallest import FIRST, Smallest, patient, request
from tests.whole import breaches, solved, whole_week

SLOW, NEW = ("talk", "DR2", None, 30), ("talk", None, "new", 45)


def two_providers(
    *lengths: tuple[str, str | None, str | None, int], patients: int = 3, minutes: int | None = None, **more: Any
) -> Problem:
    """An hour with each of two providers; a visit takes a quarter of an hour unless a length says otherwise."""
    rows = tuple(tables.TypeLength(visit_type=t, provider=p, patients=k, minutes=m) for t, p, k, m in lengths)
    numbers = range(1, patients + 1)
    changes = {
        "patients": tuple(patient(f"N{number}") for number in numbers), "lengths": rows,
        "requests": tuple(
            request(f"R{number}", f"N{number}", minutes=minutes, new=number == 1) for number in numbers
        ),
        "shifts": tuple(
            tables.Shift(provider=name, site="MAIN", date=FIRST, start="08:00", end="09:00", overtime=0)
            for name in ("DR1", "DR2")
        ), **more,
    }  # fmt: skip
    return assemble(Smallest(changes).office, FIRST)


def with_provider(problem: Problem, provider: str, starts: Sequence[int]) -> Schedule:
    """The first requests with one provider, in cells after the session's start."""
    sessions, schedule = problem.week.sessions, nothing_placed(problem.week)
    session = sessions.provider.tolist().index(sessions.provider_ids.index(provider))
    for number, start in enumerate(starts):
        schedule = place_at(problem.week, schedule, number, session, int(sessions.start[session]) + start)
    return schedule


def test_the_row_that_says_most_counts() -> None:
    """Provider before kind of patient before visit type; a request's own minutes before all."""
    problem = two_providers(SLOW, NEW, ("talk", "DR2", "new", 60))
    week = problem.week
    minutes = [[int(week.length_with(r, p)) * 5 for p in range(2)] for r in range(2)]
    assert minutes == [[45, 60], [15, 30]]
    own = two_providers(SLOW, minutes=20).week
    assert [int(own.length_with(0, p)) * 5 for p in range(2)] == [20, 20]


def test_a_visit_lasts_as_long_as_its_provider_takes() -> None:
    """Half an hour apart is enough for one provider and for the other; a quarter only for the fast one."""
    problem = two_providers(SLOW)
    assert check(problem, with_provider(problem, "DR1", (0, 3))).breaches.empty
    assert check(problem, with_provider(problem, "DR2", (0, 6))).breaches.empty
    assert breaches(check(problem, with_provider(problem, "DR2", (0, 3)))) == {("R2", "provider_time")}
    assert breaches(check(problem, with_provider(problem, "DR2", (9,)))) == {("R1", "session_hours")}


@pytest.mark.parametrize(("patients", "placed"), [(5, 5), (6, 6), (7, 6), (9, 6)])
def test_the_best_week_knows_who_is_slow(patients: int, placed: int) -> None:
    """Four visits fit into the hour of the fast provider and two into that of the slow one; the plan proves it."""
    problem = two_providers(SLOW, patients=patients)
    best, objective = solved(whole_week(problem))
    plan = schedopt.plan(problem, time_limit=2)
    assert best is not None
    assert (plan.status, plan.cost, plan.bound) == ("optimal", objective, objective)
    for schedule in (best, plan.assignment, first_fit(problem)):
        assert len(schedule.placed) == placed
        assert check(problem, schedule).breaches.empty


def test_end_and_length_are_the_provider_s() -> None:
    """What a plan says of a visit is as long as it is with its provider."""
    problem = two_providers(SLOW, patients=7)
    plan = schedopt.plan(problem, time_limit=2)
    ends = {(visit.provider, visit.end - visit.start) for visit in plan.visits}
    assert ends == {("DR1", 15), ("DR2", 30)}


def test_a_caller_is_told_how_long_it_takes_there() -> None:
    """Recommended slots end when the visit would with their provider."""
    problem = two_providers(SLOW, patients=2)
    plan = schedopt.plan(problem, time_limit=1)
    slots = schedopt.recommend(plan, "R2").slots
    minutes = {
        row.provider: int(row.end[:2]) * 60 + int(row.end[3:]) - int(row.start[:2]) * 60 - int(row.start[3:])
        for row in slots.itertuples()
    }
    assert minutes == {"DR1": 15, "DR2": 30}


@pytest.mark.parametrize("seats", [1, 2])
@pytest.mark.parametrize("patients", [5, 8])
@pytest.mark.parametrize(("usual", "with_other"), [(30, 15), (15, 30), (20, 60), (60, 20)])
def test_prices_know_how_long_a_room_is_held(usual: int, with_other: int, patients: int, seats: int) -> None:
    """Where there is one room for both providers, prices prove the cost of the best week, and no more."""
    problem = two_providers(
        ("talk", "DR2", None, with_other), patients=patients,
        visit_types=(tables.VisitType(visit_type="talk", minutes=usual, pools=("exam",), seats=seats),),
        pools=(tables.Pool(pool="room", site="MAIN", kind="exam", capacity=1),),
    )  # fmt: skip
    _, objective = solved(whole_week(problem))
    found = Pricing(problem, 1)
    for number in range(100):
        found.step(number / 100)
    assert found.bound == objective
