"""Remittances into the journal: all or nothing, once, in any order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schedopt.registry import Store
from tests.registry.money.ledgers import Said, claim_name, remittance, standing, store_with_claims

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
