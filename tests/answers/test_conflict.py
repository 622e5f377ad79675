"""Minimal sets of promises and rules that contradict each other, against a judge that tries everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.answers.conflict import Conflict, conflict
from schedopt.answers.demands import Demand, Demands, promise_of
from schedopt.answers.minimal import minimal_part
from schedopt.models import tables
from schedopt.office import assemble
from tests.contradictions import MinimalJudge, contradictions
from tests.effort import examples
from tests.offices import Case
from tests.planning.test_planning import HOUR, example, promise, small
from tests.smallest import FIRST, SMALLEST

KINDS = (
    "session_hours", "provider_time", "patient_time", "pool_capacity", "day_gap", "shift_caps", "credential",
    "supervision", "authorisation", "network", "coverage", "referral", "authorised_visits", "covered_visits", "age",
    "pool_at_site", "gives_visit_type",
)  # fmt: skip
"""Rules and couplings that a fixed promise can contradict."""


@settings(max_examples=examples(22))
@given(contradictions())
def test_every_set_is_minimal_by_trying_everything(case: Case) -> None:
    """Of every set found, no placement meets all demands, and one meets all but any one.

    Where there is no set, some placement meets everything.
    """
    _is_minimal(case, conflict(case.problem))


@pytest.mark.parametrize("rule", KINDS)
def test_every_kind_of_rule_takes_part(rule: str) -> None:
    """A schedule that one rule alone forbids, promised as fixed, makes one minimal set: its promises, and that rule."""
    office = SMALLEST[rule].promised()
    case = Case(office, FIRST, assemble(office, FIRST))
    found = conflict(case.problem)
    assert len(found) == 1
    assert {demand.rule for demand in found.demands[0]} == {"promises", rule}
    _is_minimal(case, found)


def test_a_closed_pool_takes_part() -> None:
    """A visit promised while its pool is closed stands against that closure, however many units there are."""
    closed = tables.PoolClosure(pool="room", date=FIRST)
    office = SMALLEST["pool_capacity"].promised().model_copy(update={"pool_closures": (closed,)})
    office = office.model_copy(update={"appointments": office.appointments[:1]})
    case = Case(office, FIRST, assemble(office, FIRST))
    found = conflict(case.problem)
    assert [{demand.rule for demand in demands} for demands in found.demands] == [{"promises", "pool_closed"}]
    _is_minimal(case, found)


def _is_minimal(case: Case, found: Conflict) -> None:
    """By trying everything: no placement meets all demands of a set, and one meets all but any one."""
    assert found.complete
    assert found.verified
    assert found.reasons["given_up"].sum() == len(found)
    judge = MinimalJudge(case)
    if not len(found):
        assert judge.possible(_everything(case))
    for demands in found.demands:
        assert not judge.possible(demands)
        for one in demands:
            assert judge.possible([d for d in demands if d != one]), one


def _everything(case: Case) -> list[Demand]:
    """All promises that are fixed, and all rules that bear on them."""
    demands = Demands(case.problem)
    return [*map(promise_of, demands.fixed.tolist()), *demands.rules_for(demands.fixed.tolist())]


TWICE = [promise(0, "08:00"), promise(1, "08:10")]
ROOM = {
    "visit_types": [{"visit_type": "v", "minutes": 20, "pools": "room"}],
    "pools": [{"pool": "X", "site": "S", "kind": "room", "capacity": 1}],
}
SERIES = [
    {"request": "R0", "patient": "N0", "visit_type": "v"},
    {"request": "R1", "patient": "N0", "visit_type": "v", "after": "R0", "after_min_days": 2},
]
DAYS = [{"date": f"2026-{day}", "start": "08:00", "end": "09:00"} for day in ("11-30", "12-01", "12-02")]


@pytest.mark.parametrize(
    ("rows", "shifts", "words"),
    [
        ({"appointments": TWICE}, HOUR, "D sees one patient at a time"),
        ({"appointments": [promise(0, "08:50")]}, HOUR, "R0 does not fit into the hours of D on Mon 30 Nov"),
        ({"appointments": [promise(0, "12:00")]}, HOUR, "D has no session on Mon 30 Nov 12:00"),
        ({"appointments": [promise(0, "08:00", "2026-12-01")]}, HOUR, "D has no session on Tue 1 Dec"),
        (
            {**ROOM, "appointments": [promise(0, "08:00")], "pool_closures": [{"pool": "X", "date": "2026-11-30"}]},
            HOUR, "pool X is closed Mon 30 Nov 00:00 to 24:00",
        ),
        (
            {"caps": [{"provider": "D", "maximum": 1}], "appointments": [promise(0, "08:00"), promise(1, "08:20")]},
            HOUR, "cap in the shift of D on 2026-11-30: at most 1 visit",
        ),
        (
            {"requests": SERIES, "appointments": [promise(0, "08:00"), promise(1, "08:00", "2026-12-01")]},
            DAYS, "R1 follows R0 by at least 2 days",
        ),
        (
            {"requests": SERIES, "appointments": [promise(1, "08:00", "2026-12-01")]},
            DAYS, "R1 follows R0 by at least 2 days",
        ),
    ],
)  # fmt: skip
def test_reasons_are_said_in_words(rows: dict[str, Any], shifts: list[dict[str, str]], words: str) -> None:
    """Each kind of reason is named as a coordinator would name it, after the promises that it stands against."""
    found = conflict(small(2, shifts, **rows))
    assert len(found) == 1
    assert found.reasons["reason"].iloc[-1] == words
    assert found.reasons["rule"].iloc[0] == "promises"
    assert found.verification["without"].tolist() == ["", *found.reasons["reason"]]
    assert found.verification["possible"].tolist() == [False] + [True] * len(found.reasons)


def test_conflicts_that_have_nothing_in_common_are_all_found() -> None:
    """Two double bookings on two days are two sets; what can be kept is in none."""
    later = [promise(2, "08:00", "2026-12-01"), promise(3, "08:05", "2026-12-01"), promise(4, "08:00", "2026-12-02")]
    found = conflict(small(5, DAYS, appointments=[*TWICE, *later]))
    assert [set(reasons["request"]) - {""} for _, reasons in found.reasons.groupby("conflict")] == [
        {"R0", "R1"}, {"R2", "R3"},
    ]  # fmt: skip


def test_promises_that_can_be_kept_are_no_conflict() -> None:
    """An office without contradictions, or without promises, has no sets."""
    for problem in (small(2, HOUR), small(2, HOUR, appointments=[promise(0, "08:00")]), example(sites=1, providers=2)):
        found = conflict(problem)
        assert len(found) == 0
        assert found.complete
        assert found.verified
        assert found.reasons.empty


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_senseless_limits_are_refused(limit: float) -> None:
    """A time limit that is not above 0 is an error that names it."""
    with pytest.raises(ValueError, match=f"above 0 seconds, not {limit}"):
        conflict(small(1, HOUR), time_limit=limit)


def test_the_time_limit_ends_the_search() -> None:
    """Where the time is over at once, nothing is said to be complete."""
    assert not conflict(small(2, HOUR, appointments=TWICE), time_limit=1e-9).complete


@settings(max_examples=examples(28))
@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.sets(st.integers(0, n - 1), min_size=1), min_size=1).map(
    lambda cores: (n, cores)
)))  # fmt: skip
def test_minimal_part_is_one_of_the_least(drawn: tuple[int, list[set[int]]]) -> None:
    """Where demands are impossible exactly if they contain one of some sets, the part is one without a smaller one."""
    number, cores = drawn
    least = [core for core in cores if not any(other < core for other in cores)]
    asked = 0

    def possible(demands: tuple[int, ...]) -> bool:
        nonlocal asked
        asked += 1
        return not any(core <= set(demands) for core in cores)

    found = minimal_part(range(number), possible)
    assert set(found) in least
    assert list(found) == sorted(found)
    assert asked <= 1 + 2 * len(found) * (np.ceil(np.log2(number / len(found))) + 2)
