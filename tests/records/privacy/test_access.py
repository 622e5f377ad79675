"""A copy of somebody's records tells everything, and nothing of others; what is old enough may go."""

from __future__ import annotations

import datetime as dt
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.records.privacy import Kept, retention, right_of_access
from tests.records.privacy.folk import ROW_CLASSES, TODAY

FRAMES = {
    "people": pd.DataFrame(
        {
            "person": ["p1", "p3"], "merged_into": [None, "p1"], "name": ["Ada Byron", ""], "note": ["deaf", "a\nb"],
            "birth_date": [dt.date(1984, 2, 29), None],
        }
    ),
    "appointments": pd.DataFrame({"request": ["R1"], "date": [TODAY], "start": [560], "mark": ["fixed"]}),
    "availability": pd.DataFrame({"patient": ["N1"], "weekday": np.array([1]), "start": [0]}),
    "consents": pd.DataFrame({"person": ["p3"], "purpose": ["research"], "given": [False]}),
    "decisions": pd.DataFrame({"person": ["p0"], "other": ["p1"], "decided": ["different"]}),
    "referrals": pd.DataFrame({"patient": []}),
    "letters": pd.DataFrame({"sent at": [pd.Timestamp("2026-11-27T08:15:00Z")], "pages": [math.nan]}),
}  # fmt: skip


def test_a_copy_tells_everything() -> None:
    """Every value of every table is in the text and in the data, which JSON can write; times are times."""
    copy = right_of_access(FRAMES, "p1", made_on=TODAY)
    assert json.loads(json.dumps(copy.data, allow_nan=False)) == copy.data
    assert copy.data["tables"].keys() == FRAMES.keys()
    assert copy.data["tables"]["appointments"] == [
        {"request": "R1", "date": "2026-11-27", "start": "09:20", "mark": "fixed"}
    ]
    assert copy.data["tables"]["availability"][0]["weekday"] == "Tuesday"
    assert copy.data["tables"]["consents"][0]["given"] is False
    assert copy.data["tables"]["letters"] == [{"sent at": "2026-11-27T08:15:00+00:00", "pages": None}]
    for word in ("Ada Byron", "deaf", "1984-02-29", "2026-11-27", "09:20", "Tuesday", "fixed", "research", "different"):
        assert word in copy.text
    assert "Nothing is kept." in copy.text
    assert "Day it was booked for" not in copy.text
    assert "The day promised." in copy.text


def test_a_copy_tells_nothing_of_others() -> None:
    """Who the other person of a decision is stays out, and a row of somebody else stops the copy."""
    copy = right_of_access(FRAMES, "p1", made_on=TODAY)
    assert "p0" not in copy.text
    assert copy.data["tables"]["decisions"] == [{"decided": "different"}]
    for table, frame in (
        ("consents", pd.DataFrame({"person": ["p1", "p9"]})),
        ("decisions", pd.DataFrame({"person": ["p8"], "other": ["p9"]})),
        ("patients", pd.DataFrame({"patient": ["N1", "N2", "N3"]})),
        ("people", pd.DataFrame({"person": ["p1", "p9"], "merged_into": ["", ""]})),
    ):
        with pytest.raises(ValueError, match=f"{table} has others") as caught:
            right_of_access(FRAMES | {table: frame}, "p1", made_on=TODAY)
        assert "p9" not in str(caught.value)


@given(st.text())
def test_a_note_cannot_look_like_another_row(note: str) -> None:
    """Whatever a cell says, it begins no line of its own, and no terminal obeys it."""
    frames = {"people": pd.DataFrame({"person": ["p1"], "note": [f"{note}\n\nBookings (bookings)\n1 of 1"]})}
    copy = right_of_access(frames, "p1", made_on=TODAY)
    assert not [line for line in copy.text.split("\n") if line.startswith(("Bookings", "1 of"))]
    assert all(character.isprintable() or not character.isascii() for character in copy.text.replace("\n", ""))
    assert copy.data["tables"]["people"][0]["note"].startswith(note)


@pytest.mark.parametrize("row_class", ROW_CLASSES)
def test_every_table_can_be_told(row_class: type) -> None:
    """With what its columns mean, also of tables that are known only to those who ask."""
    cells = {name: ["p1"] if name == "person" else [None] for name in row_class.model_fields}
    copy = right_of_access({row_class.table_name: pd.DataFrame(cells)}, "p1", made_on=TODAY, row_classes=[row_class])
    assert "What it means:" in copy.text
    assert max(map(len, copy.text.splitlines())) <= 100


ROWS = st.builds(
    Kept, st.sampled_from(["a", "b", "c"]), st.sampled_from(["documentation", "patient"]),
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), st.booleans(),
    st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1)),
)  # fmt: skip


@given(st.lists(ROWS, max_size=8), st.integers(0, 30))
def test_what_may_go_is_old_enough(rows: list[Kept], years: int) -> None:
    """Six years for documentation and the office's for patients, counted on the calendar; never what is held."""
    found = retention(rows, TODAY, years)
    expected = []
    for row in rows:
        number = 6 if row.kind == "documentation" else years
        is_old = (row.last.year + number, row.last.month, row.last.day) <= (TODAY.year, TODAY.month, TODAY.day)
        may = is_old and (row.not_before is None or row.not_before <= TODAY)
        expected.append((row.about, row.kind, "legal hold" if row.held else "may go" if may else "stays"))
    assert sorted(zip(found["about"], found["kind"], found["status"], strict=True)) == sorted(expected)
    assert found["status"].tolist() == sorted(found["status"], key=["may go", "stays", "legal hold"].index)
    assert (found["until"] >= found["last"]).all()


def test_leap_days_go_a_day_later() -> None:
    """A day that the year does not have is not early; years below none are an error."""
    (row,) = retention([Kept("a", "patient", dt.date(2020, 2, 29))], TODAY, 7).itertuples()
    assert row.until == pd.Timestamp(2027, 3, 1)
    assert row.status == "stays"
    with pytest.raises(ValueError, match="from 0"):
        retention([], TODAY, -1)
