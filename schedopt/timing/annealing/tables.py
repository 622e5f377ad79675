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
MEAN, PAID = range(2)
"""Columns of what is so far."""
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
    after : float array, shape (sessions,)
        Expected minutes, at their prices, of the sessions that follow each one on the provider's day.
    free : int array, shape (pools, cells)
        Units that are free.
    left : int array, shape (groups,)
        What is left of each limit.
    until : float32 array, shape (sessions, most + 1, width)
        Probability that each session's provider is free from each tick of the day on, before the visit at each position
        and after the last.
    reach : int array, shape (sessions, most + 1, 2)
        First and last tick at which that is not 0.
    so_far : float array, shape (sessions, most + 1, 2)
        Mean of that, and what waiting and idle time are expected to cost until then, both in ticks.
    rest : float array, shape (sessions, width + long)
        Of sessions that follow others: what each and those after it are expected to cost, in ticks, if the provider is
        free from each tick on.
    straight : int array, shape (sessions,)
        Tick from which on that is a straight line.
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
    after: Floats
    free: Ints
    left: Ints
    until: Singles
    reach: Ints
    so_far: Floats
    rest: Floats
    straight: Ints
    load: Floats


class Trial(NamedTuple):
    """Two sessions as a move would leave them, and room to play them in.

    Attributes
    ----------
    sides : int array, shape (2,)
        Codes of the sessions; -1: the move changes one alone.
    number, points : int arrays, shape (2,)
        Visits, and points of their places.
    first : int array, shape (2,)
        Position of the first visit that is not as in the sheet.
    visits, starts : int arrays, shape (2, most)
        As in :class:`Sheet`.
    moved, came_from : int arrays, shape (most,)
        Visits that change sessions, and the places where they were.
    until, reach, so_far : float32, int and float arrays, shapes (width,), (2,) and (2,)
        As in :class:`Sheet`, at the moment that is played.
    begun : float32 array, shape (width + TOGETHER,)
        Probability that a visit begins at each tick.
    worth : float array, shape (width,)
        What a session is expected to cost from then on, in ticks, if a visit begins at each tick.
    """

    sides: Ints
    number: Ints
    points: Ints
    first: Ints
    visits: Ints
    starts: Ints
    moved: Ints
    came_from: Ints
    until: Singles
    reach: Ints
    so_far: Floats
    begun: Singles
    worth: Floats


def trial_for(tables: Tables, most: int) -> Trial:
    """Room for moves of sessions of so many visits at most."""
    two, pairs, row = np.zeros(2, np.int64), np.zeros((2, most), np.int64), np.zeros(most, np.int64)
    return Trial(
        two.copy(), two.copy(), two.copy(), two.copy(), pairs.copy(), pairs.copy(), row.copy(), row.copy(),
        np.zeros(tables.width, np.float32), two.copy(), np.zeros(2),
        np.zeros(tables.width + TOGETHER, np.float32), np.zeros(tables.width),
    )  # fmt: skip
