"""The right of access, 45 CFR 164.524: everything about one person, to read and as data, and nothing of others."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from schedopt.models import tables as ours
from schedopt.models.clock import format_time
from schedopt.models.tables import fields as kinds
from schedopt.models.tables.fields import WEEKDAYS, Row, types_of
from schedopt.records.people import PEOPLE_TABLES

OF_OTHERS: Mapping[str, tuple[str, ...]] = {"decisions": ("person", "other")}
"""Columns that name other people: not told."""
OURS: tuple[type[Row], ...] = (*(getattr(ours, name) for name in ours.__all__ if name != "Row"), *PEOPLE_TABLES)
"""Tables whose columns are explained where nothing else is said."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_WIDTH = 100
_TITLES = {
    "people": "Who you are",
    "patients": "How you are planned for",
    "requests": "Visits asked for",
    "appointments": "Visits promised",
    "bookings": "Bookings",
    "coverage": "Insurance",
    "entries": "Who has looked at or changed your records",
}


@dataclass(frozen=True)
class Copy:
    """A copy of somebody's records.

    Attributes
    ----------
    text : str
        To read.
    data : dict
        The same and what is empty, ready for JSON: ``person``, ``made_on`` and ``tables``, each a list of rows.
    """

    text: str
    data: dict[str, Any]


def right_of_access(
    frames: Mapping[str, pd.DataFrame], person: str, *, made_on: dt.date, row_classes: Iterable[type[Row]] = OURS
) -> Copy:
    """Everything about one person.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables by name, with rows about this person alone; all columns that they have are told, but `OF_OTHERS`. Tables
        need not be ours.
    person : str
        Id of the person.
    made_on : date
        The day of the copy.
    row_classes : iterable of type of Row
        Tables whose columns are explained.

    Raises
    ------
    ValueError
        If a row names another person; nothing is told then.
    """
    classes = {row_class.table_name: row_class for row_class in row_classes}
    own, tables = _own(frames, person), {}
    for name, frame in frames.items():
        _expect_nobody_else(name, frame, own)
        told = frame.drop(columns=[*OF_OTHERS.get(name, ())], errors="ignore")
        known = types_of(classes[name]) if name in classes else {}
        tables[name] = [
            {str(column): _plain(known.get(column), cell) for column, cell in zip(told.columns, row, strict=True)}
            for row in told.astype(object).itertuples(index=False, name=None)
        ]
    data = {"person": person, "made_on": made_on.isoformat(), "tables": tables}
    return Copy("\n".join(_lines(person, made_on, tables, classes)) + "\n", data)


def _own(frames: Mapping[str, pd.DataFrame], person: str) -> frozenset[str]:
    """The ids under which a person is on file: those that turned out to be the same, too."""
    people = frames.get("people")
    if people is None or not {"person", "merged_into"} <= set(people.columns):
        return frozenset({person})
    own = {person}
    while more := set(people["person"][people["merged_into"].isin(own)]) - own:
        own |= more
    return frozenset(own)


def _expect_nobody_else(table: str, frame: pd.DataFrame, own: frozenset[str]) -> None:
    """Refuse rows of somebody else; which ones is not said."""
    columns = [name for name in ("person", *OF_OTHERS.get(table, ())) if name in frame.columns]
    is_own = not columns or bool(frame[columns].isin(own).any(axis=1).all())
    key_repeats = table == "patients" and "patient" in frame.columns and frame["patient"].nunique() > len(own)
    if not is_own or key_repeats:
        raise ValueError(f"expected rows about one person only, and {table} has others")


def _plain(kind: Any, cell: Any) -> Any:
    """A cell as JSON has it; times of day as HH:MM, and weekdays by name, where the column is of that kind."""
    if cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell)):
        return None
    if isinstance(cell, (list, tuple, set, frozenset)):
        return [_plain(kind, item) for item in cell]
    if isinstance(cell, (dt.date, pd.Timestamp)):
        return cell.isoformat().removesuffix("T00:00:00")
    cell = cell.item() if hasattr(cell, "item") else cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        if kind == kinds.TimeOfDay:
            return format_time(cell)
        if kind == kinds.Weekday:
            return WEEKDAYS[cell % len(WEEKDAYS)]
    return cell if isinstance(cell, (bool, int, float, str)) else str(cell)


def _lines(
    person: str, made_on: dt.date, tables: Mapping[str, list[dict[str, Any]]], classes: Mapping[str, type[Row]]
) -> Iterator[str]:
    yield f"Copy of the records of {person}, made on {made_on.isoformat()}"
    yield ""
    yield from textwrap.wrap(
        "This is everything that the office keeps about this person, table by table. Tables without rows, and cells "
        "that are empty, are named at the end of each part.", _WIDTH,
    )  # fmt: skip
    for name, rows in tables.items():
        title = _TITLES.get(name, name.replace("_", " ").capitalize())
        yield ""
        yield f"{title} ({name})"
        yield "-" * len(f"{title} ({name})")
        if not rows:
            yield "Nothing is kept."
        for number, row in enumerate(rows, start=1):
            if len(rows) > 1:
                yield f"{number} of {len(rows)}"
            yield from _row_lines(row)
        yield from _legend(classes.get(name), rows)


def _row_lines(row: Mapping[str, Any]) -> Iterator[str]:
    """A row: a line for each cell that is filled, longer ones in several, and the names of those that are empty."""
    wide = max((len(name) for name in row), default=0)
    for name, cell in row.items():
        if not _is_empty(cell):
            start = f"  {name.replace('_', ' ').ljust(wide)}  "
            yield textwrap.fill(
                _words(cell), max(_WIDTH, len(start) + 20), initial_indent=start, subsequent_indent=" " * len(start),
                break_on_hyphens=False,
            )  # fmt: skip
    if empty := [name.replace("_", " ") for name, cell in row.items() if _is_empty(cell)]:
        yield textwrap.fill("empty: " + ", ".join(empty), _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _is_empty(cell: Any) -> bool:
    return cell is None or cell == "" or cell == []


def _words(cell: Any) -> str:
    """A cell in words, on one line: a note of many lines cannot look like other rows."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list):
        return "; ".join(map(_words, cell))
    return _UNSEEN.sub(" ", str(cell))


def _legend(row_class: type[Row] | None, rows: list[dict[str, Any]]) -> Iterator[str]:
    """What the columns of a table mean."""
    if row_class is None or not rows:
        return
    yield "  What it means:"
    for column in rows[0]:
        known = row_class.model_fields.get(column)
        if known is not None and known.description:
            words = f"{column.replace('_', ' ')}: {known.description}"
            yield textwrap.fill(words, _WIDTH, initial_indent="    ", subsequent_indent="      ")
