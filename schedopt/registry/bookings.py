"""Bookings: each in one status, its versions kept, and what it holds kept apart by the database itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
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
from schedopt.store.words import told

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
        raise StoreError(f"expected the id of a booking, not {told(booking)}")
    return found[0]


def rows_of(call: Call, query: sa.Select[Any]) -> list[Row]:
    """What a query finds."""
    return [dict(row) for row in call.connection.execute(query).mappings()]


def standing(call: Call, requests: Iterable[str] | None = None) -> list[Row]:
    """Bookings that hold something for as long as they may, by their place; of all requests, or of some."""
    query = sa.select(bookings).where(_LIVE, lasting(call))
    found: list[Row] = []
    if requests is None:
        found.extend(rows_of(call, query.where(bookings.c.status.in_(HOLDING))))
    else:
        wanted = list(requests)
        for first in range(0, len(wanted), AT_ONCE):
            some = query.where(bookings.c.request.in_(wanted[first : first + AT_ONCE]))
            found.extend(row for row in rows_of(call, some) if row["status"] in HOLDING)
    return sorted(found, key=lambda row: (row["place"], row["booking"]))


def lasting(call: Call) -> sa.ColumnElement[bool]:
    """Of bookings that are not pending beyond their time."""
    return sa.or_(bookings.c.status != "pending", bookings.c.holds_until >= call.at)


def between(call: Call, first: dt.date, last: dt.date) -> list[Row]:
    """Bookings of some days that hold something, by date and start."""
    call.may("read", "appointments", ("request", "provider", "date", "start"))
    days = bookings.c.date.between(first.isoformat(), last.isoformat())
    query = sa.select(bookings).where(_LIVE, days, bookings.c.status.in_(HOLDING), lasting(call))
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
    if is_booked(call, slot.request):
        raise StoreError(f"request {slot.request} has a booking already: move it")
    if waiting := _waiting(call, slot.request):
        return change(call, waiting[0], status, slot, over=over, holds_until=holds_until)
    name = random_id("b")
    expect_follows(name, "", status)
    row = {
        "booking": name, "since": call.number, "status": status, **slot.row, "place": call.next_place(),
        "over": int(over), "holds_until": holds_until,
    }  # fmt: skip
    hold(call, name, slot.lines, over=over)
    call.booked([row])
    return row


def _waiting(call: Call, request: str) -> list[Row]:
    """A request's place on the waiting list."""
    b = bookings.c
    return rows_of(call, sa.select(bookings).where(_LIVE, b.request == request, b.status == "waitlist"))


def is_booked(call: Call, request: str) -> bool:
    """Whether a request has a booking; one that is pending beyond its time is given up."""
    query = sa.select(bookings).where(_LIVE, bookings.c.request == request, bookings.c.status.in_(HOLDING))
    found = rows_of(call, query)
    over = [row for row in found if row["status"] == "pending" and row["holds_until"] < call.at]
    for row in over:
        expire(call, row)
    return len(found) > len(over)


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
    if slot is not None:
        hold(call, row["booking"], slot.lines, over=over)
    call.unbooked([(row["booking"], row["since"])])
    call.booked([new])
    if slot is not None:
        return new
    if status not in HOLDING:
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
    """Have a booking hold what it needs, in place of what it held; the database refuses what others hold.

    Raises
    ------
    SlotTaken
        Naming what.
    """
    if not lines:
        release(call, [name])
        return
    others = _in_the_way(call, name, lines)
    numbers = units(lines, sorted({(o.thing, o.unit, o.starts, o.ends) for o in others if o.kind == POOL}))
    for line, unit in zip(lines, numbers, strict=True):
        if not over and (unit is None or _is_held(line, line.shares or name, others)):
            raise SlotTaken(f"{line.kind} {line.thing} is taken")
    release(call, [name])
    rows = holding_rows(name, lines, [unit or 1 for unit in numbers], over=over)
    try:
        call.connection.execute(holdings.insert().values(rows))
    except DBAPIError as error:
        if not violates(error, "holdings_apart"):
            raise
        raise SlotTaken("the slot is taken") from None


def holding_rows(name: str, lines: Sequence[Line], numbers: Sequence[int], *, over: bool) -> list[dict[str, Any]]:
    """What a booking holds, as the database has it."""
    return [
        {
            "booking": name, "line": place, "kind": line.kind, "thing": line.thing, "unit": unit,
            "starts": line.starts, "ends": line.ends, "shares": line.shares or name, "over": int(over),
        }
        for place, (line, unit) in enumerate(zip(lines, numbers, strict=True))
    ]  # fmt: skip


def _in_the_way(call: Call, name: str, lines: Iterable[Line]) -> list[sa.Row[Any]]:
    """What others hold of these lines; pending bookings whose time is over give theirs up."""
    h, b = holdings.c, bookings.c
    there = sa.or_(
        *(
            sa.and_(h.kind == line.kind, h.thing == line.thing, h.starts < line.ends, h.ends > line.starts)
            for line in lines
        )
    )
    columns = (h.booking, h.kind, h.thing, h.unit, h.starts, h.ends, h.shares, h.over, b.status, b.holds_until)
    query = sa.select(*columns).join(bookings, sa.and_(b.booking == h.booking, _LIVE)).where(h.booking != name, there)
    kept, gone = list[Any](), set[str]()
    for row in call.connection.execute(query).all():
        if row.status == "pending" and row.holds_until < call.at:
            gone.add(row.booking)
        elif row.over == 0:
            kept.append(row)
    for booking in sorted(gone):
        expire(call, rows_of(call, sa.select(bookings).where(_LIVE, b.booking == booking))[0])
    return kept


def _is_held(line: Line, shares: str, others: Iterable[sa.Row[Any]]) -> bool:
    """Whether a provider or patient is held by somebody who does not share."""
    return line.kind != POOL and any(
        (row.kind, row.thing) == (line.kind, line.thing)
        and row.shares != shares
        and row.starts < line.ends
        and row.ends > line.starts
        for row in others
    )


def expire_all(call: Call) -> None:
    """Give up every pending booking whose time is over."""
    for row in rows_of(call, sa.select(bookings).where(_LIVE, bookings.c.status == "pending", sa.not_(lasting(call)))):
        expire(call, row)


def expire(call: Call, row: Row) -> None:
    """Give up a pending booking whose time is over."""
    new = {**row, "since": call.number, "status": "cancelled", "holds_until": None}
    new.pop("until", None)
    call.unbooked([(row["booking"], row["since"])])
    call.booked([new])
    release(call, [row["booking"]])


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
    mine = sa.or_(
        sa.and_(f.kind == "requests", f.request == request), sa.and_(f.kind == "patients", f.patient == patient)
    )
    again = facts.update().where(f.until.is_(None), f.closed.is_not(None), mine)
    call.connection.execute(again.values(closed=None))
