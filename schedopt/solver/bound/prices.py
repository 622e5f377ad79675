r"""A bound for all schedules from prices, and what the prices say about where requests belong.

Every request :math:`r` gets a price :math:`\lambda_r`, every cell :math:`t` of a pool :math:`p` a price
:math:`\mu_{pt} \ge 0`, and every row :math:`k` that limits and distances between visits make, :math:`\sum_o a_{ko} x_o
\le b_k`, a price :math:`\nu_k \ge 0`; :math:`\lambda_r \ge 0` too, except for fixed promises, which have to be placed.
At such prices one session's visits no longer bear on another's: each takes the cheapest pattern of visits that it can
hold (:mod:`~schedopt.solver.bound.patterns`), and

.. math::

    L(\lambda, \mu, \nu) = \sum_r (u_r - \lambda_r) - \sum_{pt} \mu_{pt} D_{pt} - \sum_k \nu_k b_k + \sum_s \min_P
    \Bigl( i(P) + w(P) + \sum_{o \in P} \bigl( c_o - u_{r(o)} + \lambda_{r(o)} + \sum_k a_{ko} \nu_k
    + m_o(\mu) \bigr) \Bigr)

is never more than the cost of any schedule (Lagrangian relaxation; Fisher 1981). Here :math:`u_r` are the points of
leaving out, :math:`D_{pt}` the units of a pool, :math:`c_o` the least that option :math:`o` of request :math:`r(o)`
adds (:func:`~schedopt.solver.bound.columns.least_costs`), :math:`m_o(\mu)` the least that pools and waits between its
steps cost at the start that the pattern gives it (:mod:`~schedopt.solver.bound.shapes`), and :math:`i(P)` and
:math:`w(P)` idle time and overtime of the pattern.

The slope :math:`g` has an entry for each price: visits of a request in all patterns less 1, use of a pool's cell less
:math:`D_{pt}`, left side of a row less :math:`b_k`; 0 where the price is 0 and would fall. Steps go along averaged
slopes (Held, Wolfe and Crowder 1974; Camerini, Fratta and Maffioli 1975), here of all prices together:

.. math::

    d \leftarrow (1 - \beta) d + \beta g, \qquad
    \lambda \leftarrow \max \Bigl( 0, \lambda + \theta \, \frac{F}{\lVert d \rVert^2} \, d \Bigr), \qquad
    \theta = \theta_0 (\theta_1 / \theta_0)^\delta

with :math:`\beta` = `fresh` and :math:`\theta_0` = `long` of :class:`~schedopt.solver.params.PriceParams`, and
:math:`\delta` the share of the effort that is spent. As many steps as after :math:`k` of them seem to come,
:math:`k / \delta`, say how short the last ones are: :math:`\theta_1 = \delta / k`, but no less than `short`. Polyak's
rule (1969) has in place of :math:`F` how far the optimum is above the bound. That is not known, so :math:`F` is the
share `far` of the best bound so far.

References
----------
B. T. Polyak, Minimization of unsmooth functionals, USSR Computational Mathematics and Mathematical Physics 9 (1969)
14-29.

M. Held, P. Wolfe and H. P. Crowder, Validation of subgradient optimization, Mathematical Programming 6 (1974) 62-88.

P. M. Camerini, L. Fratta and F. Maffioli, On improving relaxation methods by modified gradient techniques, Mathematical
Programming Study 3 (1975) 26-34.

M. L. Fisher, The Lagrangian relaxation method for solving integer programming problems, Management Science 27 (1981)
1-18.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.problem import Problem
from schedopt.solver.bound.columns import least_costs, make_entries, make_shapes, priced_of, rows_of
from schedopt.solver.bound.drawing import PricedWeek
from schedopt.solver.bound.entries import REQUEST
from schedopt.solver.bound.first_prices import near_minutes, seconds_of, solve_minutes
from schedopt.solver.bound.forced import Priced, rounded
from schedopt.solver.bound.patterns import cheapest, excess
from schedopt.solver.bound.shapes import price_shapes
from schedopt.solver.params import DEFAULTS, PriceParams

ENTRIES_PER_SECOND, LEAST_ENTRIES, MARKED, LOOKS = 1_400_000, 1_000, 3, 35
"""Options looked at that count as a second of one worker where time is counted in work; the fewest that a step counts
as; how many each counts as where requests are marked; and looks at a coefficient of the linear program that count as
one."""


@dataclass
class _Dual:
    """Prices, or a direction in which to change them.

    Attributes
    ----------
    request : float array, shape (requests,)
        Points a visit of each request.
    pool : float array, shape (pools, cells)
        Points a unit in each cell.
    row : float array
        Points of each row that limits and distances between visits make.
    """

    request: Floats
    pool: Floats
    row: Floats

    def parts(self) -> tuple[Floats, ...]:
        return self.request, self.pool, self.row

    def copy(self) -> _Dual:
        return _Dual(*(part.copy() for part in self.parts()))


class Pricing:
    """Finds prices for a week.

    Parameters
    ----------
    problem : Problem
        The week.
    workers : int
        Threads.
    seconds : float
        Longest time for the linear program that makes the first prices.
    deterministic : bool
        Whether that program is solved, where it is, to its end, whatever the clock says.
    params : PriceParams
        Lengths of steps and the like.

    Attributes
    ----------
    settled : bool
        The prices cannot get better.
    work : int
        Options that steps have looked at so far, and what coming near first prices counts as.
    """

    def __init__(
        self, problem: Problem, workers: int, seconds: float = math.inf, *, deterministic: bool = True,
        params: PriceParams = DEFAULTS.prices,
    ) -> None:  # fmt: skip
        self._problem, self._workers, self._params = problem, workers, params
        week = problem.week
        self._cells = week.calendar.num_cells
        self._by_session = np.argsort(problem.options.session, kind="stable")
        self._shapes, shape = make_shapes(problem)
        self._entries = make_entries(problem, self._by_session, shape)
        self._has = week.pools.available(self._cells).astype(float)
        self._rows = rows_of(problem, self._by_session)
        self._fixed = week.requests.fixed & (np.diff(problem.offset) > 0)
        self._cost = (least_costs(problem) - problem.left_out[problem.options.request])[self._by_session].astype(float)
        used = np.flatnonzero(np.diff(self._entries.edge))
        self._parts = [used[k::workers].copy() for k in range(workers)]  # compiled for whole arrays
        needy = np.flatnonzero(priced_of(self._shapes))
        self._shape_parts = [needy[k::workers].copy() for k in range(workers)]
        self._chain = np.zeros((max(1, len(self._shapes.length) - 1), self._cells))
        self._marked = np.zeros((len(week.sessions), 0), np.int64)
        self._marked_entry, self._tally = self._marked, np.zeros(0, np.int64)
        self._twice = np.full(len(week.sessions), -1)
        self._steps = 0
        self._held = np.zeros(0), np.zeros(0, np.int64)
        self.settled, self.work = False, 0
        self._dual = self._first_dual(seconds, deterministic=deterministic)
        self._best, self._value = self._dual, -math.inf
        self._way = _Dual(*(np.zeros_like(part) for part in self._dual.parts()))
        self._pool = ThreadPoolExecutor(workers)

    def _first_dual(self, seconds: float, *, deterministic: bool) -> _Dual:
        """First prices: of the linear program, or near those where it would take longer than `seconds`."""
        found, most = None, None if deterministic else seconds
        if seconds_of(self._problem) <= seconds:
            found = solve_minutes(self._problem, self._by_session, self._rows, most)
        if found is None:
            found = near_minutes(self._problem, self._by_session, self._rows, self._workers, most)
        self.work += found.looks // LOOKS
        return _Dual(found.request, found.pool, found.row)

    @property
    def bound(self) -> int:
        """Points; no schedule costs less."""
        if math.isinf(self._value):
            return 0
        return max(0, math.ceil(self._value - 1e-6 * max(1.0, abs(self._value))))

    def reprice(self, prices: Callable[[Floats], Floats]) -> None:
        """Go on from other prices: each array of them is replaced by what it is mapped to, 0 or more everywhere."""
        self._dual = _Dual(*(prices(part) for part in self._dual.parts()))

    def step(self, done: float) -> None:
        """Evaluate the prices and improve them.

        Parameters
        ----------
        done : float
            Share of the effort that is spent, 0 to 1; steps get shorter with it.
        """
        self._steps += 1
        self.work += max(LEAST_ENTRIES, len(self._entries.table)) * (MARKED if self._marked.shape[1] else 1)
        params = self._params
        if self._marked.shape[1]:
            self._mark()
        elif done > params.marked_from and self._steps > params.steps_before_marks:
            self._marked = np.full((len(self._marked), params.marks), -1)
            self._marked_entry = self._marked.copy()
            self._tally = np.zeros(len(self._entries.table), np.int64)
        value, slope = self._evaluate()
        if value > self._value:
            self._value, self._best = value, self._dual.copy()
        norm = 0.0
        for part, fresh in zip(self._way.parts(), slope.parts(), strict=True):
            part *= 1 - params.fresh
            part += params.fresh * fresh
            norm += float((part * part).sum())
        self.settled = norm < 1e-9
        if self.settled:
            return
        short = max(params.short, min(params.long, done / self._steps))
        length = params.long * (short / params.long) ** min(1.0, done) * self._far() / norm
        fixed = self._dual.request[self._fixed] + length * self._way.request[self._fixed]
        for part, direction in zip(self._dual.parts(), self._way.parts(), strict=True):
            part += length * direction
            np.maximum(part, 0.0, out=part)
        self._dual.request[self._fixed] = fixed

    def _far(self) -> float:
        """Points by which the optimum is taken to be above the bound: F of this module."""
        far = self._params.far
        return max(1.0, far * abs(self._value), 0.01 * far * float(self._problem.left_out.sum()))

    def _mark(self) -> None:
        """Mark the request that a session's pattern held twice, if that has happened more often than with a marked one.

        The new mark takes the place of the marked request with the fewest such cases.
        """
        rows = np.flatnonzero(self._twice >= 0)
        request = self._entries.table[self._twice[rows], 0]
        rows = rows[~(self._marked[rows] == request[:, None]).any(axis=1)]
        entry = self._twice[rows]
        self._tally[entry] += 1
        had = self._marked_entry[rows]
        often = np.where(had >= 0, self._tally[had], -1)
        place = np.argmin(often, axis=1)
        better = self._tally[entry] > often[np.arange(len(rows)), place]
        rows, place, entry = rows[better], place[better], entry[better]
        self._marked_entry[rows, place] = entry
        self._marked[rows, place] = self._entries.table[entry, 0]

    def _prices(self) -> tuple[Floats, Floats]:
        """Points of each entry, and running sums of the pools' prices."""
        dual = self._dual
        rows = self._rows
        price = self._cost + dual.request[self._entries.table[:, REQUEST]]
        np.add.at(price, rows.entry, rows.coefficient * dual.row[rows.row])
        paid = np.zeros((len(dual.pool), self._cells + 1))
        np.cumsum(dual.pool, axis=1, out=paid[:, 1:])
        return price, paid

    def _price_shapes(self, paid: Floats) -> None:
        list(self._pool.map(lambda some: price_shapes(self._shapes, paid, some, self._chain), self._shape_parts))

    def _evaluate(self) -> tuple[float, _Dual]:
        """The bound at the present prices, and the direction in which it rises."""
        dual, table = self._dual, self._entries.table
        price, paid = self._prices()
        self._price_shapes(paid)
        least = np.zeros(len(self._problem.week.sessions))

        def work(sessions: Ints) -> tuple[Ints, Ints, Ints]:
            count, used = np.zeros(len(dual.request), np.int64), np.zeros(len(table), np.int64)
            uses = np.zeros((len(dual.pool), self._cells + 1), np.int64)
            cheapest(
                self._entries, self._shapes, price, self._chain, sessions, self._marked, least, count, used, uses,
                self._twice,
            )  # fmt: skip
            return count, used, uses

        count, used, uses = (sum(parts) for parts in zip(*self._pool.map(work, self._parts), strict=True))
        self._held = least, count
        value = float(self._problem.left_out.sum()) - float(dual.request.sum()) - float((dual.pool * self._has).sum())
        value += float(least.sum()) - float(dual.row @ self._rows.most)
        slope = _Dual(count - 1.0, np.cumsum(uses, axis=1)[:, :-1] - self._has, self._over(used))
        for part, rise in zip(dual.parts(), slope.parts(), strict=True):
            rise[(part <= 0) & (rise < 0)] = 0.0
        slope.request[self._fixed] = count[self._fixed] - 1.0
        return value, slope

    def _over(self, used: Ints) -> Floats:
        """By how much the visits that patterns hold are above the right-hand side of each row."""
        rows = self._rows
        held = np.bincount(rows.row, weights=rows.coefficient * used[rows.entry], minlength=len(rows.most))
        over: Floats = held - rows.most
        return over

    def at_best(self) -> PricedWeek:
        """The week at the best prices; the next step overwrites it."""
        self._dual = self._best.copy()
        price, paid = self._prices()
        self._price_shapes(paid)
        return PricedWeek(self._entries._replace(shared=None), self._shapes, price, self._chain, self._by_session)

    def excess(self) -> Floats:
        """Points, 0 or more, that each option costs above the best one of its request, at the best prices."""
        price = self.at_best().price
        rise = np.zeros(len(price))
        list(self._pool.map(self._excess_of, self._parts, repeat(price), repeat(rise)))
        by_option = np.empty_like(rise)
        by_option[self._by_session] = rise
        request = self._problem.options.request
        lowest = np.full(len(self._dual.request), np.inf)
        np.minimum.at(lowest, request, by_option)
        above: Floats = by_option - lowest[request]
        return above

    def forced(self, requests: Ints, enough: float = 0.0) -> Floats:
        """Points, of some requests that have options, that no schedule costs less than that places them.

        Where nothing better is proved, or `enough` is out of reach, that is the bound.
        """
        if math.isinf(self._value):
            return np.zeros(len(requests))
        self._dual = self._best.copy()
        value, _ = self._evaluate()
        price, paid = self._prices()
        week = Priced(self._entries, self._shapes, price, self._chain, self._marked, *self._held, value, len(paid))
        rows, offset = np.argsort(self._by_session), self._problem.offset
        found = [rounded(week.forced(rows[offset[r] : offset[r + 1]], enough)) for r in requests.tolist()]
        return np.array([max(self.bound, points) for points in found], float)

    def _excess_of(self, sessions: Ints, price: Floats, rise: Floats) -> None:
        excess(self._entries, self._shapes, price, self._chain, sessions, rise)


def work_of(seconds: float, workers: int) -> float:
    """What :attr:`Pricing.work` comes to in so many seconds where time is counted in work."""
    return seconds * workers * ENTRIES_PER_SECOND


def steps_in(problem: Problem, seconds: float, workers: int) -> float:
    """Steps that so many seconds have room for, about."""
    return work_of(seconds, workers) / max(LEAST_ENTRIES, len(problem.options))
