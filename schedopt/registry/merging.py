"""Two persons who are one: every reference to the one becomes one to the other, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.registry.bookings import rows_of
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.people import forget_blinds, person_kind, write_blinds
from schedopt.registry.slots import PATIENT
from schedopt.store import facts, schema
from schedopt.store.facts import Fact
from schedopt.store.kinds import Kind
from schedopt.store.session import Call
from schedopt.store.words import told

PATIENTS, PEOPLE = "patients", "people"


@dataclass(frozen=True)
class Merged:
    """Two persons who are one now.

    Attributes
    ----------
    entry : int
        Of the audit trail; :meth:`~schedopt.registry.store.Store.undo` takes it.
    moved : int
        Rows and bookings that are about the other person now.
    clashes : pandas.DataFrame
        What both said, and differently: ``table``, ``column``. What `keep` said holds.
    """

    entry: int
    moved: int
    clashes: pd.DataFrame


def references(kind: Kind, target: str) -> tuple[str, ...]:
    """Columns of a table that name a row of another; found from what its columns say of themselves."""
    return tuple(column for column, named in kind.references.items() if named == target)


def merge(call: Call, keep: str, lose: str) -> Merged:
    """Merge, in one call.

    Raises
    ------
    StoreError
        If they are one already, or one of them is not there.
    """
    call.may("change", PEOPLE, person_kind().columns)
    if keep == lose:
        raise StoreError("expected two persons")
    first, second = _person(call, keep), _person(call, lose)
    call.people.update((keep, lose))
    clashes = list(_persons(call, first, second))
    moved = 0
    for kind in kinds().values():
        if kind.name in (PEOPLE, PATIENTS):
            continue
        for target, old, new in ((PATIENTS, second.patient, first.patient), (PEOPLE, lose, keep)):
            columns = references(kind, target)
            if (columns or target == PATIENTS) and old is not None and new is not None:
                moved += _moved(call, kind, columns, (str(old), str(new)), (lose, keep), clashes)
    clashes.extend(_patients(call, first, second))
    moved += _bookings(call, str(second.patient), str(first.patient), clashes)
    frame = pd.DataFrame(clashes, columns=["table", "column"]).drop_duplicates(ignore_index=True)
    return Merged(call.number, moved, frame)


def _person(call: Call, person: str) -> Fact:
    found = facts.known(call.connection, PEOPLE, by="key", values=[key_of(person)], on=call.today)
    if not found or "merged_into" in found[-1].cells:
        raise StoreError(f"expected the id of a person who is not merged, not {told(person)}")
    return found[-1]


def _persons(call: Call, first: Fact, second: Fact) -> Iterator[tuple[str, str]]:
    """Put what both say of the person into one row."""
    keep, lose = call.keys.one(str(first.owner)), call.keys.one(str(second.owner))
    mine, theirs = first.opened(keep), second.opened(lose)
    yield from ((PEOPLE, name) for name in sorted(mine.keys() & theirs.keys()) if mine[name] != theirs[name])
    both = {**theirs, **mine}
    call.change(first, first, keep, both)
    cells = {"person": str(second.owner), "merged_into": str(first.owner)}
    call.change(second, replace(second, cells=cells, patient=None), None, None)
    forget_blinds(call, str(second.owner))
    forget_blinds(call, str(first.owner))
    write_blinds(call, str(first.owner), both)


def _patients(call: Call, first: Fact, second: Fact) -> Iterator[tuple[str, str]]:
    """Put what both patients' rows say into one."""
    rows = facts.known(
        call.connection, PATIENTS, by="patient", values=[str(first.patient), str(second.patient)], on=call.today
    )
    said = {fact.patient: fact for fact in rows}
    mine, theirs = said.get(first.patient), said.get(second.patient)
    if theirs is None:
        return
    call.end([theirs])
    if mine is None:
        return
    for name in sorted(mine.cells.keys() & theirs.cells.keys() - {"patient"}):
        if mine.cells[name] != theirs.cells[name]:
            yield PATIENTS, name
    both = {**theirs.cells, **mine.cells}
    if both != mine.cells or (mine.closed is not None and theirs.closed is None):
        closed = None if None in (mine.closed, theirs.closed) else mine.closed
        call.change(mine, replace(mine, cells=both, closed=closed), None, None)


def _moved(
    call: Call, kind: Kind, columns: Sequence[str], ids: tuple[str, str], owners: tuple[str, str],
    clashes: list[tuple[str, str]],
) -> int:  # fmt: skip
    """Have a table's rows about one be about the other; how many."""
    old, new = ids
    rows = _about(call, kind, columns, old)
    if not rows:
        return 0
    lose, keep = (call.keys.one(owner) for owner in owners)
    there = {fact.key for fact in facts.known(call.connection, kind.name)}
    ended, made = [], []
    for fact in rows:
        cells = {name: new if name in columns and cell == old else cell for name, cell in fact.cells.items()}
        key = kind.key(cells)
        ended.append(fact)
        if kind.row_class.key and key != fact.key and key in there:
            clashes.append((kind.name, kind.row_class.key[-1]))
            continue
        there.add(key)
        patient = new if fact.patient == old else fact.patient
        moved = replace(fact, since=call.number, cells=cells, key=key, patient=patient)
        if fact.owner == owners[0]:
            sealed = fact.opened(lose)
            moved = replace(moved, owner=owners[1], sealed=None)
            moved = moved.sealed_with(keep, sealed) if sealed else moved
        made.append(moved)
    call.end(ended)
    call.insert(made)
    return len(rows)


def _about(call: Call, kind: Kind, columns: Sequence[str], name: str) -> list[Fact]:
    """Rows of a table that name somebody, or are about his or her requests."""
    found = {
        (fact.fact, fact.valid_from): fact
        for fact in facts.known(call.connection, kind.name, by="patient", values=[name])
    }
    if columns and "patient" not in columns:
        for fact in facts.known(call.connection, kind.name):
            if any(fact.cells.get(column) == name for column in columns):
                found[fact.fact, fact.valid_from] = fact
    return list(found.values())


def _bookings(call: Call, old: str, new: str, clashes: list[tuple[str, str]]) -> int:
    """Have bookings be the other patient's; those that then overlap stay so, and clash."""
    b, h = schema.bookings, schema.holdings
    rows = rows_of(call, sa.select(b).where(b.c.until.is_(None), b.c.patient == old))
    mine = sa.select(h.c.starts, h.c.ends).where(h.c.kind == PATIENT, h.c.thing == new)
    busy = call.connection.execute(mine).all()
    call.unbooked([(row["booking"], row["since"]) for row in rows])
    made: list[dict[str, Any]] = []
    for row in rows:
        made.append({**row, "since": call.number, "patient": new})
        made[-1].pop("until")
        of = sa.and_(h.c.booking == row["booking"], h.c.kind == PATIENT, h.c.thing == old)
        for starts, ends in call.connection.execute(sa.select(h.c.starts, h.c.ends).where(of)).all():
            overlaps = any(begin < ends and end > starts for begin, end in busy)
            call.connection.execute(h.update().where(of).values(thing=new, **({"over": 1} if overlaps else {})))
            if overlaps:
                clashes.append(("appointments", "start"))
    call.booked(made)
    return len(rows)


def undo(call: Call, entry: int) -> pd.DataFrame:
    """Take a merge back: what it ended is as it was, what it wrote ends, but for what has changed since.

    Raises
    ------
    StoreError
        If the entry is no merge, or was undone.
    """
    call.may("change", PEOPLE, person_kind().columns)
    e = schema.entries.c
    said = call.connection.execute(sa.select(e.operation, e.outcome, e.about).where(e.number == entry)).one_or_none()
    if said is None or (said.operation, said.outcome) != ("merge", "done"):
        raise StoreError(f"expected the entry of a merge, not {entry}")
    undone = sa.select(e.number).where(e.operation == "undo merge", e.outcome == "done", e.about == str(entry))
    if call.connection.execute(undone).first() is not None:
        raise StoreError(f"entry {entry} was taken back already")
    keep, lose = said.about.split(" ")
    call.people.update((keep, lose))
    left = [*_undo_facts(call, entry), *_undo_bookings(call, entry)]
    _follow(call, _person(call, keep), _person(call, lose))
    for person in (keep, lose):
        forget_blinds(call, person)
        fact = _person(call, person)
        write_blinds(call, person, fact.opened(call.keys.one(person)))
    return pd.DataFrame(left, columns=["table", "row"])


def _follow(call: Call, first: Fact, second: Fact) -> None:
    """Have what was written since the merge of requests that are the other patient's again be his or hers too."""
    b, old, new = schema.bookings.c, str(first.patient), str(second.patient)
    rows = facts.known(call.connection, "requests", by="patient", values=[new])
    requests = [str(fact.request) for fact in rows]
    made = sa.select(schema.bookings).where(b.until.is_(None), b.patient == old)
    back = [row for row in rows_of(call, made) if row["request"] in requests]
    _given(call, [(row, {**row, "patient": new}) for row in back])
    keep, lose = str(first.owner), str(second.owner)
    for kind in kinds().values():
        for fact in facts.known(call.connection, kind.name, by="request", values=requests):
            if fact.patient != old:
                continue
            moved = replace(fact, since=call.number, patient=new)
            if fact.owner == keep and fact.sealed is not None:
                moved = replace(moved, owner=lose, sealed=None)
                moved = moved.sealed_with(call.keys.one(lose), fact.opened(call.keys.one(keep)))
            call.end([fact])
            call.insert([moved])


def _given(call: Call, pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Have bookings be another patient's; where he or she is busy then, they overlap."""
    h = schema.holdings.c
    for row, after in pairs:
        new = {**after, "since": call.number}
        new.pop("until", None)
        call.unbooked([(row["booking"], row["since"])])
        call.booked([new])
        mine = sa.and_(h.booking == row["booking"], h.kind == PATIENT)
        for starts, ends in call.connection.execute(sa.select(h.starts, h.ends).where(mine)).all():
            others = sa.select(h.booking).where(
                h.kind == PATIENT, h.thing == new["patient"], h.over == 0, h.booking != row["booking"],
                h.starts < ends, h.ends > starts,
            )  # fmt: skip
            busy = call.connection.execute(others).first() is not None
            over = 1 if busy else int(row["over"])
            call.connection.execute(schema.holdings.update().where(mine).values(thing=new["patient"], over=over))


def _undo_facts(call: Call, entry: int) -> Iterator[tuple[str, str]]:
    f = schema.facts
    written = call.connection.execute(sa.select(f).where(f.c.since == entry)).mappings().all()
    ended = call.connection.execute(sa.select(f).where(f.c.until == entry)).mappings().all()
    changed = {row["fact"] for row in written if row["until"] is not None}
    for row in written:
        if row["fact"] in changed:
            yield row["kind"], row["key"]
    call.end([_fact(row) for row in written if row["fact"] not in changed])
    closed = {row["fact"]: row["closed"] for row in written}
    call.insert(
        [
            replace(_fact(row), since=call.number, closed=closed.get(row["fact"], row["closed"]))
            for row in ended
            if row["fact"] not in changed
        ]
    )


def _fact(row: Any) -> Fact:
    names = (
        "fact", "since", "valid_from", "valid_until", "kind", "place", "key", "patient", "request", "cells", "owner",
        "sealed", "closed",
    )  # fmt: skip
    said = {name: row[name] for name in names}
    return Fact(**{**said, "cells": json.loads(said["cells"])})


def _undo_bookings(call: Call, entry: int) -> Iterator[tuple[str, str]]:
    """Bookings are the old patient's again, whatever has become of them since."""
    b = schema.bookings
    for old in rows_of(call, sa.select(b).where(b.c.until == entry)):
        (row,) = rows_of(call, sa.select(b).where(b.c.booking == old["booking"], b.c.until.is_(None)))
        _given(call, [(row, {**row, "patient": old["patient"]})])
        if row["since"] != entry:
            yield "appointments", row["booking"]
