r"""A pattern that a session can hold for real, drawn at given prices: no request twice, and only what fits now.

The program is that of :mod:`~schedopt.solver.bound.patterns` with one path for each cell. A path takes no request that
is on it already, found by going back along it. So a pattern drawn is possible, and not always the cheapest possible
one. Cells that are held already cost nothing to pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
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
def _room(held: Flags, size: int) -> Ints:
    """The first cell from each cell on that is held, or the number of cells."""
    room = np.full(size + 1, size)
    for cell in range(size - 1, -1, -1):
        room[cell] = cell if held[cell] else room[cell + 1]
    return room


@inside
def draw_pattern(week: PricedWeek, session: int, active: Ints, held: Flags, drawn: Ints) -> int:
    """Draw a cheap pattern for a session.

    Parameters
    ----------
    week : PricedWeek
        The week.
    session : int
        Code.
    active : int array
        Entries of the session that the pattern may use.
    held : bool array, shape (cells,)
        Cells of the session that are not free.
    drawn : int array, shape (cells, 2)
        Takes the pattern, the last visit first: an entry, and the cell in which its provider step starts.

    Returns
    -------
    int
        Visits of the pattern.
    """
    entries, shapes = week.entries, week.shapes
    size, begin = entries.session[session, SIZE], entries.session[session, BEGIN]
    room = _room(held, size)
    points, came = np.full(size + 1, BIG), np.full(size + 1, IDLE)
    points[0], best, end = 0.0, 0.0, 0
    for cell in range(size + 1):
        if cell > 0:
            idle = points[cell - 1] + (0 if held[cell - 1] else entries.idle)
            if idle < points[cell]:
                points[cell], came[cell] = idle, IDLE
        paid = points[cell] + entries.overtime * max(0, cell - entries.session[session, OVER])
        if paid < best:
            best, end = paid, cell
        for entry in active:
            row = entries.table[entry]
            after = cell + row[HOLD]
            if cell < row[FIRST] or cell > row[LAST] or after > room[cell]:
                continue
            here = week.chain[shapes.own[row[SHAPE]], begin + cell + row[BEFORE]]
            offered = points[cell] + week.price[entry] + here
            if offered < points[after] and not _on_path(entries, came, cell, row[REQUEST]):
                points[after], came[after] = offered, entry
    count = 0
    while end > 0:
        if came[end] == IDLE:
            end -= 1
            continue
        drawn[count, 0] = came[end]
        end -= entries.table[came[end], HOLD]
        drawn[count, 1] = begin + end + entries.table[drawn[count, 0], BEFORE]
        count += 1
    return count


def nothing_priced() -> PricedWeek:
    """A week without sessions, of which only the types matter."""
    none, edge = np.zeros(0, np.int64), np.zeros(1, np.int64)
    entries = Entries(np.zeros((0, 6), np.int64), edge, np.zeros((0, 4), np.int64), 1, 1)
    shapes = Shapes(edge, none, edge, edge, edge, none, none, np.zeros((0, 1, 2), np.int64), 1, 1)
    return PricedWeek(entries, shapes, np.zeros(0), np.zeros((1, 1)), none)
