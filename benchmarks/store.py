"""How fast a store is: ``python -m benchmarks.store [--url URL] [--people N] [--bookings N] [--requests N]``.

Makes a store with an invented office of so many open requests, so many further people and so many bookings that have
taken place, and prints one JSON line with seconds and megabytes of loading, assembling, booking, registering,
verifying, backing up and restoring. Without a URL, the store is an SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import schedopt
from schedopt.example import example_frames
from schedopt.registry import Store, create_store, open_store
from schedopt.registry.backup import backup, restore
from schedopt.registry.exchange import Wanted, key_of, new_fact
from schedopt.registry.people import write_blinds
from schedopt.store.session import Call, random_id

WEEK = dt.date(2026, 11, 30)
_PART = 20_000
_REQUESTS_OF_A_PROVIDER = 84


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="database to make the store in; empty")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--bookings", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=6_000)
    parser.add_argument("--keep", type=Path, help="folder to keep the store in; one that is there is used again")
    parser.add_argument("--load", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.load:
        _load(*json.loads(said.load))
        return
    if said.keep is not None:
        print(json.dumps(_measured(said, said.keep)), flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(said, Path(folder))), flush=True)


def _measured(said: argparse.Namespace, folder: Path) -> dict[str, Any]:
    url = said.url or str(folder / "office.db")
    keys = folder / "keys"
    found: dict[str, Any] = {"people": said.people, "bookings": said.bookings}
    if not (folder / "filled").exists():
        with create_store(url, keys, actor="ada") as store:
            found["seconds_to_fill"] = _seconds(lambda: _fill(store, said))
        (folder / "filled").touch()
    again = subprocess.run(
        [sys.executable, "-m", "benchmarks.store", "--load", json.dumps([url, str(keys)])],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found |= json.loads(again.stdout)
    with open_store(url, keys, actor="ada", purpose="operations") as store:
        found["engine"] = store.session.engine.dialect.name
        store.set_actor("dora", ["desk"])
        desk = store.by("dora", "treatment")
        found |= _desk(desk)
        found["verify_seconds"] = _seconds(lambda: _expect(store.verify() == []))
        found["backup_seconds"] = _seconds(lambda: backup(store, folder / "backup.db"))
    if said.url is None:
        target = str(folder / "restored.db")
        found["restore_seconds"] = _seconds(lambda: restore(folder / "backup.db", target, keys))
    found["loop_seconds"] = _loop()
    return found


def _expect(holds: bool) -> None:
    if not holds:
        raise SystemExit("the audit trail says that the store was tampered with")


def _load(url: str, keys: str) -> None:
    """Load the week in a process of its own, to measure its memory too."""
    schedopt.read_office  # noqa: B018 - loaded before the clock runs
    with open_store(url, keys, actor="ada", purpose="operations") as store:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        office = store.office(WEEK)
        loaded = time.perf_counter()
        problem = schedopt.assemble(office, WEEK)
        done = time.perf_counter()
    found = {
        "requests": len(problem.week.requests), "load_seconds": round(loaded - start, 2),
        "assemble_seconds": round(done - loaded, 2),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "megabytes_before": before // 1024,
    }  # fmt: skip
    print(json.dumps(found))


def _desk(desk: Store) -> dict[str, Any]:
    """Seconds of the desk's calls: median and 95th of a hundred."""
    register, book = [], []
    for number in range(100):
        cells = {"given_name": f"Ann{number}", "surname": "Newcomer", "birth_date": "1980-02-03", "phone": "9285550001"}
        start = time.perf_counter()
        new = desk.register(cells)
        register.append(time.perf_counter() - start)
        request = new.patient
        desk.add("requests", {"request": request, "patient": new.patient, "visit_type": "check-up"})
        moment = dt.datetime(2027, 3, 1 + number % 28, 8 + number // 28, 0)
        start = time.perf_counter()
        booking = desk.book(request, "DR1", moment, rules=False)
        book.append(time.perf_counter() - start)
        desk.cancel(booking.booking)
    found = {}
    for name, seconds in (("register", register), ("book", book)):
        found[f"{name}_ms"] = [round(1000 * float(q), 1) for q in np.quantile(seconds, [0.5, 0.95])]
    return found


def _fill(store: Store, said: argparse.Namespace) -> None:
    providers = max(2, said.requests // _REQUESTS_OF_A_PROVIDER)
    frames = example_frames(sites=max(1, providers // 3), providers=providers, week=WEEK)
    store.import_office(schedopt.office_from_frames(frames))
    known = len(frames["patients"])
    rng = np.random.default_rng(1)
    names = list(frames["providers"]["provider"])
    left, each = max(0, said.people - known), 0
    each = said.bookings // max(1, left)
    for first in range(0, left, _PART // 10):
        count = min(_PART // 10, left - first)
        store.session.do("bulk", partial(_people, rng, names, first, count, each))


def _people(rng: np.random.Generator, providers: list[str], first: int, count: int, each: int, call: Call) -> None:
    """People whose visits have taken place."""
    ids = [random_id("p") for _ in range(count)]
    call.keys.make(ids)
    keys = call.keys.of(ids)
    made, rows = [], []
    for number, person in zip(range(first, first + count), ids, strict=True):
        alias = f"H{number}"
        born = dt.date(1940, 1, 1) + dt.timedelta(days=int(rng.integers(0, 25_000)))
        cells = {"name": f"Given{rng.integers(3000)} Surname{rng.integers(9000)}", "birth_date": born.isoformat()}
        fact = new_fact(
            call,
            "people",
            number,
            Wanted(key_of(person), {"person": person, "patient": alias}, {}, alias, None, person),
        )
        made.append(fact.sealed_with(keys[person], cells))
        write_blinds(call, person, cells)
        made.append(_closed(call, "patients", number, alias, None, {"patient": alias}))
        for place, when in enumerate(_past(rng, each)):
            request = f"{alias}-{place}"
            said = {"request": request, "patient": alias, "visit_type": "check-up"}
            made.append(_closed(call, "requests", number, alias, request, said))
            rows.append(_booked(call, alias, request, str(rng.choice(providers)), when))
    call.insert(made)
    call.booked(rows)


def _past(rng: np.random.Generator, count: int) -> Iterator[dt.datetime]:
    for minutes in rng.integers(0, 5 * 365 * 24 * 4, count):
        yield dt.datetime(2021, 1, 4) + int(minutes) * dt.timedelta(minutes=15)


def _closed(call: Call, kind: str, place: int, alias: str, request: str | None, cells: dict[str, str]) -> Any:
    import dataclasses

    fact = new_fact(call, kind, place, Wanted(key_of(request or alias), cells, {}, alias, request, None))
    return dataclasses.replace(fact, closed=call.number)


def _booked(call: Call, alias: str, request: str, provider: str, when: dt.datetime) -> dict[str, Any]:
    starts = int(when.replace(tzinfo=dt.UTC).timestamp() // 60)
    return {
        "booking": random_id("b"), "since": call.number, "status": "fulfilled", "request": request, "patient": alias,
        "provider": provider, "site": "MAIN", "date": f"{when:%Y-%m-%d}", "start": f"{when:%H:%M}", "zone": "UTC",
        "starts": starts, "ends": starts + 20, "mark": "fixed", "minutes": None, "authorisation": None, "steps": "",
        "others": "", "place": call.number, "over": 0, "holds_until": None,
    }  # fmt: skip


def _seconds(call: Any) -> float:
    start = time.perf_counter()
    call()
    return round(time.perf_counter() - start, 2)


def _loop() -> float:
    """Seconds of twenty million additions, which say how fast the machine is."""
    start, total = time.perf_counter(), 0
    for number in range(20_000_000):
        total += number
    return round(time.perf_counter() - start, 2)


if __name__ == "__main__":
    main()
