"""Find a set of shifts that lowers the cost, or prove that there is none.

The cost as a function of the set of shifts made is submodular, since the cost of bookings is multimodular (Kaandorp and
Koole 2007, doi 10.1007/s10729-007-9015-x). Making shifts one by one in some order, the cost's increments b are a point
of the base polyhedron: b(S) is at most the cost of S, for every set S (Edmonds' greedy algorithm). So are averages of
such points. Hence the least b(S) over all S bounds below what any set can save, and it is quick to find.

The points are chosen so that their average comes as near as it can to where no b is below a small margin, by a
conditional gradient method that finds the best average of all points so far (the most used way is the minimum-norm
point of Fujishige and Isotani 2011; a margin that can be reached is met after finitely many points, sooner than the
norm's minimum). On the way, a shift v is left out for good once all sets with v have b(S) above 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.session_design.slots.averages import least_short
from schedopt.session_design.slots.shifts import Shifts

_MARGIN = 0.5
"""Share of the largest margin that is not known to be out of reach."""


class Descent:
    """The search for one way of shifting from one place.

    Parameters
    ----------
    shifts : Shifts
        The shifts.
    chain : callable
        Costs before a row of shifts and after each of them.
    tolerance : float
        Savings that do not count.
    """

    def __init__(self, shifts: Shifts, chain: Callable[[Ints], Floats], tolerance: float) -> None:
        self.shifts, self.tolerance = shifts, tolerance
        self._chain = chain
        number = len(shifts.listed)
        self._open = shifts.possible(np.ones(number, bool))
        self._points, self._shares = np.empty((0, number)), np.empty(0)
        self._mean, self._over = np.zeros(number), np.zeros(number)
        self._short = np.ones(number)  # weighs all alike, at first
        self._margin = np.inf
        self.most = np.inf
        """What any set of shifts can save at most; infinite before the first round."""

    @property
    def proved(self) -> bool:
        """Whether no set of shifts saves more than the tolerance."""
        return self.most <= self.tolerance

    def advance(self) -> Ints | None:
        """Try one more order of the shifts.

        Returns
        -------
        int array, shape (made,), or None
            Shifts that together save more than the tolerance, if the order has some.
        """
        if not self._open.any():
            self.most = 0.0
            return None
        order = self.shifts.order(self._open, self.shifts.weights(self._open, self._short), -self._mean)
        costs = self._chain(order)
        best = int(np.argmin(costs))
        if costs[best] < costs[0] - self.tolerance:
            return order[:best]
        point = np.zeros(len(self._mean))
        point[order] = np.diff(costs)
        self._take(point)
        self._average()
        self._leave_out()
        return None

    def _take(self, point: Floats) -> None:
        """Add a point, and lower the margin if it shows that no average can have it."""
        self._points = np.vstack([self._points, point])
        self._shares = np.append(self._shares, 0.0 if len(self._shares) else 1.0)
        weight = self._short * self._open
        if weight.any():  # the point is the one with the largest weighted sum
            reached = float(weight @ self.shifts.sums(self._open, point) / weight.sum())
            self._margin = max(0.0, min(self._margin, reached))

    def _average(self) -> None:
        """Find the average whose sums over shifts with what they need fall least short of the margin."""
        sums = self.shifts.sums(self._open, self._points)[:, self._open]
        scale = max(float(np.abs(sums).max()), 1e-300)
        shares, over, short = least_short((sums - _MARGIN * self._margin) / scale, self._shares, self._over[self._open])
        self._mean = shares @ self._points / shares.sum()
        self._over[:], self._short[:] = 0.0, 0.0
        self._over[self._open], self._short[self._open] = over, short
        self._points, self._shares = self._points[shares > 0], shares[shares > 0]

    def _leave_out(self) -> None:
        """Bound what can be saved, and leave out shifts that no saving set has."""
        least, least_with = self.shifts.least(self._open, self._mean)
        self.most = -least
        self._open = self.shifts.possible(self._open & (least_with <= self.tolerance))
