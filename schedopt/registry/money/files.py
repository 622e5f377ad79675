"""Files of a folder: put there for payers, all or none; and read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schedopt.errors import Fault, InputError
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


def files_in(folder: str | Path) -> dict[str, bytes]:
    """The text and CSV files of a folder, by name.

    Raises
    ------
    InputError
        If there is none, or one cannot be read.
    """
    try:
        paths = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in (".txt", ".csv", ".tsv"))
        found = {path.name: path.read_bytes() for path in paths if path.is_file()}
    except OSError as error:
        words = f"expected a folder with files that can be read ({error.strerror})"
        raise InputError([Fault(str(folder), None, None, None, words)]) from None
    if not found:
        raise InputError([Fault(str(folder), None, None, None, "expected files that end in .txt, .csv or .tsv")])
    return found
