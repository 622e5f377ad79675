"""Supplies of a store: what comes, is counted, used, thrown away and ordered, and what of it stays known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from schedopt.errors import AccessDenied, InputError
from schedopt.models import tables
from schedopt.operations.supplies.held import Place, held_at
from schedopt.operations.supplies.orders import order_supplies
from schedopt.operations.supplies.tables import SupplyItem
from schedopt.registry import Store
from schedopt.registry.operations.supplies import Counted
from schedopt.store import facts
from schedopt.store.engine import snapshot
from tests.operations.supplies.offices import DAY, office, past
from tests.smallest import FIRST
from tests.stores import new_store

ITEM = {"pack": 5, "price": 10, "order_cost": 4, "lead_days": 2, "fill_rate": 0.95}


class Hand:
    """A clock that stands where it is put."""

    now = dt.datetime.combine(FIRST - DAY, dt.time(6), dt.UTC)

    def __call__(self) -> dt.datetime:
        """The moment."""
        self.now += dt.timedelta(seconds=1)
        return self.now


@pytest.fixture(scope="module")
def store() -> Iterator[tuple[Store, Hand]]:
    """Ten films counted the evening before, five ordered, and four talks booked on two days."""
    hand = Hand()
    asked = tuple(tables.Request(request=f"R{n}", patient="N1", visit_type="talk") for n in range(1, 5))
    patients = tuple(tables.Patient(patient=f"N{n}", name=f"Name {n}") for n in (1, 2))
    made = office(
        ITEM, [{"amount": 10, "lot": "L1", "counted": FIRST - DAY}],
        [{"amount": 5, "due": FIRST + DAY}, {"amount": 7, "due": FIRST + 9 * DAY}],
        requests=asked, patients=patients,
    )  # fmt: skip
    with new_store(clock=hand) as there:  # type: ignore[arg-type]
        there.import_office(made)
        for number in range(4):
            day = FIRST + (number // 2) * DAY
            start = dt.datetime.combine(day, dt.time(8, 15 * (number % 2)))
            there.book(f"R{number + 1}", "DR1", start, rules=False)
        yield there, hand


def _amount(store: Store, day: dt.date) -> float:
    there = store.office_of_supplies(store.office(day), day)
    return held_at(there, Place(SupplyItem(item="film", **ITEM), None), day).amount


def a_stock_as_it_goes_on(store: tuple[Store, Hand]) -> None:
    """What came, was used, counted, thrown away and ordered is there, and each change has its row and its history."""
    there, hand = store
    assert _amount(there, FIRST) == 10
    hand.now += DAY  # the first day: one patient comes, one does not
    first, second = there.bookings(FIRST, FIRST).sort_values("request")["booking"].tolist()
    there.arrive(first)
    there.check_in(first)
    there.fulfil(first)
    there.no_show(second)
    hand.now += DAY
    assert _amount(there, FIRST + DAY) == 9
    assert there.use_supplies() == {"film": 1.0}
    assert there.use_supplies() == {}
    assert _amount(there, FIRST + DAY) == 9

    assert there.change_stock("received", Counted("film", 4, lot="L2", expires=FIRST + 300 * DAY)) == 13
    assert list(there.rows("supply_orders")["amount"].astype(float)) == [1, 7]  # one of five is still to come
    assert there.change_stock("received", Counted("film", 1, lot="L2")) == 14
    orders = there.rows("supply_orders")
    assert list(orders["received"].fillna("")) == [str(FIRST + DAY), ""]
    assert list(orders["amount"].astype(float)) == [1, 7]
    assert there.change_stock("discarded", Counted("film", 2, lot="L1", reason="broken seal")) == 12

    hand.now += DAY / 2  # the evening of the second day, on which two were booked
    assert there.change_stock("counted", Counted("film", 3, lot="L1", reason="shelf looked through")) == 6
    moves = there.rows("stock_moves")
    assert list(moves["kind"]) == ["used", "received", "received", "discarded", "used", "counted"]
    for before, after in zip(moves["before"].astype(float), moves["after"].astype(float), strict=True):
        assert min(before, after) >= 0
    used = float(moves["before"].iloc[4]) - float(moves["after"].iloc[4])
    assert used == 2  # of the lot that expires, before the one that does not
    assert len(there.history("stock", ("film", "", "L1"))) >= 4


def orders_that_are_made_are_coming(store: tuple[Store, Hand]) -> None:
    """Orders of a list that are made are there, with their day of delivery; the next list counts on them."""
    there, hand = store
    day = FIRST + 10 * DAY
    hand.now = dt.datetime.combine(day, dt.time(6), dt.UTC)
    made = there.office_of_supplies(there.office(day), day)
    empty = made.model_copy(update={"stock": (), "supply_orders": ()})
    seen = there.past_supply_uses(day)
    assert (len(seen), int(seen["came"].sum())) == (4, 3)
    listed = order_supplies(empty, day, past=past(20, 4, first=day))
    assert listed.orders["order"].iloc[0] > 0
    assert there.place_supply_orders(listed.orders, day) == 1
    orders = there.rows("supply_orders")
    assert str(day + 2 * DAY) in list(orders["due"])


def what_cannot_be_meant_is_refused(store: tuple[Store, Hand]) -> None:
    """Items, sites and lots that there are not, and who may not."""
    there, _ = store
    for said in (Counted("gel", 1), Counted("film", 1, site="MAIN"), Counted("film", 1, lot="L9")):
        with pytest.raises(InputError):
            there.change_stock("discarded", said)
    with pytest.raises(InputError, match="several"):
        there.change_stock("counted", Counted("film", 1))
    there.set_actor("bill", ["billing"])
    with pytest.raises(AccessDenied):
        there.by("bill", "payment").change_stock("received", Counted("film", 1))


def reasons_are_sealed(store: tuple[Store, Hand]) -> None:
    """What somebody gives as a reason stands in no open cell."""
    there, _ = store
    with snapshot(there.session.engine) as connection:
        found = list(facts.known(connection, "stock_moves"))
    assert found
    assert all("reason" not in fact.cells for fact in found)
    assert any(fact.sealed is not None for fact in found)
    assert there.check().empty
    assert there.verify() == []


def test_a_stock(store: tuple[Store, Hand]) -> None:
    """What these four say, one after the other, as each goes on from the one before."""
    a_stock_as_it_goes_on(store)
    orders_that_are_made_are_coming(store)
    what_cannot_be_meant_is_refused(store)
    reasons_are_sealed(store)
