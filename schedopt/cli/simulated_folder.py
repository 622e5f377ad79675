"""A simulation's tables as a folder of files, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from schedopt.errors import OutputError
from schedopt.writing import full_path, refused, settle, stranger, try_folder, write_folder

RECORD = "simulation.json"
TABLES = ("visits", "sessions", "providers", "visit_types", "groups", "total")
KEYS = ("first_day", "input_hash", "origin", "replications", "seed")
"""Of the record."""
_OURS = (RECORD, *(f"{table}.csv" for table in TABLES))
_WHAT = "the simulation"


def check_place(folder: Path) -> Path:
    """Where the tables would be written, if they can be: worth asking before a long simulation.

    That is a folder that is not there yet, an empty one, or one with an earlier simulation and nothing else.

    Raises
    ------
    OutputError
        If it may not be replaced, or cannot be written.
    """
    place = _look(folder)
    try_folder(place, _WHAT)
    return place


def write_simulation(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that :func:`check_place` allows.

    Raises
    ------
    OutputError
        If that fails; the folder is as it was before.
    """
    write_folder(_look(folder), files, _WHAT, _OURS)


def _look(folder: Path) -> Path:
    place = full_path(folder, f"{_WHAT} to {folder}")
    with refused(f"{_WHAT} to {place}"):
        if not place.exists():
            return place
        if not place.is_dir():
            raise OutputError(f"cannot write {_WHAT} to {place}: a file of that name is in the way")
        settle(place)
        strange = stranger(place, _OURS if _is_ours(place / RECORD) else ())
    if strange is not None:
        raise OutputError(f"cannot write {_WHAT} to {place}: it holds {strange!r}, which would be lost")
    return place


def _is_ours(record: Path) -> bool:
    try:
        content = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.keys() == set(KEYS)
