"""A plan after something has happened: who has to be called, and nobody else."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.answers.desk.desk import must_be_sound
from schedopt.answers.replan.aims import Aims, Score, placed_before, score, stays
from schedopt.answers.replan.calls import calls_table
from schedopt.answers.replan.displaced import Upset, shut_out, upset
from schedopt.answers.replan.held import WHOLE_WEEK, followers, in_the_way
from schedopt.answers.result import plan_around
from schedopt.arrays import Ints
from schedopt.models.problem.changes import Change, cancelled_codes, check_changes
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Companions, Promises
from schedopt.models.problem.notice import as_planned, noticed
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.cpsat.model import WORK
from schedopt.solver.known import across

NEIGHBOURS = 60
"""Visits that may be moved to make room for one, in a larger week."""
WORK_FOR_ONE = 0.25
"""Most work, in such seconds, for making room for one visit."""
ROOM_SHARE = 0.8
"""Share of the limit after which making room makes way for placing those who move at the least cost."""
MOST_SECONDS = 24 * 3600
"""No time limit is that long."""


@dataclass(frozen=True)
class Replan:
    """What became of a plan.

    Attributes
    ----------
    plan : Plan
        The new plan, of the changed problem. Its bound is 0 points: nothing is proved about its cost.
    calls : pandas.DataFrame
        Whom to call, one row a patient's visit, by old time: ``request``, ``patient`` (ids), ``what`` (``moved``,
        ``lost``, ``arrival`` where only other steps than the provider's are at other times, ``placed`` or ``left
        out`` for urgent requests), ``old_time`` (words), ``old_provider``, ``new_time``, ``new_provider`` (empty
        where there is none), ``arrive`` (HH:MM, first step; empty without a new time), ``reason`` (words).
    moved : int
        Visits with another provider or start than before.
    lost : int
        Visits that are left out now; cancelled ones are not counted.
    lost_points : int
        Points of leaving those out.
    proven : bool
        No schedule places more of what is urgent, loses fewer points or, with as few, moves fewer visits.
    seconds : float
        What it took.
    """

    plan: Plan
    calls: pd.DataFrame
    moved: int
    lost: int
    lost_points: int
    proven: bool
    seconds: float


def replan(
    plan: Plan, changes: Sequence[Change], time_limit: float = 3.0, *, now: dt.datetime | None = None
) -> Replan:  # fmt: skip
    """Repair a plan after changes, and move as few visits as that takes.

    Aims, in strict order: place what is urgent; lose the fewest points of visits, and for as many points the fewest
    visits; move the fewest visits; cost least. A visit that keeps its provider and the start of the provider's step is
    not moved. Where nobody has to leave by the change alone, and those who stay together break a rule by it, such as
    one about the provider's break or about places kept, some of them move. A visit promised as fixed moves, or is lost,
    only if the change itself makes its promise impossible; where other steps than the provider's cannot stay, and can
    go elsewhere, the promise holds. Nobody who was left out before is placed, unless urgent: see
    :func:`~schedopt.answers.desk.fill.fill`.

    First those who cannot stay are placed anew with all others where they are. Where somebody finds no room, others may
    move to make it: everybody, in a week of up to 80 requests, which proves the numbers; in larger weeks, for one visit
    after the other, those in the sessions that it could go to.

    Parameters
    ----------
    plan : Plan
        A plan whose schedule breaks no rule.
    changes : sequence of Away, Closed, Cancelled or Urgent
        What has happened.
    time_limit : float
        Seconds for the search, of counted work rather than time, so that the same call gives the same answer; on a
        fast core they take about as long. Reading and writing up come on top, about a second in a week of 9,000 visits.
    now : datetime.datetime, optional
        The moment of asking, as in :class:`~schedopt.answers.desk.desk.Desk`: nobody moves to a time that is sooner
        after it than their notice, and whoever is there already stays.

    Returns
    -------
    Replan

    Raises
    ------
    ValueError
        If a change names what the problem does not have, the time limit is not positive or longer than a day, or the
        plan's schedule breaks a rule.
    """
    if not 0 < time_limit <= MOST_SECONDS:
        raise ValueError(f"expected a time_limit above 0 and of at most {MOST_SECONDS} seconds, not {time_limit}")
    began = time.monotonic()
    check_changes(plan.problem, changes)
    must_be_sound(plan.problem, plan.assignment)
    problem = noticed(plan.problem, plan.assignment, now)
    state = upset(problem, plan.assignment, changes)
    schedule, proven = _answer(state, changes, WORK * time_limit)
    if not _holds(state, schedule):  # no way to hold on to a promise was found in the time given
        state = upset(problem, plan.assignment, changes, hold=False)
        schedule, proven = _answer(state, changes, WORK * time_limit)[0], False
    counts = score(state, schedule)
    how = {"replanned": [repr(change) for change in changes], "time_limit_seconds": time_limit}
    kept = as_planned(state.problem, plan.problem)
    after = plan_around(kept, schedule, how, seconds=time.monotonic() - began)
    return Replan(
        after, calls_table(plan.problem, state, schedule), counts.moved, counts.lost, counts.lost_points, proven,
        time.monotonic() - began,
    )  # fmt: skip


def _answer(state: Upset, changes: Sequence[Change], limit: float) -> tuple[Schedule, bool]:
    """The best schedule found, and whether its score is proved to be the least."""
    aims, least = Aims(state, limit), _least(state, changes)
    parts = (state.displaced, state.followers, state.crowded, state.urgent)
    must = np.unique(np.concatenate(parts)).astype(np.int64)
    if not len(must):
        return state.stays, True
    found = aims.solve(state.stays, must)
    if not _holds(state, found.schedule):
        must = np.union1d(must, in_the_way(state.problem, state.before, state.held)).astype(np.int64)
        found = aims.solve(state.stays, must)
    schedule, proven = found.schedule, score(state, found.schedule) == least
    if proven and _keeps_rules(state, schedule):
        return schedule, True
    if len(state.problem.week.requests) <= WHOLE_WEEK:
        whole = aims.solve(schedule, np.union1d(must, placed_before(state)))
        schedule, proven = whole.schedule, whole.closed
    else:
        for better in _with_room_made(state, aims, schedule, must):
            schedule = better
        visits = placed_before(state)
        schedule = aims.solve(schedule, np.union1d(must, visits[~stays(state, schedule)[visits]])).schedule
        proven = score(state, schedule) == least
    return (schedule, proven) if _keeps_rules(state, schedule) else (found.schedule, False)


def _holds(state: Upset, schedule: Schedule) -> bool:
    """Whether all promises that are held on to are kept."""
    return bool((schedule.session[state.held] >= 0).all())


def _least(state: Upset, changes: Sequence[Change]) -> Score:
    """What no answer can do better: nobody is placed without an option or what they follow, nor stays where it is not.

    Numbers of a score are only compared where all earlier ones are equal, so each may assume that.
    """
    problem, before = state.problem, state.before
    count = np.diff(problem.offset)
    cancelled = cancelled_codes(problem.week, changes)
    hopeless = state.displaced[count[state.displaced] == 0]
    gone = np.concatenate([cancelled, hopeless])
    hopeless = np.union1d(hopeless, followers(problem, gone, state.stood)).astype(np.int64)
    options, here = problem.options, problem.options.uses(problem.week, before)
    own = problem.week.steps.provider_step
    shut = [problem.week.steps.request[step] for step, _ in shut_out(problem, before) if step in own]
    leaves = np.union1d(np.setdiff1d(state.displaced, options.request[here]), np.array(shut, np.int64))
    leaves = np.setdiff1d(leaves, hopeless)
    urgent, price = state.urgent[count[state.urgent] == 0], problem.left_out
    return Score(int((price[urgent] + 1).sum()), int(price[hopeless].sum()), len(hopeless), len(leaves))


def _with_room_made(state: Upset, aims: Aims, schedule: Schedule, must: Ints) -> Iterator[Schedule]:
    """Better and better schedules: for each visit without room, the dearest first, others may move."""
    without = must[schedule.session[must] < 0]
    without = without[np.diff(state.problem.offset)[without] > 0]
    order = np.lexsort((-state.problem.left_out[without], ~np.isin(without, state.urgent)))
    problem = state.problem
    companions = Companions(problem.week, across(problem), problem.options.placements)
    until = aims.spent + ROOM_SHARE * (aims.limit - aims.spent)
    for request in without[order].tolist():
        if aims.spent >= until:
            return
        if schedule.session[request] < 0:
            free = np.union1d(must, _neighbours(state, schedule, request, companions))
            found = aims.solve(schedule, free.astype(np.int64), WORK_FOR_ONE).schedule
            if score(state, found) < score(state, schedule) and _keeps_rules(state, found):
                schedule = found
                yield schedule


def _neighbours(state: Upset, schedule: Schedule, request: int, companions: Companions) -> Ints:
    """Visits in the sessions that a request could go to, those with most options first, and those it is tied to.

    Fixed ones are among them: their other steps may make room.
    """
    problem, visits = state.problem, placed_before(state)
    sessions = problem.options.session[problem.offset[request] : problem.offset[request + 1]]
    there = visits[np.isin(schedule.session[visits], sessions)]
    there = there[np.argsort(-np.diff(problem.offset)[there], kind="stable")][:NEIGHBOURS]
    return np.union1d(there, np.intersect1d(companions.of(request), visits)).astype(np.int64)


def _keeps_rules(state: Upset, schedule: Schedule) -> bool:
    """Whether the check finds nothing wrong, but for promises that the plan had given up."""
    breaches = check(state.problem, schedule).breaches
    return bool((breaches["rule"] == Promises.name).all())
