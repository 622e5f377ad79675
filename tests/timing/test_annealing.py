"""Sessions in arrays: what is annealed costs what the book says, keeps pools and limits, and stands apart by visits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from schedopt.timing.annealing.chances import DELAY, SERVICE, TOGETHER, chances_of, tick_of
from schedopt.timing.annealing.kernel import NUMBERS, anneal
from schedopt.timing.annealing.making import sessions_of, sheet_of, tables_of, tied
from schedopt.timing.annealing.search import connected, deal
from schedopt.timing.annealing.tables import FORMER, LATER, Sheet, Tables, trial_for
from schedopt.timing.arranging import movable, with_everybody
from schedopt.timing.book import Arranged, Book, draws_of
from schedopt.timing.costs import Costs
from schedopt.timing.guard import Guard
from schedopt.timing.overbooking import booked
from schedopt.timing.retiming import held_visits
from schedopt.uncertainty.week import Uncertainty
from tests.simulation.worlds import plans
from tests.timing.test_arranging import COSTS, SLOW, known_of


def book_of(plan: Plan, costs: Costs, weeks: int = 20) -> Book:
    """The sessions of a plan."""
    everybody = with_everybody(plan.problem, plan.assignment)
    draws = draws_of(plan.problem, everybody, on_ticks(plan).scenarios(weeks))
    held = held_visits(plan.problem, plan.assignment)
    return Book(plan.problem, plan.assignment, draws, costs, held, 10, everybody)


def on_ticks(plan: Plan) -> Uncertainty:
    """What may happen to everybody, in whole ticks of the week's grid."""
    known, tick = known_of(plan), tick_of(plan.problem.week.calendar.grid)
    steps = tuple(tuple(step.on_grid(tick) for step in steps) for steps in known.steps)
    return replace(known, steps=steps, late=tuple(late.on_grid(tick) for late in known.late))


def annealed_of(plan: Plan, book: Book, moves: int, temperature: float) -> tuple[Tables, Sheet, Ints]:
    """A book's arrays after so many moves, and its limits."""
    chances = chances_of(book.week, with_everybody(plan.problem, plan.assignment), on_ticks(plan))
    free = movable(plan.problem, book.held) & book.drawn.known & ~tied(plan.problem)
    tables, limits = tables_of(book, chances, plan.assignment, free)
    sheet = sheet_of(book, tables, limits)
    visits = np.array([visit for arranged in book.sessions.values() for visit in arranged.visits], np.int64)
    trial = trial_for(tables, sheet.visits.shape[1])
    if len(visits):
        everywhere = np.ones(len(tables.hours), bool)
        drawn = np.random.default_rng(1).random((moves, NUMBERS))
        anneal(tables, sheet, trial, visits, everywhere, temperature, drawn)
    return tables, sheet, limits


def worked_out(book: Book, tables: Tables, sessions: dict[int, Arranged]) -> dict[int, float]:
    """What each session costs: every free moment of the provider with every delay and every length, one by one."""
    chances = tables.chances
    found, before, cells = dict[int, float](), dict[int, tuple[Floats, Floats]](), tables.ticks
    for code in sorted(sessions, key=lambda code: int(book.week.sessions.start[code])):
        opens, end = (int(column[code]) * cells for column in (book.week.sessions.start, book.week.sessions.end))
        former, later = tables.hours[code, FORMER], tables.hours[code, LATER]
        last = int(book.week.sessions.start[later]) * cells if later >= 0 else np.inf
        free, chance = before.get(former, (np.array([0.0]), np.ones(1)))
        free, cost = np.maximum(free, opens), 0.0
        for visit, start in zip(sessions[code].visits, sessions[code].starts, strict=True):
            service, delay = chances.which[visit, SERVICE], chances.which[visit, DELAY]
            late = np.diff(chances.delay[delay, : chances.late[delay]], prepend=0)
            long = chances.service[service, TOGETHER - 1 :][: chances.long[service]]
            cases = []
            for show, lateness, lengths in (
                (1 - chances.show[visit], np.ones(1), np.ones(1)),
                (chances.show[visit], late, long),
            ):
                both = show * np.outer(chance, lateness)
                ready = start * cells + np.arange(len(lateness))[None, :]
                begin = np.maximum(free[:, None], ready)
                cost += book.costs.idle * (both * np.maximum(0, np.minimum(ready, end) - free[:, None])).sum()
                cost += book.costs.waiting * (both * (begin - ready)).sum() * (lengths is long)
                done = begin[:, :, None] + np.arange(len(lengths))
                cases.append((done.ravel(), (both[:, :, None] * lengths).ravel()))
            done, weight = (np.concatenate(columns) for columns in zip(*cases, strict=True))
            free, which = np.unique(done, return_inverse=True)
            chance = np.bincount(which, weight)
        if sessions[code].visits:
            cost += book.costs.overtime * (chance * np.maximum(0, np.minimum(free, last) - end)).sum()
        found[code], before[code] = cost * chances.tick + sessions[code].points, (free, chance)
    return found


def sampled(book: Book, tables: Tables, sessions: dict[int, Arranged]) -> Floats:
    """What all sessions cost in each sampled week; a provider begins late where the session before overruns."""
    free, drawn, grid = dict[int, Floats](), book.drawn, book.grid
    cost: Floats = np.zeros(len(drawn.came))
    for code in sorted(sessions, key=lambda code: int(book.week.sessions.start[code])):
        opens, end = (float(column[code] * grid) for column in (book.week.sessions.start, book.week.sessions.end))
        former, later = tables.hours[code, FORMER], tables.hours[code, LATER]
        last = float(book.week.sessions.start[later] * grid) if later >= 0 else np.inf
        at = np.maximum(opens, free.get(former, np.full(len(drawn.came), opens)))
        for visit, start in zip(sessions[code].visits, sessions[code].starts, strict=True):
            ready = start * grid + drawn.delay[:, visit]
            cost += book.costs.idle * np.maximum(0, np.minimum(ready, end) - at)
            at = np.maximum(at, ready)
            cost += book.costs.waiting * drawn.came[:, visit] * (at - ready)
            at = at + drawn.service[:, visit]
        if sessions[code].visits:
            cost += book.costs.overtime * np.maximum(0, np.minimum(at, last) - end)
        cost += sessions[code].points
        free[code] = at
    return cost


@SLOW
@given(plans(fits=True), COSTS, st.sampled_from([0.5, 30.0]))
def test_arrays_and_the_book_agree(plan: Plan, costs: Costs, temperature: float) -> None:
    """After any moves, arrays hold the costs, loads and free units of their sessions, and nothing seen is broken."""
    book, known = book_of(plan, costs), set(check(plan.problem, plan.assignment).broken)
    tables, sheet, limits = annealed_of(plan, book, 200, temperature)
    new = sessions_of(book, sheet)
    for code, cost in worked_out(book, tables, book.sessions | new).items():
        assert sheet.cost[code] == pytest.approx(cost, rel=1e-3, abs=5e-2)
    assert book.put(new)
    assert (book.units.free == sheet.free).all()
    again = sheet_of(book, tables, limits)
    assert (again.left == sheet.left).all()
    assert again.load == pytest.approx(sheet.load, abs=1e-9)
    assert again.cost == pytest.approx(sheet.cost, rel=1e-4, abs=1e-2)
    assert again.after == pytest.approx(sheet.after, rel=1e-4, abs=1e-2)
    assert again.rest == pytest.approx(sheet.rest, rel=1e-4, abs=1e-2)
    for code, later in enumerate(tables.hours[:, LATER].tolist()):
        following = 0.0 if later < 0 else sheet.cost[later] - sheet.points[later] + sheet.after[later]
        assert sheet.after[code] == pytest.approx(following, rel=1e-3, abs=5e-2)
    broken = {row[1] for row in set(check(*book.applied(plan.problem, plan.assignment)).broken) - known}
    assert not broken & {"provider_time", "pool_capacity", "shift_caps"}


@SLOW
@given(plans(fits=True), COSTS, st.integers(2, 4), st.integers(0, 9))
def test_days_are_dealt_so_that_nobody_gets_in_the_way(plan: Plan, costs: Costs, workers: int, seed: int) -> None:
    """Each session with visits has one worker; what all of them do together breaks nothing, and keeps limits."""
    book, known = book_of(plan, costs), set(check(plan.problem, plan.assignment).broken)
    tables, sheet, _ = annealed_of(plan, book, 0, 1.0)
    limits = sheet.left.copy()
    rng, new, left = np.random.default_rng(seed), dict[int, Arranged](), limits.copy()
    dealt = deal(tables, sheet, workers, rng) if sheet.number.any() else []
    for own, mine, share in dealt:
        visits = np.concatenate([own.visits[code, : own.number[code]] for code in np.flatnonzero(mine)])
        assert len(visits) == pytest.approx(share * sheet.number.sum())
        left -= own.left
        anneal(tables, own, trial_for(tables, own.visits.shape[1]), visits, mine, 30.0, rng.random((100, NUMBERS)))
        left += own.left
        changed = sessions_of(book, own)
        assert mine[list(changed)].all()
        new |= changed
    busy = np.flatnonzero(sheet.number)
    assert (left >= np.minimum(limits, 0)).all()
    assert (sum((mine[busy].astype(int) for _, mine, _ in dealt), np.zeros(len(busy), int)) == 1).all()
    assert book.put(new)
    broken = {row[1] for row in set(check(*book.applied(plan.problem, plan.assignment)).broken) - known}
    assert not broken & {"provider_time", "pool_capacity", "shift_caps"}


@SLOW
@given(plans(fits=True), COSTS)
def test_what_is_expected_is_what_sampled_weeks_come_to(plan: Plan, costs: Costs) -> None:
    """The mean over sampled weeks is within five standard errors of the expected cost."""
    book = book_of(plan, costs, 2_000)
    tables, sheet, _ = annealed_of(plan, book, 100, 30.0)
    played = sampled(book, tables, book.sessions | sessions_of(book, sheet))
    error = float(played.std()) / len(played) ** 0.5
    assert abs(float(sheet.cost.sum()) - float(played.mean())) <= 5 * error + 0.002 * float(played.mean()) + 0.1


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
