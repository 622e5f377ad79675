r"""What is expected of the sessions that follow others on a provider's day. Compiled.

If the provider is free from tick :math:`t` on, a visit that is planned at :math:`a` begins at :math:`m = \max(t, a)` at
the earliest. With :math:`C(u)` the probability that a patient who comes can be seen by tick :math:`u`, :math:`s` that
of coming, :math:`S_j` that of taking :math:`j` ticks, :math:`l` the mean lateness, and :math:`V'` what the visits after
it are expected to cost, it and these cost, with :math:`p` the price of waiting and :math:`i` of idle time before the
session's end :math:`E`,

.. math::

    W(u) = \sum_j S_j V'(u + j), \qquad
    V(t) = i \max(0, \min(a, E) - t) + (1 - s) V'(m) + s \Bigl( p \bigl( m + \sum_{u \ge m} (1 - C(u)) - a - l \bigr)
    + i \sum_{m \le u < E} (1 - C(u)) + C(m) W(m) + \sum_{u > m} (C(u) - C(u - 1)) W(u) \Bigr)

ticks. After the last visit there are overtime, and the next session from its beginning. Where all patients of the day
have come and all its sessions should be over, every tick costs as much as the one before, so only ticks before that are
worked out.
"""

from __future__ import annotations

from schedopt.arrays import Floats
from schedopt.compiled import inlined, inside
from schedopt.timing.annealing.chances import DELAY, SERVICE, TOGETHER
from schedopt.timing.annealing.tables import DAY, END, LATER, START, Sheet, Tables, Trial


@inlined
def most_overtime(tables: Tables, code: int) -> int:
    """Ticks between a session's end and where the provider's next one begins."""
    later = tables.hours[code, LATER]
    return int((tables.hours[later, START] - tables.hours[code, END]) * tables.ticks if later >= 0 else tables.width)


@inside
def look_back(tables: Tables, sheet: Sheet, trial: Trial, code: int) -> None:
    """Work out what a session and those after it are expected to cost, by when the provider is free."""
    day, later, rest = tables.hours[code, DAY], tables.hours[code, LATER], sheet.rest[code]
    opens, end = (tables.hours[code, START] - day) * tables.ticks, (tables.hours[code, END] - day) * tables.ticks
    most, last = most_overtime(tables, code), end
    for n in range(sheet.number[code]):
        late = tables.chances.late[tables.chances.which[sheet.visits[code, n], DELAY]]
        last = max(last, (sheet.starts[code, n] - day) * tables.ticks + late)
    begins = 0
    if later >= 0:
        begins = (tables.hours[later, START] - day) * tables.ticks
        last = max(last, sheet.straight[later])
    last = min(last + 1, tables.width - 1)
    sheet.straight[code] = last
    for tick in range(opens, last + 1):
        rest[tick] = tables.prices[2] * max(0, min(tick - end, most)) if sheet.number[code] else 0.0
        if later >= 0:
            rest[tick] += sheet.rest[later, max(tick, begins)]
    for n in range(sheet.number[code] - 1, -1, -1):
        _before(tables, sheet, trial, code, n, opens, end)
    _straighten(rest, last, len(rest) - 1)


@inlined
def _straighten(rest: Floats, last: int, upto: int) -> None:
    """Go on in a straight line from a tick to another."""
    step = rest[last] - rest[last - 1]
    for tick in range(last + 1, upto + 1):
        rest[tick] = rest[last] + (tick - last) * step


@inside
def _before(tables: Tables, sheet: Sheet, trial: Trial, code: int, n: int, opens: int, end: int) -> None:
    """Put a visit in front of those for which that is worked out."""
    chances, rest, worth, last = tables.chances, sheet.rest[code], trial.worth, sheet.straight[code]
    visit, at = sheet.visits[code, n], (sheet.starts[code, n] - tables.hours[code, DAY]) * tables.ticks
    service, delay = chances.which[visit, SERVICE], chances.which[visit, DELAY]
    show, masses = chances.show[visit], chances.service[service]
    waiting, idle, at_once = tables.prices[0], tables.prices[1], at + chances.lateness[delay]
    _straighten(rest, last, last + chances.long[service])
    worth[at : last + 1] = 0.0
    for k in range(chances.long[service]):
        mass = float(masses[TOGETHER - 1 + k])
        for tick in range(at, last + 1):
            worth[tick] += mass * rest[tick + k]
    sure = min(at + chances.late[delay], last + 1)
    for tick in range(sure, last + 1):
        rest[tick] = (1.0 - show) * rest[tick] + show * (waiting * (tick - at_once) + worth[tick])
    late, empty, then, ready = 0.0, 0.0, 0.0, 1.0
    for tick in range(sure - 1, at - 1, -1):
        chance = chances.delay[delay, tick - at]
        if tick < last:
            then += (ready - chance) * worth[tick + 1]
        late += 1.0 - chance
        if tick < end:
            empty += 1.0 - chance
        seen = waiting * (tick + late - at_once) + idle * empty + chance * worth[tick] + then
        rest[tick] = (1.0 - show) * rest[tick] + show * seen
        ready = chance
    for tick in range(opens, at):
        rest[tick] = rest[at] + idle * max(0, min(at, end) - tick)
