"""Maintenance in a store: done is kept with its due day, closures are written once, and rights hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd
import pytest

from schedopt.errors import InputError
from schedopt.models.problem.changes import Closed
from schedopt.office.read import fingerprint
from schedopt.operations.equipment.due import maintenance_due
from schedopt.operations.equipment.placed import closure_rows
from schedopt.operations.equipment.tables import Maintenance
from schedopt.registry import Store
from tests.operations.placing_offices import FIRST, devices, office
from tests.stores import START, new_store

TODAY = START.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A store with an office that has devices."""
    made = office(requests=3, **devices())
    with new_store() as found:
        found.import_office(made.model_copy(update={"fingerprint": fingerprint(made)}))
        found.set_actor("dora", ["desk"])
        yield found
        assert found.check().empty
        assert found.verify() == []


def test_done_is_kept(store: Store) -> None:
    """The next due day counts from it, history and record say when, and twice said is once written."""
    before = maintenance_due(store.office(FIRST), TODAY).set_index("device")["due"]
    done = store.maintenance_done("US-2", "calibration", TODAY)
    assert done.due == before["US-2"]
    assert store.maintenance_done("US-2", "calibration", TODAY) == done
    after = maintenance_due(store.office(FIRST), TODAY).set_index("device")["due"]
    assert after["US-2"] == TODAY + 180 * DAY
    assert after["US-1"] == before["US-1"]
    record = store.maintenance_record()
    assert record["days_late"].tolist() == [(TODAY - before["US-2"]).days]
    assert record["state"].tolist() == ["late"]
    assert len(store.history("maintenance", ("calibration", "US-2", ""))) == 2
    store.maintenance_done("US-2", "calibration", TODAY - DAY, due=TODAY)
    assert maintenance_due(store.office(FIRST), TODAY).set_index("device")["due"]["US-2"] == TODAY + 180 * DAY
    assert {row.task for row in store.office(FIRST).rows(Maintenance) or ()} == {"calibration"}


def test_closures_are_written_once(store: Store) -> None:
    """They close the pool for whoever plans next; what is closed already is not closed again."""
    nine = dt.datetime.combine(FIRST, dt.time(9))
    rows = closure_rows(Closed("SCAN", nine, nine + dt.timedelta(hours=1), 1, "US-1"), "out of order")
    assert store.close_pools(rows) == 1
    assert store.close_pools(rows.assign(reason="calibration")) == 0
    assert store.close_pools(rows.assign(taken_by="US-2")) == 1
    there = store.problem(FIRST).week.pools.available(96)[0]
    assert there[36:40].tolist() == [0] * 4
    assert there[40] == 2


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    """No such device, task, pool or day; and the desk writes nothing of it."""
    for what, task, day in (
        ("US-9", "calibration", TODAY),
        ("US-1", "polish", TODAY),
        ("US-1", "calibration", TODAY + DAY),
    ):
        with pytest.raises(InputError):
            store.maintenance_done(what, task, day)
    with pytest.raises(InputError):
        store.close_pools(pd.DataFrame([{"pool": "ATTIC", "date": "2026-11-30"}]))
    store.maintenance_done("US-2", "calibration", TODAY)
    desk = store.by("dora", "operations")
    assert len(desk.maintenance_record()) > 0
