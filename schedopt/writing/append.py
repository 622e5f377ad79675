"""Lines that are added to a file, and secrets that are written once."""

from __future__ import annotations

import os
from pathlib import Path

from schedopt.writing.places import refused
from schedopt.writing.store import sync_folder

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def append_line(path: Path, line: str) -> None:
    """Add a line to a file and bring it to the disk; the file is made where it is not there.

    Raises
    ------
    OutputError
        If it cannot be.
    """
    with refused(str(path)):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
        try:
            os.write(handle, f"{line}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def write_secret(path: Path, content: bytes, *, anew: bool = True) -> None:
    """Write a file that its owner alone may read, and bring it to the disk.

    Parameters
    ----------
    path : Path
        In a folder that is there.
    content : bytes
        The secret.
    anew : bool
        Refuse a file that is there already.

    Raises
    ------
    OutputError
        If it cannot be, or is there already.
    """
    with refused(str(path)):
        beside = path.with_name(f"{path.name}.part")
        beside.unlink(missing_ok=True)  # of a writer that has died; it may be a name of a file that is in its place
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        try:
            os.write(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        if anew:
            os.link(beside, path)
            beside.unlink()
        else:
            beside.replace(path)
        sync_folder(path.parent)


def put_in_place(part: Path, path: Path) -> None:
    """Bring a file that was written beside its place to the disk, and into its place in one step.

    Raises
    ------
    OutputError
        If it cannot be.
    """
    with refused(str(path)):
        handle = os.open(part, os.O_RDWR | _BINARY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        part.chmod(0o600)
        part.replace(path)
        sync_folder(path.parent)


def make_private_folder(path: Path) -> None:
    """Make a folder that its owner alone may look into, where it is not there yet.

    Raises
    ------
    OutputError
        If it cannot be.
    """
    with refused(str(path)):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def remove_file(path: Path) -> None:
    """Remove a file of ours; nothing where it is not there."""
    with refused(str(path)):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
