"""How long visits should be planned to take, by what they took."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Flags
from schedopt.models.history import History
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.week import Requests
from schedopt.uncertainty.history import fit_service


def expected_minutes(problem: Problem, history: History) -> dict[str, int]:
    """Mean minutes with the provider that past visits of the same type took, on the grid.

    New and returning patients are told apart; who will see the patient is not known before the week is planned. Fixed
    promises keep the length that they were promised with, and so do visits whose type the past has not seen, and those
    that last longer with some providers than with others, as the office says.

    Parameters
    ----------
    problem : Problem
        The week.
    history : History
        Past visits; without any that was measured there is nothing to say.

    Returns
    -------
    dict of str to int
        Minutes by request, for :func:`schedopt.models.problem.lengths.with_lengths`; only those that differ from what
        is planned.
    """
    try:
        fitted = fit_service(history)
    except ValueError:
        return {}
    requests, grid = problem.week.requests, problem.calendar.grid
    seen = set(fitted.table["visit_type"])
    cells: dict[tuple[int, bool], int] = {}
    found = {}
    for request in np.flatnonzero(~requests.fixed & ~_differ(requests)).tolist():
        key = int(requests.visit_type[request]), bool(requests.new[request])
        kind = requests.visit_type_ids[key[0]]
        if kind not in seen:
            continue
        if key not in cells:
            cells[key] = max(1, round(fitted.distribution(kind, new=key[1]).mean / grid))
        if cells[key] != requests.length[request]:
            found[requests.ids[request]] = cells[key] * grid
    return found


def _differ(requests: Requests) -> Flags:
    """Requests that take some providers longer than others, as the office says."""
    lengths = requests.length[:, None] if requests.by_provider is None else requests.by_provider
    differ: Flags = (lengths != lengths[:, :1]).any(axis=1)
    return differ
