"""Compiled questions about people's days: are they as they have to be with one visit more.

What is asked of people's days can be broken by a visit more, and by none less. So a visit is placed only where it
leaves all of it kept, and may always be taken out. `places` is a scratch array with the starts of one visit's steps.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.compiled import allocating, inside
from schedopt.solver.search.days import (
    BREAK,
    CELLS,
    COUNTED,
    HIGH,
    KEPT,
    KIND,
    LATER,
    LONGEST,
    LOW,
    NUMBER,
    OTHER_SESSION,
    ROW,
    SET_UP,
    SIZE,
    DayTables,
)
from schedopt.solver.search.grid import (
    BASE,
    BEFORE,
    CLOSE,
    DAY,
    END,
    HOLD,
    LAST,
    LENGTH,
    NEXT,
    OWN_STEP,
    PATIENTS,
    SESSION,
    SHARED_AS,
    SITE,
    START,
    STEPS,
    Grid,
    WeekTables,
)


@inside
def _apart(days: DayTables, tables: WeekTables, grid: Grid, session: int, begin: int, end: int) -> bool:
    """Whether what holds a provider in a session is far enough from what does in others."""
    for k in range(days.apart_at[session], days.apart_at[session + 1]):
        other, cells = days.apart[k, OTHER_SESSION], days.apart[k, CELLS]
        opens = tables.session[other, START]
        if not days.apart[k, LATER]:
            if grid.session[other, LAST] > opens and grid.session[other, LAST] + cells > begin:
                return False
            continue
        base = tables.session[other, BASE] - opens
        for cell in range(opens, min(end + cells, tables.session[other, CLOSE])):
            if grid.owner[base + cell] >= 0:
                return False
    return True


FROM, UNTIL, WHO = range(3)
"""Columns of what holds a provider on a day."""


@inside
def _line_up(
    days: DayTables, tables: WeekTables, grid: Grid, line: int, request: int, begin: int, end: int, held: Ints
) -> int:  # fmt: skip
    """Write what holds a provider on a day into `held`, in order, with one request more; returns how many there are."""
    count, waiting = 0, True
    for k in range(days.member_at[line], days.member_at[line + 1]):
        session = days.member[k]
        opens, owner = tables.session[session, START], -1
        base = tables.session[session, BASE] - opens
        for cell in range(opens, tables.session[session, CLOSE]):
            before, owner = owner, grid.owner[base + cell]
            if owner < 0:
                continue
            if owner == before:
                held[count - 1, UNTIL] = cell + 1
                continue
            if waiting and begin <= cell:
                held[count, FROM], held[count, UNTIL], held[count, WHO] = begin, end, request
                waiting, count = False, count + 1
            held[count, FROM], held[count, UNTIL], held[count, WHO] = cell, cell + 1, owner
            count += 1
    if waiting:
        held[count, FROM], held[count, UNTIL], held[count, WHO] = begin, end, request
        count += 1
    return count


@inside
def _has_break(held: Ints, count: int, low: int, high: int, size: int) -> bool:
    """Whether so many cells in a row are free from one cell to before another."""
    through = low
    for k in range(count):
        if held[k, FROM] >= high:
            break
        if held[k, FROM] - through >= size:
            return True
        through = max(through, held[k, UNTIL])
    return high - through >= size


@inside
def _rests(held: Ints, count: int, most: int, pause: int) -> bool:
    """Whether there is a break of so many cells after no more than so many."""
    first = 0
    for k in range(count):
        if k > 0 and held[k, FROM] - held[k - 1, UNTIL] >= pause:
            first = k
        if held[k, UNTIL] - held[first, FROM] > most:
            return False
    return True


@inside
def _counts(shared: Ints | None, days: DayTables, grid: Grid, counted: int, request: int) -> bool:
    """Whether a request, or any of the group visit that it leads, is one of those counted."""
    if shared is None or shared[request, SHARED_AS] < 0 or grid.row[request] < 0:
        return bool(days.counted[counted, request])
    while request >= 0:
        if days.counted[counted, request]:
            return True
        request = grid.group[request, NEXT]
    return False


@inside
def _places_left(days: DayTables, tables: WeekTables, grid: Grid, line: int, rule: int, held: Ints, count: int) -> bool:
    """Whether enough places are free of those who may not take them."""
    size, places, counted = days.rule[rule, SIZE], days.rule[rule, NUMBER], days.rule[rule, COUNTED]
    for k in range(days.member_at[line], days.member_at[line + 1]):
        session = days.member[k]
        through = max(days.rule[rule, LOW], tables.session[session, START])
        high = min(days.rule[rule, HIGH], tables.session[session, END])
        for number in range(count):
            if _counts(tables.shared, days, grid, counted, held[number, WHO]):
                places -= max(0, min(high, held[number, FROM]) - through) // size
                through = max(through, held[number, UNTIL])
        places -= max(0, high - through) // size
    return places <= 0


@inside
def _no_long_row(days: DayTables, rule: int, held: Ints, count: int) -> bool:
    """Whether no more than so many of those counted follow each other without a gap."""
    row, through, start = 0, -1, -1
    for number in range(count):
        if held[number, FROM] == start:  # one more of a group visit
            continue
        if days.counted[days.rule[rule, COUNTED], held[number, WHO]]:
            row = row + 1 if held[number, FROM] <= through else 1
            start, through = held[number, FROM], held[number, UNTIL]
            if row > days.rule[rule, NUMBER]:
                return False
    return True


@inside
def _set_up_between(days: DayTables, rule: int, held: Ints, count: int) -> bool:
    """Whether so much time as it takes to set up lies between all visits of unlike types."""
    set_up = days.set_up[days.rule[rule, NUMBER]]
    for one in range(count):
        for other in range(one + 1, count):
            between = held[other, FROM] - held[one, UNTIL]
            if between >= days.rule[rule, HIGH]:
                break
            need = set_up[days.kind[held[one, WHO]], days.kind[held[other, WHO]]]
            if need > 0 and between < need:
                return False
    return True


@inside
def _rule_kept(days: DayTables, tables: WeekTables, grid: Grid, line: int, rule: int, held: Ints, count: int) -> bool:
    """Whether a provider's day keeps a rule."""
    kind, low, high, size = days.rule[rule, KIND], days.rule[rule, LOW], days.rule[rule, HIGH], days.rule[rule, SIZE]
    if kind == BREAK:
        return _has_break(held, count, low, high, size)
    if kind == LONGEST:
        return _rests(held, count, high, size)
    if kind == KEPT:
        return _places_left(days, tables, grid, line, rule, held, count)
    if kind == ROW:
        return _no_long_row(days, rule, held, count)
    return kind != SET_UP or _set_up_between(days, rule, held, count)


@allocating
def _day_kept(
    days: DayTables, tables: WeekTables, grid: Grid, session: int, request: int, begin: int, end: int
) -> bool:  # fmt: skip
    """Whether a provider's day is as it has to be with a request more that holds some cells of a session."""
    line = days.line[session]
    if line < 0:
        return True
    last = days.member[days.member_at[line + 1] - 1]
    first = days.member[days.member_at[line]]
    held = np.empty((tables.session[last, CLOSE] - tables.session[first, START] + 1, 3), np.int64)
    count = _line_up(days, tables, grid, line, request, begin, end, held)
    for k in range(days.rule_at[line], days.rule_at[line + 1]):
        if not _rule_kept(days, tables, grid, line, k, held, count):
            return False
    return True


@inside
def _held_well(
    days: DayTables, tables: WeekTables, grid: Grid, session: int, request: int, begin: int, end: int
) -> bool:  # fmt: skip
    """Whether a provider may be held for some cells of a session by a request more."""
    if not _apart(days, tables, grid, session, begin, end):
        return False
    return _day_kept(days, tables, grid, session, request, begin, end)


@inside
def _patient_on_time(
    days: DayTables, tables: WeekTables, grid: Grid, request: int, row: int, first: int, last: int
) -> bool:  # fmt: skip
    """Whether the patient gets from and to visits at other sites on the day."""
    session = tables.option[row, SESSION]
    site, day = tables.session[session, SITE], tables.session[session, DAY]
    for k in range(tables.request[request, PATIENTS], tables.request[request + 1, PATIENTS]):
        other = tables.patient[k]
        if grid.row[other] < 0:
            continue
        session = tables.option[grid.row[other], SESSION]
        if tables.session[session, DAY] != day:
            continue
        tail, there = tables.request[other + 1, STEPS] - 1, tables.session[session, SITE]
        begin = grid.step_start[tables.request[other, STEPS]]
        end = grid.step_start[tail] + tables.step[tail, LENGTH]
        if begin < last + days.way[site, there] and first < end + days.way[there, site]:
            return False
    return True


@inside
def _others_kept(
    others: Ints | None, days: DayTables, tables: WeekTables, grid: Grid, request: int, row: int, places: Ints
) -> bool:  # fmt: skip
    """Whether the days of all who take part beside the visit's own provider are as they have to be."""
    if others is None:
        return True
    for k in range(others.shape[1]):
        session, place = others[row, k, 0], others[row, k, 1]
        if session < 0:
            continue
        begin = places[place]
        end = begin + tables.step[tables.request[request, STEPS] + place, LENGTH]
        if not _held_well(days, tables, grid, session, request, begin, end):
            return False
    return True


@inside
def days_kept(
    days: DayTables | None, tables: WeekTables, grid: Grid, request: int, row: int, places: Ints
) -> bool:  # fmt: skip
    """Whether the days of all whom a visit would hold, and of its patient, are as they have to be."""
    if days is None:
        return True
    head, tail = tables.request[request, STEPS], tables.request[request + 1, STEPS] - 1
    begin = places[tables.request[request, OWN_STEP] - head] - tables.request[request, BEFORE]
    session = tables.option[row, SESSION]
    if not _held_well(days, tables, grid, session, request, begin, begin + tables.request[request, HOLD]):
        return False
    last = places[tail - head] + tables.step[tail, LENGTH]
    if not _patient_on_time(days, tables, grid, request, row, places[0], last):
        return False
    return _others_kept(tables.others, days, tables, grid, request, row, places)
