"""What a change of few visits costs and breaks, worked out from the visits around them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from schedopt.models.check import Audit, check
from schedopt.models.couplings import Balance, DayGap
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Flags, Ints


class Surroundings:
    """A schedule, ready to be asked what small changes of it would cost and break.

    A visit bears on those of its site and day, of its provider's day, of its patient, and of its series. A check of
    these alone tells what a change does; it is a guess only where a rule ties visits in some further way, so that what
    is said in the end goes through the check of everything.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Any schedule of it.
    """

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem = problem
        self.schedule = schedule
        sessions = problem.week.sessions
        self._place = sessions.day * max(1, len(sessions.site_ids)) + sessions.site
        self._duty = sessions.day * max(1, len(sessions.provider_ids)) + sessions.provider

    def _around(self, requests: Sequence[int], sessions: Sequence[int]) -> Flags:
        """Requests whose visits are near these requests and sessions."""
        week, gaps = self.problem.week, self.problem.coupling(DayGap)
        near = np.isin(self._place, self._place[sessions]) | np.isin(self._duty, self._duty[sessions])
        found: Flags = np.append(near, False)[self.schedule.session]
        found = found | np.isin(week.requests.patient, week.requests.patient[requests])
        for one, other in ((gaps.first, gaps.second), (gaps.second, gaps.first)):
            found[other[np.isin(one, requests)]] = True
        return found

    def change(self, changed: Schedule, requests: Sequence[int]) -> tuple[int, list[tuple[str, str, str]]]:
        """Points that the cost changes by, and what breaks that was whole: (request, rule, detail)."""
        before, after = self.audits(changed, requests)
        return after.cost - before.cost, new_breaches(before, after)

    def audits(self, changed: Schedule, requests: Sequence[int]) -> tuple[Audit, Audit]:
        """Audits of the visits around a change, before and after it.

        Parameters
        ----------
        changed : Schedule
            Differs from the schedule in the places of `requests` alone.
        requests : sequence of int
            Codes.
        """
        codes = np.array(requests, np.int64)
        both = np.concatenate([self.schedule.session[codes], changed.session[codes]])
        others = np.flatnonzero(~self._around(requests, both[both >= 0].tolist()))
        others = np.setdiff1d(others, codes)
        week = self.problem.week
        before, after = (self._audit(s, s.without(week, others)) for s in (self.schedule, changed))
        return before, after

    def _audit(self, whole: Schedule, near: Schedule) -> Audit:
        """An audit of the visits near, with balances between groups, to which all visits count, taken of the whole."""
        audit, week = check(self.problem, near), self.problem.week
        balances = [c for c in self.problem.couplings if isinstance(c, Balance)]
        names = {balance.name for balance in balances}
        parts = [part for part in audit.parts if part.name not in names]
        return replace(audit, parts=(*parts, *(p for b in balances for p in b.parts(week, whole))))


def new_breaches(before: Audit, after: Audit) -> list[tuple[str, str, str]]:
    """What a change breaks that was whole before: (request, rule, detail), each once."""
    columns = ["request", "rule", "detail"]
    known = set(before.breaches[columns].itertuples(index=False, name=None))
    found = dict.fromkeys(after.breaches[columns].itertuples(index=False, name=None))
    return [(str(name), str(rule), str(detail)) for name, rule, detail in found if (name, rule, detail) not in known]


def differences(before: Audit, after: Audit) -> list[tuple[str, int]]:
    """Parts of the cost that a change makes dearer or cheaper: (part, points), the dearest first."""
    old = {part.name: part.points for part in before.parts}
    parts = [(part.name, part.points - old.get(part.name, 0)) for part in after.parts]
    return sorted((pair for pair in parts if pair[1]), key=lambda pair: -pair[1])


def last_ends(problem: Problem, schedule: Schedule) -> Ints:
    """Cell at which each session's last visit lets its provider go, or at which the session starts."""
    week, placed = problem.week, schedule.placed
    ends = week.sessions.start.copy()
    held = schedule.start(week)[placed] + week.requests.length[placed] + week.requests.buffer_after[placed]
    np.maximum.at(ends, schedule.session[placed], held)
    return ends
