"""Orders and sessions chosen for what is uncertain: no rule broken, never dearer, nothing changed without chance."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedopt.answers.rearrange import rearrange
from schedopt.answers.result import plan_around
from schedopt.example.frames import WEEK, example_frames
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import Schedule
from schedopt.office import assemble, office_from_frames
from schedopt.planning import plan as planned
from schedopt.timing.arranging import Effort, arranged, points_beside_minutes, with_everybody
from schedopt.timing.book import Book, draws_of
from schedopt.timing.costs import Costs
from schedopt.timing.guard import Guard
from schedopt.timing.retiming import held_visits, retimed
from schedopt.uncertainty.distributions import Discrete
from schedopt.uncertainty.week import Uncertainty, WeekScenarios
from tests.effort import examples
from tests.simulation.worlds import plans

LATE = Discrete((-20.0, 0.0, 4.0, 25.0), (0.2, 0.5, 0.2, 0.1))
ASSUMED = partial(Uncertainty.assumed, scv=0.5, no_show=0.2, late=LATE)
COSTS = st.builds(
    Costs, waiting=st.sampled_from([0.5, 1.0]), idle=st.sampled_from([0.0, 8.0]), overtime=st.sampled_from([2.0, 12.0])
)
EFFORTS = st.builds(
    Effort, moves=st.sampled_from([0, 30, 300]), guard=st.sampled_from([None, Guard(), Guard(1e9, 1, 1e9)])
)
SLOW = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=examples(12))


def known_of(plan: Plan) -> Uncertainty:
    """What may happen in a plan in which every request has a place."""
    return ASSUMED(plan_around(plan.problem, with_everybody(plan.problem, plan.assignment), {}))


def cost_of(plan: Plan, schedule: Schedule, drawn: WeekScenarios, costs: Costs) -> float:
    """Points and expected minutes of a schedule on these weeks, by the original lengths."""
    problem = plan.problem
    everybody = with_everybody(problem, schedule)
    book = Book(
        problem, schedule, draws_of(problem, everybody, drawn), costs, held_visits(problem, schedule), 10, everybody
    )
    return book.minutes() + points_beside_minutes(problem, schedule)


@SLOW
@given(plans(fits=True), COSTS, EFFORTS)
def test_a_rearranged_plan_breaks_nothing_and_keeps_promises(plan: Plan, costs: Costs, effort: Effort) -> None:
    """No rule is newly broken; promises stay; without a guard the same requests are placed, with one at least these."""
    new = rearrange(plan, ASSUMED, costs, effort, scenarios=20)
    before, after = (set(check(p.problem, p.assignment).broken) for p in (plan, new))
    assert after <= before
    kept = plan.problem.week.requests.fixed & (plan.assignment.session >= 0)
    assert (plan.assignment.session[kept] == new.assignment.session[kept]).all()
    assert (plan.assignment.start(plan.problem.week)[kept] == new.assignment.start(new.problem.week)[kept]).all()
    old_placed, placed = set(plan.assignment.placed.tolist()), set(new.assignment.placed.tolist())
    assert old_placed == placed if effort.guard is None else old_placed <= placed
    assert (new.problem.week.requests.usual_length == plan.problem.week.requests.length).all()


@SLOW
@given(plans(fits=True), COSTS, EFFORTS)
def test_it_never_costs_more_than_new_times_alone(plan: Plan, costs: Costs, effort: Effort) -> None:
    """On the weeks it was chosen on, points and expected minutes together are at most those of the retimed plan."""
    known = known_of(plan)
    drawn = known.scenarios(20)
    _, old = retimed(plan.problem, plan.assignment, drawn, costs)
    _, new = arranged(plan.problem, plan.assignment, known, drawn, costs, effort)
    assert cost_of(plan, new, drawn, costs) <= cost_of(plan, old, drawn, costs) + 1e-6


@SLOW
@given(plans(fits=True), EFFORTS)
def test_without_chance_nobody_waits(plan: Plan, effort: Effort) -> None:
    """Where visits take what is planned and all come on time, no appointment is shorter than its visit."""
    certain = partial(Uncertainty.assumed, scv=0, no_show=0, step_scv=0)
    new = rearrange(plan, certain, Costs(waiting=1.0, idle=0.4, overtime=0.3), effort, scenarios=2)
    requests, old = new.problem.week.requests, plan.problem.week.requests
    placed = plan.assignment.placed
    assert (requests.length[placed] == old.length[placed]).all()
    assert points_beside_minutes(new.problem, new.assignment) <= points_beside_minutes(plan.problem, plan.assignment)


@SLOW
@given(plans(fits=False), COSTS)
def test_a_faulty_plan_can_be_rearranged(plan: Plan, costs: Costs) -> None:
    """A schedule that breaks rules breaks no other ones afterwards."""
    new = rearrange(plan, ASSUMED, costs, Effort(100), scenarios=10)
    before, after = ({row[:2] for row in check(p.problem, p.assignment).broken} for p in (plan, new))
    assert after <= before


def test_a_guard_says_who_waits_too_long() -> None:
    """Shares are of those who come, differences are of groups' mean waits."""
    wait, came = np.array([[0.0, 40.0], [0.0, 0.0]]), np.array([[True, True], [True, False]])
    assert Guard(30).figures(wait, came, ["a", "b"]) == (1.0, 40.0)
    assert Guard(30).figures(wait, came, ["a", "a"]) == (1.0, 0.0)
    assert not Guard(30, 0.5, 50).allows((1.0, 40.0))
    assert Guard(30, 1.0, 50).allows((1.0, 40.0))


def test_plan_takes_uncertainty_and_costs_together() -> None:
    """One without the other is refused; with both, the plan is that of the search, rearranged."""
    problem = assemble(office_from_frames(example_frames(sites=1, providers=1, load=0.3)), WEEK)
    costs = Costs(1, 4, 6)
    for half in ({"uncertainty": ASSUMED}, {"costs": costs}, {"overbook": Guard()}):
        with pytest.raises(ValueError, match="together"):
            planned(problem, 0.1, 1, progress=False, **half)  # type: ignore[arg-type]
    plain = planned(problem, 0.1, 1, progress=False, deterministic=True)
    new = planned(problem, 0.1, 1, progress=False, deterministic=True, uncertainty=ASSUMED, costs=costs)
    again = rearrange(plain, ASSUMED, costs, Effort(), workers=1)
    assert (new.assignment.step_start == again.assignment.step_start).all()
    assert (new.assignment.session == again.assignment.session).all()
