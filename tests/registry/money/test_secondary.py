"""A second insurer is asked for what the first one left to the patient, and told what the first one decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedopt.errors import StoreError
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.professional_read import read_professional
from schedopt.interop.x12.tree import read
from schedopt.registry import Store
from tests.registry.money.clinic import open_clinic
from tests.registry.money.ledgers import Said, remittance, standing
from tests.stores import new_store

FIRST, SECOND = "ACME", "OTHER"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A clinic in which patient N0 has two insurers, and whose first claims were sent and taken in."""
    with new_store() as made:
        open_clinic(made, ["R0"])
        made.add("coverage", {"patient": "N0", "insurer": SECOND})
        made.add("memberships", {"patient": "N0", "insurer": SECOND, "member_id": "X77"})
        made.make_claims()
        made.send_claims(tmp_path / "first")
        yield made


def decided(claim: str, control: str = "ICN1") -> Said:
    """Of 100.00 twice: 60 and 90 paid, 30 and 10 agreed, 10 and 0 the patient's."""
    return Said(claim, ((1, 6000, 3000, 1000, 0), (2, 9000, 1000, 0, 0)), control=control)


def test_the_whole_way_of_a_second_insurer(store: Store, tmp_path: Path) -> None:
    """The share goes on, the file says what was decided, and its payment leaves nothing open."""
    (first,) = store.rows("claims")["claim"]
    assert store.secondary_due().empty
    store.post_remittance(remittance("K1", [decided(first)]))
    assert store.secondary_due().values.tolist() == [[first, SECOND, 1000]]
    second = store.bill_secondary(first)
    assert store.secondary_due().empty
    with pytest.raises(StoreError):
        store.bill_secondary(first)
    assert standing(store)["patient"] == 1000
    store.send_claims(tmp_path / "second")
    assert standing(store)["insurer"] == 1000
    assert "patient" not in standing(store)
    (file,) = (tmp_path / "second").iterdir()
    assert judge(file.read_bytes()).accepted
    found = read(file.read_bytes())
    transactions = [one for part in found.interchanges for group in part.groups for one in group.transactions]
    (claim,) = [claim for one in transactions for batch in read_professional(one) for claim in batch.claims]
    assert (claim.control, claim.insured.rank, claim.charge) == (second, "S", 20000)
    (other,) = claim.others
    assert (other.paid, other.payer_control) == (15000, "ICN1")
    said = [
        (one.paid, [(t.group, t.reason, t.cents) for t in one.taken]) for line in claim.lines for one in line.decisions
    ]
    assert said == [(6000, [("CO", "45", 3000), ("PR", "1", 1000)]), (9000, [("CO", "45", 1000)])]
    store.post_remittance(answer_of_the_second(second))
    left = standing(store)
    assert "insurer" not in left
    assert left["patient"] == 300
    assert store.check().empty
    statement = store.statement("N0")
    assert statement["patient_owes"].sum() == 300
    assert statement["charged"].sum() == 20000


def answer_of_the_second(claim: str) -> bytes:
    """700 of the 1,000 paid; 300 are left to the patient; the rest was decided by the first (OA-23)."""
    data = remittance(
        "K2", [Said(claim, ((1, 700, 9000, 300, 0), (2, 0, 10000, 0, 0)), "2", "S1")], day=dt.date(2026, 12, 9)
    )
    return data.replace(b"CAS*CO*45*", b"CAS*OA*23*")


def test_a_second_claim_that_is_sent_again_is_charged_once(store: Store, tmp_path: Path) -> None:
    """Void or sent again, what the second insurer owes is what the patient owed."""
    (first,) = store.rows("claims")["claim"]
    store.post_remittance(remittance("K1", [decided(first)]))
    second = store.bill_secondary(first)
    store.send_claims(tmp_path / "second")
    before = standing(store)
    assert store.charge_claims([second]) == 0
    assert standing(store) == before
