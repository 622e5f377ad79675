"""The work list finds every gap that is planted, says nobody's values, and has a due date that helps."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.tables import Appointment, Cancellation, Coverage, Patient, Request
from schedopt.models.tables.fields import noted
from schedopt.records.people import Person, Restriction
from schedopt.records.quality import CHECKS, COLUMNS, Records, checks_table, worklist
from tests.effort import examples
from tests.records.quality.sound import AFTER, PERSON, PLANTED, SOUND, TODAY, VISIT, person


@cache
def listed(name: str) -> pd.DataFrame:
    """The work list of records with a planted gap."""
    return worklist(PLANTED[name].records)


DAYS = st.integers(-10, 40).map(lambda number: TODAY + dt.timedelta(days=number))


def test_sound_records_make_no_work() -> None:
    """Where nothing is missing the list is empty, and has its columns."""
    found = worklist(SOUND)
    assert list(found.columns) == list(COLUMNS)
    assert found.dtypes.equals(listed("coverage_missing").dtypes)
    assert len(found) == 0
    assert len(worklist(Records(today=TODAY))) == 0


def test_every_check_has_a_planted_gap() -> None:
    """The list of checks and the gaps that are planted are the same."""
    names = [check.name for check in CHECKS]
    assert len(names) == len(set(names)) == 30
    assert set(names) == PLANTED.keys()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_gap_is_found(name: str) -> None:
    """With its id, its harm and its visit, and by its own check alone, so that no other one hides that it is lost."""
    planted, found = PLANTED[name], listed(name)
    here = found[found["check"] == name]
    assert here["about"].iloc[0] == planted.about
    assert here["harm"].iloc[0] == planted.harm
    assert (here["visit"].iloc[0] == pd.Timestamp(VISIT)) == planted.is_booked
    assert set(found["check"]) == {name}


@pytest.mark.parametrize("name", PLANTED)
def test_nobodys_values_are_said(name: str) -> None:
    """Nothing that stands in a private column stands in the list."""
    text, people = listed(name).to_csv(), PLANTED[name].records.people or ()
    private = [str(getattr(row, column)) for row in people for column in noted(Person, "private")]
    assert [value for value in private if value not in ("", "None", "12") and value in text] == []


@settings(max_examples=examples(12))
@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), st.integers(0, 60), st.sampled_from(list(PLANTED)),
    st.sets(st.integers(0, 30), max_size=5),
)  # fmt: skip
def test_what_is_due_is_due_before_the_visit(today: dt.date, ahead: int, name: str, closed: set[int]) -> None:
    """Never before today; on a working day before the visit, or today where that is too late."""
    holidays = tuple(today + dt.timedelta(days=number) for number in closed)
    rows = tuple(
        row.model_copy(update={"date": today + dt.timedelta(days=ahead)}) for row in SOUND.appointments
    )  # fmt: skip
    records = replace(PLANTED[name].records, today=today, appointments=rows, closed=holidays)
    for row in worklist(records).itertuples():
        due = row.due.date()
        assert due >= today
        if due > today:
            assert due.weekday() < 5
            assert due not in holidays
            assert pd.isna(row.visit) or due < row.visit.date()


def test_most_urgent_comes_first() -> None:
    """By harm, then by due day; a person's gap counts for the next visit, and for none that is cancelled."""
    rows = [Request(request=f"R{n}", patient=f"N{n}", visit_type="scan") for n in range(1, 5)]
    dates = [VISIT, VISIT - dt.timedelta(days=4), VISIT, VISIT]
    appointments = [
        Appointment(request=row.request, provider="DR1", date=date, start="08:00")
        for row, date in zip(rows, dates, strict=True)
    ]
    people = [person(person=f"p{n}", patient=f"N{n}", mrn=f"{n}", soc_sec_id="", birth_date=None) for n in range(1, 4)]
    records = Records(
        today=TODAY, requests=tuple(rows), appointments=tuple(appointments), visit_types=SOUND.visit_types,
        people=(*people, person(person="p4", patient="N4", soc_sec_id="", phone="1")),
        cancellations=(Cancellation(request="R3"),),
    )  # fmt: skip
    found = worklist(records)
    assert found["about"].tolist() == ["N2", "N1", "N4", "N3"]
    assert found["harm"].tolist() == [2, 2, 1, 0]
    assert found["due"].dt.strftime("%m-%d").tolist() == ["12-02", "12-04", "12-04", "12-25"]


def test_who_pays_himself_needs_no_insurance() -> None:
    """Neither a patient who pays nor a visit that is paid so is asked for insurance."""
    bare = replace(SOUND, coverage=(), referrals=(), authorisations=())
    paid = Restriction(person="p1", kind="self_pay_visit", request="R1")
    assert set(worklist(bare)["check"]) == {"coverage_missing"}
    assert len(worklist(replace(bare, restrictions=(paid,)))) == 0
    assert len(worklist(replace(bare, patients=(Patient(patient="N1", self_pay=True), Patient(patient="N2"))))) == 0
    assert len(worklist(replace(SOUND, coverage=None, referrals=(), authorisations=()))) == 0


def test_several_visits_are_one_piece_of_work() -> None:
    """Insurance that has ended is renewed once: one row, for the first visit, that says how many there are."""
    request = Request(request="R0", patient="N1", visit_type="scan")
    again = Appointment(request="R0", provider="DR1", date=AFTER, start="08:00")
    ended = replace(
        PLANTED["coverage_ended"].records, requests=(*SOUND.requests, request),
        appointments=(again, *SOUND.appointments),
    )  # fmt: skip
    (row,) = worklist(ended).itertuples()
    assert (row.about, row.visit, row.harm) == ("N1", pd.Timestamp(VISIT), 3)
    assert "2 booked visits" in row.detail


def test_visits_that_share_an_authorisation_use_it_up() -> None:
    """Of two visits one is left over, the later; one that names no authorisation may be counted off already."""
    request = Request(request="R0", patient="N1", visit_type="scan")
    both = replace(SOUND, requests=(*SOUND.requests, request))
    for name, harm in (("A1", 3), (None, 2)):
        again = Appointment(request="R0", provider="DR1", date=AFTER, start="08:00", authorisation=name)
        (row,) = worklist(replace(both, appointments=(*SOUND.appointments, again))).itertuples()
        assert (row.check, row.about, row.harm) == ("authorisation_used_up", "R0", harm)


@settings(max_examples=examples(20))
@given(st.booleans(), st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS), max_size=3), DAYS)
def test_insurance_stands_as_a_reading_by_hand_says(
    is_booked: bool, spans: list[tuple[dt.date | None, dt.date | None]], date: dt.date
) -> None:
    """The words follow from first and last days, one at a time."""
    spans = [(low, high) for low, high in spans if low is None or high is None or low <= high]
    rows = tuple(Coverage(patient="N1", insurer="ACME", valid_from=low, valid_until=high) for low, high in spans)
    appointments = (SOUND.appointments[0].model_copy(update={"date": date}),) if is_booked else ()
    records = replace(SOUND, coverage=rows, terms=(), networks=None, appointments=appointments)
    found = worklist(records, CHECKS[:4])["check"].tolist()
    day = date if is_booked else TODAY + dt.timedelta(days=30)
    if is_booked and date < TODAY:
        assert found == []
        return
    low = [low or dt.date.min for low, _ in spans]
    high = [high or dt.date.max for _, high in spans]
    if any(a <= day <= b for a, b in zip(low, high, strict=True)):
        expected = None
    elif not spans:
        expected = "missing"
    elif any(TODAY <= b < day for b in high):
        expected = "ending"
    elif any(b < day for b in high):
        expected = "ended"
    else:
        expected = "not_begun"
    if expected is None or (not is_booked and expected != "ending"):
        assert found == []
    else:
        assert found == [f"coverage_{expected}"]


def test_merged_persons_make_no_work() -> None:
    """A person who turned out to be another one is looked at no more."""
    merged = Person(person="p3", patient=None, merged_into="p1", phone="1")
    assert len(worklist(replace(SOUND, people=(*(SOUND.people or ()), merged)))) == 0


def test_loading_the_checks_leaves_the_telephone_book_alone() -> None:
    """Neither the package nor the checks load the library of telephone numbers before it is used."""
    code = "import sys, schedopt, schedopt.records.quality; print('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_document_lists_the_checks() -> None:
    """The table in docs/quality.md is what the list of checks says."""
    text = (Path(__file__).resolve().parents[3] / "docs" / "quality.md").read_text("utf-8")
    for row in checks_table().itertuples():
        assert f"| `{row.check}` | {row.says} | {row.owner} | {row.lead} | {row.within} |" in text


def test_the_person_of_these_tests_is_whole() -> None:
    """Every private column of which a check asks is filled."""
    assert PERSON.keys() >= {"birth_date", "phone", "email", "suburb", "postcode", "mrn", "soc_sec_id"}
