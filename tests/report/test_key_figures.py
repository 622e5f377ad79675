"""The key figures of a plan made by hand."""

from __future__ import annotations

import dataclasses

import pandas as pd

from schedopt.answers.result import plan_around
from schedopt.models.problem.couplings import CostPart
from schedopt.report.figures import distance_words, duration_words, figures, main_reasons
from tests.smallest import Smallest, request


def test_figures_are_of_visits_and_of_regular_hours() -> None:
    """A visit of 75 minutes on the second day waits a day and runs over its hour; who is left out waits in no mean."""
    smallest = Smallest({"requests": (request("R1", minutes=75), request("R2", "N2"))}, (("R1", "DR1", 1, ("08:00",)),))
    problem = smallest.problem()
    told = figures(plan_around(problem, smallest.schedule(problem), {}))
    assert (told.visits, told.left_out, told.requested, told.access_wait_days) == (1, 1, 2, 1.0)
    assert (told.seen_minutes, told.regular_minutes, told.idle_minutes, told.overtime_minutes) == (75, 240, 0, 15)
    assert not told.promises


def test_the_distance_is_a_share_of_the_bound() -> None:
    """What a cost may lie above the best possible is told of the bound, rounded up."""
    problem = Smallest().problem()
    plan = plan_around(problem, Smallest().schedule(problem), {})
    for cost, bound, words in (
        (150, 100, "at most 50.0 %"),
        (1001, 1000, "at most 0.1 %"),
        (3, 3, "the best possible"),
    ):
        audit = dataclasses.replace(plan.audit, parts=(CostPart("access", "records", cost, 1, "days"),))
        assert distance_words(dataclasses.replace(plan, audit=audit, bound=bound)).startswith(words)


def test_reasons_and_durations() -> None:
    """The commonest reason comes first, then by name; minutes within hours have two digits."""
    problem = Smallest().problem()
    plan = plan_around(problem, Smallest().schedule(problem), {})
    causes = pd.DataFrame({"cause": ["b", "a", "c", "c"]})
    told = dataclasses.replace(plan, told=lambda: (causes, plan.removed))
    assert main_reasons(told) == [("c", 2), ("a", 1), ("b", 1)]
    assert [duration_words(minutes) for minutes in (5, 65)] == ["5 min", "1 h 05 min"]
