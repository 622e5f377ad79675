r"""What a move's sessions hold of pools and take of limits, and how strained pools are expected to be. Compiled.

Pools have to suffice for what is planned. Visits overrun, so patients wait for each other where more is expected to be
held than there is room for: with :math:`m_{pt}` units of pool p expected to be held in cell t, and :math:`r_{pt}` units
of room, these waits are priced at

.. math:: s \sum_{pt} \max(0, m_{pt} - r_{pt})

points, where :math:`s` is the price of a cell in which a patient waits and a provider is idle.
"""

from __future__ import annotations

from schedopt.arrays import Ints
from schedopt.compiled import inlined, inside
from schedopt.timing.annealing.tables import (
    AFTER,
    AMOUNT,
    BEFORE,
    CELLS,
    GROUP,
    KIND,
    LENGTH,
    SINCE,
    SITE,
    Sheet,
    Tables,
    Trial,
)


@inside
def _hold(
    tables: Tables, sheet: Sheet, session: int, first: int, count: int, visits: Ints, starts: Ints, row: int, units: int
) -> bool:  # fmt: skip
    """Take units of pools for a session's visits from a position on, or give them back; whether there were enough.

    How long the visit before holds them depends on when the next one starts.
    """
    enough = True
    for n in range(max(0, first - 1), count):
        visit = visits[row, n]
        length = tables.visit[visit, LENGTH]
        if n < count - 1:
            until = starts[row, n + 1] - starts[row, n]
            until -= tables.visit[visit, AFTER] + tables.visit[visits[row, n + 1], BEFORE]
            length = max(1, min(length, until))
        for need in range(tables.need_offset[visit], tables.need_offset[visit + 1]):
            pool = tables.pool[tables.hours[session, SITE], tables.needs[need, KIND]]
            since = starts[row, n] + tables.needs[need, SINCE]
            cells = tables.needs[need, CELLS]
            cells = length if cells < 0 else cells
            for cell in range(since, since + cells + tables.turnover[pool]):
                sheet.free[pool, cell] -= units
                enough = enough and sheet.free[pool, cell] >= 0
    return enough


@inlined
def _take(tables: Tables, sheet: Sheet, place: int, units: int) -> bool:
    """Take what a place takes of limits, or give it back; whether there was enough."""
    enough = True
    for row in range(tables.taking_offset[place], tables.taking_offset[place + 1]):
        sheet.left[tables.takings[row, GROUP]] -= units * tables.takings[row, AMOUNT]
        enough = enough and sheet.left[tables.takings[row, GROUP]] >= 0
    return enough


@inside
def strained(
    tables: Tables, sheet: Sheet, session: int, first: int, count: int, visits: Ints, starts: Ints, row: int, units: int
) -> float:  # fmt: skip
    """Add what a session's visits are expected to hold of pools from a position on, or take it off.

    Returns by how many points strain changes.
    """
    change = 0.0
    for n in range(first, count):
        visit = visits[row, n]
        for need in range(tables.need_offset[visit], tables.need_offset[visit + 1]):
            pool = tables.pool[tables.hours[session, SITE], tables.needs[need, KIND]]
            since = starts[row, n] + tables.needs[need, SINCE]
            for k in range(tables.present.shape[1]):
                old, roomy = sheet.load[pool, since + k], tables.roomy[pool, since + k]
                new = old + units * tables.present[need, k]
                sheet.load[pool, since + k] = new
                change += max(0.0, new - roomy) - max(0.0, old - roomy)
    return tables.strain * change


@inside
def exchanged(tables: Tables, sheet: Sheet, trial: Trial, moved: int, units: int) -> bool:
    """Take what a move needs for what it gives back (`units` 1), or the other way round (-1); whether it was there."""
    enough = True
    for side in range(1 if trial.sides[1] < 0 else 2):
        session, first = trial.sides[side], trial.first[side]
        _hold(tables, sheet, session, first, sheet.number[session], sheet.visits, sheet.starts, session, -units)
    for n in range(moved):
        _take(tables, sheet, trial.came_from[n], -units)
    for side in range(1 if trial.sides[1] < 0 else 2):
        session, first = trial.sides[side], trial.first[side]
        if not _hold(tables, sheet, session, first, trial.number[side], trial.visits, trial.starts, side, units):
            enough = False
    for n in range(moved):
        if not _take(tables, sheet, sheet.place[trial.moved[n]], units):
            enough = False
    return enough


@inside
def strain_of(tables: Tables, sheet: Sheet, trial: Trial, units: int) -> float:
    """By how many points a move changes strain (`units` 1), or its being undone (-1)."""
    change = 0.0
    for side in range(1 if trial.sides[1] < 0 else 2):
        session, first = trial.sides[side], trial.first[side]
        count = sheet.number[session]
        change += strained(tables, sheet, session, first, count, sheet.visits, sheet.starts, session, -units)
        change += strained(tables, sheet, session, first, trial.number[side], trial.visits, trial.starts, side, units)
    return change
