"""The table of past visits, from a file or a frame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from schedopt.errors import InputError
from schedopt.models.history import History
from schedopt.models.tables import PastVisit
from schedopt.office.keys import duplicates
from schedopt.office.read import read_table

_IDS = ("visit", "patient", "provider", "visit_type", "outcome")
_DATES = ("booked", "date")
_NUMBERS = ("start", "minutes", "arrived", "began", "ended", "age")


def read_history(source: str | Path | pd.DataFrame) -> History:
    """Read what became of past visits.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A CSV file or a frame with the columns of :class:`~schedopt.models.tables.PastVisit`, and no others.

    Returns
    -------
    History
        The visits, by date; those of a day in the order in which they stand.

    Raises
    ------
    InputError
        With every bad cell: file, row, column, value (ages are hidden) and what was expected.
    """
    table, faults = read_table(PastVisit, source)
    if table is not None:
        faults = [*faults, *duplicates(table)]
    if table is None or faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return _history(table.rows)


def _history(rows: tuple[object, ...]) -> History:
    """Rows as columns."""
    cells = {name: [getattr(row, name) for row in rows] for name in PastVisit.model_fields}
    columns: dict[str, object] = {}
    for name, values in cells.items():
        if name in _IDS:
            columns[name] = pd.array(values, dtype="str")
        elif name in _DATES:
            columns[name] = pd.to_datetime(pd.Series(values, dtype="object"))
        elif name in _NUMBERS:
            columns[name] = pd.array(values, dtype="float64")
        else:
            columns[name] = pd.array(values, dtype="bool")
    frame = pd.DataFrame(columns)
    return History(frame.sort_values("date", kind="stable", ignore_index=True))
