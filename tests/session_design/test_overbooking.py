"""How many to book, and that it is not at the cost of the same patients."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.session_design.overbooking import best_number, mix_risks
from schedopt.session_design.templates import equal_spacing
from schedopt.timing.costs import Costs
from schedopt.timing.guard import Guard
from schedopt.uncertainty.distributions import Gamma, constant

COSTS = Costs(0.2, 0.5, 2.0)
ANYTHING = Guard(limit=1e9, share=1, difference=1e9)


def test_a_certain_session_is_filled_and_no_more() -> None:
    """Without no-shows and variance as many are booked as fit, if another one costs more overtime than she brings."""
    found = best_number(
        constant(20), 0, 100, costs=COSTS, benefit=30, most=8, rng=np.random.default_rng(0), num_scenarios=10
    )
    assert found.number == 5
    assert found.times == pytest.approx([0, 20, 40, 60, 80], abs=0.1)
    assert found.table["value"].iloc[4] == pytest.approx(150, abs=0.1)
    assert found.table["seen"].tolist() == list(range(1, 9))


def test_nobody_comes_nobody_is_booked() -> None:
    """What is worth nothing is not booked, and neither is what the guard never allows."""
    nobody = best_number(constant(20), 1, 100, costs=COSTS, benefit=30, most=3, rng=np.random.default_rng(0))
    assert nobody.number == 0
    assert nobody.times.shape == (0,)


@pytest.mark.parametrize("no_show", [0.15, 0.3])
def test_overbooks_by_about_the_no_shows(no_show: float) -> None:
    """More are booked than fit, and not more than come to a full session; a guard costs value and keeps its word."""
    book = partial(
        best_number, Gamma.from_mean(20, scv=0.2), no_show, 160, costs=COSTS, benefit=25, most=15, num_scenarios=500
    )
    free = book(rng=np.random.default_rng(1), guard=ANYTHING)
    assert 8 < free.number <= np.ceil(8 / (1 - no_show)) + 1
    value = free.table["value"].max()
    for share in (0.3, 0.1, 0.02):
        guarded = book(rng=np.random.default_rng(1), guard=Guard(limit=20, share=share, difference=1e9))
        row = guarded.table.iloc[guarded.number - 1]
        assert row["waits_long"] <= share
        assert row["value"] <= value + 2 * row["value_error"]
        assert row["value"] == guarded.table["value"][guarded.table["allowed"]].max()
        assert len(guarded.times) == row["booked"] == guarded.number > 0
    assert row["dearer"] > 1


@pytest.mark.parametrize("share", [0.3, 0.1, 0.02])
def test_at_the_same_times_the_guard_only_forbids(share: float) -> None:
    """With a rule of thumb for times a guard changes no figure, and allows exactly the numbers that keep within it."""
    book = partial(
        best_number, Gamma.from_mean(20, scv=0.2), 0.2, 160, costs=COSTS, benefit=25, most=12, num_scenarios=500,
        template=lambda visits: equal_spacing(visits, 16),
    )  # fmt: skip
    free = book(rng=np.random.default_rng(1), guard=Guard(limit=20, share=1, difference=1e9)).table
    guarded = book(rng=np.random.default_rng(1), guard=Guard(limit=20, share=share, difference=1e9)).table
    assert guarded.drop(columns="allowed").equals(free.drop(columns="allowed"))
    assert free["allowed"].all()
    assert guarded["allowed"].tolist() == (free["waits_long"] <= share).tolist()
    assert not guarded["allowed"].all()


def test_places_of_those_who_miss_visits_are_guarded() -> None:
    """Where the riskier patients get the late, crowded places they wait longer; mixed, the groups wait alike."""
    risk = np.array([0.05] * 6 + [0.5] * 6)
    found = {}
    for name, order in (("apart", np.arange(12)), ("mixed", mix_risks(risk))):
        found[name] = best_number(
            Gamma.from_mean(20, scv=0.3), risk[order], 160, costs=COSTS, benefit=40, most=12,
            rng=np.random.default_rng(2), guard=Guard(limit=1e9, share=1, difference=4),
            template=lambda visits: equal_spacing(visits, 14),
        )  # fmt: skip
    apart, mixed = (found[name].table["difference"].iloc[-1] for name in ("apart", "mixed"))
    assert mixed < 4 < apart
    assert found["mixed"].table["allowed"].iloc[-1]
    assert not found["apart"].table["allowed"].iloc[-1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(1, 5), st.integers(0, 32))
def test_risks_are_mixed(risk: list[float], doublings: int, risky: int) -> None:
    """Everybody has one place, and of any number of risky patients both halves of a session get alike."""
    assert sorted(mix_risks(risk)) == list(range(len(risk)))
    num = 2**doublings
    risky = min(risky, num)
    order = mix_risks([0.5] * risky + [0.1] * (num - risky))
    halves = (order < risky).reshape(2, -1).sum(axis=1)
    assert abs(halves[0] - halves[1]) <= 1
