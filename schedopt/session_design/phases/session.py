"""Patients in order, ready to be asked what times come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Floats
from schedopt.session_design.phases.chain import Chain, Patient, chain_of
from schedopt.session_design.phases.passing import before_each, slopes
from schedopt.timing.costs import Costs


@dataclass(frozen=True)
class Expected:
    """Expected minutes of a session.

    Attributes
    ----------
    waiting : float array, shape (patients,)
        Of each patient who comes, from the appointed time until seen.
    idle : float array, shape (patients,)
        Of the provider, before each patient's time.
    overtime : float
        Past the session's end; 0 where no end is given.
    coming : float array, shape (patients,)
        Probability of coming.
    """

    waiting: Floats
    idle: Floats
    overtime: float
    coming: Floats

    def cost(self, costs: Costs) -> float:
        """What the session costs: waits of those who come, idle minutes, overtime."""
        minutes = costs.waiting * (self.coming @ self.waiting) + costs.idle * self.idle.sum()
        return float(minutes + costs.overtime * self.overtime)


@dataclass(frozen=True)
class Session:
    """A session's chain, and its end.

    Attributes
    ----------
    chain : Chain
        Of all patients.
    coming : float array, shape (patients,)
        Probability of coming.
    end : float or None
        Minutes from the session's start.
    """

    chain: Chain
    coming: Floats
    end: float | None

    @classmethod
    def of(cls, patients: Sequence[Patient], end: float | None) -> Session:
        """The session of these patients."""
        return cls(chain_of(patients), np.array([1 - patient.no_show for patient in patients]), end)

    def at(self, times: Floats) -> Expected:
        """Expected minutes at these times, shape (patients,)."""
        before, _ = before_each(self.chain, self._gaps(times))
        return self._expected(times, before)

    def cost_and_gradient(self, times: Floats, costs: Costs) -> tuple[float, Floats]:
        """What these times cost, and the derivative in each, shape (patients,)."""
        last, gaps = len(times) - 1, self._gaps(times)
        before, first = before_each(self.chain, gaps)
        found = self._expected(times, before)
        # all that is idle is the last time and wait less the work before; what is over a passed end moves with them too
        past_the_end = costs.overtime if self.end is not None and self.end < times[-1] else 0.0
        prices = np.full(len(gaps), float(costs.overtime))
        prices[:last] = costs.waiting * self.coming[1:]
        prices[max(0, last - 1) : last] += costs.idle + past_the_end
        slope = slopes(self.chain, gaps, before, first, prices)
        gradient = np.zeros(len(times))
        gradient[1:] += slope[:last]
        gradient[: len(slope)] -= slope
        gradient[-1] += costs.idle + past_the_end
        return found.cost(costs), gradient

    def _gaps(self, times: Floats) -> Floats:
        """Minutes between times, and to the end where that is not before the last time."""
        gaps = np.diff(times)
        return gaps if self.end is None or self.end < times[-1] else np.append(gaps, self.end - times[-1])

    def _expected(self, times: Floats, before: Floats) -> Expected:
        """What the states at the end of each gap come to."""
        chain, last = self.chain, len(times) - 1
        left = np.array([
            row[:stop] @ (chain.left[:stop] + work)
            for row, stop, work in zip(before, chain.ends, chain.work, strict=False)
        ])  # fmt: skip
        waiting = np.concatenate([[0.0], left[:last]])
        free = times + waiting + np.diff(chain.work, prepend=0.0)
        idle = np.maximum(times + waiting - np.concatenate([[0.0], free[:-1]]), 0.0)
        within = left[last] if len(left) > last else None
        late = 0.0 if self.end is None else free[-1] - self.end if within is None else within
        return Expected(waiting, idle, float(late), self.coming)
