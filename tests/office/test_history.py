"""The table of past visits: every fault at once, without personal data, and a document that says what it takes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from schedopt.errors import InputError
from schedopt.models.tables import PastVisit
from schedopt.office.document import example_rows, table_document
from schedopt.office.history import read_history

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
