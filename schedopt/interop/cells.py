"""CSV that no spreadsheet mistakes for a program."""

from __future__ import annotations

import re

import pandas as pd

_RISKY = re.compile(r"'*[=+\-@\t\r]")


def to_cell(value: object) -> object:
    """The value as a CSV cell: text that a spreadsheet would run gets an apostrophe in front; the rest stays.

    Risky is text that begins with ``= + - @``, a tab or a carriage return, and text that only apostrophes keep from
    doing so: :func:`from_cell` could not tell them from its own.
    """
    return f"'{value}" if isinstance(value, str) and _RISKY.match(value) else value


def from_cell(text: str) -> str:
    """The text that :func:`to_cell` was given."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def to_csv(frame: pd.DataFrame) -> str:
    r"""A table as CSV (RFC 4180: lines end with ``\r\n``), with header and without index.

    Parameters
    ----------
    frame : pandas.DataFrame
        Numbers are written as numbers, text through :func:`to_cell`, what is missing as an empty cell.

    Returns
    -------
    str
    """
    safe = frame.rename(columns=to_cell)
    for place, dtype in enumerate(frame.dtypes):
        if not pd.api.types.is_numeric_dtype(dtype):
            safe.isetitem(place, [to_cell(value) for value in frame.iloc[:, place].astype(object)])
    return safe.to_csv(index=False, lineterminator="\r\n")
