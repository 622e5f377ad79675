"""Which providers a schedule's visits hold, and from when to when; which visits share that as one group visit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


class Holds(NamedTuple):
    """Stretches for which providers are held; one entry a visit and provider, and one for all of a group visit.

    Attributes
    ----------
    request, session : int array
        Codes.
    start, end : int array
        First cell, and cell after the last.
    """

    request: Ints
    session: Ints
    start: Ints
    end: Ints


def holds(week: Week, schedule: Schedule) -> Holds:
    """Whom a schedule's visits hold: their own providers with buffers, those who take part for their steps."""
    every = every_hold(week, schedule)
    alone = ~sharing(week, schedule)[every.request]
    return Holds(*(column[alone] for column in every))


def every_hold(week: Week, schedule: Schedule) -> Holds:
    """The same, with an entry for each visit of a group visit."""
    placed = schedule.placed
    start = schedule.start(week)[placed] - week.requests.buffer_before[placed]
    session = schedule.session[placed]
    own = Holds(placed, session, start, start + week.hold_of(placed, session))
    if not len(week.roles):
        return own
    _, role, session = filled(week, schedule.placements)
    step = week.roles.step[role]
    begin = schedule.step_start[step]
    more = week.roles.request[role], session, begin, begin + week.steps.length[step]
    return Holds(*(np.concatenate(both) for both in zip(own, more, strict=True)))


def leaders(week: Week, schedule: Schedule) -> Ints:
    """The visit that holds the provider and the pools by request: its own, or the first of its group.

    Visits of one type are one group visit where they hold the same stretch of the same session. Where they are more
    than there are seats, the rest is a second group visit at the same time.
    """
    requests, leader = week.requests, np.arange(len(week.requests))
    if requests.seats is None:
        return leader
    there = np.flatnonzero((requests.group >= 0) & (schedule.session >= 0))
    alike = [
        requests.group,
        schedule.session,
        schedule.start(week),
        week.with_sessions(schedule.session).requests.length,
    ]
    there = there[np.lexsort((there, *(column[there] for column in alike)))]
    keys = np.stack([column[there] for column in alike])
    number, changes = np.arange(len(there)), (np.diff(keys, axis=1) != 0).any(axis=0)
    first = np.maximum.accumulate(np.where(np.append(True, changes)[: len(there)], number, 0))
    leader[there] = there[number - (number - first) % requests.seats[there]]
    return leader


def sharing(week: Week, schedule: Schedule) -> Flags:
    """Visits for which an earlier one of their group visit holds all that they need; by request."""
    shared: Flags = leaders(week, schedule) != np.arange(len(week.requests))
    return shared


def role_starts(week: Week, placed: Placements) -> tuple[Ints, Ints, Ints, Ints]:
    """When those who take part are there: position of a placement, role, and the cells its step may start in.

    That is the first one, and the cell after the last: a step starts within a session and ends within its overtime.
    """
    row, role, session = filled(week, placed)
    sessions, length = week.sessions, week.steps.length[week.roles.step[role]]
    end = sessions.end[session]
    return row, role, sessions.start[session], np.minimum(end, end + sessions.overtime[session] - length + 1)


def filled(week: Week, placed: Placements) -> tuple[Ints, Ints, Ints]:
    """Position of a placement, role of its request, and the session that fills it; those left unfilled are left out."""
    row, number = np.nonzero((placed.others >= 0) & (placed.session >= 0)[:, None])
    return row, week.role_of[placed.request[row], number], placed.others[row, number]
