"""Ends writers at every system call that changes something, and judges what they leave.

An action runs once. At the first call of a try or a write its process is copied, once for each way and place to end
it. The copy goes on; the original waits, judges what is there, puts back what was there, and makes the next copy. So a
long search is made once.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import schedopt.writing.exchange as exchanging
from schedopt.errors import SchedoptError
from schedopt.writing import settle

SIGNALS = {"INT": signal.SIGINT, "TERM": signal.SIGTERM, "KILL": signal.SIGKILL}
ERRORS = {"ENOSPC": errno.ENOSPC, "EACCES": errno.EACCES, "EIO": errno.EIO}
_CALLS = ("open", "write", "fsync", "close", "rename", "replace", "link", "mkdir", "chmod", "unlink", "rmdir")
_REGIONS = ("try_folder", "try_files", "write_folder", "write_files")
_PAST = 77
"""Exit status of a copy that was not ended in its region."""
Tree = dict[str, tuple[int, bytes | str | None]]


@dataclass
class Found:
    """How often an action was ended in each way, and what was wrong then.

    ``wrong`` has every time that there was neither the old nor the new, or something was left: for signals and errors
    at once, after a KILL once the next reader has been there. ``between`` counts the kills after which it took the
    reader to see the old or the new.
    """

    ended: Counter[str] = field(default_factory=Counter)
    between: int = 0
    wrong: list[str] = field(default_factory=list)


def tree(folder: Path) -> Tree:
    """Mode and content of every file, link and folder within a folder."""
    found: Tree = {}
    for path in folder.rglob("*"):
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[path.relative_to(folder).as_posix()] = (path.lstat().st_mode, content)
    return found


def end_everywhere(
    action: Callable[[], object], folder: Path, *, stride: int = 1, at_random: int = 0, seed: int = 1,
    ways: Iterable[str] = (*SIGNALS, *ERRORS), exchange: bool = True,
) -> Found:  # fmt: skip
    """Run an action that writes within a folder; end it in every way at every call, or every so many, and at random."""
    told, tells = os.pipe()
    original = os.fork()
    if not original:
        os.close(told)
        _run(action, _Original(folder, tuple(ways), stride, at_random, random.Random(seed), tells), exchange)
    os.close(tells)
    with os.fdopen(told, encoding="utf-8") as text:
        lines = [line.rstrip("\n").partition(" ") for line in text]
    os.waitpid(original, 0)
    found = Found()
    for kind, _, what in lines:
        found.ended[what] += kind == "ended"
        found.between += kind == "between"
        found.wrong += [what] if kind == "wrong" else []
    if not any(kind == "ended" for kind, _, _ in lines):
        found.wrong.append("never ended")
    return found


def _run(action: Callable[[], object], original: _Original, exchange: bool) -> NoReturn:
    """Run the action with calls that can be ended, and leave the process with a command's exit status."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    for name in _CALLS:
        setattr(os, name, _counted(getattr(os, name), original))
    swap = exchanging._renameat2() if exchange else None
    exchanging._renameat2 = lambda: swap and _counted_swap(swap, original)  # type: ignore[assignment]
    status = 99
    try:
        action()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 0
    except SchedoptError:
        status = 2
    except KeyboardInterrupt:
        status = 130
    finally:
        os._exit(status)


def _counted(call: Callable[..., Any], original: _Original) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        number = original.call()
        if number:
            raise OSError(number, os.strerror(number))
        return call(*args, **kwargs)

    return counted


def _counted_swap(swap: Callable[..., int], original: _Original) -> Callable[..., int]:
    def counted(*args: Any) -> int:
        number = original.call()
        if number:
            ctypes.set_errno(number)
            return -1
        return swap(*args)

    return counted


class _Original:
    """Counts calls; in the original, makes copies and judges them; in a copy, ends it."""

    def __init__(
        self, folder: Path, ways: tuple[str, ...], stride: int, at_random: int, chance: random.Random, tells: int
    ) -> None:
        self.folder, self.kept = folder, Path(f"{folder}.kept")
        self.ways, self.stride, self.at_random, self.chance, self.tells = ways, stride, at_random, chance, tells
        self.region, self.busy, self.copy = "", False, False
        self.way, self.at = "", -1
        self.count = mmap.mmap(-1, 8)

    def call(self) -> int:
        """What a call has to fail with; 0 if it goes on."""
        region = "" if self.busy else _region()
        if not region:
            return 0
        if region != self.region:
            if self.copy:
                os._exit(_PAST)
            self.region, self.busy = region, True
            self._copies()
            self.busy = False
        if not self.copy:
            return 0
        number = int.from_bytes(self.count[:8], "little")
        self.count[:8] = (number + 1).to_bytes(8, "little")
        if number != self.at:
            return 0
        if self.way in ERRORS:
            return ERRORS[self.way]
        signal.raise_signal(SIGNALS[self.way])
        return 0

    def _copies(self) -> None:
        before = tree(self.folder)
        shutil.copytree(self.folder, self.kept, symlinks=True)
        began = time.monotonic()
        if self._copied("", -1) is None:
            return
        seconds, calls = time.monotonic() - began, int.from_bytes(self.count[:8], "little")
        after, writes = tree(self.folder), self.region.startswith("write")
        if writes == (after == before):
            self._tell("wrong", f"{self.region} {'changed nothing' if writes else 'left something'}")
        self._put_back()
        for way in self.ways:
            for at in range(self.chance.randrange(self.stride), calls, self.stride):
                if not self._ended(way, at, None, before, after):
                    return
        for _ in range(self.at_random if writes else 0):
            moment = self.chance.uniform(0, seconds)
            if not self._ended(self.chance.choice([*SIGNALS]), -1, moment, before, after):
                return
        shutil.rmtree(self.kept)

    def _ended(self, way: str, at: int, moment: float | None, before: Tree, after: Tree) -> bool:
        """Make a copy, end it, judge what is there and put back what was; False in the copy itself."""
        status = self._copied(way, at, moment)
        if status is None:
            return False
        words = f"{self.region} {way} {f'at call {at}' if moment is None else f'after {moment:.4f} s'}"
        found = tree(self.folder)
        if way == "KILL":
            plain = {name: what for name, what in found.items() if ".schedopt-" not in name}
            if plain not in (before, after):
                self._tell("between", words)
            for path in [self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())]:
                settle(path)
            found = tree(self.folder)
        if found not in (before, after):
            self._tell("wrong", f"{words}: {sorted(found.keys() ^ before.keys())}, status {status}")
        elif way in ERRORS and self.region.startswith("write") and found != (before if status == 2 else after):
            self._tell("wrong", f"{words}: status {status} is not what happened")
        self._tell("ended", way)
        self._put_back()
        return True

    def _copied(self, way: str, at: int, moment: float | None = None) -> int | None:
        """Exit status of a copy; None in the copy itself."""
        self.count[:8] = bytes(8)
        child = os.fork()
        if not child:
            self.copy, self.way, self.at = True, way if moment is None else "", at
            return None
        if moment is not None:
            time.sleep(moment)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, SIGNALS[way])
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def _put_back(self) -> None:
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        shutil.copytree(self.kept, self.folder, symlinks=True, dirs_exist_ok=True)

    def _tell(self, kind: str, what: str) -> None:
        os.write(self.tells, f"{kind} {what}\n".encode())


def _region() -> str:
    """The try or the write that the caller is in, if it is in one."""
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name in _REGIONS and f"{os.sep}writing{os.sep}" in frame.f_code.co_filename:
            return frame.f_code.co_name
        frame = frame.f_back  # type: ignore[assignment]
    return ""
