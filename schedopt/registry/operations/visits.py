"""What became of a store's bookings, one row a booking: what measures, letters and sheets are made of."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import sqlalchemy as sa

from schedopt.operations.measures.events import events
from schedopt.registry.tables import self_paid
from schedopt.store import schema
from schedopt.store.facts import AT_ONCE
from schedopt.store.session import Call

_ASKED = ("request", "patient", "visit_type", "new", "ready", "due", "urgency")
_IDS = ("booking", "request", "patient", "provider", "site", "status", "date")
_REACHED = {
    "arrived_at": "arrived", "checked_in_at": "checked-in", "fulfilled_at": "fulfilled", "no_show_at": "no-show",
    "cancelled_at": "cancelled",
}  # fmt: skip
_OVER = {"arrived_at": "no_show_at", "no_show_at": "arrived_at"}
"""Columns after whose moments what a column says was so no longer."""
_PLACE = ("provider", "site", "date", "start")


def visit_events(call: Call, first: dt.date, last: dt.date, entry: int | None = None) -> pd.DataFrame:
    """The bookings of some days, with what became of each and when.

    Parameters
    ----------
    call : Call
        In which they are read.
    first, last : datetime.date
        The days, by the last version of each booking.
    entry : int, optional
        As after this entry of the audit trail; by default, as now.

    Returns
    -------
    pandas.DataFrame
        One row a booking, by date, start and id, with the columns of
        :data:`~schedopt.operations.measures.events.COLUMNS`. Of one on the waiting list, ``date`` is the day on which
        it was put there, and ``start`` is empty.

    Raises
    ------
    AccessDenied
        If the actor may not read appointments and requests.
    """
    call.may("read", "appointments", ("request", "provider", "date", "start", "minutes"))
    call.may("read", "requests", _ASKED)
    versions = _versions(call, first, last, entry)
    now = versions.groupby("booking", sort=False).tail(1)
    secret = self_paid(call) if call.purpose == "payment" else frozenset[str]()
    now = now[~now["request"].isin(secret)].sort_values(["date", "start", "booking"])
    asked = _requests(call, now["request"].unique().tolist(), entry)
    placed = (now["status"] != "waitlist").to_numpy()
    starts = pd.Series(now["starts"].to_numpy(np.int64).astype("datetime64[m]"), dtype="datetime64[us]")
    found: dict[str, Any] = {
        **{name: now[name].to_numpy() for name in _IDS},
        **_reached(versions, now),
        **_asked(asked, now["request"]),
        "start": np.where(placed, now["start"], ""),
        "minutes": np.where(placed, (now["ends"] - now["starts"]).astype(float), np.nan),
        "starts_at": starts.where(placed).dt.tz_localize("UTC"),
    }
    return events(found, len(now))


def _versions(call: Call, first: dt.date, last: dt.date, entry: int | None) -> pd.DataFrame:
    """Every version of these bookings with the moment of its entry, by booking, oldest first."""
    b, now, e = schema.bookings, schema.bookings.alias(), schema.entries
    lives: sa.ColumnElement[bool] = now.c.until.is_(None)
    if entry is not None:
        lives = sa.and_(now.c.since <= entry, sa.or_(now.c.until.is_(None), now.c.until > entry))
    names = ("since", *_IDS, "start", "zone", "starts", "ends")
    query = (
        sa.select(*(b.c[name] for name in names), e.c.at)
        .join(now, now.c.booking == b.c.booking)
        .join(e, e.c.number == b.c.since)
        .where(lives, now.c.date.between(first.isoformat(), last.isoformat()), b.c.since <= now.c.since)
        .order_by(b.c.booking, b.c.since)
    )
    rows = call.connection.execute(query).all()
    found = pd.DataFrame([tuple(row) for row in rows], columns=[*names, "at"], dtype=object)
    found["at"] = pd.to_datetime(found["at"], utc=True).astype("datetime64[us, UTC]")
    found["date"] = pd.to_datetime(found["date"]).astype("datetime64[us]")
    return found


def _reached(versions: pd.DataFrame, now: pd.DataFrame) -> dict[str, Any]:
    """When each booking was booked, moved, and came into its statuses."""
    names, status = now["booking"], versions["status"]

    def of(found: pd.DataFrame, column: str, which: str) -> pd.Series:
        picked = found.groupby("booking", sort=False)[column].agg(which)
        return picked.reindex(names).reset_index(drop=True)

    booked = versions[status == "booked"]
    at, zone = of(booked, "at", "first"), of(booked, "zone", "first")
    before = booked.groupby("booking", sort=False)[list(_PLACE)].shift()
    moved = (before["provider"].notna() & (booked[list(_PLACE)] != before).any(axis=1)).rename("moved")
    moves = moved.groupby(booked["booking"], sort=False).sum().reindex(names).fillna(0)
    placed = of(booked[moved | before["provider"].isna()], "at", "last")
    reached = {column: of(versions[status == said], "at", "last") for column, said in _REACHED.items()}
    last = {
        column: moments.where(~(reached[_OVER[column]] > moments)) if column in _OVER else moments
        for column, moments in reached.items()
    }
    return {
        **last,
        "booked_at": at,
        "placed_at": placed,
        "booked_on": [_day(moment, name) for moment, name in zip(at, zone, strict=True)],
        "first_date": of(booked, "date", "first"),
        "moves": moves.to_numpy(np.int64),
    }


def _day(moment: Any, zone: Any) -> Any:
    """The day of a moment, by the clocks of a zone."""
    if pd.isna(moment):
        return pd.NaT
    return pd.Timestamp(moment.astimezone(ZoneInfo(zone)).date())


def _requests(call: Call, names: list[str], entry: int | None) -> dict[str, Mapping[str, str]]:
    """What each request asked for, by its last version; also of one that the office does not have any more."""
    f = schema.facts.c
    found = dict[str, Mapping[str, str]]()
    for first in range(0, len(names), AT_ONCE):
        some = f.request.in_(names[first : first + AT_ONCE])
        query = sa.select(f.request, f.cells).where(f.kind == "requests", some).order_by(f.since, f.valid_from)
        if entry is not None:
            query = query.where(f.since <= entry)
        found |= {request: json.loads(cells) for request, cells in call.connection.execute(query)}
    return found


def _asked(asked: Mapping[str, Mapping[str, str]], requests: Iterable[str]) -> dict[str, Any]:
    """Columns of what requests asked for."""
    rows = [asked.get(request, {}) for request in requests]
    return {
        "visit_type": [row.get("visit_type", "") for row in rows],
        "new": [row.get("new") == "yes" for row in rows],
        **{name: pd.to_datetime([row.get(name, "NaT") for row in rows]) for name in ("ready", "due")},
        "urgency": [float(row["urgency"]) if "urgency" in row else np.nan for row in rows],
    }
