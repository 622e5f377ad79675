"""The table of past visits: every fault at once, without personal data, and a document that says what it takes."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.errors import Fault, InputError
from schedopt.models.discretion import discretion_of
from schedopt.models.tables import PastVisit
from schedopt.models.tables.fields import types_of
from schedopt.office import blocks, history
from schedopt.office.document import example_rows, table_document
from schedopt.office.history import read_history
from schedopt.office.keys import duplicates
from schedopt.office.read import read_table

ROW = {name: cell for name, cell in example_rows(PastVisit)[0].items() if cell}


def _frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**ROW, "visit": f"V{number}", **row} for number, row in enumerate(rows)])


def test_the_example_reads(tmp_path: Path) -> None:
    """The document's example is a history, from a file as from a frame, with seconds kept."""
    text = table_document(PastVisit).split("```csv\n")[1].split("```")[0]
    file = tmp_path / "past.csv"
    file.write_text(text, "utf-8")
    history = read_history(file)
    pd.testing.assert_frame_equal(history.visits, read_history(pd.DataFrame([ROW])).visits)
    assert history.visits.loc[0, "ended"] == pytest.approx(9 * 60 + 47.5)
    assert history.visits.loc[0, "new"] == False  # noqa: E712


def test_every_fault_is_listed_with_its_place(tmp_path: Path) -> None:
    """File, row, column and value of all bad cells; the age, which is private, is hidden."""
    rows = [{"date": "2026-13-01"}, {"outcome": "went"}, {"age": 222}, {"began": "9.15"}, {"booked": "2027-01-01"},
            {"outcome": "no-show"}, {"ended": "08:00"}, {"visit": "V0"}]  # fmt: skip
    file = tmp_path / "past.csv"
    _frame(*rows).to_csv(file, index=False)
    with pytest.raises(InputError) as raised:
        read_history(file)
    faults = raised.value.faults
    assert [fault.row for fault in faults] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert {fault.file for fault in faults} == {"past.csv"}
    assert [fault.column for fault in faults[:4]] == ["date", "outcome", "age", "began"]
    assert faults[2].value == "(hidden)"
    assert "222" not in str(raised.value)
    assert "stands in row 2 already" in faults[7].expected


def test_rows_are_sorted_by_date() -> None:
    """The order of rows does not matter, but within a day it stays."""
    days = [{"date": "2026-11-03"}, {"date": "2026-11-02"}, {"date": "2026-11-03"}]
    assert read_history(_frame(*days)).visits["visit"].tolist() == ["V1", "V0", "V2"]


@pytest.mark.parametrize("lost", [name for name, field in PastVisit.model_fields.items() if field.is_required()])
def test_required_columns_are_missed(lost: str) -> None:
    """A column that must be there is named."""
    with pytest.raises(InputError, match=f"column {lost}: expected this column"):
        read_history(_frame({}).drop(columns=lost))


def test_an_empty_table_is_a_history() -> None:
    """Nothing known yet is an answer."""
    assert len(read_history(_frame({}).iloc[:0])) == 0


def test_a_file_that_is_not_there() -> None:
    """It is a fault like others."""
    with pytest.raises(InputError, match="expected a file that can be read"):
        read_history("nowhere.csv")


CELLS = {
    "visit": ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "", "a;b"],
    "new": ["yes", "no", "", "maybe"],
    "booked": ["", "2026-10-01", "2027-10-01", "soon"],
    "minutes": ["", "20", "0", "x"],
    "began": ["", "09:15", "9.15"],
    "ended": ["", "09:30", "08:00"],
    "outcome": ["kept", "no-show", "went"],
    "age": ["", "44", "444"],
}


@st.composite
def _tables(draw: st.DrawFn) -> pd.DataFrame:
    """Some rows, most of whose cells are sound; now and then a row without any cell, and a column less or unknown."""
    rows = []
    for number in range(draw(st.integers(0, 9))):
        row = {**dict.fromkeys(PastVisit.model_fields, ""), **ROW, "arrived": "", "visit": f"W{number}"}
        for column in draw(st.lists(st.sampled_from(sorted(CELLS)), max_size=2)):
            row[column] = draw(st.sampled_from(CELLS[column]))
        rows.append(dict.fromkeys(row, "") if draw(st.integers(0, 9)) == 0 else row)
    frame = pd.DataFrame(rows, columns=list(PastVisit.model_fields), dtype=object)
    gone = draw(st.lists(st.sampled_from(["new", "age", "outcome"]), max_size=1))
    return frame.drop(columns=gone).assign(**draw(st.sampled_from([{}, {}, {"unknown": "1"}])))


def _row_by_row(frame: pd.DataFrame) -> list[tuple[object, ...]] | set[Fault]:
    """The visits by date, read as the tables of an office are, or all faults."""
    table, faults = read_table(PastVisit, frame)
    found = {*faults, *(duplicates(table, discretion_of({table.name: table})) if table else ())}
    if table is None or found:
        return found
    rows = sorted(table.rows, key=lambda row: row.date)  # type: ignore[attr-defined]
    return [tuple(None if name == "date" else getattr(row, name) for name in PastVisit.model_fields) for row in rows]


def _in_blocks(frame: pd.DataFrame) -> list[tuple[object, ...]] | set[Fault]:
    """The same, as :func:`read_history` reads them."""
    try:
        visits = read_history(frame).visits
    except InputError as error:
        return set(error.faults)
    plain = visits.astype(object).where(visits.notna(), None).assign(date=None)
    plain["booked"] = [None if day is None else day.date() for day in plain["booked"]]
    return list(plain[[*PastVisit.model_fields]].itertuples(index=False, name=None))


@given(_tables(), st.integers(1, 4))
def test_blocks_read_as_rows(frame: pd.DataFrame, block: int) -> None:
    """Read in blocks of any size, a table gives the visits, or the faults, that it gives row by row."""
    with mock.patch.object(blocks, "BLOCK", block):
        assert _in_blocks(frame) == _row_by_row(frame)


def test_memory_is_that_of_a_block(tmp_path: Path) -> None:
    """Four times the rows take little more memory while they are read, beside the file and what is kept of them."""
    peaks = []
    for number in (2_000, 8_000):
        file = tmp_path / f"{number}.csv"
        pd.concat([_frame(*[{}] * 1)] * number).assign(visit=[f"V{n}" for n in range(number)]).to_csv(file, index=False)
        with mock.patch.object(blocks, "BLOCK", 500):
            tracemalloc.start()
            kept = read_history(file)
            peaks.append((tracemalloc.get_traced_memory()[1], file.stat().st_size))
            tracemalloc.stop()
        assert len(kept) == number
    (small, one), (large, other) = peaks
    assert large - small < 6 * (other - one)


def test_each_different_cell_is_read_once() -> None:
    """How often a cell stands in a column changes nothing of the work."""
    cells = blocks._Cells(PastVisit.model_fields["minutes"], types_of(PastVisit)["minutes"])
    with mock.patch.object(cells, "_validate", wraps=cells._validate) as validate:
        assert list(cells.values(["20", "", "20", "30"] * 50, 200)) == [20, None, 20, 30] * 50
        assert list(cells.values(["30"] * 50, 50)) == [30] * 50
    assert sum(len(call.args[0]) for call in validate.call_args_list) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_says_the_same_with_quotes_and_without(tmp_path: Path, end: str) -> None:
    """Quotes, blanks beside commas, ends of lines and empty rows at the end change nothing, over several blocks too."""
    head = "visit,patient,provider,visit_type,date,start,minutes,outcome"
    lines = [f"V{n},N{n % 7},DR1,check-up,2026-11-{n % 28 + 1:02},09:{n % 60:02},20,kept" for n in range(20_100)]
    plain, quoted, wide = (tmp_path / f"{name}.csv" for name in ("plain", "quoted", "wide"))
    plain.write_text("\n".join([head, *lines]), "utf-8", newline="")
    in_quotes = [",".join(f'"{cell}"' for cell in line.split(",")) for line in (head, *lines)]
    quoted.write_text(end.join([*in_quotes, ""]), "utf-8", newline="")
    wide.write_text(end.join([head, *(line.replace(",", " , ") for line in lines), ",,,,,,,", ""]), "utf-8", newline="")
    with mock.patch.object(history, "_row_by_row", side_effect=AssertionError):
        found = read_history(plain).visits
        assert len(found) == len(lines)
        for other in (quoted, wide):
            pd.testing.assert_frame_equal(read_history(other).visits, found)
