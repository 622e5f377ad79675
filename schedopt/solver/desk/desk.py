"""A plan laid out for the front desk: who holds what, ready to be asked where one more visit would go."""

from __future__ import annotations

import numpy as np

from schedopt.models.check import check
from schedopt.models.couplings import Promises
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints, Week
from schedopt.solver.free_places import FreePlaces


class Desk(FreePlaces):
    """A finished plan, prepared once so that questions about it are answered in milliseconds.

    The plan never changes, and neither does what a desk answers: every question is asked of a copy of its grid.

    Parameters
    ----------
    plan : Plan
        A plan whose schedule breaks no rule; fixed promises that it names as conflicts may be missing.

    Raises
    ------
    ValueError
        If the plan's schedule breaks a rule: what is free in it cannot be said.
    """

    def __init__(self, plan: Plan) -> None:
        must_be_sound(plan.problem, plan.assignment)
        super().__init__(plan.problem, plan.assignment)
        self.plan = plan
        self.left_out: Ints = np.array([rule.left_out(plan.problem.week) for rule in plan.problem.rules], np.int64)
        if len(plan.problem.week.requests):
            self.places(0)  # compiled, or loaded, before anybody waits for it

    def code(self, request: str) -> int:
        """The code of a request's id.

        Raises
        ------
        ValueError
            If the plan's problem has no such request.
        """
        code = self.problem.week.request_code.get(request)
        if code is None:
            raise ValueError(f"expected the id of a request of the plan's problem, not {request!r}")
        return code


def desk_of(plan: Plan | Desk) -> Desk:
    """The desk itself, or a new one for a plan."""
    return plan if isinstance(plan, Desk) else Desk(plan)


def session_words(week: Week, session: int) -> tuple[str, str]:
    """Provider and site of a session."""
    sessions = week.sessions
    return sessions.provider_ids[int(sessions.provider[session])], sessions.site_ids[int(sessions.site[session])]


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
