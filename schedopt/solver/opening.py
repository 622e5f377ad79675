"""A first schedule out of prices: session by session, each takes a cheap pattern of those who are still left out.

At good prices every session asks for what the others can do without, so that one pass over the sessions, in any order,
leaves little for annealing to put right.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.by_address import by_address
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
    tables, grid, week = by_address(tables), by_address(grid), by_address(week)
    cells, most = 0, 0
    for session in order:
        cells = max(cells, week.entries.session[session, SIZE] + 1)
        most = max(most, week.entries.edge[session + 1] - week.entries.edge[session])
    places, drawn, active = np.empty(max_steps, np.int64), np.empty((cells, 2), np.int64), np.empty(most, np.int64)
    room, points, came = np.empty(cells, np.int64), np.empty(cells), np.empty(cells, np.int64)
    for session in order:
        count = _find_active(tables, grid, week, session, active)
        _measure(tables, grid, session, week.entries.session[session, SIZE], room)
        for k in range(draw_pattern(week, session, active, count, room, points, came, drawn)):
            entry = drawn[k, 0]
            _place(tables, grid, week.entries.table[entry, REQUEST], week.rows[entry], drawn[k, 1], places)


@inside
def _find_active(tables: WeekTables, grid: Grid, week: PricedWeek, session: int, active: Ints) -> int:
    """List those left out whom limits and distances allow here, and who cost less than as many idle cells."""
    entries, count = week.entries, 0
    for entry in range(entries.edge[session], entries.edge[session + 1]):
        request = entries.table[entry, REQUEST]
        dear = week.price[entry] >= entries.idle * entries.table[entry, HOLD]
        if grid.row[request] < 0 and not dear and may_take(tables, grid, request, week.rows[entry]):
            active[count] = entry
            count += 1
    return count


@inside
def _measure(tables: WeekTables, grid: Grid, session: int, size: int, room: Ints) -> None:
    """Find the first cell that is held, from each cell of a session on."""
    room[size] = size
    for cell in range(size - 1, -1, -1):
        room[cell] = cell if grid.owner[tables.session[session, BASE] + cell] >= 0 else room[cell + 1]


@inside
def _place(tables: WeekTables, grid: Grid, request: int, row: int, start: int, places: Ints) -> None:
    """Place a request at a start at which its provider is free, if it fits and costs no more than leaving it out."""
    tune(tables.lengths, tables, request, row)
    if not may_take(tables, grid, request, row):
        return
    waited = lay_steps(tables, grid, request, row, start, places)
    if waited < 0:
        return
    if added_points(tables, grid, request, row, places, waited) <= tables.request[request, LEFT_OUT]:
        put(tables, grid, request, row, places)


def prepare(tables: WeekTables, grid: Grid) -> None:
    """Compile what places patterns, or load it where an earlier process has compiled it."""
    fill_sessions(tables, grid, nothing_priced(), np.zeros(0, np.int64), int(np.int64(1)))
