"""What decided claims of a store say of the plans that come, and whom the insurer is told nothing of."""

from __future__ import annotations

import datetime as dt

import pytest

from schedopt.models.tables.money import format_money
from schedopt.registry import Store
from tests.registry.money.ledgers import DAY, Said, claim_name, office, remittance
from tests.stores import new_store

PAID = ((1, 6000, 3000, 1000, 0),)
REFUSED = ((1, 0, 0, 0, 10000),)


def _with_claims(store: Store, number: int) -> list[str]:
    """So many claims, each of a request, charged."""
    store.import_office(office())
    requests = store.rows("requests")
    names = [claim_name(place) for place in range(number)]
    for place, name in enumerate(names):
        asked = requests.iloc[place % len(requests)]
        store.add("claims", {
            "claim": name, "patient": asked["patient"], "request": asked["request"], "provider": "DR1",
            "insurer": "ACME", "date": DAY, "charge": format_money(10000), "state": "sent",
        })  # fmt: skip
        store.add("claim_lines", {
            "claim": name, "line": 1, "procedure": "99211", "charge": format_money(10000), "diagnoses": "Z00.00",
        })  # fmt: skip
    store.charge_claims(names)
    return names


def test_the_table_is_learnt_and_planned_with() -> None:
    """Decided claims make the table that the next plan reads; learning again changes only what has changed."""
    with new_store() as store:
        names = _with_claims(store, 4)
        assert store.learn_collection().empty
        assert "collection" not in {name for name, rows in store.whole_office() if rows is not None}
        told = [Said(name, REFUSED if place == 3 else PAID) for place, name in enumerate(names)]
        store.post_remittance(remittance("K1", told))
        store.write_off(names[0], 400, "moved away", of="patient")
        decided = store.decided_claims()
        assert sorted(decided["paid"]) == [False, True, True, True]
        assert decided.loc[decided["paid"], "allowed"].tolist() == [70.0] * 3
        assert decided["bad_debt"].sum() == 4.0
        learnt = store.learn_collection()
        rows = store.whole_office().collection or ()
        assert [row.model_dump() for row in rows] == [
            {name: None if value != value else value for name, value in row.items()}
            for row in learnt.astype(object).to_dict("records")
        ]
        assert store.office(DAY).collection == rows
        before = len(store.history("collection", ("ACME", "")))
        store.learn_collection()
        assert len(store.history("collection", ("ACME", ""))) == before


def test_planning_is_told_who_pays_alone() -> None:
    """A request whose patient restricts what the insurer is told is one that the patient pays, to planning alone."""
    with new_store() as store:
        store.import_office(office())
        asked = store.rows("requests").iloc[0]
        person = store.rows("people").set_index("patient").loc[asked["patient"], "person"]
        day = dt.date(2026, 11, 30)
        before = store.office(day)
        store.restrict(person, "self_pay_visit", asked["request"])
        after = store.office(day)
        alone = {row.request for row in after.requests if row.self_pay}
        assert alone == {asked["request"]} & {row.request for row in before.requests}
        assert not any(row.self_pay for row in before.requests)
        assert after.fingerprint == before.fingerprint == store.office(day).fingerprint
        assert not any(row.self_pay for row in store.whole_office().requests)


@pytest.mark.parametrize("number", [0, 1])
def test_few_claims_say_something(number: int) -> None:
    """With no claim, or with one, there is an answer."""
    with new_store() as store:
        names = _with_claims(store, number)
        if names:
            store.post_remittance(remittance("K1", [Said(names[0], PAID)]))
        assert len(store.learn_collection()) == 2 * number
