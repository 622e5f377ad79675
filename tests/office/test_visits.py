"""Schedules read back, ours and foreign ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.errors import Fault, InputError
from schedopt.interop.cells import to_csv
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.visits import schedule_table, visits_of
from schedopt.office import assemble, office_from_frames, read_schedule, schedule_dates
from tests.offices import Case, cases
from tests.schedules import schedules, sound

MONDAY = dt.date(2026, 11, 30)
RISKY = "=cmd()"


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Two providers, two steps before the provider's, a morning and an afternoon on Monday, all in UTC."""
    frames = {
        "providers": pd.DataFrame({"provider": ["DR1", "DR2"]}),
        "visit_types": pd.DataFrame({"visit_type": ["talk", "check"], "minutes": [20, 30]}),
        "steps": pd.DataFrame({"visit_type": ["check"] * 2, "order": [-1, 1], "minutes": [10, 5]}),
        "patients": pd.DataFrame({"patient": ["N1", "N2", "N3", "N4"]}),
        "requests": pd.DataFrame(
            {
                "request": ["R1", "R2", RISKY, f"'{RISKY}"],
                "patient": ["N1", "N2", "N3", "N4"],
                "visit_type": ["talk", "check", "talk", "talk"],
            }
        ),
        "shifts": pd.DataFrame(
            {
                "provider": ["DR1", "DR1", "DR2"],
                "site": "MAIN",
                "date": ["2026-11-30", "2026-11-30", "2026-12-01"],
                "start": ["08:00", "13:00", "20:00"],
                "end": ["12:00", "17:00", "24:00"],
                "overtime": ["15", "", "0"],
            }
        ),
    }
    return assemble(office_from_frames(frames), MONDAY)


def read(problem: Problem, folder: Path, text: str) -> tuple[Schedule, pd.DataFrame]:
    file = folder / "theirs.csv"
    file.write_text(text, "utf-8")
    return read_schedule(problem, file)


def one(problem: Problem, folder: Path, visit: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Session and step starts of R2, in words, and the findings, of a schedule with one visit of R2."""
    schedule, found = read(problem, folder, f"request,provider,date,start,steps\nR2,{visit}\n")
    week = problem.week
    code = week.request_code["R2"]
    cells = schedule.step_start[week.steps.offset[code] : week.steps.offset[code + 1]].tolist()
    session = int(schedule.session[code])
    words = ";".join(week.calendar.words(c) for c in cells) if session >= 0 else ""
    findings = list(zip(found["rule"], found["detail"], strict=True))
    return week.sessions.ids[session] if session >= 0 else "", words, findings


@given(st.data())
def test_ours_is_read_as_it_was(data: st.DataObject) -> None:
    """A sound schedule, written to CSV or kept as a frame, is read as the same schedule without a finding."""
    case: Case = data.draw(cases())
    schedule = data.draw(sound(case.problem))
    table = schedule_table(visits_of(case.problem.week, schedule, check(case.problem, schedule).visit_points))
    with TemporaryDirectory() as folder:
        file = Path(folder, "schedule.csv")
        file.write_bytes(to_csv(table).encode())
        for source in (file, table):
            again, found = read_schedule(case.problem, source)
            assert found.empty
            assert again.session.tolist() == schedule.session.tolist()
            assert again.step_start.tolist() == schedule.step_start.tolist()
        assert set(schedule_dates(file)) == set(table["date"])


@given(st.data())
def test_any_schedule_can_be_read_and_checked(data: st.DataObject) -> None:
    """However wild, each visit is placed or found fault with, at the clock times given, and can be checked."""
    case: Case = data.draw(cases())
    problem, schedule = case.problem, data.draw(schedules(case.problem))
    table = schedule_table(visits_of(problem.week, schedule, check(problem, schedule).visit_points))
    again, found = read_schedule(problem, table)
    missing = set(schedule.placed.tolist()) - set(again.placed.tolist())
    assert {problem.week.requests.ids[r] for r in missing} <= set(found["request"])
    audit = check(problem, again)
    reread = schedule_table(visits_of(problem.week, again, audit.visit_points)).set_index("request")
    for row in table.set_index("request").loc[list(reread.index)].itertuples():
        assert (row.start, row.steps) == (reread.loc[row.Index, "start"], reread.loc[row.Index, "steps"])


@given(st.data())
def test_damaged_bytes_are_faults_at_worst(problem: Problem, data: st.DataObject) -> None:
    """A file with bytes changed, cut or added is read, or refused with faults that name it."""
    header = "request,provider,date,start,steps"
    rows = [header, "R2,DR1,2026-11-30,09:10,09:00;09:10;09:40", "R1,DR2,2026-12-01,20:00,"]
    content = bytearray("".join(f"{row}\r\n" for row in rows).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.binary(max_size=2) | st.sampled_from([b",", b'"', b"\n", b";", b"9", b"-", b":", b"\0", b"'", b"="])
        )
    with TemporaryDirectory() as folder:
        file = Path(folder, "theirs.csv")
        file.write_bytes(content)
        faults: tuple[Fault, ...] = ()
        try:
            check(problem, read_schedule(problem, file)[0])
        except InputError as error:
            faults = error.faults
        assert all(fault.file == "theirs.csv" for fault in faults)


def test_other_columns_do_not_matter(problem: Problem, tmp_path: Path) -> None:
    """Columns of other systems, nameless ones among them, are passed over; the order of columns is theirs."""
    text = ",start,Patient name,request,provider,date,date of birth\n0,09:00,Ada,R1,DR1,2026-11-30,1815\n"
    schedule, found = read(problem, tmp_path, text)
    assert found.empty
    assert schedule.placed.tolist() == [problem.week.request_code["R1"]]


def test_all_faults_at_once(problem: Problem, tmp_path: Path) -> None:
    """Every fault is named with file, row, column and a value that is no name, and the nearest known id."""
    rows = [
        "request,provider,date,start,steps",
        "R11,DR1,2026-11-30,09:00,",
        "R1,DR3,2026-11-30,09:00,",
        "R1,DR1,2026-12-07,09:00,",
        "R1,DR1,2026-11-30,9 o'clock,",
        "R2,DR1,2026-11-30,09:10,09:00;09:10",
        "R2,DR1,2026-11-30,09:10,09:10;09:20;09:50",
        "R1,DR1,soon,09:00,",
        ",DR9x,2026-11-30,09:00,",
        "R1,DR1,2026-11-30",
    ]
    with pytest.raises(InputError) as caught:
        read(problem, tmp_path, "\n".join([*rows, ""]))
    places = [(fault.row, fault.column, fault.value) for fault in caught.value.faults]
    assert places == [
        (2, "request", "R11"),
        (3, "provider", "DR3"),
        (4, "date", "2026-12-07"),
        (5, "start", "(hidden)"),
        (6, "steps", "09:00; 09:10"),
        (7, "steps", "09:10; 09:20; 09:50"),
        (8, "date", "(hidden)"),
        (9, "request", None),
        (9, "provider", "(hidden)"),
        (10, None, None),
    ]
    words = str(caught.value)
    assert "did you mean R1?" in words
    assert "2026-11-30 to 2026-12-06" in words
    assert "expected 3 times, one for each step of check, found 2" in words


@pytest.mark.parametrize("header", ["request,provider,date", "Ada Lovelace,1815-12-10,DR1"])
def test_missing_columns_are_faults(problem: Problem, tmp_path: Path, header: str) -> None:
    """A column that is needed is asked for; a row of data in place of the header is not shown."""
    with pytest.raises(InputError, match="start") as caught:
        read(problem, tmp_path, f"{header}\n")
    assert "Ada" not in str(caught.value)


def test_no_such_file(problem: Problem, tmp_path: Path) -> None:
    """A file that is not there, or a folder, is a fault of the input."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match="expected a file that can be read"):
            read_schedule(problem, path)


def test_a_request_twice_counts_once(problem: Problem, tmp_path: Path) -> None:
    """The first row of a request counts; every further one is a breach that names both rows."""
    rows = "R1,DR1,2026-11-30,09:00\nR1,DR1,2026-11-30,10:00\nR1,DR2,2026-12-01,20:00\n"
    schedule, found = read(problem, tmp_path, f"request,provider,date,start\n{rows}")
    code = problem.week.request_code["R1"]
    assert problem.week.calendar.words(schedule.start(problem.week)[code]) == "Mon 30 Nov 09:00"
    assert found["rule"].tolist() == ["twice", "twice"]
    assert "row 3" in found["detail"][0]
    assert "after row 2" in found["detail"][0]


def test_steps_without_times_lie_right_beside(problem: Problem, tmp_path: Path) -> None:
    """Without steps, the others begin without a wait; with them, as given, over midnight too."""
    session, words, found = one(problem, tmp_path, "DR1,2026-11-30,09:10,")
    assert (session, found) == ("DR1 2026-11-30 08:00", [])
    assert words == "Mon 30 Nov 09:00;Mon 30 Nov 09:10;Mon 30 Nov 09:40"
    _, words, found = one(problem, tmp_path, "DR1,2026-11-30,09:10,08:50;09:10;09:45")
    assert words == "Mon 30 Nov 08:50;Mon 30 Nov 09:10;Mon 30 Nov 09:45"
    assert found == []
    _, words, _ = one(problem, tmp_path, "DR2,2026-12-01,23:40,23:30;23:40;00:10")
    assert words == "Tue 1 Dec 23:30;Tue 1 Dec 23:40;Wed 2 Dec 00:10"


def test_off_the_grid(problem: Problem, tmp_path: Path) -> None:
    """A time between two cells is a breach that names it, and counts as the cell it lies in."""
    _, words, found = one(problem, tmp_path, "DR1,2026-11-30,09:13,09:02;09:13;09:45")
    assert words == "Mon 30 Nov 09:00;Mon 30 Nov 09:10;Mon 30 Nov 09:45"
    assert [rule for rule, _ in found] == ["grid"]
    assert "09:13, 09:02" in found[0][1]


@pytest.mark.parametrize(
    ("visit", "session"),
    [
        ("DR1,2026-11-30,07:00", "08:00"),
        ("DR1,2026-11-30,12:15", "08:00"),
        ("DR1,2026-11-30,12:30", "08:00"),
        ("DR1,2026-11-30,12:40", "13:00"),
        ("DR1,2026-11-30,17:00", "13:00"),
    ],
)
def test_outside_session_hours(problem: Problem, tmp_path: Path, visit: str, session: str) -> None:
    """A start at which the provider has no session is a breach, and counts to the nearest of the day."""
    got, words, found = one(problem, tmp_path, f"{visit},")
    assert got == f"DR1 2026-11-30 {session}"
    assert visit[-5:] in words
    assert [rule for rule, _ in found] == ["session_hours"]


def test_overtime_belongs_to_the_session(problem: Problem, tmp_path: Path) -> None:
    """A start in a session's overtime is no finding of the reader: the rule itself judges it."""
    session, _, found = one(problem, tmp_path, "DR1,2026-11-30,12:10,")
    assert (session, found) == ("DR1 2026-11-30 08:00", [])


def test_no_session_that_day(problem: Problem, tmp_path: Path) -> None:
    """Where the provider has no session all day, the visit is left out, and that is a breach."""
    session, _, found = one(problem, tmp_path, "DR2,2026-11-30,09:10,")
    assert session == ""
    assert [rule for rule, _ in found] == ["session_hours"]
    assert "DR2 has no session on Mon 30 Nov" in found[0][1]


def test_apostrophes_of_a_file_are_undone(problem: Problem, tmp_path: Path) -> None:
    """An id that a spreadsheet would run comes back from its escaped cell, from a bare one, and from a frame."""
    codes = problem.week.request_code
    columns = {"provider": "DR1", "date": "2026-11-30", "start": ["09:00", "10:00"]}
    frame = pd.DataFrame({"request": [RISKY, f"'{RISKY}"], **columns})
    escaped, _ = read(problem, tmp_path, to_csv(frame))
    framed, _ = read_schedule(problem, frame)
    for schedule in (escaped, framed):
        starts = [problem.week.calendar.clock(schedule.start(problem.week)[codes[r]]) for r in frame["request"]]
        assert starts == ["09:00", "10:00"]
    bare, _ = read(problem, tmp_path, f"request,provider,date,start\n{RISKY},DR1,2026-11-30,09:00\n")
    assert bare.placed.tolist() == [codes[RISKY]]


def test_nothing_in_it(problem: Problem, tmp_path: Path) -> None:
    """A schedule without visits leaves everybody out, and has no dates."""
    schedule, found = read(problem, tmp_path, "request,provider,date,start\n")
    assert found.empty
    assert np.all(schedule.session == -1)
    assert schedule_dates(tmp_path / "theirs.csv") == ()
