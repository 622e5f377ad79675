"""Stores for tests: made anew on SQLite, or on a PostgreSQL that all tests of a process share."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schedopt.registry import Store, create_store

START = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


class Clock:
    """A clock that goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        """The moment."""
        self.now += dt.timedelta(seconds=1)
        return self.now


@contextmanager
def new_store(url: str | None = None, clock: Clock | None = None) -> Iterator[Store]:
    """A new store in a temporary folder, asked by its administrator for operations."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = url or str(folder / "office.db")
        with create_store(place, folder / "keys", actor="ada", clock=clock or Clock()) as store:
            yield store
