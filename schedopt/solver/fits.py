"""Compiled questions about the grid: do a visit's steps fit, may it be placed, may it be left out.

Everything here is compiled by Numba and releases the interpreter lock, so that threads run side by side. `places`
is a scratch array for the starts of one visit's steps.
"""

from __future__ import annotations

from schedopt.compiled import compiled, inlined
from schedopt.models.week import Ints
from schedopt.solver.grid import (
    CLOSES,
    DAY,
    GAPS,
    GROUPS,
    HIGH,
    LENGTH,
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
    STEPS,
    Fixed,
    Grid,
)


@inlined
def _use_end(fixed: Fixed, step: int, pool: int, start: int) -> int:
    """The cell after a step's last use of a pool; cleaning ends at midnight."""
    midnight = (start // fixed.weights[3] + 1) * fixed.weights[3]
    return int(min(start + fixed.step[step, LENGTH] + fixed.turnover[pool], midnight))


@inlined
def pools_free(fixed: Fixed, grid: Grid, step: int, site: int, start: int) -> bool:
    """Whether every pool that a step needs has a unit for it."""
    for k in range(fixed.step[step, NEEDS], fixed.step[step + 1, NEEDS]):
        pool = fixed.pool_at[site, fixed.need[k]]
        for cell in range(max(0, start), _use_end(fixed, step, pool, start)):
            if grid.pool_free[pool, cell] <= 0:
                return False
    return True


@inlined
def use_pools(fixed: Fixed, grid: Grid, request: int, site: int, places: Ints, change: int) -> bool:
    """Add to the units left by what a visit uses; false where fewer than none are left then."""
    head, enough = fixed.request[request, STEPS], True
    for step in range(head, fixed.request[request + 1, STEPS]):
        start = places[step - head]
        for k in range(fixed.step[step, NEEDS], fixed.step[step + 1, NEEDS]):
            pool = fixed.pool_at[site, fixed.need[k]]
            for cell in range(max(0, start), _use_end(fixed, step, pool, start)):
                grid.pool_free[pool, cell] += change
                if grid.pool_free[pool, cell] < 0:
                    enough = False
    return enough


@inlined
def patient_free(fixed: Fixed, grid: Grid, request: int, first: int, last: int) -> bool:
    """Whether the patient has no other visit from the first to before the last cell."""
    for k in range(fixed.request[request, PATIENTS], fixed.request[request + 1, PATIENTS]):
        other = fixed.patient[k]
        if grid.row[other] >= 0:
            tail = fixed.request[other + 1, STEPS] - 1
            begin, end = grid.step_start[fixed.request[other, STEPS]], grid.step_start[tail] + fixed.step[tail, LENGTH]
            if begin < last and first < end:
                return False
    return True


@compiled
def lay_steps(fixed: Fixed, grid: Grid, request: int, row: int, start: int, places: Ints) -> int:
    """Put all steps around a provider step, each as near to it as pools allow; cells of waiting, or -1."""
    head, tail, own = fixed.request[request, STEPS], fixed.request[request + 1, STEPS], fixed.request[request, OWN_STEP]
    site = fixed.session[fixed.option[row, SESSION], SITE]
    if not pools_free(fixed, grid, own, site, start):
        return -1
    places[own - head] = start
    waited = 0
    for step in range(own - 1, head - 1, -1):
        latest, found = places[step + 1 - head] - fixed.step[step, LENGTH], False
        for wait in range(fixed.step[step + 1, MAX_WAIT] + 1):
            if latest - wait < fixed.option[row, OPENS]:
                break
            if pools_free(fixed, grid, step, site, latest - wait):
                places[step - head], found = latest - wait, True
                waited += wait
                break
        if not found:
            return -1
    for step in range(own + 1, tail):
        earliest, found = places[step - 1 - head] + fixed.step[step - 1, LENGTH], False
        for wait in range(fixed.step[step, MAX_WAIT] + 1):
            if earliest + wait + fixed.step[step, LENGTH] > fixed.option[row, CLOSES]:
                break
            if pools_free(fixed, grid, step, site, earliest + wait):
                places[step - head], found = earliest + wait, True
                waited += wait
                break
        if not found:
            return -1
    first, last = places[0], places[tail - 1 - head] + fixed.step[tail - 1, LENGTH]
    if first < fixed.option[row, OPENS] or last > fixed.option[row, CLOSES]:
        return -1
    if not patient_free(fixed, grid, request, first, last):
        return -1
    if tail - head > 1:  # two steps of one visit may need the same pool while it is cleaned in between
        enough = use_pools(fixed, grid, request, site, places, -1)
        use_pools(fixed, grid, request, site, places, 1)
        if not enough:
            return -1
    return waited


@inlined
def may_take(fixed: Fixed, grid: Grid, request: int, row: int) -> bool:
    """Whether limits and distances to other visits allow an option."""
    for k in range(fixed.option[row, GROUPS], fixed.option[row + 1, GROUPS]):
        if grid.group_count[fixed.group[k]] >= fixed.group_most[fixed.group[k]]:
            return False
    day = fixed.session[fixed.option[row, SESSION], DAY]
    for k in range(fixed.request[request, GAPS], fixed.request[request + 1, GAPS]):
        other = grid.row[fixed.gap[k, OTHER]]
        if other < 0:
            if fixed.gap[k, OTHER_FIRST] and fixed.gap[k, NEEDS_FIRST]:
                return False
            continue
        apart = day - fixed.session[fixed.option[other, SESSION], DAY]
        if not fixed.gap[k, OTHER_FIRST]:
            apart = -apart
        if apart < fixed.gap[k, LOW] or apart > fixed.gap[k, HIGH]:
            return False
    return True


@inlined
def may_leave(fixed: Fixed, grid: Grid, request: int) -> bool:
    """Whether no placed visit needs this one, which is left out."""
    for k in range(fixed.request[request, GAPS], fixed.request[request + 1, GAPS]):
        if not fixed.gap[k, OTHER_FIRST] and fixed.gap[k, NEEDS_FIRST] and grid.row[fixed.gap[k, OTHER]] >= 0:
            return False
    return True
