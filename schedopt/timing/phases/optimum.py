"""The best times for patients in a given order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from schedopt.timing.costs import Costs
from schedopt.timing.distributions.base import Floats
from schedopt.timing.phases.chain import Patient
from schedopt.timing.phases.expected import checked
from schedopt.timing.phases.session import Expected, Session

_NEAR = 1e-10
"""Gap, relative to the cost, at which the search ends."""
_ROUNDS = 8
_NO_WAIT = 1e-14
"""Mean services that all patients wait together where idle time is free."""


@dataclass(frozen=True)
class Optimum:
    """Times, what they come to, and how far from the best they can be.

    Attributes
    ----------
    times : float array, shape (patients,)
        Minutes from the session's start, ascending from 0.
    expected : Expected
        At these times.
    cost : float
        At these times.
    bound : float
        No times cost less, but for rounding.
    """

    times: Floats
    expected: Expected
    cost: float
    bound: float


def best_times(patients: Sequence[Patient], costs: Costs, end: float | None = None) -> Optimum:
    """The times that cost the least: ``t₁ = 0 <= t₂ <= …``.

    Minimises ``idle Σ E idle before i + waiting Σ P(i comes) E wait of i``, and the price of overtime where the session
    has an end. The cost is convex in the times (Pegden and Rosenshine 1990, doi 10.1016/0305-0548(90)90012-V; Kuiper
    and Mandjes 2015, doi 10.1002/qre.1863), so L-BFGS-B on the gaps with the exact gradient finds the best, and a
    tangent there is a bound on every other choice.

    Where idle time is free and nothing else holds the last patient, later is always better: then times are so far
    apart that nobody waits, and the bound is 0.

    Parameters
    ----------
    patients : sequence of Patient
        In the order in which they are seen, at least one.
    costs : Costs
        Of a minute; overtime counts only with an `end`.
    end : float, optional
        Of the session, minutes from its start. Times may be beyond it.

    Raises
    ------
    ValueError
        If there are no patients.
    """
    checked(patients, np.zeros(len(patients)), end)
    session = Session.of(patients, end)
    search = _Search(session, costs, len(patients))
    if costs.idle == 0 and (end is None or costs.overtime == 0):
        gaps, bound = search.apart(), 0.0
    else:
        gaps = search.best()
        bound = search.bound(gaps)
    times = _times(gaps)
    found = session.at(times)
    return Optimum(times, found, found.cost(costs), min(bound, found.cost(costs)))


def _times(gaps: Floats) -> Floats:
    """Times from gaps, from 0."""
    return np.concatenate([[0.0], np.cumsum(gaps)])


@dataclass(frozen=True)
class _Search:
    """Looks for gaps, shape (patients - 1,).

    Attributes
    ----------
    session : Session
        Of the patients.
    costs : Costs
        Of a minute.
    num_patients : int
        In the session.
    """

    session: Session
    costs: Costs
    num_patients: int

    def cost_and_slopes(self, gaps: Floats) -> tuple[float, Floats]:
        """The cost, and its derivative in each gap: what all later times together change."""
        cost, gradient = self.session.cost_and_gradient(_times(gaps), self.costs)
        return cost, np.cumsum(gradient[:0:-1])[::-1]

    @property
    def scale(self) -> float:
        """Minutes of a patient in the mean."""
        return float(self.session.chain.work[-1]) / self.num_patients or 1.0

    def apart(self) -> Floats:
        """Gaps at which next to nobody waits."""
        gaps = np.full(self.num_patients - 1, self.scale)
        limit = _NO_WAIT * self.scale * self.costs.waiting
        while len(gaps) and self.cost_and_slopes(gaps)[0] > limit:
            gaps = 2 * gaps
        return gaps

    def best(self) -> Floats:
        """Minimise, from where the search before ended with the cost there as unit, until the bound is reached."""
        gaps = np.maximum(np.diff(self.session.chain.work, prepend=0.0)[:-1], 0.1 * self.scale)
        for _ in range(_ROUNDS if len(gaps) else 0):
            cost = self.cost_and_slopes(gaps)[0]
            if cost - self.bound(gaps) <= _NEAR * cost:
                break
            gaps = self._descend(gaps, cost)
        return self._at_the_end(gaps)

    def _descend(self, gaps: Floats, unit: float) -> Floats:
        """L-BFGS-B in units of this cost and of a mean service."""

        def value(x: Floats) -> tuple[float, Floats]:
            cost, slopes = self.cost_and_slopes(x * self.scale)
            return cost / unit, slopes * self.scale / unit

        found = optimize.minimize(
            value, gaps / self.scale, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(gaps),
            options={"ftol": 0, "gtol": 1e-13, "maxcor": 30, "maxiter": 500, "maxfun": 2_000},
        )  # fmt: skip
        return np.maximum(found.x, 0) * self.scale

    def _at_the_end(self, gaps: Floats) -> Floats:
        """The better of these gaps and the best ones whose last time is the session's end, where the cost has a kink.

        If the last patient may not come, to be appointed before the end is not quite the same as after it.
        """
        end = self.session.end
        if end is None or end < 0 or not len(gaps) or abs(gaps.sum() - end) > 0.01 * self.scale:
            return gaps
        unit = self.cost_and_slopes(gaps)[0]

        def value(x: Floats) -> tuple[float, Floats]:
            x = np.maximum(x, 0)
            # on the kink, whatever rounding says
            cost, slopes = self.cost_and_slopes(x * (end / x.sum() if x.sum() else 0.0) * (1 - 1e-15))
            return cost / unit, slopes * self.scale / unit

        found = optimize.minimize(
            value, gaps / self.scale, jac=True, method="SLSQP", bounds=[(0, None)] * len(gaps),
            constraints={"type": "eq", "fun": lambda x: x.sum() - end / self.scale, "jac": np.ones_like},
            options={"ftol": 1e-15, "maxiter": 500},
        )  # fmt: skip
        kink = np.maximum(found.x, 0)
        kink = kink * (end / kink.sum()) * (1 - 1e-15)
        return kink if self.cost_and_slopes(kink)[0] < unit else gaps

    def bound(self, gaps: Floats) -> float:
        """No times cost less: the least value of a tangent, over all times that could cost less than these.

        What costs less ends no later than ``work + cost / idle`` and ``end + cost / overtime``; over gaps with such a
        sum a linear function is least at 0 or with everything in one gap.
        """
        cost, slopes = self.cost_and_slopes(gaps)
        if not len(gaps):
            return cost
        work, end = self.session.chain.work, self.session.end
        latest = float(work[-2]) + cost / self.costs.idle if self.costs.idle else np.inf
        if end is not None and self.costs.overtime:
            latest = min(latest, end + cost / self.costs.overtime)
        return max(0.0, cost - float(slopes @ gaps) + latest * min(0.0, float(slopes.min())))
