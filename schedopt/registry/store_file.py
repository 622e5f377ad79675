"""The small file that says where a store is: the database, the folder of keys, and who usually asks. No secrets."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from schedopt.errors import Fault, InputError, StoreError
from schedopt.models.words import HIDDEN, meant, shown
from schedopt.registry.opening import create_store, open_store, torn
from schedopt.registry.store import Store
from schedopt.store.engine import plainly
from schedopt.store.trail import Tampered
from schedopt.writing import full_path, try_files, write_files

NEEDED, OPTIONAL = ("url", "keys"), ("checkpoints", "actor")
_WORDS = {
    "url": "expected the address of the database, such as sqlite:///office.db or postgresql://desk@host/office",
    "keys": "expected the folder of keys, such as keys",
    "checkpoints": "expected the file that checkpoints of the audit trail are added to",
    "actor": "expected the id of who asks, such as desk-2",
}
_NO_SECRET = "expected an address without a password, which belongs into PostgreSQL's .pgpass or PGPASSWORD"


@dataclass(frozen=True)
class StoreFile:
    """What a store's file says.

    Attributes
    ----------
    file : Path
        Where it is.
    url : str
        Of the database; a relative file of SQLite is meant from the folder of the file on.
    keys : str
        Folder of the keys, meant likewise.
    checkpoints : str or None
        File of the signed checkpoints, meant likewise; None: beside the keys.
    actor : str or None
        Who asks, where nobody else is said.
    """

    file: Path
    url: str
    keys: str
    checkpoints: str | None = None
    actor: str | None = None

    @property
    def place(self) -> sa.URL:
        """Where the database is."""
        found = _address(self.url)
        if found.get_backend_name() == "sqlite" and found.database:
            found = found.set(database=str(self.beside(found.database)))
        return found

    @property
    def address(self) -> str:
        """The same, as engines are asked."""
        return self.place.render_as_string(hide_password=False)

    @property
    def points(self) -> Path | None:
        """The file of checkpoints."""
        return None if self.checkpoints is None else self.beside(self.checkpoints)

    def beside(self, name: str) -> Path:
        """A path as it is meant in the file."""
        return self.file.absolute().parent / name

    @property
    def text(self) -> str:
        """As it stands in the file."""
        said = [(name, getattr(self, name)) for name in (*NEEDED, *OPTIONAL)]
        return "".join(f"{name} = {json.dumps(value)}\n" for name, value in said if value is not None)


def read_store_file(file: str | Path) -> StoreFile:
    """Read a store's file.

    Raises
    ------
    InputError
        With every fault: file, key and what was expected.
    """
    path = Path(file)
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        words = f"expected the file of a store: {(error.strerror or 'no reason given').lower()}"
        raise InputError([Fault(str(path), None, None, None, words)]) from None
    except ValueError:
        raise InputError([Fault(str(path), None, None, None, 'expected TOML, such as keys = "keys"')]) from None
    return _checked(path, said)


def write_store_file(said: StoreFile) -> None:
    """Write a store's file; whole or not at all.

    Raises
    ------
    InputError
        With every fault of what it should say.
    OutputError
        If it cannot be written.
    """
    _checked(said.file, tomllib.loads(said.text))
    write_files({full_path(said.file, str(said.file)): said.text.encode()})


def _checked(path: Path, said: Mapping[str, Any]) -> StoreFile:
    if faults := list(_faults(str(path), said)):
        raise InputError(faults)
    return StoreFile(path, **said)


def _faults(file: str, said: Mapping[str, Any]) -> Iterator[Fault]:
    known = (*NEEDED, *OPTIONAL)
    for name in said:
        if name not in known:
            yield Fault(file, None, shown(name), None, f"expected no such key{meant(name, known)}")
    for name in known:
        value = said.get(name)
        if name not in said:
            if name in NEEDED:
                yield Fault(file, None, name, None, f"{_WORDS[name]}; it is missing")
        elif not isinstance(value, str) or not value.strip() or "\0" in value:
            yield Fault(file, None, name, shown(str(value)), _WORDS[name])
        elif name == "url" and (words := _wrong(value)):
            yield Fault(file, None, name, HIDDEN if words == _NO_SECRET or "@" in value else shown(value), words)


def _wrong(url: str) -> str | None:
    """What is wrong with an address; it may hold a password and is not said again."""
    try:
        found = _address(url)
    except ArgumentError:
        return _WORDS["url"]
    if found.get_backend_name() not in ("sqlite", "postgresql"):
        return _WORDS["url"]
    if found.get_backend_name() == "sqlite" and found.database in (None, "", ":memory:"):
        return "expected a file of SQLite, such as sqlite:///office.db"
    return _NO_SECRET if found.password is not None or "password" in found.query else None


def _address(url: str) -> sa.URL:
    return sa.make_url(url if "://" in url else f"sqlite:///{url}")


@contextmanager
def opened(said: StoreFile, actor: str | None = None, purposes: Sequence[str] = ("operations",)) -> Iterator[Store]:
    """The store of a file, closed afterwards.

    Parameters
    ----------
    said : StoreFile
        As read.
    actor : str, optional
        Who asks; by default whom the file says.
    purposes : sequence of str
        What for: the first for which the actor works.

    Raises
    ------
    InputError
        If nobody is said to ask.
    StoreError
        As :func:`~schedopt.registry.opening.open_store` says; or if the database refuses something.
    """
    who = _asker(said, actor)
    expect_there(said)
    with plainly(), open_store(
        said.address, said.beside(said.keys), actor=who, purpose=purposes[0], checkpoints=said.points
    ) as store:  # fmt: skip
        works = store.purposes if len(purposes) > 1 else ()
        yield store.by(who, next((purpose for purpose in purposes if purpose in works), purposes[0]))


def look_at_end(said: StoreFile) -> list[Tampered]:
    """What was tampered with in a store that does not open any more; see :func:`~schedopt.registry.opening.torn`."""
    expect_there(said)
    with plainly():
        return torn(said.address, said.beside(said.keys), checkpoints=said.points)


def expect_there(said: StoreFile) -> None:
    """Refuse a file of SQLite that is not there: asking would make it.

    Raises
    ------
    StoreError
        If it is not.
    """
    place = said.place
    if place.get_backend_name() == "sqlite" and not Path(str(place.database)).is_file():
        raise StoreError(f"expected a store in {place.database}; 'schedopt store init' makes one")


def create_from(said: StoreFile, actor: str | None = None) -> Store:
    """Write a store's file, and make the store with its keys.

    Raises
    ------
    InputError
        If the file is there already, or with every fault of what it should say.
    StoreError
        If there is a store already.
    OutputError
        If the file cannot be written.
    """
    if said.file.exists():
        raise InputError([Fault(str(said.file), None, None, None, "expected a file that is not there yet")])
    _checked(said.file, tomllib.loads(said.text))
    who = _asker(said, actor)
    try_files([full_path(said.file, str(said.file))])
    with plainly():
        store = create_store(said.address, said.beside(said.keys), actor=who, checkpoints=said.points)
    write_store_file(said)
    return store


def _asker(said: StoreFile, actor: str | None) -> str:
    who = actor or said.actor
    if not who:
        words = "expected who asks: here, with --actor or in SCHEDOPT_ACTOR"
        raise InputError([Fault(str(said.file), None, "actor", None, words)])
    return who
