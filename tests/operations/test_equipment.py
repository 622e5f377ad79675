"""Maintenance is due by days or uses, whichever is first, and placed without collisions; what is broken is known."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.errors import InputError
from schedopt.interop.plan_record import parse_record, record_text
from schedopt.models.problem.changes import Closed, changed
from schedopt.models.problem.couplings.pools import pool_usage
from schedopt.models.problem.week import ALL_UNITS
from schedopt.models.tables import PoolClosure
from schedopt.office import assemble
from schedopt.office.happened import with_changes
from schedopt.office.write import office_files
from schedopt.operations.equipment.broken import out_of_order
from schedopt.operations.equipment.due import maintenance_due
from schedopt.operations.equipment.page import maintenance_html
from schedopt.operations.equipment.placed import place_maintenance
from schedopt.operations.equipment.record import maintenance_record
from schedopt.operations.equipment.tables import Device, Maintenance, MaintenanceDone
from tests.cli.commands import invoke
from tests.effort import examples
from tests.operations.placing_offices import FIRST, devices, office, plan_of

DAY = dt.timedelta(days=1)


def row_of(**said: object) -> Maintenance:
    """Something to do to a scanner."""
    return Maintenance(**({"task": "check", "device": "US-1", "minutes": 30} | said))  # type: ignore[arg-type]


@settings(max_examples=examples(32))
@given(
    st.lists(st.integers(-60, -1), max_size=30), st.one_of(st.none(), st.integers(1, 80)),
    st.one_of(st.none(), st.integers(1, 12)), st.integers(-70, -1),
)  # fmt: skip
def test_due_by_days_or_uses_whichever_is_first(
    held: list[int], days: int | None, uses: int | None, since: int
) -> None:  # fmt: skip
    """A day at a time: the first on which the days are over, or one unit's share of the uses is reached."""
    if days is None and uses is None:
        return
    made = office(
        requests=1, **devices(maintenance=(row_of(every_days=days, every_uses=uses, last_done=FIRST + since * DAY),))
    )
    history = pd.DataFrame({"date": [FIRST + n * DAY for n in held], "site": "MAIN", "visit_type": "scan"})
    found = maintenance_due(made, FIRST, history=history, weeks=4).iloc[0]
    last, count, expected = FIRST + since * DAY, 0.0, None
    for number in range(1, 71 + 200):
        date = last + number * DAY
        by_days = days is not None and number >= days
        if date < FIRST:
            count += sum(FIRST + n * DAY == date for n in held) / 2
        elif not by_days and (uses is None or count < uses):
            continue  # later uses are as usual: told apart below
        if by_days or (uses is not None and count >= uses):
            expected = date
            break
    if expected is not None and (expected <= FIRST or found["due_by"] == "days"):
        assert found["due"] == expected
    assert found["uses"] == round(sum(since < n for n in held) / 2, 1)
    due = found["due"]
    state = "later" if due is None or due > FIRST + 28 * DAY else ("overdue" if due < FIRST else "due")
    assert found["state"] == state


def test_uses_go_on_as_planned() -> None:
    """A plan's visits count on their days, and the weeks after are like the planned one."""
    made = office(3, requests=20, capacity=1, days=5, **devices(
        devices=(Device(device="US-1", pool="SCAN"),),
        maintenance=(row_of(every_uses=12, last_done=FIRST - 10 * DAY),),
    ))  # fmt: skip
    plan = plan_of(made)
    scans = plan.schedule[plan.schedule["visit_type"] == "scan"].groupby("date").size().to_dict()
    count, date = 0, FIRST - DAY
    while count < 12:
        date += DAY
        count += scans.get(FIRST + ((date - FIRST).days % 7) * DAY, 0)
    found = maintenance_due(made, FIRST, plan=plan).iloc[0]
    assert (found["due"], found["due_by"], found["uses"]) == (date, "uses", 0)


def test_what_is_overdue_comes_first_and_names_its_visits() -> None:
    """Overdue before due before later; never done is due today; what is out of use has nothing to be done."""
    rows = (
        row_of(task="later", every_days=300, last_done=FIRST - DAY),
        row_of(task="due", every_days=30, last_done=FIRST - 10 * DAY),
        row_of(task="never", every_days=30),
        row_of(task="overdue", every_days=30, last_done=FIRST - 40 * DAY),
        row_of(task="gone", device="US-2", every_days=30),
        row_of(task="clean", device=None, pool="SCAN", every_days=30, last_done=FIRST - 35 * DAY),
    )
    made = office(2, requests=20, capacity=1, **devices(
        devices=(Device(device="US-1", pool="SCAN"), Device(device="US-2", state="out-of-use")), maintenance=rows,
    ))  # fmt: skip
    plan = plan_of(made)
    scans = int((plan.schedule["visit_type"] == "scan").sum())
    found = maintenance_due(made, FIRST, plan=plan)
    assert found["task"].tolist() == ["overdue", "clean", "never", "due", "later"]
    assert found["state"].tolist() == ["overdue", "overdue", "due", "due", "later"]
    assert found["days_left"].tolist()[:3] == [-10, -5, 0]
    assert found[["visits", "visits_need"]].to_numpy().tolist()[:2] == [[scans, scans]] * 2
    assert "cannot be held without it" in found["why"].iloc[0]
    spare = office(2, requests=20, capacity=9, **devices(maintenance=rows[3:4]))
    more = maintenance_due(spare, FIRST, plan=plan_of(spare)).iloc[0]
    assert more["visits"] > 0 == more["visits_need"]


def test_a_technician_does_one_thing_at_a_time_within_the_window() -> None:
    """What is due is placed before it is due, what is overdue within the window from today, never two at once."""
    made = office(4, requests=12, **devices())
    plan = plan_of(made)
    found = place_maintenance(made, plan, FIRST, time_limit=0.1)
    rows = found.placed.placements
    assert sorted(rows["task"]) == ["calibration US-1", "calibration US-2"]
    assert rows["date"].between(FIRST, FIRST + 5 * DAY).all()
    assert len({(row.date, row.start) for row in rows.itertuples()}) == 2
    text = found.closures.to_csv(index=False)
    closures = [PoolClosure(**cells) for cells in pd.read_csv(io.StringIO(text), dtype=str).to_dict("records")]
    assert {(row.reason, row.units, row.taken_by) for row in closures} == {
        ("calibration", 1, "US-1"),
        ("calibration", 1, "US-2"),
    }
    written = assemble(office(4, requests=12, **devices(pool_closures=tuple(closures))), FIRST).week
    ours = changed(plan.problem, found.placed.changes).week
    assert (written.pools.available(96 * 2) == ours.pools.available(96 * 2)).all()


def test_where_nothing_fits_in_time_it_is_late_or_has_a_reason() -> None:
    """A window of no day in which the thing cannot be goes on after the due day, and else says why not."""
    late = row_of(every_days=30, last_done=FIRST - 25 * DAY, window_days=3)  # due on a Saturday; Friday is not planned
    never = row_of(task="long", every_days=1, minutes=600, window_days=1)
    made = office(4, requests=6, **devices(maintenance=(late, never)))
    found = place_maintenance(made, plan_of(made), FIRST, time_limit=0.1).placed
    assert found.placements["date"].tolist() == [FIRST + 7 * DAY]
    assert found.unplaced["task"].tolist() == ["long US-1"]
    assert "600 minutes" in found.unplaced["reason"].iloc[0]


def test_a_device_out_of_order() -> None:
    """Nobody uses more than is left; who moves is named with other times that are free; the closure is a row."""
    made = office(2, requests=12, capacity=1, **devices(devices=(Device(device="US-1", pool="SCAN"),), maintenance=()))
    plan = plan_of(made)
    start = dt.datetime.combine(FIRST, dt.time())
    found = out_of_order(made, plan, "US-1", start, start + DAY, time_limit=0.1)
    today = plan.schedule[(plan.schedule["visit_type"] == "scan") & (plan.schedule["date"] == FIRST)]
    assert found.using == len(today) > 0
    assert set(today["request"]) <= set(found.affected["request"])
    after = found.after.plan.schedule
    assert not ((after["visit_type"] == "scan") & (after["date"] == FIRST)).any()
    assert found.closures.to_numpy().tolist() == [["SCAN", "2026-11-30", "00:00", "24:00", "out of order", "1", "US-1"]]
    assert found.after.plan.audit.breaches.empty
    with pytest.raises(InputError, match="US-1"):
        out_of_order(made, plan, "US-l", start, start + DAY)


def test_one_of_two_devices_out_of_order() -> None:
    """Where both are in use, one visit leaves; the other one stays, and no more are in use than are left."""
    made = office(2, requests=14, **devices(maintenance=()))
    plan = plan_of(made)
    assert pool_usage(plan.problem.week, plan.assignment).max() == 2
    start = dt.datetime.combine(FIRST, dt.time())
    found = out_of_order(made, plan, "US-1", start, start + 2 * DAY, time_limit=0.1)
    assert pool_usage(found.after.plan.problem.week, found.after.plan.assignment).max() == 1
    assert found.after.plan.audit.breaches.empty
    assert found.after.moved + found.after.lost < found.using
    assert "SCAN lacks units then" in set(found.affected["reason"])


@settings(max_examples=examples(32))
@given(st.data(), st.integers(0, 4))
def test_units_closed_add_up_by_what_takes_them(data: st.DataObject, capacity: int) -> None:
    """In each cell what is there is what there is, less the most units that each taker takes."""
    pools = assemble(office(requests=1, capacity=capacity), FIRST).week.pools
    units_of, takers = st.sampled_from((None, 1, 2)), st.sampled_from((None, "A", "B"))
    rows = data.draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), units_of, takers), max_size=5))
    for first, length, units, taker in rows:
        pools = pools.with_closed("SCAN", (first, first + length), units, taker)
    for cell, there in enumerate(pools.available(12)[0].tolist()):
        gone: dict[str | None, int] = {}
        for first, length, units, taker in rows:
            if first <= cell < first + length:
                gone[taker] = max(gone.get(taker, 0), ALL_UNITS if units is None else units)
        assert there == max(0, capacity - sum(gone.values()))


def test_closed_units_are_kept_in_folders() -> None:
    """A plan's record, and the office that it is published into, say how many units are closed, and for what, once."""
    made = office(1, requests=3)
    shut = Closed("SCAN", dt.datetime.combine(FIRST, dt.time(8)), dt.datetime.combine(FIRST, dt.time(9)), 1, "US-1")
    whole = replace(shut, units=None, taken_by=None)
    for change in (shut, whole):
        repaired = schedopt.replan(plan_of(made), [change], 0.1).plan
        assert parse_record(record_text(repaired, []).encode()).changes == (change,)
        published = with_changes(with_changes(made, [change]), [change])
        rows = published.pool_closures or ()
        assert [(row.units, row.taken_by) for row in rows] == [(change.units, change.taken_by)]
        again = changed(assemble(published, FIRST), [change]).week.pools
        assert (again.available(192) == repaired.problem.week.pools.available(192)).all()
    assert (
        "units"
        not in record_text(schedopt.replan(plan_of(made), [whole], 0.1).plan, []).split('"changes"')[1].split("]")[0]
    )


def test_the_record_says_what_was_late() -> None:
    """By how many days, the newest first; without a due day nobody knows."""
    rows = [
        MaintenanceDone(task="a", device="D", done_on=FIRST + 3 * DAY, due=FIRST),
        MaintenanceDone(task="a", device="D", done_on=FIRST - 9 * DAY, due=FIRST),
        MaintenanceDone(task="b", pool="P", done_on=FIRST),
    ]
    found = maintenance_record(rows)
    assert found["days_late"].tolist() == [3, 0, 0]
    assert found["state"].tolist() == ["late", "not known", "in time"]


def test_the_page_holds_what_the_tables_say() -> None:
    """Each task and placement stands on the page, with its reason, and nothing on it runs."""
    made = office(4, requests=8, **devices())
    plan = plan_of(made)
    due = maintenance_due(made, FIRST, plan=plan)
    due.loc[0, "task"] = "<script>x</script>"
    html = maintenance_html("Office & Co", FIRST, due, place_maintenance(made, plan, FIRST, time_limit=0.1).placed)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "Office &amp; Co" in html
    for words in ("Overdue: 1", "Due: 1", "US-1", "US-2", "No visit needs the time."):
        assert words in html


def test_doubts_about_devices(tmp_path: Path) -> None:
    """More devices than units, and uses of what no visit uses, are warnings of the office that is read."""
    made = office(4, requests=4, capacity=1, **devices(
        devices=(Device(device="US-1", pool="SCAN"), Device(device="US-2", pool="SCAN"), Device(device="FR-1")),
        maintenance=(row_of(device="FR-1", every_uses=9),),
    ))  # fmt: skip
    for name, content in office_files(made).items():
        (tmp_path / name).write_bytes(content)
    with pytest.warns(UserWarning, match="no more devices in use than the pool has units") as told:
        read = schedopt.read_office(tmp_path)
    assert any("no visit counts as a use" in str(one.message) for one in told)
    assert read.rows(Maintenance) == made.rows(Maintenance)


def test_the_command(tmp_path: Path) -> None:
    """From a folder: what is due, where it goes, the rows that close it, and a device out of order."""
    made = office(4, requests=10, **devices())
    place, out = tmp_path / "office", tmp_path / "plan"
    place.mkdir()
    for name, content in office_files(made).items():
        (place / name).write_bytes(content)
    schedopt.write_plan(plan_of(schedopt.read_office(place)), out)
    found = invoke("maintenance", place, "--day", "2026-11-30", "--out", tmp_path / "due.csv")
    assert found.exit_code == 1  # one is overdue
    assert pd.read_csv(tmp_path / "due.csv")["device"].tolist() == ["US-2", "US-1"]
    found = invoke(
        "maintenance",
        place,
        out,
        "--day",
        "2026-11-30",
        "--closures",
        tmp_path / "c.csv",
        "--page",
        tmp_path / "p.html",
    )
    assert "No visit needs the time." in " ".join(found.stdout.split())
    assert (tmp_path / "p.html").read_text("utf-8").startswith("<!doctype html>")
    assert len(pd.read_csv(tmp_path / "c.csv")) == 2
    broken = invoke("maintenance", place, out, "--out-of-order", "US-1@2026-11-30..2026-12-01", "--out", out)
    assert broken.exit_code in (0, 1), broken.output
    assert schedopt.read_plan(out, schedopt.read_office(place)).problem.week.pools.available(192).max(
        axis=1
    ).tolist() == [1]
    for words in (
        ("--close",),
        ("--record",),
        ("--out-of-order", "US-1@2026-11-30"),
        ("--done", "US-1", "calibration", "2026-11-30"),
    ):
        assert invoke("maintenance", place, *words).exit_code == 2
    assert np.isin(["2026-11-30", "2026-12-01"], pd.read_csv(tmp_path / "c.csv")["date"]).any()
