"""The best times: against the linear program, enumeration, a formula and published costs."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.timing.speed_sampled import program
from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios, add_walk_ins, best_times, evaluate, on_grid, sample_scenarios
from schedopt.uncertainty.distributions import Exponential, Gamma, Lognormal

COSTS = st.builds(Costs, st.sampled_from([0.5, 1, 3]), st.sampled_from([0, 1, 4]), st.sampled_from([0, 2, 6]))


@st.composite
def scenarios(draw: st.DrawFn, visits: st.SearchStrategy[int], num: st.SearchStrategy[int]) -> Scenarios:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (draw(num), draw(visits))
    came = rng.random(shape) < draw(st.sampled_from([0.7, 1.0]))
    return Scenarios(np.round(rng.lognormal(2.5, draw(st.sampled_from([0.1, 0.7])), shape)), came)


@given(
    scenarios(st.integers(1, 8), st.integers(1, 40)), COSTS, st.integers(0, 4), st.sampled_from([0.4, 0.7, 1.0, 1.5])
)
def test_as_good_as_the_linear_program(drawn: Scenarios, costs: Costs, separation: int, slack: float) -> None:
    """Cost and bound are the optimum of the sample-average linear program; the times are allowed and have that cost."""
    end = float(np.ceil(slack * 13 * drawn.num_visits))
    timed = best_times(drawn, costs, end, separation=separation)
    optimum = program(drawn, costs, end, separation)[1]
    assert timed.cost == pytest.approx(optimum, rel=1e-6, abs=1e-5)
    assert timed.bound <= optimum + 1e-6
    assert timed.bound == pytest.approx(optimum, rel=1e-6, abs=1e-5)
    assert timed.cost == pytest.approx(evaluate(timed.times, drawn, costs, end).cost, abs=1e-9)
    assert (np.diff(timed.times) >= separation - 1e-6).all()
    assert timed.times.min() >= 0
    assert timed.times.max() <= end


def test_late_patients_cost_what_the_linear_program_says() -> None:
    """With lateness and early arrivals that count for nothing the optimum is still that of the linear program."""
    drawn = sample_scenarios(
        [Gamma.from_mean(15, scv=0.4)] * 6,
        100,
        np.random.default_rng(3),
        no_show=0.2,
        lateness=Lognormal.from_mean(4, scv=1),
    )
    drawn = replace(drawn, lateness=drawn.lateness - 3)
    costs = Costs(1, 0, 6)  # without a price of idle time it is convex past the end, too
    assert best_times(drawn, costs, 80).cost == pytest.approx(program(drawn, costs, 80)[1], rel=1e-6)
    assert np.isnan(best_times(drawn, Costs(1, 4, 6), 80).bound)


@given(st.integers(0, 2**32), st.sampled_from([0.25, 1, 4]))
def test_the_second_of_two_comes_at_a_quantile(seed: int, idle: float) -> None:
    """Two patients are a newsvendor's problem: P(first has left by the second's time) = waiting / (waiting + idle)."""
    drawn = sample_scenarios([Exponential.from_mean(20)] * 2, 999, np.random.default_rng(seed))
    timed = best_times(drawn, Costs(1, idle, 0), 1_000, fixed=[0, np.nan], tolerance=1e-9)
    assert (drawn.service[:, 0] <= timed.times[1]).mean() == pytest.approx(1 / (1 + idle), abs=2e-3)


@pytest.mark.parametrize(
    ("omega", "visits", "published"), [(0.1, 5, 0.983910883), (0.5, 5, 1.881261359), (0.5, 10, 4.693543139)]
)
def test_published_costs_of_exponential_service(omega: float, visits: int, published: float) -> None:
    """The calculator of Kuiper & Mandjes (2015): its optimum lies between ours on the scenarios and on fresh ones."""
    costs = Costs(1 - omega, omega, 0)
    service = [Exponential.from_mean(1)] * visits
    drawn, fresh = (sample_scenarios(service, 40_000, np.random.default_rng(seed)) for seed in (1, 2))
    timed = best_times(drawn, costs, 1_000, tolerance=1e-6)
    judged = evaluate(timed.times, fresh, costs, 1_000)
    assert timed.cost == pytest.approx(published, abs=4 * judged.cost_error)
    assert judged.cost == pytest.approx(published, abs=4 * judged.cost_error)
    assert judged.cost_error < 0.01 * published


@st.composite
def asked(draw: st.DrawFn, visits: int) -> dict[str, Any]:
    """Windows, distances and promises on the grid of five, from 0 to 40."""
    limits: dict[str, Any] = {"separation": draw(st.sampled_from([0, 5, 7]))}
    if draw(st.booleans()):
        limits["earliest"] = [5 * draw(st.integers(0, 1)) for _ in range(visits)]
        limits["latest"] = [40 - 5 * draw(st.integers(0, 1)) for _ in range(visits)]
    if draw(st.booleans()):
        limits["fixed"] = [np.nan] * (visits - 1) + [35.0]
    return limits


@given(scenarios(st.integers(2, 4), st.integers(1, 6)), COSTS, st.data())
def test_no_times_on_the_grid_are_better(drawn: Scenarios, costs: Costs, data: st.DataObject) -> None:
    """On a grid of five minutes the cost is the least of all allowed times, from wherever the search starts."""
    limits = data.draw(asked(drawn.num_visits))
    wanted = data.draw(st.lists(st.floats(0, 40), min_size=drawn.num_visits, max_size=drawn.num_visits))
    found = on_grid(wanted, drawn, costs, 40, **limits)
    lowest = np.inf
    for times in itertools.combinations_with_replacement(np.arange(0, 41, 5.0), drawn.num_visits):
        fixed = limits.get("fixed", [np.nan])
        if (
            (np.diff(times) >= limits["separation"]).all()
            and (np.array(times) >= limits.get("earliest", 0)).all()
            and (np.array(times) <= limits.get("latest", 40)).all()
            and (np.isnan(fixed[-1]) or times[-1] == fixed[-1])
        ):
            lowest = min(lowest, evaluate(times, drawn, costs, 40).cost)
    assert found.cost == pytest.approx(lowest, abs=1e-9)
    assert found.bound == found.cost
    assert not (found.times % 5).any()


def test_twenty_patients_on_a_grid() -> None:
    """From the best times it is a small step, whose optimum lies between the bound and any rounding."""
    drawn = sample_scenarios([Lognormal.from_mean(20, scv=0.3)] * 20, 300, np.random.default_rng(1), no_show=0.1)
    timed = best_times(drawn, Costs(1, 4, 6), 360, separation=10)
    found = on_grid(timed.times, drawn, Costs(1, 4, 6), 360, separation=10)
    rounded = np.maximum.accumulate(np.round(timed.times / 5) * 5)
    assert timed.cost <= found.cost == found.bound <= evaluate(rounded, drawn, Costs(1, 4, 6), 360).cost
    assert found.cost == on_grid(np.arange(20) * 15.0, drawn, Costs(1, 4, 6), 360, separation=10).cost


def test_on_a_grid_with_breaks_and_walk_ins() -> None:
    """What has no proof is no worse than where it started, has no bound, and best_times refuses it."""
    drawn = add_walk_ins(
        sample_scenarios([Exponential.from_mean(15)] * 5, 50, np.random.default_rng(1)), np.random.default_rng(2),
        per_hour=1, service=Exponential.from_mean(10), end=100,
    )  # fmt: skip
    start = np.arange(5) * 20.0
    found = on_grid(start, drawn, Costs(1, 4, 6), 100, breaks=[(45, 60)])
    assert found.cost <= evaluate(start, drawn, Costs(1, 4, 6), 100, breaks=[(45, 60)]).cost
    assert found.cost == pytest.approx(evaluate(found.times, drawn, Costs(1, 4, 6), 100, breaks=[(45, 60)]).cost)
    assert np.isnan(found.bound)
    with pytest.raises(ValueError, match="walk-ins"):
        best_times(drawn, Costs(1, 4, 6), 100)


def test_says_which_visit_has_no_time() -> None:
    """Promises that cannot be kept are refused with the visit's number."""
    drawn = Scenarios(np.ones((2, 3)))
    with pytest.raises(ValueError, match="no time is left for visit 0: not before 50 and not after 20"):
        best_times(drawn, Costs(1, 4, 6), 60, fixed=[50, 20, np.nan])
