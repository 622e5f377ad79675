"""Each next time is set when the patient before arrives, knowing how many are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from schedopt.arrays import Floats
from schedopt.session_design.phases.chain import Chain, Patient, chain_of
from schedopt.session_design.phases.passing import forward
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Exponential


@dataclass(frozen=True)
class Policy:
    """When to see the next patient, whatever has come of those before.

    Attributes
    ----------
    cost : float
        Expected, of the whole session; no policy that knows only how many are there costs less.
    table : DataFrame
        A row for each patient but the last and each number that can be there: ``patient`` who arrives now (from 1),
        ``present`` (patients there, this one included), ``gap`` (minutes until the next patient's time; infinite where
        idle time is free), ``cost`` (expected from now on, of idle minutes and of the waits of those yet to come).
    """

    cost: float
    table: pd.DataFrame


def best_policy(means: Sequence[float], costs: Costs) -> Policy:
    """The best policy for exponential service times.

    What is left to know is who is there: as service times have no memory, those before are forgotten. Backward over
    patients, with ``p`` the distribution of those still there when the next one comes, and ``W`` the work left then,

        ``cost(k, m) = min over g of  idle (g + E W - work there now) + waiting E W + E cost(k + 1, those there + 1)``

    whose derivative in g is that of a mixture, ``idle + p(g) · G u``. (Pegden and Rosenshine 1990, doi
    10.1016/0305-0548(90)90012-V, for times that are set in advance.) Patients are punctual, all come, and are seen in
    order. There is no session's end: the price of overtime does not count.

    Parameters
    ----------
    means : sequence of float
        Expected service time of each patient in order, minutes; at least one.
    costs : Costs
        Of a minute.

    Raises
    ------
    ValueError
        If there is no patient, or a mean is not above 0.
    """
    if not len(means):
        raise ValueError("expected at least one patient")
    chain = chain_of([Patient(Exponential.from_mean(mean)) for mean in means])
    rows: list[tuple[int, int, float, float]] = []
    value = np.zeros(len(means) + 1)  # by number of patients there
    for k in range(len(means) - 2, -1, -1):
        step = _Step.of(chain, k, value, costs)
        found = [step.best(present) for present in range(1, k + 2)]
        value = np.array([0.0] + [cost for _, cost in found])
        rows += [(k + 1, present, gap, cost) for present, (gap, cost) in reversed(list(enumerate(found, 1)))]
    table = pd.DataFrame(rows[::-1], columns=["patient", "present", "gap", "cost"])
    return Policy(float(value[1]) if len(means) > 1 else 0.0, table)


@dataclass(frozen=True)
class _Step:
    """From one patient's arrival to the next.

    Attributes
    ----------
    chain : Chain
        One state for each patient: who is being seen.
    patient : int
        Who arrives now, from 0.
    costs : Costs
        Of a minute.
    free : float
        Expected cost from the next arrival on, if the provider is free then.
    work : float array, shape (patient + 1,)
        Expected minutes of work there while each is being seen.
    excess : float array, shape (patients,)
        What it costs, over being free, that each is being seen when the next one comes; 0 for those yet to come.
    """

    chain: Chain
    patient: int
    costs: Costs
    free: float
    work: Floats
    excess: Floats

    @classmethod
    def of(cls, chain: Chain, patient: int, value: Floats, costs: Costs) -> _Step:
        """The step, where `value` is the expected cost from the next arrival on by the number there."""
        seen = np.arange(patient + 1)
        work = chain.left[seen] + chain.work[patient]
        excess = np.zeros(len(chain.left))
        excess[seen] = (costs.idle + costs.waiting) * work + value[patient + 2 - seen] - value[1]
        return cls(chain, patient, costs, float(value[1]), work, excess)

    def best(self, present: int) -> tuple[float, float]:
        """The best gap (minutes) and its cost, with so many there."""
        if self.slope(present, 0.0) >= 0:
            return 0.0, self.cost(present, 0.0)
        if self.costs.idle == 0:
            return np.inf, self.free
        high = float(self.work[self.patient + 1 - present])
        while self.slope(present, high) < 0:
            high *= 2
        gap = float(optimize.brentq(lambda minutes: self.slope(present, minutes), 0.0, high, xtol=1e-13 * high))
        return gap, self.cost(present, gap)

    def cost(self, present: int, gap: float) -> float:
        """Expected cost from now on, if the next patient comes after this gap (minutes)."""
        idle = self.costs.idle * (gap - float(self.work[self.patient + 1 - present]))
        return idle + float(self._later(present, gap) @ self.excess) + self.free

    def slope(self, present: int, gap: float) -> float:
        """Derivative of :meth:`cost` in the gap."""
        move = self.chain.leaving * (np.append(self.excess[1:], 0.0) - self.excess)
        return self.costs.idle + float(self._later(present, gap) @ move)

    def _later(self, present: int, gap: float) -> Floats:
        """Who is being seen after this gap, shape (patients,)."""
        first = self.patient + 1 - present
        start = np.zeros(len(self.chain.left))
        start[first] = 1.0
        return forward(self.chain, first, self.patient + 1, gap, start)
