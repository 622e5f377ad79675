r"""Compiled steps on the grid: put a visit in, take it out, find its best place.

Everything here is compiled by Numba and releases the interpreter lock, so that threads run side by side. `places`
is a scratch array for the starts of one visit's steps.

A session :math:`s` that starts in cell :math:`S_s` and ends at :math:`E_s`, of which :math:`U_s` cells are held, the
last of them just before cell :math:`L_s` (:math:`L_s = S_s` where none is), pays

.. math:: C_s(L_s, U_s) = i \, (L_s - S_s - U_s) + w \max(0, L_s - E_s)

for idle time and overtime, with :math:`i` and :math:`w` points a cell. Holding cells :math:`b` to :math:`b + h - 1`
too adds :math:`C_s(\max(L_s, b + h), U_s + h) - C_s(L_s, U_s)`. To place a request by option :math:`o` adds

.. math:: c_o + \sum_s \bigl( C_s' - C_s \bigr) + v \, W

over all sessions :math:`s` that the visit holds, that is its own and those of who takes part, where :math:`c_o` is the
option's cost, :math:`W` the cells of waiting between steps and :math:`v` their price. That is never less than
:math:`c_o - i n_r`, with :math:`n_r` all the cells for which the request holds anybody, so that an option which is too
dear by that is not looked at.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.by_address import by_address
from schedopt.compiled import bare, compiled, inlined, inside
from schedopt.solver.search.bits import WIDTH, lowest, put_bits, starts, up_to
from schedopt.solver.search.fits import lay_others, lay_steps, may_take, open_starts, others_free, use_pools
from schedopt.solver.search.grid import (
    BASE,
    BEFORE,
    BITS,
    COST,
    EARLIEST,
    END,
    FIXED,
    GROUPS,
    HOLD,
    LAST,
    LATEST,
    LEFT_OUT,
    LENGTH,
    LIMIT,
    OPTIONS,
    OWN_STEP,
    PER_IDLE,
    PER_OVERTIME,
    PER_WAIT,
    SAVES,
    SESSION,
    SITE,
    START,
    STEPS,
    TAKES,
    USED,
    Grid,
    WeekTables,
)
from schedopt.solver.search.sharing import first_group, joined, left, may_join
from schedopt.solver.search.tuning import tune

NO_LIMIT = 2**62
"""More points than anything costs."""


@inlined
def hold_cells(tables: WeekTables, grid: Grid, session: int, begin: int, length: int, owner: int) -> None:
    """Let a request hold some cells of a session, or nobody, if `owner` is -1."""
    base = tables.session[session, BASE] - tables.session[session, START]
    for cell in range(base + begin, base + begin + length):
        grid.owner[cell] = owner
    bits = tables.session[session, BITS] - tables.session[session, START]
    put_bits(grid.free, bits + begin, length, owner < 0)


@inlined
def session_points(tables: WeekTables, session: int, last: int, used: int) -> int:
    """Points of a session's idle time and overtime: C of this module."""
    idle = last - tables.session[session, START] - used
    return tables.weights[PER_IDLE] * idle + tables.weights[PER_OVERTIME] * max(0, last - tables.session[session, END])


COUNT, HOLD_THEM, LET_GO = range(3)
"""What to do about those who take part in a visit: count the points of holding them, hold them, or let them go."""


@inside
def deal_with(
    others: Ints | None, tables: WeekTables, grid: Grid, request: int, row: int, places: Ints, what: int
) -> int:  # fmt: skip
    """Deal with those who take part in a visit beside its own provider; returns how many points the cost changes by."""
    if others is None:
        return 0
    points = 0
    for k in range(others.shape[1]):
        session, place = others[row, k, 0], others[row, k, 1]
        if session < 0:
            continue
        begin, length = places[place], tables.step[tables.request[request, STEPS] + place, LENGTH]
        base = tables.session[session, BASE] - tables.session[session, START]
        last, used = grid.session[session, LAST], grid.session[session, USED]
        points -= session_points(tables, session, last, used)
        if what == LET_GO:
            hold_cells(tables, grid, session, begin, length, -1)
            while last > tables.session[session, START] and grid.owner[base + last - 1] < 0:
                last -= 1
            used -= length
        else:
            last, used = max(last, begin + length), used + length
        points += session_points(tables, session, last, used)
        if what == COUNT:
            continue
        if what == HOLD_THEM:
            hold_cells(tables, grid, session, begin, length, request)
        grid.session[session, LAST], grid.session[session, USED] = last, used
    return points


@inlined
def added_points(tables: WeekTables, grid: Grid, request: int, row: int, places: Ints, waited: int) -> int:
    """Points that placing a request adds; the points of leaving it out, which it saves, are not counted."""
    start = places[tables.request[request, OWN_STEP] - tables.request[request, STEPS]]
    if may_join(tables.shared, tables, grid, request, row, start):
        return int(tables.option[row, COST])
    session, hold = tables.option[row, SESSION], tables.request[request, HOLD]
    last, used = grid.session[session, LAST], grid.session[session, USED]
    new = max(last, start - tables.request[request, BEFORE] + hold)
    change = session_points(tables, session, new, used + hold) - session_points(tables, session, last, used)
    change += deal_with(tables.others, tables, grid, request, row, places, COUNT)
    return tables.option[row, COST] + change + tables.weights[PER_WAIT] * waited


@inside
def put(tables: WeekTables, grid: Grid, request: int, row: int, places: Ints) -> int:
    """Place a request; returns how many points the cost changes by."""
    tune(tables.lengths, tables, request, row)
    head, tail, own = (
        tables.request[request, STEPS],
        tables.request[request + 1, STEPS],
        tables.request[request, OWN_STEP],
    )
    session, start = tables.option[row, SESSION], places[own - head]
    waited = 0
    for step in range(head, tail):
        grid.step_start[step] = places[step - head]
        if step > head:
            waited += places[step - head] - places[step - 1 - head] - tables.step[step - 1, LENGTH]
    points = added_points(tables, grid, request, row, places, waited) - tables.request[request, LEFT_OUT]
    begin = start - tables.request[request, BEFORE]
    if not joined(tables.shared, tables, grid, request, row, start):
        hold_cells(tables, grid, session, begin, tables.request[request, HOLD], request)
        grid.session[session, USED] += tables.request[request, HOLD]
        grid.session[session, LAST] = max(grid.session[session, LAST], begin + tables.request[request, HOLD])
        deal_with(tables.others, tables, grid, request, row, places, HOLD_THEM)
        use_pools(tables, grid, request, tables.session[session, SITE], places, -1)
    grid.row[request] = row
    for k in range(tables.option[row, GROUPS], tables.option[row + 1, GROUPS]):
        grid.group_count[tables.group[k, LIMIT]] += tables.group[k, TAKES]
    return points


@bare
def take(tables: WeekTables, grid: Grid, request: int) -> int:
    """Take a request out; returns how many points the cost changes by."""
    row, head, tail = grid.row[request], tables.request[request, STEPS], tables.request[request + 1, STEPS]
    tune(tables.lengths, tables, request, row)
    session, start = tables.option[row, SESSION], grid.step_start[tables.request[request, OWN_STEP]]
    places = grid.step_start[head:tail]
    waited = 0
    for step in range(head + 1, tail):
        waited += grid.step_start[step] - grid.step_start[step - 1] - tables.step[step - 1, LENGTH]
    begin = start - tables.request[request, BEFORE]
    base = tables.session[session, BASE] - tables.session[session, START]
    change = 0
    if not left(tables.shared, tables, grid, request, base + begin, tables.request[request, HOLD]):
        use_pools(tables, grid, request, tables.session[session, SITE], places, 1)
        hold_cells(tables, grid, session, begin, tables.request[request, HOLD], -1)
        old = session_points(tables, session, grid.session[session, LAST], grid.session[session, USED])
        grid.session[session, USED] -= tables.request[request, HOLD]
        last = grid.session[session, LAST]
        while last > tables.session[session, START] and grid.owner[base + last - 1] < 0:
            last -= 1
        grid.session[session, LAST] = last
        change = session_points(tables, session, last, grid.session[session, USED]) - old
        change += deal_with(tables.others, tables, grid, request, row, places, LET_GO)
    for step in range(head, tail):
        grid.step_start[step] = -1
    grid.row[request] = -1
    for k in range(tables.option[row, GROUPS], tables.option[row + 1, GROUPS]):
        grid.group_count[tables.group[k, LIMIT]] -= tables.group[k, TAKES]
    return change - tables.option[row, COST] - tables.weights[PER_WAIT] * waited + tables.request[request, LEFT_OUT]


@inside
def first_place(tables: WeekTables, grid: Grid, request: int, row: int, places: Ints) -> int:
    """The earliest start by an option at which the visit fits, its steps in `places`; cells of waiting, or -1."""
    tune(tables.lengths, tables, request, row)
    if not may_take(tables, grid, request, row):
        return -1
    group = first_group(tables.shared, tables, grid, request, row, -1)
    while group >= 0:
        if lay_steps(tables, grid, request, row, group, places) >= 0:
            return 0
        group = first_group(tables.shared, tables, grid, request, row, group)
    session, hold = tables.option[row, SESSION], tables.request[request, HOLD]
    own, place = tables.request[request, OWN_STEP], tables.request[request, OWN_STEP] - tables.request[request, STEPS]
    bits = tables.session[session, BITS] - tables.session[session, START] - tables.request[request, BEFORE]
    begin, end = tables.option[row, EARLIEST], tables.option[row, LATEST] + 1
    while begin < end:
        count = min(WIDTH, end - begin)
        found = starts(grid.free, bits + begin, hold) & up_to(count)
        if found:
            found &= open_starts(tables, grid, own, session, begin, count)
        while found:
            start = begin + lowest(found)
            if others_free(tables.others, tables, grid, row, place, tables.step[own, LENGTH], start):
                waited = lay_others(tables, grid, request, row, start, places)
                if waited >= 0:
                    return waited
            found &= found - np.uint64(1)
        begin += count
    return -1


@inside
def best_place(
    tables: WeekTables, grid: Grid, request: int, open_session: Ints, thread: int, most: int, best: Ints, places: Ints
) -> int:  # fmt: skip
    """The option, among sessions open to a thread, that adds least and fewer than `most` points.

    Returns its row, or -1 where there is none; the starts of its steps are then in `best`; `places` is scratch.
    """
    found, least = -1, most
    saved = tables.weights[PER_IDLE] * tables.request[request, SAVES]
    for k in range(tables.request[request, OPTIONS], tables.request[request + 1, OPTIONS]):
        row = tables.ranked[k]
        if tables.option[row, COST] - saved >= least:
            break
        if open_session[tables.option[row, SESSION]] != thread:
            continue
        waited = first_place(tables, grid, request, row, places)
        if waited < 0:
            continue
        points = added_points(tables, grid, request, row, places, waited)
        if points < least:
            found, least = row, points
            for step in range(len(places)):  # a slice would also compile what to say where lengths differ
                best[step] = places[step]
    return found


@compiled
def insert_all(tables: WeekTables, grid: Grid, order: Ints, max_steps: int) -> None:
    """Insert requests in this order where they add least; left out where that costs less and nobody needs them."""
    tables, grid = by_address(tables), by_address(grid)
    open_session = np.zeros(len(tables.session), np.int64)
    places, trial = np.empty(max_steps, np.int64), np.empty(max_steps, np.int64)
    thread, most = int(np.int64(0)), int(np.int64(NO_LIMIT))  # constants would be compiled for anew
    for request in order:
        row = best_place(tables, grid, request, open_session, thread, most, places, trial)
        if row < 0:
            continue
        change = put(tables, grid, request, row, places)
        if change > 0 and not tables.request[request, FIXED]:
            take(tables, grid, request)


@compiled
def first_fit_all(tables: WeekTables, grid: Grid, order: Ints, rows: Ints, max_steps: int) -> None:
    """Insert requests in this order at the first of their options that has room; `rows` orders each one's options."""
    tables, grid = by_address(tables), by_address(grid)
    places = np.empty(max_steps, np.int64)
    for request in order:
        for k in range(tables.request[request, OPTIONS], tables.request[request + 1, OPTIONS]):
            if first_place(tables, grid, request, rows[k], places) >= 0:
                put(tables, grid, request, rows[k], places)
                break


@compiled
def place_all(tables: WeekTables, grid: Grid, requests: Ints, rows: Ints, step_start: Ints) -> None:
    """Place requests by these options at these starts of all steps; nothing is checked."""
    tables, grid = by_address(tables), by_address(grid)
    for k in range(len(requests)):
        request = requests[k]
        head, tail = tables.request[request, STEPS], tables.request[request + 1, STEPS]
        put(tables, grid, request, rows[k], step_start[head:tail].copy())
