"""Who takes a slot that has become free: those left out, and those who would rather come earlier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.answers.desk.desk import Desk, desk_of
from schedopt.answers.desk.pricing import changes_by_part
from schedopt.answers.desk.recommend import WHERE
from schedopt.answers.free_places import Places
from schedopt.arrays import Flags, Ints
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.visits import Visit, schedule_table, visit_of

COLUMNS = (
    "request", "patient", "visit_type", "priority", *WHERE, "gained", "stranded_minutes", "now", "now_provider",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who could take a free slot.

    Attributes
    ----------
    visit : Visit
        Where and when.
    priority : int
        Of the request.
    gained : int
        Points by which the plan's cost would fall.
    stranded_minutes : int
        Minutes left unusable.
    now : str
        Words: when the visit is now; empty where left out.
    now_provider : str
        Id; empty where left out.
    """

    visit: Visit
    priority: int
    gained: int
    stranded_minutes: int
    now: str
    now_provider: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of a provider's time that has become free.

    Attributes
    ----------
    provider : str
        Id.
    start, end : datetime.datetime
        From when until when, as the clocks of the provider's site show it; on one day.
    """

    provider: str
    start: dt.datetime
    end: dt.datetime


def fill(plan: Plan | Desk, opening: Opening, *, now: dt.datetime | None = None) -> pd.DataFrame:
    """Rank who could take a free slot, without moving anybody else.

    Looked at are all requests left out, and those visits that are on a later day, are not promised as fixed and would
    cost less in the opening. For each it is the start that gains most, of those the one that strands least (see
    :func:`~schedopt.answers.desk.recommend.recommend`), of those the earliest.

    Parameters
    ----------
    plan : Plan or Desk
        A finished plan in which the time is free: after a cancellation, the plan of
        :func:`~schedopt.answers.replan.replan.replan`.
    opening : Opening
        The free time. The provider is held, buffers included, within it.
    now : datetime.datetime, optional
        The moment of asking, as in :class:`~schedopt.answers.desk.desk.Desk`.

    Returns
    -------
    pandas.DataFrame
        Who fits, one row a request, the one who gains most first: ``request``, ``patient``, ``visit_type`` (ids),
        ``priority``, then where and when exactly, as in
        :attr:`~schedopt.answers.desk.recommend.Recommendation.slots`: ``session``, ``provider``, ``site``, ``date``,
        ``arrive``, ``start``, ``end``, ``steps``; ``gained`` (points by which the plan's cost would fall),
        ``stranded_minutes``, ``now`` (words: when it is now; empty where left out), ``now_provider``. Empty where
        nobody fits.

    Raises
    ------
    ValueError
        If the provider is unknown or has no session then, the opening does not end after it starts, reaches beyond a
        day or carries a time zone, or the plan's schedule breaks a rule.
    """
    return takers_table(takers(plan, opening, now=now))


def takers(plan: Plan | Desk, opening: Opening, *, now: dt.datetime | None = None) -> list[Taker]:
    """The same as :func:`fill`, as values."""
    desk = desk_of(plan, now)
    window, sessions = _window(desk, opening)
    options = desk.problem.options
    rows = np.flatnonzero(np.isin(options.session, sessions))
    rows = rows[_waiting(desk, window[0])[options.request[rows]]]
    found = []
    for request in np.unique(options.request[rows]).tolist():
        places = desk.places(request, window, rows[options.request[rows] == request])
        if len(places.row):
            taker = _taker(desk, places)
            if taker.now == "" or taker.gained > 0:
                found.append(taker)
    return sorted(found, key=lambda taker: (-taker.gained, taker.stranded_minutes))


def takers_table(found: Sequence[Taker]) -> pd.DataFrame:
    """The columns that :func:`fill` has."""
    names = ("priority", "gained", "stranded_minutes", "now", "now_provider")
    own = {name: [getattr(taker, name) for taker in found] for name in names}
    return schedule_table([taker.visit for taker in found]).assign(**own)[list(COLUMNS)]


def _window(desk: Desk, opening: Opening) -> tuple[tuple[int, int], Ints]:
    """First cell, and cell after the last, of an opening, and the sessions that it lies in."""
    sessions, calendar = desk.problem.week.sessions, desk.problem.calendar
    if opening.start.tzinfo or opening.end.tzinfo:
        raise ValueError(f"expected times as the site's clocks show them, without a zone: {opening}")
    midnight = dt.datetime.combine(opening.start.date(), dt.time())
    if not opening.start < opening.end or opening.end - midnight > dt.timedelta(days=1):
        raise ValueError(f"expected an end after the start, on the same day: {opening}")
    if opening.provider not in sessions.provider_ids:
        raise ValueError(f"expected the id of a provider of the plan's problem, not {opening.provider!r}")
    day = calendar.day(midnight.date())
    first, last = ((moment - midnight) // dt.timedelta(minutes=1) for moment in (opening.start, opening.end))
    window = calendar.cell(day, first, up=True), calendar.cell(day, last)
    mine = sessions.provider == sessions.provider_ids.index(opening.provider)
    outer = calendar.cell(day, first), calendar.cell(day, last, up=True)
    there = mine & (sessions.start < outer[1]) & (outer[0] < sessions.end + sessions.overtime)
    if not there.any():
        raise ValueError(f"expected a time in a session of {opening.provider}: there is none on {opening.start}")
    return window, np.flatnonzero(there)


def _waiting(desk: Desk, first: int) -> Flags:
    """Requests left out, and visits on later days than that of a cell that are not promised as fixed."""
    week, schedule = desk.problem.week, desk.plan.assignment
    day = np.append(week.sessions.day, -1)[schedule.session]
    later = (day > week.calendar.day_of(first)) & ~week.requests.fixed
    waiting: Flags = (schedule.session < 0) | later
    return waiting


def _taker(desk: Desk, places: Places) -> Taker:
    """The best place of a request in the opening."""
    week, request, now = desk.problem.week, places.request, desk.plan.assignment
    best = int(np.lexsort((places.start, places.stranded, places.added))[0])
    schedule = desk.placed(places, best)
    gained = -int(changes_by_part(desk, request, [schedule]).to_numpy().sum())
    session = int(now.session[request])
    provider = week.sessions.provider_ids[int(week.sessions.provider[session])] if session >= 0 else ""
    return Taker(
        visit=visit_of(week, schedule, request), priority=int(week.requests.priority[request]), gained=gained,
        stranded_minutes=int(places.stranded[best]) * week.calendar.grid,
        now=week.time_words(session, int(now.start(week)[request])) if session >= 0 else "", now_provider=provider,
    )  # fmt: skip
