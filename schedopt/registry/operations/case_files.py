"""A case as it stands in a store: its row, its history, the visits around it, and by what it is handled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.models.office import Office
from schedopt.models.tables import Closure, OpenHoliday, Row, Shift, Site
from schedopt.operations.cases.acting import Handling
from schedopt.operations.cases.office_days import OfficeDays
from schedopt.operations.cases.tables import Case, CaseEvent, CaseRule
from schedopt.records.people import Actor
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.loading import load_settings
from schedopt.registry.money.rows import Kept, kept
from schedopt.store import facts, schema
from schedopt.store.session import Call
from schedopt.store.words import told

HELD = ("booked", "arrived", "checked-in", "fulfilled")
"""Statuses of bookings that count as visits held, once their day has come."""
_VISIT = ("booking", "request", "provider", "site", "date", "start", "status")


@dataclass(frozen=True)
class CaseFile:
    """A case with what belongs to it.

    Attributes
    ----------
    case : Case
        Its row.
    history : pandas.DataFrame
        ``number``, ``on``, ``deed``, ``by``, ``state``, ``owner``, ``words``, in order.
    visits : pandas.DataFrame
        Bookings of its patient: ``when`` (``before``, ``after`` or ``that day``, of the day on which it came; ``this``:
        the visit that it is about), ``booking``, ``request``, ``provider``, ``site``, ``date``, ``start``, ``status``.
    """

    case: Case
    history: pd.DataFrame = field(repr=False)
    visits: pd.DataFrame


def may(call: Call, operation: str) -> None:
    """Refuse who may not do something with cases."""
    call.may(operation, Case.table_name, kinds()[Case.table_name].columns)


def case_named(call: Call, case: str) -> Kept[Case]:
    """A case by its id.

    Raises
    ------
    StoreError
        If there is none.
    """
    may(call, "read")
    found = kept(call, Case, by="key", values=[key_of(case)])
    if not found:
        raise StoreError(f"expected the id of a case, not {told(case)}")
    return found[-1]


def history_of(call: Call, case: str) -> list[CaseEvent]:
    """What was done about a case, in order."""
    call.may("read", CaseEvent.table_name, kinds()[CaseEvent.table_name].columns)
    f, begins = schema.facts.c, key_of(case).removesuffix("]") + ","
    mine = sa.select(f.key).where(f.kind == CaseEvent.table_name, f.until.is_(None))
    keys = call.connection.scalars(mine.where(f.key.startswith(begins, autoescape=True)))
    rows = [one.row for one in kept(call, CaseEvent, by="key", values=list(keys))]
    return sorted(rows, key=lambda row: row.number)


def case_file(call: Call, case: str) -> CaseFile:
    """A case with what belongs to it."""
    row = case_named(call, case).row
    names = ("number", "on", "deed", "by", "state", "owner", "words")
    events = [event.model_dump() for event in history_of(call, case)]
    if row.patient is not None:
        people = facts.known(call.connection, "people", by="patient", values=[row.patient])
        call.people.update(str(fact.owner) for fact in people if fact.owner is not None)
    return CaseFile(row, pd.DataFrame(events, columns=list(names)).fillna(""), _visits(call, row))


def _visits(call: Call, case: Case) -> pd.DataFrame:
    """Bookings of the patient of a case, by day."""
    call.may("read", "appointments", ("request", "provider", "date", "start"))
    b = schema.bookings.c
    query = sa.select(*(b[name] for name in _VISIT)).where(b.until.is_(None), b.patient == (case.patient or ""))
    rows = call.connection.execute(query.order_by(b.date, b.start, b.booking)).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=list(_VISIT), dtype="str")
    frame.insert(0, "when", [_when(row.request, row.date, case) for row in rows])
    return frame


def _when(request: str, date: str, case: Case) -> str:
    if request == case.request:
        return "this"
    day = case.received.isoformat()
    return "that day" if date == day else ("before" if date < day else "after")


def handling_of(call: Call) -> Handling:
    """By what the office handles cases, and the day by its clocks."""
    settings, _ = load_settings(call, None)
    call.may("read", CaseRule.table_name, kinds()[CaseRule.table_name].columns)
    today = dt.datetime.fromisoformat(call.at).astimezone(settings.zone).date()
    tables = {
        row_class.table_name: _rows(call, row_class) or None for row_class in (Site, Shift, Closure, OpenHoliday)
    }  # fmt: skip
    office = Office(settings=settings, **{name: rows for name, rows in tables.items() if rows})
    return Handling(tuple(_rows(call, CaseRule)), OfficeDays.of(office), today)


def _rows(call: Call, row_class: type[Row]) -> tuple[Any, ...]:
    return tuple(one.row for one in kept(call, row_class, on=call.today))


def expect_actor(call: Call, actor: str) -> None:
    """Refuse who does not work with the store.

    Raises
    ------
    StoreError
        If there is no such actor.
    """
    call.may("read", Actor.table_name, ("actor",))
    if not facts.known(call.connection, Actor.table_name, by="key", values=[key_of(actor)]):
        raise StoreError("expected whose case it is to be an actor of the store")
