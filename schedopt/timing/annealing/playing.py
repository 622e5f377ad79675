r"""What sessions are expected to cost, with those that follow them on the provider's day. Compiled.

Time is cut into ticks. When a provider is free is a distribution on them, and each visit makes the next one of it;
nothing is sampled, as lengths, lateness and who comes are independent from visit to visit
(:class:`~schedopt.Uncertainty`). With :math:`F(t)` the probability that the provider is free by tick :math:`t`, and
:math:`C(t)` that a patient who comes can be seen by then, the visit begins by then with probability
:math:`F(t) C(t)`; until it begins, the provider is expected to be idle for :math:`\sum_t F(t) (1 - C(t))` ticks, and
the patient waits as much longer than the provider is expected to be busy. For one who does not come, :math:`C` steps
from 0 to 1 at the planned start.

A move leaves a session as it is up to some visit, and often those after it on the day altogether. So it is played from
that visit on, and what follows is looked up by when the provider is free
(:mod:`~schedopt.timing.annealing.following`).
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.compiled import compiled, inside
from schedopt.timing.annealing.chances import DELAY, SERVICE, TOGETHER, Singles
from schedopt.timing.annealing.following import look_back, most_overtime
from schedopt.timing.annealing.holding import strained
from schedopt.timing.annealing.tables import (
    DAY,
    END,
    FORMER,
    LATER,
    MEAN,
    PAID,
    START,
    Sheet,
    Tables,
    Trial,
)

TAIL = np.float32(1e-5)
"""Probability beyond the last tick that is kept."""


@inside
def _begin(tables: Tables, trial: Trial, code: int) -> None:
    """Let a session begin: the provider is free when it opens, or when done with the one before."""
    free, low, high = trial.until, trial.reach[0], trial.reach[1]
    opens = (tables.hours[code, START] - tables.hours[code, DAY]) * tables.ticks
    if tables.hours[code, FORMER] < 0 or high <= opens:
        free[opens] = np.float32(1.0)
        trial.reach[0], trial.reach[1] = opens, opens
        trial.so_far[MEAN], trial.so_far[PAID] = opens, 0.0
        return
    if low < opens:
        for tick in range(low, opens):
            free[opens] += free[tick]
        trial.reach[0] = opens
    mean = 0.0
    for tick in range(trial.reach[0], high + 1):
        mean += tick * free[tick]
    trial.so_far[MEAN], trial.so_far[PAID] = mean, 0.0


@inside
def _see(tables: Tables, trial: Trial, visit: int, at: int, end: int) -> None:
    """Let the provider see a visit that is planned at a tick, in a session that ends at another."""
    free, begun, low, high = trial.until, trial.begun, trial.reach[0], trial.reach[1]
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
    trial.reach[0], trial.reach[1] = first, _pass(tables, free, begun, first, last, service)
    waited = show * (trial.so_far[MEAN] + gap + more - at - chances.lateness[delay])
    trial.so_far[MEAN] += gap + show * (more + chances.taken[service])
    trial.so_far[PAID] += tables.prices[0] * waited + tables.prices[1] * idle


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
def _keep(sheet: Sheet, trial: Trial, code: int, n: int) -> None:
    """Note a moment of a session: before the visit at a position, or after the last."""
    low, high = trial.reach[0], trial.reach[1]
    sheet.reach[code, n, 0], sheet.reach[code, n, 1] = low, high
    sheet.so_far[code, n, MEAN], sheet.so_far[code, n, PAID] = trial.so_far[MEAN], trial.so_far[PAID]
    until = sheet.until[code, n]
    for tick in range(low, high + 1):
        until[tick] = trial.until[tick]


@inside
def _go_to(sheet: Sheet, trial: Trial, code: int, n: int) -> None:
    """Go to a moment that was noted."""
    low, high = sheet.reach[code, n, 0], sheet.reach[code, n, 1]
    trial.reach[0], trial.reach[1] = low, high
    trial.so_far[MEAN], trial.so_far[PAID] = sheet.so_far[code, n, MEAN], sheet.so_far[code, n, PAID]
    until = sheet.until[code, n]
    for tick in range(low, high + 1):
        trial.until[tick] = until[tick]


@inside
def _overtime(tables: Tables, trial: Trial, code: int) -> float:
    """Expected ticks of overtime, which ends where the next session begins: what overruns further delays that one."""
    end, most = (tables.hours[code, END] - tables.hours[code, DAY]) * tables.ticks, most_overtime(tables, code)
    found = 0.0
    for tick in range(max(end + 1, trial.reach[0]), trial.reach[1] + 1):
        found += trial.until[tick] * min(tick - end, most)
    return found


@inside
def _play(
    tables: Tables, sheet: Sheet, trial: Trial, code: int, first: int, count: int, visits: Ints, starts: Ints,
    side: int, kept: bool,
) -> float:  # fmt: skip
    """What a session's minutes are expected to cost, played on from a position; its moments are noted if `kept`."""
    day = tables.hours[code, DAY]
    end = (tables.hours[code, END] - day) * tables.ticks
    for n in range(first, count):
        _see(tables, trial, visits[side, n], (starts[side, n] - day) * tables.ticks, end)
        if kept:
            _keep(sheet, trial, code, n + 1)
    if not count:
        return 0.0
    return float(tables.chances.tick * (trial.so_far[PAID] + tables.prices[2] * _overtime(tables, trial, code)))


@inside
def _after(tables: Tables, sheet: Sheet, trial: Trial, code: int) -> float:
    """What sessions after one on the day are expected to cost, by when its provider is free."""
    later, found = tables.hours[code, LATER], 0.0
    if later < 0:
        return found
    opens = (tables.hours[later, START] - tables.hours[later, DAY]) * tables.ticks
    rest = sheet.rest[later]
    for tick in range(trial.reach[0], trial.reach[1] + 1):
        found += trial.until[tick] * rest[max(tick, opens)]
    return float(tables.chances.tick * found)


@inside
def _follows(tables: Tables, code: int, other: int) -> bool:
    """Whether a session is after another one on the same provider's day."""
    while code >= 0 and other >= 0:
        other = tables.hours[other, LATER]
        if other == code:
            return True
    return False


@inside
def _difference(tables: Tables, sheet: Sheet, trial: Trial, side: int, last: int) -> float:
    """By how much a move changes what a session costs, those after it up to the last that it changes, and the rest."""
    code = trial.sides[side]
    _go_to(sheet, trial, code, trial.first[side])
    first, change = trial.first[side], -float(sheet.after[last])
    while True:
        if code == trial.sides[0] or code == trial.sides[1]:
            side = 0 if code == trial.sides[0] else 1
            cost = trial.points[side] + _play(
                tables, sheet, trial, code, first, trial.number[side], trial.visits, trial.starts, side, False
            )
        else:
            cost = sheet.points[code] + _play(
                tables, sheet, trial, code, 0, sheet.number[code], sheet.visits, sheet.starts, code, False
            )
        change += float(cost - sheet.cost[code])
        if code == last:
            return change + _after(tables, sheet, trial, code)
        code, first = tables.hours[code, LATER], 0
        _begin(tables, trial, code)


@inside
def played(tables: Tables, sheet: Sheet, trial: Trial) -> float:
    """By how much a move changes what sessions cost: its own, and those after them on the day."""
    one, other = trial.sides[0], trial.sides[1]
    if _follows(tables, other, one):
        return _difference(tables, sheet, trial, 0, other)
    if _follows(tables, one, other):
        return _difference(tables, sheet, trial, 1, one)
    change = _difference(tables, sheet, trial, 0, one)
    if other >= 0:
        change += _difference(tables, sheet, trial, 1, other)
    return change


@inside
def _renew(tables: Tables, sheet: Sheet, trial: Trial, code: int, first: int, last: int) -> None:
    """Note the moments of a session from a position on, and of those after it; then what follows each of the day.

    What is expected from a session's beginning on is as it was where that begins after the session `last`.
    """
    if first:
        _go_to(sheet, trial, code, first)
    else:
        former = tables.hours[code, FORMER]
        if former >= 0:
            _go_to(sheet, trial, former, sheet.number[former])
        _begin(tables, trial, code)
        _keep(sheet, trial, code, 0)
    while True:
        sheet.cost[code] = sheet.points[code] + _play(
            tables, sheet, trial, code, first, sheet.number[code], sheet.visits, sheet.starts, code, True
        )
        if tables.hours[code, LATER] < 0:
            break
        code, first = tables.hours[code, LATER], 0
        _begin(tables, trial, code)
        _keep(sheet, trial, code, 0)
    changed = False
    while code >= 0:
        _go_to(sheet, trial, code, sheet.number[code])
        sheet.after[code] = _after(tables, sheet, trial, code)
        changed = changed or code == last
        if changed and tables.hours[code, FORMER] >= 0:
            look_back(tables, sheet, trial, code)
        code = tables.hours[code, FORMER]


@inside
def note(tables: Tables, sheet: Sheet, trial: Trial) -> None:
    """Note the moments of sessions that a move has changed."""
    one, other = trial.sides[0], trial.sides[1]
    if _follows(tables, other, one):
        _renew(tables, sheet, trial, one, trial.first[0], other)
    elif _follows(tables, one, other):
        _renew(tables, sheet, trial, other, trial.first[1], one)
    else:
        _renew(tables, sheet, trial, one, trial.first[0], one)
        if other >= 0:
            _renew(tables, sheet, trial, other, trial.first[1], other)


@compiled
def open_sheet(tables: Tables, sheet: Sheet, trial: Trial) -> None:
    """Fill in the moments of sessions, what these cost, and what of pools is expected to be held."""
    trial.sides[0], trial.sides[1] = -1, -1
    for code in range(len(tables.hours)):
        strained(tables, sheet, code, 0, sheet.number[code], sheet.visits, sheet.starts, code, 1)
        if tables.hours[code, FORMER] < 0:
            last = code
            while tables.hours[last, LATER] >= 0:
                last = tables.hours[last, LATER]
            _renew(tables, sheet, trial, code, 0, last)
