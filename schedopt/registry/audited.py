"""What is asked of a store's audit trail and of the store as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from schedopt.registry import checking
from schedopt.registry.asked import Asked
from schedopt.store import schema
from schedopt.store.encoding import encoded
from schedopt.store.engine import snapshot
from schedopt.store.sealing import unseal
from schedopt.store.session import Call
from schedopt.store.trail import Tampered, verify

_COLUMNS = ("number", "at", "actor", "purpose", "operation", "outcome", "about", "people", "source")


class Audited(Asked):
    """What auditors ask of a store."""

    def verify(self) -> list[Tampered]:
        """Recompute the audit trail and all that it says of rows; empty where nothing was tampered with.

        Others go on working meanwhile.
        """
        self.session.do("audit verify", lambda call: call.may("read", "entries", ("number",)))
        lines = self._checkpoints()  # before the database, so that none of them is newer
        with snapshot(self.session.engine) as connection:
            return verify(connection, self.session.keys, lines)

    def _checkpoints(self) -> list[str]:
        file: Path = self.session.checkpoints
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def audit_report(self, person: str | None = None, actor: str | None = None) -> pd.DataFrame:
        """Who saw or changed what, when and why.

        Parameters
        ----------
        person : str, optional
            Only entries about this person.
        actor : str, optional
            Only this actor's.

        Returns
        -------
        pandas.DataFrame
            One row an entry: ``number``, ``at`` (UTC), ``actor``, ``purpose``, ``operation``, ``outcome`` (done,
            refused or failed), ``about``, ``people`` (ids), ``source``, ``reason``.
        """

        def body(call: Call) -> list[dict[str, Any]]:
            call.may("read", "entries", (*_COLUMNS, "reason"))
            e, s = schema.entries, schema.seen
            query = sa.select(e).order_by(e.c.number)
            if person is not None:
                query = query.join(s, s.c.number == e.c.number).where(s.c.person == person)
                call.people.add(person)
            if actor is not None:
                query = query.where(e.c.actor == actor)
            store = call.connection.scalar(sa.select(schema.head.c.store))
            return [
                {**{name: row[name] for name in _COLUMNS}, "reason": _reason(call, str(store), row)}
                for row in call.connection.execute(query).mappings()
            ]

        rows = self.session.do("audit report", body)
        return pd.DataFrame(rows, columns=[*_COLUMNS, "reason"])

    def accounting(self, person: str) -> pd.DataFrame:
        """Disclosures of a person's records, for the accounting that 45 CFR 164.528 gives a right to.

        Those for treatment, payment and operations, and to the person, are not counted, as the rule has it.

        Returns
        -------
        pandas.DataFrame
            Columns of :meth:`audit_report`.
        """
        report = self.audit_report(person)
        counted = ~report["purpose"].isin(["treatment", "payment", "operations", "request"])
        return report[counted & (report["outcome"] == "done")].reset_index(drop=True)

    def check(self) -> pd.DataFrame:
        """Look whether what is drawn from other rows agrees with them, and every sealed value opens.

        Returns
        -------
        pandas.DataFrame
            ``what`` and ``where``, a row for each thing that is not as it should be; none where all is well.
        """

        def body(call: Call) -> list[tuple[str, str]]:
            call.may("read", "entries", ("number",))
            return list(checking.faults(call))

        return pd.DataFrame(self.session.do("check", body), columns=["what", "where"])

    def status(self) -> pd.DataFrame:
        """How much there is.

        Returns
        -------
        pandas.DataFrame
            ``what`` and ``count``: rows by table, bookings by status, entries.
        """

        def body(call: Call) -> list[tuple[str, int]]:
            call.may("read", "settings", ("settings",))
            f, b = schema.facts, schema.bookings
            tables = sa.select(f.c.kind, sa.func.count()).where(f.c.until.is_(None)).group_by(f.c.kind)
            states = sa.select(b.c.status, sa.func.count()).where(b.c.until.is_(None)).group_by(b.c.status)
            found = [(str(kind), int(count)) for kind, count in call.connection.execute(tables.order_by(f.c.kind))]
            for status, count in call.connection.execute(states.order_by(b.c.status)):
                found.append((f"bookings {status}", int(count)))
            return [*found, ("entries", call.number)]

        return pd.DataFrame(self.session.do("status", body), columns=["what", "count"])


def _reason(call: Call, store: str, row: Any) -> str:
    if row["reason"] is None:
        return ""
    place = encoded(["reason", store, int(row["number"])])
    return unseal(call.keys.office, row["reason"], place).decode()
