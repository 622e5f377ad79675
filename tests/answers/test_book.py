"""Booking a free slot."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from schedopt.answers.desk import book
from schedopt.answers.result import plan_around
from schedopt.models.problem.schedule import nothing_placed
from tests.smallest import FIRST, Smallest, in_turn

EIGHT = dt.datetime.combine(FIRST, dt.time(8))
GIVEN_UP = pd.DataFrame(
    [("R1", "promises", "records", "cannot be kept")], columns=["request", "rule", "source", "detail"]
)


def test_who_is_booked_is_there_and_nobody_else_moves() -> None:
    """The request is at its slot, everybody else where they were, and what was proved of the cost still holds."""
    smallest = Smallest(placed=in_turn("08:15"))
    problem = smallest.problem()
    plan = plan_around(problem, smallest.schedule(problem), {}, bound=1)
    booked = book(plan, "R2", "DR1", EIGHT)
    told = booked.schedule[["request", "provider", "date", "start"]].sort_values("request")
    assert told.to_numpy().tolist() == [["R1", "DR1", FIRST, "08:15"], ["R2", "DR1", FIRST, "08:00"]]
    assert booked.bound == 1
    for start in (EIGHT + dt.timedelta(minutes=15), EIGHT + dt.timedelta(minutes=1)):
        with pytest.raises(ValueError, match="free for R2"):
            book(plan, "R2", "DR1", start)
    moved = book(booked, "R1", "DR2", EIGHT)
    assert np.array_equal(np.sort(moved.schedule["provider"]), ["DR1", "DR2"])


@pytest.mark.parametrize("request_id", ["R1", "R2"])
def test_a_bound_without_what_was_given_up_is_none(request_id: str) -> None:
    """What was proved while a promise was given up is not proved any more; who is booked is given up no longer."""
    problem = Smallest().problem()
    plan = plan_around(problem, nothing_placed(problem.week), {}, bound=1, conflicts=GIVEN_UP)
    booked = book(plan, request_id, "DR1", EIGHT)
    assert (plan.status, plan.bound, booked.bound) == ("conflict", 1, 0)
    assert booked.conflicts["request"].tolist() == (["R1"] if request_id == "R2" else [])
