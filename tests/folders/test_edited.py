"""A schedule that was edited by hand is told cell by cell and row by row, and nothing else is."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.errors import Fault
from schedopt.folders.edited import MOST_TOLD, differences
from schedopt.interop.cells import to_csv
from tests.answers.test_replan import TINY
from tests.desk import crowded, planned
from tests.effort import examples
from tests.offices import Case

Grid = list[list[str]]
PLANS = st.one_of(crowded(), planned(TINY))
NAMES = "Zebulon Quartermain", "=Zebulon", "Quartermain; Z."
TEXTS = st.sampled_from(("", "R0", "R1", "DR1", "N0", "09:15", "08:30;08:45", "2026-12-01", "7", "MAIN", *NAMES))


def grid_of(plan: schedopt.Plan) -> Grid:
    """The cells of schedule.csv."""
    return list(csv.reader(io.StringIO(to_csv(plan.schedule), newline="")))


def told(plan: schedopt.Plan, grid: Sequence[Sequence[str]], end: str = "\r\n") -> tuple[Fault, ...]:
    """What is said of a file with these cells."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows(grid)
    ids = {name for visit in plan.visits for name in (visit.request, visit.patient, visit.provider, visit.site)}
    return differences("schedule.csv", plan.visits, text.getvalue().encode(), ids)


def drawn_rows(plan: schedopt.Plan, least: int = 1) -> Grid:
    """The cells, of a plan with enough visits."""
    assume(len(plan.visits) >= least)
    return grid_of(plan)


@settings(max_examples=examples(20))
@given(PLANS, st.sampled_from(("\n", "\r\n")))
def test_the_same_cells_are_the_same_schedule(drawn: tuple[Case, schedopt.Plan], end: str) -> None:
    """However lines end."""
    plan = drawn[1]
    assert told(plan, grid_of(plan), end) == ()


@settings(max_examples=examples(48))
@given(PLANS, TEXTS, st.data())
def test_a_cell_that_was_edited(drawn: tuple[Case, schedopt.Plan], text: str, data: st.DataObject) -> None:
    """Any cell, the header's included, with any other text: that cell alone is told, with its row, its column and what
    was written, and with what was found unless that may be somebody's name.
    """
    plan = drawn[1]
    grid = drawn_rows(plan)
    row, column = (data.draw(st.integers(0, len(part) - 1)) for part in (grid, grid[0]))
    was, grid[row][column] = grid[row][column], text
    assume(text != was and (row or column or text))
    (fault,) = told(plan, grid)
    name = grid[0][column] if row else was
    assert (fault.file, fault.row, fault.column) == ("schedule.csv", row + 1, name)
    assert fault.expected == f"expected {was or 'nothing'}"
    assert fault.value == "(hidden)" if text in NAMES else fault.value in (text, "(hidden)")
    if text in ("R0", "DR1", "N0") and row:
        known = {cell for line in grid_of(plan) for cell in line}
        assert (fault.value == text) == (text in known)


@settings(max_examples=examples(24))
@given(PLANS, st.data())
def test_a_row_that_was_cut(drawn: tuple[Case, schedopt.Plan], data: st.DataObject) -> None:
    """It is told to be missing, by its request and the row where it was."""
    grid = drawn_rows(drawn[1])
    row = data.draw(st.integers(1, len(grid) - 1))
    request = grid.pop(row)[0]
    (fault,) = told(drawn[1], grid)
    assert (fault.row, fault.column, fault.value) == (None, "request", request)
    assert fault.expected == f"expected in row {row + 1}; the row is missing"


@settings(max_examples=examples(24))
@given(PLANS, st.data())
def test_a_row_that_stands_there_twice(drawn: tuple[Case, schedopt.Plan], data: st.DataObject) -> None:
    """Wherever it was put: one of the two is told, with the row of the other."""
    grid = drawn_rows(drawn[1])
    row, to = data.draw(st.integers(1, len(grid) - 1)), data.draw(st.integers(1, len(grid)))
    grid.insert(to, list(grid[row]))
    (fault,) = told(drawn[1], grid)
    both = {number + 1 for number, cells in enumerate(grid) if cells[0] == fault.value}
    assert len(both) == 2
    assert fault.row in both
    assert fault.expected == f"expected once, and it stands in row {min(both - {fault.row})}"


@settings(max_examples=examples(24))
@given(PLANS, st.data())
def test_a_row_that_is_new(drawn: tuple[Case, schedopt.Plan], data: st.DataObject) -> None:
    """One for a request that has no visit is told by its row; its request is told where it is the office's."""
    grid = drawn_rows(drawn[1])
    name, to = data.draw(st.sampled_from(("X1", NAMES[0]))), data.draw(st.integers(1, len(grid)))
    grid.insert(to, [name, *["" for _ in grid[0][1:]]])
    (fault,) = told(drawn[1], grid)
    assert (fault.row, fault.column, fault.value) == (to + 1, "request", "(hidden)")
    assert fault.expected == "expected no such row"


@settings(max_examples=examples(24))
@given(PLANS, st.data())
def test_rows_that_have_changed_places(drawn: tuple[Case, schedopt.Plan], data: st.DataObject) -> None:
    """Both of two that have are told, with the row where each was written; one that was moved up or down alone is."""
    grid = drawn_rows(drawn[1], 2)
    places = st.integers(1, len(grid) - 1)
    one, two = data.draw(st.lists(places, min_size=2, max_size=2, unique=True))
    written = {row[0]: number for number, row in enumerate(grid, start=1)}
    grid[one], grid[two] = grid[two], grid[one]
    faults = told(drawn[1], grid)
    assert {fault.row for fault in faults} == {one + 1, two + 1}
    for fault in faults:
        assert fault.value == grid[fault.row - 1][0]
        assert fault.expected == f"expected in row {written[fault.value]}, where it was written"
    grid[one], grid[two] = grid[two], grid[one]
    grid.insert(two, grid.pop(one))
    if abs(one - two) > 1:
        assert [fault.row for fault in told(drawn[1], grid)] == [two + 1]


@settings(max_examples=examples(24))
@given(PLANS, st.data())
def test_columns_that_are_missing_or_new(drawn: tuple[Case, schedopt.Plan], data: st.DataObject) -> None:
    """A column that was taken out, or put in, is told once, and no cell of it; without requests only the header is."""
    grid = drawn_rows(drawn[1])
    column = data.draw(st.integers(0, len(grid[0]) - 1))
    name = grid[0][column]
    (missing,) = told(drawn[1], [row[:column] + row[column + 1 :] for row in grid])
    assert (missing.row, missing.column) == (1, None if name == "request" else name)
    new = [[*row[:column], text, *row[column:]] for row, text in zip(grid, ["name", *NAMES * len(grid)], strict=False)]
    (fault,) = told(drawn[1], new)
    assert (fault.row, fault.column, fault.expected) == (1, "(hidden)", "expected no such column")


@settings(max_examples=examples(16))
@given(PLANS, st.integers(0, 40))
def test_many_differences_are_counted(drawn: tuple[Case, schedopt.Plan], extra: int) -> None:
    """The first twenty by row, and how many more."""
    grid = drawn_rows(drawn[1])
    faults = told(drawn[1], [*grid, *([f"X{number}", *[""] * (len(grid[0]) - 1)] for number in range(extra))])
    if extra <= MOST_TOLD:
        assert len(faults) == extra
    else:
        assert [fault.row for fault in faults[:-1]] == list(range(len(grid) + 1, len(grid) + 1 + MOST_TOLD))
        assert str(faults[-1]) == f"schedule.csv: expected no other differences, found {extra - MOST_TOLD:,} more"


@settings(max_examples=examples(16))
@given(PLANS, TEXTS, st.data())
def test_an_edited_folder_is_refused(drawn: tuple[Case, schedopt.Plan], text: str, data: st.DataObject) -> None:
    """The error has the file, a word about what to do, and every difference; nobody's name stands in it."""
    case, plan = drawn
    office = schedopt.extend_office(case.office, {})
    plan = schedopt.admit(plan, schedopt.assemble(office, case.first))
    assume(plan.visits)
    with tempfile.TemporaryDirectory() as folder:
        place = schedopt.write_plan(plan, Path(folder) / "plan")
        assert schedopt.read_plan(place, office).visits == plan.visits
        grid = list(csv.reader(io.StringIO((place / "schedule.csv").read_bytes().decode(), newline="")))
        row, column = (data.draw(st.integers(0, len(part) - 1)) for part in (grid[1:], grid[0]))
        assume(text != grid[row + 1][column])
        grid[row + 1][column] = text
        with (place / "schedule.csv").open("w", newline="") as file:
            csv.writer(file).writerows(grid)
        with pytest.raises(schedopt.InputError) as caught:
            schedopt.read_plan(place, office)
    first, fault = caught.value.faults
    assert (first.file, fault.file) == (str(place / "schedule.csv"),) * 2
    assert "adopt" in first.expected
    assert (fault.row, fault.column) == (row + 2, grid[0][column])
    assert "Zebulon" not in str(caught.value)
    assert "Quartermain" not in str(caught.value)
