"""Bookings, holds whose time is over, and plans that others have overtaken."""

from __future__ import annotations

import datetime as dt

import pytest

from benchmarks.race import DAY, with_pool
from schedopt.answers.desk import book
from schedopt.errors import SlotTaken, StoreError
from schedopt.models.problem.plan import Plan
from schedopt.registry import Store
from schedopt.registry import desk as desks
from schedopt.store.schema import holdings
from tests.stores import START

AT, HOUR = dt.datetime.combine(DAY, dt.time(9)), dt.timedelta(hours=1)
MONDAY = dt.date(2026, 11, 30)


def planned(store: Store, *visits: tuple[str, str, dt.datetime]) -> Plan:
    """A plan of the bookings as they are, with some visits more."""
    plan = desks.sound(store.plan(MONDAY, START))
    for request, provider, start in visits:
        plan = book(plan, request, provider, start, now=START)
    return plan


def later(store: Store, **how: float) -> None:
    """Have time go by."""
    store.session.clock.now += dt.timedelta(**how)  # type: ignore[attr-defined]


def test_a_hold_is_in_nobodys_way_when_its_time_is_over(store: Store, desk: Store) -> None:
    """By all rules, too, others get its slot, and its own request another one; planning does not know it any more."""
    desk.hold("R0", "DR1", AT, 1, rules=False)
    assert store.office(MONDAY).appointments
    later(store, minutes=30)
    assert not store.office(MONDAY).appointments
    assert desk.book("R1", "DR1", AT, now=START).provider == "DR1"
    desk.hold("R8", "DR2", AT, 1, rules=False)
    later(store, minutes=30)
    assert desk.book("R8", "DR2", AT + HOUR, rules=False).start == "10:00"
    assert sorted(desk.bookings(DAY, DAY)["status"]) == ["booked", "booked", "cancelled", "cancelled"]


def test_moving_asks_every_rule_and_moves(desk: Store) -> None:
    """A booking moves to a slot that is free by all rules, and gives up its own; the same key moves once."""
    made = desk.book("R0", "DR1", AT, key="a", now=START)
    moved = desk.move(made.booking, "DR1", AT + HOUR, key="b", now=START)
    assert (moved.booking, moved.start) == (made.booking, "10:00")
    desk.cancel(made.booking, again=True)
    assert desk.move(made.booking, "DR1", AT + HOUR, key="b", now=START) == moved
    assert desk.book("R0", "DR1", AT, key="a", now=START) == made
    assert list(desk.bookings(DAY, DAY)["status"]) == ["cancelled"]


def test_a_visit_that_has_taken_place_is_in_no_ones_way(store: Store, desk: Store) -> None:
    """A week in which a visit was fulfilled is planned on, and booked into by all rules."""
    made = desk.book("R0", "DR1", AT, rules=False)
    desk.arrive(made.booking)
    desk.fulfil(made.booking)
    assert len(planned(store).schedule) == 0
    assert desk.book("R1", "DR2", AT, now=START).start == "09:00"
    with pytest.raises(SlotTaken):
        desk.book("R2", "DR1", AT, now=START)


def test_a_plan_does_not_take_slots_given_meanwhile(store: Store, desk: Store) -> None:
    """Nothing of a plan is published that would overlap what was booked since it was made."""
    plan = planned(store, ("R0", "DR1", AT), ("R2", "DR2", AT))
    desk.book("R1", "DR1", AT, rules=False)
    with pytest.raises(StoreError, match="R1"):
        store.publish(plan, DAY)
    assert list(desk.bookings(DAY, DAY)["request"]) == ["R1"]


@pytest.mark.parametrize("how", ["moved", "cancelled", "fulfilled", "booked elsewhere"])
def test_a_plan_does_not_take_back_what_was_changed_meanwhile(how: str, store: Store, desk: Store) -> None:
    """Bookings that a plan knows, and that were changed since, stay as they are: one has to plan again."""
    made = desk.book("R0", "DR1", AT, rules=False)
    plan = planned(store, ("R1", "DR2", AT))
    if how == "moved":
        desk.move(made.booking, "DR1", AT + HOUR, rules=False)
    elif how == "cancelled":
        desk.cancel(made.booking, again=True)
    elif how == "fulfilled":
        desk.arrive(made.booking)
        desk.fulfil(made.booking)
    else:
        desk.book("R1", "DR3", AT, rules=False)
    before = desk.bookings(DAY, DAY)
    with pytest.raises(StoreError, match="since this was planned"):
        store.publish(plan, DAY)
    assert desk.bookings(DAY, DAY).equals(before)


def test_a_plan_is_published_over_bookings_it_does_not_touch(store: Store, desk: Store) -> None:
    """Statuses that were reached meanwhile stay."""
    here = desk.book("R0", "DR1", AT, rules=False)
    plan = planned(store, ("R1", "DR2", AT))
    desk.arrive(here.booking)
    store.publish(plan, DAY)
    found = desk.bookings(DAY, DAY)
    assert dict(zip(found["request"], found["status"], strict=True)) == {
        "R0": "arrived",
        "R1": "booked",
    }


def test_what_was_open_then_is_open_as_of_then(store: Store, desk: Store) -> None:
    """A request that planning is done with is in the office as it was known before."""
    made = desk.book("R0", "DR1", AT, rules=False)
    desk.arrive(made.booking)
    moment = store.session.clock()
    desk.fulfil(made.booking)
    assert "R0" in {row.request for row in store.at(moment).office(MONDAY).requests}
    assert "R0" not in {row.request for row in store.office(MONDAY).requests}


def test_what_is_cancelled_is_not_booked(store: Store, desk: Store) -> None:
    """A request that the patient has cancelled is booked again only where the cancellation is ended."""
    made = desk.book("R0", "DR1", AT, rules=False)
    desk.cancel(made.booking, "moved away")
    with pytest.raises(StoreError, match="is cancelled"):
        desk.book("R0", "DR1", AT, rules=False)
    desk.end("cancellations", "R0")
    assert desk.book("R0", "DR1", AT, rules=False).status == "booked"


def test_the_database_itself_refuses_two_in_one_slot(store: Store, desk: Store) -> None:
    """A row that overlaps another's provider is refused whoever writes it, and so is a pool's last unit."""
    made = desk.book("R0", "DR1", AT, rules=False)
    with store.session.engine.connect() as connection:
        row = connection.execute(holdings.select().where(holdings.c.kind == "provider")).mappings().one()
        for change in ({}, {"starts": row["starts"] - 1}, {"starts": row["ends"] - 1, "ends": row["ends"] + 9}):
            with pytest.raises(Exception, match="holdings_apart"), connection.begin_nested():
                connection.execute(holdings.insert(), {**row, "booking": "other", "shares": "other", **change})
        connection.rollback()
    desk.cancel(made.booking, again=True)
    desk.session.do("book", lambda call: desks.book(call, with_pool("R0", "DR1", AT, "room")))
    with pytest.raises(SlotTaken, match="room"):
        desk.session.do("book", lambda call: desks.book(call, with_pool("R1", "DR2", AT, "room")))
