"""First prices, and what they say of limits and distances between visits."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.bound.columns import Rows, rows_of
from schedopt.solver.bound.first_prices import near_minutes, solve_minutes
from schedopt.solver.bound.prices import Pricing
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.search.local import option_rows
from tests.offices import Case, cases
from tests.schedules import built, sound


def by_session(problem: Problem) -> np.ndarray:
    """Options in the order in which prices count them."""
    return np.argsort(problem.options.session, kind="stable")


def held(problem: Problem, schedule: Schedule, rows: Rows) -> np.ndarray:
    """Left-hand sides of the rows at a schedule."""
    chosen = np.zeros(len(problem.options))
    option = option_rows(problem, schedule)
    chosen[option[option >= 0]] = 1
    values = rows.coefficient * chosen[by_session(problem)][rows.entry]
    return np.bincount(rows.row, weights=values, minlength=len(rows.most))


@given(cases())
def test_no_bound_below_the_linear_program(case: Case) -> None:
    """The first prices prove what the linear program by minutes does, whatever steps do to them later.

    Prices near the program's prove no more than that, and what they say they do.
    """
    problem, _, _ = settle(case.problem)
    order = by_session(problem)
    found = solve_minutes(problem, order, rows_of(problem, order), None)
    near = Pricing(problem, 1, 0.0)
    near.step(0.0)
    said = near_minutes(problem, order, rows_of(problem, order), 1, None).value
    assert near.bound >= np.floor(said)
    if found is not None:
        assert said <= found.value + 1e-6 * max(1.0, abs(found.value))
    prices = Pricing(problem, 1)
    for done in (0.0, 0.5):
        prices.step(done)
        if found is not None:
            assert prices.bound >= np.floor(found.value)


@given(cases())
def test_prices_near_the_program_repeat(case: Case) -> None:
    """On two threads they are the same each time, and none is below 0."""
    problem, _, _ = settle(case.problem)
    order = by_session(problem)
    one, other = (near_minutes(problem, order, rows_of(problem, order), 2, None) for _ in range(2))
    for name in ("request", "pool", "row"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
        assert (getattr(one, name) >= 0).all()


@given(st.data(), cases())
def test_sound_schedules_keep_every_row(data: st.DataObject, case: Case) -> None:
    """A schedule that the check finds nothing wrong with keeps all rows that limits and distances make."""
    problem, _, _ = settle(case.problem)
    schedule = data.draw(sound(problem))
    rows = rows_of(problem, by_session(problem))
    assert (held(problem, schedule, rows) <= rows.most + 1e-9).all()


@given(st.data(), cases())
def test_rows_are_broken_with_what_they_stand_for(data: st.DataObject, case: Case) -> None:
    """A schedule that breaks a limit, or a distance of two visits that are both placed, breaks a row."""
    problem, _, _ = settle(case.problem)
    schedule = data.draw(built(problem))
    broken = set(check(problem, schedule).breaches["rule"]) & {"shift_caps", "authorised_visits", "day_gap"}
    if broken:
        rows = rows_of(problem, by_session(problem))
        assert (held(problem, schedule, rows) > rows.most + 1e-9).any()
