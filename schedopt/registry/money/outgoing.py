"""Claims with all that they say to payers, many at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from schedopt.billing.claims.sending import Outgoing, Patient, Prior
from schedopt.billing.claims.tables import BillingOffice, Claim, ClaimLine, ProviderNumbers
from schedopt.billing.coverage.tables import Membership, Payer
from schedopt.records.people import Person
from schedopt.registry import bookings
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.rows import Kept, kept
from schedopt.store import facts, schema
from schedopt.store.facts import AT_ONCE
from schedopt.store.session import Call

_OF_PERSON = (
    "given_name", "surname", "suffix", "birth_date", "sex", "street_number", "address_1", "address_2", "suburb",
    "state", "postcode",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What is known of those whom claims are about.

    Attributes
    ----------
    office : BillingOffice or None
        Who asks.
    providers, payers : mapping of str to row
        By provider, and by insurer.
    memberships : mapping of (str, str) to Membership
        By patient and insurer.
    patients : mapping of str to Patient
        By patient.
    """

    office: BillingOffice | None
    providers: Mapping[str, ProviderNumbers]
    payers: Mapping[str, Payer]
    memberships: Mapping[tuple[str, str], Membership]
    patients: Mapping[str, Patient]


def known_of(call: Call, patients: Sequence[str]) -> Known:
    """What is known of patients, and of the office, its providers and payers.

    Raises
    ------
    AccessDenied
        If the actor may not read it.
    """
    call.may("read", "people", _OF_PERSON)
    for row_class in (BillingOffice, ProviderNumbers, Payer, Membership):
        call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)
    offices = kept(call, BillingOffice)
    people = kept(call, Person, by="patient", values=patients, on=call.today)
    call.people.update(str(one.row.person) for one in people)
    members = (one.row for one in kept(call, Membership, by="patient", values=patients))
    return Known(
        offices[0].row if offices else None,
        {one.row.provider: one.row for one in kept(call, ProviderNumbers)},
        {one.row.insurer: one.row for one in kept(call, Payer)},
        {(row.patient, row.insurer): row for row in members},
        {str(one.row.patient): _patient(one.row) for one in people},
    )


def _patient(person: Person) -> Patient:
    street = " ".join(part for part in (person.street_number, person.address_1, person.address_2) if part)
    return Patient(
        person.surname, person.given_name, person.suffix, person.birth_date, person.sex or "", street, person.suburb,
        person.state, person.postcode,
    )  # fmt: skip


def outgoing(
    known: Known, claim: Claim, lines: Sequence[ClaimLine], replaced_control: str = "", prior: tuple[Prior, ...] = ()
) -> Outgoing:  # fmt: skip
    """A claim with all that it says."""
    return Outgoing(
        claim, tuple(lines), known.patients.get(claim.patient, Patient()), known.office,
        known.providers.get(claim.provider), known.payers.get(claim.insurer),
        known.memberships.get((claim.patient, claim.insurer)), replaced_control, prior,
    )  # fmt: skip


def lines_of(call: Call, patients: Sequence[str]) -> dict[str, list[Kept[ClaimLine]]]:
    """The lines of all claims of some patients, by claim, in their order."""
    call.may("read", ClaimLine.table_name, kinds()[ClaimLine.table_name].columns)
    found = defaultdict[str, list[Kept[ClaimLine]]](list)
    for one in sorted(kept(call, ClaimLine, by="patient", values=patients), key=lambda one: one.row.line):
        found[one.row.claim].append(one)
    return found


def controls_of(call: Call, claims: Sequence[str]) -> dict[str, str]:
    """The payer's numbers of claims."""
    found = kept(call, Claim, by="key", values=[key_of(claim) for claim in claims])
    return {one.row.claim: one.row.payer_control for one in found}


def fulfilled(call: Call, requests: Sequence[str]) -> dict[str, tuple[str, str, dt.date]]:
    """Patient, provider and day of the visits that took place, by request."""
    call.may("read", "appointments", ("request", "provider", "date", "start"))
    b, found = schema.bookings.c, dict[str, tuple[str, str, dt.date]]()
    for first in range(0, len(requests), AT_ONCE):
        some = requests[first : first + AT_ONCE]
        query = sa.select(schema.bookings).where(b.until.is_(None), b.status == "fulfilled", b.request.in_(some))
        for row in bookings.rows_of(call, query):
            found[row["request"]] = (row["patient"], row["provider"], dt.date.fromisoformat(row["date"]))
    return found


def insurers(call: Call, patients: Sequence[str]) -> dict[str, list[tuple[str, str, str]]]:
    """First day, last day and insurer of the coverage of patients, in the order in which insurers are asked."""
    call.may("read", "coverage", ("patient", "insurer", "valid_from", "valid_until"))
    found = defaultdict[str, list[tuple[str, str, str]]](list)
    for fact in facts.known(call.connection, "coverage", by="patient", values=patients):
        begins = max(fact.valid_from, fact.cells.get("valid_from", ""))
        ends = min(fact.valid_until, fact.cells.get("valid_until", "9999-12-31"))
        found[fact.cells["patient"]].append((begins, ends, fact.cells["insurer"]))
    return found


def authorisations(call: Call, patients: Sequence[str]) -> dict[tuple[str, str, str], list[tuple[str, str, str]]]:
    """First day, last day and id of authorisations, by patient, insurer and visit type."""
    call.may("read", "authorisations", ("authorisation", "patient", "insurer", "visit_type"))
    found = defaultdict[tuple[str, str, str], list[tuple[str, str, str]]](list)
    for fact in facts.known(call.connection, "authorisations", by="patient", values=patients):
        cells = fact.cells
        days = (cells.get("valid_from", "0001-01-01"), cells.get("valid_until", "9999-12-31"))
        found[cells["patient"], cells["insurer"], cells["visit_type"]].append((*days, cells["authorisation"]))
    return found


def on_day(said: Sequence[tuple[str, str, str]], day: dt.date) -> str | None:
    """The first that holds on a day."""
    text = day.isoformat()
    return next((name for begins, ends, name in said if begins <= text <= ends), None)
