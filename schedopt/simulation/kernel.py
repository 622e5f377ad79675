"""The compiled event loop that plays a day."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats
from schedopt.compiled import allocating, compiled
from schedopt.simulation.state import (
    BUSY,
    END,
    EVENTS,
    IDLE,
    LAST,
    NEXT,
    OVERTIME,
    START,
    URGENT,
    WAITING,
    WALK_INS,
    Day,
    Draws,
    State,
)

FAR = 1e9
"""Minutes by which urgent patients come before all appointments, and walk-ins after them, in a provider's order."""


@compiled
def play(day: Day, draws: Draws, state: State, waits: Floats, counted: Floats) -> None:
    """Play a day in every replication.

    At each moment at which something happens, all that then happens is taken note of first; then whatever can begin
    does, those who could have begun longest first. A step begins when its planned start has come, the patient is
    there and done with the step before, and provider and pools are free.

    Of the patients who are ready for a provider at the same moment, the one goes first who is urgent or, of
    appointments, has the earliest; of appointments at one time, who has been ready longest; and of those ready since
    the same moment, who is first in the day's order of visits.

    A group visit takes as long as drawn for whoever it begins with. Who comes while it is under way joins it, and is
    through when it ends; who comes later is seen alone.

    Parameters
    ----------
    day, draws, state
        What is planned, what is drawn, and room to work in.
    waits : float array, shape (replications, visits)
        Filled in: minutes waited; NaN where the patient did not come, or was not served to the end.
    counted : float array, shape (replications, sessions, COUNTED)
        Filled in.
    """
    for r in range(len(draws.came)):
        _open(day, draws, state, r)
        waits[r] = np.nan
        counted[r] = 0.0
        while state.sizes[EVENTS] > 0:
            now = state.event_time[0]
            begun = True
            while begun:
                while state.sizes[EVENTS] > 0 and state.event_time[0] <= now:
                    job = _next_event(state)
                    if job >= 0:
                        _queue(day, draws, state, r, job, now)
                begun = _begin_one(day, draws, state, r, now, waits, counted)
        _close(day, state, r, counted)


@allocating
def _put_event(state: State, time: float, job: int) -> None:
    """Add to the heap; events of one moment are in the order of their jobs."""
    hole = state.sizes[EVENTS]
    state.sizes[EVENTS] += 1
    while hole > 0:
        above = (hole - 1) // 2
        there = state.event_time[above]
        if there < time or (there == time and state.event_job[above] <= job):
            break
        state.event_time[hole], state.event_job[hole] = there, state.event_job[above]
        hole = above
    state.event_time[hole], state.event_job[hole] = time, job


@allocating
def _next_event(state: State) -> int:
    """Take the first event off the heap; returns its job."""
    first = state.event_job[0]
    state.sizes[EVENTS] -= 1
    size = state.sizes[EVENTS]
    time, job = state.event_time[size], state.event_job[size]
    hole = 0
    while 2 * hole + 1 < size:
        child = 2 * hole + 1
        if child + 1 < size:
            left, right = state.event_time[child], state.event_time[child + 1]
            if right < left or (right == left and state.event_job[child + 1] < state.event_job[child]):
                child += 1
        there = state.event_time[child]
        if time < there or (time == there and job <= state.event_job[child]):
            break
        state.event_time[hole], state.event_job[hole] = there, state.event_job[child]
        hole = child
    state.event_time[hole], state.event_job[hole] = time, job
    return int(first)


@allocating
def _open(day: Day, draws: Draws, state: State, r: int) -> None:
    """Everything is free, and everybody who will come is expected."""
    state.sizes[:] = 0
    state.provider_free[:] = -np.inf
    state.unit_free[:] = -np.inf
    state.done[:] = -np.inf
    state.group[:] = -np.inf
    state.through[:] = day.hours[:, START]
    for k in range(len(day.closed)):
        if day.closed[k, 2] < np.inf:
            _put_event(state, day.closed[k, 2], -1)
    for job in range(len(day.session)):
        step = day.step_offset[job]
        planned = day.step_start[step]
        state.step[job], state.follower[job], state.waited[job] = step, -1, 0.0
        state.rank[job] = day.step_start[day.own_step[job]]
        state.ready[job] = max(planned, planned + draws.late[r, job])
        if not draws.came[r, job]:
            continue
        earlier = day.previous[job]
        while earlier >= 0 and not draws.came[r, earlier]:
            earlier = day.previous[earlier]
        if earlier >= 0:
            state.follower[earlier] = job
        else:
            _put_event(state, state.ready[job], job)
    for extra in range(draws.extra_offset[r], draws.extra_offset[r + 1]):
        job = len(day.session) + extra - draws.extra_offset[r]
        arrival = draws.extra_arrival[extra]
        state.ready[job], state.waited[job] = arrival, 0.0
        state.rank[job] = arrival - FAR if draws.extra_urgent[extra] else arrival + FAR
        _put_event(state, arrival, job)


@allocating
def _queue(day: Day, draws: Draws, state: State, r: int, job: int, now: float) -> None:
    """From now on the job's step can begin if what it needs is free. Jobs of one moment wait in their own order."""
    visits = len(day.session)
    if job >= visits:
        state.wants[job] = day.provider[draws.extra_session[draws.extra_offset[r] + job - visits]]
    else:
        with_provider = state.step[job] == day.own_step[job]
        state.wants[job] = day.provider[day.session[job]] if with_provider else -1
    place = state.sizes[WAITING]
    while place > 0 and state.since[state.waiting[place - 1]] == now and state.waiting[place - 1] > job:
        state.waiting[place] = state.waiting[place - 1]
        place -= 1
    state.waiting[place], state.since[job] = job, now
    state.sizes[WAITING] += 1


@allocating
def _unit(day: Day, state: State, pool: int, now: float) -> int:
    """A unit of a pool that is free, beside as many as are closed, or -1."""
    closed = 0
    for k in range(len(day.closed)):
        if day.closed[k, 0] == pool and day.closed[k, 1] <= now < day.closed[k, 2]:
            closed = int(day.closed[k, 3])
    for unit in range(day.unit_offset[pool], day.unit_offset[pool + 1]):
        if state.unit_free[unit] <= now:
            if closed == 0:
                return int(unit)
            closed -= 1
    return -1


@allocating
def _joins(day: Day, state: State, job: int, now: float) -> bool:
    """Whether a waiting job's group visit is under way."""
    return bool(job < len(day.session) and state.wants[job] >= 0 and state.group[day.leader[job], 1] > now)


@allocating
def _may_begin(day: Day, state: State, job: int, now: float) -> bool:
    """Whether all that a waiting job needs is free, or is there for its group."""
    if _joins(day, state, job, now):
        return True
    if state.wants[job] >= 0 and state.provider_free[state.wants[job]] > now:
        return False
    if job < len(day.session):
        step = state.step[job]
        for need in range(day.need_offset[step], day.need_offset[step + 1]):
            if day.need[need] < 0:
                if state.provider_free[day.provider[-1 - day.need[need]]] > now:
                    return False
            elif _unit(day, state, day.need[need], now) < 0:
                return False
    return True


@allocating
def _begin_one(
    day: Day, draws: Draws, state: State, r: int, now: float, waits: Floats, counted: Floats
) -> bool:  # fmt: skip
    """Begin the step that could have begun longest; of a provider's patients, the first in order. False: none can."""
    for place in range(state.sizes[WAITING]):
        job = state.waiting[place]
        if not _may_begin(day, state, job, now):
            continue
        passed = False
        if state.wants[job] >= 0 and not _joins(day, state, job, now):
            for k in range(state.sizes[WAITING]):
                other = state.waiting[k]
                if state.wants[other] == state.wants[job] and state.rank[other] < state.rank[job]:
                    passed = passed or (_may_begin(day, state, other, now) and not _joins(day, state, other, now))
        if not passed:
            for k in range(place, state.sizes[WAITING] - 1):
                state.waiting[k] = state.waiting[k + 1]
            state.sizes[WAITING] -= 1
            _begin(day, draws, state, r, job, now, waits, counted)
            return True
    return False


@allocating
def _begin(
    day: Day, draws: Draws, state: State, r: int, job: int, now: float, waits: Floats, counted: Floats
) -> None:  # fmt: skip
    """Begin a step, and note when it ends and what is free again then."""
    visits, provider, begin = len(day.session), state.wants[job], now
    if _joins(day, state, job, now):
        leader = day.leader[job]
        state.waited[job] += max(now, state.group[leader, 0]) - state.ready[job]
        _go_on(day, state, r, job, state.group[leader, 1], waits)
        return
    extra = draws.extra_offset[r] + job - visits
    length = draws.minutes[r, state.step[job]] if job < visits else draws.extra_service[extra]
    if provider >= 0:
        session = day.session[job] if job < visits else draws.extra_session[extra]
        before, after = (day.before[job], day.after[job]) if job < visits else (0.0, 0.0)
        begin = max(now, state.provider_free[provider] + before)
        free = begin + length + after
        state.provider_free[provider] = free
        state.done[session] = max(state.done[session], free)
        _put_event(state, free, -1)
        _note_busy(day, state, r, provider, begin - before, free, counted)
    end = begin + length
    state.waited[job] += begin - state.ready[job]
    if job >= visits:
        column = URGENT if draws.extra_urgent[extra] else WALK_INS
        counted[r, session, column] += 1
        counted[r, session, column + 1] += state.waited[job]
        return
    step = state.step[job]
    if provider >= 0:
        state.group[day.leader[job]] = begin, end
    for need in range(day.need_offset[step], day.need_offset[step + 1]):
        if day.need[need] < 0:
            session = -1 - day.need[need]
            state.provider_free[day.provider[session]] = end
            state.done[session] = max(state.done[session], end)
            _put_event(state, end, -1)
            _note_busy(day, state, r, day.provider[session], begin, end, counted)
            continue
        pool = day.need[need]
        free = end + day.turnover[pool]
        state.unit_free[_unit(day, state, pool, now)] = free
        _put_event(state, free, -1)
    _go_on(day, state, r, job, end, waits)


@allocating
def _go_on(day: Day, state: State, r: int, job: int, end: float, waits: Floats) -> None:
    """What a patient does after a step that ends then."""
    state.step[job] += 1
    if state.step[job] < day.step_offset[job + 1]:
        state.ready[job] = end
        _put_event(state, max(end, day.step_start[state.step[job]]), job)
        return
    waits[r, job] = state.waited[job]
    follower = state.follower[job]
    if follower >= 0:
        state.ready[follower] = max(state.ready[follower], end)
        _put_event(state, state.ready[follower], follower)


@allocating
def _note_busy(
    day: Day, state: State, r: int, provider: int, begin: float, end: float, counted: Floats
) -> None:  # fmt: skip
    """Count a provider's busy minutes in the hours of each session that they fall into."""
    for session in range(len(day.provider)):
        if day.provider[session] == provider:
            first, last = max(begin, day.hours[session, START]), min(end, day.hours[session, END])
            if first < last:
                counted[r, session, BUSY] += last - first
                state.through[session] = max(state.through[session], last)


@allocating
def _close(day: Day, state: State, r: int, counted: Floats) -> None:
    """Work out idle minutes and overtime."""
    for session in range(len(day.provider)):
        start, end = day.hours[session, START], day.hours[session, END]
        until = max(state.through[session], day.hours[session, LAST])
        counted[r, session, IDLE] = max(0.0, until - start - counted[r, session, BUSY])
        over = min(state.done[session], day.hours[session, NEXT]) - end
        counted[r, session, OVERTIME] = max(0.0, over)
