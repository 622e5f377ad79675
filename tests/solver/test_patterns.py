"""The cheapest pattern of a session, against trying all patterns."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.solver.bound.columns import make_entries, make_shapes, priced_of
from schedopt.solver.bound.entries import BEFORE, BEGIN, FIRST, HOLD, LAST, OVER, REQUEST, SHAPE, SIZE
from schedopt.solver.bound.entries import Entries as SessionEntries
from schedopt.solver.bound.patterns import cheapest, excess
from schedopt.solver.bound.shapes import Shapes, price_shapes
from tests.effort import examples
from tests.offices import Size, cases
from tests.test_groups import class_of


def tried(entries: SessionEntries, shapes: Shapes, price: np.ndarray, chain: np.ndarray, session: int) -> float:
    """Points of the cheapest sequence of visits in which nobody comes twice; 0 for none."""
    begin, size, over = (int(entries.session[session, column]) for column in (BEGIN, SIZE, OVER))
    points: list[dict[frozenset[int], float]] = [{} for _ in range(size + 1)]
    points[0][frozenset()] = 0.0
    least = 0.0
    for cell in range(size + 1):
        for held, so_far in points[cell].items():
            if cell:
                least = min(least, so_far + entries.overtime * max(0, cell - over))
            ways = [(cell + 1, held, so_far + entries.idle)]
            for entry in range(int(entries.edge[session]), int(entries.edge[session + 1])):
                row = entries.table[entry]
                if row[FIRST] <= cell <= row[LAST] and row[REQUEST] not in held:
                    paid = price[entry] + chain[shapes.own[row[SHAPE]], begin + cell + row[BEFORE]]
                    ways.append((cell + int(row[HOLD]), held | {int(row[REQUEST])}, so_far + paid))
            ways += [
                (cell + hold, held | set(members), so_far + paid)
                for members, hold, paid in groups(entries, shapes, price, chain, session, cell)
                if not held & set(members)
            ]
            for after, members, cost in ways:
                if after <= size:
                    points[after][members] = min(cost, points[after].get(members, np.inf))
    return least


def in_groups(entries: SessionEntries, session: int) -> bool:
    """Whether a session could hold a group visit; marks do not look into these."""
    rows = slice(int(entries.edge[session]), int(entries.edge[session + 1]))
    return entries.shared is not None and bool((entries.shared[rows, 0] >= 0).any())


def groups(
    entries: SessionEntries, shapes: Shapes, price: np.ndarray, chain: np.ndarray, session: int, cell: int
) -> Iterator[tuple[tuple[int, ...], int, float]]:
    """Members, cells held and points of every group visit of several that could begin in a cell of a session."""
    kinds = defaultdict(list)
    for entry in range(int(entries.edge[session]), int(entries.edge[session + 1])):
        row = entries.table[entry]
        if entries.shared is not None and entries.shared[entry, 0] >= 0 and row[FIRST] <= cell <= row[LAST]:
            kinds[int(entries.shared[entry, 0])].append(entry)
    for alike in kinds.values():
        row, seats = entries.table[alike[0]], int(entries.shared[alike[0], 1])
        room = chain[shapes.own[row[SHAPE]], int(entries.session[session, BEGIN]) + cell + row[BEFORE]]
        for number in range(2, seats + 1):
            for some in itertools.combinations(alike, number):
                members = tuple(int(entries.table[entry, REQUEST]) for entry in some)
                if len(set(members)) == number:
                    yield members, int(row[HOLD]), float(price[list(some)].sum() + room)


@settings(max_examples=examples(28))
@given(cases(Size(requests=5, providers=2, days=2, grids=(15,), longest=120)), st.integers(0, 2**20))
def test_the_cheapest_pattern_is_no_dearer_than_any(case: object, seed: int) -> None:
    """No sequence of visits without a repetition costs less than the cheapest pattern; where every request is marked to
    come at most once, one costs exactly as much.
    """
    problem = case.problem
    assume(len(problem.options))
    random, week = np.random.default_rng(seed), problem.week
    by_session = np.argsort(problem.options.session, kind="stable")
    shapes, shape = make_shapes(problem)
    entries = make_entries(problem, by_session, shape)
    price = random.integers(-60, 20, len(problem.options)).astype(float)
    cells = week.calendar.num_cells
    paid = np.zeros((len(week.pools), cells + 1))
    np.cumsum(random.integers(0, 4, (len(week.pools), cells)), axis=1, out=paid[:, 1:])
    chain = np.zeros((max(1, len(shapes.length) - 1), cells))
    price_shapes(shapes, paid, np.flatnonzero(priced_of(shapes)), chain)
    sessions = np.flatnonzero(np.diff(entries.edge))
    everybody = np.tile(np.arange(len(week.requests)), (len(week.sessions), 1))
    for marked in (everybody[:, :0], everybody):
        least, twice = np.zeros(len(week.sessions)), np.full(len(week.sessions), -1)
        count, used = np.zeros(len(week.requests), np.int64), np.zeros(len(price), np.int64)
        uses = np.zeros((len(week.pools), cells + 1), np.int64)
        cheapest(entries, shapes, price, chain, sessions, marked, least, count, used, uses, twice)
        for session in sessions.tolist():
            best = tried(entries, shapes, price, chain, session)
            assert least[session] <= best + 1e-6
            if marked.shape[1] and not in_groups(entries, session):
                assert least[session] >= best - 1e-6


@given(st.lists(st.integers(-4, 2), min_size=1, max_size=7), st.integers(1, 4))
def test_excess_counts_the_cheapest_company_there_can_be(drawn: list[int], seats: int) -> None:
    """In the one hour that a class can be held in, an option costs above the cheapest class what it does together with
    the others that cost less than nothing, the cheapest first, while seats are left.
    """
    problem, price = class_of(len(drawn), seats), np.array(drawn, float)
    shapes, shape = make_shapes(problem)
    entries = make_entries(problem, np.arange(len(problem.options)), shape)
    rise, chain = np.zeros(len(price)), np.zeros((max(1, len(shapes.length) - 1), problem.week.calendar.num_cells))
    excess(entries, shapes, price, chain, np.zeros(1, np.int64), rise)
    company = [sorted(min(0, p) for n, p in enumerate(drawn) if n != entry) for entry in range(len(drawn))]
    points = price + [sum(others[: seats - 1]) for others in company]
    assert rise.tolist() == np.maximum(0, points - min(0, points.min())).tolist()
