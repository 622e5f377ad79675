"""A plan that is published to a store is what its bookings say, and what planning finds there."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.result import plan_around
from schedopt.errors import NoSuchChange, SlotTaken, StoreError
from schedopt.office import assemble, publish_schedule
from schedopt.registry import Store
from schedopt.registry.desk import Overbooking
from schedopt.store.schema import bookings, entries
from tests.effort import examples
from tests.offices import Case, Size, cases
from tests.registry.test_bookings import DAY, office
from tests.registry.test_round_trip import named
from tests.schedules import sound
from tests.stores import Clock, new_store

SMALL = Size(requests=6, providers=2, days=3, grids=(15,), longest=90)
NINE = dt.datetime.combine(DAY, dt.time(9))
VISIT = ["request", "provider", "site", "date", "arrive", "start", "steps", "others"]


@given(case=cases(SMALL), data=st.data())
@settings(max_examples=examples(14))
def test_what_is_published_stands_there(case: Case, data: st.DataObject) -> None:
    """Appointments are those of publishing to a folder, visits those of the plan, and once more changes nothing."""
    with new_store() as store:
        store.import_office(named(case.office))
        told = store.office(case.first)
        problem = assemble(told, case.first)
        plan = plan_around(problem, data.draw(sound(problem)), {})
        through = case.first + dt.timedelta(days=data.draw(st.integers(0, told.settings.days)))
        draft = data.draw(st.booleans())
        store.publish(plan, through, draft=draft)
        wanted = publish_schedule(told, problem, plan.assignment, through, draft=draft).appointments
        after = store.office(case.first)
        assert sorted(after.appointments or (), key=str) == sorted(wanted or (), key=str)
        stands = {row.request for row in wanted or ()}
        kept = plan.schedule[plan.schedule["request"].isin(stands)]
        live = store.plan(case.first).schedule
        assert live[live["request"].isin(kept["request"])][VISIT].values.tolist() == kept[VISIT].values.tolist()
        assert set(live["request"]) <= stands
        assert store.publish(plan, through, draft=draft).empty
        if set(live["request"]) == set(kept["request"]):  # no promise stands that the plan could not keep
            with store.session.engine.connect() as connection:
                over = sa.select(bookings.c.request).where(bookings.c.until.is_(None), bookings.c.over == 1)
                assert not set(connection.scalars(over)) & set(kept["request"])
        assert store.check().empty
        assert store.verify() == []


def published(store: Store) -> schedopt.Plan:
    """A store with a planned and published day."""
    store.import_office(office())
    problem = store.problem(DAY)
    plan = schedopt.plan(problem, time_limit=2, workers=1, progress=False)
    store.publish(plan, DAY)
    return plan


def test_the_desk_asks_every_rule() -> None:
    """A free slot that is recommended is booked with all that the visit holds; one that breaks a rule is refused."""
    with new_store() as store:
        published(store)
        store.add("requests", {"request": "X", "patient": "N0", "visit_type": "short"})
        slots = schedopt.recommend(store.plan(DAY), "X").slots
        first = slots.iloc[0]
        with pytest.raises(SlotTaken) as caught:
            store.book("X", "DR1", dt.datetime.combine(DAY, dt.time(23)))
        others = caught.value.slots
        assert others[["provider", "start"]].values.tolist() == slots[["provider", "start"]].values.tolist()
        start = dt.datetime.fromisoformat(f"{first.date}T{first.start}")
        made = store.book("X", first.provider, start)
        assert (made.status, made.provider, made.start) == ("booked", first.provider, first.start)
        assert "X" in set(store.plan(DAY).schedule["request"])
        with pytest.raises(StoreError, match="has a booking already"):
            store.book("X", first.provider, start, rules=False)
        assert store.check().empty


def test_who_loses_a_slot_is_told_of_others() -> None:
    """The slots that the loser is told of are free."""
    with new_store() as store:
        store.import_office(office())
        store.book("R0", "DR1", NINE)
        with pytest.raises(SlotTaken, match="provider DR1 is taken") as caught:
            store.book("R3", "DR1", NINE, rules=False)
        slot = caught.value.slots.iloc[0]
        start = dt.datetime.fromisoformat(f"{slot.date}T{slot.start}")
        assert store.book("R3", slot.provider, start).status == "booked"


def test_a_call_that_is_repeated_books_once() -> None:
    """The same idempotency key gives the same answer; for something else it is refused."""
    with new_store() as store:
        store.import_office(office())
        first = store.book("R0", "DR1", NINE, rules=False, key="k1")
        assert store.book("R0", "DR1", NINE, rules=False, key="k1") == first
        with pytest.raises(StoreError, match="idempotency key"):
            store.book("R1", "DR1", NINE, rules=False, key="k1")
        assert len(store.bookings(DAY, DAY)) == 1


def test_an_overbooking_has_a_reason_a_number_and_an_entry() -> None:
    """It overlaps what is there, up to the number said; the reason stands in the trail."""
    with new_store() as store:
        store.import_office(office())
        store.book("R0", "DR1", NINE, rules=False)
        with pytest.raises(StoreError, match="reason"):
            store.book("R1", "DR1", NINE, over=Overbooking(" "))
        store.book("R1", "DR1", NINE, over=Overbooking("in pain"))
        with pytest.raises(SlotTaken, match="overbooked 1 times"):
            store.book("R3", "DR1", NINE, over=Overbooking("in pain too"))
        assert "in pain" in set(store.audit_report()["reason"])
        assert store.check().empty


def test_a_slot_that_is_held_is_free_again_when_its_time_is_over() -> None:
    """Until then others do not get it; afterwards the first who asks does."""
    clock = Clock()
    with new_store(clock=clock) as store:
        store.import_office(office())
        held = store.hold("R0", "DR1", NINE, 10, rules=False)
        with pytest.raises(SlotTaken):
            store.book("R3", "DR1", NINE, rules=False)
        clock.now += dt.timedelta(minutes=11)
        store.book("R3", "DR1", NINE, rules=False)
        found = store.bookings(DAY, DAY).set_index("booking")["status"]
        assert found[held.booking] == "cancelled"


def test_a_visit_that_took_place_is_planned_no_more() -> None:
    """Requests that are fulfilled or cancelled, and patients without others, are not loaded; all are exported."""
    with new_store() as store:
        store.import_office(office())
        made = store.book("R0", "DR1", NINE, rules=False)
        for step in (store.arrive, store.check_in, store.fulfil):
            step(made.booking)
        store.cancel(store.book("R1", "DR2", NINE, rules=False).booking)
        told = store.office(DAY)
        assert {row.request for row in told.requests} == {f"R{n}" for n in range(2, 8)}
        whole = store.whole_office()
        assert len(whole.requests) == 8
        assert {row.request for row in whole.appointments or ()} == {"R0"}
        assert {row.request for row in whole.cancellations or ()} == {"R1"}
        store.no_show(store.book("R2", "DR1", NINE + dt.timedelta(hours=1), rules=False).booking)
        assert "R2" in {row.request for row in store.office(DAY).requests}
        with store.session.engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.max(entries.c.number))) > 0


def test_the_waiting_list_and_proposals_lead_to_bookings() -> None:
    """Who waits holds nothing and is one booking throughout; what is proposed holds until it is confirmed."""
    with new_store() as store:
        store.import_office(office())
        waits = store.wait("R0")
        with pytest.raises(NoSuchChange, match="waiting list"):
            store.confirm(waits.booking)
        assert store.office(DAY).appointments is None
        made = store.book("R0", "DR1", NINE, rules=False)
        assert (made.booking, made.status) == (waits.booking, "booked")
        proposed = store.propose("R1", "DR2", NINE, rules=False)
        with pytest.raises(SlotTaken):
            store.book("R2", "DR2", NINE, rules=False)
        assert store.confirm(proposed.booking).status == "booked"
        assert store.move(store.wait("R2").booking, "DR2", NINE + dt.timedelta(hours=1), rules=False).status == "booked"
        assert store.check().empty


def test_a_plan_that_is_behind_is_not_published() -> None:
    """What the desk has booked, moved or cancelled since the plan's office was loaded is not undone by publishing."""
    with new_store() as store:
        plan = published(store)
        first, second = store.bookings(DAY, DAY)["booking"].iloc[:2]
        store.cancel(first)
        with pytest.raises(StoreError, match="since this was planned"):
            store.publish(plan, DAY)
        again = schedopt.admit(plan, store.problem(DAY))
        store.publish(again, DAY)
        store.add("requests", {"request": "X", "patient": "N0", "visit_type": "short"})
        row = store.bookings(DAY, DAY).set_index("booking").loc[second]
        store.cancel(second, again=True)
        store.book("X", row["provider"], dt.datetime.fromisoformat(f"{row['date']}T{row['start']}"), rules=False)
        with pytest.raises(StoreError):
            store.publish(again, DAY)
        assert store.check().empty
