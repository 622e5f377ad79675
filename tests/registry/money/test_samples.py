"""Sample 835s of payers and of other programs: what balances is posted, what does not is named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.race import office
from benchmarks.remit import set_up
from schedopt.interop.x12.judge import judge
from schedopt.payers.remittances import read_remittances
from tests.interop.x12.samples import LACKING, SHARED
from tests.registry.money.ledgers import standing
from tests.stores import new_store

PLACES = sorted(SHARED.glob("x12_*")) if SHARED.is_dir() else []


def files() -> list[Path]:
    """Files in which there is an 835."""
    found = [path for place in PLACES for path in sorted(place.rglob("*")) if path.is_file()]
    return [path for path in found if next(read_remittances(path.read_bytes()), None)]


@pytest.mark.skipif(not PLACES, reason=LACKING)
def test_samples_are_posted_where_their_sums_hold() -> None:
    """Each file is posted if and only if all its sums hold; its cash is its checks', and again it does nothing."""
    states = Counter[str]()
    for path in files():
        data = path.read_bytes()
        sums = [one.balance.holds for one in judge(data).transactions if one.balance]
        with new_store() as store:
            store.import_office(office())
            set_up(store, data)
            found = store.post_remittance(data, path.name)
            assert all(found["state"] == "posted") == (all(sums) and bool(sums)), path.name
            if all(sums):
                assert standing(store).get("cash", 0) == found["cents"].sum(), path.name
                assert sum(standing(store).values()) == 0
                assert set(store.post_remittance(data)["state"]) == {"already posted"}
            else:
                assert found.loc[found["state"] == "refused", "words"].str.contains("segment").all(), path.name
                assert "cash" not in standing(store)
            assert store.check().empty
            states[found["state"].iloc[-1] if all(sums) else "refused"] += 1
    assert states == {"posted": 13, "refused": 6}
