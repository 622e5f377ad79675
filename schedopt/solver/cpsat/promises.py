"""Promises that cannot all be kept: which ones, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.names import SESSION_HOURS
from schedopt.models.problem.options import pairs, staffed
from schedopt.models.problem.problem import Problem, reached
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.solver.cpsat.model import Effort, PieceModel, solve
from schedopt.solver.search.local import insertion

COLUMNS = ["request", "rule", "source", "detail"]


def settle(problem: Problem, seconds: float = 30.0) -> tuple[Problem, Schedule, pd.DataFrame]:
    """Place what was promised as fixed; give up, cheapest first, what contradicts a rule or another promise.

    Parameters
    ----------
    problem : Problem
        The week.
    seconds : float
        Seconds, of work rather than time, that may go into finding the most promises that can be kept together.

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
    schedule = most_kept(problem, fixed, seconds)
    lost = fixed[schedule.session[fixed] < 0]
    if not len(lost):
        return problem, schedule, pd.DataFrame(columns=COLUMNS)
    conflicts = pd.DataFrame([row for r in lost.tolist() for row in _reasons(problem, schedule, r)], columns=COLUMNS)
    released = frozenset(lost.tolist())
    return replace(_releasing(problem, released), barred=released), schedule, conflicts


def _releasing(problem: Problem, released: frozenset[int]) -> Problem:
    couplings = tuple(Promises(released) if isinstance(c, Promises) else c for c in problem.couplings)
    return replace(problem, couplings=couplings)


def most_kept(problem: Problem, fixed: Ints, seconds: float) -> Schedule:
    """A schedule of the fixed requests, and those they follow, that leaves the fewest points of them out."""
    needed, needing = problem.needs
    chosen = np.isin(np.arange(len(problem.week.requests)), fixed)
    wanted = np.flatnonzero(reached(chosen, needing, needed))
    simple = insertion(problem, insertion(problem, nothing_placed(problem.week), np.setdiff1d(wanted, fixed)), fixed)
    if (simple.session[fixed] >= 0).all() and not check(problem, simple).broken:
        return simple  # as nearly always; a model of all promises would take its time
    rows = np.flatnonzero(np.isin(problem.options.request, wanted))
    nobody = nothing_placed(problem.week)
    piece = PieceModel(_releasing(problem, frozenset(fixed.tolist())), nobody, rows, wanted)
    piece.model.minimize(sum(int(problem.left_out[r] + 1) * (1 - piece.placed(r)) for r in fixed.tolist()))
    found = solve(piece, Effort(seconds, deterministic=True)).schedule
    return nobody if found is None else found


def _reasons(problem: Problem, schedule: Schedule, request: int) -> Iterator[tuple[str, str, str, str]]:
    """Which rule removed the promised time, or what it collides with."""
    week = problem.week
    name, when = week.requests.ids[request], week.calendar.words(int(week.requests.promised_start[request]))
    code, start = int(week.requests.promised_provider[request]), int(week.requests.promised_start[request])
    provider, closed = week.sessions.provider_ids[code], week.closures.why(code, start, start + 1)
    promised = f"promised with {provider} on {when}"
    held = _sessions_at(problem, request)
    if not len(held):
        yield name, SESSION_HOURS, "rosters", f"{promised}, but {provider} has no session then{closed}"
        return
    yield from _collisions(problem, schedule, request, int(held[0]), promised)


def _collisions(
    problem: Problem, schedule: Schedule, request: int, session: int, promised: str
) -> Iterator[tuple[str, str, str, str]]:
    """What a promise breaks when it is put beside those that are kept."""
    week, name = problem.week, problem.week.requests.ids[request]
    start = int(week.requests.promised_start[request])
    alone = staffed(week, pairs(week, np.array([request]), np.array([session])))
    breaches = check(problem, alone.place(week, schedule, 0, start)).breaches
    mine = breaches[breaches["request"] == name]
    for rule, source, detail in zip(mine["rule"], mine["source"], mine["detail"], strict=True):
        yield name, rule, source, f"{promised}, but {detail}"
    if mine.empty:
        others = "other fixed promises need the same people or rooms"
        yield name, Promises.name, Promises.source, f"{promised}, but {others}"


def _sessions_at(problem: Problem, request: int) -> Ints:
    """Sessions of the promised provider around the promised start."""
    sessions, requests = problem.week.sessions, problem.week.requests
    start = requests.promised_start[request]
    return np.flatnonzero(
        (sessions.provider == requests.promised_provider[request])
        & (sessions.start <= start)
        & (start < sessions.end + sessions.overtime)
    )
