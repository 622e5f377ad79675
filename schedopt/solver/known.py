"""Which couplings the compiled search knows by itself.

It never breaks these, and counts their points. Any other coupling is kept by what looks at schedules as a whole: what
breaks it is taken out of the schedules that the search finds, pieces are solved with it, and free places are tried out.
"""

from __future__ import annotations

import numpy as np

from schedopt.models.problem.couplings import (
    Balance,
    Coupling,
    DayGap,
    Limit,
    PatientTime,
    PatientTravel,
    PoolCapacity,
    Promises,
    ProviderDay,
    ProviderTime,
    SessionsApart,
    StepOrder,
    TakingPart,
)
from schedopt.models.problem.problem import Problem

BY_CELL = (ProviderTime, PoolCapacity)
"""Those that it keeps within the sessions of one site and day, which one thread has to itself."""
DAYS = (SessionsApart, ProviderDay, PatientTravel)
"""Those about the days of single people, which few weeks have."""
KEPT = (*BY_CELL, *DAYS, PatientTime, StepOrder, TakingPart, DayGap, Limit, Promises, Balance)
"""Those that it never breaks; a balance forbids nothing."""
COUNTED = (ProviderTime, StepOrder)
"""Those whose points it counts."""


def unknown(problem: Problem) -> tuple[Coupling, ...]:
    """Couplings that the search may break."""
    return tuple(coupling for coupling in problem.couplings if not isinstance(coupling, KEPT))


def uncounted(problem: Problem) -> tuple[Coupling, ...]:
    """Couplings whose points it does not count."""
    return tuple(c for c in problem.couplings if c.priced and not isinstance(c, COUNTED))


def day_gaps(problem: Problem) -> DayGap:
    """All distances in days, whoever states them."""
    gaps = [coupling for coupling in problem.couplings if isinstance(coupling, DayGap)]
    if len(gaps) == 1:
        return gaps[0]
    columns = zip(*((gap.first, gap.second, gap.low, gap.high, gap.needs_first) for gap in gaps), strict=True)
    return DayGap(*(np.concatenate(column) for column in columns))


def across(problem: Problem) -> tuple[Coupling, ...]:
    """Couplings that may tie visits of several sites or days together."""
    return tuple(coupling for coupling in problem.couplings if not isinstance(coupling, BY_CELL))
