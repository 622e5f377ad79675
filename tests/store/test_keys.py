"""Keys: rotated in parts, destroyed for good, lost, or those of somebody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.race import office
from schedopt.errors import SealError, StoreError
from schedopt.registry import create_store, open_store
from schedopt.registry.backup import backup, restore
from schedopt.store.keys import AUDIT, Keys
from schedopt.writing import write_secret
from tests.stores import Clock

OWNERS = [f"somebody{number}" for number in range(1100)]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Keys of more people than are rewrapped at once."""
    made = Keys.create(tmp_path / "keys")
    made.make(OWNERS)
    return made


@pytest.mark.parametrize("batches", [0, 1, 2, 3])
def test_a_rotation_goes_on_where_it_was_left(batches: int, keys: Keys) -> None:
    """Left after any batch, all keys open, new ones are made, and going on ends with one master, which is new."""
    before, master = keys.of(OWNERS), (keys.folder / "master.key").read_text()
    for _, _ in zip(keys.rotate(), range(batches), strict=False):
        pass
    left = Keys(keys.folder)
    assert left.of(OWNERS) == before
    left.make(["newcomer"])
    for _ in Keys(keys.folder).rotate():
        pass
    after = Keys(keys.folder)
    assert after.of(OWNERS) == before
    assert len(after.one("newcomer")) == 32
    assert (keys.folder / "master.key").read_text() != master
    assert {file.name for file in keys.folder.glob("master*")} == {"master.key"}
    assert keys.of(OWNERS) == left.of(OWNERS) == before  # those who had opened them before


def test_the_old_master_opens_nothing(keys: Keys, tmp_path: Path) -> None:
    """After a rotation, the key that was the master before opens no key."""
    old = tmp_path / "old.key"
    old.write_bytes((keys.folder / "master.key").read_bytes())
    for _ in keys.rotate():
        pass
    with pytest.raises(SealError, match="another master key"):
        Keys(keys.folder, master=old).one(AUDIT)


def test_a_secret_is_not_written_through_what_a_dead_writer_left(tmp_path: Path) -> None:
    """A name that a writer has left beside a secret, of the same file, is not what the next one writes into."""
    write_secret(tmp_path / "master.key", b"first")
    os.link(tmp_path / "master.key", tmp_path / "master.key.part")  # killed before it was removed
    with (tmp_path / "master.key").open("rb") as first:
        write_secret(tmp_path / "master.key", b"second", anew=False)
        assert first.read() == b"first"
    assert (tmp_path / "master.key").read_bytes() == b"second"


def test_a_destroyed_key_opens_nothing_in_backups_either(tmp_path: Path) -> None:
    """Who was disposed of is gone from a backup made before, also where it is restored."""
    with create_store(str(tmp_path / "office.db"), tmp_path / "keys", actor="ada", clock=Clock()) as store:
        store.import_office(office())
        store.set_actor("dora", ["desk"])
        gone, stays = (store.by("dora", "treatment").register({"surname": name}) for name in ("Byron", "King"))
        backup(store, tmp_path / "backup.db")
        store.dispose(gone.person, "asked for")
        assert store.check().empty
    restore(tmp_path / "backup.db", str(tmp_path / "again.db"), tmp_path / "keys")
    with open_store(str(tmp_path / "again.db"), tmp_path / "keys", actor="dora", purpose="treatment") as store:
        assert store.person(stays.person)["surname"] == "King"
        with pytest.raises(SealError, match="destroyed"):
            store.person(gone.person)
    with open_store(str(tmp_path / "again.db"), tmp_path / "keys", actor="ada", purpose="operations") as store:
        assert store.verify() == []
        assert store.check().empty


def test_other_keys_open_and_restore_nothing(tmp_path: Path) -> None:
    """A store is neither opened nor restored with keys of another, without the ring, or without the master."""
    file = str(tmp_path / "office.db")
    with create_store(file, tmp_path / "keys", actor="ada") as store:
        backup(store, tmp_path / "backup.db")
    Keys.create(tmp_path / "others").close()
    with pytest.raises(StoreError, match="keys of this store"):
        open_store(file, tmp_path / "others", actor="ada", purpose="operations")
    with pytest.raises(StoreError, match="keys of this backup"):
        restore(tmp_path / "backup.db", str(tmp_path / "again.db"), tmp_path / "others")
    restore(tmp_path / "backup.db", str(tmp_path / "again.db"), tmp_path / "keys")  # nothing was in its place
    (tmp_path / "keys" / "ring.db").unlink()
    with pytest.raises(SealError, match="not there"):
        open_store(file, tmp_path / "keys", actor="ada", purpose="operations")
    (tmp_path / "keys" / "master.key").unlink()
    with pytest.raises(StoreError, match="master key"):
        open_store(file, tmp_path / "keys", actor="ada", purpose="operations")
