"""The table of past visits, from a file or a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from schedopt.errors import Fault, InputError
from schedopt.models.discretion import discretion_of
from schedopt.models.history import History
from schedopt.models.tables import PastVisit, fields
from schedopt.models.tables.fields import types_of
from schedopt.models.tables.history import CONTRADICTS, contradiction
from schedopt.office.blocks import Cells, Columns, NotSound, Values, blocks_of_records, blocks_of_text, sound_blocks
from schedopt.office.csv_file import csv_records
from schedopt.office.frames import frame_header, frame_records
from schedopt.office.keys import duplicates
from schedopt.office.read import read_table, warn_of

_LONG = 8 * 60
"""Minutes of a working day."""
_NUMBERS = (fields.ClockTime, fields.TimeOfDay, fields.Length, fields.Age)


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
        With every bad cell: file, row, column, value (hidden where it may be a person's) and what was expected.

    Warns
    -----
    InputWarning
        Of all that was read although it may not be meant: visits that took, or kept a patient waiting, more than eight
        hours and twice their planned length.
    """
    try:
        file, numbers, frame = _in_blocks(source)
    except NotSound:
        file, numbers, frame = _row_by_row(source)
    warn_of(_long_visits(file, numbers, frame))
    return History(frame.sort_values("date", kind="stable", ignore_index=True))


def _in_blocks(source: str | Path | pd.DataFrame) -> tuple[str, Sequence[int], pd.DataFrame]:
    """What faults call the table, the numbers of its rows, and the rows as columns, if nothing is wrong with them."""
    if isinstance(source, pd.DataFrame):
        file, header = PastVisit.table_name, frame_header(source)
        blocks = blocks_of_records(frame_records(source), len(header))
    else:
        file = Path(source).name
        header, blocks = _file_blocks(Path(source))
    frames = [_frame(columns) for columns in sound_blocks(PastVisit, header, blocks, _sound)]
    frame = pd.concat(frames or [_frame({name: [] for name in PastVisit.model_fields})], ignore_index=True)
    return file, range(2, len(frame) + 2), frame


def _file_blocks(path: Path) -> tuple[list[str], Iterator[Sequence[Cells]]]:
    """Header and blocks of a file."""
    try:
        content = path.read_bytes()
    except OSError:
        raise NotSound from None
    if b'"' not in content and b"\0" not in content:
        blocks = blocks_of_text(content)
        return [str(name) for (name,) in next(blocks)], blocks
    records = _file_records(path.name, content)
    header = next(records)
    return header, blocks_of_records(records, len(header))


def _file_records(file: str, content: bytes) -> Iterator[list[str]]:
    try:
        yield from csv_records(PastVisit, file, content)
    except InputError:
        raise NotSound from None


def _row_by_row(source: str | Path | pd.DataFrame) -> tuple[str, Sequence[int], pd.DataFrame]:
    """The same, as the tables of an office are read, which says what is wrong."""
    table, faults = read_table(PastVisit, source)
    if table is not None:
        faults = [*faults, *duplicates(table, discretion_of({table.name: table}))]
    if table is None or faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    columns = {name: [getattr(row, name) for row in table.rows] for name in PastVisit.model_fields}
    return table.file, table.numbers, _frame(columns)


def _sound(columns: Columns) -> bool:
    """Whether no visit contradicts itself."""
    return not any(map(contradiction, *(columns[name] for name in CONTRADICTS)))


def _frame(columns: Columns) -> pd.DataFrame:
    """Columns of values as pandas keeps them."""
    return pd.DataFrame({name: _column(kind, columns[name]) for name, kind in types_of(PastVisit).items()})


def _long_visits(file: str, numbers: Sequence[int], frame: pd.DataFrame) -> Iterator[Fault]:
    """Visits that took, or kept a patient waiting, longer than a working day and than twice their planned length."""
    usual = (2 * frame["minutes"]).clip(lower=_LONG).fillna(_LONG)
    for since, until in (("began", "ended"), ("arrived", "began")):
        minutes = frame[until] - frame[since]
        for index in minutes.index[minutes > usual].tolist():
            words = f"expected at most {_LONG // 60} hours after {since}, found {minutes[index] / 60:.1f}"
            yield Fault(file, numbers[index], until, None, words)


def _column(kind: object, values: Values) -> pd.Series:
    """The values of a column as pandas keeps them."""
    if kind == fields.Date:
        return pd.to_datetime(pd.Series(values, dtype="object"))
    return pd.Series(values, dtype="float64" if kind in _NUMBERS else "bool" if kind == fields.Flag else "str")
