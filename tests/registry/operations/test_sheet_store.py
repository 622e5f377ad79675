"""The day's sheets of a store: those of the exported folder, and what the store alone knows, told by rights."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedopt.answers.result import plan_around
from schedopt.errors import AccessDenied, InputError, StoreError
from schedopt.example import example_frames, example_settings
from schedopt.office import assemble, office_from_frames, read_office, read_schedule
from schedopt.operations.cases.acting import NewCase
from schedopt.operations.sheets.lines import GivenDay, Noted
from schedopt.operations.sheets.making import day_sheets
from schedopt.operations.sheets.page import sheet_files
from schedopt.operations.sheets.tables import Received
from schedopt.registry import Store
from tests.stores import new_store

WEEK = dt.date(2026, 11, 30)
NOTHING = Noted()


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[Store, dt.date]]:
    """A store with an invented office, and its day with most bookings."""
    office = office_from_frames(example_frames(sites=1, providers=2, requests=60, seed=5), example_settings())
    days = [row.date for row in office.appointments or () if row.date >= WEEK]
    with new_store() as store:
        store.import_office(office)
        store.set_actor("dora", ["desk"])
        yield store, max(set(days), key=days.count)


def given(store: Store, day: dt.date, noted: Noted = NOTHING) -> GivenDay:
    """What the sheets of the bookings of a day are made of."""
    return GivenDay(store.office(day), store.plan(day), day, noted)


def test_as_the_exported_folder(told: tuple[Store, dt.date], tmp_path: Path) -> None:
    """Every file of a store's sheets is that of the exported folder's with the same visits, byte by byte."""
    store, day = told
    store.export(tmp_path / "office")
    made = given(store, day)
    folder = read_office(tmp_path / "office")
    problem = assemble(folder, day)
    schedule, _ = read_schedule(problem, made.plan.schedule[["request", "provider", "date", "start"]])
    other = GivenDay(folder, plan_around(problem, schedule, {}), day)
    mine, theirs = sheet_files(day_sheets(made)), sheet_files(day_sheets(other))
    assert mine == theirs
    assert len(day_sheets(made).lines) >= 2


def test_names_are_asked_for_and_told(told: tuple[Store, dt.date]) -> None:
    """Names stand on sheets that ask for them; the trail says whose were told, and planners are told none."""
    store, day = told
    patients = {visit.patient for visit in store.plan(day).visits if visit.date == day}
    people = store.rows("people").set_index("patient")["person"]
    words = {row.patient: row.name for row in store.whole_office().patients}
    desk = store.by("dora", "treatment")
    plain = sheet_files(day_sheets(given(store, day, desk.sheet_notes(patients))))
    named = sheet_files(day_sheets(given(store, day, desk.sheet_notes(patients, names=True))))
    for patient in patients:
        assert words[patient].encode() not in b"".join(plain.values())
        assert words[patient].encode() in b"".join(named.values())
    for patient in patients:
        done = store.by("ada", "operations").audit_report(person=people[patient])["operation"].tolist()
        assert done[-1] == "make day's sheets with names"
    store.set_actor("pat", ["planner"])
    with pytest.raises(AccessDenied):
        store.by("pat", "operations").sheet_notes(patients, names=True)
    assert len(store.by("pat", "operations").sheet_notes(patients).untold) == 3


def test_what_the_store_alone_knows(told: tuple[Store, dt.date]) -> None:
    """Open cases, gaps in records and balances of those who come, of nobody else."""
    store, day = told
    visits = [visit for visit in store.plan(day).visits if visit.date == day]
    case = store.open_case(NewCase("concern", "waiting-time", "phone", "Qwertzilla", request=visits[0].request))
    other = next(
        row.patient for row in store.office(day).patients if row.patient not in {one.patient for one in visits}
    )
    store.open_case(NewCase("concern", "waiting-time", "phone", patient=other))
    assert store.sheet_notes({visit.patient for visit in visits}).details == {}, "the office keeps none of anybody"
    person = store.rows("people").set_index("patient")["person"][other]
    store.by("dora", "treatment").update(person, {"email": "n@canary.example"})
    noted = store.sheet_notes({visit.patient for visit in visits})
    assert noted.cases == {visits[0].patient: (case,)}
    assert set(noted.details) == {visit.patient for visit in visits}
    assert all("telephone" in " ".join(words) for words in noted.details.values())
    assert noted.untold == ()
    lines = day_sheets(given(store, day, noted)).lines
    assert next(line.cases for line in lines if line.visit.patient == visits[0].patient) == (case,)
    assert not re.search("Qwertzilla", repr(noted) + repr(lines))


def test_received(told: tuple[Store, dt.date]) -> None:
    """What is received is missing no more; twice is once; what is not there is refused."""
    store, day = told
    desk = store.by("dora", "treatment")
    line = next(one for one in day_sheets(given(store, day)).lines)
    store.add("needs", {"need": "photo", "kind": "record"})

    def lacks() -> bool:
        found = next(one for one in day_sheets(given(store, day)).lines if one.visit.request == line.visit.request)
        return any(one.what == "photo" for one in found.missing)

    assert lacks()
    desk.receive(line.visit.request, "photo")
    desk.receive(line.visit.request, "photo")
    assert not lacks()
    mine = [row for row in store.whole_office().rows(Received) or () if row.need == "photo"]
    assert [row.patient for row in mine] == [line.visit.patient]
    with pytest.raises(StoreError, match="request"):
        desk.receive("R0", "photo")
    with pytest.raises(InputError):
        desk.receive(line.visit.request, "x" * 99)
    assert store.check().empty
