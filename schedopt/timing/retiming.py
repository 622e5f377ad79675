"""New start times for the sessions of a schedule, that no rule forbids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import (
    PoolCapacity,
    ProviderDay,
    ProviderTime,
    SessionsApart,
    StepOrder,
    keyed_ties,
)
from schedopt.models.problem.holds import filled, sharing
from schedopt.models.problem.lengths import with_lengths
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.timing.costs import Costs
from schedopt.timing.session import PlannedSession, planned_session
from schedopt.timing.units import FreeUnits, Uses, moved
from schedopt.uncertainty.week import WeekScenarios


class ShiftedSession(NamedTuple):
    """A session whose visits move by so many cells, shape (visits,)."""

    session: PlannedSession
    shift: Ints


KEPT = (ProviderTime, PoolCapacity, StepOrder, SessionsApart, ProviderDay)
"""Couplings that new times keep by themselves, in order, where pools are free, all steps together; and those about
providers' days, for which sessions keep their old times where new ones break them."""
Progress = Callable[[int, int], None]
"""Sessions timed, of so many."""


def retimed(
    problem: Problem, schedule: Schedule, drawn: WeekScenarios, costs: Costs, *, shortest: float = 10.0,
    workers: int = 2, progress: Progress | None = None,
) -> tuple[Problem, Schedule]:  # fmt: skip
    """The same visits in the same sessions and order, at times that cost less over the scenarios.

    Each session by itself gets its best times on the grid. A visit stays within the option that it uses, so its price
    by the rules stays; all its steps move together. Fixed promises stay, and so does whoever has two visits on a day,
    or is tied to others by a coupling that looks at times. An appointment may become shorter than the visit is expected
    to be, down to `shortest`, if nothing comes after the step with the provider: the provider then has somebody to see
    if a patient does not come or is soon done. Where pools are short, visits go as far towards their best times as
    units are free. A session whose new times do not cost less, or break a rule that ties visits together, keeps its old
    ones.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        One of it.
    drawn : WeekScenarios
        What may happen to its visits.
    costs : Costs
        Of a minute.
    shortest : float
        Minutes that an appointment is not cut below.
    workers : int
        Threads.
    progress : callable, optional
        Called with the number of sessions timed, and of all.

    Returns
    -------
    Problem
        The week with the new lengths of appointments.
    Schedule
        One of it.
    """
    held = held_visits(problem, schedule)
    codes = np.unique(schedule.session[schedule.placed]).tolist()
    sessions = [planned_session(problem, schedule, drawn, code, held, shortest) for code in codes]
    units, found = FreeUnits(problem.week, schedule), dict[int, ShiftedSession]()
    with ThreadPoolExecutor(workers) as pool:
        wanted = pool.map(lambda session: session.best_on_grid(costs), sessions)
        for done, (code, session, times) in enumerate(zip(codes, sessions, wanted, strict=True), 1):
            uses = units.uses(schedule, session.requests)
            units.take(uses, -1)
            shift = _reached(session, times, units, uses)
            better = session.cost(session.times + shift * session.grid, costs) < session.cost(session.times, costs)
            if shift.any() and better:
                found[code] = ShiftedSession(session, shift)
            else:
                shift = np.zeros_like(shift)
            units.take(moved(uses, shift, session.shorter(shift) if code in found else shift), 1)
            if progress is not None:
                progress(done, len(sessions))
    return _without_new_breaches(problem, schedule, found)


def held_visits(problem: Problem, schedule: Schedule) -> Flags:
    """Visits that stay: fixed promises, those tied by their times, and where several providers or patients meet."""
    week, placed = problem.week, schedule.placed
    held = week.requests.fixed.copy()
    held[week.roles.request] = True
    held |= np.isin(schedule.session, filled(week, schedule.placements)[2])
    held |= np.isin(schedule.session, schedule.session[sharing(week, schedule)])
    for coupling in problem.couplings:
        if not coupling.untimed and not isinstance(coupling, KEPT):
            row, key = keyed_ties(week, coupling, schedule.placements.take(placed))
            _, group, count = np.unique(key, return_inverse=True, return_counts=True)
            held[placed[row[count[group] > 1]]] = True
    return held


def _reached(session: PlannedSession, wanted: Floats, units: FreeUnits, uses: Uses) -> Ints:
    """Cells by which each visit can move towards what is wanted, shape (visits,)."""
    goal = np.rint((wanted - session.times) / session.grid).astype(np.int64)
    if units.suffice(moved(uses, goal, session.shorter(goal))):
        return goal
    shift = np.zeros(len(goal), np.int64)
    starts = np.rint(session.times / session.grid).astype(np.int64)
    slack = np.diff(starts) - session.between[:-1] - session.shortest[:-1]
    while True:
        before = shift.copy()
        for visit in range(len(goal) - 1, -1, -1):  # later ones first make room for those that go back
            room = goal[visit] if visit == len(goal) - 1 else min(goal[visit], shift[visit + 1] + slack[visit])
            shift = _farthest(session, shift, visit, max(int(room), int(shift[visit])), units, uses)
        for visit in range(len(goal)):
            room = goal[visit] if visit == 0 else max(goal[visit], shift[visit - 1] - slack[visit - 1])
            shift = _farthest(session, shift, visit, min(int(room), int(shift[visit])), units, uses)
        if (shift == before).all():
            return shift


def _farthest(session: PlannedSession, shift: Ints, visit: int, wanted: int, units: FreeUnits, uses: Uses) -> Ints:
    """Move one visit from where it is towards `wanted`, as far as units suffice."""
    now = int(shift[visit])
    for target in range(wanted, now, -1 if wanted > now else 1):
        tried = shift.copy()
        tried[visit] = target
        if units.suffice(moved(uses, tried, session.shorter(tried))):
            return tried
    return shift


def _applied(problem: Problem, schedule: Schedule, found: Mapping[int, ShiftedSession]) -> tuple[Problem, Schedule]:
    """The problem with shorter appointments and the schedule with moved steps."""
    week = problem.week
    by_request = np.zeros(len(schedule.session), np.int64)
    minutes, expected = dict[str, int](), dict[str, int]()
    for session, shift in found.values():
        by_request[session.requests] = shift
        booked = np.maximum(session.length - session.shorter(shift), 1)
        for request, cells, usual in zip(session.requests.tolist(), booked.tolist(), session.length, strict=True):
            if cells < usual:
                minutes[week.requests.ids[request]] = cells * session.grid
                expected[week.requests.ids[request]] = int(usual) * session.grid
    moved_steps = schedule.step_start + by_request[week.steps.request]
    return with_lengths(problem, minutes, expected), Schedule(schedule.session, moved_steps, schedule.others)


def _without_new_breaches(
    problem: Problem, schedule: Schedule, found: dict[int, ShiftedSession]
) -> tuple[Problem, Schedule]:
    """The old times for sessions that break what they did not break before; then for all, if that was not enough."""
    known = set(check(problem, schedule).breaches.itertuples(index=False, name=None))
    while True:
        shorter, new = _applied(problem, schedule, found)
        broken = set(check(shorter, new).breaches.itertuples(index=False, name=None)) - known
        if not broken or not found:
            return shorter, new
        bad = {int(schedule.session[problem.week.request_code[row[0]]]) for row in broken} & found.keys()
        found = {code: change for code, change in found.items() if code not in bad} if bad else {}
