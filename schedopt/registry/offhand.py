"""Where a visit is and how long it takes by the tables alone, without a week assembled."""

from __future__ import annotations

import datetime as dt
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.models.office import Office
from schedopt.models.tables import Appointment, Cancellation, Request, Row, Shift, Site, TypeLength, VisitType
from schedopt.office.rows import adapter
from schedopt.registry.kinds import SETTINGS, kinds
from schedopt.registry.loading import load_settings
from schedopt.registry.sites import lengths_of_visits, sites_of
from schedopt.registry.slots import Slot, plain_slot
from schedopt.store import facts, schema
from schedopt.store.schema import EVER
from schedopt.store.session import Call
from schedopt.store.words import told

_ASKED: tuple[type[Row], ...] = (VisitType, TypeLength, Shift, Site)
_NAMES = (SETTINGS, *(row_class.table_name for row_class in _ASKED))
_F = schema.facts.c
_CHANGED = sa.union_all(
    *(
        sa.select(sa.func.max(when)).where(_F.kind == name, when.is_not(None))
        for name in _NAMES
        for when in (_F.since, _F.until)
    )
)
_known: WeakKeyDictionary[sa.Engine, tuple[str, int, Office]] = WeakKeyDictionary()
"""By engine, what was read last: on which day, the entry that had changed it last, and the office without requests."""


def offhand_slot(call: Call, request: str, provider: str, start: dt.datetime) -> Slot:
    """The slot of a request: no rule is asked, and no pool is held."""
    office = _office_of(call, request)
    said = {"request": request, "provider": provider, "date": start.date(), "start": start.time()}
    row = Appointment.model_validate(said)
    asked = office.requests[0]
    site, length = sites_of(office, [row])[request], lengths_of_visits(office, [row])[request]
    seats = {kind.visit_type: kind.seats for kind in office.visit_types}[asked.visit_type]
    shares = f"{provider} {start:%Y-%m-%d %H:%M} {asked.visit_type}" if seats > 1 else ""
    zone = office.zones.get(site, office.settings.zone)
    return plain_slot(request, asked.patient, provider, site, zone, start, length, shares)


def _office_of(call: Call, request: str) -> Office:
    """A request, and what says where it can be and how long it takes."""
    for table in (Request.table_name, *_NAMES[1:]):
        kind = kinds()[table]
        call.may("read", kind.name, [name for name in kind.columns if name not in kind.sealed])
    rows = facts.known(
        call.connection, Request.table_name, on=call.today, within=EVER, by="request", values=[request]
    )  # fmt: skip
    if not rows:
        raise StoreError(f"expected the id of a request, not {told(request)}")
    if rows[0].closed is not None:
        name = Cancellation.table_name
        if facts.known(call.connection, name, by="request", values=[request]):
            raise StoreError(f"request {request} is cancelled: end that first")
    asked = adapter(Request).validate_python([fact.cells for fact in rows])
    return _lately(call).model_copy(update={"requests": asked})


def _lately(call: Call) -> Office:
    """The tables that say so, read again where an entry has changed one of them."""
    call.may("read", SETTINGS, ("settings",))
    last = max((number for number in call.connection.scalars(_CHANGED) if number is not None), default=0)
    known = _known.get(call.connection.engine)
    if known is not None and known[:2] == (call.today, last):
        return known[2]
    settings, there = load_settings(call, None)
    found: dict[str, tuple[Row, ...]] = {}
    for row_class in _ASKED:
        name = row_class.table_name
        rows = facts.known(call.connection, name, on=call.today, within=EVER)
        if rows or name in there:
            found[name] = adapter(row_class).validate_python([fact.cells for fact in rows])
    office = Office(settings=settings, **found)
    if last < call.number:  # this call's own changes may be taken back
        _known[call.connection.engine] = (call.today, last, office)
    return office
