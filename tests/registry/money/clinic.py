"""A clinic in a store whose visits have taken place and were coded; everybody in it is invented."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from schedopt.billing.claims.numbers import npi_of
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.office.read import fingerprint
from schedopt.registry import Store

DAY = dt.date(2026, 12, 1)
PATIENTS = 6
INSURERS = ("ACME", "OTHER")
NPIS = {"office": npi_of("123456789"), "DR1": npi_of("111111111"), "DR2": npi_of("122222222")}
PLACE = {"address_1": "Main Street", "street_number": "12", "suburb": "Tuba City", "state": "AZ", "postcode": "86045-1"}


def clinic(day: dt.date = DAY) -> Office:
    """Two providers; six patients with two requests each; even ones with one insurer, odd ones with the other.

    The last patient is not insured.
    """
    made = Office(
        settings=Settings(time_zone="UTC", grid_minutes=5),
        providers=tuple(tables.Provider(provider=name) for name in ("DR1", "DR2")),
        visit_types=(tables.VisitType(visit_type="talk", minutes=15),),
        patients=tuple(
            tables.Patient(patient=f"N{n}", name=f"Given{n} Surname{n}", birth_date=dt.date(1970 + n, 1, 2))
            for n in range(PATIENTS)
        ),
        requests=tuple(
            tables.Request(request=f"R{n}", patient=f"N{n % PATIENTS}", visit_type="talk") for n in range(2 * PATIENTS)
        ),
        coverage=tuple(tables.Coverage(patient=f"N{n}", insurer=INSURERS[n % 2]) for n in range(PATIENTS - 1)),
        shifts=tuple(
            tables.Shift(provider=name, site="MAIN", date=day, start="08:00", end="12:00") for name in ("DR1", "DR2")
        ),
    )
    return made.model_copy(update={"fingerprint": fingerprint(made)})


def csv(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as a file."""
    names = list(rows[0])
    return "\n".join([",".join(names), *(",".join(str(row[name]) for name in names) for row in rows)]) + "\n"


def money_tables(coded: Sequence[str], charge: str = "100.00") -> dict[str, str]:
    """Files about money: payers, members, numbers, and what was coded of some requests."""
    payers = [
        {"insurer": name, "payer_id": f"PAYER{n}", "name": f"{name} Health Plan", "filing_days": n * 90 or ""}
        for n, name in enumerate(INSURERS)
    ]
    members = [
        {"patient": f"N{n}", "insurer": INSURERS[n % 2], "member_id": f"W{n:09d}",
         "relation": "child" if n == 2 else "self", "holder_surname": "Holder" if n == 2 else "",
         "holder_given_name": "Pat" if n == 2 else ""}
        for n in range(PATIENTS - 1)
    ]  # fmt: skip
    office = {
        "npi": NPIS["office"], "name": "Dune Clinic", "tax_id": "123456789", "address": "1 Main Street",
        "city": "Tuba City", "state": "AZ", "postcode": "860450001", "contact": "Billing", "phone": "9285550110",
        "sender": "DUNE01",
    }  # fmt: skip
    numbers = [
        {"provider": name, "npi": NPIS[name], "surname": f"Doctor{name}", "given_name": "Ada", "taxonomy": "207Q00000X"}
        for name in ("DR1", "DR2")
    ]
    encounters = [
        {"request": request, "line": line, "procedure": code, "modifiers": "25" if line == 1 else "", "units": 1,
         "charge": charge, "diagnoses": "E11.9 I10" if line == 1 else "E11.9"}
        for request in coded
        for line, code in ((1, "99213"), (2, "85025"))
    ]  # fmt: skip
    made = {"payers": csv(payers), "memberships": csv(members), "billing_office": csv([office])}
    made |= {"provider_numbers": csv(numbers)}
    return made | ({"encounters": csv(encounters)} if coded else {})


def bring(store: Store, files: Mapping[str, str]) -> None:
    """Import tables about money."""
    with tempfile.TemporaryDirectory() as name:
        for table, content in files.items():
            Path(name, f"{table}.csv").write_text(content, "utf-8")
        store.import_money(name)


def visited(store: Store, requests: Sequence[str], day: dt.date = DAY) -> None:
    """The visits of some requests take place, one after the other."""
    for request in requests:
        at = dt.datetime.combine(day, dt.time(8)) + dt.timedelta(minutes=15 * int(request[1:]))
        made = store.book(request, "DR1", at, rules=False)
        store.arrive(made.booking)
        store.fulfil(made.booking)


def open_clinic(store: Store, coded: Sequence[str], day: dt.date = DAY) -> None:
    """The clinic in a store, its patients with an address, and some visits that took place and were coded."""
    store.import_office(clinic(day))
    people = store.session.do("people", lambda call: _people(call))
    for person, number in people.items():
        names = {"given_name": f"Given{number}", "surname": f"Surname{number}", "sex": "female"}
        store.update(person, {**PLACE, **names})
    visited(store, coded, day)
    bring(store, money_tables(coded))
    if hasattr(store.session.clock, "now"):
        store.session.clock.now = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(8), dt.UTC)


def _people(call: object) -> dict[str, str]:
    from schedopt.store import facts

    rows = facts.known(call.connection, "people")  # type: ignore[attr-defined]
    return {str(row.owner): str(row.patient)[1:] for row in rows}
