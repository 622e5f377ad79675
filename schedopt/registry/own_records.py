"""Everything about one person as a folder: text to read, and the same as data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from schedopt.interop.cells import to_csv
from schedopt.registry.places import free_place
from schedopt.writing import write_folder

_WHAT = "records"
_HEAD = "Everything that this office keeps about person {}.\n"


def write_records(person: str, found: Mapping[str, pd.DataFrame], folder: str | Path) -> None:
    """Write what :meth:`~schedopt.registry.store.Store.records_of` gives into a folder, whole or not at all.

    Parameters
    ----------
    person : str
        Id of the person.
    found : mapping of str to pandas.DataFrame
        Table to rows.
    folder : path
        Not there yet, or empty: it gets ``records.txt``, ``records.json`` and a CSV file a table.

    Raises
    ------
    OutputError
        If it holds something, or cannot be written.
    """
    rows: dict[str, list[dict[str, str]]] = {}
    for name, frame in found.items():
        names = [str(column) for column in frame]
        rows[name] = [dict(zip(names, map(str, row), strict=True)) for row in frame.itertuples(index=False)]
    files = {f"{name}.csv": to_csv(frame).encode() for name, frame in found.items()}
    files["records.json"] = (json.dumps({"person": person, **rows}, ensure_ascii=False, indent=2) + "\n").encode()
    files["records.txt"] = "".join(_text(person, rows)).encode()
    write_folder(free_place(folder, _WHAT), files, _WHAT)


def expect_free(folder: str | Path) -> None:
    """Find out, before anything is read, whether a folder can be written.

    Raises
    ------
    OutputError
        If it cannot.
    """
    free_place(folder, _WHAT)


def _text(person: str, rows: Mapping[str, list[dict[str, str]]]) -> Iterator[str]:
    yield _HEAD.format(person)
    for name, cells in rows.items():
        yield f"\n{name.replace('_', ' ').capitalize()} ({len(cells):,})\n"
        for row in cells:
            yield "\n"
            yield from (f"  {column.replace('_', ' ')}: {cell}\n" for column, cell in row.items() if cell)
