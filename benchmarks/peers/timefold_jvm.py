"""Timefold: its Java solver, out of the jars that its Python package brings, with a model of this problem in Java.

The model, in the folder ``timefold`` beside this file, is what serves Timefold best among its usual ones. Every request
is an entity with one planning variable, a place (session, start and wait between the steps), that may be unassigned.
The score is incremental and follows the solver on an occupancy grid, so that it costs a few additions a move. Moves go
to eligible sessions only, to the edge of what is there, take out whoever is in the way, and put them back where they
add least. A construction by priority is followed by simulated annealing. Moves keep every rule, so that no score level
for broken ones is needed.

One search on several threads belongs to Timefold's commercial editions. What is compared is the free one: as many
independent runs as there are workers, each with its own seed, and the best of them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.instances import Instance
from benchmarks.peers.interpreter import folder_of, run
from benchmarks.peers.protocol import Absent, Answer, Task, Visits
from benchmarks.peers.ways import Session, left_out, sessions_of, ways_of

SOURCES = Path(__file__).parent / "timefold"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "schedopt"
NONE = -1
MINUTES_A_DAY = 24 * 60
TEMPERATURE = 15
"""Points: the annealing's start, the best of a few tried on instances other than those that are shown."""


@dataclass(frozen=True)
class Timefold:
    """Timefold Solver on the JVM.

    Attributes
    ----------
    python : str
        The interpreter in whose environment the package with the jars is.
    temperature : int
        Points at which the annealing starts.
    """

    python: str = sys.executable
    temperature: int = TEMPERATURE
    name: str = "Timefold"
    cannot_say: tuple[str, ...] = (
        "a bound",
        "one search on two cores: multi-threading is commercial, so two runs with a seed each, and the better one",
    )

    def solve(self, instance: Instance, task: Task) -> Answer:
        """Compile the model if it is not, write the instance as numbers, run, and read the visits."""
        jars = folder_of("timefold", self.python) / "solver" / "jars"
        if not jars.is_dir():
            raise Absent("the timefold package brings no jars")
        classes = compiled(jars)
        with TemporaryDirectory() as folder:
            source, target = Path(folder, "week.txt"), Path(folder, "visits.txt")
            source.write_text("\n".join(" ".join(map(str, row)) for row in numbers(instance)), encoding="ascii")
            path = os.pathsep.join([str(classes), str(SOURCES), f"{jars}/*"])
            words = [source, target, round(1000 * task.time_limit), task.workers, task.seed, self.temperature]
            command = ["java", "-XX:+UseParallelGC", "-cp", path, "weekbench.Main", *map(str, words)]
            run(command, task.time_limit, "Timefold")
            points, *rows = target.read_text(encoding="ascii").splitlines()
        return Answer(_visits(instance, rows), claimed=int(points))


def compiled(jars: Path, cache: Path = CACHE) -> Path:
    """A folder with the compiled model; made once for a text of the sources and a place of the jars.

    Raises
    ------
    Absent
        If there is no Java compiler.
    """
    files = sorted(SOURCES.glob("*.java"))
    content = hashlib.sha256(b"\0".join([str(jars).encode(), *(file.read_bytes() for file in files)])).hexdigest()[:16]
    folder = cache / f"timefold-{content}"
    if folder.is_dir():
        return folder
    for program in ("javac", "java"):
        if shutil.which(program) is None:
            raise Absent(f"there is no program {program} (Java 17 or newer is needed)")
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as scratch:
        classes = Path(scratch, "classes")
        command = ["javac", "-d", str(classes), "-cp", f"{jars}/*", *map(str, files)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode:
            raise RuntimeError(f"the Timefold model does not compile:\n{answer.stderr[-2000:]}")
        with suppress(OSError):  # another process was faster, and its folder is as good
            classes.rename(folder)
    return folder


def numbers(instance: Instance) -> Iterator[tuple[int, ...]]:
    """The instance as ``Week.java`` reads it: rows of whole numbers, times in grid cells after midnight."""
    grid, weights = instance["grid"], instance["weights"]
    sessions, ways = sessions_of(instance), ways_of(instance)
    sites = {name: code for code, name in enumerate(dict.fromkeys(
        [s.site for s in sessions] + [pool["site"] for pool in instance["pools"]]))}  # fmt: skip
    kinds = {name: code for code, name in enumerate(dict.fromkeys(_kinds(instance)))}
    yield (
        len(sessions), len(sites), len(kinds), len(instance["pools"]), len(instance["requests"]), sum(map(len, ways)),
        len(instance["days"]), MINUTES_A_DAY // grid,
        weights["idle"] * grid, weights["office_wait"] * grid, weights["overtime"] * grid, weights["preference"],
    )  # fmt: skip
    for s in sessions:
        yield sites[s.site], s.day, s.start // grid, s.end // grid, s.overtime // grid
    for pool in instance["pools"]:
        yield sites[pool["site"]], kinds[pool["kind"]], pool["capacity"], len(pool["closed"])
        yield from ((day, start // grid, -(-end // grid)) for day, start, end in pool["closed"])
    yield from _requests(instance, sessions, kinds, [len(mine) for mine in ways])
    for mine in ways:
        for way in mine:
            yield way.session, way.earliest // grid, way.latest // grid, -(-way.opens // grid), way.price


def _kinds(instance: Instance) -> Iterator[str]:
    yield from (pool["kind"] for pool in instance["pools"])
    for request in instance["requests"]:
        if request["before"]:
            yield request["before"]["pool_kind"]
        if request["room_kind"]:
            yield request["room_kind"]


def _requests(
    instance: Instance, sessions: list[Session], kinds: dict[str, int], num_ways: list[int]
) -> Iterator[tuple[int, ...]]:
    grid, weights = instance["grid"], instance["weights"]
    patients: dict[str, int] = {}
    position = {request["id"]: number for number, request in enumerate(instance["requests"])}
    for request, count in zip(instance["requests"], num_ways, strict=True):
        before, prefer, after, booked = (request[key] for key in ("before", "prefer", "after", "booked"))
        where, when = _promised(sessions, booked)
        yield (
            request["minutes"] // grid, left_out(instance, request),
            weights["moved"] * request["priority"] if booked else 0,
            kinds[before["pool_kind"]] if before else NONE,
            before["minutes"] // grid if before else 0, before["max_wait"] // grid if before else 0,
            kinds[request["room_kind"]] if request["room_kind"] else NONE,
            -(-prefer[0] // grid) if prefer else NONE, -(-prefer[1] // grid) if prefer else NONE,
            where, when // grid if booked else NONE,
            patients.setdefault(request["patient"], len(patients)),
            position[after["request"]] if after else NONE,
            after["min_days"] if after else 0, after["max_days"] if after else 0,
            int(bool(booked and booked["fixed"])), count,
        )  # fmt: skip


def _promised(sessions: list[Session], booked: Instance | None) -> tuple[int, int]:
    """Position of the session that a promise is in, and its start in minutes."""
    if not booked:
        return NONE, NONE
    for number, s in enumerate(sessions):
        if (s.provider, s.day) == (booked["provider"], booked["day"]) and s.start <= booked["start"] < s.end:
            return number, booked["start"]
    return NONE, booked["start"]


def _visits(instance: Instance, rows: list[str]) -> Visits:
    grid, sessions, visits = instance["grid"], sessions_of(instance), []
    for row in rows:
        number, session, start, wait = map(int, row.split())
        request = instance["requests"][number]
        before = request["before"]
        visits.append({
            "request": request["id"],
            "session": sessions[session].name,
            "start": start * grid,
            "before_start": (start - wait) * grid - before["minutes"] if before else None,
        })  # fmt: skip
    return visits
