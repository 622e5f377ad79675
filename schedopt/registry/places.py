"""Folders that a store writes: such as are not there yet, or empty."""

from __future__ import annotations

from pathlib import Path

from schedopt.errors import OutputError
from schedopt.writing import full_path, refused, settle, stranger, try_folder


def free_place(folder: str | Path, what: str) -> Path:
    """Where a folder would be written, if it can be and nothing would be lost.

    Parameters
    ----------
    folder : path
        Not there yet, or empty.
    what : str
        What will be written, for the error.

    Raises
    ------
    OutputError
        If it holds something, or cannot be written.
    """
    place = full_path(folder, f"{what} to {folder}")
    with refused(f"{what} to {place}"):
        if place.is_dir():
            settle(place)
        elif place.exists():
            raise OutputError(f"cannot write {what} to {place}: a file of that name is in the way")
        if place.is_dir() and (strange := stranger(place, ())) is not None:
            raise OutputError(f"cannot write {what} to {place}: it holds {strange!r}, which would be lost")
    try_folder(place, what)
    return place
