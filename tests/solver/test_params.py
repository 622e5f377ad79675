"""Parameters of the search: what is refused, what is recorded, and that they change no meaning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import schedopt
from schedopt.solver.params import DEFAULTS, SolveParams
from tests.effort import examples
from tests.networks import network

GROUPS = sorted(SolveParams.model_fields)


def _values(group: str) -> dict[str, object]:
    params: BaseModel = getattr(DEFAULTS, group)
    return params.model_dump()


def test_every_parameter_says_what_it_is() -> None:
    """Each has a sentence, from which research can start."""
    for group in GROUPS:
        for name, field in type(getattr(DEFAULTS, group)).model_fields.items():
            assert field.description is not None, name
            assert field.description.endswith("."), name


@given(st.sampled_from(GROUPS), st.data())
def test_what_is_unknown_or_out_of_range_is_named(group: str, data: st.DataObject) -> None:
    """All faults at once, each by its name."""
    name = data.draw(st.sampled_from(sorted(_values(group))))
    with pytest.raises(ValidationError) as caught:
        SolveParams.model_validate({group: {name: -1, "no_such": 1}})
    assert {error["loc"] for error in caught.value.errors()} == {(group, name), (group, "no_such")}


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("annealing", {"hot": 0.001}),
        ("annealing", {"warm": 0.06}),
        ("pieces", {"start": 11}),
        ("pieces", {"largest": 29}),
        ("phases", {"least_annealing": 0.1}),
        ("phases", {"most_annealing": 0.3}),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(group: str, values: dict[str, float]) -> None:
    """First temperatures are above last ones, sizes and shares in their order."""
    with pytest.raises(ValidationError, match="expected"):
        SolveParams.model_validate({group: values})


@pytest.fixture(scope="module")
def week() -> schedopt.Problem:
    """Two sites, which share patients."""
    return network(sites=2)


def test_what_differs_from_the_defaults_is_recorded(week: schedopt.Problem) -> None:
    """Nothing where nothing differs, and the very values where some do."""
    changed = {"annealing": {"moves_a_round": 500}, "pieces": {"own": 2}}
    plain = schedopt.plan(week, 0.2, 1, progress=False, deterministic=True)
    other = schedopt.plan(week, 0.2, 1, progress=False, deterministic=True, params=SolveParams.model_validate(changed))
    assert plain.record["params"] == {}
    assert other.record["params"] == changed


@settings(max_examples=examples(6))
@given(
    hot=st.floats(0.004, 0.5), moves=st.integers(500, 5_000), own=st.integers(1, 5), start=st.integers(12, 150),
    whole=st.booleans(), usual=st.integers(1, 9),
)  # fmt: skip
def test_no_parameter_makes_a_plan_wrong(
    week: schedopt.Problem, hot: float, moves: int, own: int, start: int, whole: bool, usual: int
) -> None:  # fmt: skip
    """With any of them a plan breaks nothing, and its bound lies below its cost."""
    params = SolveParams.model_validate({
        "annealing": {"hot": hot, "warm": min(hot, 0.015), "moves_a_round": moves, "together": usual},
        "pieces": {"own": own, "start": start}, "phases": {"whole_week": 80 if whole else 0},
        "parts": {"largest": usual, "usual": usual},
    })  # fmt: skip
    plan = schedopt.plan(week, 0.3, 2, progress=False, deterministic=True, params=params)
    audit = schedopt.check(week, plan.assignment)
    assert audit.breaches.empty
    assert plan.bound <= plan.cost == audit.cost
    assert (np.asarray(plan.assignment.session) >= 0).any()
