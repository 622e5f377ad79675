"""Where something may be written, and why it cannot be."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from schedopt.errors import OutputError
from schedopt.writing.scratch import is_scratch

_MOUNTS = Path("/proc/self/mountinfo")
_DROPPINGS = frozenset([".DS_Store", "Thumbs.db", "desktop.ini"])
"""What systems leave in folders that were looked at."""
_ESCAPE = re.compile(rb"\\([0-7]{3})")


@contextmanager
def refused(what: str) -> Iterator[None]:
    """What the system refuses becomes an :class:`~schedopt.errors.OutputError`: ``cannot write`` what, and why."""
    try:
        yield
    except (OSError, ValueError) as error:  # a ValueError is of a path with a NUL
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise OutputError(f"cannot write {what}: {reason}") from error


def full_path(path: Path | str, what: str) -> Path:
    """The path from the root on, links followed; what it names need not be there.

    Parameters
    ----------
    path : path
        As the user said it.
    what : str
        What will be written, and where to, for the error.

    Raises
    ------
    OutputError
        If nothing can have this name, or links lead in a circle.
    """
    with refused(what):
        try:
            whole = Path(path).resolve()
        except RuntimeError:  # Python 3.11 and 3.12 say so of links
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
        with suppress(FileNotFoundError, NotADirectoryError):
            whole.stat()
    return whole


def nearest(place: Path) -> Path:
    """The path itself if it is there; otherwise the nearest folder above it that is.

    Raises
    ------
    NotADirectoryError
        If a file is in the way.
    """
    near = next(path for path in (place, *place.parents) if path.exists())
    if not near.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"a file is in the way, {near}")
    return near


def stranger(place: Path, files: Collection[str]) -> str | None:
    """What a folder holds beside certain files, and what would be lost with it; None if there is nothing.

    Parameters
    ----------
    place : Path
        A folder.
    files : collection of str
        Paths within it, with ``/`` between their parts. A link is none of them.

    Returns
    -------
    str or None
        The first path, sorted. Scratch folders, what systems leave in folders that were looked at, and the
        ``lost+found`` of a file system that is mounted there do not count.
    """
    folders = {name.rpartition("/")[0] for name in files}
    for path in sorted(place.iterdir()):
        if path.name in _DROPPINGS or is_scratch(path.name) or (path.name == "lost+found" and is_mount(place)):
            continue
        if path.name in folders and path.is_dir() and not path.is_symlink():
            inner = [name.removeprefix(f"{path.name}/") for name in files if name.startswith(f"{path.name}/")]
            found = stranger(path, inner)
            if found is not None:
                return f"{path.name}/{found}"
        elif path.name not in files or path.is_symlink() or not path.is_file():
            return path.name
    return None


def is_mount(place: Path) -> bool:
    """Whether something is mounted at a place: nothing else can be put there."""
    if sys.platform == "linux":
        try:
            fields = (line.split(b" ")[4] for line in _MOUNTS.read_bytes().splitlines())
            return os.fsencode(place) in {_ESCAPE.sub(lambda m: bytes([int(m[1], 8)]), field) for field in fields}
        except (OSError, IndexError):
            pass
    return os.path.ismount(place)
