"""Files for payers, put into a folder: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schedopt.writing import full_path, write_files, write_folder


def put_files(folder: str | Path, files: Mapping[str, bytes], what: str) -> None:
    """Put files into a folder, which is made where it is not there; files of other names stay.

    Parameters
    ----------
    folder : str or Path
        Where.
    files : mapping of str to bytes
        Content by name; where there is none, nothing is done.
    what : str
        What is written, such as ``the claims``, for the error.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    place = full_path(Path(folder), what)
    if files and place.is_dir():
        write_files({place / name: content for name, content in files.items()})
    elif files:
        write_folder(place, files, what)
