"""Publishing a plan and planning the days after it."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.models.office import Office
from schedopt.models.problem.carry import carry, transfer
from schedopt.models.problem.changes import Away, Cancelled, Closed, changed
from schedopt.models.problem.schedule import nothing_placed
from schedopt.office import publish_schedule, write_appointments
from tests.effort import examples
from tests.office.folders import office_files, write_files
from tests.offices import Case, Size, cases
from tests.schedules import sound

SMALL = Size(requests=6, providers=2, days=3, grids=(15,), longest=90)
VISIT = ["request", "provider", "date", "start", "steps", "others"]


def for_days(office: Office, days: int) -> Office:
    """The office, planning so many days at once."""
    return office.model_copy(update={"settings": office.settings.model_copy(update={"days": days})})


def plain(office: Office) -> Office:
    """The office with its promises movable, and nothing wanted on the same day as something else."""
    requests = tuple(row.model_copy(update={"same_day_as": None}) for row in office.requests)
    promises = tuple(row.model_copy(update={"mark": "movable"}) for row in office.appointments or ())
    return office.model_copy(update={"requests": requests, "appointments": promises})


def planned(problem: schedopt.Problem) -> schedopt.Plan:
    """The best plan of a few days."""
    return schedopt.plan(problem, time_limit=5, workers=1, progress=False)


def by_request(plan: schedopt.Plan) -> dict[str, tuple[str, dt.date, str]]:
    """Provider, date and start of every visit."""
    rows = plan.schedule[["request", "provider", "date", "start"]].itertuples(index=False)
    return {row.request: (row.provider, row.date, row.start) for row in rows}


@settings(max_examples=examples(10))
@given(cases(SMALL), st.integers(1, 2))
def test_rolling_on_breaks_nothing_across_the_boundary(case: Case, days: int) -> None:
    """Some days are planned and published, then the days after them: all visits together break nothing in all the
    days, and no visit that took place is planned again.
    """
    total = case.office.settings.days
    assume(days < total)
    office = plain(case.office)
    whole = schedopt.assemble(office, case.first)
    first = planned(schedopt.assemble(for_days(office, days), case.first))
    boundary = case.first + dt.timedelta(days=days)
    later = schedopt.publish(office, first, boundary - dt.timedelta(days=1))
    second = planned(schedopt.assemble(for_days(later, total - days), boundary))
    assert not set(first.schedule["request"]) & set(second.problem.week.requests.ids)
    both = pd.concat([first.schedule[VISIT], second.schedule[VISIT]], ignore_index=True)
    schedule, found = schedopt.read_schedule(whole, both)
    assert found.empty
    assert len(schedule.placed) == len(both)
    assert schedopt.check(whole, schedule).breaches.empty


@settings(max_examples=examples(10))
@given(cases(SMALL), st.integers(-1, 3))
def test_published_visits_stay_and_drafts_have_their_price(case: Case, days: int) -> None:
    """Planned once more, visits on published days stay; the part ``moved`` counts the drafts that did not."""
    before = planned(case.problem)
    assume(before.status != "conflict")
    through = case.first + dt.timedelta(days=days - 1)
    office = schedopt.publish(case.office, before, through)
    again = planned(schedopt.assemble(office, case.first))
    assert again.status != "conflict"
    was, now = by_request(before), by_request(again)
    fixed = {row.request for row in office.appointments or () if row.mark == "fixed"}
    assert {name for name, (_, date, _) in was.items() if date <= through} <= fixed
    assert all(now[name] == visit for name, visit in was.items() if name in fixed)
    priority = dict(zip(again.problem.week.requests.ids, again.problem.week.requests.priority.tolist(), strict=True))
    promised = {row.request: row for row in office.appointments or () if row.mark == "movable"}
    moved = sum(priority[name] for name in promised if name in priority and name in was and now.get(name) != was[name])
    kept_promises = [name for name in promised if name in priority and name not in was]
    moved += sum(priority[name] for name in kept_promises if not _as_promised(again, name))
    assert again.costs.set_index("part")["points"]["moved"] == moved * case.office.settings.weights.moved


def _as_promised(plan: schedopt.Plan, request: str) -> bool:
    row = plan.schedule[plan.schedule["request"] == request]
    return len(row) == 1 and row["promise"].iloc[0] == "kept"


@given(cases(SMALL), st.data())
def test_a_published_schedule_is_what_was_promised(case: Case, data: st.DataObject) -> None:
    """Any schedule without breaches, published, keeps every rule of the office after, and nothing in it has moved."""
    schedule = data.draw(sound(case.problem))
    assume(schedopt.check(case.problem, schedule).breaches.empty)
    through = case.first + dt.timedelta(days=data.draw(st.integers(-1, 3)))
    office = publish_schedule(case.office, case.problem, schedule, through)
    after = schedopt.assemble(office, case.first)
    carried = carry(case.problem, schedule, after)
    assert carried.lost.empty
    audit = schedopt.check(after, carried.schedule)
    assert audit.breaches.empty
    moved = audit.costs.set_index("part")["points"]["moved"]
    left_out = [r for r in range(len(after.week.requests)) if carried.schedule.session[r] < 0]
    promised = after.week.requests.promised_start >= 0
    price = case.office.settings.weights.moved * after.week.requests.priority
    assert moved == sum(int(price[r]) for r in left_out if promised[r] and not after.week.requests.fixed[r])


@given(cases(SMALL), st.data())
def test_without_draft_later_days_are_not_promised(case: Case, data: st.DataObject) -> None:
    """Without draft, no visit past the last day published becomes an appointment."""
    schedule = data.draw(sound(case.problem))
    through = case.first + dt.timedelta(days=data.draw(st.integers(-1, 3)))
    office = publish_schedule(case.office, case.problem, schedule, through, draft=False)
    old = set(case.office.appointments or ())
    assert all(row.date <= through for row in set(office.appointments or ()) - old)


@settings(max_examples=examples(5))
@given(cases(SMALL), st.data())
def test_a_plan_of_another_office_is_refused(case: Case, data: st.DataObject) -> None:
    """A visit of a request or with a provider that the office does not have is named."""
    schedule = data.draw(sound(case.problem))
    assume(len(schedule.placed))
    for table, words in (("requests", "which has no request"), ("providers", "which has no provider")):
        other = case.office.model_copy(update={table: ()})
        with pytest.raises(ValueError, match=words):
            publish_schedule(other, case.problem, schedule, case.first)


def test_appointments_are_written_as_they_are_read(tmp_path: Path) -> None:
    """The file holds the same appointments, ids that a spreadsheet would run among them; a second time the same."""
    folder = write_files(tmp_path, office_files())
    office = schedopt.read_office(folder)
    content = [write_appointments(office, folder / "appointments.csv")[0].read_bytes() for _ in range(2)]
    assert schedopt.read_office(folder).appointments == office.appointments
    assert content[0] == content[1]
    odd = office.requests[0].model_copy(update={"request": "=R(1)"})
    promise = office.appointments[0].model_copy(update={"request": "=R(1)"})
    named = office.model_copy(update={"requests": (odd,), "appointments": (promise,)})
    text = write_appointments(named, folder / "appointments.csv")[0].read_text()
    assert text.splitlines()[1].startswith("=R(1),")


def test_all_tables_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has happened is written beside the appointments and read back as it was published, over days and hours;
    where the last file cannot be put into its place, all are as they were.
    """
    folder = write_files(tmp_path, office_files())
    office = schedopt.read_office(folder)
    problem = schedopt.assemble(office, dt.date(2026, 11, 30))
    said = [
        Away("DR1", dt.datetime(2026, 12, 1, 10, 30), dt.datetime(2026, 12, 3, 9)),
        Closed("WEST-exam", dt.datetime(2026, 12, 2), dt.datetime(2026, 12, 3)), Cancelled("R6"), Cancelled("R5"),
    ]  # fmt: skip
    problem = changed(problem, said)
    published = publish_schedule(office, problem, nothing_placed(problem.week), dt.date(2026, 12, 6))
    away = [(str(r.first_day), r.start, r.end) for r in (published.leave or ())[len(office.leave or ()) :]]
    assert away == [("2026-12-01", 630, 1440), ("2026-12-02", 0, 1440), ("2026-12-03", 0, 540)]
    assert [row.request for row in published.cancellations or ()] == ["R5", "R6"]
    assert [row.request for row in published.appointments or ()] == ["R3"]
    assert publish_schedule(published, problem, nothing_placed(problem.week), dt.date(2026, 12, 6)) == published
    before, replace = {path.name: path.read_bytes() for path in folder.iterdir()}, os.replace

    def fail(path: Path, target: Path) -> None:
        if target.name == "appointments.csv" and path.parent.name == "new":
            raise OSError(28, "No space left on device")
        replace(path, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(schedopt.OutputError, match="No space left"):
        write_appointments(published, folder / "appointments.csv", before=office)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    names = [path.name for path in write_appointments(published, folder / "appointments.csv", before=office)]
    assert names == ["cancellations.csv", "leave.csv", "pool_closures.csv", "appointments.csv"]
    assert schedopt.read_office(folder) == published


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A folder that is not there is an error that names the file, and nothing is left behind."""
    office = schedopt.read_office(write_files(tmp_path, office_files()))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(schedopt.OutputError, match=r"cannot write .*appointments\.csv"):
        write_appointments(office, tmp_path / "none" / "appointments.csv")
    assert sorted(tmp_path.iterdir()) == before


@settings(max_examples=examples(16))
@given(cases(SMALL))
def test_shorter_appointments_are_published(case: Case) -> None:
    """A plan with appointments shorter than its visits is accepted as it was once it is published, lengths and all."""
    office = plain(case.office)
    plan = planned(schedopt.assemble(office, case.first))
    timed = schedopt.retime(plan, schedopt.Uncertainty.assumed(plan, 1.0, 0.4).scenarios(20), schedopt.Costs(1, 9, 9))
    last = case.first + dt.timedelta(days=office.settings.days - 1)
    again = schedopt.assemble(schedopt.publish(office, timed, last), case.first)
    schedule = transfer(timed.problem.week, timed.assignment, again.week)  # who lost a promise may not be due any more
    for column in ("length", "usual_length"):
        of = [getattr(p.week.requests, column) for p in (timed.problem, again)]
        mine, theirs = (some[s.placed] for some, s in zip(of, (timed.assignment, schedule), strict=True))
        assert mine.tolist() == theirs.tolist()
    broken = schedopt.check(timed.problem, timed.assignment).breaches["request"].tolist()
    assert schedopt.check(again, schedule).breaches["request"].tolist() == broken
