"""Tables of plain text that fit the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_GAP = "  "
_NARROWEST = 24
GIVES = {
    "session": "session", "start": "start", "change": "cost would change by (points)",
    "what": "what would have to give",
}  # fmt: skip
"""Headings of the changes with which a request that is left out has a place."""
NOTHING = "–"
"""What stands in place of a figure that there is not, such as the mean of no visits."""


def text_table(frame: pd.DataFrame, headings: Mapping[str, str]) -> str:
    """Some columns of a table under headings; the last one is wrapped where the terminal ends.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows. Numbers stand to the right, with commas between thousands, and a dash for NaN.
    headings : mapping of str to str
        Column to heading, in order.

    Returns
    -------
    str
        A line for the headings, one of dashes, and a line or more for each row.
    """
    columns = [_cells(frame[name], heading) for name, heading in headings.items()]
    widths = [max(map(len, column)) for column in columns]
    numeric = [all(isinstance(cell, (int, float)) for cell in frame[name].tolist()) for name in headings]
    indent = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    room = max(_NARROWEST, shutil.get_terminal_size((100, 24)).columns - indent)
    widths[-1] = min(widths[-1], room)
    lines = [line for row in zip(*columns, strict=True) for line in _lines(row, widths, numeric, indent)]
    number = len(_lines([column[0] for column in columns], widths, numeric, indent))
    return "\n".join([*lines[:number], _GAP.join("-" * width for width in widths), *lines[number:]])


def _cells(column: pd.Series, heading: str) -> list[str]:
    return [heading, *map(_cell, column.tolist())]


def _cell(cell: object) -> str:
    if isinstance(cell, float) and isnan(cell):
        return NOTHING
    return f"{cell:,}" if isinstance(cell, (int, float)) else str(cell)


def _lines(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool], indent: int) -> list[str]:
    first, *more = textwrap.wrap(row[-1], widths[-1]) or [""]
    *cells, last = (
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip([*row[:-1], first], widths, numeric, strict=True)
    )
    return [_GAP.join([*cells, last]).rstrip(), *(" " * indent + line for line in more)]


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its numbers for people: rounded, and a dash where there is none."""
    numbers = [name for name in table.columns if table[name].dtype == "float64"]
    shown = {name: [f"{x:,.0f}" if x == x else NOTHING for x in table[name].tolist()] for name in numbers}
    return table.assign(**shown)
