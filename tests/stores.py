"""Stores for tests: made anew on SQLite, or on a PostgreSQL that all tests of a process share."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from schedopt.registry import Store, create_store, open_store

START = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


class Clock:
    """A clock that goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        """The moment."""
        self.now += dt.timedelta(seconds=1)
        return self.now


def _nothing(_store: Store) -> None:
    """Nothing is to be done."""


@contextmanager
def new_store(
    url: str | None = None, clock: Clock | None = None, prepare: Callable[[Store], object] = _nothing
) -> Iterator[Store]:
    """A new store in a temporary folder, asked by its administrator for operations, in which something was done.

    Without URL and clock it is a copy of one that is made once in a process for each way to prepare it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if url is None and clock is None:
            clock = Clock()
            clock.now, files = _made(prepare)
            for file, (mode, content) in files.items():
                (folder / file).parent.mkdir(exist_ok=True)
                (folder / file).write_bytes(content)
                (folder / file).chmod(mode)
            place = str(folder / "office.db")
            with open_store(place, folder / "keys", actor="ada", purpose="operations", clock=clock) as store:
                yield store
            return
        with create_store(
            url or str(folder / "office.db"), folder / "keys", actor="ada", clock=clock or Clock()
        ) as store:
            prepare(store)
            yield store


@cache
def _made(prepare: Callable[[Store], object]) -> tuple[dt.datetime, dict[Path, tuple[int, bytes]]]:
    """The moment after a store was made and prepared, and its files by name, with their modes."""
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), Clock()
        with create_store(str(folder / "office.db"), folder / "keys", actor="ada", clock=clock) as store:
            prepare(store)
        files = [path for path in folder.rglob("*") if path.is_file()]
        return clock.now, {path.relative_to(folder): (path.stat().st_mode, path.read_bytes()) for path in files}
