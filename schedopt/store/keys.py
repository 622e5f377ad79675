"""The keys of a store: one for each person, wrapped by a master key, and kept apart from what they seal."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schedopt.errors import SealError, StoreError
from schedopt.store.engine import forget_log, make_engine, snapshot, tried
from schedopt.store.sealing import KEY_BYTES, new_key, unwrap, wrap
from schedopt.writing import make_private_folder, remove_file, write_secret

AUDIT, INDEX, OFFICE, SIGN = "*audit", "*index", "*office", "*sign"
"""Owners of the store's own keys: of the audit trail, of blind indexes, of what belongs to nobody, of checkpoints."""

_MASTER, _NEXT, _RING = "master.key", "master.next", "ring.db"
_AT_ONCE = 500

_metadata = sa.MetaData()
_ring = sa.Table(
    "ring", _metadata,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("master", sa.Text, nullable=False),
    sa.Index("ring_master", "master"),
)  # fmt: skip
_gone = sa.Table("gone", _metadata, sa.Column("owner", sa.Text, primary_key=True))


class Keys:
    """The keys of a store.

    They stand in a folder of their own: ``ring.db`` with a wrapped key for each person, and ``master.key`` that wraps
    them, which may be kept anywhere else. Backups of a store hold none of them, so that a key that is destroyed is
    destroyed for every backup too.

    Parameters
    ----------
    folder : str or Path
        Made by :meth:`create`.
    master : str or Path, optional
        The file of the master key, where it is not in the folder.
    ring : str, optional
        URL of another database for the ring, such as one that several machines reach.

    Raises
    ------
    StoreError
        If there are no keys.
    """

    def __init__(self, folder: str | Path, master: str | Path | None = None, ring: str | None = None) -> None:
        self.folder = Path(folder)
        self._file = Path(master) if master is not None else self.folder / _MASTER
        if not self._file.is_file():
            raise StoreError(f"expected the master key in {self._file}; 'schedopt store init' makes one")
        self._masters = {_name(key): key for key in self._in_files()}
        self._engine = make_engine(ring or f"sqlite:///{self.folder / _RING}")
        _metadata.create_all(self._engine)

    @classmethod
    def create(cls, folder: str | Path, master: str | Path | None = None, ring: str | None = None) -> Keys:
        """Make new keys, with a new master key where its file is not there yet.

        Raises
        ------
        StoreError
            If the folder has keys already.
        OutputError
            If they cannot be written.
        """
        folder = Path(folder)
        make_private_folder(folder)
        file = Path(master) if master is not None else folder / _MASTER
        if (folder / _RING).exists():
            raise StoreError(f"expected a folder without keys: {folder} has some")
        if not file.exists():
            write_secret(file, new_key().hex().encode())
        keys = cls(folder, master, ring)
        keys.make((AUDIT, INDEX, OFFICE, SIGN))
        return keys

    def close(self) -> None:
        """Let go of the ring."""
        self._engine.dispose()

    def make(self, owners: Iterable[str]) -> None:
        """Draw keys for owners that have none; they are on the disk when this returns."""
        if names := list(dict.fromkeys(owners)):
            tried(lambda: self._insert(names))

    def _insert(self, owners: Sequence[str]) -> None:
        with self._engine.begin() as connection:
            there = self._stored(connection, owners)
            name, master = self._newest  # of this moment: a rotation that ends meanwhile comes before or after
            rows = [
                {"owner": owner, "wrapped": wrap(master, new_key(), owner), "master": name}
                for owner in owners
                if owner not in there
            ]
            if rows:
                connection.execute(_ring.insert(), rows)

    def of(self, owners: Iterable[str]) -> dict[str, bytes]:
        """The keys of those owners who have one, by owner."""
        with snapshot(self._engine) as connection:
            stored = self._stored(connection, list(dict.fromkeys(owners)))
        return {owner: self._unwrapped(owner, *found) for owner, found in stored.items()}

    def one(self, owner: str) -> bytes:
        """One owner's key.

        Raises
        ------
        SealError
            If there is none, or it was destroyed.
        """
        try:
            return self.of([owner])[owner]
        except KeyError:
            raise SealError(f"the key of {owner} is not there: it was destroyed, or belongs to other keys") from None

    def destroy(self, owner: str) -> bool:
        """Destroy an owner's key for good; whether there was one."""
        with self._engine.begin() as connection:
            gone = connection.execute(_ring.delete().where(_ring.c.owner == owner)).rowcount > 0
            if gone:
                connection.execute(_gone.insert(), {"owner": owner})
        forget_log(self._engine)
        return gone

    def is_destroyed(self, owner: str) -> bool:
        """Whether an owner had a key that was destroyed."""
        with snapshot(self._engine) as connection:
            return connection.scalar(sa.select(_gone.c.owner).where(_gone.c.owner == owner)) is not None

    @property
    def owners(self) -> tuple[str, ...]:
        """Everybody who has a key."""
        with snapshot(self._engine) as connection:
            return tuple(connection.scalars(sa.select(_ring.c.owner).order_by(_ring.c.owner)))

    @cached_property
    def audit(self) -> bytes:
        """The key of the audit trail."""
        return self.one(AUDIT)

    @cached_property
    def index(self) -> bytes:
        """The key of blind indexes."""
        return self.one(INDEX)

    @cached_property
    def office(self) -> bytes:
        """The key of what is sealed and belongs to no person."""
        return self.one(OFFICE)

    @cached_property
    def signing(self) -> Ed25519PrivateKey:
        """What signs checkpoints."""
        return Ed25519PrivateKey.from_private_bytes(self.one(SIGN))

    @property
    def public(self) -> bytes:
        """What checks the signatures of checkpoints; 32 bytes, no secret."""
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return self.signing.public_key().public_bytes(*raw)

    def rotate(self) -> Iterator[int]:
        """Wrap every key with a new master key, some at a time; gives how many are left after each step.

        It may be stopped at any point, and called again: until it ends, keys open with the old master or the new one.
        What is sealed stays as it is.
        """
        coming = self._file.with_name(_NEXT)
        if coming.exists() and _read_key(coming) == _read_key(self._file):
            remove_file(coming)  # the last rotation ended just there
        if not coming.exists():
            write_secret(coming, new_key().hex().encode())
        new = _read_key(coming)
        self._masters[_name(new)] = new
        while left := tried(lambda: self._rewrap(new)):
            yield left
        write_secret(self._file, new.hex().encode(), anew=False)
        self._masters = {_name(new): new}
        remove_file(coming)
        for file in (coming, self._file):
            remove_file(file.with_name(f"{file.name}.part"))
        yield 0

    def _rewrap(self, new: bytes) -> int:
        """Rewrap some keys; how many there were before that still had another master."""
        name, other = _name(new), _ring.c.master != _name(new)
        with self._engine.begin() as connection:
            count = int(connection.scalar(sa.select(sa.func.count()).select_from(_ring).where(other)) or 0)
            some = connection.execute(sa.select(_ring).where(other).limit(_AT_ONCE)).all()
            rows = [{"o": one, "w": wrap(new, self._unwrapped(one, *kept), one), "m": name} for one, *kept in some]
            if rows:
                mine = _ring.update().where(_ring.c.owner == sa.bindparam("o"))
                connection.execute(mine.values(wrapped=sa.bindparam("w"), master=sa.bindparam("m")), rows)
        return count

    def _stored(self, connection: sa.Connection, owners: Sequence[str]) -> dict[str, tuple[bytes, str]]:
        found: dict[str, tuple[bytes, str]] = {}
        for first in range(0, len(owners), _AT_ONCE):
            some = _ring.c.owner.in_(owners[first : first + _AT_ONCE])
            for owner, wrapped, master in connection.execute(sa.select(_ring).where(some)):
                found[owner] = (wrapped, master)
        return found

    def _unwrapped(self, owner: str, wrapped: bytes, master: str) -> bytes:
        if master not in self._masters:
            self._masters |= {_name(key): key for key in self._in_files()}  # somebody else has rotated
        if master not in self._masters:
            raise SealError(f"the key of {owner} is wrapped with another master key than that in {self._file}")
        return unwrap(self._masters[master], wrapped, owner)

    def _in_files(self) -> Iterator[bytes]:
        """The master keys that there are, the newest last."""
        coming = self._coming()
        yield _read_key(self._file)  # after the other one, which takes its place when a rotation ends
        if coming is not None:
            yield coming

    def _coming(self) -> bytes | None:
        file = self._file.with_name(_NEXT)
        try:
            return _read_key(file) if file.exists() else None
        except StoreError:
            if file.exists():
                raise
            return None

    @property
    def _newest(self) -> tuple[str, bytes]:
        """The master that new keys are wrapped with: the coming one where a rotation is under way."""
        *_, newest = self._in_files()
        self._masters[_name(newest)] = newest
        return _name(newest), newest


def _name(master: bytes) -> str:
    """What tells master keys apart, and tells nothing of them."""
    return hashlib.sha256(b"name of master key" + master).hexdigest()[:16]


def _read_key(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except (OSError, ValueError):
        raise StoreError(f"expected a key of {KEY_BYTES} bytes in hexadecimal in {os.fspath(file)}") from None
    if len(key) != KEY_BYTES:
        raise StoreError(f"expected a key of {KEY_BYTES} bytes in hexadecimal in {os.fspath(file)}")
    return key
