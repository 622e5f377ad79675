"""Bytes brought to the disk."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What file systems say that cannot bring a folder to the disk by itself."""


def store(path: Path, content: bytes, like: Path | None = None) -> None:
    """Write a new file and bring it to the disk; with the mode and the owner of another one, where that is there."""
    handle = os.open(path, _FLAGS, 0o666)
    try:
        if like is not None and like.exists():
            liken(path, like)
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def stage(folder: Path, files: Mapping[str, bytes], like: Path | None = None) -> None:
    """Write a new folder and bring it to the disk.

    Parameters
    ----------
    folder : Path
        Where to; it and folders above it are made.
    files : mapping of str to bytes
        Content by path within the folder.
    like : Path, optional
        A folder whose mode and owner it gets, and its files those of the same names.
    """
    made = [folder, *sorted({(folder / name).parent for name in files} - {folder})]
    for path in made:
        path.mkdir(parents=True, exist_ok=True)
        if like is not None and (like / path.relative_to(folder)).is_dir():
            liken(path, like / path.relative_to(folder))
    for name, content in files.items():
        store(folder / name, content, None if like is None else like / name)
    for path in reversed(made):
        sync_folder(path)


def liken(path: Path, like: Path) -> None:
    """Give a file or folder the owner, mode and access list of another, as far as the user may."""
    wanted, found = like.stat(), path.stat()
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid):
        with suppress(PermissionError):
            os.chown(path, wanted.st_uid, wanted.st_gid)
    os.chmod(path, stat.S_IMODE(wanted.st_mode))
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(like):
                os.setxattr(path, name, os.getxattr(like, name))


def sync_folder(folder: Path) -> None:
    """Bring to the disk which names a folder holds."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(handle)
