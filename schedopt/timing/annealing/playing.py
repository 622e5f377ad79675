r"""What sessions are expected to cost, with those that follow them on the provider's day. Compiled.

Time is cut into ticks. When a provider is free is a distribution on them, and each visit makes the next one of it;
nothing is sampled, as lengths, lateness and who comes are independent from visit to visit
(:class:`~schedopt.Uncertainty`). With :math:`F(t)` the probability that the provider is free by tick :math:`t`, and
:math:`C(t)` that a patient who comes can be seen by then, the visit begins by then with probability
:math:`F(t) C(t)`; until it begins, the provider is expected to be idle for :math:`\sum_t F(t) (1 - C(t))` ticks, and
the patient waits as much longer than the provider is expected to be busy. For one who does not come, :math:`C` steps
from 0 to 1 at the planned start.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.compiled import compiled, inside
from schedopt.timing.annealing.chances import DELAY, SERVICE, TOGETHER, Singles
from schedopt.timing.annealing.holding import strained
from schedopt.timing.annealing.tables import (
    DAY,
    END,
    FORMER,
    LATER,
    START,
    Sheet,
    Tables,
    Trial,
)

TAIL = np.float32(1e-5)
"""Probability beyond the last tick that is kept."""


@inside
def _begin(tables: Tables, trial: Trial, row: int, code: int, former: Singles, reach: Ints, follows: bool) -> None:
    """The provider is free when the session opens, or when done with the one before."""
    opens = (tables.hours[code, START] - tables.hours[code, DAY]) * tables.ticks
    free, low, high = trial.until[row], reach[0], reach[1]
    trial.reach[row, 0], trial.reach[row, 1] = opens, opens
    free[opens] = np.float32(1.0)
    if follows and high > opens:
        free[opens] = np.float32(0.0)
        for tick in range(low, min(opens, high) + 1):
            free[opens] += former[tick]
        for tick in range(opens + 1, high + 1):
            free[tick] = former[tick] if tick >= low else np.float32(0.0)
        trial.reach[row, 1] = high


@inside
def _see(tables: Tables, trial: Trial, row: int, visit: int, at: int, end: int, mean: float) -> tuple[float, float]:
    """Let the provider see a visit that is planned at a tick.

    Parameters
    ----------
    at, end : int
        Ticks at which the visit is planned and the session ends.
    mean : float
        Tick at which the provider is free before, on average.

    Returns
    -------
    cost : float
        Of waiting and idle time, in ticks.
    mean : float
        Tick at which the provider is free afterwards, on average.
    """
    free, begun, low, high = trial.until[row], trial.begun, trial.reach[row, 0], trial.reach[row, 1]
    chances = tables.chances
    show, absent = chances.show[visit], 1.0 - chances.show[visit]
    service, delay = chances.which[visit, SERVICE], chances.which[visit, DELAY]
    by, gap, idle = 0.0, 0.0, 0.0
    for tick in range(low, min(at, high + 1)):
        by += float(free[tick])
        gap += by
        if tick < end:
            idle += by
    if high + 1 < at:
        gap += at - high - 1
        idle += max(0, min(at, end) - high - 1)
    first = max(at, low)
    ready_by = min(max(first, at + chances.late[delay]), tables.width)
    more, before = 0.0, 0.0
    for tick in range(first, ready_by):
        here = float(free[tick]) if tick <= high else 0.0
        by += here
        ready = chances.delay[delay, tick - at]
        more += by * (1.0 - ready)
        if tick < end:
            idle += show * by * (1.0 - ready)
        begun[tick] = np.float32(show * (by * ready - before))
        before = by * ready
        free[tick] = np.float32(absent * (by if tick == first else here))
    for tick in range(ready_by, high + 1):
        begun[tick] = np.float32(show) * free[tick]
        free[tick] *= np.float32(absent)
    last = max(high, ready_by - 1)
    trial.reach[row, 0], trial.reach[row, 1] = first, _pass(tables, free, begun, first, last, service)
    waited = show * (mean + gap + more - at - chances.lateness[delay])
    mean += gap + show * (more + chances.taken[service])
    return tables.prices[0] * waited + tables.prices[1] * idle, mean


@inside
def _pass(tables: Tables, free: Singles, begun: Singles, first: int, last: int, service: int) -> int:
    """Add when the provider is free again after a visit that begins at the ticks of `begun`; the last such tick."""
    masses, long = tables.chances.service[service], tables.chances.long[service]
    here, back, further, furthest = masses[3:], masses[2:], masses[1:], masses
    top = min(last + long + TOGETHER - 2, tables.width - 1)
    for tick in range(last + 1, top + 1):
        free[tick] = np.float32(0.0)
    for tick in range(last + 1, last + TOGETHER):
        begun[tick] = np.float32(0.0)
    for tick in range(first, last + 1, TOGETHER):
        one, two, three, four = begun[tick], begun[tick + 1], begun[tick + 2], begun[tick + 3]
        after = free[tick:]
        for k in range(min(long + TOGETHER - 1, tables.width - tick)):
            after[k] += (one * here[k] + two * back[k]) + (three * further[k] + four * furthest[k])
    rest = np.float32(0.0)
    while top > first and rest + free[top] < TAIL:
        rest += free[top]
        top -= 1
    free[top] += rest
    return int(top)


@inside
def _play(
    tables: Tables, trial: Trial, row: int, code: int, count: int, visits: Ints, starts: Ints, side: int
) -> float:
    """What a session's minutes are expected to cost, as :mod:`schedopt.timing.sampled.paths` says it.

    Overtime ends where the provider's next session begins: what overruns further delays that one.
    """
    if not count:
        return 0.0
    day, mean, cost, overtime = tables.hours[code, DAY], 0.0, 0.0, 0.0
    for tick in range(trial.reach[row, 0], trial.reach[row, 1] + 1):
        mean += tick * trial.until[row, tick]
    end, later = (tables.hours[code, END] - day) * tables.ticks, tables.hours[code, LATER]
    for n in range(count):
        more, mean = _see(tables, trial, row, visits[side, n], (starts[side, n] - day) * tables.ticks, end, mean)
        cost += more
    most = (tables.hours[later, START] - day) * tables.ticks - end if later >= 0 else tables.width
    for tick in range(max(end + 1, trial.reach[row, 0]), trial.reach[row, 1] + 1):
        overtime += trial.until[row, tick] * min(tick - end, most)
    return float(tables.chances.tick * (cost + tables.prices[2] * overtime))


@inside
def _walk(tables: Tables, sheet: Sheet, trial: Trial, code: int, row: int) -> int:
    """Play a session and those after it on the day, as a move would leave them; the row after the last."""
    former = tables.hours[code, FORMER]
    _begin(tables, trial, row, code, sheet.until[max(former, 0)], sheet.reach[max(former, 0)], former >= 0)
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
        _begin(tables, trial, row, code, trial.until[row - 1], trial.reach[row - 1], True)


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
        sheet.reach[code, 0], sheet.reach[code, 1] = trial.reach[row, 0], trial.reach[row, 1]
        for tick in range(trial.reach[row, 0], trial.reach[row, 1] + 1):
            sheet.until[code, tick] = trial.until[row, tick]
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
