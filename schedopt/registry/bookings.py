"""Bookings: each in one status, its versions kept, and what it holds kept apart by the database itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from schedopt.errors import SlotTaken, StoreError
from schedopt.registry.slots import POOL, Line, Slot, units
from schedopt.registry.statuses import HOLDING, expect_follows
from schedopt.store.engine import violates
from schedopt.store.facts import AT_ONCE
from schedopt.store.schema import bookings, facts, holdings
from schedopt.store.session import Call, random_id

Row = dict[str, Any]

COLUMNS = ("request", "provider", "date", "start", "mark", "minutes", "authorisation")
"""Columns of appointments, which bookings stand for."""

_LIVE = bookings.c.until.is_(None)


@dataclass(frozen=True)
class Booking:
    """A booking as it is now.

    Attributes
    ----------
    booking : str
        Its random id.
    status : str
        One of :data:`~schedopt.registry.statuses.STATUSES`.
    request, patient, provider, site : str
        Ids.
    date : datetime.date
        The day.
    start : str
        HH:MM, as the site's clocks show it.
    """

    booking: str
    status: str
    request: str
    patient: str
    provider: str
    site: str
    date: dt.date
    start: str


def as_booking(row: Row) -> Booking:
    """A row as a value."""
    names = ("booking", "status", "request", "patient", "provider", "site", "start")
    return Booking(**{name: row[name] for name in names}, date=dt.date.fromisoformat(row["date"]))


def current(call: Call, booking: str) -> Row:
    """The row of a booking as it is now.

    Raises
    ------
    StoreError
        If there is none.
    """
    call.may("read", "appointments", ("request", "provider", "date", "start"))
    found = rows_of(call, sa.select(bookings).where(_LIVE, bookings.c.booking == booking))
    if not found:
        raise StoreError(f"expected the id of a booking, not {booking!r}")
    return found[0]


def rows_of(call: Call, query: sa.Select[Any]) -> list[Row]:
    """What a query finds."""
    return [dict(row) for row in call.connection.execute(query).mappings()]


def standing(call: Call, requests: Iterable[str] | None = None) -> list[Row]:
    """Bookings that hold something, by their place; of all requests, or of some."""
    query = sa.select(bookings).where(_LIVE)
    found: list[Row] = []
    if requests is None:
        found.extend(rows_of(call, query.where(bookings.c.status.in_(HOLDING))))
    else:
        wanted = list(requests)
        for first in range(0, len(wanted), AT_ONCE):
            some = query.where(bookings.c.request.in_(wanted[first : first + AT_ONCE]))
            found.extend(row for row in rows_of(call, some) if row["status"] in HOLDING)
    return sorted(found, key=lambda row: (row["place"], row["booking"]))


def between(call: Call, first: dt.date, last: dt.date) -> list[Row]:
    """Bookings of some days that hold something, by date and start."""
    call.may("read", "appointments", ("request", "provider", "date", "start"))
    days = bookings.c.date.between(first.isoformat(), last.isoformat())
    query = sa.select(bookings).where(_LIVE, days, bookings.c.status.in_(HOLDING))
    return rows_of(call, query.order_by("date", "start", "booking"))


def make(
    call: Call, slot: Slot, status: str, *, over: bool = False, holds_until: str | None = None
) -> dict[str, Any]:  # fmt: skip
    """Make a booking.

    Raises
    ------
    SlotTaken
        If the provider, the patient or all units of a pool are held by others.
    """
    call.may("add", "appointments", COLUMNS)
    if standing(call, [slot.request]):
        raise StoreError(f"request {slot.request} has a booking already: move it")
    if waiting := _waiting(call, slot.request):
        return change(call, waiting[0], status, slot, over=over, holds_until=holds_until)
    name = random_id("b")
    expect_follows(name, "", status)
    row = {
        "booking": name, "since": call.number, "status": status, **slot.row, "place": call.next_place(),
        "over": int(over), "holds_until": holds_until,
    }  # fmt: skip
    call.booked([row])
    hold(call, name, slot.lines, over=over)
    return row


def _waiting(call: Call, request: str) -> list[Row]:
    """A request's place on the waiting list."""
    b = bookings.c
    return rows_of(call, sa.select(bookings).where(_LIVE, b.request == request, b.status == "waitlist"))


def change(
    call: Call, row: Row, status: str, slot: Slot | None = None, *, over: bool = False, holds_until: str | None = None
) -> dict[str, Any]:  # fmt: skip
    """Another version of a booking: in another status, or (booked after booked) at another slot.

    Raises
    ------
    NoSuchChange
        If the status does not follow.
    SlotTaken
        If others hold what it needs.
    """
    call.may("change", "appointments", COLUMNS)
    expect_follows(row["booking"], row["status"], status)
    if slot is None and row["status"] == status == "booked":
        raise StoreError(f"booking {row['booking']} is booked: say where it moves")
    new = {**row, "since": call.number, "status": status}
    new.pop("until", None)
    if slot is not None:
        new |= {**slot.row, "over": int(over)}
    new["holds_until"] = holds_until
    call.unbooked([(row["booking"], row["since"])])
    call.booked([new])
    if slot is not None:
        release(call, [row["booking"]])
        hold(call, row["booking"], slot.lines, over=over)
    elif status not in HOLDING:
        release(call, [row["booking"]])
    elif row["status"] not in HOLDING:
        raise StoreError(f"booking {row['booking']} was given up: book it anew")
    return new


def release(call: Call, names: Sequence[str]) -> None:
    """Have bookings hold nothing any more."""
    for first in range(0, len(names), AT_ONCE):
        some = holdings.c.booking.in_(names[first : first + AT_ONCE])
        call.connection.execute(holdings.delete().where(some))


def hold(call: Call, name: str, lines: Sequence[Line], *, over: bool = False) -> None:
    """Have a booking hold what it needs; the database refuses what others hold.

    Raises
    ------
    SlotTaken
        Naming what.
    """
    _expire(call, lines)
    if not lines:
        return
    numbers = units(lines, _taken(call, lines))
    for line, unit in zip(lines, numbers, strict=True):
        if unit is None and not over:
            raise SlotTaken(f"{line.kind} {line.thing} is taken")
    rows = holding_rows(name, lines, [unit or 1 for unit in numbers], over=over)
    savepoint = call.connection.begin_nested()
    try:
        call.connection.execute(holdings.insert(), rows)
    except DBAPIError as error:
        savepoint.rollback()
        if not violates(error, "holdings_apart"):
            raise
        raise SlotTaken(_words(call, rows)) from None
    savepoint.commit()


def holding_rows(name: str, lines: Sequence[Line], numbers: Sequence[int], *, over: bool) -> list[dict[str, Any]]:
    """What a booking holds, as the database has it."""
    return [
        {
            "booking": name, "line": place, "kind": line.kind, "thing": line.thing, "unit": unit,
            "starts": line.starts, "ends": line.ends, "shares": line.shares or name, "over": int(over),
        }
        for place, (line, unit) in enumerate(zip(lines, numbers, strict=True))
    ]  # fmt: skip


def _overlapping(line: Line) -> sa.ColumnElement[bool]:
    h = holdings.c
    here = sa.and_(h.kind == line.kind, h.thing == line.thing)
    return sa.and_(here, h.starts < line.ends, h.ends > line.starts)


def _taken(call: Call, lines: Iterable[Line]) -> list[tuple[str, int, int, int]]:
    """What others hold of the pools at these times."""
    h, found = holdings.c, set[tuple[str, int, int, int]]()
    for line in lines:
        if line.kind == POOL:
            query = sa.select(h.thing, h.unit, h.starts, h.ends).where(_overlapping(line), h.over == 0)
            found.update((thing, unit, begin, end) for thing, unit, begin, end in call.connection.execute(query))
    return sorted(found)


def _expire(call: Call, lines: Iterable[Line]) -> None:
    """Give up pending bookings in the way whose time is over."""
    b = bookings
    for line in lines:
        names = sa.select(holdings.c.booking).where(_overlapping(line))
        query = sa.select(b).where(_LIVE, b.c.status == "pending", b.c.holds_until < call.at, b.c.booking.in_(names))
        for row in rows_of(call, query):
            expire(call, row)


def expire(call: Call, row: Row) -> None:
    """Give up a pending booking whose time is over."""
    new = {**row, "since": call.number, "status": "cancelled", "holds_until": None}
    new.pop("until", None)
    call.unbooked([(row["booking"], row["since"])])
    call.booked([new])
    release(call, [row["booking"]])


def _words(call: Call, rows: Sequence[Mapping[str, Any]]) -> str:
    """What of these lines others hold, in ids."""
    h = holdings.c
    for row in rows:
        line = Line(row["kind"], row["thing"], row["starts"], row["ends"])
        others = sa.select(h.booking).where(_overlapping(line), h.unit == row["unit"], h.shares != row["shares"])
        if call.connection.execute(others).first() is not None:
            return f"{line.kind} {line.thing} is taken"
    return "the slot is taken"


def close(call: Call, request: str) -> None:
    """Say that planning is done with a request, and with its patient where none of his or hers is left."""
    f = facts.c
    mine = sa.and_(f.kind == "requests", f.until.is_(None), f.closed.is_(None))
    patient = call.connection.scalar(sa.select(f.patient).where(mine, f.request == request))
    call.connection.execute(facts.update().where(mine, f.request == request).values(closed=call.number))
    if patient is None:
        return
    rest = call.connection.execute(sa.select(f.fact).where(mine, f.patient == patient).limit(1)).first()
    if rest is None:
        gone = facts.update().where(f.kind == "patients", f.until.is_(None), f.patient == patient)
        call.connection.execute(gone.values(closed=call.number))


def reopen(call: Call, request: str, patient: str) -> None:
    """Have planning think of a request again, and of its patient."""
    f = facts.c
    for kind, column, value in (("requests", f.request, request), ("patients", f.patient, patient)):
        mine = facts.update().where(f.kind == kind, f.until.is_(None), column == value)
        call.connection.execute(mine.values(closed=None))
