"""A plan laid out for the front desk: who holds what, ready to be asked where one more visit would go."""

from __future__ import annotations

import datetime as dt

import numpy as np

from schedopt.answers.free_places import FreePlaces
from schedopt.arrays import Ints
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.due import not_due_of
from schedopt.models.problem.notice import noticed
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule


class Desk(FreePlaces):
    """A finished plan, prepared once so that questions about it are answered in milliseconds.

    The plan never changes, and neither does what a desk answers: every question is asked of a copy of its grid.

    Parameters
    ----------
    plan : Plan
        A plan whose schedule breaks no rule; fixed promises that it names as conflicts may be missing.
    now : datetime.datetime, optional
        The moment of asking, as in :func:`schedopt.assemble`: visits that begin sooner after it than their notice are
        not offered, and those of the plan stay; places kept that are released by then are open to all. Without it, and
        where that is later, the moment of planning, if that was given.

    Raises
    ------
    ValueError
        If the plan's schedule breaks a rule: what is free in it cannot be said.
    """

    def __init__(self, plan: Plan, now: dt.datetime | None = None) -> None:
        must_be_sound(plan.problem, plan.assignment)
        super().__init__(noticed(plan.problem, plan.assignment, now), plan.assignment)
        self.plan = plan
        self.left_out: Ints = np.array([rule.left_out(plan.problem.week) for rule in self.problem.rules], np.int64)
        if len(plan.problem.week.requests):
            self.places(0)  # compiled, or loaded, before anybody waits for it

    def code(self, request: str) -> int:
        """The code of a request's id.

        Raises
        ------
        ValueError
            If the plan's problem has no such request, or it is not due in the days planned.
        """
        code = self.problem.week.request_code.get(request)
        if code is None:
            later = not_due_of(self.problem.week.requests.not_due, request)
            if later is not None:
                raise ValueError(f"expected a request that is due in the days planned; {request!r} is {later.words}")
            raise ValueError(f"expected the id of a request of the plan's problem, not {request!r}")
        return code


def desk_of(plan: Plan | Desk, now: dt.datetime | None = None) -> Desk:
    """The desk itself, if that will do, or a new one for a plan, or for another moment."""
    if isinstance(plan, Desk):
        return plan if now is None else Desk(plan.plan, now)
    return Desk(plan, now)


def must_be_sound(problem: Problem, schedule: Schedule) -> None:
    """Refuse, with a ValueError, a schedule that breaks a rule; promises that are left out may be."""
    breaches = check(problem, schedule).breaches
    wrong = breaches[breaches["rule"] != Promises.name]
    if len(wrong):
        first = wrong.iloc[0]
        raise ValueError(
            f"expected a plan that breaks no rule; {first['request']} breaks {first['rule']}: {first['detail']}, "
            f"and {len(wrong) - 1} more"
        )
