"""What the compiled event loop reads and writes: arrays of minutes after midnight of the first day planned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints

START, END, NEXT, LAST = range(4)
"""Columns of ``Day.hours``."""
BUSY, IDLE, OVERTIME, WALK_INS, WALK_IN_WAIT, URGENT, URGENT_WAIT = range(7)
"""Columns of what is counted by session: minutes, but for the numbers of walk-ins and urgent patients."""
COUNTED = 7
EVENTS, WAITING = 0, 1
"""Entries of ``State.sizes``."""


class Day(NamedTuple):
    """One day of sites that share providers or patients, as planned. Visits are in the order of their first step.

    Attributes
    ----------
    step_offset : int array, shape (visits + 1,)
        Visit v has steps ``step_offset[v]`` to ``step_offset[v + 1] - 1``.
    step_start : float array, shape (steps,)
        When each is planned to begin.
    own_step : int array, shape (visits,)
        The step with the provider.
    need_offset : int array, shape (steps + 1,)
        Where each step's entries of `need` begin.
    need : int array, shape (needs,)
        Pools of which a step holds a unit; or, as -1 - s, sessions s whose providers take part.
    session, previous : int array, shape (visits,)
        Session, and the same patient's visit before on that day, or -1.
    before, after : float array, shape (visits,)
        Minutes for which the provider is held before and after the step.
    provider : int array, shape (sessions,)
        Provider of each session.
    hours : float array, shape (sessions, 4)
        Start, end, start of the same provider's next session on that day (infinite without one), and the planned start
        of the last visit, within the hours.
    unit_offset : int array, shape (pools + 1,)
        Pool p has units ``unit_offset[p]`` to ``unit_offset[p + 1] - 1``.
    turnover : float array, shape (pools,)
        Minutes that a unit stays held after each use.
    closed : float array, shape (closures, 4)
        Pool, first moment, moment from which it has other units again (infinite where that is not on that day), and
        units that cannot be used; no two of a pool overlap.
    num_providers : int
        How many.
    leader : int array, shape (visits,)
        The visit that stands for each one's group visit; itself where it is alone.
    """

    step_offset: Ints
    step_start: Floats
    own_step: Ints
    need_offset: Ints
    need: Ints
    session: Ints
    previous: Ints
    before: Floats
    after: Floats
    provider: Ints
    hours: Floats
    unit_offset: Ints
    turnover: Floats
    closed: Floats
    num_providers: int
    leader: Ints


class Draws(NamedTuple):
    """What is drawn for a day, in every replication.

    Attributes
    ----------
    minutes : float array, shape (replications, steps)
        How long each step takes.
    came : bool array, shape (replications, visits)
        Whether the patient comes.
    late : float array, shape (replications, visits)
        Minutes after the planned start of the first step at which the patient arrives.
    extra_offset : int array, shape (replications + 1,)
        Replication r has the people without an appointment ``extra_offset[r]`` to ``extra_offset[r + 1] - 1``.
    extra_session : int array, shape (people,)
        To which session they come, by arrival within a replication.
    extra_urgent : int array, shape (people,)
        1: is seen next; 0: after those with an appointment who are ready.
    extra_arrival, extra_service : float array, shape (people,)
        When they come, and minutes that the provider spends on them.
    """

    minutes: Floats
    came: Flags
    late: Floats
    extra_offset: Ints
    extra_session: Ints
    extra_urgent: Ints
    extra_arrival: Floats
    extra_service: Floats


class State(NamedTuple):
    """A day as it is being played; overwritten by each replication. Jobs are visits, then people without appointment.

    Attributes
    ----------
    event_time, event_job : float and int array
        A binary heap: when something happens, and to which job; -1: somebody or something has become free.
    waiting : int array, shape (jobs,)
        Jobs whose next step could begin if all it needs were free, by the moment from which that is so, then by job.
    sizes : int array, shape (2,)
        Events in the heap; jobs waiting.
    step, wants, follower : int array, shape (jobs,)
        Current step; provider whom it needs, or -1; the same patient's visit that cannot begin before, or -1.
    ready, since, rank, waited : float array, shape (jobs,)
        Since when the patient waits; since when the next step could begin if all it needs were free; place in the
        provider's order, the least first; minutes waited so far.
    provider_free : float array, shape (providers,)
        When each provider is, or will be, free.
    unit_free : float array, shape (units,)
        When each unit of a pool is, or will be, free.
    group : float array, shape (visits, 2)
        When each leader's group visit began last, and when it ends.
    done, through : float array, shape (sessions,)
        When the last of a session's patients is done; until when its provider was busy within its hours.
    """

    event_time: Floats
    event_job: Ints
    waiting: Ints
    sizes: Ints
    step: Ints
    wants: Ints
    follower: Ints
    ready: Floats
    since: Floats
    rank: Floats
    waited: Floats
    provider_free: Floats
    unit_free: Floats
    group: Floats
    done: Floats
    through: Floats


def new_state(day: Day, draws: Draws) -> State:
    """Arrays that are large enough for every replication."""
    visits, units, sessions = len(day.session), int(day.unit_offset[-1]), len(day.provider)
    jobs = visits + int(np.diff(draws.extra_offset).max(initial=0))
    events = jobs + len(day.closed) + units + day.num_providers + 1
    return State(
        np.zeros(events), np.zeros(events, np.int64), np.zeros(jobs, np.int64), np.zeros(2, np.int64),
        np.zeros(jobs, np.int64), np.zeros(jobs, np.int64), np.zeros(jobs, np.int64),
        np.zeros(jobs), np.zeros(jobs), np.zeros(jobs), np.zeros(jobs),
        np.zeros(day.num_providers), np.zeros(units), np.zeros((visits, 2)), np.zeros(sessions),
        np.zeros(sessions),
    )  # fmt: skip
