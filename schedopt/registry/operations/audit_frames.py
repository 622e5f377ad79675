"""What audits of a store are drawn from: bookings, claims and entries of the audit trail, as known at an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pandas as pd
import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.models.tables.money import cents_of
from schedopt.operations.audits.frames import Frame, frame_of
from schedopt.operations.audits.tables import Source
from schedopt.registry.operations.visits import visit_events
from schedopt.registry.tables import self_paid
from schedopt.store import facts, schema
from schedopt.store.session import Call

STRATA: Mapping[Source, tuple[str, ...]] = {
    "visits": ("provider", "site", "visit_type", "status"),
    "claims": ("insurer", "provider", "state"),
    "entries": ("actor", "operation", "outcome", "purpose"),
}
"""By what each source may be divided."""
_CLAIMS = ("claim", "insurer", "provider", "date", "charge", "state")


def frame_from(call: Call, source: Source, first: dt.date, last: dt.date, by: str, entry: int) -> Frame:
    """All items of a source in some days, as known after an entry.

    Raises
    ------
    StoreError
        If the source cannot be divided so, or there is nothing.
    """
    if by and by not in STRATA[source]:
        raise StoreError(f"expected strata of {source} among {', '.join(STRATA[source])}")
    table = _TABLES[source](call, first, last, entry)
    if table.empty:
        raise StoreError(f"expected {source} from {first} to {last}: there are none")
    return frame_of(table, by=by or None, amount="amount" if source == "claims" else None, file=source)


def _visits(call: Call, first: dt.date, last: dt.date, entry: int) -> pd.DataFrame:
    found = visit_events(call, first, last, entry)
    return found[["booking", *STRATA["visits"]]].rename(columns={"booking": "item"})


def _claims(call: Call, first: dt.date, last: dt.date, entry: int) -> pd.DataFrame:
    call.may("read", "claims", _CLAIMS)
    secret = self_paid(call) if call.purpose == "payment" else frozenset[str]()
    rows = [
        {**{name: fact.cells.get(name, "") for name in ("insurer", "provider", "state")}, "item": fact.cells["claim"],
         "amount": cents_of(fact.cells["charge"]) / 100}
        for fact in facts.known(call.connection, "claims", at=entry)
        if first.isoformat() <= fact.cells["date"] <= last.isoformat() and fact.request not in secret
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["item", *STRATA["claims"], "amount"])


def _entries(call: Call, first: dt.date, last: dt.date, entry: int) -> pd.DataFrame:
    call.may("read", "entries", ("number", "at", *STRATA["entries"]))
    e = schema.entries.c
    query = sa.select(e.number, *(e[name] for name in STRATA["entries"])).where(
        e.at >= first.isoformat(), e.at < (last + dt.timedelta(days=1)).isoformat(), e.number <= entry
    )
    return pd.DataFrame(call.connection.execute(query).all(), columns=["item", *STRATA["entries"]])


_TABLES: Mapping[Source, Callable[[Call, dt.date, dt.date, int], pd.DataFrame]] = {
    "visits": _visits, "claims": _claims, "entries": _entries,
}  # fmt: skip
