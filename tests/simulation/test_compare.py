"""Two plans beside each other."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from schedopt.answers.result import plan_around
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import Schedule
from schedopt.office import assemble
from schedopt.simulation import compare, simulate
from schedopt.uncertainty.distributions import Discrete
from schedopt.uncertainty.week import Uncertainty
from tests.simulation.desk import FIRST, one_morning, spaced


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, Plan]:
    """One morning of eight visits of 15 minutes: at 15 minutes' distance, and the same at 20, last one first."""
    problem = assemble(one_morning(8), FIRST)
    return spaced(problem, 3), plan_around(problem, _turned(spaced(problem, 4).assignment), {})


def _turned(schedule: Schedule) -> Schedule:
    return Schedule(schedule.session, schedule.step_start[::-1].copy())


def _uncertain(plan: Plan) -> Uncertainty:
    return Uncertainty.assumed(plan, 0.4, 0.1, Discrete((-5.0, 0.0, 10.0), (0.3, 0.4, 0.3)))


def test_paired(plans: tuple[Plan, Plan]) -> None:
    """More room between visits lowers waiting, with certainty, and pairing makes the interval narrower."""
    one, other = (simulate(plan, _uncertain(plan), 500) for plan in plans)
    found = compare(one, other).set_index("measure")
    assert found.loc["waiting", "difference"] < 0
    assert found["certain"].loc[["waiting", "idle", "overtime"]].all()
    assert found.loc["waiting", "one"] == pytest.approx(one.total["waiting_minutes"].item())
    assert found.loc["idle", "other"] == pytest.approx(other.total["idle_minutes"].item())
    assert found.loc["utilisation", "one"] == pytest.approx(one.total["utilisation"].item())
    alone = math.hypot(one.total["waiting_half"].item(), other.total["waiting_half"].item())
    assert found.loc["waiting", "half"] < 0.9 * alone


def test_same_patients(plans: tuple[Plan, Plan]) -> None:
    """A request's numbers are the same wherever it stands, and in a plan with fewer visits; other seeds give others."""
    first, second = (_uncertain(plan) for plan in plans)
    week = plans[0].problem.week
    fewer = plan_around(plans[0].problem, plans[0].assignment.without(week, np.array([0, 3])), {})
    small = _uncertain(fewer)
    drawn, again, few = (u.sample(np.random.default_rng(5), 20) for u in (first, second, small))
    assert (drawn.minutes == again.minutes).all()
    kept = drawn.of(few.requests)
    for name in ("minutes", "came", "late"):
        assert (getattr(kept, name) == getattr(few, name)).all()
    assert (first.sample(np.random.default_rng(6), 20).minutes != drawn.minutes).all()


def test_nothing_changes(plans: tuple[Plan, Plan]) -> None:
    """A plan differs from itself by nothing, for certain; other seeds or numbers of replications are refused."""
    found = simulate(plans[0], _uncertain(plans[0]), 50)
    same = compare(found, found)
    assert not same[["difference", "half"]].to_numpy().any()
    assert not same["certain"].any()
    for other in (dataclasses.replace(found, seed=8), dataclasses.replace(found, replications=51)):
        with pytest.raises(ValueError, match="the same seed"):
            compare(found, other)
