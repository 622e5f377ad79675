"""What a move of the local search takes out, and which first visits of a series it places; compiled.

`log` notes where each request was that a move touches, so that the move can be undone: request, option or -1, starts of
steps. `tally` holds two numbers: the points by which the cost has changed, and how many requests are noted.

To put a visit where others are, and to place these elsewhere, is a short ejection chain. Here all requests taken out
are placed again greedily, or a few times in somebody else's place, and a move that would touch more than
:data:`MOST_TOUCHED` requests is given up.

References
----------
F. Glover, Ejection chains, reference structures and alternating path methods for traveling salesman problems, Discrete
Applied Mathematics 65 (1996) 223-253.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.compiled import inlined, inside
from schedopt.solver.search.fits import lay_steps, may_take
from schedopt.solver.search.grid import (
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
    LENGTH,
    LOW,
    NEEDS_FIRST,
    OPTIONS,
    OTHER,
    OTHER_FIRST,
    OWN_STEP,
    SESSION,
    START,
    STEPS,
    Grid,
    WeekTables,
)
from schedopt.solver.search.moves import put, take
from schedopt.solver.search.sharing import group_start, leader_at, may_join
from schedopt.solver.search.tuning import hold_by, tune

MOST_TOUCHED = 12
"""Most requests that one move may touch."""


@inlined
def next_number(state: Ints) -> int:
    r"""A pseudo-random number of 31 bits, by the generator xorshift64*.

    With 64-bit words, :math:`\oplus` for exclusive or, and shifts by :math:`\gg` and :math:`\ll`, one step is
    :math:`x \leftarrow x \oplus (x \gg 12)`, :math:`x \leftarrow x \oplus (x \ll 25)`,
    :math:`x \leftarrow x \oplus (x \gg 27)`; the number is the 31 highest bits of
    :math:`2685821657736338717 \, x \bmod 2^{64}` (S. Vigna, An experimental exploration of Marsaglia's xorshift
    generators, scrambled, ACM Transactions on Mathematical Software 42 (2016), article 30).
    """
    x = np.uint64(state[0])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = np.int64(x)
    return int((x * np.uint64(2685821657736338717)) >> np.uint64(33))


@inlined
def edge(tables: WeekTables, grid: Grid, request: int, row: int, state: Ints) -> int:
    """A start near a random cell, at the edge of what the session holds; within the option's range of starts.

    Where a group visit is that the request can be in, three times out of four at its start. Else, where the cell is
    held, right after or right before that visit, with equal chances. Where it is free, at the
    beginning of the free stretch three times out of four, else at its end.
    """
    session, before = tables.option[row, SESSION], tables.request[request, BEFORE]
    hold = hold_by(tables.lengths, tables, request, row)
    begin, close = tables.session[session, START], tables.session[session, CLOSE]
    base = tables.session[session, BASE] - begin
    earliest, latest = tables.option[row, EARLIEST], tables.option[row, LATEST]
    cell = earliest + next_number(state) % (latest - earliest + 1) - before
    owner = grid.owner[base + cell]
    group = group_start(tables.shared, tables, grid, request, owner) if owner >= 0 else -1
    if earliest <= group <= latest and next_number(state) % 4:
        return group
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
def draw(tables: WeekTables, request: int, weight: Floats, state: Ints) -> int:
    """A random option of a request, each with a probability proportional to its weight.

    `weight` holds running sums of the weights, so this is inverse transform sampling.
    """
    row, last = tables.request[request, OPTIONS], tables.request[request + 1, OPTIONS] - 1
    drawn = (next_number(state) / 2147483648.0) * weight[last]
    while row < last and weight[row] <= drawn:
        row += 1
    return row


@inlined
def remember(tables: WeekTables, grid: Grid, request: int, log: Ints, count: int) -> int:
    """Note where a request is, before the move changes that; returns how many requests are noted."""
    for k in range(count):
        if log[k, 0] == request:
            return count
    log[count, 0], log[count, 1] = request, grid.row[request]
    for step in range(tables.request[request, STEPS], tables.request[request + 1, STEPS]):
        log[count, 2 + step - tables.request[request, STEPS]] = grid.step_start[step]
    return count + 1


@inside
def undo(tables: WeekTables, grid: Grid, log: Ints, count: int) -> None:
    """Put every request noted back to where it was."""
    for k in range(count):
        if grid.row[log[k, 0]] >= 0:
            take(tables, grid, log[k, 0])
    for k in range(count):
        if log[k, 1] >= 0:
            put(tables, grid, log[k, 0], log[k, 1], log[k, 2:])


@inlined
def eject(
    tables: WeekTables, grid: Grid, request: int, row: int, start: int, mine: Ints, thread: int, log: Ints, tally: Ints
) -> bool:
    """Take out whoever holds a cell that the request would hold; false if somebody there may not be moved.

    Looked at are the cells of the visit's own session, and those of the other providers who are needed in the provider
    step. Providers who are needed in other steps keep their visits: such a step is laid where they are free.
    """
    begin, length = start - tables.request[request, BEFORE], tables.request[request, HOLD]
    if may_join(tables.shared, tables, grid, request, row, start):
        return True
    leader = leader_at(tables.shared, tables, grid, request, row, start)
    if leader >= 0:
        return _let_go(tables, grid, leader, mine, thread, log, tally)
    if not _clear(tables, grid, tables.option[row, SESSION], begin, length, mine, thread, log, tally):
        return False
    return _clear_others(tables.others, tables, grid, request, row, start, mine, thread, log, tally)


@inside
def _clear_others(
    others: Ints | None, tables: WeekTables, grid: Grid, request: int, row: int, start: int, mine: Ints, thread: int,
    log: Ints, tally: Ints,
) -> bool:  # fmt: skip
    """Take out whoever holds those who take part in the provider step; false if somebody there may not be touched."""
    if others is None:
        return True
    for k in range(others.shape[1]):
        session, step = others[row, k, 0], tables.request[request, OWN_STEP]
        if session < 0 or others[row, k, 1] != step - tables.request[request, STEPS]:
            continue
        length = tables.step[step, LENGTH]
        inside = start >= tables.session[session, START] and start + length <= tables.session[session, CLOSE]
        if not inside or not _clear(tables, grid, session, start, length, mine, thread, log, tally):
            return False
    return True


@inlined
def _clear(
    tables: WeekTables, grid: Grid, session: int, begin: int, length: int, mine: Ints, thread: int, log: Ints,
    tally: Ints,
) -> bool:  # fmt: skip
    """Take out whoever holds some cells of a session; false if somebody there may not be moved."""
    base = tables.session[session, BASE] - tables.session[session, START]
    for cell in range(begin, begin + length):
        while grid.owner[base + cell] >= 0:
            if not _let_go(tables, grid, grid.owner[base + cell], mine, thread, log, tally):
                return False
    return True


@inlined
def _let_go(tables: WeekTables, grid: Grid, other: int, mine: Ints, thread: int, log: Ints, tally: Ints) -> bool:
    """Take out a visit; false if it may not be moved, or was touched by this move before."""
    if tables.request[other, FIXED] or mine[other] != thread or tally[1] >= MOST_TOUCHED:
        return False
    count = remember(tables, grid, other, log, tally[1])
    if count == tally[1]:
        return False
    tally[1] = count
    tally[0] += take(tables, grid, other)
    return True


@inlined
def part(
    tables: WeekTables, grid: Grid, request: int, row: int, mine: Ints, thread: int, log: Ints, tally: Ints
) -> bool:
    """Take out whoever is at a wrong distance in days from an option; false if that visit may not be moved."""
    day = tables.session[tables.option[row, SESSION], DAY]
    for k in range(tables.request[request, GAPS], tables.request[request + 1, GAPS]):
        other = tables.gap[k, OTHER]
        if grid.row[other] < 0:
            continue
        apart = day - tables.session[tables.option[grid.row[other], SESSION], DAY]
        if not tables.gap[k, OTHER_FIRST]:
            apart = -apart
        if tables.gap[k, LOW] <= apart <= tables.gap[k, HIGH]:
            continue
        if not _let_go(tables, grid, other, mine, thread, log, tally):
            return False
    return True


@inlined
def missing_first(tables: WeekTables, grid: Grid, request: int) -> int:
    """A visit that has to be placed before this one can be, and is not; or -1."""
    for k in range(tables.request[request, GAPS], tables.request[request + 1, GAPS]):
        if tables.gap[k, OTHER_FIRST] and tables.gap[k, NEEDS_FIRST] and grid.row[tables.gap[k, OTHER]] < 0:
            return int(tables.gap[k, OTHER])
    return -1


@inside
def enter(
    tables: WeekTables, grid: Grid, request: int, mine: Ints, open_session: Ints, thread: int, weight: Floats,
    state: Ints, log: Ints, tally: Ints, places: Ints,
) -> bool:  # fmt: skip
    """Place a request by a random option, and take out who is in the way.

    False if that is not possible.
    """
    if mine[request] != thread or tables.request[request, OPTIONS] == tables.request[request + 1, OPTIONS]:
        return False
    row = draw(tables, request, weight, state)
    if open_session[tables.option[row, SESSION]] != thread or tally[1] >= MOST_TOUCHED:
        return False
    tune(tables.lengths, tables, request, row)
    start = edge(tables, grid, request, row, state)
    tally[1] = remember(tables, grid, request, log, tally[1])
    if not eject(tables, grid, request, row, start, mine, thread, log, tally):
        return False
    if not part(tables, grid, request, row, mine, thread, log, tally) or not may_take(tables, grid, request, row):
        return False
    if lay_steps(tables, grid, request, row, start, places) < 0:
        return False
    tally[0] += put(tables, grid, request, row, places)
    return True
