"""The commands of billing, as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_store import made, said
from tests.registry.money.ledgers import Said, remittance

STRANGER = Said("SOMEBODY-ELSES", ((1, 6000, 3000, 1000, 0),))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with an office and no claims, asked by somebody who bills too."""
    place = made(tmp_path)
    said(0, "store", "actor", place, "ann", "administrator", "planner", "billing")
    return place


def test_what_payers_remit_is_posted_once_and_looked_at(store: Path, tmp_path: Path) -> None:
    """A check is posted, and not twice; what is about no claim of ours is listed, and no name is shown."""
    good, off = tmp_path / "good.835", tmp_path / "off.835"
    good.write_bytes(remittance("K1", [STRANGER]))
    off.write_bytes(remittance("K2", [STRANGER], off=3))
    assert "posted" in said(0, "billing", "post", store, good)
    assert "already posted" in said(0, "billing", "post", store, good)
    wrong = said(1, "billing", "post", store, off)
    assert "refused" in wrong
    assert "3 cents" in wrong
    told = said(1, "billing", "look", store)
    assert "unmatched" in told
    assert "60.00" in told
    balances = said(0, "billing", "balances", store)
    assert "60.00" in balances
    assert not {"CANARYSON", "CANARYNA", "CANARY99", "SOMEBODY"} & set((told + balances + wrong).split())


def test_a_file_that_is_none_is_named(store: Path, tmp_path: Path) -> None:
    """What cannot be read, or has no 835, is said, and nothing is posted."""
    other = tmp_path / "other.txt"
    other.write_text("hello")
    assert "835" in said(2, "billing", "post", store, other)
    assert "missing.835" in said(2, "billing", "post", store, tmp_path / "missing.835")


def test_a_patient_pays_and_gets_back_what_was_too_much(store: Path) -> None:
    """What is paid for nothing is to the good, and can be paid back, but no more than that."""
    patient = said_patient(store)
    said(0, "billing", "pay", store, patient, "20.00", "--on", "2026-12-01", "--key", "k")
    said(0, "billing", "pay", store, patient, "20.00", "--on", "2026-12-01", "--key", "k")
    assert "To the good: 20.00" in said(0, "billing", "statement", store, patient)
    asked = ("--on", "2026-12-02", "--reason", "asked for")
    assert "at most 20.00" in said(2, "billing", "refund", store, patient, "20.01", *asked)
    said(0, "billing", "refund", store, patient, "20.00", *asked)
    assert "expected" in said(2, "billing", "pay", store, patient, "1.234", "--on", "2026-12-01")


def said_patient(store: Path) -> str:
    """A patient of the store."""
    from schedopt.registry import store_file

    with store_file.opened(store_file.read_store_file(store), "ann", ["operations"]) as there:
        return str(there.rows("patients")["patient"].iloc[0])


def test_nothing_is_learnt_of_no_claims(store: Path) -> None:
    """Without decided claims there is nothing to learn, which is said."""
    assert "No claim is decided yet." in said(0, "billing", "learn", store)
