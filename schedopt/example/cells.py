"""Values to the cells of a table, as they stand in its CSV file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schedopt.models.tables import Row
from schedopt.models.tables.fields import noted


def cell(value: object) -> str:
    """Text of one value: ``yes`` for True, an ISO date, a list joined by ``;``, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return "; ".join(map(cell, value))
    return str(value)


def make_frame(row_class: type[Row], columns: Mapping[str, Iterable[object]]) -> pd.DataFrame:
    """A table with all its columns as text; those not given stay empty, and those that other tables have come last.

    Columns that came later are there where they are filled.

    Parameters
    ----------
    row_class : type of Row
        The table.
    columns : mapping of str to iterable
        Values of equal number for each column.

    Returns
    -------
    pandas.DataFrame
        The cells of the CSV file.
    """
    header = [name for name in row_class.__annotations__ if name in row_class.model_fields]
    header += [name for name in row_class.model_fields if name not in header]
    filled = {name: [cell(value) for value in values] for name, values in columns.items()}
    later = noted(row_class, "later")
    header = [name for name in header if name not in later or any(filled.get(name, ()))]
    num_rows = len(next(iter(filled.values())))
    blank = [""] * num_rows
    return pd.DataFrame({name: filled.get(name, blank) for name in header}, dtype="str")


def frame_of(row_class: type[Row], records: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """The same from one mapping a row, in which keys may be absent."""
    return make_frame(row_class, {name: [record.get(name) for record in records] for name in row_class.model_fields})


def pick(names: Sequence[str], codes: NDArray[np.int64]) -> list[str]:
    """Names by position; the empty string where the position is negative."""
    return [names[code] if code >= 0 else "" for code in codes.tolist()]


def date_cells(week: dt.date, offsets: NDArray[np.int64], known: NDArray[np.bool_] | None = None) -> list[str]:
    """Dates by days from the first one planned; empty where not `known`."""
    text = np.datetime_as_string(np.datetime64(week) + offsets.astype("timedelta64[D]")).tolist()
    return list(text) if known is None else [day if there else "" for day, there in zip(text, known, strict=True)]
