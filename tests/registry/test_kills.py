"""A process that is killed anywhere leaves a store as before or as after, on both engines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import LACKING, Server, is_here
from tests.registry.killed import OPERATIONS, Operation, Place, grown
from tests.registry.kills import admin, kill_everywhere


def some(count: int, most: int, seed: str, final: int = 3) -> Iterator[int]:
    """The final steps, where what was prepared becomes true, and some of those before."""
    last = range(max(1, count + 1 - final), count + 1)
    before = range(1, last.start)
    yield from sorted({*random.Random(seed).sample(before, min(most, len(before))), *last})


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_process_is_killed(operation: Operation, tmp_path: Path) -> None:
    """Killed before some of its statements, commits and file operations, nothing is between."""
    place = grown(tmp_path / "prepared")
    operation.prepare(place)
    found = kill_everywhere(operation, place, tmp_path, lambda count: some(count, 1, operation.name))
    assert found.kills >= 3
    assert found.wrong == []


@pytest.mark.skipif(not is_here(), reason=LACKING)
def test_a_process_is_killed_on_postgresql(postgres: Server, tmp_path: Path) -> None:
    """The same with a server, which takes back what the process had begun."""
    for operation in OPERATIONS:
        if not operation.on_server:
            continue
        place: Place = grown(tmp_path / operation.name / "prepared", postgres.url())
        operation.prepare(place)
        found = kill_everywhere(operation, place, tmp_path, lambda count, o=operation: some(count, 0, o.name, 2))
        assert found.wrong == []
        with admin(postgres.url()) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {place.database} WITH (FORCE)")
