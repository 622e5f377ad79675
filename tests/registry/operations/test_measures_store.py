"""Measures of a store: of its bookings, for whom they are meant, kept where nobody could find them again, no names."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from schedopt.errors import AccessDenied, StoreError
from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.office.read import fingerprint
from schedopt.operations.measures.folder import write_measures
from schedopt.operations.measures.measure import Evidence
from schedopt.operations.measures.tables import CareKind, MeasureChange, Target
from schedopt.operations.measures.weekly import weekly
from schedopt.registry import Store
from tests.registry.operations.test_visits import FIRST, Hand, office, slot
from tests.registry.planted import Canaries, files_below
from tests.stores import new_store

PATIENTS = 26


def named(canaries: Canaries) -> Office:
    """An office with a request of each patient, with names and groups that are nowhere else, and with targets."""
    groups = [canaries.word(), canaries.word()]
    made = office()
    patients = tuple(
        tables.Patient(
            patient=f"N{n}", name=canaries.word(), group=groups[n % 2], own_provider="DR1" if n % 3 else None,
            language=("Spanish", "English")[n % 13 == 0],
        )
        for n in range(PATIENTS)
    )  # fmt: skip
    requests = tuple(
        tables.Request(request=f"R{n}", patient=f"N{n}", visit_type=("short", "long")[n % 2], new=n % 4 == 0)
        for n in range(PATIENTS)
    )
    more = {
        "patients": patients, "requests": requests, "targets": (Target(measure="no_show", target=8),),
        "care_kinds": (CareKind(visit_type="short", care="primary"),),
        "measure_changes": (MeasureChange(date=FIRST + dt.timedelta(days=7), what="texts"),),
    }  # fmt: skip
    grown = Office(**{**dict(made), **more})
    return grown.model_copy(update={"fingerprint": fingerprint(grown)})


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[Store, Canaries]]:
    """A store in which visits were booked, moved, kept and missed."""
    hand, canaries, rng = Hand(), Canaries(), random.Random(3)
    with new_store(clock=hand) as store:  # type: ignore[arg-type]
        store.import_office(named(canaries))
        for name, role in (("dora", "desk"), ("paul", "planner"), ("bea", "billing"), ("otto", "auditor")):
            store.set_actor(name, [role])
        rows = []
        for request in range(PATIENTS):
            hand.now += dt.timedelta(minutes=7)
            provider, start = slot(request % 8, request % 12)
            start += dt.timedelta(days=12 * (request // 12 % 2), minutes=50 * (request // 8))
            rows.append(store.book(f"R{request}", provider, start, rules=False).booking)
        for booking in rows:
            hand.now += dt.timedelta(hours=rng.randint(1, 20))
            end = rng.choice(["keep", "keep", "keep", "no_show", "cancel", "nothing"])
            if end == "keep":
                for step in (store.arrive, store.check_in, store.fulfil):
                    hand.now += dt.timedelta(minutes=rng.randint(1, 20))
                    step(booking)
            elif end != "nothing":
                getattr(store, end)(booking)
        yield store, canaries


LAST = FIRST + dt.timedelta(days=27)


def test_measures_are_of_the_bookings(lived: tuple[Store, Canaries]) -> None:
    """The table is that of the bookings and sessions; targets, changes and groups are the store's."""
    store, _ = lived
    measured = store.measures(FIRST, LAST, by="provider")
    evidence = store.measure_evidence(FIRST, LAST)
    events = store.visit_events(FIRST, LAST)
    assert isinstance(evidence, Evidence)
    pd.testing.assert_frame_equal(evidence.events, events)
    judged = ["target", "met"]
    pd.testing.assert_frame_equal(measured.table.drop(columns=judged), weekly(evidence).drop(columns=judged))
    counts = events["status"].value_counts()
    shown = measured.summary.set_index("measure")
    due = counts["fulfilled"] + counts["no-show"]
    assert shown.loc["no_show", ["numerator", "denominator", "target"]].tolist() == [counts["no-show"], due, 8]
    assert shown.loc["wait_standard_primary", "denominator"] > 0
    assert "wait_standard_specialty" not in shown.index
    assert shown.loc["fill", "denominator"] == 2 * 28 * 24 * 60
    assert measured.office == store.office(FIRST).settings.name
    assert set(measured.groups["group"]) == {"DR1", "DR2"}
    assert measured.charts["no_show"][1].changes == [(1, "texts")]


def test_groups_are_those_of_people_and_for_whom_may_know(lived: tuple[Store, Canaries]) -> None:
    """Sealed groups are opened for the desk alone; small ones are not shown, and other columns are refused."""
    store, _ = lived
    desk, planner = store.by("dora", "operations"), store.by("paul", "operations")
    found = desk.measures(FIRST, LAST, by="group").group_summary
    booked = found[found["measure"] == "access_wait"]
    assert sorted(booked["denominator"].dropna().tolist(), reverse=True) == booked["denominator"].dropna().tolist()
    assert len(booked) == 2
    spoken = planner.measures(FIRST, LAST, by="language").group_summary
    assert spoken[spoken["measure"] == "access_wait"]["value"].isna().all()
    with pytest.raises(AccessDenied):
        planner.measures(FIRST, LAST, by="group")
    for wrong in ("name", "birth_date", "colour"):
        with pytest.raises(StoreError, match="language"):
            desk.measures(FIRST, LAST, by=wrong)
    with pytest.raises(AccessDenied):
        store.by("otto", "audit").measures(FIRST, LAST)


def test_what_was_free_is_kept_once_a_day(lived: tuple[Store, Canaries]) -> None:
    """Figures of a day are in the charts of later weeks, and asked again on the day they are not there twice."""
    store, _ = lived
    planner = store.by("paul", "operations")
    asked = FIRST + dt.timedelta(days=14)
    table = planner.third_next_available(asked, keep=True)
    assert set(zip(table["provider"], table["visit_type"], strict=True)) == {
        (who, kind) for who in ("DR1", "DR2") for kind in ("short", "long")
    }
    assert (table["days"] == 0).all()  # they work around the clock
    planner.third_next_available(asked, keep=True)
    kept = store.rows("measurements")
    assert kept[["provider", "visit_type"]].values.tolist() == table[["provider", "visit_type"]].values.tolist()
    assert store.measures(FIRST, LAST).summary.set_index("measure").loc["third_next_available", "denominator"] == 4
    assert store.check().empty
    assert store.verify() == []


def test_no_name_is_in_what_is_written(lived: tuple[Store, Canaries], tmp_path: Path) -> None:
    """Tables, charts and page have ids alone, and are written again in place of the earlier ones."""
    store, canaries = lived
    for by in ("provider", "language"):
        write_measures(store.measures(FIRST, LAST, by=by), tmp_path / "out")
    files = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    assert {"measures.html", "measures.csv", "summary_by_language.csv", "charts/no_show.svg"} <= set(files)
    assert "summary_by_provider.csv" not in files
    assert not [found for path in files_below([tmp_path]) for found in canaries.found_in(path.read_bytes())]
