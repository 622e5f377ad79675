"""Sessions as orders of visits with starts, in arrays that compiled code changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.timing.annealing.chances import TOGETHER, Chances, Singles

LENGTH, LEAST, BEFORE, AFTER = range(4)
"""Columns of visits: cells of the appointment, the fewest it is cut to, and of the buffers around it."""
START, END, SITE, FORMER, LATER, DAY = range(6)
"""Columns of sessions: first cell, cell after the last, code of the site; the same provider's sessions before and after
on that day, or -1; first cell of the day."""
FIRST, LAST, POINTS = range(3)
"""Columns of ranges: first and last cell in which a visit may start, and the points of starting there."""
KIND, SINCE, CELLS = range(3)
"""Columns of needs: kind of pool, cells from the visit's start, and cells; -1: as long as the appointment."""
GROUP, AMOUNT = range(2)
"""Columns of takings: group of a limit, and how much of it."""


class Tables(NamedTuple):
    """What does not change. A place is a request in one of the sessions that it may be in.

    Attributes
    ----------
    place : int array, shape (requests + 1,)
        Request r has places ``place[r]`` to ``place[r + 1] - 1``.
    session : int array, shape (places,)
        Code.
    offset, ranges : int arrays, shapes (places + 1,) and (ranges, 3)
        Of each place, where the visit may start.
    visit : int array, shape (requests, 4)
        Cells.
    need_offset, needs : int arrays, shapes (requests + 1,) and (needs, 3)
        What of pools each request holds.
    hours : int array, shape (sessions, 6)
        When and where sessions are, and which follow each other.
    pool, turnover : int arrays, shapes (sites, kinds) and (pools,)
        Pool of each kind at each site, and cells that a unit stays held after each use.
    taking_offset, takings : int arrays, shapes (places + 1,) and (takings, 2)
        What each place takes of limits.
    chances : Chances
        What may happen to each visit.
    ticks : int
        Of a cell.
    width : int
        Ticks of a day for which it is noted when providers are free.
    prices : float array, shape (3,)
        Points of a minute of waiting, idle time and overtime.
    present : float array, shape (needs, long)
        Probability that each need holds its pool so many cells after its planned start.
    roomy : float array, shape (pools, cells + long)
        Units that may be expected to be held before patients wait for one.
    strain : float
        Points of a unit that is expected to be held beyond that, for a cell.
    """

    place: Ints
    session: Ints
    offset: Ints
    ranges: Ints
    visit: Ints
    need_offset: Ints
    needs: Ints
    hours: Ints
    pool: Ints
    turnover: Ints
    taking_offset: Ints
    takings: Ints
    chances: Chances
    ticks: int
    width: int
    prices: Floats
    present: Floats
    roomy: Floats
    strain: float


class Sheet(NamedTuple):
    """What changes: who is in which session, when, and what that costs.

    Attributes
    ----------
    number : int array, shape (sessions,)
        Visits of each session.
    visits, starts : int arrays, shape (sessions, most)
        Codes in order, and the cell in which each starts.
    begin : int array, shape (sessions,)
        Cell in which each session's first visit should start.
    place : int array, shape (requests,)
        Where each request is, or -1.
    given : int array, shape (requests,)
        Cells that each visit should have until the next one starts.
    cost, points : float and int array, shape (sessions,)
        Points and expected minutes at their prices; points alone.
    free : int array, shape (pools, cells)
        Units that are free.
    left : int array, shape (groups,)
        What is left of each limit.
    until : float32 array, shape (sessions, width)
        Probability that each session's provider is free after it from each tick of the day on.
    reach : int array, shape (sessions, 2)
        First and last tick at which that is not 0.
    load : float array, shape (pools, cells + long)
        Units that are expected to be held.
    """

    number: Ints
    visits: Ints
    starts: Ints
    begin: Ints
    place: Ints
    given: Ints
    cost: Floats
    points: Ints
    free: Ints
    left: Ints
    until: Singles
    reach: Ints
    load: Floats


class Trial(NamedTuple):
    """Two sessions as a move would leave them, and room to play them in.

    Attributes
    ----------
    sides : int array, shape (2,)
        Codes of the sessions; -1: the move changes one alone.
    number, points : int arrays, shape (2,)
        Visits, and points of their places.
    visits, starts : int arrays, shape (2, most)
        As in :class:`Sheet`.
    moved, came_from : int arrays, shape (most,)
        Visits that change sessions, and the places where they were.
    codes, cost : int and float array, shape (rows + 1,)
        Sessions that were played, in order, then -1; what each costs.
    until, reach : float32 array, shape (rows, width), and int array, shape (rows, 2)
        As in :class:`Sheet`, of these sessions.
    begun : float32 array, shape (width,)
        Probability that a visit begins at each tick.
    """

    sides: Ints
    number: Ints
    points: Ints
    visits: Ints
    starts: Ints
    moved: Ints
    came_from: Ints
    codes: Ints
    cost: Floats
    until: Singles
    reach: Ints
    begun: Singles


def trial_for(tables: Tables, most: int) -> Trial:
    """Room for moves of sessions of so many visits at most."""
    two, pairs, row = np.zeros(2, np.int64), np.zeros((2, most), np.int64), np.zeros(most, np.int64)
    rows = 2 * _in_a_day(tables)
    return Trial(
        two.copy(), two.copy(), two.copy(), pairs.copy(), pairs.copy(), row.copy(), row.copy(),
        np.full(rows + 1, -1), np.zeros(rows + 1), np.zeros((rows, tables.width), np.float32),
        np.zeros((rows, 2), np.int64), np.zeros(tables.width + TOGETHER, np.float32),
    )  # fmt: skip


def _in_a_day(tables: Tables) -> int:
    """Most sessions that a provider has on a day."""
    now, most = np.arange(len(tables.hours)), 0
    while len(now):
        now, most = tables.hours[now, LATER], most + 1
        now = now[now >= 0]
    return most
