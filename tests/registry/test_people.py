"""People in a store: registered, looked up, changed from a day on, merged and taken apart again, disposed of."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.errors import InputError, StoreError
from schedopt.models.words import HIDDEN
from schedopt.registry import Store
from schedopt.registry.kinds import kinds
from schedopt.registry.merging import references
from schedopt.store import facts
from schedopt.store.schema import holdings
from tests.effort import examples
from tests.offices import cases
from tests.registry.test_bookings import DAY, office
from tests.registry.test_round_trip import named
from tests.stores import Clock, new_store

ANN = {"given_name": "Ann", "surname": "Müller-Smith", "birth_date": "1970-01-02", "phone": "928 555 0101"}


def people_of(store: Store) -> dict[str, str]:
    """Persons by patient."""
    with store.session.engine.connect() as connection:
        found = facts.known(connection, "people")
    return {str(fact.patient): str(fact.owner) for fact in found if fact.patient}


def told(store: Store, people: list[str]) -> list[dict[str, str]]:
    """What is known of persons."""
    return [store.person(person) for person in people]


@given(office=cases().map(lambda case: named(case.office)), data=st.data())
@settings(max_examples=examples(12))
def test_a_merge_moves_everything_and_can_be_taken_back(office, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    """After a merge nothing names the other patient; after taking it back all is as it was."""
    with new_store() as store:
        store.import_office(office)
        people = people_of(store)
        if len(people) < 2:
            return
        keep, lose = data.draw(st.permutations(sorted(people)))[:2]
        before, known = store.whole_office(), told(store, [people[keep], people[lose]])
        merged = store.merge(people[keep], people[lose], "the same")
        after = store.whole_office()
        for name, kind in kinds().items():
            for column in references(kind, "patients"):
                for row in getattr(after, name, None) or ():
                    assert getattr(row, column) != lose
        assert lose not in {row.patient for row in after.patients}
        assert len(after.requests) == len(before.requests)
        with store.session.engine.connect() as connection:
            assert lose not in set(connection.scalars(sa.select(holdings.c.thing)))
        assert store.check().empty
        with pytest.raises(StoreError, match="merged into"):
            store.person(people[lose])
        assert store.undo(merged.entry).empty
        assert store.whole_office() == before
        assert told(store, [people[keep], people[lose]]) == known
        assert store.check().empty
        assert store.verify() == []
        with pytest.raises(StoreError, match="already"):
            store.undo(merged.entry)


def test_every_table_about_patients_follows_a_merge() -> None:
    """A table that has a patient says so in its column, so that merging finds it."""
    for name, kind in kinds().items():
        if "patient" in kind.columns and name not in ("patients", "people"):
            assert references(kind, "patients") == ("patient",), name
        if "person" in kind.columns and name != "people":
            assert "person" in references(kind, "people"), name


def test_a_person_is_found_however_the_name_is_written() -> None:
    """Accents, capitals, hyphens and the way a number is written do not matter."""
    with new_store() as store:
        store.import_office(office())
        made = store.register(ANN, {"language": "German"})
        for cells in (
            {"surname": "muller smith"}, {"surname": "MÜLLERSMITH"}, {"phone": "+1 (928) 555-0101"},
            {"surname": "Müller-Smith", "birth_date": "1970-01-02"},
        ):  # fmt: skip
            assert list(store.find(cells)["person"]) == [made.person]
        assert store.find({"surname": "Miller"}).empty
        again = store.register({**ANN, "given_name": "Anne"})
        assert again.alike == (made.person,)
        assert made.patient != made.person


def test_what_is_true_from_a_day_on_leaves_what_was_true_before() -> None:
    """A change from a day on leaves the days before as they were, and what was known before can be asked for."""
    clock = Clock()
    with new_store(clock=clock) as store:
        store.import_office(office())
        first = clock.now
        store.change("providers", "DR1", {"gender": "female"})
        store.change("providers", "DR1", {"gender": "other"}, valid_from=dt.date(2027, 1, 1))
        for day, gender in ((dt.date(2026, 12, 31), "female"), (dt.date(2027, 1, 1), "other")):
            rows = store.rows("providers", on=day)
            assert rows.loc[rows["provider"] == "DR1", "gender"].item() == gender
        rows = store.at(first).rows("providers")
        assert rows.loc[rows["provider"] == "DR1", "gender"].item() == ""
        history = store.history("providers", "DR1")
        assert list(history["gender"]) == ["", "female", "female", "other"]
        assert set(history["actor"]) == {"ada"}
        assert store.verify() == []


def test_what_was_known_before_is_not_changed() -> None:
    """A store shown as it was refuses every change."""
    clock = Clock()
    with new_store(clock=clock) as store:
        store.import_office(office())
        before = store.at(clock.now)
        for change in (
            lambda: before.register(ANN), lambda: before.import_office(office()), lambda: before.plan(DAY),
            lambda: before.book("R0", "DR1", dt.datetime(2026, 12, 1, 9), rules=False),
        ):  # fmt: skip
            with pytest.raises(StoreError, match="as it is now"):
                change()


@pytest.mark.parametrize(
    "cells", [{"birth_date": "Smith"}, {"sex": "Smith"}, {"shoe_size": "Smith"}, {"surname": "Smi\x1bth"}]
)
def test_a_value_that_is_none_is_refused_and_not_shown(cells: dict[str, str]) -> None:
    """Errors name table and column; what was given is somebody's."""
    with new_store() as store:
        store.import_office(office())
        with pytest.raises(InputError) as caught:
            store.register({**ANN, **cells})
        assert "Smi" not in str(caught.value)
        assert str(caught.value.faults[0].column) in {*cells, HIDDEN}
        assert store.find({"given_name": "Ann", "surname": "Müller-Smith"}).empty


def test_who_is_disposed_of_is_gone() -> None:
    """After disposal nothing sealed of a person opens, nobody finds him or her, and a legal hold is in the way."""
    with new_store() as store:
        store.import_office(office())
        made = store.register(ANN)
        store.restrict(made.person, "legal_hold", told="order 12")
        with pytest.raises(StoreError, match="legal hold"):
            store.dispose(made.person, "asked for")
        store.end("restrictions", (made.person, "legal_hold", ""))
        store.dispose(made.person, "asked for")
        assert store.session.keys.is_destroyed(made.person)
        assert store.find(ANN).empty
        assert "surname" not in store.person(made.person)
        assert store.check().empty
        assert store.verify() == []


def test_a_copy_of_somebodys_records_has_all_of_it_and_nobody_elses() -> None:
    """Requests, bookings, consents and restrictions of one person are in the copy; no other patient's id is."""
    with new_store() as store:
        store.import_office(office())
        people = people_of(store)
        store.book("R0", "DR1", dt.datetime.combine(DAY, dt.time(9)), rules=False)
        store.consent(people["N0"], "messages", given=True)
        store.restrict(people["N0"], "self_pay_visit", "R0")
        found = store.records_of(people["N0"])
        assert set(found["requests"]["request"]) == {"R0", "R4"}
        assert set(found["appointments"]["request"]) == {"R0"}
        assert set(found) == {"patients", "people", "requests", "appointments", "consents", "restrictions"}
        text = " ".join(frame.to_csv() for frame in found.values())
        assert "Name 0" in text
        assert not any(f"{other}" in text for n in (1, 2, 3) for other in (f"Name {n}", people[f"N{n}"]))


def test_a_visit_that_the_patient_pays_never_reaches_the_insurers_side() -> None:
    """Who asks for payment sees neither the request nor its booking; others do."""
    with new_store() as store:
        store.import_office(office())
        people = people_of(store)
        store.set_actor("bill", ["billing"])
        store.book("R0", "DR1", dt.datetime.combine(DAY, dt.time(9)), rules=False)
        bill = store.by("bill", "payment")
        assert "R0" in set(bill.rows("requests")["request"])
        store.restrict(people["N0"], "self_pay_visit", "R0")
        assert "R0" not in set(bill.rows("requests")["request"])
        assert bill.bookings(DAY, DAY).empty
        with pytest.raises(StoreError):
            bill.history("requests", "R0")
        assert "R0" in set(store.rows("requests")["request"])
        assert "R1" in set(bill.rows("requests")["request"])
        store.change("requests", "R1", {"self_pay": "yes"})
        assert "R1" not in set(bill.rows("requests")["request"])
