"""What the checks of a store's records are given: rows as they are known on one day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from schedopt.models.tables import (
    Appointment,
    Authorisation,
    Cancellation,
    Coverage,
    Network,
    Patient,
    Referral,
    Request,
    Terms,
    VisitType,
)
from schedopt.records.people import Person, Restriction


@dataclass(frozen=True, kw_only=True)
class Records:
    """Rows of an office and of its people.

    A table that is None is one that the office does not keep: its subject is then not checked, as it plays no part in
    planning.

    Attributes
    ----------
    today : date
        The day on which the rows are looked at.
    region : str
        Country of the office (ISO 3166, two letters): what numbers without a country are read as.
    closed : tuple of date
        Days, beside Saturdays and Sundays, on which nobody works on the list.
    patients, requests, visit_types, appointments, cancellations : tuple of rows
        As planning knows them.
    coverage, networks, terms, authorisations, referrals : tuple of rows or None
        What insurers say.
    people : tuple of Person or None
        Who the patients are.
    restrictions : tuple of Restriction
        How they are to be reached, and which visits they pay themselves.
    """

    today: dt.date
    region: str = "US"
    closed: tuple[dt.date, ...] = ()
    patients: tuple[Patient, ...] = ()
    requests: tuple[Request, ...] = ()
    visit_types: tuple[VisitType, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    cancellations: tuple[Cancellation, ...] = ()
    coverage: tuple[Coverage, ...] | None = None
    networks: tuple[Network, ...] | None = None
    terms: tuple[Terms, ...] | None = None
    authorisations: tuple[Authorisation, ...] | None = None
    referrals: tuple[Referral, ...] | None = None
    people: tuple[Person, ...] | None = None
    restrictions: tuple[Restriction, ...] = ()
