"""The folder of measures: tables, charts and a page, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from schedopt.errors import OutputError
from schedopt.interop.cells import to_csv
from schedopt.models.office import GROUP_COLUMNS
from schedopt.operations.measures.catalogue import MEASURES
from schedopt.operations.measures.charts.drawing import draw
from schedopt.operations.measures.page import measures_page
from schedopt.operations.measures.report import Measured
from schedopt.operations.measures.weekly import BY
from schedopt.writing import full_path, refused, settle, stranger, try_folder, write_folder

PAGE = "measures.html"
_WHAT = "measures"
_TABLES = ("measures.csv", "summary.csv", "signals.csv")
_EARLIER = (
    PAGE, *_TABLES, *(f"charts/{measure.name}.svg" for measure in MEASURES),
    *(f"{table}_by_{by}.csv" for table in ("measures", "summary") for by in (*BY, *GROUP_COLUMNS)),
)  # fmt: skip
"""What an earlier folder of measures may hold."""
_DIGITS = 6


def free_folder(folder: Path | str) -> Path:
    """Where measures would be written, if they can be: not there yet, empty, or with earlier measures alone.

    Raises
    ------
    OutputError
        If something would be lost, or it cannot be written.
    """
    place = full_path(folder, f"{_WHAT} to {folder}")
    with refused(f"{_WHAT} to {place}"):
        if place.exists() and not place.is_dir():
            raise OutputError(f"cannot write {_WHAT} to {place}: a file of that name is in the way")
        if place.is_dir():
            settle(place)
            if (strange := stranger(place, _EARLIER if (place / PAGE).is_file() else ())) is not None:
                raise OutputError(f"cannot write {_WHAT} to {place}: it holds {strange!r}, which would be lost")
    try_folder(place, _WHAT)
    return place


def write_measures(measured: Measured, folder: Path | str) -> None:
    """Write tables (CSV), charts (SVG) and the page (HTML) into a folder, in place of earlier ones.

    Parameters
    ----------
    measured : Measured
        How the office does.
    folder : path
        As :func:`free_folder` takes it.
    """
    tables = {"measures": measured.table, "summary": measured.summary, "signals": measured.signals}
    if measured.by:
        tables |= {
            f"measures_by_{measured.by}": measured.groups, f"summary_by_{measured.by}": measured.group_summary
        }  # fmt: skip
    files = {f"{name}.csv": to_csv(_written(table)).encode() for name, table in tables.items()}
    files |= {f"charts/{name}.svg": draw(*drawn).encode() for name, drawn in measured.charts.items()}
    files[PAGE] = measures_page(measured).encode()
    write_folder(free_folder(folder), files, _WHAT, earlier=[name for name in _EARLIER if "/" not in name] + ["charts"])


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """The table with days as YYYY-MM-DD, and figures of six digits after the point."""
    return table.assign(week=[f"{week:%Y-%m-%d}" for week in table["week"]]).round(_DIGITS)
