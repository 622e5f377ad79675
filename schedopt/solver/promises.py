"""Promises that cannot all be kept: which ones, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from schedopt.models.check import check
from schedopt.models.couplings import DayGap, Promises
from schedopt.models.narrowing import removals
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule, nothing_placed
from schedopt.models.week import Ints
from schedopt.solver.model import Effort, PieceModel, make_solver

COLUMNS = ["request", "rule", "source", "detail"]
SECONDS = 30.0
"""Seconds, of work rather than time, that may go into finding the most promises that can be kept together."""


def settle(problem: Problem) -> tuple[Problem, Schedule, pd.DataFrame]:
    """Place what was promised as fixed; give up, cheapest first, what contradicts a rule or another promise.

    Parameters
    ----------
    problem : Problem
        The week.

    Returns
    -------
    problem : Problem
        The same, without the promises that cannot be kept.
    schedule : Schedule
        The kept promises, and nothing else beyond what they follow.
    conflicts : pandas.DataFrame
        ``request`` (id), ``rule``, ``source``, ``detail`` (words); empty where all can be kept.
    """
    fixed = np.flatnonzero(problem.week.requests.fixed)
    if not len(fixed):
        return problem, nothing_placed(problem.week), pd.DataFrame(columns=COLUMNS)
    schedule = _most_kept(problem, fixed)
    lost = fixed[schedule.session[fixed] < 0]
    if not len(lost):
        return problem, schedule, pd.DataFrame(columns=COLUMNS)
    conflicts = pd.DataFrame([row for r in lost.tolist() for row in _reasons(problem, schedule, r)], columns=COLUMNS)
    released = frozenset(lost.tolist())
    return replace(_releasing(problem, released), barred=released), schedule, conflicts


def _releasing(problem: Problem, released: frozenset[int]) -> Problem:
    couplings = tuple(Promises(released) if isinstance(c, Promises) else c for c in problem.couplings)
    return replace(problem, couplings=couplings)


def _most_kept(problem: Problem, fixed: Ints) -> Schedule:
    """A schedule of the fixed requests, and those they follow, that leaves the fewest points of them out."""
    gaps = problem.coupling(DayGap)
    free = set(fixed.tolist())
    while more := set(gaps.first[gaps.needs_first & np.isin(gaps.second, list(free))].tolist()) - free:
        free |= more
    wanted = np.array(sorted(free), np.int64)
    rows = np.flatnonzero(np.isin(problem.options.request, wanted))
    nobody = nothing_placed(problem.week)
    piece = PieceModel(_releasing(problem, frozenset(fixed.tolist())), nobody, rows, wanted)
    piece.model.minimize(sum(int(problem.left_out[r] + 1) * (1 - piece.placed(r)) for r in fixed.tolist()))
    solver = make_solver(Effort(SECONDS, deterministic=True))
    found = solver.solve(piece.model)
    return piece.read(solver) if found in (cp_model.OPTIMAL, cp_model.FEASIBLE) else nobody


def _reasons(problem: Problem, schedule: Schedule, request: int) -> Iterator[tuple[str, str, str, str]]:
    """Which rule removed the promised time, or what it collides with."""
    week = problem.week
    name, when = week.requests.ids[request], week.calendar.words(int(week.requests.promised_start[request]))
    provider = week.sessions.provider_ids[int(week.requests.promised_provider[request])]
    promised = f"promised with {provider} on {when}"
    mine = np.flatnonzero(problem.options.request == request)
    if len(mine):
        row = int(mine[0])
        head, own = int(week.steps.offset[request]), int(week.steps.provider_step[request])
        session, starts = schedule.session.copy(), schedule.step_start.copy()
        session[request] = problem.options.session[row]
        at = int(problem.options.earliest[row]) - int(week.steps.length[head:own].sum())
        for step in range(head, int(week.steps.offset[request + 1])):
            starts[step] = at
            at += int(week.steps.length[step])
        breaches = check(problem, Schedule(session, starts)).breaches
        for breach in breaches[breaches["request"] == name].itertuples():
            yield name, str(breach.rule), str(breach.source), f"{promised}, but {breach.detail}"
        if (breaches["request"] == name).any():
            return
        yield (
            name,
            Promises.name,
            Promises.source,
            f"{promised}, but other fixed promises need the same people or rooms",
        )
        return
    held = _sessions_at(problem, request)
    if not len(held):
        yield name, "session_hours", "rosters", f"{promised}, but {provider} has no session then"
        return
    table = removals(week, problem.rules, np.array([request]), held)
    for row in table.itertuples():
        yield name, str(row.rule), str(row.source), f"{promised}, but {row.reason}"


def _sessions_at(problem: Problem, request: int) -> Ints:
    """Sessions of the promised provider around the promised start."""
    sessions, requests = problem.week.sessions, problem.week.requests
    start = requests.promised_start[request]
    return np.flatnonzero(
        (sessions.provider == requests.promised_provider[request])
        & (sessions.start <= start)
        & (start < sessions.end + sessions.overtime)
    )
