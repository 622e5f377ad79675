"""What a change of few visits costs and breaks, worked out from the visits around them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.check import Audit, check
from schedopt.models.problem.couplings import Tied
from schedopt.models.problem.holds import holds
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule


class Surroundings:
    """A schedule, ready to be asked what small changes of it would cost and break.

    A visit bears on those that a coupling ties it to. A check of these alone tells what a change does.

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
        self._tied = Tied(problem.week, problem.couplings, schedule)

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
        near = [self._tied.near(some.placements.take(codes)) for some in (self.schedule, changed)]
        others = np.setdiff1d(np.flatnonzero(~(near[0] | near[1])), codes)
        week = self.problem.week
        before, after = (self._audit(s, s.without(week, others)) for s in (self.schedule, changed))
        return before, after

    def _audit(self, whole: Schedule, near: Schedule) -> Audit:
        """An audit of the visits near, with parts of the cost to which all visits may count taken of the whole."""
        audit, week = check(self.problem, near), self.problem.week
        wide = [part for c in self.problem.couplings if not c.local for part in c.parts(week, whole)]
        names = {part.name for part in wide}
        return replace(audit, parts=(*(part for part in audit.parts if part.name not in names), *wide))


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
    ends, held = problem.week.sessions.start.copy(), holds(problem.week, schedule)
    np.maximum.at(ends, held.session, held.end)
    return ends
