"""Rows as columns: days as dates of pandas, and a frame also of no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from schedopt.models.tables import Row

ALWAYS, FOREVER = dt.date(1800, 1, 1), dt.date(2300, 1, 1)
"""What an empty first or last day stands for."""


def frame(rows: Sequence[Row], *columns: str) -> pd.DataFrame:
    """Columns of rows, as objects."""
    cells = {name: pd.Series([getattr(row, name) for row in rows], dtype=object) for name in columns}
    return pd.DataFrame(cells)


def days(values: Iterable[Any], empty: dt.date | None = None) -> Any:
    """Dates as an array of days; what is None is `empty`, or no day."""
    return np.array([empty if value is None else value for value in values], "datetime64[D]").astype("datetime64[s]")


def valid(rows: Sequence[Row], *columns: str) -> pd.DataFrame:
    """Rows with a validity: columns, ``first``, ``last`` and ``place``, the row's place in its table."""
    found = frame(rows, *columns)
    found["first"] = days((getattr(row, "valid_from", None) for row in rows), ALWAYS)
    found["last"] = days((getattr(row, "valid_until", None) for row in rows), FOREVER)
    found["place"] = np.arange(len(rows))
    return found


def moment(date: dt.date) -> pd.Timestamp:
    """A day as it stands in such columns."""
    return pd.Timestamp(date).as_unit("s")
