"""Sessions in arrays: what is annealed costs what the book says, keeps pools and limits, and stands apart by visits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.arrays import Floats
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from schedopt.timing.annealing.kernel import NUMBERS, anneal
from schedopt.timing.annealing.making import sessions_of, sheet_of, tables_of, tied
from schedopt.timing.annealing.search import connected
from schedopt.timing.annealing.tables import FORMER, LATER, Tables, trial_for
from schedopt.timing.arranging import movable, with_everybody
from schedopt.timing.book import Arranged, Book, draws_of
from schedopt.timing.costs import Costs
from schedopt.timing.guard import Guard
from schedopt.timing.overbooking import booked
from schedopt.timing.retiming import held_visits
from tests.simulation.worlds import plans
from tests.timing.test_arranging import COSTS, SLOW, drawn_for


def book_of(plan: Plan, costs: Costs) -> Book:
    """The sessions of a plan."""
    everybody = with_everybody(plan.problem, plan.assignment)
    draws = draws_of(plan.problem, everybody, drawn_for(plan))
    held = held_visits(plan.problem, plan.assignment)
    return Book(plan.problem, plan.assignment, draws, costs, held, 10, everybody)


def played_in_turn(book: Book, tables: Tables, sessions: dict[int, Arranged]) -> dict[int, float]:
    """What each session costs if its provider begins it late where the one before overruns, worked out anew."""
    costs, free, drawn, grid = dict[int, float](), dict[int, Floats](), book.drawn, book.grid
    for code in sorted(sessions, key=lambda code: int(book.week.sessions.start[code])):
        opens, end = (float(column[code] * grid) for column in (book.week.sessions.start, book.week.sessions.end))
        former, later = tables.hours[code, FORMER], tables.hours[code, LATER]
        last = float(book.week.sessions.start[later] * grid) if later >= 0 else np.inf
        at, cost = np.maximum(opens, free.get(former, np.full(len(drawn.came), opens))), 0.0
        for visit, start in zip(sessions[code].visits, sessions[code].starts, strict=True):
            ready = start * grid + drawn.delay[:, visit]
            cost += book.costs.idle * np.maximum(0, np.minimum(ready, end) - at).mean()
            at = np.maximum(at, ready)
            cost += book.costs.waiting * (drawn.came[:, visit] * (at - ready)).mean()
            at = at + drawn.service[:, visit]
        if sessions[code].visits:
            cost += book.costs.overtime * np.maximum(0, np.minimum(at, last) - end).mean()
        costs[code], free[code] = cost + sessions[code].points, at
    return costs


@SLOW
@given(plans(fits=True), COSTS, st.sampled_from([0.5, 30.0]))
def test_arrays_and_the_book_agree(plan: Plan, costs: Costs, temperature: float) -> None:
    """After any moves, arrays hold the costs, loads and free units of their sessions, and nothing seen is broken."""
    book, known = book_of(plan, costs), set(check(plan.problem, plan.assignment).broken)
    free = movable(plan.problem, book.held) & book.drawn.known & ~tied(plan.problem)
    tables, limits = tables_of(book, plan.assignment, free)
    sheet = sheet_of(book, tables, limits)
    visits = np.array([visit for arranged in book.sessions.values() for visit in arranged.visits], np.int64)
    trial = trial_for(tables, sheet.visits.shape[1])
    if len(visits):
        anneal(tables, sheet, trial, visits, temperature, np.random.default_rng(1).random((200, NUMBERS)))
    new = sessions_of(book, sheet)
    for code, cost in played_in_turn(book, tables, book.sessions | new).items():
        assert sheet.cost[code] == pytest.approx(cost, rel=1e-4, abs=2e-2)
    assert book.put(new)
    assert (book.units.free == sheet.free).all()
    again = sheet_of(book, tables, limits)
    assert (again.left == sheet.left).all()
    assert again.load == pytest.approx(sheet.load, abs=1e-9)
    assert again.cost == pytest.approx(sheet.cost, rel=1e-4, abs=1e-2)
    broken = {row[1] for row in set(check(*book.applied(plan.problem, plan.assignment)).broken) - known}
    assert not broken & {"provider_time", "pool_capacity", "shift_caps"}


@given(st.permutations(range(6)), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_changes_share_no_visits(visits: list[int], sessions: list[int]) -> None:
    """Each change holds the same visits before and after, and together they are all sessions, once each."""
    old = {code: Arranged(tuple(v for v in range(6) if v % 4 == code), (), 0, 0) for code in range(4)}
    new = {code: Arranged(tuple(v for v in visits if sessions[v] == code), (), 0, 0) for code in range(4)}
    found = connected(old, new)
    assert sorted(code for change in found for code in change) == list(range(4))
    for change in found:
        before, after = ({v for both in change.values() for v in both[which].visits} for which in (0, 1))
        assert before == after


@SLOW
@given(plans(fits=True), COSTS, st.sampled_from([Guard(), Guard(1e9, 1, 1e9)]))
def test_bookings_pay_and_keep_the_guard(plan: Plan, costs: Costs, guard: Guard) -> None:
    """Who is booked costs less so than left out, and every session that takes somebody is as the guard allows it."""
    book = book_of(plan, costs)
    free = movable(plan.problem, book.held) & book.drawn.known
    risky = np.zeros(len(free), bool)
    for change in booked(book, free, guard, risky):
        ((code, (old, new)),) = change.items()
        (visit,) = set(new.visits) - set(old.visits)
        assert new.cost < old.cost + book.left_out[visit]
        assert guard.allows(guard.figures(*book.waits(code, new), [False] * len(new.visits)))
