r"""A pattern that a session can hold for real, drawn at given prices: no request twice, and only what fits now.

The program is that of :mod:`~schedopt.solver.bound.patterns` with one path for each cell. A path takes no request that
is on it already, found by going back along it. So a pattern drawn is possible, and not always the cheapest possible
one. Cells that are held already cost nothing to pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.compiled import inside
from schedopt.solver.bound.entries import BEFORE, BEGIN, FIRST, HOLD, IDLE, LAST, OVER, REQUEST, SHAPE, SIZE, Entries
from schedopt.solver.bound.shapes import BIG, Shapes


class PricedWeek(NamedTuple):
    """The week at some prices, as patterns are drawn from it.

    Attributes
    ----------
    entries, shapes : Entries, Shapes
        The week, without what is said of group visits: each is drawn as a visit for itself.
    price : float array, shape (options,)
        Points of an entry, pools and waiting not counted.
    chain : float array
        From :func:`~schedopt.solver.bound.shapes.price_shapes`.
    rows : int array, shape (options,)
        The option of each entry.
    """

    entries: Entries
    shapes: Shapes
    price: Floats
    chain: Floats
    rows: Ints


@inside
def _on_path(entries: Entries, came: Ints, cell: int, request: int) -> bool:
    """Whether the path that ends at a cell holds a request."""
    while cell > 0:
        entry = came[cell]
        if entry == IDLE:
            cell -= 1
            continue
        if entries.table[entry, REQUEST] == request:
            return True
        cell -= entries.table[entry, HOLD]
    return False


@inside
def draw_pattern(
    week: PricedWeek, session: int, active: Ints, count: int, room: Ints, points: Floats, came: Ints, drawn: Ints
) -> int:  # fmt: skip
    """Draw a cheap pattern for a session.

    Parameters
    ----------
    week : PricedWeek
        The week.
    session : int
        Code.
    active : int array
        Entries of the session that the pattern may use: the first `count` of this array.
    room : int array, shape (cells + 1,)
        From each cell on, the first one that is held already; the number of cells where none is.
    points, came : float array, int array, shape (cells + 1,)
        Scratch.
    drawn : int array, shape (cells, 2)
        Takes the pattern, the last visit first: an entry, and the cell in which its provider step starts.

    Returns
    -------
    int
        Visits of the pattern.
    """
    entries, shapes = week.entries, week.shapes
    size, begin = entries.session[session, SIZE], entries.session[session, BEGIN]
    for cell in range(size + 1):
        points[cell], came[cell] = BIG, IDLE
    points[0], best, end = 0.0, 0.0, 0
    for cell in range(size + 1):
        if cell > 0:
            idle = points[cell - 1] + (0 if room[cell - 1] == cell - 1 else entries.idle)
            if idle < points[cell]:
                points[cell], came[cell] = idle, IDLE
        paid = points[cell] + entries.overtime * max(0, cell - entries.session[session, OVER])
        if paid < best:
            best, end = paid, cell
        for k in range(count):
            entry = active[k]
            after = cell + entries.table[entry, HOLD]
            if cell < entries.table[entry, FIRST] or cell > entries.table[entry, LAST] or after > room[cell]:
                continue
            own, start = shapes.own[entries.table[entry, SHAPE]], begin + cell + entries.table[entry, BEFORE]
            offered = points[cell] + week.price[entry] + week.chain[own, start]
            if offered < points[after] and not _on_path(entries, came, cell, entries.table[entry, REQUEST]):
                points[after], came[after] = offered, entry
    return _read(entries, came, begin, end, drawn)


@inside
def _read(entries: Entries, came: Ints, begin: int, end: int, drawn: Ints) -> int:
    """Write the path that ends at a cell to `drawn`; returns its visits."""
    count = 0
    while end > 0:
        entry = came[end]
        if entry == IDLE:
            end -= 1
            continue
        end -= entries.table[entry, HOLD]
        drawn[count, 0], drawn[count, 1] = entry, begin + end + entries.table[entry, BEFORE]
        count += 1
    return count


def nothing_priced() -> PricedWeek:
    """A week without sessions, of which only the types matter."""
    none, edge = np.zeros(0, np.int64), np.zeros(1, np.int64)
    entries = Entries(np.zeros((0, 6), np.int64), edge, np.zeros((0, 4), np.int64), 1, 1)
    shapes = Shapes(edge, none, edge, edge, edge, none, none, np.zeros((0, 1, 2), np.int64), 1, 1)
    return PricedWeek(entries, shapes, np.zeros(0), np.zeros((1, 1)), none)
