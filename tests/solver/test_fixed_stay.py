"""The search leaves fixed visits where they are."""

from __future__ import annotations

import numpy as np
import pytest

from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.solver.params import AnnealingParams
from schedopt.solver.search.local import Annealing, to_schedule
from schedopt.solver.search.track import Track
from tests.smallest import FIRST, SECOND, Smallest, request

AT_EIGHT = (tables.Appointment(request="R1", provider="DR1", date=FIRST, start="08:00", mark="fixed"),)


def quarters(*shifts: tuple[str, object]) -> tuple[tables.Shift, ...]:
    """Sessions of a quarter of an hour at eight."""
    return tuple(
        tables.Shift(provider=provider, site="MAIN", date=date, start="08:00", end="08:15", overtime=0)
        for provider, date in shifts
    )


@pytest.mark.parametrize(
    ("shifts", "wish"),
    [
        (quarters(("DR1", FIRST)), {}),  # in the way
        (quarters(("DR1", FIRST), ("DR2", SECOND)), {"same_day_as": "R1", "providers": "DR2"}),  # at a wrong distance
    ],
)
def test_a_fixed_visit_stays_however_dear_the_other(shifts: tuple[tables.Shift, ...], wish: dict[str, str]) -> None:
    """Who could only be placed instead of a fixed visit is left out, though that costs far more."""
    other = request("R2", "N1" if "same_day_as" in wish else "N2", priority=50, **wish)
    problem = Smallest({"shifts": shifts, "requests": (request("R1"), other), "appointments": AT_EIGHT}).problem()
    start = Smallest({}).schedule(problem)
    search = Annealing(problem, start, 1, 0, np.zeros(len(problem.options)), AnnealingParams(moves_a_round=500))
    search.run(Track(problem, start, 10.0), 1.0, rounds=3)
    now = to_schedule(problem, search._state.grid)
    assert len(problem.options) == 2
    assert now.session.tolist() == [0, -1]
    assert check(problem, now).breaches.empty
