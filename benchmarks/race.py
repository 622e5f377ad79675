"""Who gets the slot: ``python -m benchmarks.race [--url URL] [--processes N] [--tries N]``.

Processes contend for few providers, patients and units of pools with holds, bookings, moves and cancellations; one of
them is killed in the middle. Then plain SQL, not schedopt, looks whether two living bookings hold one thing at once and
whether anything is lost of what a process was told; the audit trail is verified. Prints one JSON line. Without a URL,
the store is an SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from schedopt.errors import NoSuchChange, SlotTaken, StoreError
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.office.read import fingerprint
from schedopt.registry import Store, create_store, open_store
from schedopt.registry import desk as desks
from schedopt.registry.bookings import Booking
from schedopt.registry.slots import POOL, Line, Slot
from schedopt.store.session import Call

DAY = dt.date(2026, 12, 1)
PROVIDERS = tuple(f"DR{number}" for number in range(1, 5))
POOLS = {"room": 1, "chair": 2}
PATIENTS, REQUESTS = 8, 32
LOST = "lost"
"""Outcome of a try that others were faster at, or that was not to be."""
_LIVING = ("proposed", "pending", "booked", "arrived", "checked-in", "fulfilled")


def main() -> int:
    """Race, look, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="database to make the store in; empty")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--tries", type=int, default=10_000, help="of all processes together")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = race(said.url or str(Path(folder, "office.db")), Path(folder), said.processes, said.tries)
    print(json.dumps(found), flush=True)
    return int(bool(found["wrong"]))


def office() -> Office:
    """Four providers, eight patients with four requests each, of two lengths."""
    made = Office(
        settings=Settings(),
        providers=tuple(tables.Provider(provider=name) for name in PROVIDERS),
        visit_types=(
            tables.VisitType(visit_type="short", minutes=20),
            tables.VisitType(visit_type="long", minutes=45),
        ),
        patients=tuple(tables.Patient(patient=f"N{number}") for number in range(PATIENTS)),
        requests=tuple(
            tables.Request(request=f"R{n}", patient=f"N{n % PATIENTS}", visit_type="long" if n % 3 else "short")
            for n in range(REQUESTS)
        ),
        shifts=tuple(
            tables.Shift(provider=name, site="MAIN", date=DAY, start="08:00", end="12:00") for name in PROVIDERS
        ),
    )
    return made.model_copy(update={"fingerprint": fingerprint(made)})


def race(url: str, folder: Path, processes: int, tries: int) -> dict[str, Any]:
    """Make a store, have processes contend for its slots, kill one of them, and look.

    Parameters
    ----------
    url : str
        Of an empty database.
    folder : Path
        For keys and for what each process was told.
    processes, tries : int
        How many; tries of all together.

    Returns
    -------
    dict
        ``tries``, ``won``, ``lost``, ``tries_a_second``, ``median_ms``, ``p95_ms``, and ``wrong``: what should not be,
        in words; empty where all is well.
    """
    with create_store(url, folder / "keys", actor="ada") as store:
        store.import_office(office())
        store.set_actor("dora", ["desk"])
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["schedopt.registry"])
    ready, told = context.Barrier(processes + 1), [folder / f"told-{number}.jsonl" for number in range(processes)]
    running = [
        context.Process(target=contend, args=(url, folder / "keys", number, tries // processes, told[number], ready))
        for number in range(processes)
    ]
    for process in running:
        process.start()
    ready.wait(120)
    start = time.perf_counter()
    while len(_lines(told[0])) < tries // processes // 2 and running[0].is_alive():
        time.sleep(0.01)
    running[0].kill()
    for process in running:
        process.join()
    seconds = time.perf_counter() - start
    lines = [line for file in told for line in _lines(file)]
    outcomes, ms = Counter(line["outcome"] for line in lines), [line["ms"] for line in lines]
    wrong = [f"process {n} ended with {p.exitcode}" for n, p in enumerate(running) if p.exitcode != (0 if n else -9)]
    wrong.extend(independent(url, [line for line in lines if line["outcome"] != LOST]))
    with open_store(url, folder / "keys", actor="ada", purpose="operations") as store:
        wrong.extend(map(str, store.verify()))
        wrong.extend(map(str, store.check().to_dict("records")))
        engine = store.session.engine.dialect.name
    return {
        "engine": engine, "processes": processes, "tries": len(lines), "won": len(lines) - outcomes[LOST],
        "lost": outcomes[LOST], "tries_a_second": round(len(lines) / seconds, 1),
        "median_ms": round(float(np.quantile(ms, 0.5)), 1), "p95_ms": round(float(np.quantile(ms, 0.95)), 1),
        "wrong": wrong,
    }  # fmt: skip


def _lines(file: Path) -> list[dict[str, Any]]:
    """What a process was told; a line that it was killed in the middle of does not count."""
    text = file.read_text() if file.exists() else ""
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def contend(url: str, keys: Path, number: int, tries: int, told: Path, ready: Any) -> None:
    """Try for slots, and write down what became of each try as soon as it is known."""
    rng = random.Random(number)
    mine: list[str] = []
    with open_store(url, keys, actor="dora", purpose="treatment") as store:
        ready.wait(120)
        with told.open("a", buffering=1) as file:
            for _ in range(tries):
                start = time.perf_counter()
                outcome, made = _once(store, rng, mine)
                said = {"outcome": outcome, "ms": 1000 * (time.perf_counter() - start)}
                if made is not None:
                    mine.append(made.booking)
                    names = ("booking", "status", "request", "provider", "start")
                    said |= {name: getattr(made, name) for name in names}
                file.write(json.dumps(said) + "\n")


def _once(store: Store, rng: random.Random, mine: list[str]) -> tuple[str, Booking | None]:
    """One try."""
    request, provider = f"R{rng.randrange(REQUESTS)}", rng.choice(PROVIDERS)
    start = dt.datetime.combine(DAY, dt.time(8)) + rng.randrange(24) * dt.timedelta(minutes=10)
    doing = rng.choices(("book", "hold", "move", "cancel"), (4, 2, 2, 2))[0]
    try:
        if doing == "book":
            find = with_pool(request, provider, start, rng.choice(list(POOLS)))
            return doing, store.session.do("book", lambda call: desks.book(call, find), about=request)
        if doing == "hold":
            return doing, store.hold(request, provider, start, 1, rules=False)
        if not mine:
            return LOST, None
        booking = rng.choice(mine[-8:])
        if doing == "move":
            return doing, store.move(booking, provider, start, rules=False)
        return doing, store.cancel(booking, "another day", again=True)
    except (SlotTaken, NoSuchChange):
        return LOST, None
    except StoreError as error:
        if "has a booking already" in str(error) or "is of request" in str(error):
            return LOST, None
        raise


def with_pool(request: str, provider: str, start: dt.datetime, pool: str) -> desks.Find:
    """Finds a slot that holds a unit of a pool, too."""

    def find(call: Call) -> Slot:
        slot = desks.plain(request, provider, start)(call)
        line = Line(POOL, pool, slot.starts, slot.ends, units=POOLS[pool])
        return replace(slot, lines=(*slot.lines, line))

    return find


def independent(url: str, told: list[dict[str, Any]]) -> list[str]:
    """What should not be, found by plain SQL over a connection of its own."""
    base = sa.create_engine(url if "://" in url else f"sqlite:///{url}")
    with base.connect() as connection:

        def rows(query: str) -> list[Any]:
            return list(connection.exec_driver_sql(query))

        every = rows("SELECT booking, status, request, provider, start, patient, starts, ends, until FROM bookings")
        held = rows("SELECT kind, thing, unit, starts, ends, booking FROM holdings")
    base.dispose()
    living = [row for row in every if row.until is None and row.status in _LIVING]
    wrong = [f"{name} is told and not there" for name in _not_there(told, every)]
    things: dict[Any, list[tuple[int, int, str]]] = {}
    for row in living:
        things.setdefault(("provider", row.provider), []).append((row.starts, row.ends, row.booking))
        things.setdefault(("patient", row.patient), []).append((row.starts, row.ends, row.booking))
    for row in held:
        if row.unit > POOLS.get(row.thing, 1):
            wrong.append(f"{row.thing} has no unit {row.unit}")
        things.setdefault(("held", row.kind, row.thing, row.unit), []).append((row.starts, row.ends, row.booking))
    for thing, spans in things.items():
        for before, after in pairwise(sorted(spans)):
            if after[0] < before[1]:
                wrong.append(f"{thing} is held twice: {before} {after}")
    if {row.booking for row in held} != {row.booking for row in living}:
        wrong.append("other bookings hold something than those that live")
    most = Counter(row.request for row in living).most_common(1)
    return [*wrong, *(f"{name} has {count} bookings" for name, count in most if count > 1)]


def _not_there(told: list[dict[str, Any]], every: list[Any]) -> list[str]:
    """What processes were told that no version of a booking says."""
    there = {(row.booking, row.status, row.request, row.provider, row.start) for row in every}
    names = ("booking", "status", "request", "provider", "start")
    return [line["booking"] for line in told if tuple(line[name] for name in names) not in there]


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
