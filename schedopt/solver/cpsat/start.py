"""A schedule to start from: what can be kept of last week's plan, or of one that is typed by hand and half made."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from schedopt.arrays import Ints
from schedopt.models.problem.carry import carry
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import StepOrder, Tied
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.cpsat.model import Effort, PieceModel, solve
from schedopt.solver.search.local import option_rows

SECONDS = 20.0
"""Seconds of work that may go into finding what to leave out of a start that breaks rules."""


def start_from(problem: Problem, kept: Schedule, start: Schedule | Plan, seconds: float = SECONDS) -> Schedule:
    """What can be kept of a start: a schedule that breaks nothing.

    Visits that break a rule by themselves go first. Of those that only together break one, the fewest points are left
    out (the price of leaving each out, and one point more for each). Fixed promises win over all other visits. No visit
    is moved, except that one which a fixed promise follows may have to make room for it.

    Parameters
    ----------
    problem : Problem
        The week, without promises that cannot be kept: the first thing that
        :func:`~schedopt.solver.cpsat.promises.settle` returns.
    kept : Schedule
        The promises that are kept, and what they follow: the second thing.
    start : Schedule or Plan
        A schedule of this problem, good or bad, such as :func:`schedopt.read_schedule` gives; or a plan of any other,
        whose visits are carried over by request, provider and time.
    seconds : float
        Seconds, of work rather than time, that may go into choosing what to leave out.

    Returns
    -------
    Schedule
        At worst `kept` itself.

    Raises
    ------
    ValueError
        If a schedule is not one of this problem's requests, steps and sessions.
    """
    source, schedule = (start.problem, start.assignment) if isinstance(start, Plan) else (problem, start)
    _same_shape(source, schedule)
    schedule = carry(source, schedule, problem).schedule
    alone = [b.request for b in problem.coupling(StepOrder).breaches(problem.week, schedule)]
    schedule = schedule.without(problem.week, np.array(alone, np.int64))
    guilty = _guilty(problem, schedule)
    if not len(guilty):
        return schedule
    everybody = np.flatnonzero((schedule.session >= 0) | (kept.session >= 0) | problem.week.requests.fixed)
    for free in (_related(problem, schedule, kept, guilty), everybody):
        found = _most_of(problem, schedule, kept, free, seconds)
        if found is not None and not len(_guilty(problem, found)):
            return found
    return kept


def bound_from(problem: Problem, start: Schedule | Plan) -> int:
    """The bound that a start brings along: that of a plan of this very problem, in points; otherwise 0.

    A plan whose promises are in conflict brings none: its bound is that of the problem without some of them.
    """
    return start.bound if isinstance(start, Plan) and start.problem is problem and start.status != "conflict" else 0


def _same_shape(problem: Problem, schedule: Schedule) -> None:
    week = problem.week
    requests, steps, sessions = len(week.requests), len(week.steps), len(week.sessions)
    shapes = schedule.session.shape, schedule.step_start.shape, schedule.others.shape
    if shapes != ((requests,), (steps,), (requests, week.roles.most)):
        found = f"{schedule.session.shape} and {schedule.step_start.shape}"
        raise ValueError(
            f"expected a start with a session for each of {requests} requests and a time for each of {steps} steps, "
            f"found the shapes {found}: is it of another problem? Give the plan, so that visits are found by their ids"
        )
    if requests and not -1 <= schedule.session.min() <= schedule.session.max() < sessions:
        raise ValueError(f"expected sessions from -1 to {sessions - 1} in the start, found others")


def _guilty(problem: Problem, schedule: Schedule) -> Ints:
    """Codes of the requests that the check names."""
    names = check(problem, schedule).breaches["request"].unique()
    return np.array([problem.week.request_code[name] for name in names], np.int64)


def _related(problem: Problem, schedule: Schedule, kept: Schedule, guilty: Ints) -> Ints:
    """Requests that may have to give way: all that bear on the guilty, and all that bear on those."""
    tied = [Tied(problem.week, problem.couplings, some) for some in (schedule, kept)]
    chosen = np.zeros(len(problem.week.requests), bool)
    chosen[guilty] = True
    for _ in range(2):
        codes = np.flatnonzero(chosen)
        for some in (schedule, kept):
            for visits in tied:
                chosen |= visits.near(some.placements.take(codes))
    return np.flatnonzero(chosen)


def _most_of(problem: Problem, schedule: Schedule, kept: Schedule, free: Ints, seconds: float) -> Schedule | None:
    """The dearest part of the free requests' visits that can stand together, with all promises; None without one."""
    week, mine = problem.week, np.isin(np.arange(len(problem.week.requests)), free)
    loose, options = (kept.session >= 0) & mine, problem.options
    open_here = options.at(kept) | options.at(schedule)
    used = option_rows(problem, schedule)
    rows = np.union1d(np.flatnonzero(loose[options.request] & open_here), used[mine & ~loose & (used >= 0)])
    outside = schedule.without(week, free)
    piece = PieceModel(problem, outside, rows, free)
    stays = {r: _stays(piece, schedule, r, loose=bool(loose[r])) for r in free.tolist() if schedule.session[r] >= 0}
    piece.model.minimize(sum(int(problem.left_out[r] + 1) * (1 - literal) for r, literal in stays.items()))
    piece.hint(kept)
    return solve(piece, Effort(seconds, deterministic=True)).schedule


def _stays(piece: PieceModel, schedule: Schedule, request: int, *, loose: bool) -> cp_model.IntVar | int:
    """Literal: a visit stays where the schedule has it. Only a loose one may be elsewhere; others are there, or out."""
    week, session = piece.week, int(schedule.session[request])
    steps = range(int(week.steps.offset[request]), int(week.steps.offset[request + 1]))
    there: cp_model.IntVar | int = piece.placed(request)
    if loose:
        there = piece.model.new_bool_var("")
        piece.model.add_implication(there, piece.at(request, session))
        for role in week.roles.of(request):
            other = int(schedule.others[request, week.roles.number[role]])
            piece.model.add_implication(there, piece.fills(role, other))
    for step in steps:
        here = piece.model.add(piece.start(step) == int(schedule.step_start[step]))
        if loose:
            here.only_enforce_if(there)
    return there
