"""Compiled: every start at which a request fits into what is free, with what it adds and what it strands.

Here nothing is left to luck: where a visit's steps do not follow each other at once, all ways to lay them are tried.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import typeof

from schedopt.arrays import Ints
from schedopt.by_address import by_address
from schedopt.compiled import allocating, compiled, inside, is_compiled
from schedopt.solver.search.fits import (
    lay_steps,
    may_take,
    needs_free,
    others_free,
    patient_free,
    pools_free,
    use_pools,
)
from schedopt.solver.search.grid import (
    BASE,
    BEFORE,
    CLOSE,
    CLOSES,
    EARLIEST,
    END,
    HOLD,
    LATEST,
    LENGTH,
    MAX_WAIT,
    OPENS,
    OWN_STEP,
    SESSION,
    SITE,
    START,
    STEPS,
    Grid,
    WeekTables,
)
from schedopt.solver.search.keeps import days_kept
from schedopt.solver.search.moves import added_points, take
from schedopt.solver.search.sharing import may_join
from schedopt.solver.search.tuning import tune

ROW, AT, POINTS, STRANDED, GAP = range(5)
"""Columns of a table of places: option, start, points added, cells stranded, first free cell of the stretch."""
LIMITED, TAKEN, BLOCKED, ELSEWHERE, REFUSED, FITS = range(6)
"""How far an option gets: a limit or a series forbids it, a provider whom the provider step needs is taken at every
start, a pool is, the patient or somebody whom another step needs is elsewhere or has to keep time free, something that
is not compiled forbids all starts left, or it fits."""


@inside
def _step_of(head: int, own: int, depth: int) -> int:
    """Steps in the order in which they are laid: from the provider step outwards, first back, then on."""
    return own - 1 - depth if depth < own - head else head + depth + 1


@inside
def _laid_well(tables: WeekTables, grid: Grid, request: int, row: int, trial: Ints) -> bool:
    """Whether steps that all have their pools fit as a whole."""
    head, tail = tables.request[request, STEPS], tables.request[request + 1, STEPS]
    first, last = trial[0], trial[tail - 1 - head] + tables.step[tail - 1, LENGTH]
    if first < tables.option[row, OPENS] or last > tables.option[row, CLOSES]:
        return False
    if not patient_free(tables, grid, request, first, last):
        return False
    site = tables.session[tables.option[row, SESSION], SITE]
    enough = use_pools(tables, grid, request, site, trial, -1)
    use_pools(tables, grid, request, site, trial, 1)
    return enough and days_kept(tables.days, tables, grid, request, row, trial)


@allocating
def lay_best(tables: WeekTables, grid: Grid, request: int, row: int, start: int, places: Ints) -> int:
    """Put all steps around a provider step with the least waiting there can be; cells of waiting, or -1."""
    head, tail, own = (
        tables.request[request, STEPS],
        tables.request[request + 1, STEPS],
        tables.request[request, OWN_STEP],
    )
    tune(tables.lengths, tables, request, row)
    quick = lay_steps(tables, grid, request, row, start, places)
    site = tables.session[tables.option[row, SESSION], SITE]
    if quick == 0 or tail - head == 1 or not needs_free(tables, grid, row, own, own - head, site, start):
        return quick
    least, total, depth = quick, 0, 0
    waits, trial = np.zeros(tail - head, np.int64), np.empty(tail - head, np.int64)
    trial[own - head] = start
    while depth >= 0:
        over = depth == tail - head - 1
        if over:
            if _laid_well(tables, grid, request, row, trial):
                least = total
                places[: tail - head] = trial
        else:
            step, wait = _step_of(head, own, depth), waits[depth]
            if step < own:
                over = wait > tables.step[step + 1, MAX_WAIT]
                cell = trial[step + 1 - head] - tables.step[step, LENGTH] - wait
                over = over or cell < tables.option[row, OPENS]
            else:
                over = wait > tables.step[step, MAX_WAIT]
                cell = trial[step - 1 - head] + tables.step[step - 1, LENGTH] + wait
                over = over or cell + tables.step[step, LENGTH] > tables.option[row, CLOSES]
            over = over or (least >= 0 and total + wait >= least)
        if over:
            depth -= 1
            if depth >= 0:
                total -= waits[depth]
                waits[depth] += 1
        elif needs_free(tables, grid, row, step, step - head, site, cell):
            trial[step - head] = cell
            total += wait
            depth += 1
            waits[depth] = 0
        else:
            waits[depth] += 1
    return least


@compiled
def lay_one(tables: WeekTables, grid: Grid, request: int, row: int, start: int, places: Ints) -> int:
    """As :func:`lay_best`, for Python."""
    return lay_best(by_address(tables), by_address(grid), request, row, start, places)


@inside
def _rest(length: int, shortest: int) -> int:
    """Cells of a stretch that nobody can use any more."""
    return length if 0 < length < shortest else 0


@inside
def _stretch(tables: WeekTables, grid: Grid, session: int, cell: int) -> tuple[int, int]:
    """The free stretch of a session's regular hours around a free cell: first cell, cell after the last."""
    base = tables.session[session, BASE] - tables.session[session, START]
    first, last = cell, cell
    while first > tables.session[session, START] and grid.owner[base + first - 1] < 0:
        first -= 1
    while last < tables.session[session, END] and grid.owner[base + last] < 0:
        last += 1
    return first, last


@compiled
def every_place(
    tables: WeekTables, grid: Grid, request: int, rows: Ints, window: Ints, shortest: Ints, found: Ints, reach: Ints
) -> int:
    """Write a line into `found` for every option and start at which a request fits; returns how many.

    `window` is the first cell from which, and the last before which, its provider may be held. `shortest` is, by
    session, the fewest cells that any visit there holds. `reach` gets, for each of `rows`, how far the option got.
    """
    tables, grid = by_address(tables), by_address(grid)
    count, head, own = 0, tables.request[request, STEPS], tables.request[request, OWN_STEP]
    before = tables.request[request, BEFORE]
    places = np.empty(tables.request[request + 1, STEPS] - tables.request[request, STEPS], np.int64)
    for number in range(len(rows)):
        row = rows[number]
        tune(tables.lengths, tables, request, row)
        hold = tables.request[request, HOLD]
        reach[number] = LIMITED
        if not may_take(tables, grid, request, row):
            continue
        reach[number] = TAKEN
        session = tables.option[row, SESSION]
        base = tables.session[session, BASE] - tables.session[session, START]
        begin = max(tables.option[row, EARLIEST] - before, window[0])
        final = min(tables.option[row, LATEST] - before + hold, window[1], tables.session[session, CLOSE])
        free = 0
        for cell in range(begin, final):
            free = free + 1 if grid.owner[base + cell] < 0 else 0
            held = cell + 1 - hold
            joins = held >= begin and may_join(tables.shared, tables, grid, request, row, held + before)
            if free < hold and not joins:
                continue
            if not others_free(tables.others, tables, grid, row, own - head, tables.step[own, LENGTH], held + before):
                continue
            waited = lay_best(tables, grid, request, row, held + before, places)
            if waited < 0:
                alone = lay_alone(tables, grid, request, row, held + before)
                reach[number] = max(reach[number], ELSEWHERE if alone else BLOCKED)
                continue
            reach[number] = FITS
            first, last = (held, held + hold) if joins else _stretch(tables, grid, session, held)
            found[count, ROW], found[count, AT] = row, held + before
            found[count, POINTS] = added_points(tables, grid, request, row, places, waited)
            rests = _rest(held - first, shortest[session]) + _rest(last - held - hold, shortest[session])
            found[count, STRANDED], found[count, GAP] = rests, first
            count += 1
    return count


@inside
def lay_alone(tables: WeekTables, grid: Grid, request: int, row: int, start: int) -> bool:
    """Whether the pools of a visit without waits are free, so that only people are in the way."""
    head, tail, own = (
        tables.request[request, STEPS],
        tables.request[request + 1, STEPS],
        tables.request[request, OWN_STEP],
    )
    site, cell = tables.session[tables.option[row, SESSION], SITE], start
    for step in range(head, own):
        cell -= tables.step[step, LENGTH]
    for step in range(head, tail):
        if not pools_free(tables, grid, step, site, cell):
            return False
        cell += tables.step[step, LENGTH]
    return True


def prepare(tables: WeekTables, grid: Grid) -> None:
    """Compile what finds places, or load it where an earlier process has compiled it; only the types matter."""
    none = np.zeros(0, np.int64)
    found = np.zeros((0, 5), np.int64)
    _compile(every_place, tables, grid, 0, none, none, none, found, none)
    _compile(take, tables, grid, 0)
    _compile(lay_one, tables, grid, 0, 0, 0, none)


def are_compiled(tables: WeekTables, grid: Grid) -> bool | None:
    """Whether that is done; None where it is not, and nothing can be kept."""
    return is_compiled(lay_one, tables, grid, 0, 0, 0, np.zeros(0, np.int64))


def _compile(function: Any, *arguments: object) -> None:
    function.compile(tuple(typeof(argument) for argument in arguments))  # type: ignore[no-untyped-call]
