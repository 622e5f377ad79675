"""Policies against published figures, against trying everything, and against a played office."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.arrays import Floats
from schedopt.operations.supplies.policies import (
    Case,
    best_levels,
    economic_order,
    fill_rate,
    levels_for_fill,
    newsvendor,
    newsvendor_normal,
    over_days,
    poisson_demand,
)
from tests.effort import examples

demands = st.lists(st.floats(0.01, 1), min_size=2, max_size=5).map(lambda chances: np.array(chances) / sum(chances))


@pytest.mark.parametrize(
    ("mean", "levels", "cost"),
    [(10, (6, 40), 35.022), (15, (10, 49), 42.698), (20, (14, 62), 49.173), (25, (19, 56), 54.262)],
)
def test_zheng_and_federgruen_1991(mean: int, levels: tuple[int, int], cost: float) -> None:
    """The table of the paper: Poisson demand, K 64, h 1, p 9, orders that come at once."""
    found = best_levels(Case(poisson_demand(mean), 64, 1, 9))
    assert found[:2] == levels
    assert round(found.cost, 3) == cost


def test_newsvendor_and_economic_order() -> None:
    """Snyder and Shen, Fundamentals of Supply Chain Theory, examples 4.3 and 3.1."""
    assert tuple(round(one, 4) for one in newsvendor_normal(0.18, 0.70, 50, 8)) == (56.6040, 1.9976)
    found = economic_order(8, 1300, 0.225)
    assert (round(found.quantity, 2), round(found.cost, 2)) == (304.05, 68.41)


def _long_run(case: Case, order_at: int, order_up_to: int) -> tuple[float, float]:
    """Cost a day and share met at once, from the stationary chain of stock and orders at possible orders."""
    size = order_up_to - order_at
    chance = np.zeros((size, size))  # of k below S after a possible order, to the same at the next
    step = over_days(case.demand, case.review)
    for k in range(size):
        for units, p in enumerate(step):
            chance[k, k + units if k + units < size else 0] += p
    lines = np.vstack([chance.T - np.eye(size), np.ones(size)])
    held = np.linalg.lstsq(lines, np.append(np.zeros(size), 1), rcond=None)[0]
    cost, missing = 0.0, 0.0
    for k, share in enumerate(held):
        level = order_up_to - k
        ordered = sum(p for units, p in enumerate(step) if k + units >= size)
        cost += share * case.order_cost * ordered
        for day in range(case.review):
            for units, p in enumerate(over_days(case.demand, case.lead + day + 1)):
                left = level - units
                cost += share * p * (case.holding * left if left > 0 else -case.shortage * left)
        for days, sign in ((case.lead, -1), (case.lead + case.review, 1)):
            for units, p in enumerate(over_days(case.demand, days)):
                missing += sign * share * p * max(0, units - level)
    mean = float(case.demand @ np.arange(len(case.demand)))
    return cost / case.review, 1 - missing / (mean * case.review)


cases = st.builds(
    Case, demands, st.sampled_from((0, 1, 5, 20)), st.sampled_from((0.5, 1)), st.sampled_from((2, 9)),
    st.integers(0, 2), st.integers(1, 3),
)  # fmt: skip


@settings(max_examples=examples(10))
@given(cases)
def test_no_other_levels_cost_less(case: Case) -> None:
    """On small problems the levels are the best of all, and cost what they are said to."""
    found = best_levels(case)
    at, up_to, cost = found
    assert cost == pytest.approx(_long_run(case, at, up_to)[0])
    costs = [_long_run(case, low, high)[0] for low in range(at - 3, at + 4) for high in range(low + 1, up_to + 4)]
    assert min(costs) >= cost - 1e-9


@settings(max_examples=examples(12))
@given(cases, st.integers(0, 6), st.integers(1, 8))
def test_fill_rate_is_the_long_run_share(case: Case, order_at: int, apart: int) -> None:
    """The share met at once is that of the stationary chain, also with few and large demands and between reviews."""
    assert fill_rate(case, order_at, order_at + apart) == pytest.approx(_long_run(case, order_at, order_at + apart)[1])


@settings(max_examples=examples(12))
@given(cases, st.sampled_from((0.8, 0.95, 0.99)), st.integers(1, 8))
def test_lowest_levels_for_a_target(case: Case, target: float, apart: int) -> None:
    """The levels reach the target, and levels one unit lower do not."""
    at, up_to = levels_for_fill(case, target, apart)
    assert up_to - at == apart
    assert fill_rate(case, at, up_to) >= target > fill_rate(case, at - 1, up_to - 1) or at == -apart


@given(demands, st.sampled_from((0.3, 1)), st.sampled_from((0.7, 5)))
def test_newsvendor_of_counts(demand: Floats, holding: float, shortage: float) -> None:
    """No other quantity costs less, counted out demand by demand."""
    found = newsvendor(holding, shortage, demand)

    def cost(quantity: int) -> float:
        left = [(quantity - units, p) for units, p in enumerate(demand)]
        return sum(p * (holding * max(n, 0) + shortage * max(-n, 0)) for n, p in left)

    assert found.cost == pytest.approx(min(map(cost, range(len(demand)))))
    assert found.cost == pytest.approx(cost(int(found.quantity)))


def test_no_order_cost_is_a_base_stock() -> None:
    """Where orders cost nothing, S is the newsvendor's quantity and s is one less."""
    demand = poisson_demand(4)
    at, up_to, _ = best_levels(Case(demand, 0, 1, 9, lead=2))
    assert (at + 1, up_to) == (newsvendor(1, 9, over_days(demand, 3)).quantity,) * 2


def test_economic_order_at_its_ends() -> None:
    """No demand, nothing to order; costs that make no sense are refused."""
    assert economic_order(8, 0, 0.2) == (0, 0)
    with pytest.raises(ValueError, match="holding cost above 0"):
        economic_order(8, 10, 0)
    assert math.isclose(economic_order(8, 1300, 0.225).cost, 8 * 1300 / economic_order(8, 1300, 0.225).quantity * 2)
