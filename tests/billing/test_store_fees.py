"""Prices in a store: schedules kept, replaced for their days alone, and asked by those who may."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from schedopt.billing.fees.prices import Wanted
from schedopt.errors import AccessDenied, InputError
from schedopt.registry import Store
from schedopt.registry.money.fees import Release
from tests.billing.test_fee_schedule import INDICES, ORIGINAL
from tests.registry.test_bookings import office
from tests.stores import new_store

FIRST, LAST = dt.date(2031, 1, 1), dt.date(2031, 12, 31)
TABLES = {
    "payers": "insurer,payer_id,name\nA,1,Ay\n",
    "contract_shares": "insurer,schedule,share\nA,medicare,100\n",
    "charges": "procedure,amount\nG9001,500\n",
    "services": "visit_type,procedure\nshort,G9001\n",
}


def release(folder: Path, first: dt.date = FIRST, last: dt.date = LAST, text: str = ORIGINAL) -> Release:
    """A release of small files."""
    rvu, gpci = folder / "rvu.csv", folder / "gpci.csv"
    rvu.write_text(text, "utf-8")
    gpci.write_text(INDICES, "utf-8")
    return Release(rvu, gpci, "01112-05", first, last)


def brought(store: Store, folder: Path) -> None:
    """An office with a contract, a charge and what a visit is billed as."""
    store.import_office(office())
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    store.set_actor("bill", ["billing"])
    store.by("bill", "payment").import_money(folder)


def allowed(store: Store, day: dt.date) -> int | None:
    """What is allowed for a visit on a day."""
    return store.price("A", Wanted("G9001", day)).allowed


def test_a_later_release_replaces_its_own_days_alone(tmp_path: Path) -> None:
    """Days before and after it keep their amounts; the same release once more changes nothing."""
    with new_store() as store:
        brought(store, tmp_path)
        bill = store.by("bill", "payment")
        assert bill.set_schedule(release(tmp_path)) == 4  # a row for each service that has relative values
        assert bill.set_schedule(release(tmp_path)) == 0
        before = allowed(bill, FIRST)
        assert before is not None
        assert before > 9_082
        july, august = dt.date(2031, 7, 1), dt.date(2031, 8, 31)
        dearer = ORIGINAL.replace("33.8872", "40.0000")
        assert bill.set_schedule(release(tmp_path, july, august, dearer)) > 0
        day = dt.timedelta(days=1)
        found = [allowed(bill, one) for one in (FIRST, july - day, july, august, august + day, LAST, LAST + day)]
        raised = found[2]
        assert found == [before, before, raised, raised, before, before, None]
        assert raised is not None
        assert raised > before
        assert bill.set_schedule(release(tmp_path, text=dearer)) > 0
        assert {allowed(bill, one) for one in (FIRST, july, august + day, LAST)} == {raised}
        assert len(bill.rows("fee_schedule", on=july)) == 4
        prices = bill.visit_prices(july)
        assert prices.to_dict("records") == [
            {"insurer": "A", "visit_type": "short", "allowed": raised, "charge": 50_000,
             "source": "100 % of schedule medicare"}
        ]  # fmt: skip
        assert store.verify() == []


def test_a_place_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """The fault says what is expected, with an example of the file."""
    with new_store() as store:
        store.set_actor("bill", ["billing"])
        for place in ("01112", "01112-99", "-", "x-y"):
            with pytest.raises(InputError, match="such as 01112-05"):
                store.by("bill", "payment").set_schedule(release(tmp_path)._replace(locality=place))
        with pytest.raises(InputError, match="after valid_from"):
            store.by("bill", "payment").set_schedule(release(tmp_path, LAST, FIRST))


def test_who_may_not_keep_or_read_prices(tmp_path: Path) -> None:
    """The desk reads prices and does not keep them; an auditor does neither for payment."""
    with new_store() as store:
        brought(store, tmp_path)
        store.set_actor("dora", ["desk"])
        assert store.by("dora", "operations").price("A", Wanted("G9001", FIRST)).charge == 50_000
        with pytest.raises(AccessDenied):
            store.by("dora", "operations").set_schedule(release(tmp_path))
        store.set_actor("nora", ["clinician"])
        with pytest.raises(AccessDenied):
            store.by("nora", "treatment").visit_prices(FIRST)
