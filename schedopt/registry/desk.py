"""What the desk does with bookings: book, hold, move, cancel, and say what became of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import sqlalchemy as sa

from schedopt.answers.desk.admit import admitted
from schedopt.answers.result import plan_around
from schedopt.errors import NoSuchChange, SlotTaken, StoreError
from schedopt.models.office import Office
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.tables import Appointment, Cancellation
from schedopt.models.tables.fields import parse_time
from schedopt.registry import bookings
from schedopt.registry.bookings import Booking, as_booking
from schedopt.registry.exchange import Wanted, key_of, new_fact
from schedopt.registry.kinds import kinds
from schedopt.registry.loading import load_settings
from schedopt.registry.offhand import offhand_slot
from schedopt.registry.slots import PROVIDER, Slot, instant
from schedopt.registry.statuses import HOLDING, expect_follows
from schedopt.store import facts, schema
from schedopt.store.session import Call, stamp
from schedopt.store.words import told

Find = Callable[[Call], Slot]


@dataclass(frozen=True)
class Overbooking:
    """That a booking may overlap others.

    Attributes
    ----------
    reason : str
        Why, for the audit trail.
    most : int
        Most bookings that overlap others so, with one provider at one moment.
    """

    reason: str
    most: int = 1


def as_plan(problem: Problem, schedule: Schedule) -> Plan:
    """A plan around bookings as they stand."""
    return plan_around(problem, schedule, {"store": "bookings as they stand"})


def sound(plan: Plan) -> Plan:
    """The same plan without bookings that break rules among themselves, such as overbookings; they are left out."""
    breaches = check(plan.problem, plan.assignment).breaches
    if set(breaches["rule"]) <= {Promises.name}:
        return plan
    return admitted(plan.visits, plan.problem.fingerprint, plan.problem)


def free_of(call: Call, slots: pd.DataFrame, zones: Callable[[str], dt.tzinfo]) -> pd.DataFrame:
    """Those slots at which nobody holds the provider."""
    h, kept = schema.holdings.c, []
    columns = (slots[name].tolist() for name in ("provider", "site", "date", "start", "end"))
    for provider, site, date, start, end in zip(*columns, strict=True) if len(slots) else ():
        starts, ends = (instant(zones(site), date, parse_time(text)) for text in (start, end))
        taken = sa.select(h.booking).where(
            h.kind == PROVIDER, h.thing == provider, h.starts < ends, h.ends > starts
        )  # fmt: skip
        kept.append(call.connection.execute(taken.limit(1)).first() is None)
    return slots.loc[np.array(kept, bool)].reset_index(drop=True)


def plain(request: str, provider: str, start: dt.datetime) -> Find:
    """Finds the slot of a request by the tables alone: no rule is asked, and no pool is held."""
    return lambda call: offhand_slot(call, request, provider, start)


def book(call: Call, find: Find, over: Overbooking | None = None, authorisation: str | None = None) -> Booking:
    """Book a request that has no booking.

    Raises
    ------
    SlotTaken
        If somebody else has it.
    """
    slot = find(call)
    _may_overbook(call, slot, over)
    row = bookings.make(call, slot, "booked", over=over is not None)
    bookings.reopen(call, slot.request, slot.patient)
    return as_booking(row)


def propose(call: Call, find: Find) -> Booking:
    """Propose a slot, which is held until it is booked or cancelled."""
    return as_booking(bookings.make(call, find(call), "proposed"))


def wait(call: Call, request: str) -> Booking:
    """Put a request on the waiting list: without a slot, and holding nothing."""
    call.may("read", "requests", ("request", "patient"))
    found = facts.known(call.connection, "requests", by="request", values=[request])
    if not found:
        raise StoreError(f"expected the id of a request, not {told(request)}")
    settings, _ = load_settings(call, None)
    slot = Slot(request, str(found[-1].patient), "", "", dt.date.fromisoformat(call.today), 0, settings.time_zone, 0, 0)
    return as_booking(bookings.make(call, slot, "waitlist"))


def hold(call: Call, find: Find, minutes: int) -> Booking:
    """Hold a slot for some minutes."""
    if minutes < 1:
        raise StoreError(f"expected to hold a slot for a minute or more, not {minutes}")
    until = dt.datetime.fromisoformat(call.at) + dt.timedelta(minutes=minutes)
    return as_booking(bookings.make(call, find(call), "pending", holds_until=stamp(until)))


def move(call: Call, booking: str, find: Find, over: Overbooking | None = None) -> Booking:
    """Move a booking."""
    call.may("change", "appointments", bookings.COLUMNS)
    row = bookings.current(call, booking)
    if row["status"] not in ("booked", "pending", "proposed", "waitlist"):
        raise NoSuchChange(f"booking {booking} is {row['status']}: it does not move")
    slot = find(call)
    if slot.request != row["request"]:
        raise StoreError(f"booking {booking} is of request {row['request']}, not of {slot.request}")
    _may_overbook(call, slot, over)
    return as_booking(bookings.change(call, row, "booked", slot, over=over is not None))


def _may_overbook(call: Call, slot: Slot, over: Overbooking | None) -> None:
    if over is None:
        return
    call.may("add", "overbookings", ("booking",))
    if not over.reason.strip():
        raise StoreError("expected a reason for an overbooking")
    h = schema.holdings.c
    there = sa.select(sa.func.count()).select_from(schema.holdings).where(
        h.kind == PROVIDER, h.thing == slot.provider, h.starts < slot.ends, h.ends > slot.starts, h.over == 1
    )  # fmt: skip
    if int(call.connection.scalar(there) or 0) >= over.most:
        raise SlotTaken(f"provider {slot.provider} is overbooked {over.most} times then already")


def cancel(call: Call, booking: str, reason: str, *, again: bool) -> Booking:
    """Cancel a booking, and its request unless it is to be planned again."""
    call.may("change", "appointments", bookings.COLUMNS)
    if not again:
        call.may("add", "cancellations", ("request",))
    row = bookings.current(call, booking)
    new = bookings.change(call, row, "cancelled")
    if not again:
        _cancel_request(call, row["request"], row["patient"], reason)
        bookings.close(call, row["request"])
    return as_booking(new)


def _cancel_request(call: Call, request: str, patient: str, reason: str) -> None:
    name = Cancellation.table_name
    if facts.known(call.connection, name, by="request", values=[request]):
        return
    sealed = {"reason": reason} if reason else {}
    people = facts.known(call.connection, "people", by="patient", values=[patient])
    owner = people[0].owner if people else None
    place = call.next_place()
    fact = new_fact(call, name, place, Wanted(key_of(request), {"request": request}, sealed, patient, request, owner))
    if sealed:
        fact = fact.sealed_with(call.keys.office if owner is None else call.keys.one(owner), sealed)
    call.insert([fact])
    has_table(call, name)


def has_table(call: Call, name: str) -> None:
    """Say in the settings that the office has a table, now that there is a row in it."""
    (said,) = facts.known(call.connection, "settings")
    tables = set(json.loads(said.cells["tables"]))
    if name not in tables:
        cells = {**said.cells, "tables": json.dumps(sorted({*tables, name}))}
        call.end([said])
        call.insert([new_fact(call, "settings", 0, Wanted("[]", cells, {}, None, None, None))])


def set_status(call: Call, booking: str, status: str) -> Booking:
    """Say what became of a booking."""
    call.may("change", "appointments", bookings.COLUMNS)
    row = bookings.current(call, booking)
    expect_follows(booking, row["status"], status)
    if status == "booked" and row["status"] == "booked":
        raise NoSuchChange(f"booking {booking} is booked already")
    if row["status"] == "waitlist" and status in HOLDING:
        raise NoSuchChange(f"booking {booking} is on the waiting list: move it to a slot")
    if status in HOLDING and row["status"] not in HOLDING:
        return _back(call, row, status)
    new = bookings.change(call, row, status)
    if status == "fulfilled":
        bookings.close(call, row["request"])
    return as_booking(new)


def _back(call: Call, row: bookings.Row, status: str) -> Booking:
    """A booking that was given up, and holds its provider and patient again: somebody came late."""
    start = dt.datetime.fromisoformat(f"{row['date']}T{row['start']}")
    slot = plain(row["request"], row["provider"], start)(call)
    if bookings.is_booked(call, row["request"]):
        raise StoreError(f"request {row['request']} has another booking")
    return as_booking(bookings.change(call, row, status, slot))


def write_changes(call: Call, before: Office, after: Office) -> dict[str, int]:
    """Add to the store's tables, but for appointments, what an office has more than another."""
    changed: dict[str, int] = {}
    patient = {row.request: row.patient for row in after.requests}
    for name, kind in kinds().items():
        if kind.row_class is Appointment or getattr(after, name, None) is None:
            continue
        old = set(getattr(before, name, None) or ())
        new = [row for row in getattr(after, name) if row not in old]
        if not new:
            continue
        call.may("add", name, [column for column in kind.columns if column not in kind.sealed])
        for row in new:
            cells, _ = kind.cells(row)
            request = cells.get("request")
            who = cells.get("patient") or (patient.get(request) if request else None)
            wanted = Wanted(kind.key(cells), cells, {}, who, request, None)
            call.insert([new_fact(call, name, call.next_place(), wanted)])
        has_table(call, name)
        changed[name] = len(new)
    return changed


def answered(call: Call, key: str, operation: str, asked: str) -> Booking | None:
    """What was answered when a key was used before."""
    c = schema.calls.c
    known = call.connection.execute(sa.select(c.asked, c.answer).where(c.key == key)).one_or_none()
    if known is None:
        return None
    if known[0] != hashlib.sha256(f"{operation}\n{asked}".encode()).digest():
        raise StoreError("expected a new idempotency key: this one was used for something else")
    said = json.loads(known[1])
    return Booking(**{**said, "date": dt.date.fromisoformat(said["date"])})


def once(call: Call, key: str | None, operation: str, asked: str, body: Callable[[Call], Booking]) -> Booking:
    """Do something once: called again with the same key, it gives the same answer and does nothing.

    Raises
    ------
    StoreError
        If the key was used for something else.
    """
    if key is None:
        return body(call)
    if (before := answered(call, key, operation, asked)) is not None:
        return before
    digest = hashlib.sha256(f"{operation}\n{asked}".encode()).digest()
    answer = body(call)
    said = {name: str(getattr(answer, name)) for name in Booking.__dataclass_fields__}
    call.connection.execute(
        schema.calls.insert(),
        {"key": key, "operation": operation, "asked": digest, "answer": json.dumps(said), "number": call.number},
    )
    return answer
