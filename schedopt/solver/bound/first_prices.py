r"""First prices for requests and pools, from programs that know only minutes.

The linear program gives requests to sessions by minutes: for every request :math:`r` and session :math:`s` that an
option joins, :math:`x_{rs} \ge 0` costs the cheapest of its options. With :math:`u_r` the price of leaving out and
:math:`o_s` the overtime of a session in cells:

.. math::

    \min \sum_r u_r + \sum_{rs} (c_{rs} - u_r) x_{rs} + \sum_s w o_s \quad \text{subject to} \quad
    \sum_s x_{rs} \le 1, \quad \sum_r h_r x_{rs} - o_s \le E_s - S_s, \quad
    \sum_{rs} d_{rp} x_{rs} \le D_{pt}, \quad 0 \le o_s \le O_s

where :math:`h_r` are cells held, :math:`E_s - S_s` and :math:`O_s` the cells of a session and of its overtime, and
:math:`w` the points of a cell of overtime. The third row says that the cells :math:`d_{rp}` for which visits of one
half day :math:`t` use pool :math:`p` fit into the cells :math:`D_{pt}` that the pool has there. Of what a group visit
holds and uses, a seat's share counts for each request: a group has no more members than seats. Limits and distances
between visits are rows too. At the program's dual prices no pattern of a session costs less than what its minutes are
worth, so the bound from patterns is at least the program's optimum.

Where a week is too large for that program, prices of minutes alone are found. At :math:`m_s \ge 0` points for a cell of
session :math:`s`,

.. math::

    \sum_r u_r + \sum_r \min \Bigl( 0, \min_s c_{rs} - u_r + h_r m_s \Bigr)
    - \sum_s \bigl( m_s (E_s - S_s) + \max(0, m_s - w) O_s \bigr)

is a bound too, and subgradient steps as in :mod:`~schedopt.solver.bound.prices` raise it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.couplings import ProviderTime
from schedopt.models.problem.problem import Problem
from schedopt.solver.bound.columns import Rows, least_costs
from schedopt.solver.bound.entries import REQUEST, Entries
from schedopt.solver.bound.patterns import load
from schedopt.solver.params import PriceParams

SECONDS_OF_100_000, GROWTH = 1.5, 1.5
"""Seconds that 100,000 coefficients of the linear program take on a slow machine, and the power by which they grow."""


@dataclass(frozen=True)
class Duals:
    """Dual prices of the linear program.

    Attributes
    ----------
    request : float array, shape (requests,)
        Points a visit of each request.
    pool : float array, shape (pools, cells)
        Points a unit in each cell.
    row : float array, shape (rows,)
        Points of each row.
    value : float
        Points of the program's optimum; no schedule costs less.
    """

    request: Floats
    pool: Floats
    row: Floats
    value: float


def solve_minutes(problem: Problem, by_session: Ints, rows: Rows, seconds: float | None) -> Duals | None:
    """Prices by the linear program, or None where it would take too long.

    Parameters
    ----------
    problem : Problem
        The week.
    by_session : int array, shape (options,)
        Order in which options are counted by `rows`.
    rows : Rows
        Limits and distances between visits.
    seconds : float, optional
        Longest time by the clock; without it, the program is solved to its end.
    """
    program = _program(problem, by_session, rows)
    if not program.matrix.shape[1]:
        return None
    limits = {} if seconds is None else {"time_limit": max(0.01, seconds)}
    result = linprog(
        program.cost, A_ub=program.matrix, b_ub=program.most, method="highs-ipm", options=limits,
        bounds=np.stack([np.zeros(len(program.upper)), program.upper], axis=1),
    )  # fmt: skip
    if result.status != 0:
        return None
    dual = -np.minimum(0.0, result.ineqlin.marginals)
    request, _, pool, row = np.split(dual, np.cumsum(program.blocks)[:-1])
    value = float(result.fun) + float(problem.left_out.sum())
    return Duals(request, program.stretches.spread(pool), row, value)


def seconds_of(problem: Problem) -> float:
    """Seconds that the linear program takes, about, on a slow machine."""
    steps = problem.week.steps
    needs = np.bincount(steps.request[steps.need_step], minlength=len(problem.week.requests))
    coefficients = len(problem.options) * 2 + int(needs[problem.options.request].sum())
    return float(SECONDS_OF_100_000 * (coefficients / 100_000) ** GROWTH)


@dataclass(frozen=True)
class _Stretches:
    """Half days of pools; one entry a stretch.

    Attributes
    ----------
    pool, first, end : int array
        The pool, the first cell that visits can use there and the cell after the last one.
    has : int array, shape (pools, cells)
        Units of each pool in each cell.
    """

    pool: Ints
    first: Ints
    end: Ints
    has: Ints

    def spread(self, price: Floats) -> Floats:
        """Prices of cells from prices of stretches; shape (pools, cells)."""
        change = np.zeros((self.has.shape[0], self.has.shape[1] + 1))
        np.add.at(change, (self.pool, self.first), price)
        np.subtract.at(change, (self.pool, self.end), price)
        cells: Floats = np.maximum(0.0, np.cumsum(change, axis=1)[:, :-1])
        return cells

    def units(self) -> Floats:
        """Cells times units that each stretch has."""
        there = np.concatenate([np.zeros((self.has.shape[0], 1), np.int64), np.cumsum(self.has, axis=1)], axis=1)
        units: Floats = (there[self.pool, self.end] - there[self.pool, self.first]).astype(float)
        return units


@dataclass(frozen=True)
class _Program:
    """Minimise `cost` · x subject to `matrix` x <= `most`, 0 <= x <= `upper`.

    Columns are pairs of a request and a session, then the overtime of sessions. Rows are requests, sessions, stretches
    of pools and other rows; `blocks` has the number of each.
    """

    cost: Floats
    upper: Floats
    matrix: sparse.csr_array
    most: Floats
    blocks: tuple[int, int, int, int]
    stretches: _Stretches


def _program(problem: Problem, by_session: Ints, rows: Rows) -> _Program:
    week, options = problem.week, problem.options.take(by_session)
    num_requests, num_sessions = len(week.requests), len(week.sessions)
    cost = least_costs(problem)[by_session]
    order = np.lexsort((cost, options.session, options.request))
    key = (options.request * num_sessions + options.session)[order]
    chosen = order[np.unique(key, return_index=True)[1]]
    request, session = options.request[chosen], options.session[chosen]
    pairs, late = np.arange(len(chosen)), len(chosen) + np.arange(num_sessions)
    stretches, stretch, pair, size = _pool_uses(problem, by_session, chosen)
    place = np.full(len(options), -1)
    place[chosen] = pairs
    kept = place[rows.entry] >= 0
    blocks = num_requests, num_sessions, len(stretches.pool), len(rows.most)
    first = np.concatenate([[0], np.cumsum(blocks)])
    entries = [
        (request, pairs, np.ones(len(pairs))),
        (first[1] + session, pairs, week.hold_of(request, session) / week.requests.most_together[request]),
        (first[1] + np.arange(num_sessions), late, -np.ones(num_sessions)),
        (first[2] + stretch, pair, size),
        (first[3] + rows.row[kept], place[rows.entry[kept]], rows.coefficient[kept]),
    ]
    row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    length = (week.sessions.end - week.sessions.start).astype(float)
    overtime = float(problem.coupling(ProviderTime).overtime * week.calendar.grid)
    return _Program(
        np.concatenate([(cost[chosen] - problem.left_out[request]).astype(float),
                        np.full(num_sessions, overtime)]),
        np.concatenate([np.full(len(pairs), np.inf), week.sessions.overtime.astype(float)]),
        sparse.csr_array((value, (row, column)), shape=(int(first[-1]), len(pairs) + num_sessions)),
        np.concatenate([np.ones(num_requests), length, stretches.units(), rows.most]), blocks, stretches,
    )  # fmt: skip


def _pool_uses(problem: Problem, by_session: Ints, chosen: Ints) -> tuple[_Stretches, Ints, Ints, Floats]:
    """Half days of pools, and for each use of one: the stretch, the pair and the cells."""
    week, cells = problem.week, problem.calendar.cells_per_day
    steps, pools, sessions = week.steps, week.pools, week.sessions
    options = problem.options.take(by_session[chosen])
    edge = np.searchsorted(steps.request[steps.need_step], np.arange(len(week.requests) + 1))
    count = np.diff(edge)[options.request]
    pair = np.repeat(np.arange(len(chosen)), count)
    need = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count - edge[options.request], count)
    step, session = steps.need_step[need], options.session[pair]
    pool = pools.at[sessions.site[session], steps.need_kind[need]]
    low, high = _reach(problem, by_session, chosen)
    midnight = (sessions.day[session] + 1) * cells
    cleaned = high[pair] + pools.turnover[pool] <= midnight  # else cleaning may be cut short
    request = options.request[pair]
    length = np.where(step == steps.provider_step[request], week.length_of(request, session), steps.length[step])
    size = length + np.where(cleaned, pools.turnover[pool], 0)
    half = (sessions.start[session] % cells) * 2 >= cells
    names, stretch = np.unique(
        (pool * problem.calendar.num_days + sessions.day[session]) * 2 + half, return_inverse=True
    )
    first, end = np.full(len(names), problem.calendar.num_cells), np.zeros(len(names), np.int64)
    np.minimum.at(first, stretch, np.maximum(0, low[pair]))
    np.maximum.at(end, stretch, np.minimum(high[pair] + pools.turnover[pool], midnight))
    has = pools.available(problem.calendar.num_cells)
    which = names // (2 * problem.calendar.num_days)
    return _Stretches(which, first, end, has), stretch, pair, size / week.requests.most_together[request]


def _reach(problem: Problem, by_session: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """First cell, and cell after the last, that any step of a pair's visits can touch, over all of its options."""
    week, options = problem.week, problem.options.take(by_session)
    steps, num_sessions = week.steps, len(week.sessions)
    slack = np.bincount(steps.request, weights=steps.max_wait, minlength=len(week.requests)).astype(np.int64)
    keys = options.request[chosen] * num_sessions + options.session[chosen]
    pair = np.searchsorted(keys, options.request * num_sessions + options.session)
    low, high = np.full(len(chosen), week.calendar.num_cells), np.zeros(len(chosen), np.int64)
    rest = week.length_of(options.request, options.session) + (week.lag + slack)[options.request]
    np.minimum.at(low, pair, np.maximum(options.opens, options.earliest - (week.lead + slack)[options.request]))
    np.maximum.at(high, pair, np.minimum(options.closes, options.latest + rest))
    return low, high


def minute_prices(
    problem: Problem, by_session: Ints, entries: Entries, cost: Floats, params: PriceParams
) -> Floats:  # fmt: skip
    """Points of a cell of each session, by subgradient steps: a session that is too full gets dearer, others cheaper.

    Parameters
    ----------
    problem : Problem
        The week.
    by_session, entries : int array, Entries
        Its options.
    cost : float array, shape (options,)
        Points of an entry, less those of leaving out.
    params : PriceParams
        How many steps, and how long they are.
    """
    week, steps, ratio = problem.week, params.minute_steps, params.minute_short / params.minute_long
    size = (week.sessions.end - week.sessions.start).astype(float)
    request = entries.table[:, REQUEST]
    order = np.argsort(request, kind="stable")
    offset = np.searchsorted(request[order], np.arange(len(week.requests) + 1))
    pairs = np.stack([order, problem.options.session[by_session][order]], axis=1)
    minute, best, value = np.zeros(len(size)), np.zeros(len(size)), -math.inf
    total, direction = float(problem.left_out.sum()), np.zeros(len(size))
    for number in range(steps):
        held = np.zeros(len(size), np.int64)
        found = total + load(entries, cost, minute, pairs, offset, held)
        dear = minute > entries.overtime
        found -= float(minute @ size + ((minute - entries.overtime) * week.sessions.overtime)[dear].sum())
        if found > value:
            value, best = found, minute.copy()
        slope = held - size - np.where(dear, week.sessions.overtime, 0)
        slope[(minute <= 0) & (slope < 0)] = 0.0
        direction = (1 - params.fresh) * direction + params.fresh * slope
        norm = float(direction @ direction)
        if norm < 1e-9:
            break
        give = max(1.0, params.far * abs(value), 0.0005 * total)
        length = params.minute_long * ratio ** (number / steps) * give / norm
        minute = np.maximum(0.0, minute + length * direction)
    return best
