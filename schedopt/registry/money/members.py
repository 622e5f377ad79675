"""Payers, the office as they know it, and members by patient and insurer: out of a store's tables.

Who calls has asked for the rights (:mod:`schedopt.registry.money.rights`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from schedopt.billing.claims.tables import BillingOffice
from schedopt.billing.coverage.tables import Membership, Payer
from schedopt.errors import StoreError
from schedopt.models.tables import Coverage
from schedopt.payers.parties import Asker, Member, PayerAddress
from schedopt.registry.money.rows import Kept, kept
from schedopt.store import facts
from schedopt.store.schema import ALWAYS, EVER
from schedopt.store.session import Call


class Person(NamedTuple):
    """Who a patient is.

    Attributes
    ----------
    given_name, surname : str
        Names.
    birth_date : datetime.date or None
        Day of birth.
    sex : str
        On file; may be empty.
    """

    given_name: str
    surname: str
    birth_date: dt.date | None
    sex: str

    def __repr__(self) -> str:
        return "Person()"


def asker_of(call: Call, production: bool = True) -> Asker:
    """The office as payers know it.

    Raises
    ------
    StoreError
        If the store does not say who it is.
    """
    found = kept(call, BillingOffice, on=call.today)
    if not found:
        raise StoreError("expected a row of billing_office, which says under which number the office asks")
    row = found[0].row
    return Asker(row.name, row.npi, row.sender, row.tax_id, row.clearing_house or "", production)


def payers_of(call: Call) -> dict[str, PayerAddress]:
    """Whom to ask, by insurer."""
    rows = [one.row for one in kept(call, Payer, on=call.today)]
    return {row.insurer: PayerAddress(row.insurer, row.payer_id, row.name) for row in rows}


def people_of(call: Call, patients: Iterable[str]) -> dict[str, Person]:
    """Who patients are; without those whose key is gone. They are named in the audit trail."""
    rows = facts.known(call.connection, "people", on=call.today, by="patient", values=patients)
    keys = call.keys.of([row.owner for row in rows if row.owner is not None])
    found = {}
    for row in rows:
        if row.owner is None or row.owner not in keys:
            continue
        cells = {**row.cells, **row.opened(keys[row.owner])}
        call.people.add(row.owner)
        given, _, surname = cells.get("name", "").rpartition(" ")
        born = cells.get("birth_date")
        found[str(row.patient)] = Person(
            cells.get("given_name") or given, cells.get("surname") or surname,
            dt.date.fromisoformat(born) if born else None, cells.get("sex", ""),
        )  # fmt: skip
    return found


def memberships_of(call: Call, patients: Iterable[str]) -> dict[tuple[str, str], Membership]:
    """Rows of memberships by patient and insurer; without those whose key is gone."""
    found = kept(call, Membership, on=call.today, by="patient", values=patients)
    return {(one.row.patient, one.row.insurer): one.row for one in found if one.row.member_id}


def member_of(row: Membership, person: Person) -> Member:
    """A patient as an insurer knows him or her."""
    return Member(
        row.member_id, row.group_number, person.given_name, person.surname, person.birth_date, person.sex, row.relation,
        row.holder_given_name, row.holder_surname, row.holder_birth_date,
    )  # fmt: skip


def coverage_of(
    call: Call, patients: Collection[str], first: dt.date, last: dt.date
) -> Mapping[str, list[Coverage]]:  # fmt: skip
    """Rows of coverage by patient, in their order, as they hold on some days."""
    days = {"on": first.isoformat(), "within": last.isoformat()}
    found: dict[str, list[Coverage]] = {}
    for one in kept(call, Coverage, by="patient", values=patients, **days):
        found.setdefault(one.row.patient, []).append(_while_true(one))
    return found


def _while_true(one: Kept[Coverage]) -> Coverage:
    """A row with the days on which it holds and the store takes it for true."""
    begins, ends = one.fact.valid_from, one.fact.valid_until
    first = None if begins == ALWAYS else dt.date.fromisoformat(begins)
    last = None if ends == EVER else dt.date.fromisoformat(ends)
    first = max((day for day in (first, one.row.valid_from) if day is not None), default=None)
    last = min((day for day in (last, one.row.valid_until) if day is not None), default=None)
    return one.row.model_copy(update={"valid_from": first, "valid_until": last})


def insurer_on(rows: Iterable[Coverage], day: dt.date) -> str | None:
    """With whom a patient is insured on a day: the first row that holds then."""
    for row in rows:
        if (row.valid_from or day) <= day <= (row.valid_until or day):
            return row.insurer
    return None
