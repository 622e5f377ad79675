"""New callers join a finished week."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from tests.desk import crowded, planned
from tests.effort import examples
from tests.offices import Case


@settings(max_examples=examples(7))
@given(st.one_of(crowded(), planned()), st.integers(1, 4))
def test_a_new_caller_joins_the_week(drawn: tuple[Case, Plan], priority: int) -> None:
    """After a further request all visits are where they were and break nothing, the new one is left out, and it can be
    recommended slots; admitting the same data again changes nothing.
    """
    case, plan = drawn
    like = case.office.requests[0]
    row = {"request": "NEW", "patient": like.patient, "visit_type": like.visit_type, "priority": priority}
    longer = schedopt.extend_office(case.office, {"requests": [row]})
    joined = schedopt.admit(plan, schedopt.assemble(longer, case.first))
    columns = ["request", "provider", "date", "start", "steps"]
    assert joined.schedule[columns].equals(plan.schedule[columns])
    assert "NEW" in set(joined.left_out["request"])
    assert joined.conflicts.empty
    assert joined.cost == check(joined.problem, joined.assignment).cost
    assert schedopt.recommend(joined, "NEW").request == "NEW"
    again = schedopt.admit(plan, case.problem)
    assert np.array_equal(again.assignment.step_start, plan.assignment.step_start)
    assert again.cost == plan.cost
