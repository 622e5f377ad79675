"""A store whose process is killed anywhere: ``python -m tests.registry.kills [NAME …] [--stride N] [--url URL]``.

Each operation is done by a process of its own, which is killed (SIGKILL) before its first step, its second and so on: a
step is a statement of SQL, a commit, or an operation on a file. Afterwards the store is as before or as after.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from schedopt.store.engine import make_engine
from tests.registry.killed import OPERATIONS, Operation, Place, grown

_FILES = {"os.rename", "os.remove", "os.link", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR


@dataclass
class Found:
    """What killing has shown.

    Attributes
    ----------
    name : str
        Of the operation.
    steps, kills, before, after : int
        Steps it has, how often it was killed, and how often the store was as before, and as after.
    wrong : list of str
        What should not be, with the step.
    """

    name: str
    steps: int
    kills: int = 0
    before: int = 0
    after: int = 0
    wrong: list[str] = field(default_factory=list)


def die_at(step: int) -> dict[str, int]:
    """Have this process be killed at a step, counted from 1; counts steps."""
    count = {"steps": 0}

    def one(*_: Any, **__: Any) -> None:
        count["steps"] += 1
        if count["steps"] == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(event: str, words: tuple[Any, ...]) -> None:
        if event in _FILES or (event == "open" and isinstance(words[2], int) and words[2] & _WRITES):
            one()

    sa.event.listen(sa.Engine, "before_cursor_execute", one)
    sa.event.listen(sa.Engine, "commit", one)
    sys.addaudithook(audited)
    write = os.write

    def writes(handle: int, content: bytes) -> int:
        one()
        return write(handle, content)

    os.write = writes  # type: ignore[assignment]
    return count


def in_child(place: Place, do: Callable[[Place], None], step: int) -> int | None:
    """Do something in a process that is killed at a step; the steps there were where it was not killed."""
    told = place.folder / "steps"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            count = die_at(step)
            do(place)
            steps = count["steps"]
            told.write_text(str(steps))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert os.WEXITSTATUS(status) == 0, f"{do} failed by itself"
    return int(told.read_text())


def kill_everywhere(operation: Operation, prepared: Place, work: Path, steps: Callable[[int], Iterator[int]]) -> Found:
    """Kill an operation at some of its steps.

    Parameters
    ----------
    operation : Operation
        What is done.
    prepared : Place
        Where it can be done.
    work : Path
        A folder for copies.
    steps : callable
        Number of steps to those that it is killed at.
    """
    with copied(prepared, work) as place:
        count = in_child(place, operation.do, 0)
        assert count is not None
        after = operation.state(place)
        operation.expect(place)
    before = operation.state(prepared)
    prepared.close()
    assert before != after
    found = Found(operation.name, count)
    for step in steps(count):
        with copied(prepared, work) as place:
            ended = in_child(place, operation.do, step)
            found.kills += ended is None
            try:
                operation.settle(place)
                state = operation.state(place)
                found.before += state == before
                found.after += state == after
                if state not in (before, after):
                    found.wrong.append(f"step {step}: between")
                operation.expect(place)
                operation.again(place)
            except Exception as error:
                found.wrong.append(f"step {step}: {type(error).__name__}: {error}")
    return found


@contextmanager
def copied(prepared: Place, work: Path) -> Iterator[Place]:
    """A copy of where an operation can be done."""
    prepared.close()
    folder = work / "copy"
    shutil.copytree(prepared.folder, folder)
    place = Place(folder)
    if prepared.server is not None:
        place.server, place.database = prepared.server, "copy"
        with admin(prepared.server) as connection:
            connection.exec_driver_sql(f"CREATE DATABASE copy TEMPLATE {prepared.database}")
    try:
        yield place
    finally:
        place.close()
        shutil.rmtree(folder)
        if prepared.server is not None:
            with admin(prepared.server) as connection:
                connection.exec_driver_sql("DROP DATABASE copy WITH (FORCE)")


@contextmanager
def admin(server: str) -> Iterator[sa.Connection]:
    """A connection that makes databases."""
    engine = make_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def main() -> int:
    """Print what was found, a JSON line an operation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="operations; all by default")
    parser.add_argument("--stride", type=int, default=1, help="kill at every so many steps")
    parser.add_argument("--server", help="URL of a PostgreSQL server's database 'postgres', instead of SQLite")
    said = parser.parse_args()
    bad = 0
    for operation in OPERATIONS:
        if (said.names and operation.name not in said.names) or (said.server and not operation.on_server):
            continue
        with tempfile.TemporaryDirectory() as name:
            start = time.perf_counter()
            place = grown(Path(name, "prepared"), said.server)
            operation.prepare(place)
            found = kill_everywhere(operation, place, Path(name), lambda n: iter(range(1, n + 1, said.stride)))
            if said.server:
                with admin(said.server) as connection:
                    connection.exec_driver_sql(f"DROP DATABASE {place.database} WITH (FORCE)")
        bad += len(found.wrong)
        print(json.dumps({**vars(found), "seconds": round(time.perf_counter() - start, 1)}), flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
