"""Estimates of a store: from a booking to steps, and good-faith estimates for those who pay themselves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from schedopt.billing.shares.benefits import NO_SUM, Accumulator, Benefits, Terms
from schedopt.errors import AccessDenied, InputError, StoreError
from schedopt.models import tables
from schedopt.registry import Store
from schedopt.registry.money.good_faith import GoodFaithAsked
from tests.registry.test_bookings import DAY, office
from tests.stores import new_store

TABLES = {
    "payers": "insurer,payer_id,name\nA,1,Ay\n",
    "contracts": "insurer,procedure,amount,valid_until\nA,G9001,200,2026-12-31\n",
    "charges": "procedure,amount\nG9001,300\nG9002,40\n",
    "services": "visit_type,procedure,units\nshort,G9001,1\nlong,G9001,1\nlong,G9002,2\n",
    "billing_office": "npi,name,tax_id,address,city,state,postcode,contact,phone,sender\n"
    "1234567893,Dune Clinic,123456789,1 Main Street,Tuba City,AZ,860450001,Desk,9285550110,D1\n",
    "provider_numbers": "provider,npi,surname,given_name\nDR1,1999999984,Byron,Ada\n",
}
PLAN = Benefits(
    "A", "271 of 12 November 2026",
    (Terms(covered=True, copay=0, coinsurance=Decimal("0.2"), deductible_applies=True),),
    Accumulator("person", 25_000), NO_SUM,
)  # fmt: skip
AT_NINE = dt.datetime.combine(DAY, dt.time(9))


def filled(store: Store, folder: Path) -> Store:
    """An office of which patients N0 and N1 are insured; the desk's store."""
    made = office()
    covered = tuple(tables.Coverage(patient=name, insurer="A") for name in ("N0", "N1"))
    store.import_office(made.model_copy(update={"coverage": covered}))
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    store.set_actor("bill", ["billing"])
    store.by("bill", "payment").import_money(folder)
    store.set_actor("dora", ["desk"])
    return store.by("dora", "operations")


def test_visits_of_a_booking_and_of_a_day(tmp_path: Path) -> None:
    """A booked visit is estimated on its day; a later one, on the day that is named, has what the first one left."""
    with new_store() as store:
        desk = filled(store, tmp_path)
        desk.book("R0", "DR1", AT_NINE, rules=False)
        ((insurer, found),) = desk.estimate(["R4", "R0"], day=DAY + dt.timedelta(1), benefits={"A": PLAN})
        assert (insurer, found.source) == ("A", PLAN.source)
        assert [(share.service.day, share.service.procedure) for share in found.least] == [
            (DAY, "G9001"), (DAY + dt.timedelta(1), "G9001"), (DAY + dt.timedelta(1), "G9002"),
        ]  # fmt: skip
        assert found.least[0].cents == 20_000
        assert found.least[1].cents == 5_000 + 3_000
        assert found.missing == ("what the insurer allows for G9002",)
        assert found.at_most == 28_000 + 1_600
        with pytest.raises(StoreError, match="R4, which has no booking"):
            desk.estimate(["R0", "R4"])
        late = desk.estimate(["R4"], day=dt.date(2027, 1, 1), benefits={"A": PLAN})[0].estimate
        assert "on that day" in late.least[0].service.source
        unknown = desk.estimate(["R0"])[0].estimate
        assert (unknown.at_least, unknown.at_most) == (0, 20_000)
        for wrong in (["R0", "R1"], ["R99"], ["R0", "R99"]):
            with pytest.raises(StoreError, match="expected"):
                desk.estimate(wrong, day=DAY)


def test_who_pays_without_an_insurer_gets_a_good_faith_estimate(tmp_path: Path) -> None:
    """For the uninsured, and for whom nothing is to be told to the insurer; the text has the name, and no value has."""
    with new_store() as store:
        desk = filled(store, tmp_path)
        desk.book("R2", "DR1", AT_NINE, rules=False)
        with pytest.raises(StoreError, match="good-faith"):
            desk.estimate(["R3"], day=DAY)
        asked = GoodFaithAsked(
            ("R3",), asked=dt.date(2026, 11, 23), day=DAY, diagnoses=("Z00.00",), separate=("X-ray",)
        )
        made = desk.good_faith(asked)
        assert (made.total, made.due, made.patient) == (30_000, dt.date(2026, 11, 24), "N3")
        text = desk.good_faith_text(made.estimate)
        assert all(words in text for words in ("Name 3", "Dune Clinic", "G9001", "Z00.00", "X-ray", "$300.00"))
        assert "Name 3" not in repr(made)
        assert desk.rows("good_faith_items")["charge"].tolist() == ["300.00"]
        (tmp_path / "charges.csv").write_text("procedure,amount\nG9002,40\n")
        store.by("bill", "payment").import_money(tmp_path)
        with pytest.raises(InputError, match="expected what the office asks") as caught:
            desk.good_faith(asked)
        assert caught.value.faults[0].value == "G9001"
        with pytest.raises(StoreError, match="expected the id of a good-faith estimate"):
            desk.good_faith_text("g0")


def test_a_bill_far_over_its_estimate_shows(tmp_path: Path) -> None:
    """At 400 dollars over for a provider; the newest estimate of a visit counts."""
    with new_store() as store:
        desk = filled(store, tmp_path)
        desk.book("R3", "DR1", AT_NINE, rules=False)
        first = desk.good_faith(GoodFaithAsked(("R3",)))
        bill = store.by("bill", "payment")
        assert bill.over_estimates().empty
        (tmp_path / "encounters.csv").write_text("request,line,procedure,charge\nR3,1,G9001,300\nR3,2,G9003,400\n")
        bill.import_money(tmp_path)
        assert bill.over_estimates().to_dict("records") == [
            {"estimate": first.estimate, "provider": "DR1", "expected": 30_000, "billed": 70_000, "over": 40_000,
             "may_be_disputed": True}
        ]  # fmt: skip
        (tmp_path / "charges.csv").write_text("procedure,amount\nG9001,300.01\n")
        bill.import_money(tmp_path)
        desk.good_faith(GoodFaithAsked(("R3",)))
        assert bill.over_estimates().empty
        assert len(bill.over_estimates(1)) == 1


def test_visits_that_are_kept_from_the_insurer_are_kept_from_billing_for_payment(tmp_path: Path) -> None:
    """Neither their estimates nor their bills are shown to those who work for payment."""
    with new_store() as store:
        desk = filled(store, tmp_path)
        people = desk.rows("people")
        desk.restrict(people.loc[people["patient"] == "N0", "person"].iloc[0], "self_pay_visit", "R0")
        with pytest.raises(StoreError, match="paid by the patient"):
            desk.estimate(["R0"], day=DAY)
        made = desk.good_faith(GoodFaithAsked(("R0",), day=DAY))
        bill = store.by("bill", "payment")
        for ask in (lambda: bill.good_faith_text(made.estimate), lambda: bill.estimate(["R0"], day=DAY)):
            with pytest.raises(StoreError, match="expected the"):
                ask()
        assert bill.rows("good_faith_items").empty


def test_who_may_not_estimate(tmp_path: Path) -> None:
    """A planner makes no good-faith estimates, and reads nobody's name."""
    with new_store() as store:
        desk = filled(store, tmp_path)
        made = desk.good_faith(GoodFaithAsked(("R3",), day=DAY))
        store.set_actor("paul", ["planner"])
        planner = store.by("paul", "operations")
        for ask in (lambda: planner.good_faith(GoodFaithAsked(("R3",))), lambda: planner.good_faith_text(made.estimate),
                    planner.over_estimates):  # fmt: skip
            with pytest.raises(AccessDenied):
                ask()


def test_an_estimate_in_words_has_its_steps_and_what_is_missing(tmp_path: Path) -> None:
    """The command's text: insurer, source, each service with where its amount comes from, each step's sentence."""
    with new_store() as store:
        desk = filled(store, tmp_path)
        (found,) = desk.estimate(["R0", "R4"], day=DAY, benefits={"A": PLAN})
        for share in (*found.estimate.least, *(found.estimate.most or ())):
            assert all(step.sentence in found.text for step in share.steps)
            assert share.service.source in found.text
        assert all(words in found.text for words in (PLAN.source, "between", *found.estimate.missing))
