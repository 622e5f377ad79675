"""What is true from a day on, whose key is destroyed, and what becomes of merges: corners of a store's rows."""

from __future__ import annotations

import datetime as dt

from benchmarks.race import DAY, office
from schedopt.registry import Store
from schedopt.store import facts

JANUARY, FEBRUARY = dt.date(2027, 1, 1), dt.date(2027, 2, 1)
AT = dt.datetime.combine(DAY, dt.time(9))


def spans(store: Store, kind: str, patient: str) -> list[tuple[str, str]]:
    """First and last days of what is known now of a patient's rows of a table."""
    with store.session.engine.begin() as connection:
        rows = facts.known(connection, kind, by="patient", values=[patient])
    return sorted((fact.valid_from, fact.valid_until) for fact in rows)


def test_two_changes_to_come_follow_each_other(store: Store, desk: Store) -> None:
    """What is changed from two days on is true on every day once, and with both changes in the end."""
    new = desk.register({"surname": "Byron", "phone": "9285550001"})
    desk.update(new.person, {"suburb": "Tuba City"}, valid_from=JANUARY)
    desk.update(new.person, {"phone": "9285550002"}, valid_from=FEBRUARY)
    assert spans(store, "people", new.patient) == [
        ("0001-01-01", "2026-12-31"), ("2027-01-01", "2027-01-31"), ("2027-02-01", "9999-12-31"),
    ]  # fmt: skip
    for phone in ("9285550001", "9285550002"):
        assert list(desk.find({"phone": phone})["person"]) == [new.person]
    store.session.clock.now += dt.timedelta(days=90)  # type: ignore[attr-defined]
    assert desk.person(new.person)["phone"] == "9285550002"
    assert desk.person(new.person)["suburb"] == "Tuba City"


def test_what_never_was_so_is_not_so_later(store: Store, desk: Store) -> None:
    """A change without a day holds after a change to come too."""
    new = desk.register({"surname": "Byron"})
    desk.update(new.person, {"suburb": "Tuba City"}, valid_from=JANUARY)
    desk.update(new.person, {"birth_date": "1984-02-29"})
    store.session.clock.now += dt.timedelta(days=90)  # type: ignore[attr-defined]
    assert desk.person(new.person)["birth_date"] == "1984-02-29"
    assert desk.person(new.person)["suburb"] == "Tuba City"


def test_a_row_that_ends_ends_on_all_days(store: Store, desk: Store) -> None:
    """Without a last day nothing is left of a row, with one nothing after it."""
    new = desk.register({"surname": "Byron"})
    for name, last in (("Q0", None), ("Q1", dt.date(2027, 1, 15))):
        desk.add("requests", {"request": name, "patient": new.patient, "visit_type": "short"})
        desk.change("requests", name, {"visit_type": "long"}, valid_from=JANUARY)
        desk.end("requests", name, last_day=last)
    assert spans(store, "requests", new.patient) == [("0001-01-01", "2026-12-31"), ("2027-01-01", "2027-01-15")]


def test_the_whole_office_is_that_of_today(store: Store, desk: Store) -> None:
    """What has changed since a day that is past is exported as it is now, and importing it changes nothing."""
    desk.change("requests", "R0", {"visit_type": "long"}, valid_from=dt.date(2026, 1, 1))
    desk.change("requests", "R3", {"visit_type": "long"}, valid_from=JANUARY)
    whole = store.whole_office()
    assert {row.request: row.visit_type for row in whole.requests if row.request in ("R0", "R3")} == {
        "R0": "long", "R3": "short",
    }  # fmt: skip
    assert store.import_office(whole).empty


def test_importing_who_was_disposed_of_changes_nothing(store: Store) -> None:
    """An office with somebody whose key is destroyed is imported; nothing comes back."""
    named = [row.model_copy(update={"name": f"Name {row.patient}"}) for row in office().patients]
    store.import_office(office().model_copy(update={"patients": tuple(named)}))
    with store.session.engine.begin() as connection:
        (fact,) = facts.known(connection, "people", by="patient", values=["N0"])
    store.dispose(str(fact.owner), "asked for")
    whole = store.whole_office()
    assert [row.name for row in whole.patients][:2] == ["", "Name N1"]
    assert store.import_office(whole).empty
    assert store.session.keys.is_destroyed(str(fact.owner))


def test_disposing_of_somebody_disposes_of_all_names(store: Store, desk: Store) -> None:
    """The keys of those who have turned out to be a person are destroyed with the person's."""
    first, second, third = (desk.register({"surname": name}) for name in ("Byron", "Lovelace", "King"))
    desk.merge(second.person, third.person)
    desk.merge(first.person, second.person)
    store.dispose(first.person, "asked for")
    assert all(store.session.keys.is_destroyed(one.person) for one in (first, second, third))


def test_undoing_takes_bookings_made_since_along(store: Store, desk: Store) -> None:
    """After a merge is taken back, bookings and cancellations made meanwhile are of whom their requests are of."""
    first, second = (desk.register({"surname": name}) for name in ("Byron", "Lovelace"))
    for name in ("Q0", "Q1"):
        desk.add("requests", {"request": name, "patient": second.patient, "visit_type": "short"})
    merged = desk.merge(first.person, second.person)
    desk.book("Q0", "DR1", AT, rules=False)
    other = desk.book("Q1", "DR2", AT + dt.timedelta(hours=1), rules=False)
    desk.cancel(other.booking, "moved away")
    desk.undo(merged.entry)
    assert set(desk.bookings(DAY, DAY)["patient"]) == {second.patient}
    assert spans(store, "cancellations", second.patient) == [("0001-01-01", "9999-12-31")]
    third = desk.register({"surname": "King"})
    desk.add("requests", {"request": "Q2", "patient": first.patient, "visit_type": "short"})
    assert desk.book("Q2", "DR2", AT, rules=False).patient == first.patient  # who is not busy then
    assert third.patient != first.patient
