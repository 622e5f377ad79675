"""The table of options: every way in which a request may be placed, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.schedule import Placements, Schedule, place_at
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class Options:
    """One entry an option: a request, its session or sessions, and a range of starts at one cost.

    Attributes
    ----------
    request, session : int array
        Codes; the session is that of the visit's own provider.
    earliest, latest : int array
        First and last cell at which the provider step may start.
    opens, closes : int array
        The whole visit, all its steps, lies from cell `opens` to before cell `closes`.
    cost : int array
        Points.
    others : int array, shape (options, most roles of a request)
        Sessions of those who fill the request's roles; -1 for roles that it does not have.
    """

    request: Ints
    session: Ints
    earliest: Ints
    latest: Ints
    opens: Ints
    closes: Ints
    cost: Ints
    others: Ints

    def __len__(self) -> int:
        return len(self.request)

    def take(self, rows: Ints | Flags, **columns: Ints) -> Options:
        """The options at these rows, with these other columns in place of theirs."""
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        for name in (column.name for column in fields(self) if column.name not in columns):
            columns[name] = np.take(getattr(self, name), places, axis=0)
        return Options(**columns)

    def in_order(self) -> Options:
        """Sorted by request, session and earliest start."""
        return self.take(np.lexsort((self.earliest, self.session, self.request)))

    def place(self, week: Week, schedule: Schedule, row: int, start: int) -> Schedule:
        """A schedule with one more visit, by one of these options, its provider step at a cell."""
        request, session = int(self.request[row]), int(self.session[row])
        return place_at(week, schedule, request, session, start, self.others[row])

    def uses(self, week: Week, schedule: Schedule) -> Flags:
        """Whether a schedule places the request of each option by it."""
        start = schedule.start(week)[self.request]
        used: Flags = self.at(schedule) & (self.earliest <= start) & (start <= self.latest)
        return used

    def at(self, schedule: Schedule) -> Flags:
        """Whether each option has the sessions of its request's visit in a schedule."""
        same = (schedule.others[self.request] == self.others).all(axis=1)
        here: Flags = same & (schedule.session[self.request] == self.session)
        return here

    @property
    def placements(self) -> Placements:
        """Where each of them places its request."""
        return Placements(self.request, self.session, self.others)


def pairs(week: Week, request: Ints, session: Ints) -> Options:
    """Options of these requests in these sessions, at any time of the day, before any rule; no role is filled."""
    cells = week.calendar.cells_per_day
    opens = week.sessions.day[session] * cells
    nothing, nobody = np.zeros(len(request), np.int64), np.full((len(request), week.roles.most), -1, np.int64)
    return Options(request, session, opens, opens + cells - 1, opens, opens + cells, nothing, nobody)


def concatenate(parts: Sequence[Options]) -> Options:
    """One table of several."""
    return Options(*(np.concatenate([getattr(p, column.name) for p in parts]) for column in fields(Options)))


def staffed(week: Week, options: Options) -> Options:
    """Every way to fill the roles of these options, or to leave some of them unfilled; filled ones first."""
    roles, sessions = week.roles, week.sessions
    if not len(roles):
        return options
    place = sessions.day * max(1, len(sessions.site_ids)) + sessions.site
    nowhere = int(place.max(initial=-1)) + 1
    there = Lists.by_key(place, nowhere + 1)
    for number in range(roles.most):
        role = week.role_of[options.request, number]
        row, session = there.joined(np.where(role >= 0, place[options.session], nowhere))
        taken = np.column_stack([options.session, options.others])[row]
        taken = np.append(sessions.provider, -1)[taken]
        provider = sessions.provider[session]
        fit = roles.may_fill[role[row], provider] & (taken != provider[:, None]).all(axis=1)
        row, session = row[fit], session[fit]
        filled = options.take(np.concatenate([row, np.arange(len(options))]))
        filled.others[: len(row), number] = session
        options = filled
    return options


def visits_as_options(week: Week, schedule: Schedule) -> Options:
    """Every visit of a schedule as an option that leaves nothing open."""
    placed = schedule.placed
    first, last = schedule.span(week)
    start = schedule.start(week)
    zero = np.zeros(len(placed), np.int64)
    return Options(
        placed, schedule.session[placed], start[placed], start[placed], first[placed], last[placed], zero,
        schedule.others[placed],
    )  # fmt: skip
