"""Schedules of a search that does not know every coupling, made to keep those too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.problem import Problem, reached
from schedopt.models.problem.schedule import Schedule


def mended(problem: Problem, couplings: Sequence[Coupling], schedule: Schedule) -> Schedule:
    """A schedule without visits that break these couplings, and without those that need one of them.

    Of each group that is not allowed together, the visit goes that is cheapest to leave out, until nothing is broken.
    Fixed promises stay, and so do the visits that they need.

    Parameters
    ----------
    problem : Problem
        The week.
    couplings : sequence of Coupling
        Some of the week's.
    schedule : Schedule
        Any of the week.
    """
    first, second = problem.needs
    loose = ~reached(problem.week.requests.fixed, second, first)
    while True:
        chosen = np.concatenate([_cheapest(problem, coupling, schedule, loose) for coupling in couplings])
        if not len(chosen):
            return schedule
        gone = np.isin(np.arange(len(loose)), chosen)
        schedule = schedule.without(problem.week, np.flatnonzero(reached(gone, first, second)))


def _cheapest(problem: Problem, coupling: Coupling, schedule: Schedule, loose: Flags) -> Ints:
    """Of each group that breaks a coupling, one visit that is loose: named if any is, and cheapest to leave out."""
    week, placed = problem.week, schedule.placed
    named = np.unique(np.array([breach.request for breach in coupling.breaches(week, schedule)], np.int64))
    row, group = coupling.ties(week, schedule.placements.take(placed))
    member = placed[row]
    alone = np.setdiff1d(named[loose[named]], member)
    chosen = np.isin(group, group[np.isin(member, named)]) & loose[member]
    member, group = member[chosen], group[chosen]
    order = np.lexsort((problem.left_out[member], ~np.isin(member, named), group))
    _, first = np.unique(group[order], return_index=True)
    return np.concatenate([member[order[first]], alone[schedule.session[alone] >= 0]])
