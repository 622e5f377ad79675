"""What can only be a mistake is refused, and what may be meant though it is odd is read with a warning."""

from __future__ import annotations

import datetime as dt
import itertools
import unicodedata
import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.errors import Fault, InputError, InputWarning
from schedopt.models.office import Office, Settings
from schedopt.models.tables import Patient, Request
from schedopt.office import assemble, extend_office, office_from_frames
from schedopt.office.csv_file import parse_csv
from schedopt.office.history import read_history
from schedopt.office.rows import read_rows
from tests.office.folders import Grid, edited, grid_frame, office_grids
from tests.office.test_read import SETTINGS

MONDAY = dt.date(2026, 11, 30)
Place = tuple[str, int | None, str | None]


def _read(grids: dict[str, Grid]) -> tuple[list[Fault], list[Fault]]:
    """What is refused, and what is warned of."""
    frames = {name: grid_frame(grid) for name, grid in grids.items()}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            office_from_frames(frames, SETTINGS)
        except InputError as error:
            return list(error.faults), []
    return [], [fault for each in warned if isinstance(each.message, InputWarning) for fault in each.message.faults]


def _places(faults: list[Fault]) -> list[Place]:
    return [(fault.file, fault.row, fault.column) for fault in faults]


def _authorised(name: str) -> dict[str, Grid]:
    """The office with an authorisation used by the first appointment, of N2's check-up on 1 December."""
    grids = office_grids()
    grids["appointments"] = [
        [*row, cell] for row, cell in zip(grids["appointments"], ("authorisation", name, ""), strict=True)
    ]
    grids["authorisations"] += [
        ["A3", "N2", "ACME", "check-up", "2", "", ""],
        ["A4", "N2", "ACME", "imaging", "2", "", ""],
        ["A5", "N2", "ZETA", "check-up", "2", "2026-12-02", ""],
    ]
    return grids


@pytest.mark.parametrize(
    ("grids", "place"),
    [
        (edited(("requests", 3, "same_day_as", "R1")), ("requests", 3, "same_day_as")),
        (edited(("patients", 2, "birth_date", "2026-12-01")), ("requests", 2, "ready")),
        (edited(("patients", 3, "birth_date", "2026-12-02")), ("appointments", 2, "date")),
        (_authorised("A1"), ("appointments", 2, "authorisation")),
        (_authorised("A4"), ("appointments", 2, "authorisation")),
        (edited(("patients", 3, "patient", "N\N{FULLWIDTH DIGIT ONE}")), ("patients", 3, "patient")),
    ],
)
def test_mistakes_are_refused(grids: dict[str, Grid], place: Place) -> None:
    """What contradicts itself is a fault at its place."""
    assert place in _places(_read(grids)[0])


@pytest.mark.parametrize(
    ("grids", "place"),
    [
        (edited(("requests", 2, "due", "2026-11-29")), ("requests", 2, "due")),
        (edited(("providers", 2, "supervisors", "DR3")), ("providers", 2, "supervisors")),
        (_authorised("A5"), ("appointments", 2, "authorisation")),
    ],
)
def test_odd_things_are_warned_of(grids: dict[str, Grid], place: Place) -> None:
    """What may be meant is read, with a warning at its place."""
    assert _read(grids) == ([], [fault for fault in _read(grids)[1] if _places([fault]) == [place]])
    assert _places(_read(grids)[1]) == [place]


@pytest.mark.parametrize("grids", [office_grids(), _authorised("A3")])
def test_sound_offices_are_read_without_a_word(grids: dict[str, Grid]) -> None:
    """Nothing is said of an office in which nothing is odd."""
    assert _read(grids) == ([], [])


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 2), st.integers(0, 2), st.integers(-1, 2)), max_size=3))
def test_days_are_refused_exactly_where_no_days_keep_them(drawn: list[tuple[int, int, int, int]]) -> None:
    """Series and same days contradict each other exactly where no days, tried one and all, keep them together."""
    rows = [
        (number, after if after < number else -1, low, low + more, same if same not in (number, -1) else -1)
        for number, (after, low, more, same) in enumerate(drawn)
        if same < len(drawn)
    ]
    grids = {name: office_grids()[name] for name in ("sites", "providers", "patients", "visit_types", "steps", "pools")}
    grids["shifts"] = office_grids()["shifts"]
    grids["roles"] = office_grids()["roles"][:1]
    known = {number for number, *_ in rows}
    head = ["request", "patient", "visit_type", "after", "after_min_days", "after_max_days", "same_day_as"]
    kept = [
        (number, after if after in known else -1, low, high, same if same in known else -1)
        for number, after, low, high, same in rows
    ]
    grids["requests"] = [head] + [
        [f"R{n}", "N1", "imaging"]
        + ([f"R{after}", str(low), str(high)] if after >= 0 else ["", "", ""])
        + [f"R{same}" if same >= 0 else ""]
        for n, after, low, high, same in kept
    ]
    place = {number: index for index, (number, *_) in enumerate(kept)}

    def is_kept(days: tuple[int, ...]) -> bool:
        return all(
            (after < 0 or low <= days[place[n]] - days[place[after]] <= high)
            and (same < 0 or days[place[n]] == days[place[same]])
            for n, after, low, high, same in kept
        )

    can_be = any(map(is_kept, itertools.product(range(7), repeat=len(kept))))
    refused, _ = _read(grids)
    assert (refused == []) == can_be
    assert {fault.column for fault in refused} <= {"same_day_as"}


def test_who_is_not_born_yet_cannot_ask_for_a_visit() -> None:
    """A patient born after the days planned who asks for a visit in them is refused, and shown as hidden."""
    grids = edited(("patients", 4, "birth_date", "2199-01-01"), ("requests", 6, "due", ""))
    frames = {name: grid_frame(grid) for name, grid in grids.items()}
    with pytest.raises(InputError) as caught:
        assemble(office_from_frames(frames, SETTINGS), MONDAY)
    assert _places(list(caught.value.faults)) == [("patients.csv", 4, "birth_date")]
    assert "2199" not in str(caught.value)


UNSEEN = "\u200b\u200d\u00ad\ufeff\u2060\u180e\u034f\u3164\ufe0f\u00a0\u2009\u3000\u202e"
CONTROLS = "\0\x07\x1b\x7f\x85\x9b\u2028\u2029\ud800"


@pytest.mark.parametrize("character", [*UNSEEN, *CONTROLS])
def test_what_cannot_be_seen_is_in_no_id(character: str) -> None:
    """Characters that show nothing, odd blanks and control characters are refused inside ids and lists of ids."""
    for cell in (f"N{character}1", f"N1; N{character}1"):
        with pytest.raises(ValueError, match=r"expected|valid string"):
            Request(request=cell, patient="N1", visit_type="x")
        with pytest.raises(ValueError, match=r"expected|valid string"):
            Request(request="R1", patient="N1", visit_type="x", providers=cell)


@given(st.text(max_size=8))
def test_ids_that_look_alike_are_alike(text: str) -> None:
    """An id that is accepted is the same in every form that is only another way to write its characters."""
    try:
        row = Patient(patient=text)
    except ValueError:
        return
    assert unicodedata.normalize("NFC", row.patient) == row.patient
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs") for character in row.patient)


@pytest.mark.parametrize("character", [*CONTROLS])
def test_no_text_has_control_characters(character: str) -> None:
    """Control characters are refused in names, of people as of the office."""
    with pytest.raises(ValueError, match=r"control characters|valid"):
        Patient(patient="N1", name=f"a{character}b")
    with pytest.raises(ValueError, match=r"control characters|valid"):
        Settings(name=f"a{character}b")


@pytest.mark.parametrize("zone", ["localtime", "Factory"])
def test_zones_are_places(zone: str) -> None:
    """A zone that means another one on each machine, or none, is refused."""
    with pytest.raises(ValueError, match="IANA"):
        Settings(time_zone=zone)


@pytest.mark.parametrize("first", [dt.date.min, dt.date(1899, 12, 31), dt.date(2199, 12, 26), dt.date.max])
def test_days_planned_can_be_written(first: dt.date) -> None:
    """Days that no table could hold are not planned, and dates at the ends of time are errors like others."""
    with pytest.raises(InputError, match="between 1900 and 2199"):
        assemble(Office(), first)


def test_only_new_rows_are_warned_of() -> None:
    """An office that is extended is not warned of again for the rows that it had."""
    frames = {name: grid_frame(grid) for name, grid in edited(("requests", 2, "due", "2026-11-29")).items()}
    with pytest.warns(InputWarning):
        office = office_from_frames(frames, SETTINGS)
    row = {"request": "R7", "patient": "N4", "visit_type": "check-up", "ready": "2026-12-02"}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        extend_office(office, {"requests": [row]})
    assert said == []
    with pytest.warns(InputWarning) as warned:
        extend_office(office, {"requests": [row | {"due": "2026-12-01"}]})
    assert [fault.row for one in warned for fault in one.message.faults] == [8]  # type: ignore[union-attr]


HEADERS = {
    "empty columns at the right": (["patient", "name", "", ""], ["N1", "Ada", "", ""]),
    "empty cells beyond the header": (["patient", "name"], ["N1", "Ada", "", ""]),
    "an empty column in between": (["patient", "", "name"], ["N1", "", "Ada"]),
    "capitals": (["Patient", "NAME"], ["N1", "Ada"]),
    "blanks for underscores": (["patient", "name", "Birth Date"], ["N1", "Ada", "1984-02-29"]),
}


@pytest.mark.parametrize("name", HEADERS)
def test_what_spreadsheets_leave_is_read_with_a_word(name: str) -> None:
    """Empty columns and cells, and capitals and blanks in column names, are read as if they were not there."""
    header, row = HEADERS[name]
    content = "\n".join([",".join(header), ",".join(row), "," * len(row), ""]).encode()
    sheet, faults = parse_csv(Patient, "patients.csv", content)
    assert sheet is not None
    table = read_rows(sheet)
    assert faults == []
    assert [(patient.patient, patient.name) for patient in table.rows] == [("N1", "Ada")]  # type: ignore[attr-defined]
    assert len(table.notes) == 1
    assert "Ada" not in table.notes[0]


def test_a_column_without_a_name_that_has_cells_is_a_fault() -> None:
    """Cells under no name are not passed over, and a name that stands there exactly goes before one in capitals."""
    _, faults = parse_csv(Patient, "patients.csv", b"patient,,\nN1,,x\n")
    assert [fault.expected for fault in faults] == ["expected a column name in cell 3 of the header"]
    _, faults = parse_csv(Patient, "patients.csv", b"patient,Patient\nN1,N2\n")
    assert [fault.row for fault in faults] == [1]


def test_long_past_visits_are_warned_of() -> None:
    """A visit of fifteen hours is read with a warning, and one that was planned as long without."""
    day = {"provider": "DR1", "visit_type": "x", "patient": "N1", "date": "2026-11-02", "outcome": "kept"}
    frame = pd.DataFrame([
        day | {"visit": "V1", "began": "08:00", "ended": "23:00", "minutes": 20},
        day | {"visit": "V2", "began": "08:00", "ended": "23:00", "minutes": 600},
        day | {"visit": "V3", "began": "08:00", "ended": "08:20", "minutes": 20},
    ])  # fmt: skip
    with pytest.warns(InputWarning) as warned:
        read_history(frame)
    assert isinstance(warned[0].message, InputWarning)
    assert _places(list(warned[0].message.faults)) == [("history", 2, "ended")]
