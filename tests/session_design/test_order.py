"""Orders: against all others, each with its own best times."""

from __future__ import annotations

import itertools
import json
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.timing import sequence
from schedopt.session_design.order import best_order, distinct_orders, order_by_variance
from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios, best_times, sample_scenarios
from schedopt.uncertainty.distributions import Exponential, Lognormal

CASES = Path(__file__).resolve().parents[3] / "shared" / "timingbench" / "cases.json"


@given(st.integers(0, 2**32), st.sampled_from([Costs(1, 0, 0), Costs(1, 2, 0), Costs(1, 2, 3)]), st.booleans())
def test_no_order_is_better(seed: int, costs: Costs, by_position: bool) -> None:
    """Of four patients of three types, with no-shows, no order with its best times costs less."""
    rng = np.random.default_rng(seed)
    shape = (20, 4 if by_position else 1)
    samples = {
        name: Scenarios(np.round(rng.lognormal(2, sd, shape), 1), rng.random(shape) < 0.8)
        for name, sd in (("a", 0.2), ("b", 0.6), ("c", 1.2))
    }
    counts = {"a": 2, "b": 1, "c": 1}
    found = best_order(counts, samples, costs, 40)
    lowest = np.inf
    for names in set(itertools.permutations("aabc")):
        places = [place if by_position else 0 for place in range(4)]
        service = np.stack([samples[name].service[:, place] for name, place in zip(names, places, strict=True)], axis=1)
        came = np.stack([samples[name].came[:, place] for name, place in zip(names, places, strict=True)], axis=1)
        timed = best_times(Scenarios(service, came), costs, 40)
        lowest = min(lowest, timed.cost)
        if names == found.sequence:
            assert found.timed.cost == pytest.approx(timed.cost, rel=1e-6, abs=1e-6)
    assert found.proven
    assert found.tried == 12
    assert found.timed.cost == pytest.approx(lowest, rel=1e-6, abs=1e-6)
    searched = best_order(counts, samples, costs, 40, enumerated=0)
    assert not searched.proven
    assert searched.timed.cost >= lowest * (1 - 1e-6) - 1e-9
    assert sorted(searched.sequence) == ["a", "a", "b", "c"]


@given(st.lists(st.integers(0, 2), max_size=6))
def test_every_order_once(kinds: list[int]) -> None:
    """The distinct orders of a bag are those of its permutations, as many as the multinomial says."""
    bag = tuple(sorted(kinds))
    orders = list(distinct_orders(bag))
    assert orders == sorted(set(itertools.permutations(bag)))
    repeats = [factorial(kinds.count(kind)) for kind in set(kinds)]
    assert len(orders) == factorial(len(kinds)) // int(np.prod(repeats))


def test_two_exponential_patients_are_seen_shortest_first() -> None:
    """Weiss (1990): of two patients of one family the smaller variance goes first, whatever waiting and idle cost."""
    rng = np.random.default_rng(4)
    samples = {
        name: sample_scenarios([Exponential.from_mean(mean)], 4_000, rng)
        for name, mean in (("long", 30), ("short", 10))
    }
    for idle in (0.3, 1.0, 3.0):
        found = best_order({"long": 1, "short": 1}, samples, Costs(1, idle, 0), 500, fixed=[0, np.nan])
        assert found.sequence == ("short", "long")
    assert order_by_variance([9, 1, 4, 1]).tolist() == [1, 3, 2, 0]


def test_search_finds_what_enumeration_proves() -> None:
    """On nine patients of three types the search alone is as good as going through all 1,680 orders."""
    rng = np.random.default_rng(8)
    samples = {
        name: sample_scenarios([Lognormal.from_mean(mean, scv=scv)] * 9, 50, rng, no_show=0.1)
        for name, mean, scv in (("a", 10, 0.1), ("b", 15, 0.5), ("c", 25, 1.0))
    }
    counts = dict.fromkeys("abc", 3)
    proven = best_order(counts, samples, Costs(1, 4, 6), 150)
    searched = best_order(counts, samples, Costs(1, 4, 6), 150, enumerated=0)
    assert proven.proven
    assert proven.tried == 1680
    assert searched.tried < 1000
    assert searched.timed.cost == pytest.approx(proven.timed.cost, rel=1e-6)


@pytest.mark.skipif(not CASES.is_file(), reason="the published cases are not on this machine")
def test_published_instance() -> None:
    """Order and cost of the published instance, which took its author a linear program for each order."""
    for case in json.loads(CASES.read_text("utf-8")):
        if case["kind"] == "sequence":
            answer = sequence.answer(case)
            assert answer["sequence"] == case["expected"]["sequence"]
            assert answer["cost"] == pytest.approx(case["expected"]["cost"], rel=1e-6)
            assert answer["proven"]


def test_refuses_samples_that_do_not_fit() -> None:
    """Other numbers of scenarios or positions, walk-ins, and no patients at all."""
    one = Scenarios(np.ones((5, 1)))
    for counts, other, what in (
        ({"a": 1, "b": 1}, Scenarios(np.ones((4, 1))), "equally many scenarios"),
        ({"a": 1, "b": 2}, Scenarios(np.ones((5, 2))), "1 or 3 positions"),
        ({"a": 1, "b": 1}, Scenarios(np.ones((5, 1)), walk_in_at=[[1]], walk_in_service=[[1]]), "walk-ins"),
        ({"a": 0}, one, "at least one patient"),
    ):
        with pytest.raises(ValueError, match=what):
            best_order(counts, {"a": one, "b": other}, Costs(1, 4, 6), 10)
