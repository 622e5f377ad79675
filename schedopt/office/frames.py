"""A pandas DataFrame to header and records."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schedopt.errors import Fault
from schedopt.models.tables import Row
from schedopt.office.sheet import Sheet, make_sheet

if TYPE_CHECKING:
    import pandas

_UNNAMED = re.compile(r"Unnamed: [0-9]+")
"""What pandas calls a column without a name."""
_AT_ONCE = 20_000
"""Rows that are looked at together: bounds the memory needed."""


def parse_frame(row_class: type[Row], file: str, frame: pandas.DataFrame) -> tuple[Sheet | None, list[Fault]]:
    """Read a table's frame up to its cells, as plain Python values.

    Parameters
    ----------
    row_class : type of Row
        What the rows should be.
    file : str
        Table name.
    frame : pandas.DataFrame
        Its columns are the table's; its index is not looked at.

    Returns
    -------
    Sheet or None
        None where no column is known.
    list of Fault
        All that is wrong with the columns.
    """
    return make_sheet(row_class, file, frame_header(frame), list(frame_records(frame)))


def frame_header(frame: pandas.DataFrame) -> list[str]:
    """Names of a frame's columns, without blanks around them."""
    return ["" if _UNNAMED.fullmatch(str(name)) else str(name).strip() for name in frame.columns]


def frame_records(frame: pandas.DataFrame) -> Iterator[tuple[object, ...]]:
    """Rows of a frame as plain Python values; a cell that is missing is None."""
    for first in range(0, len(frame), _AT_ONCE):
        part = frame.iloc[first : first + _AT_ONCE]
        missing = part.isna()
        columns = [
            [
                None if gone else _plain(cell)
                for cell, gone in zip(part.iloc[:, position], missing.iloc[:, position], strict=True)
            ]
            for position in range(part.shape[1])
        ]
        yield from zip(*columns, strict=True)


def _plain(cell: object) -> object:
    """A cell without NumPy: what :mod:`schedopt.models.tables.fields` can parse."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (dt.date, dt.time)):
        return cell
    if hasattr(cell, "tolist"):  # NumPy scalars and arrays
        cell = cell.tolist()
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
