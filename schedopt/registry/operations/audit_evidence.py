"""Evidence for an audit out of the audit trail: who changed what about its items, signed with the store's key."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from schedopt.operations.audits import evidence as wire
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.operations.audit_files import AuditFile, audit_file
from schedopt.store import schema
from schedopt.store.engine import snapshot
from schedopt.store.facts import AT_ONCE
from schedopt.store.session import Call
from schedopt.store.trail import Tampered, verify

_ENTRY = tuple(name for name in wire.ENTRY if name not in ("digest", "mac"))
_OWN = ("audits", "audit_strata", "audit_items", "audit_findings", "audit_actions")
"""Tables of the audit itself, whose rows are no evidence about its items."""


@dataclass(frozen=True)
class Evidence:
    """What the audit trail says about the items of an audit.

    Attributes
    ----------
    content : bytes
        The file: JSON, signed.
    changes : pandas.DataFrame
        ``entry``, ``at`` (UTC), ``actor``, ``operation``, ``item``, ``table``, ``what``, ``columns`` (which changed).
    tampered : list of Tampered
        What is wrong with the trail; empty where it verifies.
    """

    content: bytes
    changes: pd.DataFrame
    tampered: list[Tampered]


class AuditEvidence(Asked):
    """Evidence out of the audit trail."""

    def audit_evidence(self, audit: str, *, first: dt.date | None = None, last: dt.date | None = None) -> Evidence:
        """Who changed what about the items of an audit, with the entries of the trail that say so; ids alone.

        The whole trail is verified, and what is wrong with it stands in the file. The file is signed with the key by
        which checkpoints are, so that others can check that it is as it was written.

        Parameters
        ----------
        audit : str
            Which audit.
        first, last : datetime.date, optional
            Days (UTC) of the entries; by default all.

        Raises
        ------
        StoreError
            If there is no such audit.
        """
        begin, end = first or dt.date(1900, 1, 1), last or dt.date(2199, 12, 31)

        def body(call: Call) -> tuple[AuditFile, pd.DataFrame, list[dict[str, Any]]]:
            call.may("read", "entries", _ENTRY)
            file = audit_file(call, audit)
            changes = _changes(call, file, begin, end)
            numbers = {*changes["entry"].tolist()}
            if file.audit.source == "entries":
                numbers |= {int(item.item) for item in file.items}
            return file, changes, _entries(call, sorted(numbers))

        file, changes, entries = self.session.do("audit evidence", body, about=audit)
        keys = self.session.keys
        path = self.session.checkpoints
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        with snapshot(self.session.engine) as connection:
            tampered = verify(connection, keys, lines)
            head = connection.execute(sa.select(schema.head)).mappings().one()
        trail = {
            "number": head["number"], "at": head["at"], "root": head["mac"].hex(), "verifies": not tampered,
            "found": [{"entry": one.number, "what": one.what} for one in tampered],
        }  # fmt: skip
        said = wire.evidence_body(head["store"], _audit(file, begin, end), trail, entries, changes)
        content = wire.evidence_file(said, keys.public, keys.signing.sign(wire.canonical(said)))
        return Evidence(content, changes, tampered)

    def check_evidence(self, content: bytes) -> list[str]:
        """Whether a file of evidence is this store's, and its trail still says the same; empty where it is so."""
        said = wire.read_evidence(content)

        def body(call: Call) -> list[str]:
            call.may("read", "entries", _ENTRY)
            numbers = sorted({one["number"] for one in said["entries"]} | {said["trail"]["number"]})
            now = {one["number"]: one for one in _entries(call, numbers)}
            found = [
                f"entry {one['number']} is another one in the store"
                for one in said["entries"]
                if now.get(one["number"]) != one
            ]
            end = now.get(said["trail"]["number"])
            if end is None or end["mac"] != said["trail"]["root"]:
                found.append("the trail of the store does not lead through where the file says that it stood")
            return found

        found = self.session.do("check evidence", body)
        return [*signature_faults(said, self.session.keys.public.hex()), *found, *map(_words, self._verified())]

    def _verified(self) -> list[Tampered]:
        path = self.session.checkpoints
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        with snapshot(self.session.engine) as connection:
            return verify(connection, self.session.keys, lines)


def signature_faults(said: dict[str, Any], public: str | None = None) -> list[str]:
    """What is wrong with the signature of a file of evidence; it needs no store.

    Parameters
    ----------
    said : dict
        As of :func:`~schedopt.operations.audits.evidence.read_evidence`.
    public : str, optional
        The store's public key in hex; by default the one that the file names, which whoever forged it could have put
        there.
    """
    found = []
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public or said["public_key"]))
        key.verify(bytes.fromhex(said["signature"]), wire.canonical(said))
    except (InvalidSignature, ValueError, TypeError):
        found.append("the file is not as it was signed, or by another key")
    trail = said["trail"]
    if isinstance(trail, dict) and not trail.get("verifies"):
        found.append("the audit trail did not verify when the file was written")
    return found


def _words(one: Tampered) -> str:
    return f"entry {one.number}: {one.what}"


def _audit(file: AuditFile, first: dt.date, last: dt.date) -> dict[str, Any]:
    said = file.audit
    return {
        "audit": said.audit, "source": said.source, "first_day": said.first_day.isoformat(),
        "last_day": said.last_day.isoformat(), "known_at": said.known_at, "seed": said.seed, "method": said.method,
        "strata": said.strata, "divide": said.divide, "population": said.population, "frame": said.frame,
        "items": [one.item for one in file.items], "entries_from": first.isoformat(), "entries_to": last.isoformat(),
    }  # fmt: skip


def _entries(call: Call, numbers: Sequence[int]) -> list[dict[str, Any]]:
    e, found = schema.entries, list[dict[str, Any]]()
    columns = [e.c[name] for name in wire.ENTRY]
    for begin in range(0, len(numbers), AT_ONCE):
        query = sa.select(*columns).where(e.c.number.in_(numbers[begin : begin + AT_ONCE])).order_by(e.c.number)
        for row in call.connection.execute(query).mappings():
            found.append({**row, "digest": row["digest"].hex(), "mac": row["mac"].hex()})
    return found


def _changes(call: Call, file: AuditFile, first: dt.date, last: dt.date) -> pd.DataFrame:
    """What was written and ended about the items, by entry."""
    items = [item.item for item in file.items]
    rows = [*_of_bookings(call, items), *_of_facts(call, items, _requests(call, items))]
    e = schema.entries.c
    after = (last + dt.timedelta(days=1)).isoformat()
    numbers = sorted({row[0] for row in rows})
    known: dict[int, tuple[str, str, str]] = {}
    for begin in range(0, len(numbers), AT_ONCE):
        wanted = e.number.in_(numbers[begin : begin + AT_ONCE])
        query = sa.select(e.number, e.at, e.actor, e.operation).where(wanted, e.at >= first.isoformat(), e.at < after)
        known |= {number: (at, actor, operation) for number, at, actor, operation in call.connection.execute(query)}
    said = [(entry, *known[entry], *rest) for entry, *rest in rows if entry in known]
    return pd.DataFrame(sorted(set(said)), columns=list(wire.CHANGES))


def _requests(call: Call, items: Sequence[str]) -> dict[str, str]:
    """The items by the requests that they are bookings or claims of."""
    b, f, found = schema.bookings.c, schema.facts.c, dict[str, str]()
    for begin in range(0, len(items), AT_ONCE):
        some = items[begin : begin + AT_ONCE]
        for booking, request in call.connection.execute(sa.select(b.booking, b.request).where(b.booking.in_(some))):
            found[request] = booking
        keys = {key_of(item): item for item in some}
        query = sa.select(f.key, f.request).where(f.kind == "claims", f.key.in_(keys), f.request.is_not(None))
        found |= {request: keys[key] for key, request in call.connection.execute(query)}
    return found


def _of_bookings(call: Call, items: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """What became of bookings: entry, item, table, status, columns."""
    b = schema.bookings
    names = ("request", "provider", "site", "date", "start", "minutes", "authorisation", "others", "over")
    for begin in range(0, len(items), AT_ONCE):
        query = sa.select(b).where(b.c.booking.in_(items[begin : begin + AT_ONCE])).order_by(b.c.booking, b.c.since)
        before: dict[str, Any] = {}
        for row in call.connection.execute(query).mappings():
            same = row["booking"] == before.get("booking")
            changed = [name for name in names if same and row[name] != before[name]]
            yield int(row["since"]), row["booking"], "appointments", row["status"], " ".join(changed)
            before = dict(row)


def _of_facts(call: Call, items: Sequence[str], requests: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    """What was written and ended of rows that are the items themselves, or about the requests of theirs."""
    f, keys = schema.facts.c, {key_of(item): item for item in items}
    for column, wanted in ((f.key, keys), (f.request, requests)):
        names = list(wanted)
        for begin in range(0, len(names), AT_ONCE):
            some = column.in_(names[begin : begin + AT_ONCE])
            query = sa.select(schema.facts).where(some, f.kind.not_in(_OWN)).order_by(f.fact, f.since, f.valid_from)
            versions: dict[int, list[Any]] = {}
            for row in call.connection.execute(query).mappings():
                versions.setdefault(row["fact"], []).append(row)
            for rows in versions.values():
                yield from _of_one(rows, wanted[rows[0][column.name]])


def _of_one(rows: Sequence[Any], item: str) -> Iterator[tuple[Any, ...]]:
    """The versions of one row."""
    begins = {row["since"] for row in rows}
    ended = {row["until"]: row for row in rows if row["until"] is not None}
    for row in rows:
        old = ended.get(row["since"])
        what, columns = ("added", "") if old is None else ("changed", _differing(old, row))
        yield int(row["since"]), item, row["kind"], what, columns
    for entry, row in ended.items():
        if entry not in begins:
            yield int(entry), item, row["kind"], "ended", ""


def _differing(old: Any, new: Any) -> str:
    """Names of the open columns that differ; of what is sealed only that it does."""
    before, after = json.loads(old["cells"]), json.loads(new["cells"])
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if (old["valid_from"], old["valid_until"]) != (new["valid_from"], new["valid_until"]):
        names.append("(days)")
    return " ".join([*names, *(["(sealed)"] if old["sealed"] != new["sealed"] else [])])
