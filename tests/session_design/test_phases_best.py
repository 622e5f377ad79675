"""The best times and the best policy: published numbers, bounds, neighbours, and what can only be better."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.timing import continuous
from schedopt.session_design.phases import Patient, best_policy, best_times, cost_and_gradient, expected
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Exponential, PhaseType, fit_moments
from tests.effort import examples

CASES = Path(__file__).parents[3] / "shared" / "timingbench" / "cases.json"

PATIENTS = st.lists(
    st.builds(
        lambda m, c, q: Patient(cast(PhaseType, fit_moments(m, c)), q),
        st.floats(1, 40), st.one_of(st.just(1.0), st.floats(0.08, 5)), st.one_of(st.just(0.0), st.floats(0, 0.5)),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
SHARES = st.one_of(st.floats(0.01, 0.99), st.sampled_from([0.0, 1e-6, 1 - 1e-6, 1.0]))
ENDS = st.one_of(st.none(), st.floats(0, 200))


def _costs(omega: float, overtime: float = 0.0) -> Costs:
    return Costs(waiting=1 - omega, idle=omega, overtime=overtime)


def _fits(num_patients: int, scv: float) -> list[Patient]:
    return [Patient(cast(PhaseType, fit_moments(1, scv)))] * num_patients


@pytest.mark.parametrize(
    ("num_patients", "scv", "omega", "cost"),
    [
        (5, 1.0, 0.1, 0.9839108832), (5, 1.0, 0.5, 1.8812613587), (10, 1.0, 0.2, 3.3949526215),
        (10, 1.0, 0.8, 3.4399241566), (15, 0.5, 0.5, 5.2200301836), (15, 1.0, 0.5, 7.5489343158),
        (15, 1.1, 0.5, 7.9378198687),
    ],
)  # fmt: skip
def test_published_costs(num_patients: int, scv: float, omega: float, cost: float) -> None:
    """The public calculator of Kuiper and Mandjes (2015), recomputed to these digits: to a relative 1e-8."""
    found = best_times(_fits(num_patients, scv), _costs(omega))
    assert found.cost == pytest.approx(cost, rel=1e-8)
    assert found.bound == pytest.approx(cost, rel=1e-8)


def test_published_times() -> None:
    """The times that calculator gives for 15 patients with an scv of 0.5."""
    published = [
        0, 1.0624, 2.4476, 3.8817, 5.333, 6.7915, 8.2528, 9.7141, 11.1731, 12.627, 14.0719, 15.5007, 16.8992, 18.232,
        19.3675,
    ]  # fmt: skip
    assert best_times(_fits(15, 0.5), _costs(0.5)).times == pytest.approx(published, abs=1e-3)


@pytest.mark.skipif(not CASES.is_file(), reason="timingbench is not next to this repository (../shared/timingbench)")
@pytest.mark.parametrize("kind", ["continuous", "adaptive"])
def test_published_cases(kind: str) -> None:
    """Every case of these kinds is answered within its tolerance."""
    answer = {"continuous": continuous.answer, "adaptive": continuous.answer_adaptive}[kind]
    cases: list[Any] = [case for case in json.loads(CASES.read_text("utf-8")) if case["kind"] == kind]
    assert cases
    for case in cases:
        found, wanted = answer(case), case["expected"]
        assert found["cost"] == pytest.approx(wanted["cost"], rel=case["tolerance"]), case["name"]
        if "times" in wanted:
            assert found["times"] == pytest.approx(wanted["times"], abs=case["time_tolerance"]), case["name"]


@given(PATIENTS, SHARES, ENDS, st.floats(0, 2), st.integers(0, 2**32))
def test_nothing_costs_less_than_the_bound(
    patients: list[Patient], omega: float, end: float | None, overtime: float, seed: int
) -> None:
    """Times start at 0 and ascend; the bound is within 1e-7 of the cost; no neighbour, near or far, costs less."""
    costs, rng = _costs(omega, overtime), np.random.default_rng(seed)
    best = best_times(patients, costs, end)
    assert best.times[0] == 0
    assert (np.diff(best.times) >= 0).all()
    assert best.cost == expected(patients, best.times, end).cost(costs)
    assert best.bound <= best.cost <= best.bound * (1 + 1e-7) + 1e-9
    for size in (1e-3, 0.1, 1, 30):
        gaps = np.maximum(np.diff(best.times) + size * rng.normal(size=len(patients) - 1), 0)
        other = np.concatenate([[0.0], np.cumsum(gaps)])
        assert cost_and_gradient(patients, other, costs, end)[0] >= best.bound - 1e-9


@pytest.mark.parametrize("omega", [1e-6, 0.01, 0.5, 0.99])
def test_two_patients_have_a_formula(omega: float) -> None:
    """Two exponentials of mean m: the second comes after ``-m ln omega``, at a cost of ``-m omega ln omega``."""
    best = best_times([Patient(Exponential.from_mean(20))] * 2, _costs(omega))
    assert best.times[1] == pytest.approx(-20 * math.log(omega), abs=1e-6)
    assert best.cost == pytest.approx(-20 * omega * math.log(omega), rel=1e-9)
    policy = best_policy([20, 20], _costs(omega))
    assert policy.table.gap[0] == pytest.approx(-20 * math.log(omega), abs=1e-6)
    assert policy.cost == pytest.approx(-20 * omega * math.log(omega), rel=1e-9)


def test_the_kink_at_the_end_is_a_solution() -> None:
    """A last patient who may not come lets some ends attract: there the last time is the end, and the bound is met."""
    patients, costs = [Patient(Exponential.from_mean(10), 0.4)] * 3, Costs(waiting=1, idle=0.1, overtime=1.0)
    ends = [float(end) for end in range(1, 61, 3)]
    found = [best_times(patients, costs, end) for end in ends]
    assert any(best.times[-1] == pytest.approx(end, abs=1e-9) for best, end in zip(found, ends, strict=True))
    assert all(best.cost - best.bound <= 1e-7 * best.cost for best in found)


def test_hardly_random_services_are_back_to_back() -> None:
    """As the scv goes to 0 so does the cost, and times go to the sums of means."""
    found = [best_times(_fits(6, scv), _costs(0.5)) for scv in (0.25, 0.05, 0.01)]
    assert found[0].cost > 2 * found[1].cost > 4 * found[2].cost
    assert found[2].times == pytest.approx(np.arange(6), abs=0.35)


@given(st.lists(st.floats(0.5, 20), min_size=1, max_size=5), st.floats(0.01, 0.99), st.integers(0, 2**32))
@settings(max_examples=examples(12))
def test_the_policy_costs_what_it_says(means: list[float], omega: float, seed: int) -> None:
    """20,000 simulated sessions cost what the policy expects, and no policy costs more than times set in advance."""
    policy, rng, size = best_policy(means, _costs(omega)), np.random.default_rng(seed), 20_000
    gaps = {(row.patient, row.present): row.gap for row in policy.table.itertuples()}
    now, ends, cost = np.zeros(size), np.zeros((size, 0)), np.zeros(size)
    for k, mean in enumerate(means):
        free = ends[:, -1] if k else now
        cost += (1 - omega) * np.maximum(free - now, 0) + omega * np.maximum(now - free, 0)
        end = np.maximum(free, now) + rng.exponential(mean, size)
        ends = np.column_stack([ends, end])
        if k + 1 < len(means):
            present = (ends > now[:, None]).sum(axis=1)
            now = now + np.array([gaps[k + 1, there] for there in present])
    assert abs(cost.mean() - policy.cost) <= 6 * cost.std() / math.sqrt(size) + 1e-9
    static = best_times([Patient(Exponential.from_mean(mean)) for mean in means], _costs(omega))
    assert policy.cost <= static.cost * (1 + 1e-9) + 1e-12


def test_the_policy_for_fifteen_patients() -> None:
    """The cost that was published for 15 patients, to a relative 1e-9; more who are there, a longer gap."""
    policy = best_policy([1.0] * 15, _costs(0.5))
    assert policy.cost == pytest.approx(6.05029568250075, rel=1e-9)
    assert list(policy.table.columns) == ["patient", "present", "gap", "cost"]
    for patient, rows in policy.table.groupby("patient"):
        assert list(rows.present) == list(range(1, int(str(patient)) + 1))
        assert (np.diff(rows.gap) > 0).all()


def test_free_idle_time_and_free_waiting() -> None:
    """If idle time is free nobody waits, if waiting is free all come at once; either costs nothing."""
    for omega in (0.0, 1.0):
        assert best_times(_fits(8, 0.7), _costs(omega)).cost == pytest.approx(0, abs=1e-12)
        assert best_policy([1.0] * 8, _costs(omega)).cost == pytest.approx(0, abs=1e-12)
