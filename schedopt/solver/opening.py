"""A first schedule out of prices: session by session, each takes a cheap pattern of those who are still left out.

At good prices every session asks for what the others can do without, so that one pass over the sessions, in any order,
leaves little for annealing to put right.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.compiled import compiled, inside
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.bound.drawing import PricedWeek, draw_pattern, nothing_priced
from schedopt.solver.bound.entries import HOLD, REQUEST, SIZE
from schedopt.solver.search.fits import lay_steps, may_take
from schedopt.solver.search.grid import BASE, LEFT_OUT, STEPS, Grid, WeekTables, make_tables, to_schedule
from schedopt.solver.search.local import insertion, to_grid
from schedopt.solver.search.moves import added_points, put
from schedopt.solver.search.tuning import tune


def opening(problem: Problem, start: Schedule, priced: PricedWeek, seed: int) -> Schedule:
    """Add to a schedule by patterns, session by session in random order, and then by insertion.

    Parameters
    ----------
    problem : Problem
        The week.
    start : Schedule
        What is placed already, and stays.
    priced : PricedWeek
        The week at good prices.
    seed : int
        Of the order.

    Returns
    -------
    Schedule
    """
    tables = make_tables(problem)
    grid = to_grid(problem, tables, start)
    order = np.random.default_rng(seed).permutation(len(tables.session))
    fill_sessions(tables, grid, priced, order, int(np.diff(tables.request[:, STEPS]).max(initial=1)))
    return insertion(problem, to_schedule(problem, grid))


@compiled
def fill_sessions(tables: WeekTables, grid: Grid, week: PricedWeek, order: Ints, max_steps: int) -> None:
    """Place patterns of sessions in this order; visits of a pattern that do not fit are left out.

    `max_steps` is the most steps of a visit.
    """
    most = 0
    for session in order:
        most = max(most, week.entries.session[session, SIZE])
    places, drawn = np.empty(max_steps, np.int64), np.empty((most + 1, 2), np.int64)
    for session in order:
        active = _active(tables, grid, week, session)
        base = tables.session[session, BASE]
        held = grid.owner[base : base + week.entries.session[session, SIZE]] >= 0
        for k in range(draw_pattern(week, session, active, held, drawn)):
            row, start = week.rows[drawn[k, 0]], drawn[k, 1]
            request = week.entries.table[drawn[k, 0], REQUEST]
            tune(tables.lengths, tables, request, row)
            if not may_take(tables, grid, request, row):
                continue
            waited = lay_steps(tables, grid, request, row, start, places)
            if waited < 0:
                continue
            if added_points(tables, grid, request, row, places, waited) <= tables.request[request, LEFT_OUT]:
                put(tables, grid, request, row, places)


@inside
def _active(tables: WeekTables, grid: Grid, week: PricedWeek, session: int) -> Ints:
    """Entries of requests left out that limits and distances allow, and that cost less than as many idle cells."""
    entries, count = week.entries, 0
    active = np.empty(entries.edge[session + 1] - entries.edge[session], np.int64)
    for entry in range(entries.edge[session], entries.edge[session + 1]):
        request = entries.table[entry, REQUEST]
        dear = week.price[entry] >= entries.idle * entries.table[entry, HOLD]
        if grid.row[request] < 0 and not dear and may_take(tables, grid, request, week.rows[entry]):
            active[count] = entry
            count += 1
    return active[:count]


def prepare(tables: WeekTables, grid: Grid) -> None:
    """Compile what places patterns, or load it where an earlier process has compiled it."""
    fill_sessions(tables, grid, nothing_priced(), np.zeros(0, np.int64), int(np.int64(1)))
