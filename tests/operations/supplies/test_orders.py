"""The order list: whole packs, minimum orders, order days, expiry, reasons; and visits that lack something."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.operations.supplies.demand import Demand, no_past
from schedopt.operations.supplies.forecast import Forecast
from schedopt.operations.supplies.held import NEVER, Coming, Held, Lot, Place, held_at
from schedopt.operations.supplies.missing import missing_visits
from schedopt.operations.supplies.ordering import decide, levels, project, review_of, service
from schedopt.operations.supplies.orders import lasts_between, order_supplies
from schedopt.operations.supplies.policies import Case, fill_rate, poisson_demand
from schedopt.operations.supplies.tables import SupplyItem
from tests.effort import examples
from tests.operations.supplies.offices import DAY, office, past, visits
from tests.smallest import FIRST


def _steady(a_day: float, days: int = 91, spread: float = 1.0) -> Forecast:
    mean = np.full(days, a_day)
    return Forecast(FIRST, mean, spread * mean, 0 * mean)


def _held(amount: float, *orders: tuple[float, int], expires: dt.date = NEVER) -> Held:
    coming = tuple(Coming(units, FIRST + day * DAY) for units, day in orders)
    return Held((Lot(amount, expires),) if amount else (), coming, 0.0, 0.0)


items = st.builds(
    SupplyItem, item=st.just("film"), pack=st.sampled_from((1, 5, 12.5)), minimum_order=st.sampled_from((0, 20)),
    price=st.sampled_from((2, 50)), order_cost=st.sampled_from((0, 8, 30)), lead_days=st.integers(0, 6),
    review_days=st.sampled_from((None, 7)), shelf_days=st.sampled_from((None, 20, 200)),
    fill_rate=st.sampled_from((0.9, 0.98)),
)  # fmt: skip


@settings(max_examples=examples(20))
@given(items, st.sampled_from((0.3, 2, 9)), st.integers(0, 60))
def test_orders_are_whole_packs_and_enough(item: SupplyItem, a_day: float, amount: int) -> None:
    """An order is of whole packs and no smaller than the least; after it there is more than s, unless it would expire;
    and nothing is ordered where there is enough for the target.
    """
    found = decide(item, _held(amount), _steady(a_day))
    assert found.amount == pytest.approx(found.packs * item.pack)
    span = item.lead_days + (item.review_days or 1)
    if found.amount:
        assert found.amount >= item.minimum_order
        assert found.position <= found.order_at + 1e-6
        if found.cap is None:
            assert found.position + found.amount > found.order_at - 1e-6
            most = max(found.order_up_to, found.order_at + item.pack, found.position + item.minimum_order + item.pack)
            assert found.position + found.amount <= most + 1e-6
        elif found.packs * item.pack > max(item.pack, item.minimum_order) + item.pack:
            assert found.amount <= item.shelf_days * a_day + item.pack
    else:
        assert amount > 0.5 * a_day * span or (found.cap is not None and found.cap < item.pack)


@settings(max_examples=examples(12))
@given(st.sampled_from((1.0, 4.0)), st.sampled_from((0.9, 0.97)), st.integers(0, 5), st.sampled_from((None, 7)))
def test_levels_reach_the_target(a_day: float, target: float, lead: int, review: int | None) -> None:
    """In the long run of the demand that is forecast, the levels reach the fill rate that is asked for."""
    item = SupplyItem(item="film", fill_rate=target, lead_days=lead, review_days=review, price=20, order_cost=5)
    at, up_to = levels(item, _steady(a_day), lead + (review or 1))
    case = Case(poisson_demand(a_day), 5, 1, 1, lead, review or 1)
    assert fill_rate(case, int(np.ceil(at - 1e-9)), int(np.ceil(up_to - 1e-9))) >= target - 1e-6


@pytest.mark.parametrize(("lead", "review", "apart"), [(0, 1, 3), (2, 3, 8)])
def test_all_levels_at_once(lead: int, review: int, apart: int) -> None:
    """What is worked out for all levels at once is what it is for each."""
    case = Case(poisson_demand(1.5), 5, 1, 9, lead, review)
    found = service(case, apart)
    for at in (found.first, 0, 3, 9):
        assert found.fill[at - found.first] == pytest.approx(fill_rate(case, at, at + apart))


@pytest.mark.parametrize(("pack", "amount", "minimum"), [(40, 0, 0), (7, 3, 0), (1, 0, 200), (40, 9, 90)])
def test_packs_bring_stock_above_the_level(pack: float, amount: int, minimum: float) -> None:
    """After an order there is more than s, also where S lies within a pack of it; fewer packs would not do."""
    item = SupplyItem(item="film", pack=pack, minimum_order=minimum, price=80, lead_days=4, fill_rate=0.98)
    found = decide(item, _held(amount), _steady(5.0))
    least = max(minimum, found.order_at - amount)
    assert least <= found.amount
    assert found.amount <= max(least, found.order_up_to - amount) + pack


def test_what_is_there_when_an_order_comes_is_not_ordered_again() -> None:
    """What keeps for ten days is used for ten days, less what is left and what has come by then."""
    item = SupplyItem(item="film", pack=60, price=60, lead_days=4, shelf_days=10, fill_rate=0.98)
    for there, coming, wanted in ((0, 0, 40), (18, 0, 38), (10, 10, 30)):
        held = _held(there, (coming, 5)) if coming else _held(there)
        found = decide(item, held, _steady(4.0))
        assert found.cap == pytest.approx(wanted)
        assert found.packs == 1


def test_dear_shortages_ask_for_more() -> None:
    """The dearer a missing unit, the higher the level at which an order is made."""
    found = [
        levels(SupplyItem(item="film", shortage_cost=cost, price=10, order_cost=5, lead_days=3), _steady(4.0), 4)[0]
        for cost in (1, 20, 400)
    ]
    assert found[0] <= found[1] < found[2]


def test_orders_are_made_on_order_days() -> None:
    """With an order day a week, the list names it, and orders on it alone."""
    item = {"lead_days": 2, "review_days": 7, "review_from": FIRST + 2 * DAY, "price": 5, "order_cost": 3}
    there = office(item, [{"amount": 12}])
    for number in range(7):
        (row,) = order_supplies(there, FIRST + number * DAY, past=past(20, 4)).orders.to_dict("records")
        assert (row["order"] > 0) == (number == 2)
        assert row["order_on"] == review_of(SupplyItem(item="x", **item), FIRST + number * DAY)
        assert row["comes_on"] == row["order_on"] + 2 * DAY


def test_nothing_is_ordered_that_would_expire() -> None:
    """What is ordered is no more than is used before it expires, and the reason says so."""
    item = {"lead_days": 1, "shelf_days": 7, "price": 1, "order_cost": 500}
    (row,) = order_supplies(office(item, []), FIRST, past=past(20, 4)).orders.to_dict("records")
    assert 0 < row["order"] <= 7 * 4


def test_what_expires_is_not_counted_on() -> None:
    """A lot that expires before it can be used up does not keep an order from being made."""
    item = {"lead_days": 5, "price": 5, "order_cost": 3}
    fresh, old = ({"amount": 60, "expires": FIRST + days * DAY} for days in (300, 1))
    orders = [order_supplies(office(item, [lot]), FIRST, past=past(20, 4)).orders for lot in (fresh, old)]
    assert [frame["order"].iloc[0] > 0 for frame in orders] == [False, True]
    assert orders[1]["expires"].iloc[0] == pytest.approx(60 - 2 * 4, abs=0.5)


@settings(max_examples=examples(16))
@given(st.integers(0, 30), st.integers(1, 6), st.integers(0, 20), st.integers(0, 12))
def test_cover_of_what_is_known(amount: int, a_day: int, more: int, day: int) -> None:
    """Where use is certain, the days of cover are those of taking it off day by day."""
    use = Forecast(FIRST, np.full(60, float(a_day)), np.zeros(60), np.zeros(60))
    held = _held(amount, (more, day)) if more else _held(amount)
    left, last = float(amount), None
    for number in range(60):
        left += more if more and number == day else 0
        left -= a_day
        if left < 0:
            last = number
            break
    assert (last is None) == (project(held, use, 60).missing == 0)
    low, high = lasts_between(held, use)
    wanted = None if last is None else FIRST + (last - 1) * DAY
    assert (low, high) == (wanted, wanted)


def test_reasons_are_sentences() -> None:
    """Each reason says what to do, what is left and how long that lasts."""
    item = {"pack": 10, "lead_days": 3, "price": 5, "order_cost": 3}
    for amount, start in ((2, "Order "), (500, "No order")):
        (reason,) = order_supplies(office(item, [{"amount": amount}]), FIRST, past=past(20, 4)).orders["reason"]
        assert reason.startswith(start)
        assert reason.endswith(".")
        assert f"{amount} sheets left" in reason
    assert re.search(r"Order \d+ packs \(\d+ sheets\): .* used until then", order_supplies(
        office(item, [{"amount": 2}]), FIRST, past=past(20, 4)
    ).orders["reason"].iloc[0])  # fmt: skip


@settings(max_examples=examples(16))
@given(
    st.lists(st.integers(0, 6), max_size=9), st.integers(0, 8), st.integers(0, 5), st.integers(0, 6), st.integers(0, 7)
)
def test_visits_that_lack_something(days: list[int], amount: int, more: int, due: int, expires: int) -> None:
    """They are those that find nothing when all before them, in order, have taken the soonest to expire."""
    lots = [{"amount": amount, "expires": FIRST + expires * DAY, "lot": "L1"}, {"amount": 1, "lot": "L2"}]
    orders = [{"amount": more, "due": FIRST + due * DAY}] if more else []
    there = office({}, lots, orders)
    days.sort()
    planned = visits(*days)
    held = {("film", None): held_at(there, Place(there.rows(SupplyItem)[0], None), FIRST)}
    found = missing_visits(there, planned, held, FIRST)
    old, other, lacking, came = amount, 1, [], False
    for number, day in enumerate(days, 1):
        if more and day >= due and not came:
            other, came = other + more, True  # nothing of it expires
        if old and day <= expires:
            old -= 1
        elif other:
            other -= 1
        else:
            lacking.append(f"R{number}")
    assert found["request"].tolist() == lacking
    assert all(detail.startswith("the office has no more film ") for detail in found["detail"])
    late = FIRST + due * DAY
    assert [one for one in found["delivery"] if one is not None] == [
        late for one in found["date"] if more and one < late
    ]


def test_use_since_the_last_count() -> None:
    """Appointments between the last count and the day have used what their types use; others have not."""
    asked = tuple(tables.Request(request=f"R{n}", patient="N1", visit_type="talk") for n in range(1, 5))
    dates = (FIRST - 3 * DAY, FIRST - 2 * DAY, FIRST - DAY, FIRST)
    booked = tuple(
        tables.Appointment(request=f"R{n}", provider="DR1", date=date, start="08:00", mark="fixed")
        for n, date in enumerate(dates, 1)
    )
    there = office({}, [{"amount": 10, "counted": FIRST - 3 * DAY}], requests=asked, appointments=booked)
    place = Place(there.rows(SupplyItem)[0], None)
    assert held_at(there, place, FIRST).amount == 8
    assert held_at(there, place, FIRST - 2 * DAY).amount == 10
    assert (
        held_at(there.model_copy(update={"cancellations": (tables.Cancellation(request="R3"),)}), place, FIRST).amount
        == 9
    )


def test_planned_visits_and_walk_ins_add_up() -> None:
    """On days that are planned, use is what is planned, as far as patients come, and who walks in."""
    there = office({}, [])
    planned, covered = visits(0, 0, 1), frozenset({FIRST, FIRST + DAY})
    demand = Demand(there, FIRST, 5, no_past(), planned, covered)
    place = Place(there.rows(SupplyItem)[0], None)
    came = demand.comes["talk"]
    assert demand.of(place).mean[:2] == pytest.approx([2 * came, came])
    walked = Demand(there, FIRST, 5, past(20, 3, walk_in=True), planned, covered).of(place)
    assert walked.mean[:2] == pytest.approx([2 * came + 3, came + 3], rel=0.02)
    assert walked.mean[2] == pytest.approx(3, rel=0.02)
