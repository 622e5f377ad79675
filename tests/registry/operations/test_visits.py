"""What a store says became of its bookings, against what was done to each."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.errors import AccessDenied, NoSuchChange
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.office.read import fingerprint
from schedopt.operations.measures.events import COLUMNS
from schedopt.registry import Store
from tests.effort import examples
from tests.stores import new_store

FIRST = dt.date(2026, 11, 2)
ZONE = ZoneInfo("America/Denver")
REQUESTS = 5
ACTIONS = ("move", "stay", "cancel", "arrive", "check_in", "fulfil", "no_show", "again")


class Hand:
    """A clock that stands where it is put."""

    now = dt.datetime(2026, 10, 30, 4, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        """The moment."""
        return self.now


def office() -> Office:
    """Two providers who work around the clock, and some requests of a patient each."""
    made = Office(
        settings=Settings(time_zone=ZONE.key),
        providers=tuple(tables.Provider(provider=name) for name in ("DR1", "DR2")),
        visit_types=(tables.VisitType(visit_type="short", minutes=20), tables.VisitType(visit_type="long", minutes=45)),
        patients=tuple(tables.Patient(patient=f"N{n}", name=f"Name {n}") for n in range(REQUESTS)),
        requests=tuple(
            tables.Request(
                request=f"R{n}", patient=f"N{n}", visit_type=("short", "long")[n % 2], new=n == 1,
                ready=FIRST if n == 2 else None, due=FIRST + dt.timedelta(7) if n == 2 else None,
                urgency=3 if n == 2 else None,
            )
            for n in range(REQUESTS)
        ),
        shifts=tuple(
            tables.Shift(provider=name, site="MAIN", weekday=day, start="00:00", end="24:00")
            for name in ("DR1", "DR2")
            for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        ),
    )  # fmt: skip
    return made.model_copy(update={"fingerprint": fingerprint(made)})


def slot(request: int, number: int) -> tuple[str, dt.datetime]:
    """A place that no other request takes."""
    day = dt.datetime.combine(FIRST, dt.time()) + dt.timedelta(days=number % 12, hours=3 * request + number % 3)
    return ("DR1", "DR2")[number % 2], day


Steps = list[tuple[int, str, int, int]]
STEPS = st.lists(
    st.tuples(st.integers(0, REQUESTS - 1), st.sampled_from(ACTIONS), st.integers(0, 11), st.integers(1, 900)),
    max_size=24,
)


def book(store: Store, hand: Hand, request: int, number: int) -> dict[str, Any]:
    """Book a request, and note what was done."""
    provider, start = slot(request, number)
    made = store.book(f"R{request}", provider, start, rules=False)
    return {
        "booking": made.booking, "request": request, "status": "booked", "slot": (provider, start),
        "first_date": start.date(), "booked_at": hand.now, "placed_at": hand.now, "moves": 0,
    }  # fmt: skip


def act(store: Store, hand: Hand, row: dict[str, Any], action: str, number: int) -> None:
    """Do something to a booking, and note it where the store does it."""
    if action in ("move", "stay"):
        where = slot(row["request"], number) if action == "move" else row["slot"]
        store.move(row["booking"], *where, rules=False)
        row["moves"] += where != row["slot"]
        row["placed_at"] = row["placed_at"] if where == row["slot"] else hand.now
        row["slot"] = where
        return
    made = store.cancel(row["booking"], again=True) if action == "cancel" else getattr(store, action)(row["booking"])
    row["status"] = made.status
    row[row["status"]] = hand.now
    for old, new in (("arrived", "no-show"), ("no-show", "arrived")):
        if row["status"] == new:
            row.pop(old, None)


@given(steps=STEPS)
@settings(max_examples=examples(5))
def test_events_are_what_was_done(steps: Steps) -> None:
    """Every booking is there once, with each moment at which something became of it; and so it was known before."""
    hand = Hand()
    with new_store(clock=hand) as store:  # type: ignore[arg-type]
        store.import_office(office())
        rows = [book(store, hand, request, request) for request in range(REQUESTS)]
        before, known = hand.now, events(store, FIRST)
        for request, action, number, minutes in steps:
            hand.now += dt.timedelta(minutes=minutes)
            try:
                if action == "again":
                    row = next(row for row in reversed(rows) if row["request"] == request)
                    if row["status"] in ("no-show", "cancelled"):
                        rows.append(book(store, hand, request, number))
                else:
                    act(store, hand, next(r for r in reversed(rows) if r["request"] == request), action, number)
            except NoSuchChange:
                pass
        found = events(store, FIRST)
        assert {name: str(kind) for name, kind in found.dtypes.items()} == dict(COLUMNS)
        assert dict(zip(found["booking"], found.to_dict("records"), strict=True)).keys() == {r["booking"] for r in rows}
        for row in rows:
            expect(found[found["booking"] == row["booking"]].iloc[0], row)
        half = store.visit_events(FIRST, FIRST + dt.timedelta(days=3))
        pd.testing.assert_frame_equal(
            half, found[found["date"] <= pd.Timestamp(FIRST + dt.timedelta(days=3))].reset_index(drop=True)
        )
        pd.testing.assert_frame_equal(events(store.at(before), FIRST), known)


def events(store: Store, first: dt.date) -> pd.DataFrame:
    """All of them."""
    return store.visit_events(first, first + dt.timedelta(days=20))


def expect(found: pd.Series, row: dict[str, Any]) -> None:
    """A row of the frame says what was done."""
    provider, start = row["slot"]
    request = row["request"]
    minutes = (20, 45)[request % 2]
    assert (found["request"], found["patient"]) == (f"R{request}", f"N{request}")
    assert (found["provider"], found["site"], found["status"]) == (provider, "MAIN", row["status"])
    assert (found["date"].date(), found["start"], found["minutes"]) == (start.date(), f"{start:%H:%M}", minutes)
    assert found["starts_at"] == start.replace(tzinfo=ZONE)
    assert (found["visit_type"], bool(found["new"])) == (("short", "long")[request % 2], request == 1)
    assert (found["booked_at"], found["booked_on"].date()) == (
        row["booked_at"], row["booked_at"].astimezone(ZONE).date()
    )  # fmt: skip
    assert (found["first_date"].date(), found["moves"]) == (row["first_date"], row["moves"])
    assert found["placed_at"] == row["placed_at"]
    for column in ("arrived", "checked-in", "fulfilled", "no-show", "cancelled"):
        moment = found[column.replace("-", "_") + "_at"]
        assert pd.isna(moment) if column not in row else moment == row[column]
    told = request == 2
    assert found[["ready", "due", "urgency"]].notna().tolist() == [told] * 3


def test_what_waits_and_what_is_held_has_no_day_of_booking() -> None:
    """Who waits has no place, and what is held was not booked."""
    with new_store(clock=Hand()) as store:  # type: ignore[arg-type]
        store.import_office(office())
        store.wait("R0")
        store.hold("R1", *slot(1, 1), rules=False)
        store.set_actor("otto", ["billing"])
        found = store.visit_events(FIRST - dt.timedelta(days=9), FIRST + dt.timedelta(days=20)).set_index("request")
        assert found["status"].to_dict() == {"R0": "waitlist", "R1": "pending"}
        assert (found["start"]["R0"], pd.isna(found["starts_at"]["R0"])) == ("", True)
        assert found["booked_at"].isna().all()
        assert found["first_date"].isna().all()
        assert store.visit_events(FIRST + dt.timedelta(days=90), FIRST + dt.timedelta(days=91)).empty
        with pytest.raises(AccessDenied):
            store.by("otto", "operations").visit_events(FIRST, FIRST)
