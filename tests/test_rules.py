"""What every rule promises: the check, the options, the models and the searches all mean the same by it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.arrays import Flags, Ints
from schedopt.models.clock import format_time
from schedopt.models.problem.check import Audit, check
from schedopt.models.problem.couplings import Balance, ProviderTime
from schedopt.models.problem.couplings.time import session_minutes
from schedopt.models.problem.narrowing import removals
from schedopt.models.problem.options import Options, pairs, staffed
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Forbids, judge
from schedopt.models.problem.schedule import Schedule
from schedopt.models.tables import Row
from schedopt.models.tables.fields import WEEKDAYS, format_movable
from schedopt.office.sources import HOUSE, all_tables
from schedopt.solver.bound.prices import Pricing
from schedopt.solver.cpsat.model import PieceModel
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.params import AnnealingParams
from schedopt.solver.search.local import Annealing, first_fit, insertion, to_schedule
from schedopt.solver.search.track import Track
from tests.effort import examples
from tests.offices import Case, Size, cases
from tests.reference import Judge
from tests.schedules import schedules, sound, visits_of
from tests.whole import breaches, cells_of, everybody, kinds, solved, whole_week

SCHEDULES = 3
"""Schedules drawn for one office where drawing the office takes longest."""


def _kept(case: Case) -> Problem:
    """The problem without the fixed promises that cannot be kept together."""
    return settle(case.problem)[0]


@pytest.mark.filterwarnings("ignore::schedopt.errors.InputWarning")
@settings(max_examples=examples(20))
@given(cases())
def test_offices_pass_the_reader(case: Case) -> None:
    """The offices that these tests draw are ones that the reader accepts, and reads as they are."""
    rows_of = {row_class: case.office.rows(row_class) for row_class in all_tables(HOUSE)}
    frames = {
        row_class.table_name: pd.DataFrame([_cells(row) for row in rows], columns=list(row_class.model_fields))
        for row_class, rows in rows_of.items()
        if rows is not None
    }
    read = schedopt.office_from_frames(frames, case.office.settings)
    assert read.model_copy(update={"fingerprint": ""}) == case.office


def _cells(row: Row) -> dict[str, object]:
    """A row as it would stand in a file."""
    cells = dict(row)
    for name in {"start", "end"} & cells.keys():
        cells[name] = format_time(cells[name])
    if cells.get("weekday") is not None:
        cells["weekday"] = WEEKDAYS[cells["weekday"]]
    if "breaks" in cells:
        cells["breaks"] = ";".join("-".join(map(format_time, span)) for span in cells["breaks"])
    if "moving_breaks" in cells:
        cells["moving_breaks"] = "; ".join(map(format_movable, cells["moving_breaks"]))
    return {name: ";".join(map(str, cell)) if isinstance(cell, tuple) else cell for name, cell in cells.items()}


@settings(max_examples=examples(96))
@given(st.data())
def test_check_says_what_the_reference_says(data: st.DataObject) -> None:
    """The check finds the breaches and the points of each part that a reading of docs/tables.md by hand finds."""
    _assert_judged_alike(data, data.draw(cases(noticed=True)))


@settings(max_examples=examples(56))
@given(st.data())
def test_check_says_what_the_reference_says_in_two_zones(data: st.DataObject) -> None:
    """The same of a provider at sites in two time zones."""
    _assert_judged_alike(data, data.draw(cases(Size(two_zones=True, providers=1), noticed=True)))


def _assert_judged_alike(data: st.DataObject, case: Case) -> None:
    reference = Judge(case.office, case.first, case.now)
    for _ in range(SCHEDULES):
        schedule = data.draw(schedules(case.problem))
        audit, verdict = check(case.problem, schedule), reference.judge(visits_of(case.problem, schedule))
        assert breaches(audit) == verdict.breaches
        assert {p.name: p.points for p in audit.parts if p.points} == {k: v for k, v in verdict.points.items() if v}
        assert audit.cost == verdict.points.total()


@settings(max_examples=examples(72))
@given(cases())
def test_sessions_are_the_reference_s(case: Case) -> None:
    """Shifts, breaks, leave and closed days make the sessions and overtimes that a minute by minute reading makes."""
    sessions, calendar = case.problem.week.sessions, case.problem.calendar
    ours = {
        (
            sessions.provider_ids[sessions.provider[s]], sessions.site_ids[sessions.site[s]],
            calendar.date(sessions.day[s]), calendar.minutes(sessions.start[s]),
            int(sessions.end[s] - sessions.start[s]) * calendar.grid, int(sessions.overtime[s]) * calendar.grid,
        )
        for s in range(len(sessions))
    }  # fmt: skip
    theirs = Judge(case.office, case.first).sessions.values()
    assert ours == {(s.provider, s.site, s.date, s.start, s.end - s.start, s.overtime) for s in theirs}


@settings(max_examples=examples(96))
@given(st.data())
def test_model_accepts_what_the_check_accepts(data: st.DataObject) -> None:
    """A schedule can be fixed in the model of the week exactly when the check finds no breach, at the check's cost."""
    problem = data.draw(cases(noticed=True)).problem
    schedule = data.draw(schedules(problem))
    audit, piece = check(problem, schedule), whole_week(problem)
    piece.fix(schedule)
    found, objective = solved(piece)
    assert (found is not None) == audit.breaches.empty
    if found is not None:
        assert objective == audit.cost
        assert found.session.tolist() == schedule.session.tolist()
        assert found.step_start.tolist() == schedule.step_start.tolist()
        assert found.others[found.placed].tolist() == schedule.others[schedule.placed].tolist()


@settings(max_examples=examples(40))
@given(st.data())
def test_model_pushed_to_extremes_breaks_nothing(data: st.DataObject) -> None:
    """Whatever a linear objective over places and starts asks for, the schedule breaks no rule."""
    problem = _kept(data.draw(cases()))
    piece = whole_week(problem)
    points = st.integers(-20, 20)
    places = [data.draw(points) * piece.at(r, s) for r, s in zip(*map(Ints.tolist, piece.pairs()), strict=True)]
    starts = [data.draw(points) * piece.start(step) for step in range(len(problem.week.steps))]
    piece.model.minimize(sum(places) + sum(starts))
    schedule, _ = solved(piece)
    assert schedule is not None
    assert check(problem, schedule).breaches.empty


@settings(max_examples=examples(40))
@given(st.data())
def test_piece_accepts_what_the_check_accepts(data: st.DataObject) -> None:
    """Among visits that stay, free ones can be fixed exactly where the check finds no breach in all of them together;
    solved, a piece costs no more than before, and what its objective says.
    """
    problem = _kept(data.draw(cases().filter(lambda case: len(case.problem.options))))
    before = data.draw(sound(problem))
    assume(len(problem.options) and check(problem, before).breaches.empty)
    options, left_out = problem.options, before.session < 0
    chosen = np.array([data.draw(st.booleans()) for _ in problem.week.sessions.ids], bool)
    waiting = np.array([data.draw(st.booleans()) for _ in problem.week.requests.ids], bool) & left_out
    free = np.flatnonzero(waiting | (~left_out & chosen[before.session]))
    rows = np.flatnonzero(chosen[options.session] & np.isin(options.request, free))
    outside = before.without(problem.week, free)
    apart = check(problem, outside)
    paid = int(problem.left_out[free].sum()) + _balance_points(apart) + _time_points(problem, outside, rows)
    others = apart.cost - paid  # what the piece does not pay for
    drawn = _merged(problem, outside, data.draw(schedules(problem)), free, chosen)
    audit, piece = check(problem, drawn), PieceModel(problem, outside, rows, free)
    piece.fix(drawn)
    fixed, objective = solved(piece)
    assert (fixed is not None) == audit.breaches.empty
    assert fixed is None or audit.cost == others + objective
    best, objective = solved(PieceModel(problem, outside, rows, free))
    assert best is not None
    audit = check(problem, best)
    assert audit.breaches.empty
    assert audit.cost == others + objective
    assert audit.cost <= check(problem, before).cost


def _balance_points(audit: Audit) -> int:
    """Points of what looks at the whole week, and which every piece therefore pays for in full."""
    return sum(part.points for part in audit.parts if part.name in {kind.name for kind in kinds(Balance)})


def _time_points(problem: Problem, outside: Schedule, rows: Ints) -> int:
    """Points of idle and overtime minutes that those who stay already cause in sessions that these options could hold,
    as a provider who takes part; a piece pays for such sessions in full.
    """
    others = problem.options.others[rows]
    sessions = np.union1d(problem.options.session[rows], others[others >= 0])
    minutes = session_minutes(problem.week, outside)
    (time,) = (coupling for coupling in problem.couplings if isinstance(coupling, ProviderTime))
    points = time.idle * minutes["idle_minutes"] + time.overtime * minutes["overtime_minutes"]
    return int(points[sessions].sum())


def _merged(problem: Problem, outside: Schedule, drawn: Schedule, free: Ints, chosen: Flags) -> Schedule:
    """What stays, and the free requests as drawn, where that is in one of the chosen sessions."""
    moved = free[(drawn.session[free] >= 0) & chosen[drawn.session[free]]]
    return outside.taking(problem.week, moved, drawn)


@settings(max_examples=examples(56))
@given(cases(noticed=True))
def test_options_are_what_the_rules_allow(case: Case) -> None:
    """A request may start in a session at a cell by one option exactly where every rule allows it, at the sum of their
    prices; where there are several steps, those without a wait.
    """
    problem = case.problem
    everything = _every_placement(problem)
    fine = np.ones(len(everything), bool)
    price = np.zeros(len(everything), np.int64)
    for rule in problem.rules:
        allowed, points = judge(rule, everything, problem.week)
        fine &= allowed
        price += points
    cells = [tuple(cell) for *cell, _ in cells_of(everything)]
    offered = [(cell, cost) for *cell, cost in cells_of(problem.options)]
    inside = set(cells)
    assert sorted((tuple(cell), cost) for cell, cost in offered if tuple(cell) in inside) == sorted(
        (cell, int(points)) for cell, is_fine, points in zip(cells, fine, price, strict=True) if is_fine
    )


def _every_placement(problem: Problem) -> Options:
    """Every request in every session, at every cell of its day at which its steps, without a wait, lie in the day."""
    week, cells = problem.week, problem.calendar.cells_per_day
    shape = (len(week.requests), len(week.sessions), cells)
    request, session, cell = (axis.ravel() for axis in np.indices(shape))
    begin = week.sessions.day[session] * cells if len(week.sessions) else session
    first = cell - week.lead[request]
    last = cell + week.length_of(request, session) + week.lag[request]
    inside = (first >= 0) & (last <= cells)
    at = replace(
        pairs(week, request, session), earliest=begin + cell, latest=begin + cell, opens=begin + first,
        closes=begin + last,
    )  # fmt: skip
    return staffed(week, at.take(inside))


@settings(max_examples=examples(48))
@given(cases())
def test_rules_by_provider_look_at_nothing_else(case: Case) -> None:
    """A rule that says it decides by provider and site gives one verdict for all their sessions."""
    week = case.problem.week
    request, session = (axis.ravel() for axis in np.indices((len(week.requests), len(week.sessions))))
    everything = pairs(week, request, session)
    for rule in case.problem.rules:
        if isinstance(rule, Forbids) and rule.by_provider:
            verdicts: dict[tuple[int, ...], bool] = {}
            for r, s, allowed in zip(request.tolist(), session.tolist(), rule.allows(everything, week), strict=True):
                key = (r, int(week.sessions.provider[s]), int(week.sessions.site[s]))
                assert verdicts.setdefault(key, bool(allowed)) == bool(allowed)


@settings(max_examples=examples(48))
@given(cases())
def test_what_a_rule_lists_is_what_it_allows(case: Case) -> None:
    """A rule that makes lists allows what stands on a request's list, everything without one, and nothing else."""
    week = case.problem.week
    sessions = np.arange(len(week.sessions))
    for rule in case.problem.rules:
        found = rule.listed(sessions, week) if isinstance(rule, Forbids) else None
        if found is None:
            continue
        for request, number in enumerate(found[0].tolist()):
            options = pairs(week, np.full(len(sessions), request), sessions)
            on_list = sessions if number < 0 else found[1].joined(np.array([number]))[1]
            assert np.flatnonzero(rule.allows(options, week)).tolist() == sorted(on_list.tolist())


@settings(max_examples=examples(48))
@given(cases())
def test_removals_add_up(case: Case) -> None:
    """Sessions that rules removed and sessions that options are left in make up all sessions, for every request."""
    problem = case.problem
    removed = removals(problem.week, problem.rules, everybody(problem))
    for request in everybody(problem).tolist():
        left = np.unique(problem.options.session[problem.options.request == request])
        gone = int(removed["sessions"][removed["request"] == request].sum())
        assert gone + len(left) == len(problem.week.sessions)
        assert removed["rule"][removed["request"] == request].is_unique


@settings(max_examples=examples(72))
@given(cases(noticed=True))
def test_constructions_break_nothing(case: Case) -> None:
    """Insertion breaks no rule and keeps what it starts from; first-fit may at worst leave out a fixed promise."""
    problem, start, _ = settle(case.problem)
    inserted = insertion(problem, start)
    assert breaches(check(problem, inserted)) == set()
    assert (inserted.session[start.placed] == start.session[start.placed]).all()
    assert {rule for _, rule in breaches(check(problem, first_fit(problem)))} <= {"promises"}


@settings(max_examples=examples(56), suppress_health_check=[*HealthCheck])
@given(st.data())
def test_annealing_keeps_the_rules_and_its_books(data: st.DataObject) -> None:
    """Annealing breaks no rule, on one thread or several, and its running sum of changes is the change of the cost,
    as far as it knows that: balances between groups are not among what it counts.
    """
    problem = _kept(data.draw(cases()))
    problem = replace(problem, couplings=tuple(c for c in problem.couplings if not isinstance(c, Balance)))
    start = data.draw(sound(problem))
    cost = check(problem, start).cost
    assume(check(problem, start).breaches.empty)
    excess = np.array(data.draw(st.lists(st.floats(0, 500), min_size=1, max_size=9)))
    excess = np.resize(excess, len(problem.options))
    params, track = AnnealingParams(moves_a_round=500), Track(problem, start, 10.0)
    search = Annealing(problem, start, data.draw(st.integers(1, 3)), data.draw(st.integers(0, 9)), excess, params)
    search.run(track, 1.0, rounds=3)
    now = check(problem, to_schedule(problem, search._state.grid))
    assert now.breaches.empty
    assert now.cost == cost + search._rounds._change
    gain, schedule = search.best
    best = check(problem, schedule)
    assert best.breaches.empty
    assert best.cost == cost - gain == track.cost


@settings(max_examples=examples(36))
@given(cases(), st.integers(1, 40), st.integers(0, 1_000))
def test_prices_bound_the_best(case: Case, steps: int, seed: int) -> None:
    """Whatever the prices, good or absurd, the bound they prove is no higher than the cost of the best schedule."""
    problem = _kept(case)
    schedule, objective = solved(whole_week(problem))
    assert schedule is not None
    assert check(problem, schedule).breaches.empty
    found = Pricing(problem, 2)
    for number in range(steps):
        found.step(number / steps)
    assert found.bound <= objective == check(problem, schedule).cost
    absurd, random = Pricing(problem, 1), np.random.default_rng(seed)
    absurd.reprice(lambda part: np.abs(random.normal(0, 200, part.shape)))
    absurd.step(0.0)
    assert absurd.bound <= objective


@given(cases())
def test_dear_options_have_an_excess(case: Case) -> None:
    """Every request with options has one without excess, and none has less than that."""
    problem = _kept(case)
    found = Pricing(problem, 1)
    found.step(0.0)
    excess = found.excess()
    assert (excess >= 0).all()
    asked = np.flatnonzero(np.diff(problem.offset))
    assert all(excess[problem.offset[r] : problem.offset[r + 1]].min() == 0 for r in asked.tolist())
