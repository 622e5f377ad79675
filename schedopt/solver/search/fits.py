"""Compiled questions about the grid: do a visit's steps fit, may it be placed, may it be left out.

Everything here is compiled by Numba and releases the interpreter lock, so that threads run side by side. `places`
is a scratch array for the starts of one visit's steps.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.compiled import inlined, inside, pasted
from schedopt.solver.search.bits import WIDTH, highest, lowest, starts, up_to
from schedopt.solver.search.grid import (
    ALIKE,
    BASE,
    CELLS_A_DAY,
    CLOSE,
    CLOSES,
    DAY,
    END,
    GAPS,
    GROUPS,
    HIGH,
    LENGTH,
    LIMIT,
    LOW,
    MAX_WAIT,
    NEEDS,
    NEEDS_FIRST,
    OPENS,
    OTHER,
    OTHER_FIRST,
    OWN_STEP,
    PATIENTS,
    SESSION,
    SITE,
    START,
    STEPS,
    TAKES,
    Grid,
    WeekTables,
)
from schedopt.solver.search.keeps import days_kept
from schedopt.solver.search.sharing import may_join

NOWHERE = -(2**62)
"""In place of a cell."""


@pasted
def _use_end(tables: WeekTables, step: int, pool: int, start: int) -> int:
    """The cell after a step's last use of a pool; cleaning ends at midnight."""
    midnight = (start // tables.weights[CELLS_A_DAY] + 1) * tables.weights[CELLS_A_DAY]
    return int(min(start + tables.step[step, LENGTH] + tables.turnover[pool], midnight))


@pasted
def pools_free(tables: WeekTables, grid: Grid, step: int, site: int, start: int) -> bool:
    """Whether every pool that a step needs has a unit for it."""
    for k in range(tables.step[step, NEEDS], tables.step[step + 1, NEEDS]):
        pool = tables.pool_at[site, tables.need[k]]
        for cell in range(max(0, start), _use_end(tables, step, pool, start)):
            if grid.pool_free[pool, cell] <= 0:
                return False
    return True


@inside
def others_free(
    others: Ints | None, tables: WeekTables, grid: Grid, row: int, place: int, length: int, start: int
) -> bool:  # fmt: skip
    """Whether all who take part in the step at a place of a visit, beside its own provider, are there and free."""
    if others is None:
        return True
    for k in range(others.shape[1]):
        session = others[row, k, 0]
        if session < 0 or others[row, k, 1] != place:
            continue
        opens, end = tables.session[session, START], start + length
        if start < opens or start >= tables.session[session, END] or end > tables.session[session, CLOSE]:
            return False
        base = tables.session[session, BASE] - opens
        for cell in range(base + start, base + end):
            if grid.owner[cell] >= 0:
                return False
    return True


@inlined
def needs_free(tables: WeekTables, grid: Grid, row: int, step: int, place: int, site: int, start: int) -> bool:
    """Whether all that a step needs is free, its visit's own provider aside; `place` is its place in the visit."""
    if not others_free(tables.others, tables, grid, row, place, tables.step[step, LENGTH], start):
        return False
    return pools_free(tables, grid, step, site, start)


@inlined
def open_starts(tables: WeekTables, grid: Grid, step: int, session: int, start: int, count: int) -> np.uint64:
    """At which of so many starts, 64 at most, every pool that a step needs has a unit; bit i for the cell start + i."""
    found = up_to(count)
    day = tables.session[session, DAY] * tables.weights[CELLS_A_DAY]
    midnight = day + tables.weights[CELLS_A_DAY]
    for k in range(tables.step[step, NEEDS], tables.step[step + 1, NEEDS]):
        pool = tables.pool_at[tables.session[session, SITE], tables.need[k]]
        length = tables.step[step, LENGTH] + tables.turnover[pool]
        if start < day or start + count + length > midnight:
            return _near_midnight(tables, grid, step, tables.session[session, SITE], start, count)
        found &= starts(grid.pool_open[pool], start, length)
    return found


@inside
def _near_midnight(tables: WeekTables, grid: Grid, step: int, site: int, start: int, count: int) -> np.uint64:
    """As :func:`open_starts`, where uses of pools end at midnight."""
    found = np.uint64(0)
    for k in range(count):
        if pools_free(tables, grid, step, site, start + k):
            found |= np.uint64(1) << np.uint64(k)
    return found


@inlined
def use_pools(tables: WeekTables, grid: Grid, request: int, site: int, places: Ints, change: int) -> bool:
    """Add to the units left by what a visit uses; false where fewer than none are left then."""
    head, enough = tables.request[request, STEPS], True
    for step in range(head, tables.request[request + 1, STEPS]):
        start = places[step - head]
        for k in range(tables.step[step, NEEDS], tables.step[step + 1, NEEDS]):
            pool = tables.pool_at[site, tables.need[k]]
            for cell in range(max(0, start), _use_end(tables, step, pool, start)):
                units = grid.pool_free[pool, cell] + change
                grid.pool_free[pool, cell] = units
                bit = np.uint64(1) << np.uint64(cell & 63)
                if units > 0:
                    grid.pool_open[pool, cell >> 6] |= bit
                else:
                    grid.pool_open[pool, cell >> 6] &= ~bit
                    enough = enough and units == 0
    return enough


@inlined
def patient_free(tables: WeekTables, grid: Grid, request: int, first: int, last: int) -> bool:
    """Whether the patient has no other visit from the first to before the last cell."""
    for k in range(tables.request[request, PATIENTS], tables.request[request + 1, PATIENTS]):
        other = tables.patient[k]
        if grid.row[other] >= 0:
            tail = tables.request[other + 1, STEPS] - 1
            begin, end = (
                grid.step_start[tables.request[other, STEPS]],
                grid.step_start[tail] + tables.step[tail, LENGTH],
            )
            if begin < last and first < end:
                return False
    return True


@inlined
def _nearest(
    tables: WeekTables, grid: Grid, row: int, step: int, place: int, near: int, count: int, way: int
) -> int:  # fmt: skip
    """Of so many starts of a step, the first from a cell on, or back where `way` is -1, at which all it needs is free.

    NOWHERE where there is none.
    """
    session, done = tables.option[row, SESSION], 0
    while done < count:
        part = min(WIDTH, count - done)
        begin = near + done if way > 0 else near - done - part + 1
        found = open_starts(tables, grid, step, session, begin, part)
        while found:
            bit = lowest(found) if way > 0 else highest(found)
            if others_free(tables.others, tables, grid, row, place, tables.step[step, LENGTH], begin + bit):
                return begin + bit
            found &= ~(np.uint64(1) << np.uint64(bit))
        done += part
    return NOWHERE


@inside
def lay_steps(tables: WeekTables, grid: Grid, request: int, row: int, start: int, places: Ints) -> int:
    """Put all steps around a provider step, each as near to it as what it needs allows; cells of waiting, or -1."""
    head, own = tables.request[request, STEPS], tables.request[request, OWN_STEP]
    if may_join(tables.shared, tables, grid, request, row, start):
        places[0] = start
        free = patient_free(tables, grid, request, start, start + tables.step[own, LENGTH])
        return 0 if free and days_kept(tables.days, tables, grid, request, row, places) else -1
    if _nearest(tables, grid, row, own, own - head, start, 1, 1) == NOWHERE:
        return -1
    return lay_others(tables, grid, request, row, start, places)


@inside
def lay_others(tables: WeekTables, grid: Grid, request: int, row: int, start: int, places: Ints) -> int:
    """As :func:`lay_steps`, where the provider step has all that it needs and joins no group visit."""
    head, tail, own = (
        tables.request[request, STEPS],
        tables.request[request + 1, STEPS],
        tables.request[request, OWN_STEP],
    )
    places[own - head] = start
    waited = 0
    for step in range(own - 1, head - 1, -1):
        latest = places[step + 1 - head] - tables.step[step, LENGTH]
        count = min(tables.step[step + 1, MAX_WAIT], latest - tables.option[row, OPENS]) + 1
        cell = _nearest(tables, grid, row, step, step - head, latest, count, -1)
        if cell == NOWHERE:
            return -1
        places[step - head] = cell
        waited += latest - cell
    for step in range(own + 1, tail):
        earliest = places[step - 1 - head] + tables.step[step - 1, LENGTH]
        count = min(tables.step[step, MAX_WAIT], tables.option[row, CLOSES] - tables.step[step, LENGTH] - earliest) + 1
        cell = _nearest(tables, grid, row, step, step - head, earliest, count, 1)
        if cell == NOWHERE:
            return -1
        places[step - head] = cell
        waited += cell - earliest
    first, last = places[0], places[tail - 1 - head] + tables.step[tail - 1, LENGTH]
    if first < tables.option[row, OPENS] or last > tables.option[row, CLOSES]:
        return -1
    if not patient_free(tables, grid, request, first, last):
        return -1
    if tables.request[request, ALIKE]:  # one step may need a pool while it is cleaned after another
        site = tables.session[tables.option[row, SESSION], SITE]
        enough = use_pools(tables, grid, request, site, places, -1)
        use_pools(tables, grid, request, site, places, 1)
        if not enough:
            return -1
    return waited if days_kept(tables.days, tables, grid, request, row, places) else -1


@inlined
def may_take(tables: WeekTables, grid: Grid, request: int, row: int) -> bool:
    """Whether limits and distances to other visits allow an option."""
    for k in range(tables.option[row, GROUPS], tables.option[row + 1, GROUPS]):
        limit = tables.group[k, LIMIT]
        if grid.group_count[limit] + tables.group[k, TAKES] > tables.group_most[limit]:
            return False
    day = tables.session[tables.option[row, SESSION], DAY]
    for k in range(tables.request[request, GAPS], tables.request[request + 1, GAPS]):
        other = grid.row[tables.gap[k, OTHER]]
        if other < 0:
            if tables.gap[k, OTHER_FIRST] and tables.gap[k, NEEDS_FIRST]:
                return False
            continue
        apart = day - tables.session[tables.option[other, SESSION], DAY]
        if not tables.gap[k, OTHER_FIRST]:
            apart = -apart
        if apart < tables.gap[k, LOW] or apart > tables.gap[k, HIGH]:
            return False
    return True


@inlined
def may_leave(tables: WeekTables, grid: Grid, request: int) -> bool:
    """Whether no placed visit needs this one, which is left out."""
    for k in range(tables.request[request, GAPS], tables.request[request + 1, GAPS]):
        if not tables.gap[k, OTHER_FIRST] and tables.gap[k, NEEDS_FIRST] and grid.row[tables.gap[k, OTHER]] >= 0:
            return False
    return True
