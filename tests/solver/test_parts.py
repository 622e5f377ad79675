"""A large week in parts: who belongs to which, and that planning them apart breaks nothing."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import typeof

import schedopt
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.network.parts import Part, parts_of
from schedopt.solver.network.slices import Slicer, improve_part, pack
from schedopt.solver.network.spread import PartEffort, improve_parts, timetable
from schedopt.solver.params import AnnealingParams, PartParams, SolveParams
from schedopt.solver.search.grid import make_tables
from schedopt.solver.search.local import insertion
from schedopt.solver.search.track import Track
from tests.effort import examples
from tests.networks import network, networks

SMALL = PartParams(largest=2, usual=1)
"""Sizes at which even the smallest office is cut."""


def some_excess(problem: Problem, seed: int) -> np.ndarray:
    """Points for every option."""
    return np.random.default_rng(seed).integers(0, 50, len(problem.options)).astype(float)


def ties(problem: Problem) -> list[tuple[int, int]]:
    """Requests with options that bear on each other, as the tables say it: of one patient."""
    patient = problem.week.requests.patient.tolist()
    pairs = itertools.combinations(np.unique(problem.options.request).tolist(), 2)
    return [(one, other) for one, other in pairs if patient[one] == patient[other]]


def assert_parts(problem: Problem, parts: tuple[Part, ...], start: Schedule) -> None:
    """Disjoint, complete, with what is tied together in one, and with what is placed where it is."""
    week, options = problem.week, problem.options
    for column, count in (("sites", len(week.sessions.site_ids)), ("sessions", len(week.sessions))):
        together = np.concatenate([getattr(part, column) for part in parts])
        assert sorted(together.tolist()) == list(range(count))
    requests = np.concatenate([part.requests for part in parts])
    assert len(np.unique(requests)) == len(requests)
    part_of = np.full(len(week.requests), -1)
    for number, part in enumerate(parts):
        part_of[part.requests] = number
        mine = np.isin(options.request, part.requests) & np.isin(options.session, part.sessions)
        assert part.rows.tolist() == np.flatnonzero(mine).tolist()
        assert set(week.sessions.site[part.sessions]) <= set(part.sites.tolist())
        assert np.isin(start.session[part.requests[start.session[part.requests] >= 0]], part.sessions).all()
    held = {request for part in parts for request in part.held.tolist()}
    assert (part_of[start.placed] >= 0).all()
    for one, other in ties(problem):
        assert part_of[one] == part_of[other] or not {one, other} - held - set(np.flatnonzero(part_of < 0).tolist())
    for first, second in zip(*(column.tolist() for column in problem.needs), strict=True):
        assert part_of[second] in (part_of[first], -1) or second in held
    loose = [r for r in np.flatnonzero(part_of < 0).tolist() if problem.offset[r] < problem.offset[r + 1]]
    sites = week.sessions.site[start.session]
    for request in loose:  # only who is left out, and tied to visits at several sites
        assert start.session[request] < 0
        assert len({int(sites[other]) for other in start.placed.tolist()}) > 1


@given(problem=networks(), seed=st.integers(0, 9))
def test_parts_are_disjoint_and_cover_everything(problem: Problem, seed: int) -> None:
    """Every site, session and visit is in one part; requests of one patient are never moved by two."""
    kept, start, _ = settle(problem)
    assert_parts(kept, parts_of(kept, some_excess(kept, seed), start, SMALL), start)


@settings(max_examples=examples(12))
@given(problem=networks(), seed=st.integers(0, 9))
def test_what_is_compiled_for_a_week_serves_its_parts(problem: Problem, seed: int) -> None:
    """The tables of every part are of the types that the week's are, as else the search is compiled for it anew."""
    kept, start, _ = settle(problem)
    excess = some_excess(kept, seed)
    slicer, whole = Slicer(kept, excess, start), typeof(make_tables(kept))
    assert all(typeof(slicer.cut(part).tables) == whole for part in parts_of(kept, excess, start, SMALL))


def test_whatever_the_parts_no_rule_is_broken() -> None:
    """Parts planned apart and put together keep every rule and every fixed promise; most weeks drawn have several."""
    params = AnnealingParams(moves_a_round=2_000)
    seen: Counter[str] = Counter()

    @given(problem=networks(), seed=st.integers(0, 9), full=st.booleans())
    def look(problem: Problem, seed: int, full: bool) -> None:
        kept, start, _ = settle(problem)
        start = insertion(kept, start) if full else start
        excess = some_excess(kept, seed)
        parts = parts_of(kept, excess, start, SMALL)
        slicer = Slicer(kept, excess, start, params)
        now = _together(kept, Track(kept, start, 1.0, deterministic=True), parts, slicer)
        assert check(kept, now).breaches.empty
        fixed = kept.week.requests.fixed & (start.session >= 0)
        assert (now.session[fixed] == start.session[fixed]).all()
        seen.update(several=len(parts) > 1, held=any(len(part.held) for part in parts), all=1)

    look()
    assert seen["several"] > seen["all"] / 2
    assert seen["held"]


def _together(problem: Problem, track: Track, parts: tuple[Part, ...], slicer: Slicer) -> Schedule:
    """What all parts give, whether the track would take it or not."""
    offered = [track.best]
    track.offer = offered.append  # type: ignore[assignment, method-assign]
    improve_parts(problem, track, track.best, parts, slicer, PartEffort((0.05, 0.004), 1, 1.0, 2 * len(parts)), 2, None)
    return offered[-1]


def test_a_network_is_cut_where_few_cross() -> None:
    """Pairs of sites that share patients stay together, and each is a part where that is what fits."""
    problem = network(sites=8)
    home = np.array([int(name[1:3]) for name in problem.week.requests.ids])
    away = problem.week.sessions.site[problem.options.session] != home[problem.options.request]
    parts = parts_of(problem, away.astype(float), nothing_placed(problem.week), PartParams(largest=30, usual=24))
    assert [part.sites.tolist() for part in parts] == [[0, 1], [2, 3], [4, 5], [6, 7]]
    assert sum(len(part.requests) for part in parts) == len(problem.week.requests)


def test_a_small_week_is_one_part() -> None:
    """Up to the largest size, a week is not cut, whatever its sites."""
    problem = network(sites=2)
    largest = PartParams(largest=len(problem.week.requests))
    assert len(parts_of(problem, np.zeros(len(problem.options)), nothing_placed(problem.week), largest)) == 1


def test_a_part_planned_twice_is_the_same() -> None:
    """A task is a pure function of its arguments: same bytes and seed, same visits; annealing adds to insertion."""
    problem = network(sites=4)
    nobody = nothing_placed(problem.week)
    excess = np.zeros(len(problem.options))
    part = parts_of(problem, excess, nobody, SMALL)[0]
    packed = pack(Slicer(problem, excess, nobody).cut(part))
    one, other = (improve_part(packed, (1, 2), (0.05, 0.004), 1.0, 3) for _ in range(2))
    assert one.row.tolist() == other.row.tolist()
    assert one.step_start.tolist() == other.step_start.tolist()
    assert (one.row >= 0).any()


def test_one_part_is_the_whole_week() -> None:
    """A part of everything, only inserted into, is the same schedule as insertion into the week."""
    problem = network(sites=2)
    nobody, excess = nothing_placed(problem.week), np.zeros(len(problem.options))
    (part,) = parts_of(problem, excess, nobody)
    found = improve_part(pack(Slicer(problem, excess, nobody).cut(part)), (1,), (0.05, 0.004), 0.0)
    whole = insertion(problem, nobody)
    assert found.step_start.tolist() == whole.step_start.tolist()


def test_a_plan_in_parts_breaks_nothing() -> None:
    """The whole way: promises, prices, parts, what crosses them, and a bound below the cost."""
    problem = network(sites=8)
    seen: list[str] = []
    plan = schedopt.plan(
        problem, 2.0, 2, progress=lambda moment: seen.append(moment.doing), deterministic=True,
        params=SolveParams(parts=SMALL),
    )  # fmt: skip
    assert any("parts done" in doing for doing in seen)
    assert check(problem, plan.assignment).breaches.empty
    assert plan.bound <= plan.cost < check(problem, insertion(problem, nothing_placed(problem.week))).cost


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=30), st.integers(1, 8))
def test_workers_end_together(sizes: list[int], places: int) -> None:
    """Each worker's tasks follow each other without a break, share its time by size, and end with everybody's."""
    times = timetable(sizes, places, 60.0)
    for worker in range(min(places, len(sizes))):
        mine = [(begin, length, size) for (who, begin, length), size in zip(times, sizes, strict=True) if who == worker]
        ends = [0.0, *(begin + length for begin, length, _ in mine)]
        assert [begin for begin, _, _ in mine] == pytest.approx(ends[:-1])
        assert ends[-1] == pytest.approx(60.0)
        rates = [length / size for _, length, size in mine]
        assert rates == pytest.approx([rates[0]] * len(rates))
