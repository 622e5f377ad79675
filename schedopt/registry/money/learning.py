"""What a store's decided claims say of how much is collected, for the plans that come."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import sqlalchemy as sa

from schedopt.billing.collection import learn_collection
from schedopt.models.tables import Collection
from schedopt.models.tables.money import cents_of
from schedopt.registry.asked import Asked
from schedopt.registry.desk import has_table
from schedopt.registry.money import ledger
from schedopt.registry.money.rows import Changes, kept
from schedopt.store import facts, schema
from schedopt.store.session import Call

_DECIDED = ("paid", "denied")


class Learning(Asked):
    """What is asked of a store by who looks at what is collected."""

    def decided_claims(self) -> pd.DataFrame:
        """The first insurers' claims that are decided: what :func:`schedopt.learn_collection` learns from.

        Returns
        -------
        pandas.DataFrame
            ``insurer``, ``visit_type`` (ids), ``paid`` (bool: the insurer has not refused all of it), ``allowed``
            (currency, missing where it has), ``bad_debt`` (currency that patients owed and that was written off).
        """
        return self.session.do("decided claims", _decided)

    def learn_collection(self, *, level: float = 0.95) -> pd.DataFrame:
        """Learn the table ``collection`` from decided claims, and put it in place of the one that there is.

        Parameters
        ----------
        level : float
            Of the intervals.

        Returns
        -------
        pandas.DataFrame
            As :func:`schedopt.learn_collection` returns it. Nothing is written where no claim is decided.
        """

        def body(call: Call) -> pd.DataFrame:
            learnt = learn_collection(_decided(call), level=level)
            if len(learnt):
                _put(call, learnt)
            return learnt

        return self._do("learn collection", body)


def _decided(call: Call) -> pd.DataFrame:
    call.may("read", "journal", ledger.JOURNAL)
    call.may("read", "claims", ("claim", "request", "insurer", "rank", "state", "charge"))
    call.may("read", "requests", ("request", "visit_type"))
    kinds = {fact.cells["request"]: fact.cells["visit_type"] for fact in facts.known(call.connection, "requests")}
    agreed, lost = _cents(call, "contractual", "insurer"), _cents(call, "written_off", "patient")
    rows = []
    for fact in facts.known(call.connection, "claims"):
        cells = fact.cells
        kind, first = kinds.get(cells.get("request", "")), cells.get("rank", "primary") == "primary"
        if kind is not None and first and cells["state"] in _DECIDED:
            claim, paid = cells["claim"], cells["state"] == "paid"
            allowed = (cents_of(cells["charge"]) - agreed[claim]) / 100 if paid else None
            rows.append((cells["insurer"], kind, paid, allowed, max(0, lost[claim]) / 100))
    return pd.DataFrame(rows, columns=["insurer", "visit_type", "paid", "allowed", "bad_debt"])


def _cents(call: Call, debit: str, credit: str) -> defaultdict[str, int]:
    """What has gone from one account to another, less what has come back, by claim."""
    j, found = schema.journal.c, defaultdict[str, int](int)
    for to, from_, sign in ((debit, credit, 1), (credit, debit, -1)):
        moved = sa.select(j.claim, sa.func.sum(j.cents)).where(j.debit == to, j.credit == from_, j.claim.is_not(None))
        for claim, cents in call.connection.execute(moved.group_by(j.claim)):
            found[claim] += sign * int(cents)
    return found


def _put(call: Call, learnt: pd.DataFrame) -> None:
    """Put rows in place of those that there are: what is the same stays, what is not learnt any more ends."""
    changes, before = Changes(), {_key(one.row): one for one in kept(call, Collection)}
    for cells in learnt.astype(object).where(learnt.notna(), None).to_dict("records"):
        row = Collection.model_validate({str(name): cell for name, cell in cells.items() if cell is not None})
        old = before.pop(_key(row), None)
        if old is None:
            changes.add(row)
        elif old.row != row:
            changes.change(old.fact, row)
    for old in before.values():
        changes.end(old.fact)
    if changes.write(call):
        has_table(call, Collection.table_name)


def _key(row: Collection) -> tuple[str | None, str | None]:
    return row.insurer, row.visit_type
