r"""What one session can hold at given prices: the cheapest pattern of visits, by a dynamic program over its cells.

A pattern is a sequence of visits in one session, in time order, none overlapping. Each visit pays its option's cost,
the price of its request, and the prices of the pool cells that its steps use; idle cells before the last visit and
cells past the session's end pay too. So a pattern is a path from cell to cell, and the cheapest one is a shortest path.
With cells counted from the session's start, option :math:`o` holds :math:`h_o` cells from a cell between :math:`a_o`
and :math:`b_o` on, and pays :math:`\pi_o + m_o(t)` when it begins in cell :math:`t`: its own price, and that of pools
and waits (:mod:`~schedopt.solver.bound.shapes`). The cheapest pattern that fills the session up to cell :math:`t`, idle
cells included, costs

.. math::

    f(0) = 0, \qquad f(t) = \min \Bigl( f(t - 1) + i, \; \min_{o : \, a_o \le t - h_o \le b_o}
    f(t - h_o) + \pi_o + m_o(t - h_o) \Bigr)

and the cheapest of all, where overtime begins after cell :math:`E`, costs
:math:`\min(0, \min_t f(t) + w \max(0, t - E))`; :math:`i` and :math:`w` are points a cell of idle time and overtime.

Here a request may come back, so this is a lower bound of what true patterns cost. To raise it, the program keeps more
at each cell. It keeps the two cheapest paths that end with different requests, so that no request comes twice in a row
(the way in which Christofides, Mingozzi and Toth 1981 exclude loops of two customers). It keeps these for every set of
*marked* requests that a path can hold, so that a marked request comes at most once (as in Righini and Salani 2008).
Every mark doubles the number of sets. Group visits are steps of a path too (:mod:`~schedopt.solver.bound.together`).

References
----------
N. Christofides, A. Mingozzi and P. Toth, Exact algorithms for the vehicle routing problem, based on spanning tree and
shortest path relaxations, Mathematical Programming 20 (1981) 255-282.

G. Righini and M. Salani, New dynamic programming algorithms for the resource constrained elementary shortest path
problem, Networks 51 (2008) 155-170.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.compiled import compiled, inlined, inside
from schedopt.solver.bound.entries import (
    BEFORE,
    BEGIN,
    FIRST,
    GROUP,
    HOLD,
    IDLE,
    LAST,
    NOBODY,
    NOWHERE,
    OVER,
    REQUEST,
    SHAPE,
    SIZE,
    Entries,
    offer,
)
from schedopt.solver.bound.shapes import BIG, Shapes, add_uses, price_shapes
from schedopt.solver.bound.together import ROW_HOLD, add_company, count_group, in_group, list_groups, offer_groups


@inlined
def _active(
    entries: Entries, shapes: Shapes, session: int, price: Floats, marked: Ints, active: Ints, points: Floats
) -> int:  # fmt: skip
    """Copy together the entries that a cheapest pattern can use: those that cost less than as many idle cells."""
    count, begin = 0, entries.session[session, BEGIN]
    for entry in range(entries.edge[session], entries.edge[session + 1]):
        if in_group(entries.shared, entry):
            continue
        if price[entry] < entries.idle * entries.table[entry, HOLD]:
            active[count, 0], active[count, 1] = entries.table[entry, FIRST], entries.table[entry, LAST]
            active[count, 2], active[count, 3] = entries.table[entry, HOLD], entries.table[entry, REQUEST]
            active[count, 4] = shapes.own[entries.table[entry, SHAPE]]
            active[count, 5], active[count, 6] = begin + entries.table[entry, BEFORE], entry
            active[count, 7] = 0
            for k in range(marked.shape[1]):
                if marked[session, k] == entries.table[entry, REQUEST]:
                    active[count, 7] = 1 << k
            points[count] = price[entry]
            count += 1
    return count


@compiled
def cheapest(
    entries: Entries, shapes: Shapes, price: Floats, chain: Floats, sessions: Ints, marked: Ints, least: Floats,
    count: Ints, used: Ints, uses: Ints, twice: Ints,
) -> None:  # fmt: skip
    """Find the cheapest pattern of some sessions.

    Parameters
    ----------
    entries, shapes : Entries, Shapes
        The week.
    price : float array, shape (options,)
        Points of an entry, pools and waiting not counted.
    chain : float array
        From :func:`price_shapes`.
    sessions : int array
        Codes.
    marked : int array, shape (sessions, marks)
        Requests that come at most once in a session's pattern; -1 for none. Every mark doubles the work.
    least : float array, shape (sessions,)
        Takes the points of each session's cheapest pattern, 0 for the empty one.
    count, used, uses : int array, shapes (requests,), (options,) and (pools, cells + 1)
        What the patterns hold is added to these: visits by request and by entry, changes in the use of pools.
    twice : int array, shape (sessions,)
        Takes an entry whose request the session's pattern holds more than once, or -1.
    """
    size, most, masks = 0, 0, 1 << marked.shape[1]
    for session in sessions:
        size = max(size, entries.session[session, SIZE])
        most = max(most, entries.edge[session + 1] - entries.edge[session])
    points, last = np.empty((size + 1, masks, 2)), np.empty((size + 1, masks, 2), np.int64)
    came, held = np.empty((size + 1, masks, 2, 2), np.int64), np.empty(size + 1, np.int64)
    active, paid = np.empty((most, 8), np.int64), np.empty(most)
    grouped = 0 if entries.shared is None else most
    listed, group_paid, chosen = np.empty((grouped, 8), np.int64), np.empty(grouped), np.empty(grouped, np.int64)
    for session in sessions:
        least[session], twice[session] = 0.0, -1
        listing = list_groups(entries.shared, entries, shapes, session, price, listed, group_paid)
        cell, mask = _fill(
            entries, shapes, price, chain, session, marked, active, paid, points, last, came, listing, listed,
            group_paid, chosen,
        )  # fmt: skip
        if cell == 0:
            continue
        over = max(0, cell - entries.session[session, OVER])
        least[session] = points[cell, mask, 0] + entries.overtime * over
        which, num_held = 0, 0
        while cell > 0:
            entry, which = came[cell, mask, which, 0], came[cell, mask, which, 1]
            if entry == IDLE:
                cell -= 1
                continue
            if entry <= GROUP:
                cell -= listed[GROUP - entry, ROW_HOLD]
                count_group(
                    entries.shared, entries, shapes, chain, cell, GROUP - entry, listing, listed, group_paid, chosen,
                    count, used, uses,
                )  # fmt: skip
                continue
            cell -= entries.table[entry, HOLD]
            request = entries.table[entry, REQUEST]
            for k in range(marked.shape[1]):
                if marked[session, k] == request:
                    mask -= 1 << k
            for k in range(num_held):
                if held[k] == request:
                    twice[session] = entry
            held[num_held] = request
            num_held += 1
            count[request] += 1
            used[entry] += 1
            start = entries.session[session, BEGIN] + cell + entries.table[entry, BEFORE]
            add_uses(shapes, chain, entries.table[entry, SHAPE], start, uses)


@inside
def _fill(
    entries: Entries, shapes: Shapes, price: Floats, chain: Floats, session: int, marked: Ints, active: Ints,
    paid: Floats, points: Floats, last: Ints, came: Ints, listing: int, listed: Ints, group_paid: Floats, chosen: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Fill a session's table of cheapest patterns by the cell they end at and the marked requests they hold.

    Returns the cell in which the cheapest of all ends, 0 for the empty one, and what it holds.
    """
    size, masks = entries.session[session, SIZE], points.shape[1]
    num_active = _active(entries, shapes, session, price, marked, active, paid)
    points[: size + 1] = BIG
    last[: size + 1] = NOWHERE
    points[0, 0, 0], last[0, 0, 0] = 0.0, NOBODY
    best, end, holds = 0.0, 0, 0
    for cell in range(size + 1):
        over = entries.overtime * max(0, cell - entries.session[session, OVER])
        for mask in range(masks if cell > 0 else 0):
            if points[cell, mask, 0] + over < best:
                best, end, holds = points[cell, mask, 0] + over, cell, mask
            for which in range(2):
                if points[cell - 1, mask, which] < BIG:
                    idle = points[cell - 1, mask, which] + entries.idle
                    offer(points, last, came, cell, mask, idle, last[cell - 1, mask, which], IDLE, which)
        offer_groups(entries.shared, chain, cell, listing, listed, group_paid, chosen, points, last, came)
        for k in range(num_active):
            if cell < active[k, 0] or cell > active[k, 1]:
                continue
            request, after, bit = active[k, 3], cell + active[k, 2], active[k, 7]
            price_here = paid[k] + chain[active[k, 4], active[k, 5] + cell]
            for mask in range(masks):
                if mask & bit:
                    continue
                which = 1 if last[cell, mask, 0] == request else 0
                offered = points[cell, mask, which] + price_here
                if offered < points[after, mask | bit, 1]:
                    offer(points, last, came, after, mask | bit, offered, request, active[k, 6], which)
    return end, holds


@compiled
def excess(entries: Entries, shapes: Shapes, price: Floats, chain: Floats, sessions: Ints, rise: Floats) -> None:
    r"""Work out by how much a pattern that holds an entry costs more than the session's cheapest pattern.

    `rise`, shape (options,), takes points, 0 or more. Here a request may come back at once. With :math:`f` as above
    and the cheapest rest of a pattern from cell :math:`t` on,

    .. math::

        g(t) = \min \Bigl( w \max(0, t - E), \; g(t + 1) + i, \; \min_o \pi_o + m_o(t) + g(t + h_o) \Bigr),

    entry :math:`o` gets :math:`\max(0, \min_t (f(t) + \pi_o + m_o(t) + g(t + h_o)) - g(0))`. In a group visit others
    come with it: :math:`\pi_o` then includes the cheapest of those who could.
    """
    worth = price.copy() if entries.shared is not None else price
    for session in sessions:
        size, begin = entries.session[session, SIZE], entries.session[session, BEGIN]
        first = entries.edge[session]
        ahead, behind = np.full(size + 1, BIG), np.full(size + 1, BIG)
        ahead[0] = 0.0
        for entry in range(first, entries.edge[session + 1]):
            add_company(entries.shared, price, worth, first, entries.edge[session + 1], entry)
        for cell in range(size + 1):
            if cell > 0:
                ahead[cell] = min(ahead[cell], ahead[cell - 1] + entries.idle)
            for entry in range(entries.edge[session], entries.edge[session + 1]):
                if entries.table[entry, FIRST] <= cell <= entries.table[entry, LAST]:
                    own = shapes.own[entries.table[entry, SHAPE]]
                    points = worth[entry] + chain[own, begin + cell + entries.table[entry, BEFORE]]
                    after = cell + entries.table[entry, HOLD]
                    ahead[after] = min(ahead[after], ahead[cell] + points)
        for entry in range(entries.edge[session], entries.edge[session + 1]):
            rise[entry] = BIG
        for cell in range(size, -1, -1):
            behind[cell] = entries.overtime * max(0, cell - entries.session[session, OVER])
            if cell < size:
                behind[cell] = min(behind[cell], behind[cell + 1] + entries.idle)
            for entry in range(entries.edge[session], entries.edge[session + 1]):
                if entries.table[entry, FIRST] <= cell <= entries.table[entry, LAST]:
                    own = shapes.own[entries.table[entry, SHAPE]]
                    points = worth[entry] + chain[own, begin + cell + entries.table[entry, BEFORE]]
                    points += behind[cell + entries.table[entry, HOLD]]
                    behind[cell] = min(behind[cell], points)
                    rise[entry] = min(rise[entry], ahead[cell] + points)
        least = min(0.0, behind[0])
        for entry in range(entries.edge[session], entries.edge[session + 1]):
            rise[entry] = max(0.0, rise[entry] - least)


def prepare() -> None:
    """Compile what finding prices runs, or load it where an earlier process has compiled it."""
    none, nothing, table = np.zeros(0, np.int64), np.zeros(0), np.zeros((1, 1))
    edge = np.zeros(1, np.int64)
    shapes = Shapes(edge, none, edge, edge, edge, none, none, np.zeros((0, 1, 2), np.int64), 1, 1)
    entries = Entries(np.zeros((0, 6), np.int64), edge, np.zeros((0, 4), np.int64), 1, 1)
    price_shapes(shapes, table, none, table)
    cheapest(
        entries, shapes, nothing, table, none, np.zeros((0, 1), np.int64), nothing, none, none,
        np.zeros((1, 1), np.int64), none,
    )  # fmt: skip
    excess(entries, shapes, nothing, table, none, nothing)
