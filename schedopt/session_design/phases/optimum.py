"""The best times for patients in a given order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize

from schedopt.arrays import Floats
from schedopt.session_design.phases.chain import Patient
from schedopt.session_design.phases.expected import checked
from schedopt.session_design.phases.session import Expected, Session
from schedopt.timing.costs import Costs

_NEAR = 1e-10
"""Gap, relative to the cost, at which the search ends."""
_ROUNDS = 3
"""Of descents, each followed by at most so many of Newton's steps."""
_STEPS = 6
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
        """Descend, then refine by Newton's steps, until the bound is reached or comes no nearer."""
        gaps = np.zeros(self.num_patients - 1)
        if not len(gaps) or self.costs.waiting == 0 or (self.cost_and_slopes(gaps)[1] >= 0).all():
            return gaps
        gaps = np.maximum(np.diff(self.session.chain.work, prepend=0.0)[:-1], 0.1 * self.scale)
        for _ in range(_ROUNDS):
            gaps = self._refine(self._descend(gaps, self.cost_and_slopes(gaps)[0]))
            cost = self.cost_and_slopes(gaps)[0]
            if cost - self.bound(gaps) <= _NEAR * cost:
                break
        return self._at_the_end(gaps)

    def _descend(self, gaps: Floats, unit: float) -> Floats:
        """L-BFGS-B in units of this cost and of a mean service."""

        def value(x: Floats) -> tuple[float, Floats]:
            cost, slopes = self.cost_and_slopes(x * self.scale)
            return cost / unit, slopes * self.scale / unit

        found = optimize.minimize(
            value, gaps / self.scale, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(gaps),
            options={"ftol": 0, "gtol": 1e-9, "maxcor": 30, "maxiter": 500, "maxfun": 2_000},
        )  # fmt: skip
        gaps = np.maximum(np.asarray(found.x, float), 0) * self.scale
        return gaps

    def _refine(self, gaps: Floats) -> Floats:
        """Newton's steps for the gaps that may change, as long as they bring the bound nearer.

        A descent ends where the cost no longer says which of two choices is better; slopes still do. Second
        derivatives are differences of the exact first ones.
        """
        step, unsure = 1e-6 * self.scale, np.inf
        found = gaps
        for _ in range(_STEPS):
            cost, slopes = self.cost_and_slopes(gaps)
            if cost - self.bound(gaps) >= unsure:
                break
            found, unsure = gaps, cost - self.bound(gaps)
            free = np.flatnonzero((gaps > 0) | (slopes < 0))
            if unsure <= _NEAR * cost or not len(free):
                break
            moved = [self.cost_and_slopes(gaps + step * (np.arange(len(gaps)) == i))[1] for i in free]
            curved = (np.array(moved)[:, free] - slopes[free]) / step
            change = np.linalg.lstsq((curved + curved.T) / 2, -slopes[free])[0]
            gaps = gaps.copy()
            gaps[free] = np.maximum(gaps[free] + change, 0)
        return found

    def _at_the_end(self, gaps: Floats) -> Floats:
        """The best gaps whose last time is the session's end, if they cost less: the cost may have a kink there.

        A last patient who may not come matters less to overtime before the end than after it.
        """
        unit, end = self.cost_and_slopes(gaps)[0], self.session.end
        if end is None or end <= 0 or unit - self.bound(gaps) <= _NEAR * unit:
            return gaps

        def scaled(x: Floats) -> Floats:
            return np.maximum(x, 0) * (end / float(np.maximum(x, 0).sum()))

        def value(x: Floats) -> tuple[float, Floats]:
            cost, slopes = self.cost_and_slopes(scaled(x))
            return cost / unit, slopes * self.scale / unit

        found = optimize.minimize(
            value, scaled(gaps + _NEAR * self.scale) / self.scale, jac=True, method="SLSQP",
            bounds=[(0, None)] * len(gaps), options={"ftol": 1e-15, "maxiter": 500},
            constraints={"type": "eq", "fun": lambda x: x.sum() - end / self.scale, "jac": np.ones_like},
        )  # fmt: skip
        kink = scaled(np.asarray(found.x, float))
        return kink if self.cost_and_slopes(kink)[0] < unit else gaps

    def bound(self, gaps: Floats) -> float:
        """No times cost less: the least value of a tangent, over all times that could cost less than these.

        What costs less ends no later than ``work + cost / idle`` and ``end + cost / overtime``; over gaps with such a
        sum a linear function is least at 0 or with everything in one gap. On the kink at the session's end there are
        many tangents, and the best is the one that falls along no gap.
        """
        cost, slopes = self.cost_and_slopes(gaps)
        if not len(gaps):
            return cost
        last, work, end = float(_times(gaps)[-1]), self.session.chain.work, self.session.end
        latest = float(work[-2]) + cost / self.costs.idle if self.costs.idle else np.inf
        if end is not None and self.costs.overtime:
            latest = min(latest, end + cost / self.costs.overtime)
        if end is not None and abs(last - end) <= 1e-12 * (last + self.scale):
            slopes, beyond = (
                replace(self, session=replace(self.session, end=side)).cost_and_slopes(gaps)[1]
                for side in (last, float(np.nextafter(last, -np.inf)))
            )
            slopes = slopes + min(max(0.0, -float(slopes.min())), max(0.0, float(beyond[-1] - slopes[-1])))
        return max(0.0, cost - float(slopes @ gaps) + latest * min(0.0, float(slopes.min())))
