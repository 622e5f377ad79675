"""Fixed promises that a change touches and does not make impossible: other steps of the visit can move."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.couplings.pools import pool_uses
from schedopt.models.problem.exceptions import PartialProblem
from schedopt.models.problem.problem import Problem, reached
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.cpsat.model import Effort, PieceModel, solve

WHOLE_WEEK = 80
"""Requests up to which everybody is looked at at once."""
WORK = 1.0
"""Seconds of work at most: a few visits are placed, each at its own time."""


def held(problem: Problem, before: Schedule, displaced: Ints, cancelled: Ints) -> Ints:
    """Codes of displaced visits that can keep provider and time as promised; only their other steps have to move.

    They are looked at together, beside all other fixed promises, whose other steps may move too, and what those follow,
    where that is: who is promised as movable may be moved for them. Where not all can, the fewest points are given up.
    In a week of more than 80 requests, only those other steps may move that are near.

    Parameters
    ----------
    problem : Problem
        After the change; promises bind as before it.
    before : Schedule
        Of this problem: the plan's visits in the sessions that are left.
    displaced : int array
        Codes of visits that cannot stay as they are.
    cancelled : int array
        Codes.
    """
    kept = displaced[problem.week.requests.fixed[displaced] & (before.session[displaced] >= 0)]
    while len(kept):
        gone = np.concatenate([np.setdiff1d(displaced, kept), cancelled])
        chain = followers(problem, gone, before)
        still = np.setdiff1d(kept, chain)
        if len(still) == len(kept):
            still = _together(problem, before.without(problem.week, np.concatenate([gone, chain])), kept)
        if len(still) == len(kept):
            break
        kept = still
    return kept


def followers(problem: Problem, first: Ints, schedule: Schedule) -> Ints:
    """Placed visits that can only be held after some others are, directly or not; without those themselves."""
    needed, needing = problem.needs
    pairs = schedule.session[needing] >= 0
    found = reached(np.isin(np.arange(len(schedule.session)), first), needed[pairs], needing[pairs])
    return np.setdiff1d(np.flatnonzero(found), first)


def in_the_way(problem: Problem, before: Schedule, kept: Ints) -> Ints:
    """Other visits that may stand where other steps of some have to go."""
    week = problem.week
    step, pool, start, end = pool_uses(week, before)
    user, found = week.steps.request[step], [np.zeros(0, np.int64)]
    for request in kept.tolist():
        mine = user == request
        slack = int(week.steps.max_wait[week.steps.request == request].sum())
        near = (start < end[mine].max(initial=0) + slack) & (end > start[mine].min(initial=0) - slack)
        found.append(user[near & np.isin(pool, pool[mine])])
    same = np.flatnonzero(np.isin(week.requests.patient, week.requests.patient[kept]) & (before.session >= 0))
    return np.setdiff1d(np.concatenate([*found, same]), kept)


def _together(problem: Problem, present: Schedule, wanted: Ints) -> Ints:
    """Those of some fixed promises that can be kept beside all others that are present and fixed.

    Who follows one of them is given up with it, and not without it.
    """
    needed, needing = problem.needs
    everybody = np.arange(len(present.session))
    fixed = np.flatnonzero(problem.week.requests.fixed & (present.session >= 0))
    stays = reached(np.isin(everybody, np.union1d(fixed, wanted)), needing, needed)
    soft = np.union1d(wanted, np.intersect1d(followers(problem, wanted, present), everybody[stays])).astype(np.int64)
    near = fixed if len(everybody) <= WHOLE_WEEK else in_the_way(problem, present, wanted)
    free = np.union1d(soft, np.intersect1d(fixed, near)).astype(np.int64)
    stays[free] = False
    alone = _promised_softly(problem, soft, free)
    outside = present.without(problem.week, np.flatnonzero(~stays))
    model = PieceModel(alone, outside, np.arange(len(alone.options)), free)
    for request in np.setdiff1d(soft, wanted).tolist():
        firsts = np.intersect1d(needed[needing == request], soft).tolist()
        model.model.add(model.placed(request) >= sum(map(model.placed, firsts)) - len(firsts) + 1)
    model.model.minimize(sum(int(problem.left_out[r] + 1) * (1 - model.placed(r)) for r in soft.tolist()))
    found = solve(model, Effort(WORK, deterministic=True)).schedule
    return wanted[:0] if found is None else wanted[found.session[wanted] >= 0]


def _promised_softly(problem: Problem, soft: Ints, free: Ints) -> PartialProblem:
    """The problem of the free requests alone, in which some promises may be given up."""
    promises = Promises(frozenset(soft.tolist()))
    return PartialProblem(
        problem.week, problem.rules, tuple(promises if isinstance(c, Promises) else c for c in problem.couplings),
        only=tuple(free.tolist()),
    )  # fmt: skip
