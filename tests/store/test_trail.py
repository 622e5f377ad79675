"""Tampering with a store is found, and said where; nothing is found where nobody has tampered."""

from __future__ import annotations

import datetime as dt
import hmac
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schedopt.example import write_example
from schedopt.office import read_office
from schedopt.registry import Store, create_store, open_store
from schedopt.store.engine import make_engine
from schedopt.store.keys import Keys
from schedopt.store.trail import mac_of, verify
from tests.stores import Clock

PLACES = 12
"""Random places that each kind of tampering is tried at."""

Tamper = Callable[[sqlite3.Connection, random.Random], int]
ENTRY = "number, at, actor, purpose, operation, outcome, about, people, source, reason, digest, mac"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path) -> Path:
    """A folder with a store that has lived for a while, and its keys."""
    folder = tmp_path_factory.mktemp("trail")
    with create_store(str(folder / "office.db"), folder / "keys", actor="ada", clock=Clock()) as store:
        store.import_folder(tiny_folder)
        store.set_actor("dora", ["desk"])
        desk = store.by("dora", "treatment")
        for number in range(6):
            new = desk.register({"given_name": f"Ann{number}", "surname": "Smith", "birth_date": "1980-02-03"})
            desk.add("requests", {"request": f"Q{number}", "patient": new.patient, "visit_type": first_type(store)})
            start = dt.datetime(2026, 12, 1, 8 + number, 0)
            booking = desk.book(f"Q{number}", first_provider(store), start, rules=False)
            if number % 2:
                desk.cancel(booking.booking)
        for _ in range(20):
            store.status()
    return folder


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small invented office."""
    return write_example(tmp_path_factory.mktemp("office") / "office", sites=1, providers=1, load=0.2)


def first_type(store: Store) -> str:
    """A visit type."""
    return str(store.rows("visit_types")["visit_type"].iloc[0])


def first_provider(store: Store) -> str:
    """A provider."""
    return str(store.rows("providers")["provider"].iloc[0])


def numbers(base: sqlite3.Connection) -> list[int]:
    """Entries there are."""
    return [number for (number,) in base.execute("SELECT number FROM entries ORDER BY number")]


def change_entry(base: sqlite3.Connection, rng: random.Random) -> int:
    """Say that somebody else did it, or something else was done."""
    number = rng.choice(numbers(base))
    column = rng.choice(["at", "actor", "purpose", "operation", "outcome", "about", "people", "source"])
    base.execute(f"UPDATE entries SET {column} = {column} || 'x' WHERE number = ?", [number])
    return number


def delete_entry(base: sqlite3.Connection, rng: random.Random) -> int:
    """Take out an entry that is not the last."""
    number = rng.choice(numbers(base)[:-1])
    base.execute("DELETE FROM entries WHERE number = ?", [number])
    return number


def insert_entry(base: sqlite3.Connection, rng: random.Random) -> int:
    """Put a copy of an entry in between; later ones move on."""
    number = rng.choice(numbers(base)[1:])
    base.execute("UPDATE entries SET number = -number - 1 WHERE number >= ?", [number])
    base.execute("UPDATE entries SET number = -number WHERE number < 0")
    columns = ENTRY.removeprefix("number")
    base.execute(f"INSERT INTO entries ({ENTRY}) SELECT ?{columns} FROM entries WHERE number = 1", [number])
    return number


def swap_entries(base: sqlite3.Connection, rng: random.Random) -> int:
    """Have two entries change places."""
    first, second = sorted(rng.sample(numbers(base), 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        base.execute("UPDATE entries SET number = ? WHERE number = ?", [new, old])
    return first


def cut_tail(base: sqlite3.Connection, rng: random.Random) -> int:
    """Take out the last entries, and move the end of the trail as far as that can be done without the key."""
    number = rng.choice(numbers(base)[2:])
    base.execute("DELETE FROM entries WHERE number >= ?", [number])
    base.execute(
        "UPDATE head SET number = ?, mac = (SELECT mac FROM entries WHERE number = ?)", [number - 1, number - 1]
    )
    return number - 1


def other_key(base: sqlite3.Connection, rng: random.Random) -> int:
    """Change an entry, and compute the chain from there with a key of one's own."""
    number, key = rng.choice(numbers(base)), rng.randbytes(32)
    base.row_factory = sqlite3.Row
    (store,) = base.execute("SELECT store FROM head").fetchone()
    base.execute("UPDATE entries SET actor = 'nobody' WHERE number = ?", [number])
    before = base.execute("SELECT mac FROM entries WHERE number = ?", [number - 1]).fetchone()
    mac = bytes(32) if before is None else before[0]
    for row in base.execute("SELECT * FROM entries WHERE number >= ? ORDER BY number", [number]).fetchall():
        mac = mac_of(key, store, mac, dict(row))
        base.execute("UPDATE entries SET mac = ? WHERE number = ?", [mac, row["number"]])
    base.execute("UPDATE head SET mac = ?, seal = ?", [mac, hmac.digest(key, b"head", "sha256")])
    return number


def change_fact(base: sqlite3.Connection, rng: random.Random) -> int:
    """Change what a row says."""
    fact, since = rng.choice(base.execute("SELECT fact, since FROM facts").fetchall())
    base.execute("UPDATE facts SET cells = '{}' WHERE fact = ? AND since = ?", [fact, since])
    return int(since)


def delete_fact(base: sqlite3.Connection, rng: random.Random) -> int:
    """Take out a row."""
    fact, since = rng.choice(base.execute("SELECT fact, since FROM facts WHERE until IS NULL").fetchall())
    base.execute("DELETE FROM facts WHERE fact = ? AND since = ?", [fact, since])
    return int(since)


def insert_fact(base: sqlite3.Connection, rng: random.Random) -> int:
    """Put a row in."""
    fact, since = rng.choice(base.execute("SELECT fact, since FROM facts").fetchall())
    names = [row[1] for row in base.execute("PRAGMA table_info(facts)")]
    columns = ", ".join("fact + 77777" if name == "fact" else name for name in names)
    base.execute(f"INSERT INTO facts SELECT {columns} FROM facts WHERE fact = ? AND since = ?", [fact, since])
    return int(since)


def swap_blobs(base: sqlite3.Connection, rng: random.Random) -> int:
    """Have two sealed values change places."""
    rows = base.execute("SELECT fact, since, sealed FROM facts WHERE sealed IS NOT NULL").fetchall()
    first, second = rng.sample(rows, 2)
    base.execute("UPDATE facts SET sealed = ? WHERE fact = ? AND since = ?", [second[2], *first[:2]])
    base.execute("UPDATE facts SET sealed = ? WHERE fact = ? AND since = ?", [first[2], *second[:2]])
    return min(int(first[1]), int(second[1]))


def move_booking(base: sqlite3.Connection, rng: random.Random) -> int:
    """Give a booking another day."""
    booking, since = rng.choice(base.execute("SELECT booking, since FROM bookings").fetchall())
    base.execute("UPDATE bookings SET date = '2026-12-24' WHERE booking = ? AND since = ?", [booking, since])
    return int(since)


def revive(base: sqlite3.Connection, rng: random.Random) -> int:
    """Have a version that was ended hold again."""
    fact, until = rng.choice(base.execute("SELECT booking, until FROM bookings WHERE until IS NOT NULL").fetchall())
    base.execute("UPDATE bookings SET until = NULL WHERE booking = ? AND until = ?", [fact, until])
    return int(until)


TAMPERS: list[Tamper] = [
    change_entry, delete_entry, insert_entry, swap_entries, cut_tail, other_key, change_fact, delete_fact, insert_fact,
    swap_blobs, move_booking, revive,
]  # fmt: skip


def copies(written: Path, folder: Path) -> Iterator[Path]:
    """The store's file again and again, as it was."""
    for place in range(PLACES):
        file = folder / f"{place}.db"
        shutil.copy(written / "office.db", file)
        yield file


def found_in(file: Path, keys: Path) -> list[int]:
    """Entries that verifying names."""
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine = make_engine(str(file))
    try:
        with engine.connect() as connection:
            lines = (keys / "checkpoints.jsonl").read_text().splitlines()
            return [tampered.number for tampered in verify(connection, Keys(keys), lines)]
    finally:
        engine.dispose()


def test_nothing_is_found_where_nobody_has_tampered(written: Path) -> None:
    """A store that has lived for a while, and its copy, verify."""
    assert found_in(written / "office.db", written / "keys") == []


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_and_located(tamper: Tamper, written: Path, tmp_path: Path) -> None:
    """At random places, the first entry that verifying names is the one that was tampered with."""
    rng = random.Random(tamper.__name__)
    for file in copies(written, tmp_path):
        with closing(sqlite3.connect(file)) as base:
            for name in ("entries_stay_UPDATE", "entries_stay_DELETE"):
                base.execute(f"DROP TRIGGER {name}")
            number = tamper(base, rng)
            base.commit()
        found = found_in(file, written / "keys")
        assert found
        assert found[0] == number


def test_an_old_copy_is_found(written: Path, tmp_path: Path, tiny_folder: Path) -> None:
    """Who puts back yesterday's file is found by the checkpoints, which belong elsewhere."""
    file = tmp_path / "office.db"
    with create_store(str(file), tmp_path / "keys", actor="ada", clock=Clock()) as store:
        store.import_office(read_office(tiny_folder))
    shutil.copy(file, tmp_path / "old.db")
    with open_store(str(file), tmp_path / "keys", actor="ada", purpose="operations") as store:
        last = store.status()["count"].iloc[-1]
    assert found_in(file, tmp_path / "keys") == []
    assert found_in(tmp_path / "old.db", tmp_path / "keys") == [last]


def test_an_entry_of_another_store_is_found(written: Path, tmp_path: Path) -> None:
    """Entries of two stores with the same keys do not fit each other."""
    shutil.copytree(written / "keys", tmp_path / "keys")
    with create_store(str(tmp_path / "other.db"), tmp_path / "keys", actor="ada", clock=Clock()) as store:
        for _ in range(5):
            store.status()
    shutil.copy(written / "office.db", tmp_path / "mixed.db")
    with closing(sqlite3.connect(tmp_path / "mixed.db")) as base:
        base.execute("DROP TRIGGER entries_stay_DELETE")
        base.execute("ATTACH ? AS other", [str(tmp_path / "other.db")])
        base.execute("DELETE FROM entries WHERE number = 3")
        base.execute("INSERT INTO entries SELECT * FROM other.entries WHERE number = 3")
        base.commit()
    assert found_in(tmp_path / "mixed.db", tmp_path / "keys")[0] == 3
