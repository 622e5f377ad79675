"""What one session can hold at given prices: the cheapest pattern of visits, by a dynamic program over its cells.

A pattern is a sequence of visits in one session, in time order, none overlapping. Each visit pays its option's cost,
the price of its request, and the prices of the pool cells that its steps use; idle cells before the last visit and
cells past the session's end pay too. Here a request may come back in a pattern, though not at once after itself, nor if
it is marked for the session: that keeps the program small, and its optimum a lower bound of what true patterns cost.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.compiled import compiled, inlined
from schedopt.models.week import Ints
from schedopt.solver.shapes import BIG, Floats, Shapes, add_uses, price_shapes

NOBODY, NOWHERE = -1, -2
"""In place of the last request of a pattern: there is none yet; there is no such pattern."""
REQUEST, FIRST, LAST, HOLD, BEFORE, SHAPE = range(6)
"""Columns of :attr:`Entries.table`."""
BEGIN, SIZE, OVER, DAY = range(4)
"""Columns of :attr:`Entries.session`."""


class Entries(NamedTuple):
    """Options by session.

    Attributes
    ----------
    table : int array, shape (options, 6)
        Request; first and last cell of the session, counted from its start, in which the visit can begin to hold the
        provider; cells held, and those of them before the provider step; shape.
    edge : int array, shape (sessions + 1,)
        Session s has entries ``edge[s]`` to ``edge[s + 1] - 1``.
    session : int array, shape (sessions, 4)
        Start; cells with overtime; cells after which overtime begins; day.
    idle, overtime : int
        Points a cell.
    """

    table: Ints
    edge: Ints
    session: Ints
    idle: int
    overtime: int


@inlined
def _offer(
    points: Floats, last: Ints, came: Ints, cell: int, mask: int, offered: float, request: int, entry: int, by: int
) -> None:  # fmt: skip
    """Keep the two cheapest patterns that end at a cell, hold the same marked requests and end with different ones."""
    if offered < points[cell, mask, 0]:
        if last[cell, mask, 0] != request:
            points[cell, mask, 1], last[cell, mask, 1] = points[cell, mask, 0], last[cell, mask, 0]
            came[cell, mask, 1, 0], came[cell, mask, 1, 1] = came[cell, mask, 0, 0], came[cell, mask, 0, 1]
        points[cell, mask, 0], last[cell, mask, 0] = offered, request
        came[cell, mask, 0, 0], came[cell, mask, 0, 1] = entry, by
    elif offered < points[cell, mask, 1] and last[cell, mask, 0] != request:
        points[cell, mask, 1], last[cell, mask, 1] = offered, request
        came[cell, mask, 1, 0], came[cell, mask, 1, 1] = entry, by


@inlined
def _active(
    entries: Entries, shapes: Shapes, session: int, price: Floats, marked: Ints, active: Ints, points: Floats
) -> int:  # fmt: skip
    """Copy together the entries that a cheapest pattern can use: those not dearer than the idle time they save."""
    count, begin = 0, entries.session[session, BEGIN]
    for entry in range(entries.edge[session], entries.edge[session + 1]):
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
        To each is added what the patterns hold: visits by request and by entry, changes in the use of pools.
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
    for session in sessions:
        least[session], twice[session] = 0.0, -1
        cell, mask = _fill(entries, shapes, price, chain, session, marked, active, paid, points, last, came)
        if cell == 0:
            continue
        over = max(0, cell - entries.session[session, OVER])
        least[session] = points[cell, mask, 0] + entries.overtime * over
        which, num_held = 0, 0
        while cell > 0:
            entry, which = came[cell, mask, which, 0], came[cell, mask, which, 1]
            if entry < 0:
                cell -= 1
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


@compiled
def _fill(
    entries: Entries, shapes: Shapes, price: Floats, chain: Floats, session: int, marked: Ints, active: Ints,
    paid: Floats, points: Floats, last: Ints, came: Ints,
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
                    _offer(points, last, came, cell, mask, idle, last[cell - 1, mask, which], -1, which)
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
                    _offer(points, last, came, after, mask | bit, offered, request, active[k, 6], which)
    return end, holds


@compiled
def excess(entries: Entries, shapes: Shapes, price: Floats, chain: Floats, sessions: Ints, rise: Floats) -> None:
    """Work out what holding an entry costs more than a session's cheapest pattern, at the entry's best start.

    `rise`, shape (options,), takes points, 0 or more. Patterns are those in which a request may come back at once.
    """
    for session in sessions:
        size, begin = entries.session[session, SIZE], entries.session[session, BEGIN]
        ahead, behind = np.full(size + 1, BIG), np.full(size + 1, BIG)
        ahead[0] = 0.0
        for cell in range(size + 1):
            if cell > 0:
                ahead[cell] = min(ahead[cell], ahead[cell - 1] + entries.idle)
            for entry in range(entries.edge[session], entries.edge[session + 1]):
                if entries.table[entry, FIRST] <= cell <= entries.table[entry, LAST]:
                    own = shapes.own[entries.table[entry, SHAPE]]
                    points = price[entry] + chain[own, begin + cell + entries.table[entry, BEFORE]]
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
                    points = price[entry] + chain[own, begin + cell + entries.table[entry, BEFORE]]
                    points += behind[cell + entries.table[entry, HOLD]]
                    behind[cell] = min(behind[cell], points)
                    rise[entry] = min(rise[entry], ahead[cell] + points)
        least = min(0.0, behind[0])
        for entry in range(entries.edge[session], entries.edge[session + 1]):
            rise[entry] = max(0.0, rise[entry] - least)


@compiled
def load(entries: Entries, price: Floats, minute: Floats, order: Ints, offset: Ints, held: Ints) -> float:
    """Give every request to the session where its price and its cells' prices are least, if that is below 0.

    Parameters
    ----------
    entries : Entries
        The week.
    price : float array, shape (options,)
        Points of an entry.
    minute : float array, shape (sessions,)
        Points of a cell of each session.
    order, offset : int array
        Entries by request: request r has ``order[offset[r]]`` to ``order[offset[r + 1] - 1]``.
    held : int array, shape (sessions,)
        To this is added how many cells of each session are taken.

    Returns
    -------
    float
        Points of all requests.
    """
    total = 0.0
    for request in range(len(offset) - 1):
        least, best, cells = 0.0, -1, 0
        for k in range(offset[request], offset[request + 1]):
            entry, session = order[k, 0], order[k, 1]
            points = price[entry] + entries.table[entry, HOLD] * minute[session]
            if points < least:
                least, best, cells = points, session, entries.table[entry, HOLD]
        total += least
        if best >= 0:
            held[best] += cells
    return total


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
    load(entries, nothing, nothing, np.zeros((0, 2), np.int64), edge, none)
