"""Sessions played on sampled weeks, with those that follow them on the provider's day. Compiled."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.compiled import compiled, inside
from schedopt.timing.annealing.holding import strained
from schedopt.timing.annealing.tables import DAY, END, FORMER, LATER, START, Sheet, Singles, Tables, Trial


@inside
def _begin(tables: Tables, trial: Trial, row: int, code: int, former: Singles, follows: bool) -> None:
    """The provider is free when the session opens, or when done with the one before."""
    opens = np.float32((tables.hours[code, START] - tables.hours[code, DAY]) * tables.grid)
    for k in range(len(trial.spent)):
        trial.until[row, k] = max(opens, former[k]) if follows else opens
        trial.spent[k] = np.float32(0.0)


@inside
def _play(
    tables: Tables, trial: Trial, row: int, code: int, count: int, visits: Ints, starts: Ints, side: int
) -> float:
    """What a session's minutes cost on average, as :mod:`schedopt.timing.sampled.paths` says it.

    Overtime ends where the provider's next session begins: what overruns further delays that one.
    """
    if not count:
        return 0.0
    day = tables.hours[code, DAY]
    end, later = np.float32((tables.hours[code, END] - day) * tables.grid), tables.hours[code, LATER]
    last = np.float32((tables.hours[later, START] - day) * tables.grid) if later >= 0 else np.float32(np.inf)
    waiting, idle, overtime = tables.prices[0], tables.prices[1], tables.prices[2]
    free, spent = trial.until[row], trial.spent
    for n in range(count):
        visit = visits[side, n]
        time = np.float32((starts[side, n] - day) * tables.grid)
        for k in range(len(spent)):
            ready = time + tables.delay[visit, k]
            begin = max(free[k], ready)
            spent[k] += idle * max(np.float32(0.0), min(ready, end) - free[k])
            spent[k] += waiting * tables.came[visit, k] * (begin - ready)
            free[k] = begin + tables.service[visit, k]
    total = 0.0
    for k in range(len(spent)):
        total += spent[k] + overtime * max(np.float32(0.0), min(free[k], last) - end)
    return total / len(spent)


@inside
def _walk(tables: Tables, sheet: Sheet, trial: Trial, code: int, row: int) -> int:
    """Play a session and those after it on the day, as a move would leave them; the row after the last."""
    former = tables.hours[code, FORMER]
    _begin(tables, trial, row, code, sheet.until[max(former, 0)], former >= 0)
    while True:
        if code == trial.sides[0] or code == trial.sides[1]:
            side = 0 if code == trial.sides[0] else 1
            cost = _play(tables, trial, row, code, trial.number[side], trial.visits, trial.starts, side)
            cost += trial.points[side]
        else:
            cost = _play(tables, trial, row, code, sheet.number[code], sheet.visits, sheet.starts, code)
            cost += sheet.points[code]
        trial.codes[row], trial.cost[row] = code, cost
        row += 1
        code = tables.hours[code, LATER]
        if code < 0:
            return row
        _begin(tables, trial, row, code, trial.until[row - 1], True)


@inside
def _follows(tables: Tables, code: int, other: int) -> bool:
    """Whether a session is after another one on the same provider's day."""
    while other >= 0:
        other = tables.hours[other, LATER]
        if other == code:
            return True
    return False


@inside
def played(tables: Tables, sheet: Sheet, trial: Trial) -> float:
    """By how much a move changes what sessions cost: its own, and those after them on the day."""
    one, other = trial.sides[0], trial.sides[1]
    if other >= 0 and _follows(tables, one, other):
        one, other = other, one
    rows = _walk(tables, sheet, trial, one, 0)
    if other >= 0 and not _follows(tables, other, one):
        rows = _walk(tables, sheet, trial, other, rows)
    trial.codes[rows] = -1
    change = 0.0
    for row in range(rows):
        change += trial.cost[row] - sheet.cost[trial.codes[row]]
    return change


@inside
def note(sheet: Sheet, trial: Trial) -> None:
    """Note what the sessions that were played cost, and when their providers are free after them."""
    row = 0
    while trial.codes[row] >= 0:
        code = trial.codes[row]
        sheet.cost[code] = trial.cost[row]
        for k in range(len(trial.spent)):
            sheet.until[code, k] = trial.until[row, k]
        row += 1


@compiled
def open_sheet(tables: Tables, sheet: Sheet, trial: Trial) -> None:
    """Fill in what sessions cost, when providers are free after them, and what of pools is expected to be held."""
    trial.sides[0], trial.sides[1] = -1, -1
    for code in range(len(tables.hours)):
        strained(tables, sheet, code, sheet.number[code], sheet.visits, sheet.starts, code, 1)
        if tables.hours[code, FORMER] < 0:
            trial.codes[_walk(tables, sheet, trial, code, 0)] = -1
            note(sheet, trial)
