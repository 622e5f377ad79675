"""Compiled: every start at which a request fits into what is free, with what it adds and what it strands.

Here nothing is left to luck: where a visit's steps do not follow each other at once, all ways to lay them are tried.
"""

from __future__ import annotations

import numpy as np

from schedopt.compiled import compiled
from schedopt.models.week import Ints
from schedopt.solver.fits import lay_steps, may_take, patient_free, pools_free, use_pools
from schedopt.solver.grid import (
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
    Fixed,
    Grid,
)
from schedopt.solver.moves import added_points

ROW, AT, POINTS, STRANDED, GAP = range(5)
"""Columns of a table of places: option, start, points added, cells stranded, first free cell of the stretch."""
LIMITED, TAKEN, BLOCKED, ELSEWHERE, FITS = range(5)
"""How far an option gets: a limit or a series forbids it, its provider is taken at every start, a pool is, the patient
has another visit, or it fits."""


@compiled
def _step_of(head: int, own: int, depth: int) -> int:
    """Steps in the order in which they are laid: from the provider step outwards, first back, then on."""
    return own - 1 - depth if depth < own - head else head + depth + 1


@compiled
def _laid_well(fixed: Fixed, grid: Grid, request: int, row: int, trial: Ints) -> bool:
    """Whether steps that all have their pools fit as a whole."""
    head, tail = fixed.request[request, STEPS], fixed.request[request + 1, STEPS]
    first, last = trial[0], trial[tail - 1 - head] + fixed.step[tail - 1, LENGTH]
    if first < fixed.option[row, OPENS] or last > fixed.option[row, CLOSES]:
        return False
    if not patient_free(fixed, grid, request, first, last):
        return False
    site = fixed.session[fixed.option[row, SESSION], SITE]
    enough = use_pools(fixed, grid, request, site, trial, -1)
    use_pools(fixed, grid, request, site, trial, 1)
    return enough


@compiled
def lay_best(fixed: Fixed, grid: Grid, request: int, row: int, start: int, places: Ints) -> int:
    """Put all steps around a provider step with the least waiting there can be; cells of waiting, or -1."""
    head, tail, own = fixed.request[request, STEPS], fixed.request[request + 1, STEPS], fixed.request[request, OWN_STEP]
    quick = lay_steps(fixed, grid, request, row, start, places)
    site = fixed.session[fixed.option[row, SESSION], SITE]
    if quick == 0 or tail - head == 1 or not pools_free(fixed, grid, own, site, start):
        return quick
    least, total, depth = quick, 0, 0
    waits, trial = np.zeros(tail - head, np.int64), np.empty(tail - head, np.int64)
    trial[own - head] = start
    while depth >= 0:
        over = depth == tail - head - 1
        if over:
            if _laid_well(fixed, grid, request, row, trial):
                least = total
                places[: tail - head] = trial
        else:
            step, wait = _step_of(head, own, depth), waits[depth]
            if step < own:
                over = wait > fixed.step[step + 1, MAX_WAIT]
                cell = trial[step + 1 - head] - fixed.step[step, LENGTH] - wait
                over = over or cell < fixed.option[row, OPENS]
            else:
                over = wait > fixed.step[step, MAX_WAIT]
                cell = trial[step - 1 - head] + fixed.step[step - 1, LENGTH] + wait
                over = over or cell + fixed.step[step, LENGTH] > fixed.option[row, CLOSES]
            over = over or (least >= 0 and total + wait >= least)
        if over:
            depth -= 1
            if depth >= 0:
                total -= waits[depth]
                waits[depth] += 1
        elif pools_free(fixed, grid, step, site, cell):
            trial[step - head] = cell
            total += wait
            depth += 1
            waits[depth] = 0
        else:
            waits[depth] += 1
    return least


@compiled
def _rest(length: int, shortest: int) -> int:
    """Cells of a stretch that nobody can use any more."""
    return length if 0 < length < shortest else 0


@compiled
def _stretch(fixed: Fixed, grid: Grid, session: int, cell: int) -> tuple[int, int]:
    """The free stretch of a session's regular hours around a free cell: first cell, cell after the last."""
    base = fixed.session[session, BASE] - fixed.session[session, START]
    first, last = cell, cell
    while first > fixed.session[session, START] and grid.owner[base + first - 1] < 0:
        first -= 1
    while last < fixed.session[session, END] and grid.owner[base + last] < 0:
        last += 1
    return first, last


@compiled
def every_place(
    fixed: Fixed, grid: Grid, request: int, rows: Ints, window: Ints, shortest: Ints, found: Ints, reach: Ints
) -> int:
    """Write a line into `found` for every option and start at which a request fits; returns how many.

    `window` is the first cell from which, and the last before which, its provider may be held. `shortest` is, by
    session, the fewest cells that any visit there holds. `reach` gets, for each of `rows`, how far the option got.
    """
    count = 0
    hold, before = fixed.request[request, HOLD], fixed.request[request, BEFORE]
    places = np.empty(fixed.request[request + 1, STEPS] - fixed.request[request, STEPS], np.int64)
    for number in range(len(rows)):
        row = rows[number]
        reach[number] = LIMITED
        if not may_take(fixed, grid, request, row):
            continue
        reach[number] = TAKEN
        session = fixed.option[row, SESSION]
        base = fixed.session[session, BASE] - fixed.session[session, START]
        begin = max(fixed.option[row, EARLIEST] - before, window[0])
        final = min(fixed.option[row, LATEST] - before + hold, window[1], fixed.session[session, CLOSE])
        free = 0
        for cell in range(begin, final):
            free = free + 1 if grid.owner[base + cell] < 0 else 0
            if free < hold:
                continue
            held = cell + 1 - hold
            waited = lay_best(fixed, grid, request, row, held + before, places)
            if waited < 0:
                alone = lay_alone(fixed, grid, request, row, held + before)
                reach[number] = max(reach[number], ELSEWHERE if alone else BLOCKED)
                continue
            reach[number] = FITS
            first, last = _stretch(fixed, grid, session, held)
            found[count, ROW], found[count, AT] = row, held + before
            found[count, POINTS] = added_points(fixed, grid, request, row, held + before, waited)
            rests = _rest(held - first, shortest[session]) + _rest(last - held - hold, shortest[session])
            found[count, STRANDED], found[count, GAP] = rests, first
            count += 1
    return count


@compiled
def lay_alone(fixed: Fixed, grid: Grid, request: int, row: int, start: int) -> bool:
    """Whether the pools of a visit without waits are free, so that only the patient's other visits are in the way."""
    head, tail, own = fixed.request[request, STEPS], fixed.request[request + 1, STEPS], fixed.request[request, OWN_STEP]
    site, cell = fixed.session[fixed.option[row, SESSION], SITE], start
    for step in range(head, own):
        cell -= fixed.step[step, LENGTH]
    for step in range(head, tail):
        if not pools_free(fixed, grid, step, site, cell):
            return False
        cell += fixed.step[step, LENGTH]
    return True


def prepare(fixed: Fixed, grid: Grid) -> None:
    """Compile what finds places, or load it where an earlier process has compiled it."""
    none, found = np.zeros(0, np.int64), np.zeros((0, 5), np.int64)
    if len(fixed.request) > 1:
        every_place(fixed, grid, 0, none, np.zeros(2, np.int64), none, found, none)
