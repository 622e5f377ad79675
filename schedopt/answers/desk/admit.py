"""Let a plan go on with newer data: what was planned stays, what has come in is left out so far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schedopt.answers.result import plan_around
from schedopt.models.problem.carry import carry_visits
from schedopt.models.problem.changes import taken_up
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.lengths import lengths_of
from schedopt.models.problem.notice import released
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.visits import Visit
from schedopt.solver.cpsat.promises import COLUMNS, settle
from schedopt.solver.cpsat.start import start_from

BESIDE = "does not fit beside the others any more"


def admit(plan: Plan, problem: Problem) -> Plan:
    """The same plan for newer data of the same days: every visit stays that still fits, new requests are left out.

    So a new caller's request can be recommended slots, or be placed as urgent. What has happened to the plan since it
    was made has happened to the newer problem too: who is away stays away, what is cancelled stays cancelled.

    Parameters
    ----------
    plan : Plan
        A finished plan.
    problem : Problem
        Of the newer data: assembled from :func:`schedopt.extend_office`, or from the office read anew.

    Returns
    -------
    Plan
        Of the newer problem, changed as the plan's was. Its bound is 0 points: nothing is proved about its cost.
        ``conflicts`` lists visits that no longer fit, with the rules that they would break; they are left out, and the
        status is then ``conflict``.
    """
    before = plan.problem
    newer = taken_up(released(problem, before.asked), lengths_of(before), before.changes)
    return admitted(plan.visits, before.fingerprint, newer)


def admitted(visits: Sequence[Visit], fingerprint: str, problem: Problem) -> Plan:
    """The same, of a plan's visits.

    Parameters
    ----------
    visits : sequence of Visit
        The plan's.
    fingerprint : str
        Of the data that was planned.
    problem : Problem
        Of the newer data, with what has happened to the plan.
    """
    carried = carry_visits(visits, problem)
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
    how = {"admitted": {"from": fingerprint, "dropped": conflicts["request"].tolist()}}
    return plan_around(problem, schedule, how, conflicts=conflicts)
