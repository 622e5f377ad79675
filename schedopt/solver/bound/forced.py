r"""A lower bound of the cost of all schedules that place a given request.

A request that is placed is in exactly one session. So for each session :math:`s` that it can be in,

.. math:: L + (F_s - m_s) + \sum_{s' \ne s} (w_{s'} - m_{s'})

is never more than the cost of a schedule that places it there. Here :math:`L` is the bound at given prices, and the
sum runs over the other sessions that the request can be in. :math:`m_s` are the points of the cheapest pattern of a
session, :math:`w_s` those of its cheapest pattern without the request, and :math:`F_s` those of its cheapest pattern
with it. The least of these values over all :math:`s` is a bound for every schedule that places the request.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.solver.bound.entries import REQUEST, Entries
from schedopt.solver.bound.patterns import cheapest
from schedopt.solver.bound.shapes import BIG, Shapes

SURE = 1e9
"""Points taken off a request's price so that a cheapest pattern holds it, if any pattern can. Small enough that sums
with it are still exact to a millionth of a point."""


@dataclass(frozen=True)
class Priced:
    """The week at some prices.

    Attributes
    ----------
    entries, shapes : Entries, Shapes
        The week.
    price : float array, shape (options,)
        Points of an entry, pools and waiting not counted.
    chain : float array
        From :func:`~schedopt.solver.bound.shapes.price_shapes`.
    marked : int array, shape (sessions, marks)
        Requests that come at most once in a session's pattern; -1 for none.
    least : float array, shape (sessions,)
        Points of each session's cheapest pattern.
    count : int array, shape (requests,)
        Visits of each request in those patterns.
    value : float
        The bound at these prices.
    pools : int
        How many there are.
    """

    entries: Entries
    shapes: Shapes
    price: Floats
    chain: Floats
    marked: Ints
    least: Floats
    count: Ints
    value: float
    pools: int

    def forced(self, rows: Ints, enough: float) -> float:
        """A lower bound, in points, of the cost of all schedules that place a request; infinite where none can.

        Parameters
        ----------
        rows : int array
            The request's entries; at least one.
        enough : float
            Points that are of interest: where the answer cannot reach them, it may be the bound of all schedules.
        """
        request, session = int(self.entries.table[rows[0], REQUEST]), self._session(rows)
        sessions = np.unique(session)
        less = self.least
        if self.count[request]:
            less = self._cheapest(rows, np.full(len(rows), BIG), sessions, self.marked)
        rest = self.value + float((less - self.least)[sessions].sum())
        alone = self._alone(rows)
        if rest + float((alone - less[session]).min()) < enough:
            return self.value
        marked = self.marked if self.marked.shape[1] else np.full((len(self.least), 1), -1)
        marked = marked.copy()
        marked[sessions, -1] = request
        held = self._cheapest(rows, self.price[rows] - SURE, sessions, marked)[sessions] + SURE
        rise = np.where(held < SURE / 2, held - less[sessions], np.inf)
        return max(self.value, rest + float(rise.min()))

    def _session(self, rows: Ints) -> Ints:
        session: Ints = np.searchsorted(self.entries.edge, rows, side="right") - 1
        return session

    def _alone(self, rows: Ints) -> Floats:
        """Points of the pattern that holds each of these entries alone, as early as possible.

        The cheapest pattern with the entry costs no more.
        """
        _, first, _, hold, before, shape = self.entries.table[rows].T
        begin, _, over, _ = self.entries.session[self._session(rows)].T
        paid = self.price[rows] + self.chain[self.shapes.own[shape], begin + first + before]
        alone: Floats = paid + self.entries.idle * first + self.entries.overtime * np.maximum(0, first + hold - over)
        return alone

    def _cheapest(self, rows: Ints, price: Floats, sessions: Ints, marked: Ints) -> Floats:
        """Points of the cheapest pattern of some sessions, with other prices of some entries; or as before."""
        prices, least = self.price.copy(), self.least.copy()
        prices[rows] = price
        count, used = np.zeros(len(self.count), np.int64), np.zeros(len(prices), np.int64)
        uses = np.zeros((self.pools, self.chain.shape[1] + 1), np.int64)
        twice = np.full(len(least), -1)
        cheapest(
            self.entries, self.shapes, prices, self.chain, sessions, marked, least, count, used, uses, twice
        )  # fmt: skip
        return least


def rounded(points: float) -> float:
    """Points that a bound proves: the next whole number, after taking off what rounding errors may have added."""
    return float(math.ceil(points - 1e-6 * max(1.0, abs(points)))) if math.isfinite(points) else points
