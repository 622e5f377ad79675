"""New start times for a planned week."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedopt.answers.retime import retime
from schedopt.models.problem.check import check
from schedopt.models.problem.lengths import with_lengths
from schedopt.models.problem.plan import Plan
from schedopt.timing.costs import Costs
from schedopt.timing.retiming import held_visits
from schedopt.timing.session import planned_session
from schedopt.uncertainty.distributions import Discrete
from schedopt.uncertainty.week import Uncertainty
from tests.simulation.worlds import plans

LATE = Discrete((-20.0, 0.0, 4.0, 25.0), (0.2, 0.5, 0.2, 0.1))
COSTS = st.builds(
    Costs, waiting=st.sampled_from([0.5, 1.0]), idle=st.sampled_from([0.0, 1.0, 8.0]),
    overtime=st.sampled_from([0.0, 2.0, 12.0]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(plans(fits=True), COSTS)
def test_a_retimed_plan_breaks_nothing_new(plan: Plan, costs: Costs) -> None:
    """Same visits, sessions and order; no new breach; promises stay; appointments of ten minutes or more."""
    drawn = Uncertainty.assumed(plan, 0.5, 0.2, LATE).scenarios(20)
    new = retime(plan, drawn, costs)
    old_week, week = plan.problem.week, new.problem.week
    assert (new.assignment.session == plan.assignment.session).all()
    before, after = (set(check(p.problem, p.assignment).breaches.itertuples(index=False)) for p in (plan, new))
    assert after <= before
    starts, old_starts = new.assignment.start(week), plan.assignment.start(old_week)
    fixed = old_week.requests.fixed
    assert (starts[fixed] == old_starts[fixed]).all()
    for session in np.unique(plan.assignment.session[plan.assignment.placed]):
        inside = np.flatnonzero(plan.assignment.session == session)
        assert (inside[np.argsort(old_starts[inside])] == inside[np.argsort(starts[inside])]).all()
    old_week, week = (w.with_sessions(plan.assignment.session) for w in (old_week, week))
    least = np.minimum(week.requests.usual_length, -(-10 // week.calendar.grid))
    assert ((week.requests.length >= least) & (week.requests.length <= week.requests.usual_length)).all()
    assert (week.requests.usual_length == old_week.requests.length).all()
    assert (np.diff(new.assignment.step_start) == np.diff(plan.assignment.step_start))[
        np.diff(week.steps.request) == 0
    ].all()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(plans(fits=True), COSTS)
def test_a_retimed_plan_costs_no_more(plan: Plan, costs: Costs) -> None:
    """On the scenarios it was timed on, no session costs more, and the record's lengths give its problem."""
    drawn = Uncertainty.assumed(plan, 0.5, 0.2, LATE).scenarios(20)
    new = retime(plan, drawn, costs)
    held = held_visits(plan.problem, plan.assignment)
    for session in np.unique(plan.assignment.session[plan.assignment.placed]).tolist():
        own = planned_session(plan.problem, plan.assignment, drawn, session, held, 10)
        times = new.assignment.start(new.problem.week)[own.requests] * float(own.grid)
        assert own.cost(times, costs) <= own.cost(own.times, costs) + 1e-9
    lengths = cast(dict[str, dict[str, int]], new.record.get("lengths", {}))
    again = with_lengths(plan.problem, lengths.get("booked", {}), lengths.get("expected"))
    for code in range(len(again.week.requests)):
        session = int(plan.assignment.session[code])
        assert again.week.step_lengths(code, session).tolist() == new.problem.week.step_lengths(code, session).tolist()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(plans(fits=False), COSTS)
def test_a_faulty_plan_can_be_retimed(plan: Plan, costs: Costs) -> None:
    """A schedule that breaks rules, with visits on top of each other, gets times that break nothing more."""
    new = retime(plan, Uncertainty.assumed(plan, 0.5, 0.2, LATE).scenarios(10), costs)
    before, after = (check(p.problem, p.assignment).breaches for p in (plan, new))
    assert set(after["request"]) <= set(before["request"])
    assert len(after) <= len(before)


@given(plans(fits=True))
def test_without_chance_nobody_waits(plan: Plan) -> None:
    """Where visits take what is planned and all come on time, new times leave nobody waiting for the provider."""
    drawn = Uncertainty.assumed(plan, 0, 0, step_scv=0).scenarios(2)
    new = retime(plan, drawn, Costs(waiting=1.0, idle=0.4, overtime=0.3))
    assert (new.problem.week.requests.length == plan.problem.week.requests.length).all()


def test_lengths_are_checked() -> None:
    """Lengths of unknown requests, or beside the grid, are refused."""
    from schedopt.example.frames import WEEK, example_frames
    from schedopt.office import assemble, office_from_frames

    problem = assemble(office_from_frames(example_frames(sites=1, providers=1, load=0.3)), WEEK)
    name = problem.week.requests.ids[0]
    for minutes in ({"nobody": 5}, {name: 7}, {name: 0}, {name: -5}):
        with pytest.raises(ValueError, match="expected"):
            with_lengths(problem, minutes)
