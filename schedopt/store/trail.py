"""The audit trail: entries chained by HMAC, and checkpoints of them signed elsewhere."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schedopt.store import schema
from schedopt.store.encoding import encoded
from schedopt.store.keys import Keys
from schedopt.writing import append_line

FIRST_MAC = bytes(32)
"""What the first entry is chained to."""

_RESTORED = "restored"
"""In place of a root: what was signed of later entries before does not count any more."""

_CHAINED = (
    "number", "at", "actor", "purpose", "operation", "outcome", "about", "people", "source", "reason", "digest",
)  # fmt: skip


def mac_of(key: bytes, store: str, before: bytes, entry: Mapping[str, Any]) -> bytes:
    """The HMAC of an entry and of all entries before it."""
    return hmac.digest(key, encoded([store, before, *(entry[name] for name in _CHAINED)]), "sha256")


def head_seal(key: bytes, store: str, number: int, at: str, mac: bytes) -> bytes:
    """The HMAC of where the trail ends."""
    return hmac.digest(key, encoded(["head", store, number, at, mac]), "sha256")


class Digest:
    """What a call changed, as one number: the keyed digests of all rows it wrote or ended, added up in any order.

    Parameters
    ----------
    key : bytes
        The key of the audit trail.
    """

    def __init__(self, key: bytes) -> None:
        self._key, self._sum = key, 0

    def add(self, *row: str | int | bytes | None) -> None:
        """Count a row."""
        self._sum += int.from_bytes(hmac.digest(self._key, encoded(row), "sha256"))

    @property
    def value(self) -> bytes:
        """32 bytes that tell nothing of single rows."""
        whole = (self._sum % (1 << 256)).to_bytes(32)
        return hmac.digest(self._key, b"digest" + whole, "sha256")


FACT = (
    "fact", "since", "valid_from", "valid_until", "kind", "place", "key", "patient", "request", "cells", "owner",
    "sealed",
)  # fmt: skip
BOOKING = (
    "booking", "since", "status", "request", "patient", "provider", "site", "date", "start", "zone", "starts", "ends",
    "mark", "minutes", "authorisation", "steps", "others", "place", "over", "holds_until",
)  # fmt: skip
ADDED_TO = (schema.checks, schema.adjudications, schema.matches, schema.journal)
"""Tables whose rows never end."""
WRITTEN: tuple[tuple[sa.Table, tuple[str, ...], tuple[str, ...]], ...] = (
    (schema.facts, FACT, ("fact", "since", "valid_from", "until")),
    (schema.bookings, BOOKING, ("booking", "since", "until")),
    *((table, tuple(table.c.keys()), ()) for table in ADDED_TO),
)
"""Tables whose rows the trail stands for: what of a row is counted where it is written, and where it ends."""


@dataclass(frozen=True)
class Tampered:
    """Something that is not as the trail says.

    Attributes
    ----------
    number : int
        The first entry that is not as it was, or whose rows are not.
    what : str
        In words.
    """

    number: int
    what: str


def checkpoint_line(keys: Keys, store: str, number: int, at: str, mac: bytes) -> str:
    """A checkpoint: where the trail stood, signed."""
    said = {"store": store, "number": number, "at": at, "root": mac.hex()}
    signature = keys.signing.sign(_signed(said)).hex()
    return json.dumps({**said, "signature": signature})


def restored_line(keys: Keys, store: str, number: int, at: str) -> str:
    """That a backup was restored, so that entries after a number are gone; signed."""
    said = {"store": store, "number": number, "at": at, "root": _RESTORED}
    return json.dumps({**said, "signature": keys.signing.sign(_signed(said)).hex()})


def write_checkpoint(path: Path, keys: Keys, store: str, number: int, at: str, mac: bytes) -> None:
    """Add a checkpoint to its file."""
    append_line(path, checkpoint_line(keys, store, number, at, mac))


def _signed(said: Mapping[str, Any]) -> bytes:
    return encoded([said["store"], said["number"], said["at"], said["root"]])


def verify(
    connection: sa.Connection, keys: Keys, checkpoints: Iterable[str] = (), *, rows: bool = True
) -> list[Tampered]:
    """Recompute the whole trail, and what it says of rows.

    Parameters
    ----------
    connection : Connection
        Of the store.
    keys : Keys
        Its keys.
    checkpoints : iterable of str
        Lines of the file of checkpoints.
    rows : bool
        Also the rows that entries have written and ended.

    Returns
    -------
    list of Tampered
        By entry; of the chain itself the first place alone, since all after it hangs on it. Empty where nothing was
        changed.
    """
    head = connection.execute(sa.select(schema.head)).mappings().all()
    if len(head) != 1:
        return [Tampered(0, "the end of the trail is not written down")]
    store = str(head[0]["store"])
    known, found = _points(keys, store, checkpoints)
    digests: dict[int, bytes] = {}
    broken, last, mac = _follow(connection, keys.audit, store, known, digests)
    found.extend(broken)
    if not broken:
        found.extend(_ends(keys.audit, store, dict(head[0]), last, mac, known))
    if rows:
        found.extend(_rows(connection, keys.audit, digests))
    return sorted(found, key=lambda tampered: tampered.number)


def _points(keys: Keys, store: str, lines: Iterable[str]) -> tuple[dict[int, str], list[Tampered]]:
    """Roots by number, and checkpoints that nobody of ours has signed."""
    public, known, found = Ed25519PublicKey.from_public_bytes(keys.public), dict[int, str](), list[Tampered]()
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            if said["store"] != store:
                continue
            public.verify(bytes.fromhex(said["signature"]), _signed(said))
            number = int(said["number"])
            if said["root"] == _RESTORED:
                known = {past: root for past, root in known.items() if past <= number}
            else:
                known.setdefault(number, str(said["root"]))  # a later one may be an older store's that was put back
        except (ValueError, KeyError, TypeError, InvalidSignature):
            found.append(Tampered(0, f"line {place} of the checkpoints is none of ours"))
    return known, found


def _follow(
    connection: sa.Connection, key: bytes, store: str, known: Mapping[int, str], digests: dict[int, bytes]
) -> tuple[list[Tampered], int, bytes]:
    """Follow the chain until it breaks."""
    last, mac = 0, FIRST_MAC
    entries = schema.entries
    query = sa.select(entries).order_by(entries.c.number).execution_options(yield_per=10_000)
    found: list[Tampered] = []
    for entry in connection.execute(query).mappings():
        number = int(entry["number"])
        digests[number] = entry["digest"]
        if found:
            continue
        if number != last + 1:
            found.append(Tampered(last + 1, "the entry is missing"))
        elif not hmac.compare_digest(mac_of(key, store, mac, dict(entry)), entry["mac"]):
            found.append(Tampered(number, "the entry is not as it was written"))
        elif known.get(number, entry["mac"].hex()) != entry["mac"].hex():
            found.append(Tampered(number, "the entry is not the one that a checkpoint was signed for"))
        last, mac = number, entry["mac"]
    return found, last, mac


def _ends(
    key: bytes, store: str, head: Mapping[str, Any], last: int, mac: bytes, known: Mapping[int, str]
) -> list[Tampered]:
    """Whether the trail ends where it should."""
    sealed = hmac.compare_digest(head["seal"], head_seal(key, store, head["number"], head["at"], head["mac"]))
    if not sealed or (head["number"] <= last and (head["number"], head["mac"]) != (last, mac)):
        return [Tampered(int(head["number"]), "the end of the trail is not as it was written")]
    most = max((int(head["number"]), *known))
    return [Tampered(last + 1, f"entries {last + 1} to {most} are missing")] if most > last else []


def _rows(connection: sa.Connection, key: bytes, digests: Mapping[int, bytes]) -> list[Tampered]:
    """Entries whose rows are not those that they wrote or ended."""
    sums: dict[int, Digest] = {}
    for table, written, ended in WRITTEN:
        for columns, when in ((written, "since"), (ended, "until")):
            if not columns:
                continue
            query = sa.select(*(table.c[name] for name in columns)).where(table.c[when].is_not(None))
            place = columns.index(when)
            for row in connection.execute(query.execution_options(yield_per=10_000)):
                number = row[place]
                if (digest := sums.get(number)) is None:
                    digest = sums[number] = Digest(key)
                digest.add(table.name, *row)
    nothing, found = Digest(key).value, []
    for number in sorted(digests.keys() | sums.keys()):
        value = sums[number].value if number in sums else nothing
        if number not in digests:
            found.append(Tampered(number, "rows say that an entry wrote them that is not there"))
        elif not hmac.compare_digest(value, digests[number]):
            found.append(Tampered(number, "the rows that the entry wrote or ended are not as they were"))
    return found


def appended(
    key: bytes, head: Mapping[str, Any], entry: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:  # fmt: skip
    """An entry with its HMAC, and the head after it."""
    store = str(head["store"])
    mac = mac_of(key, store, head["mac"], entry)
    number, at = int(entry["number"]), str(entry["at"])
    seal = head_seal(key, store, number, at, mac)
    return {**entry, "mac": mac}, {"number": number, "at": at, "mac": mac, "seal": seal}
