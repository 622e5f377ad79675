"""The rule of planning: visits as far as the stock lasts, up to each delivery and past each expiry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.operations.supplies.rules import SupplyLeft
from schedopt.operations.supplies.tables import SupplyUse
from tests.effort import BRIEF, examples
from tests.operations.supplies.offices import DAY, office
from tests.smallest import FIRST, patient, request

DAYS = 4


def _limit(made: schedopt.Office) -> SupplyLeft:
    longer = made.model_copy(update={"settings": made.settings.model_copy(update={"days": DAYS})})
    (limit,) = [c for c in schedopt.assemble(longer, FIRST).couplings if isinstance(c, SupplyLeft)]
    return limit


@settings(max_examples=examples(48))
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, DAYS)), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, DAYS)), max_size=2),
    st.lists(st.integers(0, 3), min_size=DAYS, max_size=DAYS),
)
def test_stretches_have_enough_if_and_only_if_every_visit_is_served(
    lots: list[tuple[int, int]], orders: list[tuple[int, int]], visits: list[int]
) -> None:
    """No stretch has too many visits exactly where handing out units, the soonest to expire first, serves them all."""
    stock = [{"amount": n, "lot": f"L{k}", "expires": FIRST + day * DAY} for k, (n, day) in enumerate(lots)]
    coming = [{"amount": n, "due": FIRST + day * DAY} for n, day in orders]
    limit = _limit(office({"binding": True}, stock, coming))
    kept = all(
        sum(visits[first : last + 1]) <= most
        for first, last, most in zip(limit.first.tolist(), limit.last.tolist(), limit.amount.tolist(), strict=True)
    )
    there, served = [[n, day] for n, day in sorted(lots, key=lambda lot: lot[1])], True
    for day, count in enumerate(visits):
        there += [[n, DAYS] for n, due in orders if due == day]
        for _ in range(count):
            lot = next((one for one in sorted(there, key=lambda one: one[1]) if one[0] and one[1] >= day), None)
            if lot is None:
                served = False
            else:
                lot[0] -= 1
    assert kept == served


def test_a_plan_waits_for_the_delivery() -> None:
    """With one film before the delivery, one visit is planned before it and the others after; the reason says why."""
    asked = tuple(request(f"R{n}", f"N{n}") for n in (1, 2, 3))
    made = office(
        {"binding": True}, [{"amount": 1}], [{"amount": 5, "due": FIRST + DAY}], requests=asked,
        patients=tuple(patient(f"N{n}") for n in (1, 2, 3)),
    )  # fmt: skip
    plan = schedopt.plan(schedopt.assemble(made, FIRST), time_limit=BRIEF, deterministic=True)
    assert sorted(plan.schedule["date"]) == [FIRST, FIRST + DAY, FIRST + DAY]
    limit = plan.problem.couplings[[c.name for c in plan.problem.couplings].index("supply_left")]
    words = limit.words(plan.problem.week, 0)
    assert words == f"film from {FIRST} to the day before its delivery on {FIRST + DAY}: at most 1 sheets"


@pytest.mark.parametrize(("chance", "binding", "there"), [(1.0, True, True), (0.5, True, False), (1.0, False, False)])
def test_only_what_is_sure_and_binding_is_a_rule(chance: float, binding: bool, there: bool) -> None:
    """What only some visits use, and what is not binding, keeps no visit from being planned."""
    uses = (SupplyUse(visit_type="talk", item="film", amount=1, chance=chance),)
    made = office({"binding": binding}, [{"amount": 0}], supply_uses=uses)
    names = [coupling.name for coupling in schedopt.assemble(made, FIRST).couplings]
    assert ("supply_left" in names) == there


def test_amounts_are_added_up_exactly() -> None:
    """Ten times a tenth is one: amounts with fractions are no more than what there is."""
    uses = (
        SupplyUse(visit_type="talk", item="film", amount=0.1),
        SupplyUse(visit_type="scan", item="film", amount=0.25),
    )
    limit = _limit(office({"binding": True}, [{"amount": 1}], supply_uses=uses))
    assert limit.takes_of[:, 0].tolist() == [2, 5]
    assert limit.amount.tolist() == [20]
