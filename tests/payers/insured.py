"""Stores whose patients are insured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.insured import MONDAY, fill
from schedopt.registry import Store
from tests.stores import new_store


@contextmanager
def insured_store(
    patients: int, providers: int = 1, *, secret: Sequence[int] = (), url: str | None = None
) -> Iterator[Store]:  # fmt: skip
    """A store with an office of the benchmark, and somebody who bills."""
    with new_store(url) as store:
        fill(store, patients, providers, secret=secret)
        yield store


def book_all(store: Store, patients: int, per_day: Sequence[int] = (0, 1, 2, 3, 4)) -> None:
    """Book every request: some on each day of the week, 20 minutes each."""
    for number in range(patients):
        day = MONDAY + dt.timedelta(days=per_day[number % len(per_day)])
        slot = number // len(per_day)
        start = dt.datetime.combine(day, dt.time(8)) + dt.timedelta(minutes=20 * (slot % 27))
        store.book(f"R{number:03d}", f"DR{slot // 27}", start, rules=False)
