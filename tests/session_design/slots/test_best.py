"""The best bookings: brute force, bounds that hold, published optima."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.timing import slot
from schedopt.session_design.slots import SlotSession, best_bookings, evaluate
from schedopt.session_design.slots.descent import Descent
from schedopt.session_design.slots.shifts import Shifts
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Discrete
from tests.effort import examples

CASES = Path(__file__).resolve().parents[4] / "shared" / "timingbench" / "cases.json"
PUBLISHED = Discrete((3.0, 5.0, 8.0), (0.2, 0.3, 0.5))


def every(patients: int, slots: int) -> Iterator[np.ndarray]:
    """All ways to book so many patients."""
    for bars in itertools.combinations(range(patients + slots - 1), slots - 1):
        yield np.diff((-1, *bars, patients + slots - 1)) - 1


@st.composite
def problems(draw: st.DrawFn) -> tuple[SlotSession, int, Costs, list[int] | None]:
    values = sorted(draw(st.sets(st.integers(0, 14), min_size=1, max_size=4)))
    weights = np.array([draw(st.integers(1, 9)) for _ in values], float)
    service = Discrete(tuple(map(float, values)), tuple((weights / weights.sum()).tolist()))
    slots, patients = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    session = SlotSession(slots, draw(st.integers(1, 8)), service, draw(st.sampled_from([0.0, 0.1, 0.4, 1.0])))
    costs = draw(st.tuples(*[st.integers(0, 3)] * 3).filter(any))
    places = draw(st.none() | st.lists(st.integers(0, slots - 1), min_size=patients, max_size=patients))
    start = None if places is None else np.bincount(places, minlength=slots).tolist()
    return session, patients, Costs(*costs), start


@given(problems())
def test_certified_is_the_least_of_all(problem: tuple[SlotSession, int, Costs, list[int] | None]) -> None:
    """From any start the result is certified, costs what its evaluation does, and no other bookings cost less."""
    session, patients, costs, start = problem
    best = best_bookings(session, patients, costs, start)
    least = min(evaluate(session, other).cost(costs) for other in every(patients, session.slots))
    assert best.certified
    assert best.bookings.sum() == patients
    assert best.cost == evaluate(session, best.bookings).cost(costs) == pytest.approx(least, rel=1e-10, abs=1e-10)
    assert best.bound == pytest.approx(least, rel=1e-9, abs=1e-9)


@given(problems(), st.integers(1, 4))
def test_bound_holds_when_stopped_early(problem: tuple[SlotSession, int, Costs, list[int] | None], rounds: int) -> None:
    """After a few orders of shifts the bound is still not above the least cost, and certified means what it says."""
    session, patients, costs, start = problem
    best = best_bookings(session, patients, costs, start, rounds=rounds)
    least = min(evaluate(session, other).cost(costs) for other in every(patients, session.slots))
    assert best.bound <= least * (1 + 1e-12) + 1e-12
    assert not best.certified or best.cost == pytest.approx(least, rel=1e-10, abs=1e-10)


@given(st.lists(st.integers(0, 2), min_size=2, max_size=7), st.sampled_from([1, -1]), st.data())
def test_descent_bounds_any_submodular_cost(bookings: list[int], step: int, data: st.DataObject) -> None:
    """For a random cut with gains: what is found saves, what is proved cannot be beaten by any set that can be made.

    A set can be made when it leaves no slot with fewer than 0 patients, which is asked here without :class:`Shifts`.
    """
    number = len(bookings) - 1
    gains = np.array(data.draw(st.lists(st.integers(-6, 9), min_size=number, max_size=number)), float)
    size = number * number
    cuts = np.array(data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)), float).reshape(number, number)

    def cost(made: np.ndarray) -> float:
        return float(gains @ made + made @ cuts @ (1 - made))

    def chain(order: np.ndarray) -> np.ndarray:
        made, costs = np.zeros(number), [0.0]
        for shift in order:
            made[shift] = 1
            costs.append(cost(made))
        return np.array(costs)

    def can(made: tuple[int, ...]) -> bool:
        gained, lost = np.append(made, 0), np.append(0, made)
        return bool((np.array(bookings) + step * (gained - lost) >= 0).all())

    least = min(cost(np.array(made)) for made in itertools.product((0, 1), repeat=number) if can(made))
    descent = Descent(Shifts(np.array(bookings), step), chain, 1e-9)
    for _ in range(500):
        found = descent.advance()
        if found is not None:
            made = np.zeros(number, int)
            made[found] = 1
            assert can(tuple(made.tolist()))
            assert cost(made) < -1e-9
            return
        assert -descent.most <= least + 1e-9
        if descent.proved:
            break
    assert descent.proved
    assert least >= -1e-9


@pytest.mark.parametrize(
    ("waiting", "overtime", "bookings", "cost"),
    [(0.5 / 6, 0.5, [2, 1, 1, 2], 9.894705450000002), (0.5, 0.5, [1, 1, 1, 3], 22.474543162500005)],
)
def test_published_optima(waiting: float, overtime: float, bookings: list[int], cost: float) -> None:
    """Six patients in four slots of 5 minutes, waiting as mean and as sum: optima of a public notebook (witusj)."""
    best = best_bookings(SlotSession(4, 5, PUBLISHED, 0.1), 6, Costs(waiting, 0, overtime))
    assert best.bookings.tolist() == bookings
    assert best.cost == pytest.approx(cost, rel=1e-12)


@settings(max_examples=examples(5))
@given(st.lists(st.integers(0, 19), min_size=22, max_size=22))
def test_known_optimum_from_any_start(places: list[int]) -> None:
    """22 patients in 20 slots: the optimum that a local search took its publisher 968 s, from five random starts."""
    chances = np.array([1.0, 1.6830759e-11, 1.20362054e-11, 7.26149696e-12, 2.43707832e-12])
    service = Discrete((6.0, 7.0, 8.0, 9.0, 10.0), tuple((chances / chances.sum()).tolist()))
    start = np.bincount(places, minlength=20)
    best = best_bookings(SlotSession(20, 5, service, 0.2), 22, Costs(0.1, 0, 0.9), start)
    assert best.bookings.tolist() == [2, *[1] * 18, 2]
    assert best.cost == pytest.approx(22.627834923300007, rel=1e-9)
    assert best.certified


@pytest.mark.skipif(not CASES.is_file(), reason="timingbench is not next to this repository (../shared/timingbench)")
def test_cases_of_the_benchmark() -> None:
    """Every published case on a slot grid is met: bookings exactly, minutes and costs within its tolerance."""
    cases = [case for case in json.loads(CASES.read_text("utf-8")) if case["kind"] == "slot"]
    assert cases
    for case in cases:
        found = slot.answer(case)
        for name, value in case["expected"].items():
            if not name.startswith("published"):
                assert found[name] == pytest.approx(value, rel=case["tolerance"], abs=0), (case["name"], name)


def test_a_start_books_all_patients() -> None:
    """A start with another number of patients is refused."""
    with pytest.raises(ValueError, match="books 3 patients, not 2"):
        best_bookings(SlotSession(2, 5, PUBLISHED), 3, Costs(1, 4, 6), [1, 1])
