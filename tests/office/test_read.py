"""Reading an office: what is read, by folder or by frames, and how faults are told."""

from __future__ import annotations

import csv
import datetime as dt
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.errors import Fault, InputError
from schedopt.models.office import Office
from schedopt.models.tables import Row
from schedopt.models.tables.fields import format_movable
from schedopt.office import office_from_frames, read_office
from schedopt.office.sources import HOUSE, all_tables, settings_class
from schedopt.operations.source import OPERATIONS
from tests.effort import examples
from tests.office.folders import (
    SECRET_NAME,
    SECRET_YEAR,
    TOML,
    edited,
    grid_frame,
    office_files,
    office_grids,
    write_files,
)

TABLES = all_tables(HOUSE)
SETTINGS = {
    "name": "Test office",
    "time_zone": "America/New_York",
    "grid_minutes": 5,
    "days": 7,
    "weights": {"idle": 2},
    "defaults": {"overtime": 15},
    "holidays": {"country": "US", "subdivision": "NY"},
}


FINGERPRINT = "70699ce97c0dd69055f23c8fce8d3e65c53cb7defe3394e87c757668719f75bb"
"""Of the office of :mod:`tests.office.folders` as it was computed before there were tables of answers."""
ANSWERS = ("eligibility", "collection")
LATER = (*ANSWERS, *(row_class.table_name for row_class in OPERATIONS.row_classes))


def _faults(folder: Path, files: dict[str, bytes]) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read_office(write_files(folder, files))
    return caught.value.faults


def test_reads_every_row_of_every_table(tmp_path: Path) -> None:
    """A sound folder becomes an office with all its rows in order, empty cells being defaults."""
    office = read_office(write_files(tmp_path, office_files()))
    for row_class in TABLES:
        rows = office.rows(row_class)
        assert rows is not None
        assert len(rows) == len(office_grids()[row_class.table_name]) - 1
        assert all(isinstance(row, row_class) for row in rows)
    assert office.settings == settings_class(HOUSE).model_validate(SETTINGS)
    assert [request.request for request in office.requests] == ["R1", "R2", "R3", "R4", "R5", "R6"]
    assert office.requests[0].providers == ("DR1", "DR2")
    assert office.requests[3].ready is None
    assert office.patients[3].birth_date == dt.date(1931, 7, 14)
    assert office.patients[3].name == 'Zebedee "Four" Jr'
    assert office.shifts[4].breaks == ((600, 615), (720, 780))
    assert office.pool_closures is not None
    assert (office.pool_closures[1].start, office.pool_closures[1].end) == (0, 1440)
    assert len(office.fingerprint) == 64


def test_absent_and_empty_tables_differ(tmp_path: Path) -> None:
    """An optional table that is not there is None, one without rows is empty, and the fingerprints differ."""
    grids = office_grids()
    del grids["caps"]
    (tmp_path / "absent").mkdir()
    (tmp_path / "empty").mkdir()
    absent = read_office(write_files(tmp_path / "absent", office_files(grids)))
    empty = read_office(write_files(tmp_path / "empty", office_files({**grids, "caps": [office_grids()["caps"][0]]})))
    assert absent.caps is None
    assert empty.caps == ()
    assert absent.fingerprint != empty.fingerprint


def test_what_came_later_and_is_empty_changes_no_fingerprint() -> None:
    """Columns and sections that came later change the fingerprint where something stands in them, and only there."""
    frames = {name: grid_frame(grid) for name, grid in office_grids().items() if name not in LATER}
    before = office_from_frames(frames, SETTINGS).fingerprint
    assert before == FINGERPRINT
    for table, column, empty, filled in (
        ("requests", "self_pay", "no", "yes"), ("authorisations", "status", "approved", "denied"),
        ("authorisations", "answered", "", "2026-11-12"), ("referrals", "source", "", "278"),
    ):  # fmt: skip
        said = {cell: {**frames, table: frames[table].assign(**{column: cell})} for cell in (empty, filled)}
        assert office_from_frames(said[empty], SETTINGS).fingerprint == before
        assert office_from_frames(said[filled], SETTINGS).fingerprint != before
    for points, same in ((20, True), (21, False)):
        told = {**SETTINGS, "billing": {"unverified": points}}
        assert (office_from_frames(frames, told).fingerprint == before) == same


def test_the_way_a_file_is_written_does_not_matter(tmp_path: Path) -> None:
    """Byte order marks, Windows line ends, quotes, blanks, lines at the end and the order of columns change nothing."""
    plain = read_office(write_files(tmp_path, office_files()))
    grids = office_grids()
    for name, grid in grids.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerows([[f" {cell} " for cell in reversed(row)] for row in grid])
            file.write("\r\n\r\n" + "," * (len(grid[0]) - 1) + "\r\n")
    (tmp_path / "notes.txt").write_text("not read")
    assert read_office(tmp_path) == plain


@settings(max_examples=examples(15))
@given(st.permutations(range(4)))
def test_fingerprint_is_of_rows_in_order(order: list[int]) -> None:
    """Two offices have the same fingerprint exactly when they have the same rows in the same order."""
    frames = {name: grid_frame(grid) for name, grid in office_grids().items()}
    first = _plain_office()
    second = office_from_frames({**frames, "patients": frames["patients"].iloc[list(order)]}, SETTINGS)
    assert (first.fingerprint == second.fingerprint) == (order == sorted(order))


@cache
def _plain_office() -> Office:
    return office_from_frames({name: grid_frame(grid) for name, grid in office_grids().items()}, SETTINGS)


def _typed(office: Office, row_class: type[Row]) -> pd.DataFrame:
    """A table's values as pandas users have them: dates as timestamps, numbers as floats with NaN, lists as lists."""
    frame = pd.DataFrame([row.model_dump() for row in office.rows(row_class) or ()])
    for column in frame.columns:
        if column in ("start", "end"):
            frame[column] = [dt.time(cell // 60, cell % 60) if cell < 1440 else "24:00" for cell in frame[column]]
        elif column in ("quiet_from", "quiet_until"):
            frame[column] = [
                None if pd.isna(cell) else dt.time(int(cell) // 60, int(cell) % 60) for cell in frame[column]
            ]
        elif column in ("breaks", "hours"):
            frame[column] = [
                ";".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in cell)
                for cell in frame[column]
            ]
        elif column == "moving_breaks":
            frame[column] = ["; ".join(map(format_movable, cell)) for cell in frame[column]]
        elif column == "weekday":
            names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            frame[column] = [None if pd.isna(cell) else names[int(cell)] for cell in frame[column]]
        elif column in ("date", "ready", "due", "birth_date", "valid_from", "valid_until", "first_day"):
            frame[column] = pd.to_datetime(frame[column])
    return frame


def test_frames_are_read_like_files(tmp_path: Path) -> None:
    """The same office comes of files, of frames of text and of frames of typed values, with one fingerprint."""
    office = read_office(write_files(tmp_path, office_files()))
    text = {name: grid_frame(grid) for name, grid in office_grids().items()}
    typed = {row_class.table_name: _typed(office, row_class) for row_class in TABLES}
    parsed = {name: pd.read_csv(tmp_path / f"{name}.csv") for name in text}
    for frames in (text, typed, parsed):
        assert office_from_frames(frames, SETTINGS) == office
        assert office_from_frames(frames, office.settings) == office


@pytest.mark.parametrize("empty", [None, "", " ", float("nan"), pd.NaT, pd.NA, np.nan])
def test_every_kind_of_empty_cell_is_empty(empty: object) -> None:
    """None, NaN, NaT, NA and blanks are empty cells: the column's default, or a fault where it has none."""
    frames = {name: grid_frame(grid) for name, grid in office_grids().items()}
    frames["requests"]["ready"] = pd.Series([empty] * 6, dtype=object)
    assert all(request.ready is None for request in office_from_frames(frames, SETTINGS).requests)
    frames["requests"]["patient"] = pd.Series(["N1", "N1", "N2", "N3", "N3", empty], dtype=object)
    with pytest.raises(InputError) as caught:
        office_from_frames(frames, SETTINGS)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column, fault.value) == ("requests", 7, "patient", None)
    assert fault.expected == "expected an id of at most 64 characters, not an empty cell"


def test_frames_and_settings_at_fault() -> None:
    """Frames of unknown name, settings at fault and missing tables are told together, by table name."""
    frames = {name: grid_frame(grid) for name, grid in office_grids().items()}
    frames["patinets"] = frames.pop("patients")
    with pytest.raises(InputError) as caught:
        office_from_frames(frames, {**SETTINGS, "day": 3})
    told = [str(fault) for fault in caught.value.faults]
    assert told == [
        "settings, column day: '3': expected a known key; did you mean days?",
        "patinets: expected one of the tables; did you mean patients?",
        "patients: expected this table, it is required",
    ]


MESSAGES = {
    "2.5 minutes": (
        ("visit_types", 2, "minutes", "2.5"),
        "visit_types.csv, row 2, column minutes: '2.5': expected a whole number from 1 to 1,440",
    ),
    "no such mark": (
        ("appointments", 3, "mark", "firm"),
        "appointments.csv, row 3, column mark: '(hidden)': expected one of fixed, movable",
    ),
    "no such patient": (
        ("requests", 5, "patient", "N33"),
        "requests.csv, row 5, column patient: 'N33': expected a patient that stands in patients.csv; did you mean N3?",
    ),
    "birth date": (
        ("patients", 3, "birth_date", "13 July 1931"),
        "patients.csv, row 3, column birth_date: '(hidden)': expected a date YYYY-MM-DD between 1900 and 2199",
    ),
    "maybe": (
        ("patients", 2, "self_pay", "maybe"),
        "patients.csv, row 2, column self_pay: '(hidden)': expected yes or no",
    ),
    "row as a whole": (
        ("requests", 3, "after", "R2"),
        "requests.csv, row 3: expected another request, not this one itself",
    ),
    "twice": (
        ("patients", 5, "patient", "N2"),
        "patients.csv, row 5, column patient: 'N2': expected each patient once, it stands in row 3 already",
    ),
    "twice together": (
        ("terms", 3, "visit_type", "imaging"),
        "terms.csv, row 3: 'ACME, imaging': expected insurer, visit_type together once, they stand in row 2 already",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_plain(name: str, tmp_path: Path) -> None:
    """A fault says file, row, column, value and what was expected, in words of the office."""
    edit, message = MESSAGES[name]
    assert message in [str(fault) for fault in _faults(tmp_path, office_files(edited(edit)))]


SHAPES = {
    "semicolons": (
        b"site;name\nMAIN;Main\n",
        "sites.csv, row 1: '(hidden)': expected a header with the columns site, name, time_zone "
        "(cells seem to be separated by semicolons: save the file with commas)",
    ),
    "tabs": (b"site\tname\nMAIN\tMain\n", "separated by tabs"),
    "no header": (b"MAIN,Main Street\n", "sites.csv, row 1: '(hidden)': expected a header"),
    "empty line": (b"site,name\nMAIN,\n\nWEST,\n", "sites.csv, row 3: expected a row, not an empty line"),
    "column without name": (b"site,\nMAIN,x\nWEST,\n", "sites.csv, row 1: expected a column name in cell 2"),
    "wrong byte": (
        b"\xef\xbb\xbfsite,name\nMAIN,a\nWEST,\xe9\n",
        "sites.csv, row 3: expected UTF-8 text, the byte at offset 25 is not",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_are_told(name: str, tmp_path: Path) -> None:
    """What is wrong with a file as a whole is told with a hint at what to do."""
    content, words = SHAPES[name]
    faults = _faults(tmp_path, {**office_files(), "sites.csv": content})
    assert any(words in str(fault) for fault in faults), faults


def test_a_patient_in_place_of_the_header_is_hidden(tmp_path: Path) -> None:
    """Without a header, or a line break after it, the first patient stands in its place, and is not shown."""
    content = office_files()["patients.csv"]
    header, rest = content.split(b"\n", 1)
    for changed in (rest, header + b"," + rest, header + rest):
        faults = _faults(tmp_path, {**office_files(), "patients.csv": changed})
        assert ("patients.csv", 1, "(hidden)") in [(fault.file, fault.row, fault.value) for fault in faults]
        assert not any(secret in str(fault) for fault in faults for secret in (SECRET_NAME, SECRET_YEAR))


TOMLS = {
    "digits": ("days = " + "9" * 5000, None, "thousands of digits"),
    "hexadecimal": ("days = 0x" + "f" * 9000, "days", "from 1 to 28"),
    "depth": ("a = " + "[" * 100_000, None, "nested"),
    "section": ("weights = 3", "weights", "expected a section [weights]"),
    "unknown section": ("[weight]", "weight", "did you mean weights?"),
}


@pytest.mark.parametrize("name", TOMLS)
def test_odd_settings_are_faults(name: str, tmp_path: Path) -> None:
    """Whatever stands in office.toml, it is told by key, or the file is."""
    toml, key, words = TOMLS[name]
    (fault,) = _faults(tmp_path, office_files(toml=toml))
    assert (fault.file, fault.column) == ("office.toml", key)
    assert words in fault.expected


def test_faults_do_not_hide_each_other(tmp_path: Path) -> None:
    """Faults of different files, and of different cells of one row, are told together, in the order of tables."""
    grids = edited(
        ("requests", 2, "minutes", "many"),
        ("requests", 2, "patient", "N9"),
        ("visit_types", 2, "fee", "-1"),
        ("shifts", 3, "end", "07:00"),
        ("providers", 2, "provider", ""),
    )
    faults = _faults(tmp_path, office_files(grids, TOML.replace("days = 7", "days = 70")))
    places = [(fault.file, fault.row, fault.column) for fault in faults if "stands in providers" not in fault.expected]
    assert places == [
        ("office.toml", None, "days"),
        ("providers.csv", 2, "provider"),
        ("visit_types.csv", 2, "fee"),
        ("requests.csv", 2, "minutes"),
        ("requests.csv", 2, "patient"),
        ("shifts.csv", 3, None),
    ]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """A folder that is not there, and a table that is a folder, are faults like others."""
    with pytest.raises(InputError, match="expected a folder"):
        read_office(tmp_path / "nowhere")
    (tmp_path / "caps.csv").mkdir()
    files = office_files()
    del files["caps.csv"]
    (fault,) = _faults(tmp_path, files)
    assert fault.file == "caps.csv"


def test_a_large_office_reads_fast(tmp_path: Path) -> None:
    """10,000 patients with as many requests and 40,000 times they can come take no longer than looking at each cell of
    the files a hundred times, which is some four times what they take.
    """
    count = range(10_000)
    grids = office_grids()
    for name in ("preferences", "appointments", "coverage", "authorisations", "referrals"):
        del grids[name]
    grids["patients"] = [["patient", "name", "birth_date"], *([f"N{i}", "Ada Byron", "1984-02-29"] for i in count)]
    head = ["request", "patient", "visit_type", "ready", "due"]
    grids["requests"] = [head, *([f"R{i}", f"N{i}", "imaging", "2026-11-30", "2026-12-04"] for i in count)]
    days = ("2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03")
    head = ["patient", "request", "date", "start", "end"]
    grids["availability"] = [head, *([f"N{i}", f"R{i}", day, "08:10", "12:00"] for i in count for day in days)]
    write_files(tmp_path, office_files(grids))
    start = time.process_time()
    cells = sum(cell.strip().isdigit() for file in tmp_path.glob("*.csv") for row in _rows(file) for cell in row)
    once = time.process_time() - start
    assert cells
    read_office(tmp_path)
    assert time.process_time() - start < 101 * once


def _rows(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        yield from csv.reader(text)
