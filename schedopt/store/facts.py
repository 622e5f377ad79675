"""Rows of the office's tables in their versions: what is true when, and since which entry it is known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from schedopt.store.encoding import encoded
from schedopt.store.schema import facts
from schedopt.store.sealing import seal, unseal

AT_ONCE = 500
"""Values in one list of a query."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row in one version.

    Attributes
    ----------
    fact : int
        The same for all versions of a row.
    since : int
        The entry that it was written by.
    valid_from, valid_until : str
        First and last day (YYYY-MM-DD) on which it is true.
    kind : str
        Name of the table.
    place : int
        Its place in the table.
    key : str
        What its key columns say, as JSON; of rows that may repeat, what all say.
    patient, request : str or None
        Ids that it is about.
    cells : mapping of str to str
        What stands in its open columns.
    owner : str or None
        Whose key seals the others; None: the office's.
    sealed : bytes or None
        The others.
    closed : int or None
        The entry by which planning is done with it.
    """

    fact: int
    since: int
    valid_from: str
    valid_until: str
    kind: str
    place: int
    key: str
    patient: str | None
    request: str | None
    cells: Mapping[str, str]
    owner: str | None
    sealed: bytes | None
    closed: int | None = None

    @property
    def seal_place(self) -> bytes:
        """What its seal is bound to."""
        return encoded([self.kind, self.fact, self.owner])

    def opened(self, key: bytes) -> dict[str, str]:
        """What stands in its sealed columns."""
        if self.sealed is None:
            return {}
        found: dict[str, str] = json.loads(unseal(key, self.sealed, self.seal_place))
        return found

    def sealed_with(self, key: bytes, cells: Mapping[str, str]) -> Fact:
        """The same with other sealed columns."""
        return replace(self, sealed=seal(key, _text(cells).encode(), self.seal_place) if cells else None)

    @property
    def row(self) -> dict[str, Any]:
        """As the database holds it."""
        return {
            "fact": self.fact, "since": self.since, "valid_from": self.valid_from, "valid_until": self.valid_until,
            "kind": self.kind, "place": self.place, "key": self.key, "patient": self.patient, "request": self.request,
            "cells": _text(self.cells), "owner": self.owner, "sealed": self.sealed, "until": None,
            "closed": self.closed,
        }  # fmt: skip


def opened_text(row: sa.Row[Any], key: bytes) -> str:
    """The cells of a row of the database with what is sealed of it, as text."""
    if row.sealed is None:
        return str(row.cells)
    text = unseal(key, row.sealed, encoded([row.kind, row.fact, row.owner])).decode()
    return text if row.cells == "{}" else f"{row.cells[:-1]},{text[1:]}"


def _text(cells: Mapping[str, str]) -> str:
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))


_COLUMNS = tuple(
    facts.c[name]
    for name in (
        "fact", "since", "valid_from", "valid_until", "kind", "place", "key", "patient", "request", "cells", "owner",
        "sealed", "closed",
    )
)  # fmt: skip
_SELECT = sa.select(*_COLUMNS)


def known(connection: sa.Connection, kind: str, **which: Any) -> list[Fact]:
    """Rows of a table as they were known, in their order; said as in :func:`rows_known`."""
    return [_fact(row) for row in rows_known(connection, kind, **which)]


def rows_known(
    connection: sa.Connection, kind: str, *, at: int | None = None, on: str | None = None, within: str | None = None,
    by: str | None = None, values: Iterable[str] = (), open_only: bool = False,
) -> list[sa.Row[Any]]:  # fmt: skip
    """The same as the database holds them: with the columns of :class:`Fact`, ``cells`` as text.

    Parameters
    ----------
    connection : Connection
        Of the store.
    kind : str
        Name of the table.
    at : int, optional
        As after this entry; by default, as now.
    on, within : str, optional
        Rows that are true on this day, or, with both, on any day from one to the other; of each row one version. By
        default whatever days they are true on.
    by : str, optional
        Column of :data:`~schedopt.store.schema.facts`, of which `values` are looked for.
    values : iterable of str
        Ids or keys.
    open_only : bool
        Leave out what planning is done with.
    """
    query = _SELECT.where(facts.c.kind == kind)
    if at is None:
        query = query.where(facts.c.until.is_(None))
    else:
        query = query.where(facts.c.since <= at, sa.or_(facts.c.until.is_(None), facts.c.until > at))
    if on is not None:
        query = query.where(facts.c.valid_from <= (within or on), facts.c.valid_until >= on)
    if open_only:
        still = facts.c.closed.is_(None)
        query = query.where(still if at is None else sa.or_(still, facts.c.closed > at))
    found = [row for some in _in_parts(query, by, values) for row in connection.execute(some)]
    found.sort(key=lambda row: (row.place, row.fact, row.valid_from))
    if on is None or within is None:
        return found
    return list({row.fact: row for row in reversed(found)}.values())[::-1]


def _in_parts(query: sa.Select[Any], by: str | None, values: Iterable[str]) -> Iterator[sa.Select[Any]]:
    if by is None:
        yield query
        return
    wanted = list(dict.fromkeys(values))
    for first in range(0, len(wanted), AT_ONCE):
        yield query.where(facts.c[by].in_(wanted[first : first + AT_ONCE]))


def _fact(row: sa.Row[Any]) -> Fact:
    fact, since, valid_from, valid_until, kind, place, key, patient, request, cells, owner, sealed, closed = tuple(row)
    return Fact(
        fact, since, valid_from, valid_until, kind, place, key, patient, request, json.loads(cells), owner, sealed,
        closed,
    )  # fmt: skip


def insert(connection: sa.Connection, rows: Sequence[Fact]) -> None:
    """Write versions."""
    if rows:
        connection.execute(facts.insert(), [fact.row for fact in rows])


def end(connection: sa.Connection, rows: Sequence[Fact], number: int) -> None:
    """Say that versions are known no more, since an entry."""
    if rows:
        c = facts.c
        ended = facts.update().where(
            c.fact == sa.bindparam("f"), c.since == sa.bindparam("s"), c.valid_from == sa.bindparam("v"),
            c.until.is_(None),
        ).values(until=number)  # fmt: skip
        connection.execute(ended, [{"f": fact.fact, "s": fact.since, "v": fact.valid_from} for fact in rows])


def is_any(connection: sa.Connection, kind: str) -> bool:
    """Whether a table has rows now."""
    query = sa.select(facts.c.fact).where(facts.c.kind == kind, facts.c.until.is_(None)).limit(1)
    return connection.execute(query).first() is not None
