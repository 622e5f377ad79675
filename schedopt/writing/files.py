"""Files, written all or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from schedopt.writing.journal import NEW, change
from schedopt.writing.places import full_path, is_mount, refused
from schedopt.writing.scratch import scratch, settle
from schedopt.writing.store import store
from schedopt.writing.undisturbed import undisturbed

_TRIAL = bytes(1 << 16)
_STREAMS = (Path("/dev"), Path("/dev/fd"))


def try_files(files: Iterable[Path]) -> None:
    """Find out whether files can be written, by writing a little; what a writer that died has left goes.

    Parameters
    ----------
    files : iterable of Path
        In folders that are there; where there are none, nothing happens.

    Raises
    ------
    OutputError
        If one cannot.
    """
    places = _places(files)
    if not places or _is_stream(places):
        return
    with refused(str(next(iter(places.values())))), undisturbed():
        home = _home(places)
        settle(home)
        _expect_files(places)
        with scratch(home) as beside:
            for path in places:
                store(beside / NEW / path.name, _TRIAL)


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files: all of them, or all stay as they were, whatever happens.

    A single file is replaced in one step. Where there are several, a writer that is killed in the middle leaves a
    journal in the folder of the first, by which :func:`~schedopt.writing.settle` undoes it. Modes, owners and links
    are kept. A device or pipe is written to as it is.

    Parameters
    ----------
    files : mapping of Path to bytes
        Content by path, with names that differ, in folders that are there; where there are none, nothing happens.

    Raises
    ------
    OutputError
        If that cannot be done.
    """
    places = _places(files)
    if not places:
        return
    with refused(str(next(iter(places.values())))):
        if _is_stream(places):
            for path, content in files.items():
                path.write_bytes(content)
        else:
            with undisturbed():
                _replace(places, files)


def _replace(places: Mapping[Path, Path], files: Mapping[Path, bytes]) -> None:
    home = _home(places)
    settle(home)
    _expect_files(places)
    with scratch(home) as beside:
        for path, content in files.items():
            store(beside / NEW / path.name, content, places[path])
        change(beside, {path.name: place for path, place in places.items()})


def _places(files: Iterable[Path]) -> dict[Path, Path]:
    """Where files are, links followed."""
    return {path: full_path(path, str(path)) for path in files}


def _home(places: Mapping[Path, Path]) -> Path:
    """The folder of all files; where links lead to several, the one in which the links are."""
    homes = {place.parent for place in places.values()}
    return homes.pop() if len(homes) == 1 else next(iter(places)).parent.resolve()


def _is_stream(places: Mapping[Path, Path]) -> bool:
    """Whether it is one file, of one at least, that is not kept on a disk, or a stream of this process."""
    path = next(iter(places))
    if len(places) > 1 or not path.exists():
        return False
    if path.parent in _STREAMS:
        return True
    mode = path.stat().st_mode
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _expect_files(places: Mapping[Path, Path]) -> None:
    for place in places.values():
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{place} is a folder")
        if place.exists() and not place.is_file():
            raise OSError(errno.EINVAL, f"{place} is not a file")
        if is_mount(place):
            raise OSError(errno.EBUSY, f"{place} is mounted by itself and cannot be replaced; mount its folder instead")
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
