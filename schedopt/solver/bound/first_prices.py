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

Where the program is too large to be solved to its end in the time there is, a primal-dual method of first order comes
near its dual prices, on all workers, in a share of the time. The bound holds at any prices; only how good it is hangs
on how near they are.

References
----------
D. Applegate, M. Diaz, O. Hinder, H. Lu, M. Lubin, B. O'Donoghue and W. Schudy, Practical large-scale linear programming
using primal-dual hybrid gradient, Advances in Neural Information Processing Systems 34 (2021) 20243-20257.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from ortools.pdlp import solvers_pb2
from ortools.pdlp.python import pdlp
from scipy import sparse
from scipy.optimize import linprog

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.couplings import ProviderTime
from schedopt.models.problem.problem import Problem
from schedopt.solver.bound.columns import Rows, least_costs

SECONDS_OF_100_000, GROWTH = 1.5, 1.5
"""Seconds that 100,000 coefficients of the linear program take on a slow machine, and the power by which they grow."""
NEAR, MOST_ITERATIONS = 1e-3, 2_000
"""How near to the program's optimum, as a share of it, prices are that are only near; iterations that take them there,
at most."""


@dataclass(frozen=True)
class Duals:
    """Dual prices of the linear program, or near those.

    Attributes
    ----------
    request : float array, shape (requests,)
        Points a visit of each request.
    pool : float array, shape (pools, cells)
        Points a unit in each cell.
    row : float array, shape (rows,)
        Points of each row.
    value : float
        Points that the prices prove: the program's optimum, or less than that. No schedule costs less.
    looks : int
        Coefficients that were looked at to come near; 0 where the program was solved.
    """

    request: Floats
    pool: Floats
    row: Floats
    value: float
    looks: int = 0


def solve_minutes(problem: Problem, by_session: Ints, rows: Rows, seconds: float | None) -> Duals | None:
    """Prices by the linear program, or None where that would take too long.

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
    return program.duals(-result.ineqlin.marginals)


def near_minutes(problem: Problem, by_session: Ints, rows: Rows, workers: int, seconds: float | None) -> Duals:
    """Prices near those of the linear program.

    Parameters
    ----------
    problem, by_session, rows
        As for :func:`solve_minutes`.
    workers : int
        Threads; the same number of them gives the same prices.
    seconds : float, optional
        Longest time by the clock; without it, only iterations are counted.
    """
    program = _program(problem, by_session, rows)
    used = np.flatnonzero(np.diff(program.matrix.indptr))
    price = np.zeros(len(program.most))
    without = program.duals(price)
    if not len(used):
        return without
    given = pdlp.QuadraticProgram()
    given.resize_and_initialize(len(program.cost), len(used))
    given.objective_vector, given.constraint_matrix = program.cost, sparse.csc_matrix(program.matrix[used])
    given.constraint_lower_bounds = np.full(len(used), -np.inf)
    given.constraint_upper_bounds = program.most[used]
    given.variable_lower_bounds, given.variable_upper_bounds = np.zeros(len(program.upper)), program.upper
    how = solvers_pb2.PrimalDualHybridGradientParams(num_threads=workers)
    ends = how.termination_criteria
    ends.simple_optimality_criteria.eps_optimal_relative, ends.iteration_limit = NEAR, MOST_ITERATIONS
    if seconds is not None:
        ends.time_sec_limit = max(0.01, seconds)
    found = pdlp.primal_dual_hybrid_gradient(given, how)
    price[used] = -found.dual_solution
    near = program.duals(price, found.solve_log.iteration_count * program.matrix.nnz)
    return near if near.value > without.value else replace(without, looks=near.looks)


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
    of pools and other rows; `blocks` has the number of each. `request` is that of each pair, and `left_out` are the
    points of leaving everybody out.
    """

    cost: Floats
    upper: Floats
    matrix: sparse.csr_array
    most: Floats
    blocks: tuple[int, int, int, int]
    request: Ints
    stretches: _Stretches
    left_out: float

    def duals(self, price: Floats, looks: int = 0) -> Duals:
        """What prices of the rows mean: one below 0 counts as 0, and a request is worth what its best column saves.

        So they are dual feasible, but for rounding, wherever the method was stopped that found them.
        """
        first, price = self.blocks[0], np.maximum(0.0, price)
        price[:first] = 0.0
        paid = self.cost + self.matrix.T @ price
        np.maximum.at(price, self.request, -paid[: len(self.request)])
        late = np.minimum(0.0, paid[len(self.request) :]) @ self.upper[len(self.request) :]
        request, _, pool, row = np.split(price, np.cumsum(self.blocks)[:-1])
        return Duals(request, self.stretches.spread(pool), row, float(self.left_out + late - price @ self.most), looks)


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
        np.concatenate([np.ones(num_requests), length, stretches.units(), rows.most]), blocks, request, stretches,
        float(problem.left_out.sum()),
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
