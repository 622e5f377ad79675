"""What a move of the local search takes out, and what it brings along; compiled.

`log` notes where everybody was whom a move touches, so that it can be undone: request, option or -1, starts of steps.
`tally` holds how many points the cost changed by, and how many requests are noted.
"""

from __future__ import annotations

import numpy as np

from schedopt.compiled import compiled, inlined
from schedopt.models.week import Ints
from schedopt.solver.fits import lay_steps, may_take
from schedopt.solver.grid import (
    BASE,
    BEFORE,
    CLOSE,
    DAY,
    EARLIEST,
    FIXED,
    GAPS,
    HIGH,
    HOLD,
    LATEST,
    LOW,
    NEEDS_FIRST,
    OPTIONS,
    OTHER,
    OTHER_FIRST,
    SESSION,
    START,
    STEPS,
    Fixed,
    Grid,
)
from schedopt.solver.moves import put, take
from schedopt.solver.shapes import Floats

MOST_TOUCHED = 12
"""Most requests that one move may touch."""


@inlined
def next_number(state: Ints) -> int:
    """A pseudo-random number of 31 bits (xorshift64*)."""
    x = np.uint64(state[0])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = np.int64(x)
    return int((x * np.uint64(2685821657736338717)) >> np.uint64(33))


@inlined
def edge(fixed: Fixed, grid: Grid, request: int, row: int, state: Ints) -> int:
    """A start near a random cell that leaves no gap to a neighbour: right after one, or right before one."""
    session, before, hold = fixed.option[row, SESSION], fixed.request[request, BEFORE], fixed.request[request, HOLD]
    begin, close = fixed.session[session, START], fixed.session[session, CLOSE]
    base = fixed.session[session, BASE] - begin
    earliest, latest = fixed.option[row, EARLIEST], fixed.option[row, LATEST]
    cell = earliest + next_number(state) % (latest - earliest + 1) - before
    owner = grid.owner[base + cell]
    if owner >= 0 and next_number(state) % 2:
        while cell < close and grid.owner[base + cell] == owner:
            cell += 1
    elif owner >= 0:
        while cell > begin and grid.owner[base + cell - 1] == owner:
            cell -= 1
    elif next_number(state) % 4:
        while cell > begin and grid.owner[base + cell - 1] < 0:
            cell -= 1
    else:
        while cell < close and grid.owner[base + cell] < 0:
            cell += 1
        cell -= hold
    return min(max(cell + before, earliest), latest)


@inlined
def draw(fixed: Fixed, request: int, weight: Floats, state: Ints) -> int:
    """A random option of a request, by weight."""
    row, last = fixed.request[request, OPTIONS], fixed.request[request + 1, OPTIONS] - 1
    drawn = (next_number(state) / 2147483648.0) * weight[last]
    while row < last and weight[row] <= drawn:
        row += 1
    return row


@inlined
def remember(fixed: Fixed, grid: Grid, request: int, log: Ints, count: int) -> int:
    """Note where a request is, before it is touched; returns how many are noted."""
    for k in range(count):
        if log[k, 0] == request:
            return count
    log[count, 0], log[count, 1] = request, grid.row[request]
    for step in range(fixed.request[request, STEPS], fixed.request[request + 1, STEPS]):
        log[count, 2 + step - fixed.request[request, STEPS]] = grid.step_start[step]
    return count + 1


@compiled
def undo(fixed: Fixed, grid: Grid, log: Ints, count: int) -> None:
    """Put everybody back to where the log says they were."""
    for k in range(count):
        if grid.row[log[k, 0]] >= 0:
            take(fixed, grid, log[k, 0])
    for k in range(count):
        if log[k, 1] >= 0:
            put(fixed, grid, log[k, 0], log[k, 1], log[k, 2:])


@inlined
def eject(
    fixed: Fixed, grid: Grid, request: int, row: int, start: int, mine: Ints, thread: int, log: Ints, tally: Ints
) -> bool:
    """Take out whoever holds a cell that the request would; false if somebody there may not be touched.

    `tally` holds how many points the cost changed by, and how many requests are noted in the log.
    """
    session = fixed.option[row, SESSION]
    base = fixed.session[session, BASE] - fixed.session[session, START]
    begin = start - fixed.request[request, BEFORE]
    for cell in range(begin, begin + fixed.request[request, HOLD]):
        owner = grid.owner[base + cell]
        if owner >= 0:
            if fixed.request[owner, FIXED] or mine[owner] != thread or tally[1] >= MOST_TOUCHED:
                return False
            tally[1] = remember(fixed, grid, owner, log, tally[1])
            tally[0] += take(fixed, grid, owner)
    return True


@inlined
def part(fixed: Fixed, grid: Grid, request: int, row: int, mine: Ints, thread: int, log: Ints, tally: Ints) -> bool:
    """Take out whoever is at a wrong distance in days from an option; false if that visit may not be touched."""
    day = fixed.session[fixed.option[row, SESSION], DAY]
    for k in range(fixed.request[request, GAPS], fixed.request[request + 1, GAPS]):
        other = fixed.gap[k, OTHER]
        if grid.row[other] < 0:
            continue
        apart = day - fixed.session[fixed.option[grid.row[other], SESSION], DAY]
        if not fixed.gap[k, OTHER_FIRST]:
            apart = -apart
        if fixed.gap[k, LOW] <= apart <= fixed.gap[k, HIGH]:
            continue
        if fixed.request[other, FIXED] or mine[other] != thread or tally[1] >= MOST_TOUCHED:
            return False
        tally[1] = remember(fixed, grid, other, log, tally[1])
        tally[0] += take(fixed, grid, other)
    return True


@inlined
def missing_first(fixed: Fixed, grid: Grid, request: int) -> int:
    """A visit that has to be placed before this one can be, and is not; or -1."""
    for k in range(fixed.request[request, GAPS], fixed.request[request + 1, GAPS]):
        if fixed.gap[k, OTHER_FIRST] and fixed.gap[k, NEEDS_FIRST] and grid.row[fixed.gap[k, OTHER]] < 0:
            return int(fixed.gap[k, OTHER])
    return -1


@compiled
def enter(
    fixed: Fixed, grid: Grid, request: int, mine: Ints, open_session: Ints, thread: int, weight: Floats, state: Ints,
    log: Ints, tally: Ints, places: Ints,
) -> bool:  # fmt: skip
    """Place a request that others need somewhere, and take out who is in the way; false if that cannot be."""
    if mine[request] != thread or fixed.request[request, OPTIONS] == fixed.request[request + 1, OPTIONS]:
        return False
    row = draw(fixed, request, weight, state)
    if open_session[fixed.option[row, SESSION]] != thread or tally[1] >= MOST_TOUCHED:
        return False
    start = edge(fixed, grid, request, row, state)
    tally[1] = remember(fixed, grid, request, log, tally[1])
    if not eject(fixed, grid, request, row, start, mine, thread, log, tally):
        return False
    if not part(fixed, grid, request, row, mine, thread, log, tally) or not may_take(fixed, grid, request, row):
        return False
    if lay_steps(fixed, grid, request, row, start, places) < 0:
        return False
    tally[0] += put(fixed, grid, request, row, places)
    return True
