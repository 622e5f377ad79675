"""A schedule to start from: what can be kept of last week's plan, or of one that is typed by hand and half made."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from schedopt.models.carry import carry
from schedopt.models.check import check
from schedopt.models.couplings import DayGap, Limit, StepOrder
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Flags, Ints
from schedopt.solver.local import option_rows
from schedopt.solver.model import Effort, PieceModel, make_solver

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
        :func:`~schedopt.solver.promises.settle` returns.
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
    if schedule.session.shape != (requests,) or schedule.step_start.shape != (steps,):
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
    """Requests that may have to give way: all that share a patient, site and day, limit or series with the guilty."""
    week, gaps = problem.week, problem.coupling(DayGap)
    chosen = np.zeros(len(week.requests), bool)
    chosen[guilty] = True
    before = 0
    while before < (before := int(chosen.sum())):
        chosen[gaps.first[chosen[gaps.second]]] = True
        chosen[gaps.second[chosen[gaps.first]]] = True
    placed = schedule.placed
    mates = placed[np.isin(week.requests.patient[placed], week.requests.patient[chosen])]
    for limit in problem.couplings:
        if isinstance(limit, Limit):
            row, group = limit.groups(week, placed, schedule.session[placed])
            mates = np.union1d(mates, placed[row[np.isin(group, group[chosen[placed[row]]])]])
    chosen[mates] = True
    return np.flatnonzero(_with_their_sessions(problem, schedule, kept, chosen))


def _with_their_sessions(problem: Problem, schedule: Schedule, kept: Schedule, chosen: Flags) -> Flags:
    """The chosen, everybody at their sites on their days, and whoever follows one of those, until nobody is missing."""
    week, gaps = problem.week, problem.coupling(DayGap)
    sites = max(1, len(week.sessions.site_ids))
    place = np.append(week.sessions.day * sites + week.sessions.site, -1)
    here, there = place[schedule.session], place[kept.session]
    before = 0
    while before < (before := int(chosen.sum())):
        places = np.union1d(here[chosen], there[chosen])
        chosen = chosen | np.isin(here, places[places >= 0])
        chosen[gaps.second[chosen[gaps.first]]] = True
    return chosen


def _most_of(problem: Problem, schedule: Schedule, kept: Schedule, free: Ints, seconds: float) -> Schedule | None:
    """The dearest part of the free requests' visits that can stand together, with all promises; None without one."""
    week, mine = problem.week, np.isin(np.arange(len(problem.week.requests)), free)
    loose, options = (kept.session >= 0) & mine, problem.options
    open_here = (options.session == kept.session[options.request]) | (
        options.session == schedule.session[options.request]
    )
    used = option_rows(problem, schedule)
    rows = np.union1d(np.flatnonzero(loose[options.request] & open_here), used[mine & ~loose & (used >= 0)])
    outside = schedule.without(week, free)
    piece = PieceModel(problem, outside, rows, free)
    stays = {r: _stays(piece, schedule, r, loose=bool(loose[r])) for r in free.tolist() if schedule.session[r] >= 0}
    piece.model.minimize(sum(int(problem.left_out[r] + 1) * (1 - literal) for r, literal in stays.items()))
    piece.hint(kept)
    solver = make_solver(Effort(seconds, deterministic=True))
    found = solver.solve(piece.model)
    return piece.read(solver) if found in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _stays(piece: PieceModel, schedule: Schedule, request: int, *, loose: bool) -> cp_model.IntVar | int:
    """Literal: a visit stays where the schedule has it. Only a loose one may be elsewhere; others are there, or out."""
    week, session = piece.week, int(schedule.session[request])
    steps = range(int(week.steps.offset[request]), int(week.steps.offset[request + 1]))
    there: cp_model.IntVar | int = piece.placed(request)
    if loose:
        there = piece.model.new_bool_var("")
        piece.model.add_implication(there, piece.at(request, session))
    for step in steps:
        here = piece.model.add(piece.start(step) == int(schedule.step_start[step]))
        if loose:
            here.only_enforce_if(there)
    return there
