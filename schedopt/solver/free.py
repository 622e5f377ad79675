"""Where providers are free in a schedule, and who holds the rest."""

from __future__ import annotations

import numpy as np

from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints


class ProvidersTime:
    """The providers' time in a schedule, ready to be asked about many options.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Any schedule of it that keeps to its sessions.
    """

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self._problem = problem
        week = problem.week
        requests, cells = week.requests, week.calendar.cells_per_day
        placed = schedule.placed
        session = schedule.session[placed]
        begin = schedule.start(week)[placed] - requests.buffer_before[placed] - week.sessions.day[session] * cells
        end = np.clip(begin + requests.hold[placed], 0, cells)
        change = np.zeros((len(week.sessions), cells + 1), np.int32)
        np.add.at(change, (session, np.clip(begin, 0, cells)), 1)
        np.add.at(change, (session, end), -1)
        busy = np.cumsum(change, axis=1)[:, :-1] > 0
        self._before = np.zeros((len(week.sessions), cells + 1), np.int32)
        np.cumsum(busy, axis=1, out=self._before[:, 1:])
        order = np.argsort(session, kind="stable")
        self._visits, self._begin, self._end = placed[order], begin[order], end[order]
        self._edges = np.searchsorted(session[order], np.arange(len(week.sessions) + 1))

    def free_starts(self, row: int) -> Ints:
        """Starts of an option, in cells, at which its provider is free."""
        session, begin, last, hold = self._place(row)
        taken = self._before[session, begin + hold : last + hold + 1] - self._before[session, begin : last + 1]
        starts: Ints = np.flatnonzero(taken == 0) + int(self._problem.options.earliest[row])
        return starts

    def holders(self, row: int) -> Ints:
        """Codes of the requests whose visits hold time that an option could use."""
        session, begin, last, hold = self._place(row)
        mine = slice(int(self._edges[session]), int(self._edges[session + 1]))
        meets = (self._begin[mine] < last + hold) & (begin < self._end[mine])
        visits: Ints = self._visits[mine][meets]
        return visits

    def _place(self, row: int) -> tuple[int, int, int, int]:
        """Session of an option; first and last cell, from midnight, at which it can begin to hold; cells held."""
        options, week = self._problem.options, self._problem.week
        request, session = int(options.request[row]), int(options.session[row])
        midnight = int(week.sessions.day[session]) * week.calendar.cells_per_day
        before = midnight + int(week.requests.buffer_before[request])
        first, last = int(options.earliest[row]) - before, int(options.latest[row]) - before
        return session, first, last, int(week.requests.hold[request])
