"""Who asks a store, and how a call of it is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, TypeVar

import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.registry.operations.outbox import follow
from schedopt.store import schema
from schedopt.store.engine import snapshot
from schedopt.store.session import Call, Session, roles_of, stamp

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Asked:
    """Somebody's store.

    Every method is one call: a transaction with its entry in the audit trail, whatever becomes of it. What the actor
    may not do, by role and purpose, raises :class:`~schedopt.errors.AccessDenied`.

    Attributes
    ----------
    session : Session
        Who asks, and where.
    moment : str or None
        The office is shown as it was known then; None: as it is known now.
    """

    session: Session
    moment: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Sign where the audit trail stands, and let go of the database."""
        if self.moment is None:
            self.session.checkpoint()
        self.session.engine.dispose()
        self.session.keys.close()

    def at(self, moment: dt.datetime) -> Self:
        """The store as it was known at a moment (with a zone); nothing can be changed in it."""
        return replace(self, moment=stamp(moment))

    def by(self, actor: str, purpose: str) -> Self:
        """The same store, asked by somebody else or for another purpose."""
        return replace(self, session=replace(self.session, actor=actor, purpose=purpose))

    @property
    def purposes(self) -> frozenset[str]:
        """For what the actor works, by the roles he or she has now."""
        with snapshot(self.session.engine) as connection:
            roles = roles_of(connection, self.session.actor, stamp(self.session.clock()))
        return frozenset(purpose for role in roles for purpose in self.session.policy.purposes[role])

    def _do(self, operation: str, body: Callable[[Call], Answer], **said: str) -> Answer:
        if self.moment is not None:
            raise StoreError("expected the store as it is now: what was known before cannot be changed")

        def followed(call: Call) -> Answer:
            answer = body(call)
            follow(call)
            return answer

        return self.session.do(operation, followed, **said)

    def _entry(self, call: Call) -> int | None:
        """The last entry before the moment shown."""
        if self.moment is None:
            return None
        e = schema.entries.c
        return int(call.connection.scalar(sa.select(sa.func.max(e.number)).where(e.at <= self.moment)) or 0)
