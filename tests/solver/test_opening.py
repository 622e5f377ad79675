"""The first schedule out of prices: it breaks nothing, leaves promises alone, and is good where prices are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.bound.prices import Pricing
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.known import unknown
from schedopt.solver.opening import opening
from schedopt.solver.search.local import insertion
from tests.effort import examples
from tests.networks import network
from tests.offices import Case, cases


def opened(problem: Problem, start: Schedule, steps: int, seed: int = 1) -> Schedule:
    """An opening at prices after some steps."""
    pricing = Pricing(problem, 1)
    for step in range(steps):
        pricing.step(step / steps)
    return opening(problem, start, pricing.at_best(), seed)


@settings(max_examples=examples(16))
@given(cases(), st.integers(0, 9), st.integers(1, 3))
def test_an_opening_breaks_nothing_and_keeps_what_is_placed(case: Case, seed: int, steps: int) -> None:
    """Whatever the prices and the order of sessions; it costs no more than the promises alone."""
    problem, promised, _ = settle(case.problem)
    if unknown(problem):
        return
    found = opened(problem, promised, steps, seed)
    audit = check(problem, found)
    assert audit.breaches.empty
    assert audit.cost <= check(problem, promised).cost
    assert (found.session[promised.placed] == promised.session[promised.placed]).all()
    kept = promised.step_start >= 0
    assert (found.step_start[kept] == promised.step_start[kept]).all()


def test_the_same_order_gives_the_same_opening() -> None:
    """A seed decides."""
    problem, promised, _ = settle(network(sites=4))
    one, again = (opened(problem, promised, 20) for _ in range(2))
    assert (one.session == again.session).all()
    assert (one.step_start == again.step_start).all()


def test_sessions_that_ask_for_different_visits_get_them() -> None:
    """With one provider a site and nobody who could go elsewhere, the opening is about as good as insertion."""
    problem, promised, _ = settle(network(sites=2))
    best = min(check(problem, opened(problem, promised, 200, seed)).cost for seed in range(3))
    assert best <= 1.1 * check(problem, insertion(problem, promised)).cost
