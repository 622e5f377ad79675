"""Folders for what is not finished yet; what a writer that died has left is put right."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from schedopt.writing.journal import JOURNAL, NEW, OLD, UNFINISHED, undo

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX, _LOCK = ".schedopt-", "lock"
_NAME = re.compile(rf"{re.escape(_PREFIX)}[a-z0-9_]{{8}}")
_PARTS = frozenset([NEW, OLD, JOURNAL, UNFINISHED, _LOCK])


def is_scratch(name: str) -> bool:
    """Whether a file or folder of this name is a scratch folder."""
    return _NAME.fullmatch(name) is not None


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A scratch folder in a folder, with folders ``new`` and ``old``; it is gone afterwards.

    It is locked for as long as its writer lives, so that nobody else takes it for one that was left. If a change in it
    could not be undone, it stays for the next writer.
    """
    path, lock = _made(folder)
    try:
        yield path
    finally:
        if not (path / JOURNAL).exists():
            _remove(path)
        with suppress(OSError):
            os.close(lock)


def settle(folder: Path) -> None:
    """Undo what writers that died had half done in a folder, and remove what they left.

    Nothing happens where the folder cannot be read, and to scratch folders of other users or of writers that live.

    Raises
    ------
    OSError
        If something is half done and cannot be undone.
    """
    for path in _left(folder):
        try:
            lock = _locked(path)
        except OSError:
            if (path / JOURNAL).exists():
                raise
            continue
        if lock is None:
            continue
        try:
            undo(path)
            _remove(path)
        finally:
            os.close(lock)


def _made(folder: Path) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        try:
            lock = _locked(path, sure=False)
            if lock is not None:
                (path / NEW).mkdir()
                (path / OLD).mkdir()
                return path, lock
        except BaseException:
            _remove(path)
            raise


def _locked(path: Path, *, sure: bool = True) -> int | None:
    """A descriptor that holds a scratch folder's lock until it is closed; None if a living process has it.

    Raises
    ------
    OSError
        If the lock cannot be opened; with `sure`, also where the file system knows no locks.
    """
    try:
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        return None  # somebody else has just removed it
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), os.stat(path / _LOCK)):
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        if not sure:
            return lock
        os.close(lock)
        raise
    os.close(lock)
    return None


def _left(folder: Path) -> list[Path]:
    """Scratch folders of this user, with nothing in them that is not theirs."""
    user = os.geteuid() if hasattr(os, "geteuid") else None
    found: list[Path] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_scratch(entry.name) and entry.is_dir(follow_symlinks=False):
                ours = user is None or entry.stat(follow_symlinks=False).st_uid == user
                if ours and _PARTS.issuperset(os.listdir(entry.path)):
                    found.append(Path(entry.path))
    return sorted(found)


def _remove(path: Path) -> None:
    """Remove a scratch folder as far as that is allowed; the next writer tries again."""
    for at, folders, _ in os.walk(path):
        for name in folders:
            with suppress(OSError):
                os.chmod(Path(at, name), 0o700)
    for _ in range(2):  # once more where something was in the way for a moment
        shutil.rmtree(path, ignore_errors=True)
