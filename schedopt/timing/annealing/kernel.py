r"""Simulated annealing of a week's sessions by points and expected minutes together. Compiled.

A move changes the times of a session, exchanges two of its visits or puts one elsewhere, or takes a visit to another
session, for visits of about its length in return or for none. Starts follow from the order: each visit takes along the
cells that it was given until the next one starts, and starts as close to that as its ranges and the visit before allow.
A move is judged by the cost of the sessions that it changes, of those after them on the same providers' days, which
begin late where these overrun, and of strained pools (:mod:`~schedopt.timing.annealing.holding`). Where it changes that
by :math:`\Delta`, it is kept with probability :math:`\min(1, e^{-\Delta / T})` at temperature :math:`T` (Metropolis and
others 1953, doi 10.1063/1.1699114; Kirkpatrick, Gelatt and Vecchi 1983, doi 10.1126/science.220.4598.671), if pools and
limits suffice.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.compiled import compiled, inlined, inside
from schedopt.timing.annealing.holding import exchanged, strain_of
from schedopt.timing.annealing.playing import note, played
from schedopt.timing.annealing.tables import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    LEAST,
    LENGTH,
    POINTS,
    Sheet,
    Tables,
    Trial,
)

NUMBERS = 7
"""Random numbers that a move takes."""
FAR = 1 << 40
"""Cells further than any."""
TIMES, ORDERS, ONE_WAY = 0.4, 0.6, 0.2
"""Share of moves that change times alone, of those that stay in a session; of others, share without a return."""
MOST_CELLS = 3
"""Cells by which a move changes what a visit is given, at most."""


@inlined
def _below(number: float, most: int) -> int:
    """A whole number from 0 to before `most`, from a random one from 0 to before 1."""
    return min(int(number * most), most - 1)


@inside
def lay(tables: Tables, sheet: Sheet, trial: Trial, side: int) -> bool:
    """Starts of one of a move's sessions, in the order that the trial has; whether every visit can be there."""
    session = trial.sides[side]
    wanted, free = sheet.begin[session], 0
    trial.points[side] = 0
    for n in range(trial.number[side]):
        visit = trial.visits[side, n]
        place = sheet.place[visit]
        if n:
            free += tables.visit[visit, BEFORE]
        distance, start, points = FAR, -1, 0
        for row in range(tables.offset[place], tables.offset[place + 1]):
            tried = max(tables.ranges[row, FIRST], free, min(wanted, tables.ranges[row, LAST]))
            if tried <= tables.ranges[row, LAST] and abs(tried - wanted) < distance:
                distance, start, points = abs(tried - wanted), tried, tables.ranges[row, POINTS]
        if start < 0:
            return False
        trial.starts[side, n] = start
        trial.points[side] += points
        wanted = max(wanted, start - 2) + sheet.given[visit]
        free = start + tables.visit[visit, LEAST] + tables.visit[visit, AFTER]
    return True


@inside
def _compare(sheet: Sheet, trial: Trial) -> None:
    """Find from which position on a move changes each of its sessions."""
    for side in range(1 if trial.sides[1] < 0 else 2):
        session, first = trial.sides[side], 0
        upto = min(trial.number[side], sheet.number[session])
        while (
            first < upto
            and trial.visits[side, first] == sheet.visits[session, first]
            and trial.starts[side, first] == sheet.starts[session, first]
        ):
            first += 1
        trial.first[side] = first


@inside
def _settle(tables: Tables, sheet: Sheet, trial: Trial) -> None:
    """Make a move that was played."""
    for side in range(1 if trial.sides[1] < 0 else 2):
        session = trial.sides[side]
        sheet.number[session], sheet.points[session] = trial.number[side], trial.points[side]
        for n in range(trial.first[side], trial.number[side]):
            sheet.visits[session, n], sheet.starts[session, n] = trial.visits[side, n], trial.starts[side, n]
    note(tables, sheet, trial)


@inside
def _try(tables: Tables, sheet: Sheet, trial: Trial, moved: int, most: float) -> bool:
    """Make a move, if pools and limits suffice and it adds at most so many points; whether it was made."""
    _compare(sheet, trial)
    if not exchanged(tables, sheet, trial, moved, 1):
        exchanged(tables, sheet, trial, moved, -1)
        return False
    change = strain_of(tables, sheet, trial, 1)
    if change + played(tables, sheet, trial) > most:
        strain_of(tables, sheet, trial, -1)
        exchanged(tables, sheet, trial, moved, -1)
        return False
    _settle(tables, sheet, trial)
    return True


@inside
def _reorder(sheet: Sheet, trial: Trial, numbers: Floats, row: int) -> bool:
    """Exchange two visits of a session, or put one elsewhere; whether that changes anything."""
    session = trial.sides[0]
    count = sheet.number[session]
    one = _below(numbers[row, 2], count)
    other = _below(numbers[row, 3], count)
    if one == other:
        return False
    trial.number[0] = count
    for n in range(count):
        trial.visits[0, n] = sheet.visits[session, n]
    visit = sheet.visits[session, one]
    if numbers[row, 4] < 0.5:
        trial.visits[0, one], trial.visits[0, other] = sheet.visits[session, other], visit
    else:
        step = 1 if other > one else -1
        while one != other:
            trial.visits[0, one] = trial.visits[0, one + step]
            one += step
        trial.visits[0, other] = visit
    return True


@inside
def _place_in(tables: Tables, visit: int, session: int) -> int:
    """The place of a request in a session, or -1."""
    for place in range(tables.place[visit], tables.place[visit + 1]):
        if tables.session[place] == session:
            return place
    return -1


@inside
def _change(
    tables: Tables, sheet: Sheet, trial: Trial, visit: int, mine: Flags, numbers: Floats, row: int
) -> int:  # fmt: skip
    """Take a visit to another session, and some of that in return; how many visits move, 0: none can."""
    here = trial.sides[0]
    first, last = tables.place[visit], tables.place[visit + 1]
    goal = first + _below(numbers[row, 2], last - first)
    there = tables.session[goal]
    if there == here or not mine[there] or sheet.number[there] >= sheet.visits.shape[1] - 1:
        return 0
    trial.sides[1] = there
    some = tables.offset[goal] + _below(numbers[row, 3], tables.offset[goal + 1] - tables.offset[goal])
    wide = tables.ranges[some, LAST] - tables.ranges[some, FIRST] + 1
    start = tables.ranges[some, FIRST] + _below(numbers[row, 4], wide)
    at = 0
    while at < sheet.number[there] and sheet.starts[there, at] < start:
        at += 1
    trial.moved[0], trial.came_from[0], moved = visit, sheet.place[visit], 1
    room = 0
    if numbers[row, 5] >= ONE_WAY:
        room = tables.visit[visit, LENGTH] + _below((numbers[row, 5] - ONE_WAY) / (1.0 - ONE_WAY), 3)
    upto = at
    while upto < sheet.number[there]:
        other = sheet.visits[there, upto]
        room -= tables.visit[other, LENGTH]
        place = _place_in(tables, other, here) if room >= 0 else -1
        if place < 0 or sheet.number[here] + moved >= sheet.visits.shape[1]:
            break
        trial.moved[moved], trial.came_from[moved] = other, sheet.place[other]
        sheet.place[other] = place
        moved += 1
        upto += 1
    sheet.place[visit] = goal
    count = 0
    for n in range(sheet.number[there] + 1):
        if n == at:
            trial.visits[1, count] = visit
            count += 1
        if n < sheet.number[there] and not at <= n < upto:
            trial.visits[1, count] = sheet.visits[there, n]
            count += 1
    trial.number[1], count = count, 0
    for n in range(sheet.number[here]):
        if sheet.visits[here, n] != visit:
            trial.visits[0, count] = sheet.visits[here, n]
            count += 1
            continue
        for other in range(1, moved):
            trial.visits[0, count] = trial.moved[other]
            count += 1
    trial.number[0] = count
    return moved


@inlined
def _give(sheet: Sheet, session: int, at: int, cells: int) -> bool:
    """Give the visit at a position so many cells more, or begin the session later at -1; whether any are left."""
    if at < 0:
        sheet.begin[session] += cells
        return True
    sheet.given[sheet.visits[session, at]] += cells
    return bool(sheet.given[sheet.visits[session, at]] > 0)


@compiled
def anneal(
    tables: Tables, sheet: Sheet, trial: Trial, visits: Ints, mine: Flags, temperature: float, numbers: Floats
) -> int:  # fmt: skip
    """Try moves; how many were kept.

    Parameters
    ----------
    tables, sheet, trial : Tables, Sheet, Trial
        The week; the last two change in place.
    visits : int array
        Those that moves start from; each in a session that moves may change.
    mine : bool array, shape (sessions,)
        Sessions that moves may change.
    temperature : float
        Points; above 0.
    numbers : float array, shape (moves, NUMBERS)
        Random, from 0 to before 1.
    """
    kept = 0
    for row in range(len(numbers)):
        visit = visits[_below(numbers[row, 0], len(visits))]
        session = tables.session[sheet.place[visit]]
        trial.sides[0], trial.sides[1] = session, -1
        moved, kind, at, cells, both = 0, numbers[row, 1], 0, 0, False
        if kind < TIMES:
            cells = _below(numbers[row, 2], 2 * MOST_CELLS) - MOST_CELLS
            cells += 1 if cells >= 0 else 0
            at, both = _below(numbers[row, 3], sheet.number[session]) - 1, numbers[row, 4] < 0.5
            fits = _give(sheet, session, at, cells)
            if both:
                fits = _give(sheet, session, at + 1, -cells) and fits
            trial.number[0] = sheet.number[session]
            for n in range(sheet.number[session]):
                trial.visits[0, n] = sheet.visits[session, n]
        elif kind < ORDERS:
            fits = _reorder(sheet, trial, numbers, row)
        else:
            moved = _change(tables, sheet, trial, visit, mine, numbers, row)
            fits = moved > 0
        fits = fits and lay(tables, sheet, trial, 0)
        if fits and trial.sides[1] >= 0:
            fits = lay(tables, sheet, trial, 1)
        if fits:
            most = -temperature * np.log(1.0 - numbers[row, NUMBERS - 1])
            fits = _try(tables, sheet, trial, moved, most)
        if fits:
            kept += 1
        else:
            for n in range(moved):
                sheet.place[trial.moved[n]] = trial.came_from[n]
            if cells:
                _give(sheet, session, at, -cells)
                if both:
                    _give(sheet, session, at + 1, cells)
    return kept
