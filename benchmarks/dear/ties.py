"""Who bears on a request's place, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import schedopt
from schedopt.arrays import Ints
from schedopt.models.problem.couplings import DayGap, Limit, ShiftCaps
from schedopt.models.problem.week import Week


def tied_to(problem: schedopt.Problem, request: int) -> Ints:
    """Others whose place bears on a request's, wherever they are: of its patient, series and authorisations."""
    gaps, patient = problem.coupling(DayGap), problem.week.requests.patient
    tied = np.flatnonzero(patient == patient[request])
    while True:
        pairs = np.isin(gaps.first, tied) | np.isin(gaps.second, tied)
        more = np.unique(np.concatenate([tied, gaps.first[pairs], gaps.second[pairs]]))
        if len(more) == len(tied):
            break
        tied = more
    return np.setdiff1d(np.union1d(tied, np.array(list(_shares_limit(problem, request)), np.int64)), request)


def _shares_limit(problem: schedopt.Problem, request: int) -> Iterator[int]:
    """Who could fall into a group with a request that reaches beyond one shift."""
    options = problem.options
    for limit in problem.couplings:
        if isinstance(limit, Limit) and not isinstance(limit, ShiftCaps):
            row, group = limit.groups(problem.week, options.request, options.session)
            mine = group[options.request[row] == request]
            yield from np.unique(options.request[row[np.isin(group, mine)]]).tolist()


def needs_pools(week: Week, request: int) -> bool:
    """Whether a step of a request holds a unit of a pool."""
    return any(week.steps.needs[int(week.steps.offset[request]) : int(week.steps.offset[request + 1])])
