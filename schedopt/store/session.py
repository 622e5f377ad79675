"""Calls of a store: each one transaction with its entry in the audit trail, whatever becomes of it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from schedopt.errors import StoreError
from schedopt.store import facts, schema
from schedopt.store.access import Policy
from schedopt.store.days import day_after, day_before
from schedopt.store.encoding import encoded
from schedopt.store.engine import may_work_again, snapshot, tried
from schedopt.store.facts import Fact
from schedopt.store.keys import Keys
from schedopt.store.outcomes import giving, outcome_of, raising
from schedopt.store.roles import roles_of as roles_of
from schedopt.store.sealing import seal
from schedopt.store.trail import BOOKING, FACT, Digest, appended, write_checkpoint

Answer = TypeVar("Answer")

CALL_BITS = 24
"""A call writes fewer than 2 ** 24 new rows."""

PLACE_BITS = 34
SPACING = 1024
"""Between the places of rows, so that others can be put between them."""


@dataclass
class Call:
    """One call: its transaction, and what it may do.

    Attributes
    ----------
    connection : Connection
        In its transaction.
    keys : Keys
        Of the store.
    number : int
        Of its entry.
    at : str
        When it was made (UTC).
    actor, purpose : str
        By whom and for what.
    roles : frozenset of str
        What the actor is.
    policy : Policy
        What roles may do.
    people : set of str
        Persons whom it is about.
    requests : set of str
        Requests whose bookings it has written.
    """

    connection: sa.Connection
    keys: Keys
    number: int
    at: str
    actor: str
    purpose: str
    roles: frozenset[str]
    policy: Policy
    digest: Digest
    people: set[str] = field(default_factory=set)
    requests: set[str] = field(default_factory=set)
    made: int = 0
    placed: int = 0

    @property
    def today(self) -> str:
        """The day of the call (UTC)."""
        return self.at[:10]

    def may(self, operation: str, table: str, columns: Collection[str]) -> None:
        """Refuse what the actor may not do.

        Raises
        ------
        AccessDenied
            Naming the first column that is denied.
        """
        self.policy.expect(self.roles, self.purpose, operation, table, columns, self.actor)

    def new_fact(self) -> int:
        """A number that no row has."""
        return self.new_number()

    def new_number(self) -> int:
        """A number that nothing else of the store has."""
        self.made += 1
        return self.number << CALL_BITS | self.made

    def next_place(self) -> int:
        """A place in a table behind all that earlier calls have given, with room before it."""
        self.placed += 1
        return self.number << PLACE_BITS | self.placed * SPACING

    def insert(self, rows: Sequence[Fact]) -> None:
        """Write versions of rows."""
        facts.insert(self.connection, rows)
        for fact in rows:
            row = fact.row
            self.digest.add("facts", *(row[name] for name in FACT))

    def end(self, rows: Sequence[Fact]) -> None:
        """End versions of rows."""
        facts.end(self.connection, rows, self.number)
        for fact in rows:
            self.digest.add("facts", fact.fact, fact.since, fact.valid_from, self.number)

    def change(self, old: Fact, new: Fact, key: bytes | None, sealed: Mapping[str, str] | None) -> None:
        """Put a version in place of another, from the new one's first day to its last.

        Parameters
        ----------
        old, new : Fact
            Of the same row; what of the old one's days the new one leaves is written again.
        key : bytes or None
            The owner's.
        sealed : mapping or None
            What the new one's sealed columns say; None: as they are.
        """
        self.end([old])
        new = replace(new, since=self.number)
        if sealed is not None and key is not None:
            new = new.sealed_with(key, sealed)
        kept = [new]
        if old.valid_from < new.valid_from:
            kept.append(replace(old, since=self.number, valid_until=day_before(new.valid_from)))
        if new.valid_until < old.valid_until:
            kept.append(replace(old, since=self.number, valid_from=day_after(new.valid_until)))
        self.insert(kept)

    def booked(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write versions of bookings."""
        if rows:
            self.connection.execute(schema.bookings.insert(), [dict(row) for row in rows])
        for row in rows:
            self.digest.add("bookings", *(row[name] for name in BOOKING))
            self.requests.add(row["request"])

    def add(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows of a table that is only ever added to; each is whole, but for this call's number."""
        made = [{**row, "since": self.number} for row in rows]
        if made:
            self.connection.execute(table.insert(), made)
        names = table.c.keys()
        for row in made:
            self.digest.add(table.name, *[row[name] for name in names])

    def unbooked(self, rows: Sequence[tuple[str, int]]) -> None:
        """End versions of bookings, by booking and entry."""
        b = schema.bookings
        if rows:
            ended = b.update().where(
                b.c.booking == sa.bindparam("b"), b.c.since == sa.bindparam("s"), b.c.until.is_(None)
            ).values(until=self.number)  # fmt: skip
            self.connection.execute(ended, [{"b": booking, "s": since} for booking, since in rows])
        for booking, since in rows:
            self.digest.add("bookings", booking, since, self.number)


@dataclass(frozen=True)
class Session:
    """Somebody at a store.

    Attributes
    ----------
    engine : Engine
        Of the database.
    keys : Keys
        Of the store.
    policy : Policy
        What roles may do.
    actor, purpose : str
        Who calls, and for what.
    clock : callable
        Gives the moment, with a zone.
    checkpoints : Path
        File that checkpoints are added to.
    every : int
        Entries between checkpoints.
    """

    engine: sa.Engine
    keys: Keys
    policy: Policy
    actor: str
    purpose: str
    clock: Callable[[], dt.datetime]
    checkpoints: Path
    every: int = 100

    def do(
        self, operation: str, body: Callable[[Call], Answer], *, about: str = "", reason: str = "", source: str = ""
    ) -> Answer:  # fmt: skip
        """Do something in one transaction, and write down that it was done, refused or has failed.

        Parameters
        ----------
        operation : str
            What.
        body : callable
            Does it.
        about : str
            What it is done to, in ids.
        reason : str
            Why, in the actor's words; sealed.
        source : str
            Where the facts come from.

        Raises
        ------
        AccessDenied
            If the actor may not.
        """

        def once() -> tuple[Callable[[], Answer], int]:
            with self.engine.begin() as connection:
                head = self._locked(connection)
                call, outcome = self._call(connection, head), "done"
                before = connection.begin_nested()
                try:
                    given = giving(body(call))
                except Exception as error:
                    if isinstance(error, DBAPIError) and may_work_again(error):
                        raise
                    before.rollback()
                    call, outcome, given = self._call(connection, head, frozenset()), outcome_of(error), raising(error)
                else:
                    before.commit()
                self._written(connection, head, call, operation, outcome, about, reason, source)
                return given, call.number

        try:
            given, number = tried(once)
        except BaseException as error:  # the database does not go on, or somebody has pressed Ctrl-C
            self._note(operation, outcome_of(error), about, reason, source)
            raise
        if number % self.every == 0:
            self.checkpoint()
        return given()

    def _note(self, operation: str, outcome: str, about: str, reason: str, source: str) -> None:
        """Write down a call of which nothing was done."""

        def once() -> None:
            with self.engine.begin() as connection:
                head = self._locked(connection)
                call = self._call(connection, head, frozenset())
                self._written(connection, head, call, operation, outcome, about, reason, source)

        tried(once)

    def _locked(self, connection: sa.Connection) -> Mapping[str, Any]:
        found = connection.execute(sa.select(schema.head).with_for_update()).mappings().one_or_none()
        if found is None:
            raise StoreError("expected a store: this database has none, or the end of its audit trail is gone")
        return dict(found)

    def _call(self, connection: sa.Connection, head: Mapping[str, Any], roles: frozenset[str] | None = None) -> Call:
        at = max(stamp(self.clock()), str(head["at"]))
        number = int(head["number"]) + 1
        found = roles_of(connection, self.actor, at) if roles is None else roles
        return Call(
            connection, self.keys, number, at, self.actor, self.purpose, found, self.policy, Digest(self.keys.audit)
        )

    def _written(
        self, connection: sa.Connection, head: Mapping[str, Any], call: Call, operation: str, outcome: str, about: str,
        reason: str, source: str,
    ) -> None:  # fmt: skip
        if outcome != "done" and about:  # what was typed in place of an id may be anything
            about, reason = "", f"{reason} ({about})".strip()
        place = encoded(["reason", str(head["store"]), call.number])
        entry, after = appended(
            self.keys.audit, head,
            {
                "number": call.number, "at": call.at, "actor": self.actor, "purpose": self.purpose,
                "operation": operation, "outcome": outcome, "about": about, "people": " ".join(sorted(call.people)),
                "source": source, "reason": seal(self.keys.office, reason.encode(), place) if reason else None,
                "digest": call.digest.value,
            },
        )  # fmt: skip
        connection.execute(schema.entries.insert(), entry)
        if call.people:
            seen = [{"person": person, "number": call.number} for person in sorted(call.people)]
            connection.execute(schema.seen.insert(), seen)
        connection.execute(schema.head.update().values(**after))

    def checkpoint(self) -> None:
        """Sign where the trail stands now, and add that to the file of checkpoints."""
        with snapshot(self.engine) as connection:
            head = connection.execute(sa.select(schema.head)).mappings().one()
        write_checkpoint(self.checkpoints, self.keys, head["store"], head["number"], head["at"], head["mac"])


def stamp(moment: dt.datetime) -> str:
    """A moment in UTC as the store writes it; later ones sort after earlier ones."""
    if moment.tzinfo is None:
        raise StoreError("expected a clock that gives moments with a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def random_id(prefix: str = "") -> str:
    """An id that says nothing: 80 random bits."""
    return prefix + os.urandom(10).hex()
