"""Compiled steps on the grid: put a visit in, take it out, find its best place.

Everything here is compiled by Numba and releases the interpreter lock, so that threads run side by side. `places`
is a scratch array for the starts of one visit's steps.
"""

from __future__ import annotations

import numpy as np

from schedopt.compiled import compiled, inlined
from schedopt.models.week import Ints
from schedopt.solver.fits import lay_steps, may_take, use_pools
from schedopt.solver.grid import (
    BASE,
    BEFORE,
    CLOSE,
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
    OPTIONS,
    OWN_STEP,
    ROOM,
    SESSION,
    SITE,
    START,
    STEPS,
    USED,
    Fixed,
    Grid,
)

NO_LIMIT = 2**62
"""More points than anything costs."""


@inlined
def measure_room(fixed: Fixed, grid: Grid, session: int) -> None:
    """Note the longest stretch of free cells of a session."""
    base, longest, run = fixed.session[session, BASE], 0, 0
    for cell in range(base, base + fixed.session[session, CLOSE] - fixed.session[session, START]):
        if grid.owner[cell] < 0:
            run += 1
            longest = max(longest, run)
        else:
            run = 0
    grid.session[session, ROOM] = longest


@inlined
def widen_room(fixed: Fixed, grid: Grid, session: int, first: int, end: int) -> None:
    """Note the longest stretch of free cells of a session after some cells have become free."""
    low = fixed.session[session, BASE]
    high = low + fixed.session[session, CLOSE] - fixed.session[session, START]
    while first > low and grid.owner[first - 1] < 0:
        first -= 1
    while end < high and grid.owner[end] < 0:
        end += 1
    grid.session[session, ROOM] = max(grid.session[session, ROOM], end - first)


@inlined
def session_points(fixed: Fixed, session: int, last: int, used: int) -> int:
    """Points of a session's idle time and overtime."""
    idle = last - fixed.session[session, START] - used
    return fixed.weights[0] * idle + fixed.weights[1] * max(0, last - fixed.session[session, END])


@inlined
def added_points(fixed: Fixed, grid: Grid, request: int, row: int, start: int, waited: int) -> int:
    """Points that placing a request adds, not counting that it is no longer left out."""
    session, hold = fixed.option[row, SESSION], fixed.request[request, HOLD]
    last, used = grid.session[session, LAST], grid.session[session, USED]
    new = max(last, start - fixed.request[request, BEFORE] + hold)
    change = session_points(fixed, session, new, used + hold) - session_points(fixed, session, last, used)
    return fixed.option[row, COST] + change + fixed.weights[2] * waited


@compiled
def put(fixed: Fixed, grid: Grid, request: int, row: int, places: Ints) -> int:
    """Place a request; returns how many points the cost changes by."""
    head, tail, own = fixed.request[request, STEPS], fixed.request[request + 1, STEPS], fixed.request[request, OWN_STEP]
    session, start = fixed.option[row, SESSION], places[own - head]
    waited = 0
    for step in range(head, tail):
        grid.step_start[step] = places[step - head]
        if step > head:
            waited += places[step - head] - places[step - 1 - head] - fixed.step[step - 1, LENGTH]
    points = added_points(fixed, grid, request, row, start, waited) - fixed.request[request, LEFT_OUT]
    begin = start - fixed.request[request, BEFORE]
    base = fixed.session[session, BASE] - fixed.session[session, START]
    for cell in range(begin, begin + fixed.request[request, HOLD]):
        grid.owner[base + cell] = request
    grid.session[session, USED] += fixed.request[request, HOLD]
    grid.session[session, LAST] = max(grid.session[session, LAST], begin + fixed.request[request, HOLD])
    measure_room(fixed, grid, session)
    grid.row[request] = row
    use_pools(fixed, grid, request, fixed.session[session, SITE], places, -1)
    for k in range(fixed.option[row, GROUPS], fixed.option[row + 1, GROUPS]):
        grid.group_count[fixed.group[k]] += 1
    return points


@compiled
def take(fixed: Fixed, grid: Grid, request: int) -> int:
    """Take a request out; returns how many points the cost changes by."""
    row, head, tail = grid.row[request], fixed.request[request, STEPS], fixed.request[request + 1, STEPS]
    session, start = fixed.option[row, SESSION], grid.step_start[fixed.request[request, OWN_STEP]]
    places = grid.step_start[head:tail]
    waited = 0
    for step in range(head + 1, tail):
        waited += grid.step_start[step] - grid.step_start[step - 1] - fixed.step[step - 1, LENGTH]
    use_pools(fixed, grid, request, fixed.session[session, SITE], places, 1)
    begin = start - fixed.request[request, BEFORE]
    base = fixed.session[session, BASE] - fixed.session[session, START]
    for cell in range(begin, begin + fixed.request[request, HOLD]):
        grid.owner[base + cell] = -1
    old = session_points(fixed, session, grid.session[session, LAST], grid.session[session, USED])
    grid.session[session, USED] -= fixed.request[request, HOLD]
    last = grid.session[session, LAST]
    while last > fixed.session[session, START] and grid.owner[base + last - 1] < 0:
        last -= 1
    grid.session[session, LAST] = last
    widen_room(fixed, grid, session, base + begin, base + begin + fixed.request[request, HOLD])
    for step in range(head, tail):
        grid.step_start[step] = -1
    grid.row[request] = -1
    for k in range(fixed.option[row, GROUPS], fixed.option[row + 1, GROUPS]):
        grid.group_count[fixed.group[k]] -= 1
    change = session_points(fixed, session, last, grid.session[session, USED]) - old
    return change - fixed.option[row, COST] - fixed.weights[2] * waited + fixed.request[request, LEFT_OUT]


@compiled
def first_place(fixed: Fixed, grid: Grid, request: int, row: int, places: Ints) -> int:
    """The earliest start by an option at which the visit fits, its steps in `places`; cells of waiting, or -1."""
    session, hold, before = fixed.option[row, SESSION], fixed.request[request, HOLD], fixed.request[request, BEFORE]
    base = fixed.session[session, BASE] - fixed.session[session, START]
    if grid.session[session, ROOM] < hold or not may_take(fixed, grid, request, row):
        return -1
    start, free = fixed.option[row, EARLIEST], 0
    cell = start - before
    while start <= fixed.option[row, LATEST]:
        while free < hold and cell < fixed.session[session, CLOSE] and grid.owner[base + cell] < 0:
            free += 1
            cell += 1
        if free < hold:
            if cell >= fixed.session[session, CLOSE]:
                return -1
            cell += 1
            start, free = cell + before, 0
            continue
        waited = lay_steps(fixed, grid, request, row, start, places)
        if waited >= 0:
            return waited
        start += 1
        free -= 1
    return -1


@compiled
def best_place(
    fixed: Fixed, grid: Grid, request: int, worth: Ints, open_session: Ints, thread: int, most: int, best: Ints
) -> int:  # fmt: skip
    """The option, among sessions open to a thread, that adds least; its steps in `best`; its row, or -1.

    `worth` holds points to add to each option in the comparison, or nothing.
    """
    places = np.empty(len(best), np.int64)
    found, least = -1, most
    for row in range(fixed.request[request, OPTIONS], fixed.request[request + 1, OPTIONS]):
        if open_session[fixed.option[row, SESSION]] != thread:
            continue
        extra = worth[row] if len(worth) else 0
        if fixed.option[row, COST] + extra - fixed.weights[0] * fixed.request[request, HOLD] >= least:
            continue
        waited = first_place(fixed, grid, request, row, places)
        if waited < 0:
            continue
        start = places[fixed.request[request, OWN_STEP] - fixed.request[request, STEPS]]
        points = added_points(fixed, grid, request, row, start, waited) + extra
        if points < least:
            found, least = row, points
            for k in range(len(places)):  # a slice would also compile what to say where lengths differ
                best[k] = places[k]
    return found


@compiled
def insert_all(fixed: Fixed, grid: Grid, order: Ints, worth: Ints, max_steps: int) -> None:
    """Insert requests in this order where they add least; left out where that costs less and nobody needs them."""
    open_session = np.zeros(len(fixed.session), np.int64)
    places = np.empty(max_steps, np.int64)
    thread, most = int(np.int64(0)), int(np.int64(NO_LIMIT))  # constants would be compiled for anew
    for request in order:
        row = best_place(fixed, grid, request, worth, open_session, thread, most, places)
        if row < 0:
            continue
        change = put(fixed, grid, request, row, places)
        if change > 0 and not fixed.request[request, FIXED]:
            take(fixed, grid, request)


@compiled
def first_fit_all(fixed: Fixed, grid: Grid, order: Ints, rows: Ints, max_steps: int) -> None:
    """Insert requests in this order at the first of their options that has room; `rows` orders each one's options."""
    places = np.empty(max_steps, np.int64)
    for request in order:
        for k in range(fixed.request[request, OPTIONS], fixed.request[request + 1, OPTIONS]):
            if first_place(fixed, grid, request, rows[k], places) >= 0:
                put(fixed, grid, request, rows[k], places)
                break


@compiled
def place_all(fixed: Fixed, grid: Grid, requests: Ints, rows: Ints, step_start: Ints) -> None:
    """Place requests by these options at these starts of all steps; nothing is checked."""
    for k in range(len(requests)):
        request = requests[k]
        head, tail = fixed.request[request, STEPS], fixed.request[request + 1, STEPS]
        put(fixed, grid, request, rows[k], step_start[head:tail].copy())
