"""Strict levels of priorities, against trying everything."""

from __future__ import annotations

import datetime as dt
from math import prod

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.example import example_frames, example_settings
from schedopt.models.office import Office, Weights
from schedopt.planning.levels import all_levels, in_levels
from tests.effort import BRIEF, examples
from tests.offices import Case, Size, cases
from tests.reference import Judge
from tests.schedules import schedules, visits_of
from tests.test_brute_force import Search

TINY = Size(requests=5, providers=2, days=2, grids=(15,), longest=60, plain_days=True)
NAMES = tuple(Weights.model_fields)
MONDAY = dt.date(2026, 11, 30)


@st.composite
def level_names(draw: st.DrawFn) -> list[list[str]]:
    """One to three levels of some weights' names."""
    names = draw(st.permutations(NAMES))
    sizes = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(1, 3)))]
    return [list(names[sum(sizes[:k]) : sum(sizes[: k + 1])]) for k in range(len(sizes))]


def with_waited(levels: list[list[str]]) -> list[list[str]]:
    """The levels with what waited before in the level of the weight that prices it."""
    return [[*level, "waited"] if "access" in level else level for level in levels]


def strict_office(office: Office, levels: list[list[str]], step: int) -> Office:
    """The same office with weights so far apart that a point of a level outweighs everything below."""
    rank = {name: len(levels) - k for k, level in enumerate(levels) for name in level}
    weights = {name: getattr(office.settings.weights, name) * step ** rank.get(name, 0) for name in NAMES}
    heavy = office.settings.weights.model_copy(update=weights)
    return office.model_copy(update={"settings": office.settings.model_copy(update={"weights": heavy})})


@given(cases(), level_names(), st.lists(st.integers(1, 10**6), min_size=3, max_size=3), st.data())
def test_prices_are_scaled_and_nothing_else(
    case: Case, names: list[list[str]], factors: list[int], data: st.DataObject
) -> None:
    """Each part of the cost of any schedule is its level's factor times what it was, or gone; breaches stay."""
    levels = tuple(map(frozenset, names))
    scaled = in_levels(case.problem, levels, factors[: len(levels)])
    factor = {name: f for level, f in zip(levels, factors, strict=False) for name in level}
    schedule = data.draw(schedules(case.problem))
    before, after = schedopt.check(case.problem, schedule), schedopt.check(scaled, schedule)
    wanted = {part.name: part.points * factor.get(part.name, 0) for part in before.parts}
    found = {part.name: part.points for part in after.parts}
    assert {name: points for name, points in wanted.items() if points} == {n: p for n, p in found.items() if p}
    assert before.breaches.equals(after.breaches)


@settings(max_examples=examples(14))
@given(cases(TINY), level_names())
def test_tiny_weeks_are_best_level_by_level(case: Case, names: list[list[str]]) -> None:
    """Where a plan is proved best, trying everything finds none that is better in a level and no worse before it."""
    weighted = Judge(case.office, case.first)
    assume(prod(map(len, names)) and Search(weighted, float("inf")).size < 300_000)
    plan = schedopt.plan(case.problem, time_limit=20, workers=1, progress=False, lexicographic=with_waited(names))
    if plan.status == "conflict":
        return
    assert plan.status == "optimal"
    visits = visits_of(case.problem, plan.assignment)
    assert weighted.judge(visits).points.total() == plan.cost == plan.levels["points"].sum()
    strict = Judge(strict_office(case.office, names, 10**7), case.first)
    verdict = strict.judge(visits)
    assert not verdict.breaches
    assert Search(strict, verdict.points.total()).better() is None


@pytest.fixture(scope="module")
def problem() -> schedopt.Problem:
    """An office too large to be solved to the end."""
    return schedopt.assemble(
        schedopt.office_from_frames(example_frames(sites=1, providers=2), example_settings()), MONDAY
    )


def test_figures_of_levels_agree(problem: schedopt.Problem) -> None:
    """Where nothing is proved best, levels still add up to the cost, bounds lie below, and no rule is broken."""
    levels = [["unscheduled", "waited"], ["preference", "continuity"]]
    plan = schedopt.plan(problem, time_limit=BRIEF, workers=1, progress=False, lexicographic=levels, deterministic=True)
    assert plan.status == "feasible"
    assert plan.levels["points"].sum() == plan.cost == plan.costs["points"].sum() == plan.trace["cost"].iloc[-1]
    parts = plan.costs.set_index("part")["points"]
    assert plan.levels["points"].iloc[0] == parts[levels[0]].sum()
    assert (plan.levels["bound"] <= plan.levels["points"]).all()
    assert plan.levels["bound"].iloc[0] > 0
    assert plan.bound <= plan.cost
    assert schedopt.check(problem, plan.assignment).breaches.empty
    assert plan.record["lexicographic"] == levels
    assert sorted(", ".join(plan.levels["parts"]).split(", ")) == sorted([*NAMES, "waited"])


def test_a_level_above_outweighs_any_saving_below() -> None:
    """One hour for a visit that is dear to leave out, outside the times preferred, or for two others: by weights the
    two win, as the preference costs more than they do; with being left out as the first level, the dear one does.
    """
    rows = {
        "providers": [{"provider": "D"}],
        "visit_types": [{"visit_type": "long", "minutes": 60}, {"visit_type": "short", "minutes": 30}],
        "patients": [{"patient": f"N{n}"} for n in range(3)],
        "requests": [
            {"request": "R0", "patient": "N0", "visit_type": "long", "priority": 3},
            {"request": "R1", "patient": "N1", "visit_type": "short", "priority": 1},
            {"request": "R2", "patient": "N2", "visit_type": "short", "priority": 1},
        ],
        "preferences": [{"patient": "N0", "date": "2026-12-01", "start": "08:00", "end": "09:00"}],
        "shifts": [{"provider": "D", "site": "S", "date": "2026-11-30", "start": "08:00", "end": "09:00"}],
    }
    frames = {name: pd.DataFrame(table) for name, table in rows.items()}
    weights = {"unscheduled": 100, "preference": 500}
    problem = schedopt.assemble(schedopt.office_from_frames(frames, {"weights": weights}), MONDAY)

    def visits(**levels: list[list[str]]) -> set[str]:
        return set(schedopt.plan(problem, time_limit=10, workers=1, progress=False, **levels).schedule["request"])

    assert visits() == {"R1", "R2"}
    assert visits(lexicographic=[["unscheduled"]]) == {"R0"}


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ([["unscheduled"], []], "each level to be a list"),
        (["access"], "each level to be a list"),
        ([["acess"]], "not 'acess'"),
        ([["access"], ["late", "access"]], "found 'access' again"),
    ],
)
def test_senseless_levels_are_refused(problem: schedopt.Problem, levels: list[list[str]], words: str) -> None:
    """An empty level, a name that is no part of the cost, or one that stands there twice, is named."""
    with pytest.raises(ValueError, match=words):
        all_levels(problem, levels)
