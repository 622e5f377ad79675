"""A folder of files, written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from schedopt.writing.exchange import exchange
from schedopt.writing.journal import NEW, change
from schedopt.writing.places import is_mount, nearest, refused
from schedopt.writing.scratch import scratch, settle
from schedopt.writing.store import stage, sync_folder
from schedopt.writing.undisturbed import undisturbed

_NOT_BESIDE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV, errno.EBUSY)
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)
_TRIAL = bytes(1 << 16)


def try_folder(place: Path, what: str) -> None:
    """Find out whether a folder can be written, by writing a little; what a writer that died has left goes.

    Parameters
    ----------
    place : Path
        From the root on, links followed. It need not be there, nor folders above it.
    what : str
        What will be written, such as ``the plan``, for the error.

    Raises
    ------
    OutputError
        If it cannot.
    """
    with refused(f"{what} to {place}"), undisturbed():
        near = nearest(place)
        _settle(near)
        with scratch(near) as beside:
            stage(beside / NEW / place.relative_to(near), {"trial": _TRIAL})


def write_folder(place: Path, files: Mapping[str, bytes], what: str, earlier: Collection[str] = ()) -> None:
    """Write a folder: all its files, or it stays as it was, whatever happens.

    It is built beside its place, and both change places in one step. Where that cannot be done, as something is
    mounted there or the folder above may not be written to, files are replaced one by one within the folder. A writer
    that is killed in the middle of that leaves a journal, by which :func:`~schedopt.writing.settle` undoes it.

    Parameters
    ----------
    place : Path
        From the root on, links followed. Folders above it are made. The mode and owner of a folder that is there, and
        of its files, are kept.
    files : mapping of str to bytes
        Content by path within the folder, with ``/`` between its parts.
    what : str
        As in :func:`try_folder`.
    earlier : collection of str
        Names in a folder that is there, all of which go.

    Raises
    ------
    OutputError
        If that cannot be done.
    """
    with refused(f"{what} to {place}"), undisturbed():
        _settle(nearest(place))
        if not place.exists():
            _new(place, files)
        elif not _beside(place, files):
            _within(place, files, earlier)


def _settle(folder: Path) -> None:
    """Put right what was left beside and in a folder."""
    with suppress(PermissionError):
        settle(folder.parent)
    settle(folder)


def _new(place: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder that is not there, and those above it that are not, in one step."""
    near = nearest(place)
    top = near / place.relative_to(near).parts[0]
    with scratch(near) as beside:
        stage(beside / NEW / place.relative_to(near), files)
        new = beside / NEW / top.name
        try:
            os.rename(new, top)
        except OSError as error:
            if error.errno not in _TAKEN or place.exists():
                raise
        else:
            _sync_or_back(near, top, new)
            return
    _new(place, files)  # somebody else has made a folder above it meanwhile


def _sync_or_back(near: Path, top: Path, new: Path) -> None:
    try:
        sync_folder(near)
    except BaseException:
        os.rename(top, new)
        raise


def _beside(place: Path, files: Mapping[str, bytes]) -> bool:
    """Write beside the folder and let both change places; False where that cannot be done here."""
    if is_mount(place):
        return False
    try:
        with scratch(place.parent) as beside:
            new = beside / NEW / place.name
            stage(new, files, place)
            if not exchange(new, place):
                return False
            try:
                sync_folder(place.parent)
            except BaseException:
                exchange(new, place)
                raise
    except OSError as error:
        if error.errno not in _NOT_BESIDE:
            raise
        return False
    return True


def _within(place: Path, files: Mapping[str, bytes], earlier: Collection[str]) -> None:
    """Replace what is in the folder, by a journal."""
    with scratch(place) as inside:
        stage(inside / NEW, files, place)
        names = {name.partition("/")[0] for name in files}
        gone = {name for name in earlier if os.path.lexists(place / name)}
        change(inside, {name: place / name for name in sorted(names | gone)})
