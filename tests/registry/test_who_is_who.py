"""Persons who may be one: listed, decided, merged by themselves only where number and demographics agree."""

from __future__ import annotations

import pytest

from schedopt.registry import Registered, Store
from tests.registry.test_bookings import office
from tests.stores import new_store

ANN = {
    "given_name": "Annabel", "surname": "Kowalczyk", "birth_date": "1971-03-09", "street_number": "12",
    "address_1": "Sycamore Street", "suburb": "Tuba City", "state": "AZ", "postcode": "86045",
    "phone": "928 283 2501", "soc_sec_id": "219-09-9413",
}  # fmt: skip


def registered(store: Store, *people: dict[str, str]) -> list[Registered]:
    """Persons registered one after the other, in a store with an office."""
    store.import_office(office())
    return [store.register(cells) for cells in people]


def without(*names: str) -> dict[str, str]:
    """The same person without some columns."""
    return {name: cell for name, cell in ANN.items() if name not in names}


@pytest.mark.parametrize(
    "again",
    [
        {**ANN, "given_name": "Anabel", "phone": ""},
        {**ANN, "surname": "Kowalcyk", "soc_sec_id": ""},
        {**without("soc_sec_id", "phone"), "birth_date": "1971-09-03"},
        {**without("soc_sec_id"), "given_name": "Kowalczyk", "surname": "Annabel"},
    ],
)
def test_who_comes_again_is_recognised(again: dict[str, str]) -> None:
    """Somebody who is registered again with a slip is said to be alike, and stands in the list."""
    with new_store() as store:
        first, second = registered(store, ANN, again)
        assert second.alike[:1] == (first.person,)
        found = store.duplicates()
        assert {first.person, second.person} in [set(pair) for pair in found[["left", "right"]].values.tolist()]
        text = found.to_csv()
        assert not any(value in text for value in ANN.values() if len(value) > 4)


def test_what_was_decided_is_kept() -> None:
    """Who was decided to be different is not listed again; what is put off says so."""
    with new_store() as store:
        first, second = registered(store, ANN, without("soc_sec_id"))
        store.decide(second.person, first.person, "later")
        assert list(store.duplicates()["decided"]) == ["later"]
        store.decide(first.person, second.person, "different")
        assert store.duplicates().empty
        assert store.merge_sure().empty


def test_only_who_is_surely_one_is_merged_by_itself() -> None:
    """Number and demographics agree: merged, and can be taken back; twins, and Jr and Sr, never are."""
    twin = {**ANN, "given_name": "Barbara", "soc_sec_id": "219-09-9414"}
    with new_store() as store:
        first, second, third, junior = registered(store, ANN, ANN, twin, {**ANN, "suffix": "Jr", "soc_sec_id": ""})
        merged = store.merge_sure()
        assert {*merged["kept"], *merged["lost"]} == {first.person, second.person}
        for other in (third, junior):
            assert store.person(other.person)["patient"] == other.patient
        assert store.undo(int(merged["entry"].iloc[0])).empty
        assert store.check().empty
        assert store.verify() == []
