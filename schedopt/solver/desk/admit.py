"""Let a plan go on with newer data: what was planned stays, what has come in is left out so far."""

from __future__ import annotations

from schedopt.models.carry import carry
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.solver.result import plan_around


def admit(plan: Plan, problem: Problem) -> Plan:
    """The same plan for newer data of the same days: every visit stays that still fits, new requests are left out.

    So a new caller's request can be recommended slots, or be placed as urgent.

    Parameters
    ----------
    plan : Plan
        A finished plan.
    problem : Problem
        Of the newer data: assembled from :func:`schedopt.extend_office`, or from the office read anew.

    Returns
    -------
    Plan
        Of the newer problem. Its bound is 0 points: nothing is proved about its cost. ``conflicts`` lists visits that
        no longer fit, with the rules that they would break; they are left out, and the status is then ``conflict``.
    """
    carried = carry(plan.assignment, plan.problem, problem)
    how = {"admitted": {"from": plan.problem.fingerprint, "dropped": carried.dropped["request"].tolist()}}
    return plan_around(problem, carried.schedule, how, conflicts=carried.dropped)
