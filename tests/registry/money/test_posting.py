"""Remittances into the journal: all or nothing, once, in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.registry import Store
from schedopt.store import schema
from tests.postgres import LACKING, Server, is_here
from tests.registry.money.ledgers import DAY, Said, claim_name, remittance, standing, store_with_claims

C1, C2 = claim_name(1), claim_name(2)
PAID = Said(C1, ((1, 6000, 3000, 1000, 0), (2, 500, 0, 0, 1500)))


@pytest.fixture
def store() -> Iterator[Store]:
    with store_with_claims({C1: (10000, 2000), C2: (5000,)}) as made:
        yield made


def test_a_claim_is_posted_by_its_lines(store: Store) -> None:
    found = store.post_remittance(remittance("K1", [PAID]))
    assert found["state"].tolist() == ["posted"]
    assert standing(store) == {
        "insurer": 17000 - 6000 - 3000 - 1000 - 500, "patient": 1000, "cash": 6500, "charges": -17000,
        "contractual": 3000,
    }  # fmt: skip
    assert store.history("claims", C1)["state"].tolist()[-1] == "paid"


def test_posting_again_changes_nothing(store: Store) -> None:
    data = remittance("K1", [PAID])
    store.post_remittance(data)
    before = standing(store)
    assert store.post_remittance(data)["state"].tolist() == ["already posted"]
    assert standing(store) == before


def test_a_reversal_and_its_correction_in_either_order(store: Store) -> None:
    store.post_remittance(remittance("K1", [PAID]))
    back = Said(C1, PAID.lines, "22")
    correction = Said(C1, ((1, 7000, 3000, 0, 0), (2, 2000, 0, 0, 0)), control="ICN2")
    store.post_remittance(remittance("K2", [correction]))
    store.post_remittance(remittance("K3", [back]))
    assert standing(store) == {
        "insurer": 5000, "cash": 9000, "charges": -17000, "contractual": 3000,
    }  # fmt: skip


def test_what_does_not_balance_is_not_posted(store: Store) -> None:
    before = standing(store)
    found = store.post_remittance(remittance("K1", [PAID], off=7))
    assert found["state"].tolist() == ["refused"]
    assert "off by 7 cents" in found["words"][0]
    assert standing(store) == before


def test_the_journal_is_only_ever_added_to_and_looked_over(store: Store) -> None:
    """The database refuses to change a row; one written past the store is found, by the trail and by the check."""
    store.post_remittance(remittance("K1", [PAID]))
    assert store.check().empty
    with store.session.engine.begin() as connection, pytest.raises(sa.exc.DatabaseError):
        connection.execute(schema.journal.update().values(cents=1))
    with store.session.engine.begin() as connection, pytest.raises(sa.exc.DatabaseError):
        connection.execute(schema.journal.delete())
    with store.session.engine.begin() as connection:
        paid = sa.select(schema.journal).where(schema.journal.c.why == "paid").limit(1)
        row = dict(connection.execute(paid).mappings().one())
        connection.execute(schema.journal.insert(), {**row, "number": row["number"] + 10_000})
    assert store.verify()[0].number == row["since"]
    assert C1 in store.check()["where"].tolist()


def test_a_broken_check_of_a_file_holds_back_the_others(store: Store) -> None:
    """A file is posted whole or not at all, unless each check for itself is asked for."""
    good, off = remittance("K1", [PAID]), remittance("K2", [Said(C2, ((1, 5000, 0, 0, 0),))], off=1)
    both = good + off
    before = standing(store)
    assert store.post_remittance(both)["state"].tolist() == ["held back", "refused"]
    assert standing(store) == before
    assert store.post_remittance(both, each=True)["state"].tolist() == ["posted", "refused"]
    assert standing(store) != before


def test_one_number_of_a_check_is_one_check(store: Store) -> None:
    """The same check in another file is known; another one of the same number and day is refused."""
    store.post_remittance(remittance("K1", [PAID]))
    again = remittance("K1", [PAID]).replace(b"20261201", b"20261202").replace(b"*0800*", b"*0900*")
    assert store.post_remittance(again)["state"].tolist() == ["already posted"]
    found = store.post_remittance(remittance("K1", [Said(C2, ((1, 5000, 0, 0, 0),))]))
    assert found["state"].tolist() == ["refused"]


def test_payers_who_drop_line_numbers_and_modifiers_are_understood(store: Store) -> None:
    """Without line numbers, lines are found by procedure and charge, and the claim by its own number."""
    data = remittance("K1", [PAID])
    without = b"\n".join(line for line in data.split(b"\n") if not line.startswith(b"REF*6R"))
    store.post_remittance(without.replace(b"SE*18*", b"SE*16*"))
    journal = store.journal(C1)
    assert set(journal.loc[journal["why"] == "paid", "line"]) == {1, 2}


def test_denials_are_nobodys_decision(store: Store) -> None:
    """What is denied stays owed and is listed with its last day; only a person lets go of it, and with a reason."""
    store.post_remittance(remittance("K1", [PAID]))
    found = store.denials()
    assert found[["claim", "line", "why", "cents", "open_cents"]].values.tolist() == [[C1, 2, "CO-16", 1500, 1500]]
    assert found["appeal_until"].tolist() == [(DAY + dt.timedelta(days=180)).isoformat()]
    assert "written_off" not in standing(store)
    with pytest.raises(StoreError):
        store.write_off(C1, 1500, " ")
    with pytest.raises(StoreError):
        store.write_off(C1, 1501, "too late to appeal")
    store.write_off(C1, 1500, "too late to appeal")
    assert store.denials().empty


def test_balances_that_are_carried_forward_are_followed_until_they_are_met(store: Store) -> None:
    """What a payer pays ahead in one check and takes in another is open between the two."""
    store.post_remittance(remittance("K1", [PAID], [("FB", "F1", -900)]))
    look = store.money_worklist()
    assert look[["kind", "cents"]].values.tolist() == [["forwarded", -900]]
    store.post_remittance(remittance("K2", [Said(C2, ((1, 5000, 0, 0, 0),))], [("FB", "F1", 900)]))
    assert store.money_worklist().empty
    assert "forwarded" not in standing(store)


@pytest.mark.skipif(not is_here(), reason=LACKING)
def test_postgresql_holds_the_same(store: Store, postgres: Server) -> None:
    """The same files leave the same there; its rows are only ever added to, too."""
    files = [
        remittance("K1", [PAID, Said("ELSEWHERE", ((1, 10, 0, 0, 0),))]),
        remittance("K2", [Said(C1, PAID.lines, "22")], [("FB", "F1", -6500)]),
        remittance("K1", [PAID], off=1),
    ]
    with store_with_claims({C1: (10000, 2000), C2: (5000,)}, postgres.new_database()) as there:
        for data in files:
            one, other = store.post_remittance(data), there.post_remittance(data)
            pd.testing.assert_frame_equal(one, other)
        assert standing(there) == standing(store)
        assert there.money_worklist()["kind"].tolist() == ["unmatched", "forwarded"]
        assert there.check().empty
        with there.session.engine.begin() as connection, pytest.raises(sa.exc.DatabaseError):
            connection.execute(schema.journal.delete())
