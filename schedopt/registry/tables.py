"""Rows of a store's tables one by one: added, changed from a day on, ended."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import sqlalchemy as sa
from pydantic import ValidationError

from schedopt.errors import Fault, InputError, StoreError
from schedopt.models.table import Table
from schedopt.models.tables import Appointment, Patient, Row
from schedopt.models.words import HIDDEN
from schedopt.office.words import expected
from schedopt.records.people import Restriction
from schedopt.registry.asked import Asked
from schedopt.registry.desk import has_table
from schedopt.registry.exchange import Wanted, key_of, new_fact
from schedopt.registry.kinds import kinds, office_tables
from schedopt.store import facts, schema
from schedopt.store.facts import Fact
from schedopt.store.kinds import Kind
from schedopt.store.session import Call
from schedopt.store.words import told

_APART = {Appointment.table_name, Patient.table_name, "people", "actors", "emergencies"}
"""Tables that other methods write."""


class Tables(Asked):
    """What is asked of a store's single rows."""

    def add(self, table: str, cells: Mapping[str, Any], *, valid_from: dt.date | None = None) -> None:
        """Add a row to a table.

        Parameters
        ----------
        table : str
            Its name, as in docs/tables.md; people, patients, actors and appointments have methods of their own.
        cells : mapping
            Column to value, as a folder's cells or as values.
        valid_from : datetime.date, optional
            First day on which it is true; by default it always has been.

        Raises
        ------
        InputError
            If the row is none of the table, its key is there already, or it names what is not there.
        """

        def body(call: Call) -> None:
            kind = _kind(table)
            call.may("add", table, sorted({*(name for name in cells if name in kind.columns), *kind.row_class.key}))
            open_, sealed = kind.cells(checked(call, kind, cells))
            if kind.row_class.key and current(call, kind, kind.key(open_)):
                raise InputError([Fault(table, None, kind.row_class.key[0], None, "expected a key that is not there")])
            wanted = Wanted(kind.key(open_), open_, sealed, *about(call, open_))
            fact = new_fact(call, table, call.next_place(), wanted)
            if valid_from is not None:
                fact = replace(fact, valid_from=valid_from.isoformat())
            call.insert([sealed_fact(call, fact, sealed)])
            if table in {row_class.table_name for row_class in office_tables()}:
                has_table(call, table)

        self._do(_doing("add", table), body)

    def change(
        self, table: str, key: str | tuple[str, ...], cells: Mapping[str, Any], *, valid_from: dt.date | None = None
    ) -> None:  # fmt: skip
        """Change columns of a row, from a day on; by default the row was never as it stood.

        Raises
        ------
        InputError
            If the row would be none of the table.
        StoreError
            If there is no such row on that day.
        """

        def body(call: Call) -> None:
            kind = _kind(table)
            call.may("change", table, sorted(name for name in cells if name in kind.columns) or kind.columns[:1])
            for old in from_day(_versions(call, kind, _one(call, kind, key, valid_from)), valid_from):
                before = {**old.cells, **opened(call, old)}
                open_, sealed = kind.cells(checked(call, kind, {**before, **cells}))
                if kind.key(open_) != old.key:
                    raise StoreError("expected to change other columns than those of the key")
                patient, request, owner = about(call, open_)
                new = replace(old, cells=open_, patient=patient, request=request, owner=owner, sealed=None)
                call.change(old, beginning(sealed_fact(call, new, sealed), valid_from), None, None)

        self._do(_doing("change", table), body, about=_words(key))

    def end(self, table: str, key: str | tuple[str, ...], *, last_day: dt.date | None = None) -> None:
        """End a row: it was true up to a day, or (without one) never."""

        def body(call: Call) -> None:
            kind = _kind(table)
            call.may("end", table, kind.row_class.key or kind.columns)
            last = "" if last_day is None else last_day.isoformat()
            old = [one for one in _versions(call, kind, _one(call, kind, key, last_day)) if one.valid_until > last]
            call.end(old)
            kept = [one for one in old if one.valid_from <= last]
            call.insert([replace(one, since=call.number, valid_until=last) for one in kept])

        self._do(_doing("end", table), body, about=_words(key))

    def rows(self, table: str, *, on: dt.date | None = None) -> pd.DataFrame:
        """The rows of a table that are true on a day, today by default; columns that the actor may read.

        Returns
        -------
        pandas.DataFrame
            Cells as text, a column for each of the table's that the actor may read; sealed ones are left out.
        """

        def body(call: Call) -> pd.DataFrame:
            kind = _kind(table, every=True)
            names = [
                name
                for name in kind.columns
                if name not in kind.sealed and call.policy.allows(call.roles, call.purpose, "read", table, name)
            ]
            call.may("read", table, names or kind.columns[:1])
            day = on.isoformat() if on else call.today
            secret = self_paid(call) if call.purpose == "payment" else frozenset[str]()
            found = facts.known(call.connection, table, at=self._entry(call), on=day)
            found = [fact for fact in found if fact.request not in secret]
            return pd.DataFrame({name: [fact.cells.get(name, "") for fact in found] for name in names}, dtype="str")

        return self.session.do(_doing("read", table), body)

    def history(self, table: str, key: str | tuple[str, ...]) -> pd.DataFrame:
        """All that was ever known of a row.

        Returns
        -------
        pandas.DataFrame
            One row a version: ``valid_from``, ``valid_until`` (days), ``recorded_at`` (UTC), ``ended_at`` (UTC or
            empty), ``actor``, ``source``, then the open columns that the actor may read.
        """

        def body(call: Call) -> pd.DataFrame:
            kind = _kind(table, every=True)
            found = versions(call, kind, key)
            if call.purpose == "payment" and table in ("requests", "appointments") and key in self_paid(call):
                raise StoreError(f"expected the key of a row of {table}, not {_words(key)!r}")
            return found

        return self.session.do(_doing("history", table), body, about=_words(key))


def self_paid(call: Call) -> frozenset[str]:
    """Requests whose visits the patient pays, and of which the insurer's side may learn nothing.

    They are restricted, or say so themselves (column ``self_pay``).
    """
    rows, f = facts.known(call.connection, Restriction.table_name), schema.facts.c
    restricted = {fact.cells.get("request", "") for fact in rows if fact.cells["kind"] == "self_pay_visit"}
    said = sa.select(f.request).where(f.kind == "requests", f.until.is_(None), f.cells.like('%"self_pay":"yes"%'))
    return frozenset(restricted | set(call.connection.scalars(said)))


def versions(call: Call, kind: Kind, key: str | tuple[str, ...]) -> pd.DataFrame:
    """Every version of a row, oldest first."""
    table = schema.facts
    entries = schema.entries
    allowed = [
        name
        for name in kind.columns
        if name not in kind.sealed and call.policy.allows(call.roles, call.purpose, "read", kind.name, name)
    ]
    call.may("read", kind.name, allowed or kind.columns[:1])
    then = entries.alias()
    query = (
        sa.select(table, entries.c.at, entries.c.actor, entries.c.source, then.c.at.label("ended_at"))
        .join(entries, entries.c.number == table.c.since)
        .outerjoin(then, then.c.number == table.c.until)
        .where(table.c.kind == kind.name, table.c.key == key_of(*([key] if isinstance(key, str) else key)))
        .order_by(table.c.since, table.c.valid_from)
    )
    rows = call.connection.execute(query).mappings().all()
    cells = [json.loads(row["cells"]) for row in rows]
    return pd.DataFrame(
        {
            **{name: [row[name] for row in rows] for name in ("valid_from", "valid_until")},
            "recorded_at": [row["at"] for row in rows], "ended_at": [row["ended_at"] or "" for row in rows],
            **{name: [row[name] for row in rows] for name in ("actor", "source")},
            **{name: [said.get(name, "") for said in cells] for name in allowed},
        }
    )  # fmt: skip


def _doing(what: str, table: str) -> str:
    """What the audit trail says is done; of a table alone that there is."""
    return f"{what} {table}" if table in kinds() else what


def _kind(table: str, *, every: bool = False) -> Kind:
    if table not in kinds() or (table in _APART and not every):
        raise StoreError(f"expected a table whose rows are added one by one, not {told(table)}")
    return kinds()[table]


def _words(key: str | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else " ".join(key)


def checked(call: Call, kind: Kind, cells: Mapping[str, Any]) -> Row:
    """A row of a table of cells, whose references lead somewhere.

    Raises
    ------
    InputError
        With every fault; values of private columns are hidden.
    """
    said = {name: value for name, value in cells.items() if value is not None and value != ""}
    try:
        row = kind.row_class.model_validate(said)
    except ValidationError as error:
        faults = []
        for one in error.errors(include_url=False):
            column = str(one["loc"][0]) if one["loc"] else None
            if column is not None and column not in kind.columns:
                faults.append(Fault(kind.name, None, HIDDEN, None, f"expected columns of {kind.name} alone"))
                continue
            value = None if column is None or column not in said else HIDDEN
            faults.append(Fault(kind.name, None, column, value, expected(one, "a value of this column")))
        raise InputError(faults) from None
    open_, _ = kind.cells(row)
    if faults := list(_unknown(call, kind, open_, kind.name, None)):
        raise InputError(faults)
    return row


def unknown_references(call: Call, kind: Kind, table: Table) -> Iterator[Fault]:
    """Cells of a table that has been read that name what is not in the store."""
    for number, row in zip(table.numbers, table.rows, strict=True):
        yield from _unknown(call, kind, kind.cells(row)[0], table.file, number)


def _unknown(call: Call, kind: Kind, open_: Mapping[str, str], file: str, number: int | None) -> Iterator[Fault]:
    for column, target in kind.references.items():
        if not kinds()[target].row_class.required and not facts.is_any(call.connection, target):
            continue  # the office does not have that table: this column says which ids there are
        for name in [part.strip() for part in open_.get(column, "").split(";") if part.strip()]:
            if not current(call, kinds()[target], key_of(name)):
                shown = name if told(name) != HIDDEN else HIDDEN
                yield Fault(file, number, column, shown, f"expected a key of {target}")


def current(call: Call, kind: Kind, key: str, on: dt.date | None = None) -> list[Fact]:
    """Versions of a row as they are known now, on a day or on any."""
    day = None if on is None else on.isoformat()
    return facts.known(call.connection, kind.name, by="key", values=[key], on=day)


def _one(call: Call, kind: Kind, key: str | tuple[str, ...], on: dt.date | None) -> Fact:
    text = key_of(*([key] if isinstance(key, str) else key))
    found = current(call, kind, text, on) or current(call, kind, text)
    if not found:
        raise StoreError(f"expected the key of a row of {kind.name}, not {told(_words(key))}")
    today = [fact for fact in found if fact.valid_from <= call.today <= fact.valid_until]
    return (today or found)[-1]


def _versions(call: Call, kind: Kind, one: Fact) -> list[Fact]:
    """What is known now of a row on all days."""
    return [fact for fact in current(call, kind, one.key) if fact.fact == one.fact]


def from_day(versions: Sequence[Fact], day: dt.date | None) -> list[Fact]:
    """Those versions of a row that are true on a day or later; all of them without a day."""
    return [one for one in versions if day is None or one.valid_until >= day.isoformat()]


def beginning(fact: Fact, day: dt.date | None) -> Fact:
    """A version from a day on, where it began before."""
    return fact if day is None else replace(fact, valid_from=max(fact.valid_from, day.isoformat()))


def about(call: Call, cells: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """Patient, request and owner of a row by its open cells."""
    request = cells.get("request")
    patient = cells.get("patient")
    if patient is None and request is not None:
        found = facts.known(call.connection, "requests", by="request", values=[request])
        patient = found[-1].patient if found else None
    owner = cells.get("person")
    if owner is None and patient is not None:
        people = facts.known(call.connection, "people", by="patient", values=[patient])
        owner = people[-1].owner if people else None
    return patient, request, owner


def sealed_fact(call: Call, fact: Fact, sealed: Mapping[str, str]) -> Fact:
    """A version with its sealed columns."""
    if not sealed:
        return fact
    return fact.sealed_with(call.keys.office if fact.owner is None else call.keys.one(fact.owner), sealed)


def opened(call: Call, fact: Fact) -> dict[str, str]:
    """What stands in a version's sealed columns."""
    if fact.sealed is None:
        return {}
    return fact.opened(call.keys.office if fact.owner is None else call.keys.one(fact.owner))
