"""What times in continuous time come to: exact values, simulation, gradients, and what can only get longer."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.session_design.phases import Patient, cost_and_gradient, expected
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Erlang, Exponential, PhaseType, constant, fit_moments
from tests.effort import examples

SERVICES = st.builds(lambda m, c: cast(PhaseType, fit_moments(m, c)), st.floats(1, 40), st.floats(0.08, 5))
PATIENTS = st.builds(Patient, SERVICES, st.one_of(st.just(0.0), st.floats(0, 1)))
GAPS = st.one_of(st.just(0.0), st.floats(0, 60))
COSTS = st.builds(Costs, st.floats(0.01, 5), st.floats(0.01, 5), st.floats(0.01, 5))


@st.composite
def sessions(draw: st.DrawFn, gaps: st.SearchStrategy[float] = GAPS) -> tuple[list[Patient], np.ndarray, float]:
    """Patients, times and an end, which may be before the last time."""
    patients = draw(st.lists(PATIENTS, min_size=1, max_size=5))
    times = np.cumsum([draw(gaps) for _ in patients])
    return patients, times, draw(st.floats(0, 300))


@given(sessions(), st.integers(0, 2**32))
@settings(max_examples=examples(12))
def test_agrees_with_simulation(session: tuple[list[Patient], np.ndarray, float], seed: int) -> None:
    """Means over 40,000 simulated sessions are within six standard errors of every expected wait, idle and overtime."""
    patients, times, end = session
    rng, size = np.random.default_rng(seed), 40_000
    found, free = expected(patients, times, end), np.zeros(size)

    def agrees(minutes: np.ndarray, mean: float) -> bool:
        return bool(abs(minutes.mean() - mean) <= 6 * minutes.std() / math.sqrt(size) + 1e-3)

    for patient, time, waiting, idle in zip(patients, times, found.waiting, found.idle, strict=True):
        assert agrees(np.maximum(free - time, 0), waiting)
        assert agrees(np.maximum(time - free, 0), idle)
        free = np.maximum(free, time) + patient.service.sample(rng, size) * (rng.random(size) >= patient.no_show)
    assert agrees(np.maximum(free - end, 0), found.overtime)


@given(sessions(st.floats(0.1, 60)), COSTS)
def test_gradient_is_that_of_the_cost(session: tuple[list[Patient], np.ndarray, float], costs: Costs) -> None:
    """Central differences of the cost agree with the exact gradient to 1e-6, before and beyond the end."""
    patients, times, end = session
    if abs(times[-1] - end) < 0.01:
        end += 1
    gradient, step = cost_and_gradient(patients, times, costs, end)[1], 1e-4
    for i, slope in enumerate(gradient):
        moved = step * (np.arange(len(times)) == i)
        around = [expected(patients, times + sign * moved, end).cost(costs) for sign in (1, -1)]
        assert (around[0] - around[1]) / (2 * step) == pytest.approx(slope, abs=1e-6)


@given(sessions(), PATIENTS, st.integers(0, 5), st.floats(1, 2))
def test_more_work_shortens_no_wait(
    session: tuple[list[Patient], np.ndarray, float], other: Patient, place: int, longer: float
) -> None:
    """One patient more, one who is seen for longer or one more likely to come never shortens a wait or the overtime."""
    patients, times, end = session
    found, at = expected(patients, times, end), min(place, len(patients) - 1)
    more = expected([*patients[:at], other, *patients[at:]], np.insert(times, at, times[at]), end)
    service = cast(PhaseType, fit_moments(longer * patients[at].service.mean, patients[at].service.scv))
    for changed in (Patient(service, patients[at].no_show), replace(patients[at], no_show=0.0)):
        then = expected([*patients[:at], changed, *patients[at + 1 :]], times, end)
        assert (then.waiting >= found.waiting - 1e-7).all()
        assert then.overtime >= found.overtime - 1e-7
    assert (np.delete(more.waiting, at) >= found.waiting - 1e-7).all()
    assert more.overtime >= found.overtime - 1e-7


@given(sessions(), SERVICES, st.integers(0, 5))
def test_who_never_comes_is_not_there(
    session: tuple[list[Patient], np.ndarray, float], service: PhaseType, place: int
) -> None:
    """A patient who surely does not come changes nobody else's wait and no overtime."""
    patients, times, end = session
    at = min(place, len(patients) - 1)
    found = expected(patients, times, end)
    never = expected([*patients[:at], Patient(service, 1.0), *patients[at:]], np.insert(times, at, times[at]), end)
    assert np.delete(never.waiting, at) == pytest.approx(found.waiting, abs=1e-9)
    assert never.overtime == pytest.approx(found.overtime, abs=1e-9)
    assert never.idle.sum() == pytest.approx(found.idle.sum(), abs=1e-9)


@given(st.lists(SERVICES, min_size=2, max_size=5))
def test_all_at_once_wait_for_all_before(services: list[PhaseType]) -> None:
    """Patients who come together wait for the means of those before; two apart wait as the first's tail says."""
    found = expected([Patient(service) for service in services], np.zeros(len(services)))
    assert found.waiting[1:] == pytest.approx(np.cumsum([service.mean for service in services])[:-1], rel=1e-9)
    one, other = services[:2]
    apart = expected([Patient(one), Patient(other)], [0, 7.0])
    assert apart.waiting[1] == pytest.approx(one.mean - float(one.limited_mean(7.0)), abs=1e-9)


def test_waits_vanish_with_the_variance() -> None:
    """A tenth more than the mean between patients: the less services vary, the less is waited."""
    times = 11.0 * np.arange(6)
    waits = [expected([Patient(Erlang.from_mean(10, k))] * 6, times).waiting.sum() for k in (1, 25, 400)]
    assert waits[0] > 20 > 4 > waits[1] > 3 > 0.2 > waits[2] > 0


def test_stiff_chains_are_exact() -> None:
    """Services of a minute and of a thousand in one session: the wait is still the tail, to a relative 1e-9."""
    patients = [Patient(Exponential.from_mean(1)), Patient(Exponential.from_mean(1000)), Patient(Exponential(1.0))]
    found = expected(patients, [0, 40, 3040])
    assert found.waiting[1] == pytest.approx(math.exp(-40), rel=1e-9)
    # the second starts 40 minutes after the first, or a little later: e⁻⁴⁰ does not show
    assert found.waiting[2] == pytest.approx(1000 * math.exp(-3), rel=1e-9)


@pytest.mark.parametrize("times", [[0, 5], [0, 5, 4], [0, 5, math.nan], [-1, 0, 1], 0])
def test_refuses_times_that_are_none(times: object) -> None:
    """A time for each patient, finite, ascending, from 0."""
    with pytest.raises(ValueError, match="expected"):
        expected([Patient(Exponential(1.0))] * 3, times)  # type: ignore[arg-type]


def test_refuses_constants_and_improbabilities() -> None:
    """A constant has no phases, and the message says what to use; a probability is from 0 to 1."""
    with pytest.raises(ValueError, match=r"a Discrete of mean 20 and scv 0: .* Erlang"):
        Patient(constant(20))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no_show"):
        Patient(Exponential(1.0), 1.5)
