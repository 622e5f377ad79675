"""Group visits by hand: what they hold, what they cost, who else may come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import schedopt
from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.office import assemble
from schedopt.simulation import simulate
from schedopt.solver.bound.prices import Pricing
from schedopt.solver.search.local import first_fit
from schedopt.uncertainty.week import Uncertainty
from tests.smallest import FIRST, Smallest, patient, request
from tests.whole import breaches, fits, solved, whole_week


def class_of(patients: int, seats: int, *, minutes: int = 60, **more: Any) -> Problem:
    """Requests of so many patients for visits of an hour, in one room, with one provider who is there for an hour."""
    names = [f"N{number}" for number in range(1, patients + 1)]
    kind = tables.VisitType(visit_type="talk", minutes=minutes, pools=("exam",), seats=seats)
    shift = tables.Shift(provider="DR1", site="MAIN", date=FIRST, start="08:00", end="09:00", overtime=0)
    changes = {
        "patients": tuple(patient(name) for name in names),
        "requests": tuple(request(f"R{name[1:]}", name) for name in names), "visit_types": (kind,),
        "shifts": (shift,), "pools": (tables.Pool(pool="room", site="MAIN", kind="exam", capacity=1),), **more,
    }  # fmt: skip
    return assemble(Smallest(changes).office, FIRST)


def together(problem: Problem, number: int, start: int = 0) -> Schedule:
    """The first requests in the first session at the same time, in cells after its start."""
    schedule = nothing_placed(problem.week)
    session, starts = schedule.session.copy(), schedule.step_start.copy()
    session[:number], starts[:number] = 0, problem.week.sessions.start[0] + start
    return replace(schedule, session=session, step_start=starts)


def test_a_group_holds_what_one_visit_holds() -> None:
    """As many patients as there are seats share provider and room; they cost no idle time and no overtime."""
    problem = class_of(4, 4)
    audit = check(problem, together(problem, 4))
    points = {part.name: part.points for part in audit.parts}
    assert audit.breaches.empty
    assert points["idle"] == points["overtime"] == points["unscheduled"] == 0


def test_one_more_than_there_are_seats_breaks_the_rules() -> None:
    """The visit for which no seat is left needs a provider and a room of its own."""
    problem = class_of(4, 3)
    assert check(problem, together(problem, 3)).breaches.empty
    assert breaches(check(problem, together(problem, 4))) == {
        ("R4", "provider_time"), ("R1", "pool_capacity"), ("R4", "pool_capacity"),
    }  # fmt: skip


def test_visits_that_overlap_without_starting_together_are_no_group() -> None:
    """Who comes five minutes later is not in the group."""
    problem = class_of(2, 4, minutes=30)
    schedule = together(problem, 2)
    schedule.step_start[1] += 1
    assert ("R2", "provider_time") in breaches(check(problem, schedule))


@pytest.mark.parametrize("free", [[3], [0, 3], [0, 1, 2, 3]])
def test_models_know_how_many_seats_there_are(free: list[int]) -> None:
    """Three of a class of three seats fit, and no fourth, be all free or some beside others that stay."""
    problem = class_of(4, 3)
    assert fits(problem, together(problem, 3), np.array(free))
    assert not fits(problem, together(problem, 4), np.array(free))


@pytest.mark.parametrize("seats", [1, 2, 3, 5])
def test_the_best_week_fills_the_seats(seats: int) -> None:
    """Model, plan and first-fit place as many of five patients in the one hour as there are seats; that is proved."""
    problem = class_of(5, seats)
    best, objective = solved(whole_week(problem))
    plan = schedopt.plan(problem, time_limit=2)
    assert best is not None
    assert (plan.status, plan.cost, plan.bound) == ("optimal", objective, objective)
    for schedule in (best, plan.assignment, first_fit(problem)):
        assert len(schedule.placed) == seats
        assert check(problem, schedule).breaches.empty


def test_a_class_with_a_fixed_promise_is_joined() -> None:
    """Where one of the class is promised a time, the others come then."""
    promise = tables.Appointment(request="R3", provider="DR1", date=FIRST, start="08:20", mark="fixed")
    problem = class_of(3, 3, minutes=30, appointments=(promise,))
    plan = schedopt.plan(problem, time_limit=2)
    assert len(plan.assignment.placed) == 3
    assert len(np.unique(plan.assignment.step_start)) == 1


def test_a_free_seat_is_recommended() -> None:
    """A caller is offered the seat that is left, and no other time, as the provider is held; a full class has none."""
    problem = class_of(4, 3)
    for taken, offered in ((2, ["08:00"]), (3, [])):
        plan = plan_around(problem, together(problem, taken), {})
        assert list(schedopt.recommend(plan, "R4").slots["start"]) == offered


def test_a_class_is_held_once_when_played() -> None:
    """Where all is as planned nobody waits, and the provider is busy for one hour."""
    problem = class_of(4, 4)
    plan = schedopt.plan(problem, time_limit=2)
    found = simulate(plan, Uncertainty.assumed(plan, 0, 0, step_scv=0), 2)
    assert found.visits["waiting_minutes"].tolist() == [0.0] * 4
    assert found.sessions[["idle_minutes", "overtime_minutes"]].to_numpy().tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("seats", [1, 2, 3, 5])
def test_who_completes_a_group_has_no_excess(seats: int) -> None:
    """Where prices call for a full group, it costs nothing more to be in it than to be seen alone elsewhere, be one's
    own place worth less than others' or not.
    """
    problem = class_of(
        seats, seats, visit_types=(tables.VisitType(visit_type="talk", minutes=60, seats=seats),),
        requests=tuple(request(f"R{n}", f"N{n}", site=None if n == 1 else "MAIN") for n in range(1, seats + 1)),
        shifts=tuple(
            tables.Shift(provider=name, site=site, date=FIRST, start="08:00", end="09:00", overtime=0)
            for name, site in (("DR1", "MAIN"), ("DR2", "WEST"))
        ),
    )  # fmt: skip
    found = Pricing(problem, 1)
    found.reprice(lambda part: (np.arange(part.size) == 0).astype(float).reshape(part.shape))
    found.step(0.0)
    assert len(problem.options) == seats + 1
    assert found.excess().tolist() == [0.0] * (seats + 1)
