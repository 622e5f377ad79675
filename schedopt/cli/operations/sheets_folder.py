"""The sheets of a day as a folder of files, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

from schedopt.errors import OutputError
from schedopt.writing import full_path, refused, settle, stranger, try_folder, write_folder

RECORD = "sheets.json"
_KEYS = {"day", "files"}
_WHAT = "the sheets"


def check_place(folder: Path) -> Path:
    """Where sheets would be written, if they can be.

    That is a folder that is not there yet, an empty one, or one with earlier sheets and nothing else.

    Raises
    ------
    OutputError
        If it may not be replaced, or cannot be written.
    """
    place, _ = _look(folder)
    try_folder(place, _WHAT)
    return place


def write_sheets(folder: Path, day: dt.date, files: Mapping[str, bytes]) -> None:
    """Write sheets into a folder that :func:`check_place` allows, in place of earlier ones.

    Raises
    ------
    OutputError
        If that fails; the folder is as it was before.
    """
    place, earlier = _look(folder)
    record = json.dumps({"day": day.isoformat(), "files": sorted(files)}, indent=2) + "\n"
    write_folder(place, {**files, RECORD: record.encode()}, _WHAT, earlier)


def _look(folder: Path) -> tuple[Path, tuple[str, ...]]:
    place = full_path(folder, f"{_WHAT} to {folder}")
    with refused(f"{_WHAT} to {place}"):
        if not place.exists():
            return place, ()
        if not place.is_dir():
            raise OutputError(f"cannot write {_WHAT} to {place}: a file of that name is in the way")
        settle(place)
        earlier = _earlier(place / RECORD)
        strange = stranger(place, earlier)
    if strange is not None:
        raise OutputError(f"cannot write {_WHAT} to {place}: it holds {strange!r}, which would be lost")
    return place, earlier


def _earlier(record: Path) -> tuple[str, ...]:
    """The files of earlier sheets, by their record."""
    try:
        content = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return ()
    if not isinstance(content, dict) or content.keys() != _KEYS or not isinstance(content["files"], list):
        return ()
    return (RECORD, *(str(name) for name in content["files"]))
