"""Local search on the grid: simulated annealing with ejection and reinsertion, compiled.

A move puts a request at an edge of what its session holds, takes out whoever is in the way, puts those back where
they add least, and is undone when the cost rises by more than the temperature forgives.
"""

from __future__ import annotations

import numpy as np

from schedopt.compiled import compiled, inlined
from schedopt.models.week import Ints
from schedopt.solver.fits import lay_steps, may_leave, may_take
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
    LEAST,
    LEFT_OUT,
    LOW,
    NEEDS_FIRST,
    OPTIONS,
    OTHER,
    OTHER_FIRST,
    OWN_STEP,
    ROOM,
    SESSION,
    START,
    STEPS,
    Fixed,
    Grid,
)
from schedopt.solver.moves import added_points, best_place, first_place, put, take
from schedopt.solver.shapes import Floats

SELDOM = 64
"""Moves out of which one goes to an entry of those left out, where these are few."""
FILLS = 4
"""Requests left out that are tried in what a move has freed."""
MOST_TOUCHED = 12
"""Most requests that one move may touch."""


@inlined
def _next(state: Ints) -> int:
    """A pseudo-random number of 31 bits (xorshift64*)."""
    x = np.uint64(state[0])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = np.int64(x)
    return int((x * np.uint64(2685821657736338717)) >> np.uint64(33))


@inlined
def _edge(fixed: Fixed, grid: Grid, request: int, row: int, state: Ints) -> int:
    """A start near a random cell that leaves no gap to a neighbour: right after one, or right before one."""
    session, before, hold = fixed.option[row, SESSION], fixed.request[request, BEFORE], fixed.request[request, HOLD]
    begin, close = fixed.session[session, START], fixed.session[session, CLOSE]
    base = fixed.session[session, BASE] - begin
    earliest, latest = fixed.option[row, EARLIEST], fixed.option[row, LATEST]
    cell = earliest + _next(state) % (latest - earliest + 1) - before
    owner = grid.owner[base + cell]
    if owner >= 0 and _next(state) % 2:
        while cell < close and grid.owner[base + cell] == owner:
            cell += 1
    elif owner >= 0:
        while cell > begin and grid.owner[base + cell - 1] == owner:
            cell -= 1
    elif _next(state) % 4:
        while cell > begin and grid.owner[base + cell - 1] < 0:
            cell -= 1
    else:
        while cell < close and grid.owner[base + cell] < 0:
            cell += 1
        cell -= hold
    return min(max(cell + before, earliest), latest)


@inlined
def _remember(fixed: Fixed, grid: Grid, request: int, log: Ints, count: int) -> int:
    """Note where a request is, before it is touched; returns how many are noted."""
    for k in range(count):
        if log[k, 0] == request:
            return count
    log[count, 0], log[count, 1] = request, grid.row[request]
    for step in range(fixed.request[request, STEPS], fixed.request[request + 1, STEPS]):
        log[count, 2 + step - fixed.request[request, STEPS]] = grid.step_start[step]
    return count + 1


@compiled
def _undo(fixed: Fixed, grid: Grid, log: Ints, count: int) -> None:
    for k in range(count):
        if grid.row[log[k, 0]] >= 0:
            take(fixed, grid, log[k, 0])
    for k in range(count):
        if log[k, 1] >= 0:
            put(fixed, grid, log[k, 0], log[k, 1], log[k, 2:])


@inlined
def _eject(
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
            tally[1] = _remember(fixed, grid, owner, log, tally[1])
            tally[0] += take(fixed, grid, owner)
    return True


@inlined
def _part(fixed: Fixed, grid: Grid, request: int, row: int, mine: Ints, thread: int, log: Ints, tally: Ints) -> bool:
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
        tally[1] = _remember(fixed, grid, other, log, tally[1])
        tally[0] += take(fixed, grid, other)
    return True


@inlined
def _missing_first(fixed: Fixed, grid: Grid, request: int) -> int:
    """A visit that has to be placed before this one can be, and is not; or -1."""
    for k in range(fixed.request[request, GAPS], fixed.request[request + 1, GAPS]):
        if fixed.gap[k, OTHER_FIRST] and fixed.gap[k, NEEDS_FIRST] and grid.row[fixed.gap[k, OTHER]] < 0:
            return int(fixed.gap[k, OTHER])
    return -1


@compiled
def _enter(
    fixed: Fixed, grid: Grid, request: int, mine: Ints, open_session: Ints, thread: int, weight: Floats, state: Ints,
    log: Ints, tally: Ints, places: Ints,
) -> bool:  # fmt: skip
    """Place a request that others need somewhere, and take out who is in the way; false if that cannot be."""
    if mine[request] != thread or fixed.request[request, OPTIONS] == fixed.request[request + 1, OPTIONS]:
        return False
    row = _draw(fixed, request, weight, state)
    if open_session[fixed.option[row, SESSION]] != thread or tally[1] >= MOST_TOUCHED:
        return False
    start = _edge(fixed, grid, request, row, state)
    tally[1] = _remember(fixed, grid, request, log, tally[1])
    if not _eject(fixed, grid, request, row, start, mine, thread, log, tally):
        return False
    if not _part(fixed, grid, request, row, mine, thread, log, tally) or not may_take(fixed, grid, request, row):
        return False
    if lay_steps(fixed, grid, request, row, start, places) < 0:
        return False
    tally[0] += put(fixed, grid, request, row, places)
    return True


@inlined
def _hope(fixed: Fixed, grid: Grid, log: Ints, first: int, count: int) -> int:
    """Most points that placing those noted from `first` on again can save."""
    hope = 0
    for k in range(first, count):
        if grid.row[log[k, 0]] < 0:
            hope += max(0, fixed.request[log[k, 0], LEFT_OUT] - fixed.request[log[k, 0], LEAST])
    return hope


@compiled
def _put_back(
    fixed: Fixed, grid: Grid, open_session: Ints, thread: int, log: Ints, tally: Ints, most: float, places: Ints
) -> bool:
    """Place those who were taken out where they add least; false once the change must stay above `most` points."""
    nothing = np.empty(0, np.int64)
    hope = _hope(fixed, grid, log, 1, tally[1])
    for k in range(1, tally[1]):
        if tally[0] - hope > most:
            return False
        other = log[k, 0]
        if grid.row[other] >= 0:
            continue
        left_out = fixed.request[other, LEFT_OUT]
        hope -= max(0, left_out - fixed.request[other, LEAST])
        limit = left_out
        if tally[0] - hope > most:
            limit = min(limit, np.int64(np.floor(most)) - tally[0] + hope + left_out + 1)
        row = best_place(fixed, grid, other, nothing, open_session, thread, limit, places)
        if row >= 0:
            tally[0] += put(fixed, grid, other, row, places)
        elif not may_leave(fixed, grid, other):
            return False
    return tally[0] <= most


@compiled
def _fill(
    fixed: Fixed, grid: Grid, session: int, waiting: Ints, state: Ints, log: Ints, tally: Ints, places: Ints
) -> None:  # fmt: skip
    """Try some of those left out in what has become free in a session; who fits there and pays is placed."""
    for _ in range(FILLS):
        other = waiting[_next(state) % len(waiting)]
        if grid.row[other] >= 0 or fixed.request[other, HOLD] > grid.session[session, ROOM]:
            continue
        for row in range(fixed.request[other, OPTIONS], fixed.request[other + 1, OPTIONS]):
            if fixed.option[row, SESSION] != session or tally[1] >= MOST_TOUCHED:
                continue
            waited = first_place(fixed, grid, other, row, places)
            if waited < 0:
                continue
            start = places[fixed.request[other, OWN_STEP] - fixed.request[other, STEPS]]
            if added_points(fixed, grid, other, row, start, waited) < fixed.request[other, LEFT_OUT]:
                tally[1] = _remember(fixed, grid, other, log, tally[1])
                tally[0] += put(fixed, grid, other, row, places)
                break


@inlined
def _pick(grid: Grid, members: Ints, waiting: Ints, state: Ints) -> int:
    """A random request; now and then, at most one in four times, one that is left out."""
    drawn = _next(state) % max(4 * len(waiting), SELDOM)
    if drawn < len(waiting) and grid.row[waiting[drawn]] < 0:
        return int(waiting[drawn])
    return int(members[_next(state) % len(members)])


@inlined
def _draw(fixed: Fixed, request: int, weight: Floats, state: Ints) -> int:
    """A random option of a request, by weight."""
    row, last = fixed.request[request, OPTIONS], fixed.request[request + 1, OPTIONS] - 1
    drawn = (_next(state) / 2147483648.0) * weight[last]
    while row < last and weight[row] <= drawn:
        row += 1
    return row


@compiled
def anneal(
    fixed: Fixed, grid: Grid, members: Ints, waiting: Ints, mine: Ints, open_session: Ints, thread: int,
    temperature: float, moves: int, state: Ints, max_steps: int, weight: Floats,
) -> int:  # fmt: skip
    """Make so many moves; returns how many points the cost changed by.

    Parameters
    ----------
    fixed, grid : Fixed, Grid
        The week; the grid changes in place.
    members : int array
        Requests that this thread may move, not fixed and with an option.
    waiting : int array
        Those of them that were left out when this began, the dearer ones several times.
    mine, open_session : int array
        Thread that may move each request, and that may use each session.
    thread : int
        This thread.
    temperature : float
        Points.
    moves : int
        Moves to try.
    state : int array, shape (1,)
        Of the random generator; changed in place, never 0.
    max_steps : int
        Most steps of a visit.
    weight : float array, shape (options,)
        How often to try an option, among its request's: sums of the weights up to and with it.
    """
    places = np.empty(max_steps, np.int64)
    log = np.empty((MOST_TOUCHED + 1, 2 + max_steps), np.int64)
    tally = np.zeros(2, np.int64)
    total = 0
    for _ in range(moves):
        request = _pick(grid, members, waiting, state)
        row = _draw(fixed, request, weight, state)
        if open_session[fixed.option[row, SESSION]] != thread:
            continue
        start = _edge(fixed, grid, request, row, state)
        if grid.row[request] == row and grid.step_start[fixed.request[request, OWN_STEP]] == start:
            continue
        most = -temperature * np.log((_next(state) + 1) / 2147483649.0)
        tally[0], tally[1] = 0, _remember(fixed, grid, request, log, 0)
        if grid.row[request] >= 0:
            tally[0] += take(fixed, grid, request)
        first = _missing_first(fixed, grid, request)
        fits = first < 0 or _enter(fixed, grid, first, mine, open_session, thread, weight, state, log, tally, places)
        fits = fits and _eject(fixed, grid, request, row, start, mine, thread, log, tally)
        fits = fits and _part(fixed, grid, request, row, mine, thread, log, tally)
        fits = fits and may_take(fixed, grid, request, row)
        waited = lay_steps(fixed, grid, request, row, start, places) if fits else -1
        if waited < 0:
            _undo(fixed, grid, log, tally[1])
            continue
        change = added_points(fixed, grid, request, row, start, waited) - fixed.request[request, LEFT_OUT]
        if tally[0] + change - _hope(fixed, grid, log, 1, tally[1]) > most:
            _undo(fixed, grid, log, tally[1])
            continue
        tally[0] += put(fixed, grid, request, row, places)
        if tally[1] > 1 and len(waiting):
            _fill(fixed, grid, fixed.option[row, SESSION], waiting, state, log, tally, places)
        if not _put_back(fixed, grid, open_session, thread, log, tally, most, places):
            _undo(fixed, grid, log, tally[1])
        else:
            total += tally[0]
    return total
