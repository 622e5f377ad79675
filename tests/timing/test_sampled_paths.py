"""What times come to in scenarios: against a clock that ticks, and what must hold of any session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios, add_walk_ins, best_times, evaluate, sample_scenarios
from schedopt.timing.sampled.evaluation import paths
from schedopt.timing.sampled.times import oracle_of
from schedopt.uncertainty.distributions import Exponential, constant

COSTS = Costs(1.0, 3.0, 5.0)


@st.composite
def sessions(draw: st.DrawFn, *, walk_ins: int = 0, late: int = 12) -> tuple[Any, Scenarios, float, float]:
    """Times, scenarios, end and start, all in whole minutes."""
    visits, num = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (num, visits)
    start, end = float(rng.integers(0, 5)), float(rng.integers(10, 50))
    times = np.sort(rng.integers(0, 40, visits)).astype(float)
    lateness = rng.integers(-late, late + 1, shape) if draw(st.booleans()) else np.zeros(shape)
    scenarios = Scenarios(
        rng.integers(0, 20, shape), rng.random(shape) < draw(st.sampled_from([0.5, 1.0])), lateness,
        early=draw(st.booleans()),
    )  # fmt: skip
    if walk_ins:
        # one minute never holds two of them, so that the order of ties is not asked
        at = np.stack([rng.permutation(60)[:walk_ins] for _ in range(num)]).astype(float)
        nobody = rng.random(at.shape) < 0.3
        minutes = rng.integers(1, 15, at.shape).astype(float)
        scenarios = replace(
            scenarios, walk_in_at=np.where(nobody, np.nan, at), walk_in_service=np.where(nobody, np.nan, minutes),
            walk_in_urgent=rng.random(at.shape) < 0.4,
        )  # fmt: skip
    return times, scenarios, end, start


def tick(times: Any, s: Scenarios, row: int, end: float, start: float, breaks: Any) -> tuple[Any, Any, float, float]:
    """One scenario minute by minute: waits of booked and others, idle and overtime."""
    pending, others = list(range(s.num_visits)), {j for j, at in enumerate(s.walk_in_at[row]) if at <= end}
    wait, other_wait = {}, {}
    busy_until, last, idle = start, start, 0.0
    for minute in range(400):
        paused = any(low <= minute < high for low, high in breaks)
        while True:
            while pending and not s.came[row, pending[0]] and times[pending[0]] <= minute:
                last = max(last, times[pending.pop(0)])
            if minute < busy_until or paused:
                break
            here = sorted(
                (not s.walk_in_urgent[row, j], s.walk_in_at[row, j], j)
                for j in others
                if s.walk_in_at[row, j] <= minute
            )
            first = pending[0] if pending and s.came[row, pending[0]] else None
            lateness = 0.0 if first is None else s.lateness[row, first]
            there = first is not None and times[first] + (lateness if s.early else max(lateness, 0)) <= minute
            if here and (not here[0][0] or not there):
                _, at, j = here[0]
                others.remove(j)
                other_wait[j] = minute - at
                busy_until = minute + s.walk_in_service[row, j]
            elif there and first is not None:
                pending.remove(first)
                wait[first] = max(minute - times[first] - max(lateness, 0), 0)
                busy_until = minute + s.service[row, first]
            else:
                break
            last = max(last, busy_until)
        idle += start <= minute < end and minute >= busy_until and not paused and bool(pending)
    return wait, other_wait, idle, max(last - end, 0)


@given(st.one_of(sessions(), sessions(walk_ins=4)), st.sampled_from([(), ((12, 70),), ((5, 9), (20, 31))]))
def test_follows_a_ticking_clock(session: Any, breaks: Any) -> None:
    """Waits, idle time and overtime are those of a session played minute by minute with all its rules."""
    times, scenarios, end, start = session
    found = paths(times, scenarios, end, start, breaks)
    for row in range(scenarios.num_scenarios):
        wait, other_wait, idle, overtime = tick(times, scenarios, row, end, start, breaks)
        expected = [wait.get(visit, np.nan) for visit in range(scenarios.num_visits)]
        others = [other_wait.get(j, np.nan) for j in range(scenarios.num_walk_ins)]
        assert np.array_equal(found.wait[row], expected, equal_nan=True)
        assert np.array_equal(found.walk_in_wait[row], others, equal_nan=True)
        assert (found.idle[row], found.overtime[row]) == (idle, overtime)


@given(sessions(), st.integers(0, 2**32))
def test_the_slope_is_that_of_the_cost(session: Any, seed: int) -> None:
    """The optimised cost is the evaluated one, and between kinks its slope is the difference quotient."""
    times, scenarios, end, start = session
    times = times + np.random.default_rng(seed).uniform(0.1, 0.2, len(times))  # no ties with whole minutes
    cost = oracle_of(scenarios, COSTS, end, start)
    value, slope = cost(times)
    assert value == pytest.approx(evaluate(times, scenarios, COSTS, end, start).cost)
    for visit, step in enumerate(np.eye(len(times)) * 1e-6):
        assert (cost(times + step)[0] - cost(times - step)[0]) / 2e-6 == pytest.approx(slope[visit], abs=1e-6)


@given(sessions(), sessions())
def test_the_cost_lies_above_its_planes(one: Any, other: Any) -> None:
    """Where nobody comes past the end the cost is convex: it lies above the plane of its slope at any other times."""
    times, scenarios, _, start = one
    away = np.resize(other[0], len(times))
    cost = oracle_of(scenarios, COSTS, 60.0, start)
    value, slope = cost(times)
    assert cost(away)[0] >= value + slope @ (away - times) - 1e-9


@given(sessions(), st.integers(0, 4), st.floats(0, 30))
def test_more_work_is_no_shorter_wait(session: Any, visit: int, minutes: float) -> None:
    """A longer service, or one more patient at the end, lowers nobody's wait at the same times."""
    times, scenarios, end, start = session
    before = paths(times, scenarios, end, start)
    service = scenarios.service.copy()
    service[:, visit % len(times)] += minutes
    longer = paths(times, replace(scenarios, service=service), end, start)
    assert (np.nan_to_num(longer.wait) >= np.nan_to_num(before.wait)).all()
    assert (longer.overtime >= before.overtime).all()
    after = [np.concatenate([a, a[:, :1]], axis=1) for a in (scenarios.service, scenarios.came, scenarios.lateness)]
    more = paths([*times, times[-1]], Scenarios(*after, early=scenarios.early), end, start)
    assert np.array_equal(more.wait[:, :-1], before.wait, equal_nan=True)
    assert (more.overtime >= before.overtime).all()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 30))
def test_without_variance_visits_follow_one_another(minutes: list[int], spare: int) -> None:
    """Where all is certain the best times are back to back, from the start if nothing is to spare, and nobody waits."""
    scenarios = sample_scenarios([constant(m) for m in minutes], 3, np.random.default_rng(0))
    timed = best_times(scenarios, COSTS, sum(minutes) + spare)
    found = evaluate(timed.times, scenarios, COSTS, sum(minutes) + spare)
    assert np.diff(timed.times) == pytest.approx(np.array(minutes[:-1], float), abs=1e-4)
    assert (found.waiting, found.overtime) == pytest.approx((0, 0), abs=1e-4)
    assert timed.cost == pytest.approx(0, abs=1e-3)


def test_who_never_comes_costs_nothing_but_the_provider_does_not_know() -> None:
    """At no-show 1 nobody waits or is seen, and the provider is idle until the last time; at 0 everybody is seen."""
    rng = np.random.default_rng(0)
    nobody = evaluate([0, 10, 20], sample_scenarios([constant(30)] * 3, 5, rng, no_show=1), COSTS, 60)
    assert (nobody.waiting, nobody.idle, nobody.overtime) == (0, 20, 0)
    assert nobody.table["waiting"].isna().all()
    assert (nobody.table["came"] == 0).all()
    all_come = evaluate([0, 10, 20], sample_scenarios([constant(30)] * 3, 5, rng, no_show=0), COSTS, 60)
    assert (all_come.waiting, all_come.idle, all_come.overtime) == (60, 0, 30)
    assert all_come.table["over_15"].tolist() == [0, 1, 1]
    assert all_come.table["over_30"].tolist() == [0, 0, 1]


def test_walk_ins_come_at_their_rate() -> None:
    """Two an hour for three hours are six in the mean, a quarter of them urgent, all within the session."""
    booked = sample_scenarios([constant(10)], 20_000, np.random.default_rng(1))
    found = add_walk_ins(
        booked, np.random.default_rng(2), per_hour=2, service=Exponential.from_mean(5), start=60, end=240, urgent=0.25
    )
    came = ~np.isnan(found.walk_in_at)
    assert came.sum(axis=1).mean() == pytest.approx(6, abs=0.1)
    assert came.sum(axis=1).var() == pytest.approx(6, abs=0.3)
    assert found.walk_in_urgent[came].mean() == pytest.approx(0.25, abs=0.01)
    assert 60 <= np.nanmin(found.walk_in_at) <= np.nanmax(found.walk_in_at) <= 240


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"service": np.ones(3)}, "service of shape"), ({"service": -np.ones((2, 2))}, "at least 0"),
        ({"service": np.ones((2, 2)), "came": np.ones((2, 3))}, "came of shape"),
        ({"service": np.ones((2, 2)), "lateness": [[np.nan, 0]]}, "lateness to be finite"),
        ({"service": np.ones((2, 2)), "walk_in_at": np.ones((2, 1))}, "walk_in_service"),
        ({"service": np.ones((2, 2)), "walk_in_at": [[1]], "walk_in_service": [[np.nan]]}, "NaN exactly"),
    ],
)  # fmt: skip
def test_refuses_what_does_not_fit(wrong: Any, what: str) -> None:
    """What is wrong with scenarios is said by name."""
    with pytest.raises(ValueError, match=what):
        Scenarios(**wrong)
