r"""Local search on the grid: simulated annealing with ejection and reinsertion, compiled.

A move puts a request at an edge of what its session holds, takes out whoever is in the way, and puts those back where
they add least. Who finds no place that keeps the move may take somebody else's, so that visits change places in a
circle (cyclic transfers, as Thompson and Psaraftis have them). If the move changes the cost by :math:`\Delta` points,
it is kept when :math:`\Delta \le \tau`, else undone:

.. math:: \tau = -T \ln u, \quad u \text{ uniform on } (0, 1), \qquad
    P(\Delta \le \tau) = \min(1, e^{-\Delta / T})

with the temperature :math:`T` in points. So the random threshold :math:`\tau`, drawn before the move, accepts as
Metropolis et al. do. With the threshold known, a move is given up as soon as it cannot come below it any more: when
:math:`\Delta' - H > \tau`, where :math:`\Delta'` is the change so far, and :math:`H` is the most that placing the
requests :math:`A` which are still taken out can save:

.. math:: H = \sum_{r \in A} \max(0, u_r - l_r)

with :math:`u_r` the points of leaving request :math:`r` out, and :math:`l_r` the fewest points that placing it can add.

References
----------
N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller and E. Teller, Equation of state calculations by fast
computing machines, Journal of Chemical Physics 21 (1953) 1087-1092.

S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, Optimization by simulated annealing, Science 220 (1983) 671-680.

G. Schrimpf, J. Schneider, H. Stamm-Wilbrandt and G. Dueck, Record breaking optimization results using the ruin and
recreate principle, Journal of Computational Physics 159 (2000) 139-171.

P. M. Thompson and H. N. Psaraftis, Cyclic transfer algorithms for multivehicle routing and scheduling problems,
Operations Research 41 (1993) 935-946.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.by_address import by_address
from schedopt.compiled import compiled, inlined, inside
from schedopt.solver.search.clearing import (
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
from schedopt.solver.search.fits import lay_steps, may_leave, may_take
from schedopt.solver.search.grid import (
    LEAST,
    LEFT_OUT,
    OPTIONS,
    OWN_STEP,
    SESSION,
    Grid,
    WeekTables,
)
from schedopt.solver.search.moves import added_points, best_place, first_place, put, take
from schedopt.solver.search.tuning import tune

CHAINED = 3
"""Times in a move that somebody who finds no place takes somebody else's."""
SELDOM = 64
"""Where few requests are left out, each of them is drawn once in so many moves."""
FILLS = 4
"""Requests left out that are tried in the time that a move has freed."""


@inlined
def _hope(tables: WeekTables, grid: Grid, log: Ints, first: int, count: int) -> int:
    """Most points that placing again those noted from position `first` on can save: H of this module."""
    hope = 0
    for k in range(first, count):
        if grid.row[log[k, 0]] < 0:
            hope += max(0, tables.request[log[k, 0], LEFT_OUT] - tables.request[log[k, 0], LEAST])
    return hope


@inside
def _put_back(
    tables: WeekTables, grid: Grid, mine: Ints, open_session: Ints, thread: int, weight: Floats, state: Ints,
    log: Ints, tally: Ints, most: float, places: Ints, trial: Ints,
) -> bool:  # fmt: skip
    """Place again those who were taken out, each where it adds least.

    Where somebody's being left out would end the move, it takes somebody else's place, at most :data:`CHAINED` times.
    False as soon as the whole move must change the cost by more than `most` points, or when somebody whom a placed
    visit needs finds no place.
    """
    hope = _hope(tables, grid, log, 1, tally[1])
    k, chained = 0, 0
    while k + 1 < tally[1]:
        k += 1
        if tally[0] - hope > most:
            return False
        other = log[k, 0]
        if grid.row[other] >= 0:
            continue
        left_out = tables.request[other, LEFT_OUT]
        hope -= max(0, left_out - tables.request[other, LEAST])
        limit = left_out
        if tally[0] - hope > most:
            limit = min(limit, np.int64(np.floor(most)) - tally[0] + hope + left_out + 1)
        row = best_place(tables, grid, other, open_session, thread, limit, places, trial)
        if row >= 0:
            tally[0] += put(tables, grid, other, row, places)
        elif chained < CHAINED and tally[0] - hope > most:
            chained += 1
            if not enter(tables, grid, other, mine, open_session, thread, weight, state, log, tally, places):
                return False
            hope = _hope(tables, grid, log, k + 1, tally[1])
        elif not may_leave(tables, grid, other):
            return False
    return tally[0] <= most


@inside
def _fill(
    tables: WeekTables, grid: Grid, session: int, waiting: Ints, state: Ints, log: Ints, tally: Ints, places: Ints
) -> None:  # fmt: skip
    """Try some of those left out in what has become free in a session; place who fits and costs less so."""
    for _ in range(FILLS):
        other = waiting[next_number(state) % len(waiting)]
        if grid.row[other] >= 0:
            continue
        for row in range(tables.request[other, OPTIONS], tables.request[other + 1, OPTIONS]):
            if tables.option[row, SESSION] != session or tally[1] >= MOST_TOUCHED:
                continue
            waited = first_place(tables, grid, other, row, places)
            if waited < 0:
                continue
            if added_points(tables, grid, other, row, places, waited) < tables.request[other, LEFT_OUT]:
                tally[1] = remember(tables, grid, other, log, tally[1])
                tally[0] += put(tables, grid, other, row, places)
                break


@inlined
def _pick(grid: Grid, members: Ints, waiting: Ints, state: Ints) -> int:
    r"""A random request; sometimes one that is left out.

    With :math:`n` entries in `waiting`, an entry of it is drawn with probability :math:`n / \max(4n, 64)`, at most a
    quarter; where its request has been placed since, and otherwise, any member.
    """
    drawn = next_number(state) % max(4 * len(waiting), SELDOM)
    if drawn < len(waiting) and grid.row[waiting[drawn]] < 0:
        return int(waiting[drawn])
    return int(members[next_number(state) % len(members)])


@compiled
def anneal(
    tables: WeekTables, grid: Grid, members: Ints, waiting: Ints, mine: Ints, open_session: Ints, thread: int,
    temperature: float, moves: int, state: Ints, max_steps: int, weight: Floats,
) -> int:  # fmt: skip
    """Make so many moves; returns how many points the cost changed by.

    Parameters
    ----------
    tables, grid : WeekTables, Grid
        The week; the grid changes in place.
    members : int array
        Requests that this thread may move, not fixed and with an option.
    waiting : int array
        Those of the members that were left out at the beginning, the dearer ones several times.
    mine, open_session : int array, shapes (requests,) and (sessions,)
        Number of the thread that may move each request, and of the one that may use each session.
    thread : int
        Number of this thread.
    temperature : float
        Points, T in the formula of this module.
    moves : int
        Moves to try.
    state : int array, shape (1,)
        State of the random generator; changed in place, never 0.
    max_steps : int
        Most steps of a visit.
    weight : float array, shape (options,)
        How often to draw an option among those of its request, as sums of the weights up to and with it.
    """
    places, trial = np.empty(max_steps, np.int64), np.empty(max_steps, np.int64)
    log = np.empty((MOST_TOUCHED + 1, 2 + max_steps), np.int64)
    tally = np.zeros(2, np.int64)
    return _anneal(
        by_address(tables), by_address(grid), members, waiting, mine, open_session, thread, temperature, moves, state,
        weight, log, tally, places, trial,
    )  # fmt: skip


@inside
def _anneal(
    tables: WeekTables, grid: Grid, members: Ints, waiting: Ints, mine: Ints, open_session: Ints, thread: int,
    temperature: float, moves: int, state: Ints, weight: Floats, log: Ints, tally: Ints, places: Ints, trial: Ints,
) -> int:  # fmt: skip
    """As :func:`anneal`, which makes the scratch arrays."""
    total = 0
    for _ in range(moves):
        request = _pick(grid, members, waiting, state)
        row = draw(tables, request, weight, state)
        if open_session[tables.option[row, SESSION]] != thread:
            continue
        start = edge(tables, grid, request, row, state)
        if grid.row[request] == row and grid.step_start[tables.request[request, OWN_STEP]] == start:
            continue
        most = -temperature * np.log((next_number(state) + 1) / 2147483649.0)
        tally[0], tally[1] = 0, remember(tables, grid, request, log, 0)
        if grid.row[request] >= 0:
            tally[0] += take(tables, grid, request)
        tune(tables.lengths, tables, request, row)
        first = missing_first(tables, grid, request)
        fits = first < 0 or enter(tables, grid, first, mine, open_session, thread, weight, state, log, tally, places)
        fits = fits and eject(tables, grid, request, row, start, mine, thread, log, tally)
        fits = fits and part(tables, grid, request, row, mine, thread, log, tally)
        fits = fits and may_take(tables, grid, request, row)
        waited = lay_steps(tables, grid, request, row, start, places) if fits else -1
        if waited < 0:
            undo(tables, grid, log, tally[1])
            continue
        change = added_points(tables, grid, request, row, places, waited) - tables.request[request, LEFT_OUT]
        if tally[0] + change - _hope(tables, grid, log, 1, tally[1]) > most:
            undo(tables, grid, log, tally[1])
            continue
        tally[0] += put(tables, grid, request, row, places)
        if tally[1] > 1 and len(waiting):
            _fill(tables, grid, tables.option[row, SESSION], waiting, state, log, tally, places)
        if not _put_back(tables, grid, mine, open_session, thread, weight, state, log, tally, most, places, trial):
            undo(tables, grid, log, tally[1])
        else:
            total += tally[0]
    return total
