"""Compiled questions about the grid: do a visit's steps fit, may it be placed, may it be left out.

Everything here is compiled by Numba and releases the interpreter lock, so that threads run side by side. `places`
is a scratch array for the starts of one visit's steps.
"""

from __future__ import annotations

from schedopt.arrays import Ints
from schedopt.compiled import inlined, inside, pasted
from schedopt.solver.search.grid import (
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
def use_pools(tables: WeekTables, grid: Grid, request: int, site: int, places: Ints, change: int) -> bool:
    """Add to the units left by what a visit uses; false where fewer than none are left then."""
    head, enough = tables.request[request, STEPS], True
    for step in range(head, tables.request[request + 1, STEPS]):
        start = places[step - head]
        for k in range(tables.step[step, NEEDS], tables.step[step + 1, NEEDS]):
            pool = tables.pool_at[site, tables.need[k]]
            for cell in range(max(0, start), _use_end(tables, step, pool, start)):
                grid.pool_free[pool, cell] += change
                if grid.pool_free[pool, cell] < 0:
                    enough = False
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


@inside
def lay_steps(tables: WeekTables, grid: Grid, request: int, row: int, start: int, places: Ints) -> int:
    """Put all steps around a provider step, each as near to it as what it needs allows; cells of waiting, or -1."""
    head, tail, own = (
        tables.request[request, STEPS],
        tables.request[request + 1, STEPS],
        tables.request[request, OWN_STEP],
    )
    site = tables.session[tables.option[row, SESSION], SITE]
    if may_join(tables.shared, tables, grid, request, row, start):
        places[0] = start
        free = patient_free(tables, grid, request, start, start + tables.step[own, LENGTH])
        return 0 if free and days_kept(tables.days, tables, grid, request, row, places) else -1
    if not needs_free(tables, grid, row, own, own - head, site, start):
        return -1
    places[own - head] = start
    waited = 0
    for step in range(own - 1, head - 1, -1):
        latest, found = places[step + 1 - head] - tables.step[step, LENGTH], False
        for wait in range(tables.step[step + 1, MAX_WAIT] + 1):
            if latest - wait < tables.option[row, OPENS]:
                break
            if needs_free(tables, grid, row, step, step - head, site, latest - wait):
                places[step - head], found = latest - wait, True
                waited += wait
                break
        if not found:
            return -1
    for step in range(own + 1, tail):
        earliest, found = places[step - 1 - head] + tables.step[step - 1, LENGTH], False
        for wait in range(tables.step[step, MAX_WAIT] + 1):
            if earliest + wait + tables.step[step, LENGTH] > tables.option[row, CLOSES]:
                break
            if needs_free(tables, grid, row, step, step - head, site, earliest + wait):
                places[step - head], found = earliest + wait, True
                waited += wait
                break
        if not found:
            return -1
    first, last = places[0], places[tail - 1 - head] + tables.step[tail - 1, LENGTH]
    if first < tables.option[row, OPENS] or last > tables.option[row, CLOSES]:
        return -1
    if not patient_free(tables, grid, request, first, last):
        return -1
    if tail - head > 1:  # two steps of one visit may need the same pool while it is cleaned in between
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
