"""Prices that lead a search to balances: what they say is never too much, and they move the right way."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.search.group_prices import GroupPrices, adapted, group_costs, no_prices
from schedopt.solver.search.local import option_rows
from tests.effort import examples
from tests.offices import Case, cases
from tests.schedules import sound


def priced_points(problem: Problem, prices: GroupPrices, schedule: Schedule) -> float:
    """What a lead says that the balances cost, added up over a schedule."""
    costs, row = group_costs(prices, problem), option_rows(problem, schedule)
    placed = row >= 0
    return float(costs.option[row[placed]].sum() + costs.left_out[~placed].sum()) + costs.constant


def points(problem: Problem, prices: GroupPrices, schedule: Schedule) -> int:
    """What the balances cost."""
    names = {balance.name for balance in prices.balances}
    return sum(part.points for part in check(problem, schedule).parts if part.name in names)


@st.composite
def balanced(draw: st.DrawFn) -> tuple[Problem, Schedule, GroupPrices]:
    """A problem with balances, a schedule of it, and a lead without prices."""
    case: Case = draw(cases())
    prices = no_prices(case.problem)
    assume(prices)
    return case.problem, draw(sound(case.problem)), prices


@settings(max_examples=examples(20))
@given(balanced(), st.integers(0, 999))
def test_a_lead_never_says_too_much(drawn: tuple[Problem, Schedule, GroupPrices], seed: int) -> None:
    """At any prices from 0 to the full one, the led costs of a schedule are at most what its balances cost; at the full
    price for those that have too much, and none for others, they are that, but for the rounding up of each group.
    """
    problem, schedule, prices = drawn
    chance = np.random.default_rng(seed)
    found = tuple(chance.random(len(b.sizes(problem.week))) * b.points for b in prices.balances)
    assert (
        priced_points(problem, GroupPrices(prices.balances, found), schedule)
        <= points(problem, prices, schedule) + 1e-6
    )
    full = tuple(np.where(b.over(problem.week, schedule) > 0, b.points, 0.0) for b in prices.balances)
    rounding = sum(b.points * len(price) for b, price in zip(prices.balances, full, strict=True))
    told = priced_points(problem, GroupPrices(prices.balances, full), schedule)
    assert points(problem, prices, schedule) - rounding - 1e-6 <= told <= points(problem, prices, schedule) + 1e-6


@settings(max_examples=examples(20))
@given(balanced())
def test_prices_follow_the_schedule(drawn: tuple[Problem, Schedule, GroupPrices]) -> None:
    """Who has too much gets dearer, up to the balance's price; who has less than is allowed gets cheaper, down to 0."""
    problem, schedule, prices = drawn
    half = GroupPrices(
        prices.balances, tuple(np.full(len(b.sizes(problem.week)), b.points / 2) for b in prices.balances)
    )
    once, often = adapted(half, problem, schedule), adapted(half, problem, schedule, 1e6)
    for balance, old, new, last in zip(prices.balances, half.price, once.price, often.price, strict=True):
        over = balance.over(problem.week, schedule)
        assert (np.sign(new - old) == np.sign(over)).all()
        assert (last[over > 0.01] == balance.points).all()
        assert (last[over < -0.01] == 0).all()
        assert ((last >= 0) & (last <= balance.points)).all()
