"""Local search on the grid: simulated annealing with ejection and reinsertion, compiled.

A move puts a request at an edge of what its session holds, takes out whoever is in the way, puts those back where
they add least, and is undone when the cost rises by more than the temperature forgives.
"""

from __future__ import annotations

import numpy as np

from schedopt.compiled import compiled, inlined
from schedopt.models.week import Ints
from schedopt.solver.clearing import (
    MOST_TOUCHED,
    draw,
    edge,
    eject,
    enter,
    missing_first,
    next_number,
    part,
    remember,
    undo,
)
from schedopt.solver.fits import lay_steps, may_leave, may_take
from schedopt.solver.grid import (
    HOLD,
    LEAST,
    LEFT_OUT,
    OPTIONS,
    OWN_STEP,
    ROOM,
    SESSION,
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
        other = waiting[next_number(state) % len(waiting)]
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
                tally[1] = remember(fixed, grid, other, log, tally[1])
                tally[0] += put(fixed, grid, other, row, places)
                break


@inlined
def _pick(grid: Grid, members: Ints, waiting: Ints, state: Ints) -> int:
    """A random request; now and then, at most one in four times, one that is left out."""
    drawn = next_number(state) % max(4 * len(waiting), SELDOM)
    if drawn < len(waiting) and grid.row[waiting[drawn]] < 0:
        return int(waiting[drawn])
    return int(members[next_number(state) % len(members)])


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
        row = draw(fixed, request, weight, state)
        if open_session[fixed.option[row, SESSION]] != thread:
            continue
        start = edge(fixed, grid, request, row, state)
        if grid.row[request] == row and grid.step_start[fixed.request[request, OWN_STEP]] == start:
            continue
        most = -temperature * np.log((next_number(state) + 1) / 2147483649.0)
        tally[0], tally[1] = 0, remember(fixed, grid, request, log, 0)
        if grid.row[request] >= 0:
            tally[0] += take(fixed, grid, request)
        first = missing_first(fixed, grid, request)
        fits = first < 0 or enter(fixed, grid, first, mine, open_session, thread, weight, state, log, tally, places)
        fits = fits and eject(fixed, grid, request, row, start, mine, thread, log, tally)
        fits = fits and part(fixed, grid, request, row, mine, thread, log, tally)
        fits = fits and may_take(fixed, grid, request, row)
        waited = lay_steps(fixed, grid, request, row, start, places) if fits else -1
        if waited < 0:
            undo(fixed, grid, log, tally[1])
            continue
        change = added_points(fixed, grid, request, row, start, waited) - fixed.request[request, LEFT_OUT]
        if tally[0] + change - _hope(fixed, grid, log, 1, tally[1]) > most:
            undo(fixed, grid, log, tally[1])
            continue
        tally[0] += put(fixed, grid, request, row, places)
        if tally[1] > 1 and len(waiting):
            _fill(fixed, grid, fixed.option[row, SESSION], waiting, state, log, tally, places)
        if not _put_back(fixed, grid, open_session, thread, log, tally, most, places):
            undo(fixed, grid, log, tally[1])
        else:
            total += tally[0]
    return total
