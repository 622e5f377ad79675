"""Options as patterns of a session use them, and the cheapest patterns found so far by the cell they end at."""

from __future__ import annotations

from typing import NamedTuple

from schedopt.arrays import Floats, Ints
from schedopt.compiled import inlined

IDLE, GROUP = -1, -2
"""In place of the entry that a pattern holds last: an idle cell; a group visit, less the first row of its kind."""
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
    shared : int array, shape (options, 2), or None
        Options of one number can be in one group visit, -1 in none; and the most of them. None without group visits:
        what is compiled for such weeks has nothing of them in it.
    """

    table: Ints
    edge: Ints
    session: Ints
    idle: int
    overtime: int
    shared: Ints | None = None


@inlined
def offer(
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
