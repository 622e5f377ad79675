"""CSV that no spreadsheet runs, and that reads back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from schedopt.interop.cells import from_cell, to_cell, to_csv

START = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'", "'=", "''@"])
TEXT = st.text() | st.builds(str.__add__, START, st.text())


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(TEXT)
@example("'=1+1")
def test_a_cell_reads_back(text: str) -> None:
    """What was written comes back, also where it began with apostrophes of its own."""
    assert from_cell(str(to_cell(text))) == text


@given(TEXT)
def test_a_cell_is_never_run(text: str) -> None:
    """No cell begins with a sign at which a spreadsheet takes it for a formula, and harmless text is left alone."""
    cell = str(to_cell(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell == text or cell == f"'{text}"


@given(st.lists(st.tuples(TEXT, st.integers(-(10**9), 10**9)), min_size=1, max_size=5), TEXT)
def test_a_table_reads_back(rows: list[tuple[str, int]], header: str) -> None:
    """Text of all kinds comes back through commas, quotes and line ends; numbers are written as they are."""
    frame = pd.DataFrame({f"={header}": [text for text, _ in rows], "points": [number for _, number in rows]})
    head, *body = _read(to_csv(frame))
    assert head == [f"'={header}", "points"]
    assert [(from_cell(text), int(number)) for text, number in body] == rows


def test_kinds_of_cells() -> None:
    """Negative numbers are no formulas, dates are ISO dates, what is missing is empty, repeated columns stay two."""
    frame = pd.DataFrame([[-5, -0.5, dt.date(2026, 11, 30), None, "-5"]], columns=["a", "b", "c", "d", "d"])
    assert to_csv(frame) == "a,b,c,d,d\r\n-5,-0.5,2026-11-30,,'-5\r\n"
    assert to_csv(pd.DataFrame(columns=["a", "b"])) == "a,b\r\n"
