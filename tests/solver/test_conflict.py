"""Minimal sets of promises and rules that contradict each other, against a judge that tries everything."""

from __future__ import annotations

from collections import Counter
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.solver.conflict import conflict
from schedopt.solver.minimal import minimal_part
from tests.contradictions import MinimalJudge, contradictions
from tests.offices import Case
from tests.reference import Judge
from tests.solver.test_planning import HOUR, promise, small
from tests.test_brute_force import Search

CONTRADICTORY = 200
"""Generated problems that contradict themselves, at least."""


def test_every_set_is_minimal_by_trying_everything() -> None:
    """Of every set found in 200 contradictory problems, no placement meets all demands, and one meets all but any one.

    All kinds of rules take part.
    """
    seen: Counter[str] = Counter()
    problems: set[str] = set()

    @settings(max_examples=320, database=None)
    @given(contradictions())
    def look(case: Case) -> None:
        found = conflict(case.problem)
        assert found.complete
        assert found.verified
        judge = MinimalJudge(case)
        for demands in found.demands:
            assert not judge.possible(demands)
            for one in demands:
                assert judge.possible([d for d in demands if d != one]), one
        seen.update({demand.rule for demands in found.demands for demand in demands})
        if len(found):
            problems.add(repr(case.office))

    look()
    print(len(problems), seen)
    assert len(problems) >= CONTRADICTORY
