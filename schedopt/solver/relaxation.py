r"""The linear relaxation that assigns requests to sessions by minutes: a bound for all, and a guide to start from.

For every request :math:`r` and session :math:`s` that an option joins, :math:`x_{rs} \ge 0` costs the cheapest of its
options. With :math:`u_r` the price of leaving out and :math:`o_s` the overtime of a session in cells:

.. math::

    \min \sum_r u_r + \sum_{rs} (c_{rs} - u_r) x_{rs} + \sum_s w o_s \quad \text{subject to} \quad
    \sum_s x_{rs} \le 1, \quad \sum_r h_r x_{rs} - o_s \le E_s - S_s, \quad
    \sum_{rs} d_{rp} x_{rs} \le D_{pt}

where :math:`h_r` are cells held, and the last line says that the cells of pool :math:`p` used by visits of the
sessions of one stretch :math:`t` of a day fit into what the pool has there. Limits and series are rows too.

The bound is not read from the solver: any dual prices :math:`y \le 0` give
:math:`b^T y + \sum_j \min(0, c_j - A_j^T y) u_j`, which is computed here and holds whatever the solver did.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from schedopt.models.couplings import DayGap, Limit, ProviderTime
from schedopt.models.problem import Problem
from schedopt.models.week import Ints

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Relaxation:
    """What the relaxation says.

    Attributes
    ----------
    request, session : int array
        The pairs that options join, sorted.
    share : float array
        How much of the request the relaxation gives to the session, 0 to 1.
    price : float array
        Cost of the pair plus what its minutes are worth to others, in points, less the price of leaving out:
        negative where placing pays.
    bound : int
        Points; no schedule costs less.
    """

    request: Ints
    session: Ints
    share: Floats
    price: Floats
    bound: int


@dataclass(frozen=True)
class _Program:
    """Minimise `cost` · x + `constant` subject to `matrix` x <= `limit`, 0 <= x <= `upper`; pairs come first in x."""

    request: Ints
    session: Ints
    cost: Floats
    upper: Floats
    matrix: sparse.csr_array
    limit: Floats
    constant: int


def relax(problem: Problem, time_limit: float) -> Relaxation:
    """Solve the relaxation.

    Parameters
    ----------
    problem : Problem
        The week.
    time_limit : float
        Seconds; when they are over, the bound is the best that costs nothing to know.

    Returns
    -------
    Relaxation
    """
    program = _program(problem)
    count = len(program.request)
    dual = np.zeros(len(program.limit))
    share = np.zeros(count)
    if count:
        result = linprog(
            program.cost, A_ub=program.matrix, b_ub=program.limit, method="highs",
            bounds=np.stack([np.zeros(len(program.upper)), program.upper], axis=1),
            options={"time_limit": max(0.01, time_limit)},
        )  # fmt: skip
        if result.status == 0:
            dual, share = np.minimum(0.0, result.ineqlin.marginals), np.clip(result.x[:count], 0, 1)
    reduced = program.cost - program.matrix.T @ dual
    value = program.constant + float(program.limit @ dual) + float(np.minimum(0.0, reduced) @ program.upper)
    bound = max(0, math.ceil(value - 1e-6 * max(1.0, abs(value))))
    return Relaxation(program.request, program.session, share, reduced[:count], bound)


def _program(problem: Problem) -> _Program:
    week, options = problem.week, problem.options
    num_sessions, num_requests = len(week.sessions), len(week.requests)
    key, first = np.unique(options.request * max(1, num_sessions) + options.session, return_index=True)
    request, session = key // max(1, num_sessions), key % max(1, num_sessions)
    cheapest = np.minimum.reduceat(options.cost, first) if len(first) else options.cost
    overtime = problem.coupling(ProviderTime).overtime * week.calendar.grid
    rows = _Rows(len(key) + num_sessions)
    rows.add(request, np.arange(len(key)), np.ones(len(key)), np.ones(num_requests))
    length = (week.sessions.end - week.sessions.start).astype(float)
    late = len(key) + np.arange(num_sessions)
    rows.add(
        np.concatenate([session, np.arange(num_sessions)]), np.concatenate([np.arange(len(key)), late]),
        np.concatenate([week.requests.hold[request].astype(float), -np.ones(num_sessions)]), length,
    )  # fmt: skip
    _pool_rows(problem, request, session, rows)
    _coupling_rows(problem, request, session, rows)
    matrix, limit = rows.matrix()
    return _Program(
        request, session,
        np.concatenate([(cheapest - problem.left_out[request]).astype(float), np.full(num_sessions, float(overtime))]),
        np.concatenate([np.ones(len(key)), week.sessions.overtime.astype(float)]),
        matrix, limit, int(problem.left_out.sum()),
    )  # fmt: skip


class _Rows:
    """Collects the entries of a sparse matrix, block after block."""

    def __init__(self, num_columns: int) -> None:
        self._num_columns = num_columns
        self._entries: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []
        self._limits: list[Floats] = []
        self._count = 0

    def add(self, row: Ints, column: Ints, value: Floats, limit: Floats) -> None:
        """Add a block: entries with rows counted from 0 within it, and its right-hand sides."""
        self._entries.append((row + self._count, column, value))
        self._limits.append(np.asarray(limit, float))
        self._count += len(limit)

    def matrix(self) -> tuple[sparse.csr_array, Floats]:
        """The matrix and the right-hand sides."""
        row, column, value = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        matrix = sparse.csr_array((value, (row, column)), shape=(self._count, self._num_columns))
        return matrix, np.concatenate(self._limits)


def _pool_rows(problem: Problem, request: Ints, session: Ints, rows: _Rows) -> None:
    """Cells of a pool that visits in a half day's sessions use, within all the cells that they can use."""
    week = problem.week
    steps, pools, sessions = week.steps, week.pools, week.sessions
    if not len(pools) or not len(steps.need_step):
        return
    need_of = np.searchsorted(steps.request[steps.need_step], np.arange(len(week.requests) + 1))
    pair, need = _entries(need_of, request)
    step, kind = steps.need_step[need], steps.need_kind[need]
    pool = pools.at[sessions.site[session[pair]], kind]
    low, high = _reach(problem, request, session)
    midnight = (sessions.day[session[pair]] + 1) * week.calendar.cells_per_day
    cleaned = high[pair] + pools.turnover[pool] <= midnight  # else cleaning may be cut short
    size = steps.length[step] + np.where(cleaned, pools.turnover[pool], 0)
    half = (sessions.start[session[pair]] % week.calendar.cells_per_day) * 2 >= week.calendar.cells_per_day
    group = (pool * week.calendar.num_days + sessions.day[session[pair]]) * 2 + half
    names, group = np.unique(group, return_inverse=True)
    first = np.full(len(names), week.calendar.num_cells)
    last = np.zeros(len(names), np.int64)
    np.minimum.at(first, group, low[pair])
    np.maximum.at(last, group, np.minimum(high[pair] + pools.turnover[pool], midnight))
    there = np.concatenate(
        [np.zeros((len(pools), 1), np.int64), np.cumsum(pools.available(week.calendar.num_cells), axis=1)], axis=1
    )
    which = names // (2 * week.calendar.num_days)
    limit = there[which, last] - there[which, np.maximum(0, first)]
    rows.add(group, pair, size.astype(float), limit.astype(float))


def _reach(problem: Problem, request: Ints, session: Ints) -> tuple[Ints, Ints]:
    """First and last cell that any step of each pair's visits can touch."""
    week, options = problem.week, problem.options
    steps = week.steps
    slack = np.bincount(steps.request, weights=steps.max_wait, minlength=len(week.requests)).astype(np.int64)
    pair = np.searchsorted(
        request * max(1, len(week.sessions)) + session,
        options.request * max(1, len(week.sessions)) + options.session,
    )
    low = np.full(len(request), week.calendar.num_cells)
    high = np.zeros(len(request), np.int64)
    rest = week.requests.length + week.lag + slack
    np.minimum.at(low, pair, np.maximum(options.opens, options.earliest - (week.lead + slack)[options.request]))
    np.maximum.at(high, pair, np.minimum(options.closes, options.latest + rest[options.request]))
    return low, high


def _coupling_rows(problem: Problem, request: Ints, session: Ints, rows: _Rows) -> None:
    """Limits, and followers that need what they follow."""
    week = problem.week
    for coupling in problem.couplings:
        if isinstance(coupling, Limit):
            pair, group = coupling.groups(week, request, session)
            names, group = np.unique(group, return_inverse=True)
            limit = np.array([coupling.most(week, int(g)) for g in names], float)
            rows.add(group, pair, np.ones(len(pair)), limit)
        elif isinstance(coupling, DayGap):
            needs = coupling.needs_first
            edges = np.searchsorted(request, np.arange(len(week.requests) + 1))
            row, column = _entries(edges, coupling.second[needs])
            needed_row, needed_column = _entries(edges, coupling.first[needs])
            value = np.concatenate([np.ones(len(row)), -np.ones(len(needed_row))])
            row, column = np.concatenate([row, needed_row]), np.concatenate([column, needed_column])
            rows.add(row, column, value, np.zeros(int(needs.sum())))


def _entries(edges: Ints, codes: Ints) -> tuple[Ints, Ints]:
    """Entries ``edges[c]`` to ``edges[c + 1] - 1`` of every code c in turn: (position in `codes`, entry)."""
    counts = edges[codes + 1] - edges[codes]
    row = np.repeat(np.arange(len(codes)), counts)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + edges[codes][row]
