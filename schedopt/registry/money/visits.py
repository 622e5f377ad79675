"""Visits that are expected: when, with whom, and who is to pay."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from schedopt.billing.fees.prices import Prices
from schedopt.errors import StoreError
from schedopt.models.tables import Coverage, Network
from schedopt.registry.bookings import standing
from schedopt.registry.exchange import key_of
from schedopt.registry.money.rows import kept
from schedopt.registry.tables import self_paid
from schedopt.store import facts
from schedopt.store.session import Call
from schedopt.store.words import told

_SEEN = (
    ("requests", ("request", "patient", "visit_type", "provider")),
    ("appointments", ("request", "provider", "date", "start")),
    ("patients", ("patient", "self_pay")),
    ("coverage", ("valid_from", "valid_until", "patient", "insurer")),
    ("networks", ("valid_from", "valid_until", "insurer", "provider")),
)
"""What is read of a visit, by table."""


class Visit(NamedTuple):
    """A visit that is expected.

    Attributes
    ----------
    request, patient, visit_type : str
        Which.
    provider : str
        With whom; empty: not known.
    day : datetime.date or None
        When; None: it has no booking, and no day was named.
    insurer : str
        Who pays; empty: the patient.
    in_network : bool
        Whether the insurer pays for visits with this provider as with its own.
    """

    request: str
    patient: str
    visit_type: str
    provider: str
    day: dt.date | None
    insurer: str
    in_network: bool


def visits_of(call: Call, requests: Sequence[str], day: dt.date | None) -> list[Visit]:
    """The visits of some requests of one patient.

    Parameters
    ----------
    call : Call
        In which they are read.
    requests : sequence of str
        Ids.
    day : datetime.date or None
        Of those that have no booking.

    Raises
    ------
    StoreError
        If there is no such request, or they are of several patients.
    AccessDenied
        If the actor may not.
    """
    may_see_visits(call)
    found = {
        fact.cells["request"]: fact
        for fact in facts.known(call.connection, "requests", by="key", values=map(key_of, requests))
    }
    secret = self_paid(call)
    for name in requests:
        if name not in found or (name in secret and call.purpose == "payment"):
            raise StoreError(f"expected the key of a row of requests, not {told(name)}")
    patients = {found[name].cells["patient"] for name in requests}
    if len(patients) != 1:
        raise StoreError("expected requests of one patient")
    patient = patients.pop()
    call.people.update(
        str(fact.owner) for fact in facts.known(call.connection, "people", by="patient", values=[patient])
    )
    booked = {row["request"]: row for row in standing(call, requests)}
    known = facts.known(call.connection, "patients", by="patient", values=[patient], on=call.today)
    pays = any(fact.cells.get("self_pay") == "yes" for fact in known)
    visits = list[Visit]()
    for name in requests:
        cells = found[name].cells
        booking = booked.get(name)
        when = day if booking is None else dt.date.fromisoformat(booking["date"])
        provider = cells.get("provider", "") if booking is None else booking["provider"]
        insurer = ""
        if when is not None and not pays and name not in secret:
            insurer = _insurer(call, patient, when)
        near = not insurer or when is None or _in_network(call, insurer, provider, when)
        visits.append(Visit(name, patient, cells["visit_type"], provider, when, insurer, near))
    return visits


def may_see_visits(call: Call) -> None:
    """Refuse who may not read what is read of visits.

    Raises
    ------
    AccessDenied
        If the actor may not.
    """
    for table, columns in _SEEN:
        call.may("read", table, columns)


def expect_services(prices: Prices, visits: Sequence[Visit]) -> None:
    """Refuse visits of types of which it is not known as what they are billed.

    Raises
    ------
    StoreError
        Naming the types.
    """
    unknown = sorted({visit.visit_type for visit in visits} - {name for name, rows in prices.services.items() if rows})
    if unknown:
        raise StoreError(f"expected services of visit type {', '.join(unknown)} (table services)")


def _insurer(call: Call, patient: str, day: dt.date) -> str:
    """Who is asked to pay first on a day; empty: nobody."""
    rows = [one.row for one in kept(call, Coverage, by="patient", values=[patient], on=day.isoformat())]
    return next((row.insurer for row in rows if _holds(row, day)), "")


def _in_network(call: Call, insurer: str, provider: str, day: dt.date) -> bool:
    """Whether a provider is in an insurer's network; without a table of networks, all are."""
    if not provider or not facts.is_any(call.connection, "networks"):
        return True
    by_insurer = defaultdict[str, set[str]](set)
    for one in kept(call, Network, on=day.isoformat()):
        if _holds(one.row, day):
            by_insurer[one.row.insurer].add(one.row.provider)
    return provider in by_insurer[insurer]


def _holds(row: Coverage | Network, day: dt.date) -> bool:
    return (row.valid_from or dt.date.min) <= day <= (row.valid_until or dt.date.max)
