"""Let a plan go on with newer data: what was planned stays, what has come in is left out so far."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedopt.models.carry import carry
from schedopt.models.check import check
from schedopt.models.couplings import Promises
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.solver.promises import COLUMNS, settle
from schedopt.solver.result import plan_around
from schedopt.solver.start import start_from

BESIDE = "does not fit beside the others any more"


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
    carried = carry(plan.problem, plan.assignment, problem)
    schedule = carried.schedule
    if not set(check(problem, schedule).breaches["rule"]) <= {Promises.name}:
        kept, promised, _ = settle(problem)
        schedule = start_from(kept, promised, schedule)
    lost = carried.lost.rename(columns={"reason": "detail"})[COLUMNS]
    lost = lost[lost["request"].isin(list(problem.week.request_code))]
    names = np.array(problem.week.requests.ids, object)
    gone = names[(carried.schedule.session >= 0) & (schedule.session < 0)].tolist()
    beside = pd.DataFrame([(name, Promises.name, Promises.source, BESIDE) for name in gone], columns=COLUMNS)
    conflicts = pd.concat([lost, beside], ignore_index=True)
    how = {"admitted": {"from": plan.problem.fingerprint, "dropped": conflicts["request"].tolist()}}
    return plan_around(problem, schedule, how, conflicts=conflicts)
