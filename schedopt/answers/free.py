"""Where providers are free in a schedule, and who holds the rest."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.holds import holds
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule


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
        self._problem, self._schedule = problem, schedule
        week = problem.week
        cells = week.calendar.cells_per_day
        placed, session, start, end = holds(week, schedule)
        midnight = week.sessions.day[session] * cells
        begin, end = start - midnight, np.clip(end - midnight, 0, cells)
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
        """Starts of an option, in cells, at which everybody is free whom its provider step needs."""
        session, begin, last, hold = self._place(row)
        taken = self._before[session, begin + hold : last + hold + 1] - self._before[session, begin : last + 1]
        options, week = self._problem.options, self._problem.week
        request = int(options.request[row])
        before, length = int(week.requests.buffer_before[request]), int(week.length_of(request, session))
        for other in self._others(row, request):
            first, end = begin + before, last + before
            held = self._before[other]
            taken = taken + (held[first + length : end + length + 1] - held[first : end + 1])
        starts: Ints = np.flatnonzero(taken == 0) + int(options.earliest[row])
        return np.union1d(starts, self._seats_at(row, request))

    def _seats_at(self, row: int, request: int) -> Ints:
        """Starts of an option at which a group visit begins that has a seat left."""
        options, requests = self._problem.options, self._problem.week.requests
        together = (requests.group >= 0) & (requests.group == requests.group[request])
        together &= self._schedule.session == options.session[row]
        lengths = self._problem.week.length_of(np.arange(len(requests)), int(options.session[row]))
        together &= lengths == lengths[request]
        at = self._schedule.start(self._problem.week)[together]
        starts, visits = np.unique(at, return_counts=True)
        within = (options.earliest[row] <= starts) & (starts <= options.latest[row])
        open_to_more: Ints = starts[within & (visits % requests.most_together[request] > 0)]
        return open_to_more

    def _others(self, row: int, request: int) -> list[int]:
        """Sessions of those who take part in the provider step of an option."""
        week = self._problem.week
        who, own = self._problem.options.others[row], int(week.steps.provider_step[request])
        mine = [role for role in week.roles.of(request) if week.roles.step[role] == own]
        return [session for session in who[week.roles.number[mine]].tolist() if session >= 0]

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
        return session, first, last, int(week.hold_of(request, session))
