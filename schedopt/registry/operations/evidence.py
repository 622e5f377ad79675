"""From which a store's measures are taken: bookings, sessions, patients and, where the actor may, money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import pandas as pd
import sqlalchemy as sa

from schedopt.billing.accounts.settled import denied
from schedopt.errors import StoreError
from schedopt.models import tables
from schedopt.models.office import GROUP_COLUMNS, Office
from schedopt.models.tables.fields import Row
from schedopt.office.opening import holidays_between, sessions_between
from schedopt.operations.measures.defined.panel import LOOKS_BACK
from schedopt.operations.measures.known import places_of, receivables_of
from schedopt.operations.measures.measure import CLAIMS, PATIENTS, RECEIVABLES, SESSIONS, Evidence, frame
from schedopt.operations.measures.tables import CareKind, Measurement
from schedopt.registry.kinds import OF_PERSON, kinds
from schedopt.registry.loading import load_settings
from schedopt.registry.money import ledger
from schedopt.registry.money.rows import kept
from schedopt.registry.operations.visits import visit_events
from schedopt.registry.tables import self_paid
from schedopt.store import facts
from schedopt.store.schema import journal
from schedopt.store.session import Call
from schedopt.store.words import told

_OF_SESSIONS: tuple[type[Row], ...] = (
    tables.Provider, tables.Site, tables.Shift, tables.Leave, tables.Closure, tables.OpenHoliday,
)  # fmt: skip
_CENTS = 100
_OWED = ("insurer", "patient")


def evidence_of(call: Call, first: dt.date, last: dt.date, entry: int | None = None) -> Evidence:
    """From which the measures of some days are taken.

    Parameters
    ----------
    call : Call
        In which it is read.
    first, last : datetime.date
        The days.
    entry : int, optional
        As after this entry of the audit trail; by default, as now.

    Raises
    ------
    AccessDenied
        If the actor may not read bookings, requests, sessions and patients. Money that the actor may not read is not
        measured.
    """
    events = visit_events(call, first - dt.timedelta(days=LOOKS_BACK), last, entry)
    sessions, holidays = _sessions(call, first, last, entry)
    care = {row.visit_type: row.care for row in _rows(call, CareKind, entry)}
    empty = Evidence(events, first, last)
    return Evidence(
        events, first, last, sessions, places_of(_rows(call, Measurement, entry)), _patients(call, entry),
        _claims(call, first, last), _receivables(call, empty.week_ends), care, holidays,
    )  # fmt: skip


def groups_of(call: Call, column: str, entry: int | None = None) -> dict[str, str]:
    """The group of each patient by a column of the table of patients; empty where it is not said.

    Raises
    ------
    AccessDenied
        If the actor may not read it.
    StoreError
        If it is no column that makes groups.
    """
    if column not in GROUP_COLUMNS:
        words = ", ".join(sorted(GROUP_COLUMNS))
        raise StoreError(f"expected provider, site, visit_type, or one of {words}, not {told(column)}")
    kind = kinds()["people" if column in OF_PERSON else "patients"]
    call.may("read", kind.name, ("patient", column))
    found = facts.known(call.connection, kind.name, at=entry)
    owners = {fact.owner for fact in found if fact.owner is not None and fact.sealed is not None}
    keys = call.keys.of(owners)
    said = dict[str, str]()
    for fact in found:
        cells = dict(fact.cells)
        if column in kind.sealed and fact.owner is not None and fact.owner in keys:
            cells.update(fact.opened(keys[fact.owner]))
        said[str(fact.patient)] = cells.get(column, "")
    return said


def _rows(call: Call, row_class: type[Any], entry: int | None) -> list[Any]:
    kind = kinds()[row_class.table_name]
    call.may("read", kind.name, kind.columns)
    return [one.row for one in kept(call, row_class, at=entry)]


def _sessions(call: Call, first: dt.date, last: dt.date, entry: int | None) -> tuple[pd.DataFrame, Any]:
    """Sessions, week by week as the tables were true then, and public holidays."""
    settings, there = load_settings(call, entry)
    for row_class in _OF_SESSIONS:
        kind = kinds()[row_class.table_name]
        call.may("read", kind.name, [name for name in kind.columns if name not in kind.sealed])
    found = [frame(SESSIONS)]
    for begin in range(0, (last - first).days + 1, 7):
        start = first + dt.timedelta(days=begin)
        end = min(last, start + dt.timedelta(days=6))
        office = _office(call, settings, there, start, end, entry)
        found.append(sessions_between(office, start, end))
    reach = last + dt.timedelta(days=1)
    holidays = holidays_between(
        Office(settings=settings, **_nobody()), first - dt.timedelta(days=LOOKS_BACK), reach
    )  # fmt: skip
    return pd.concat(found, ignore_index=True), holidays


def _nobody() -> dict[str, tuple[Row, ...]]:
    return dict.fromkeys(("providers", "visit_types", "patients", "requests", "shifts"), ())


def _office(
    call: Call, settings: Any, there: Collection[str], first: dt.date, last: dt.date, entry: int | None
) -> Office:
    """What sessions of some days depend on."""
    rows: dict[str, Any] = _nobody()
    for row_class in _OF_SESSIONS:
        name = row_class.table_name
        if name in there:
            which = {"at": entry, "on": first.isoformat(), "within": last.isoformat()}
            known = facts.known(call.connection, name, **which)
            rows[name] = tuple(row_class.model_validate(dict(fact.cells)) for fact in known)
    return Office(settings=settings, **rows)


def _patients(call: Call, entry: int | None) -> pd.DataFrame:
    call.may("read", "patients", ("patient", "own_provider"))
    found = facts.known(call.connection, "patients", at=entry)
    columns = {
        "patient": [str(fact.patient) for fact in found],
        "own_provider": [fact.cells.get("own_provider", "") for fact in found],
    }  # fmt: skip
    return frame(PATIENTS, columns) if found else frame(PATIENTS)


def _may_all(call: Call, needs: Collection[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether the actor may read all of it."""
    return all(
        call.policy.allows(call.roles, call.purpose, "read", table, column)
        for table, columns in needs
        for column in columns
    )


def _claims(call: Call, first: dt.date, last: dt.date) -> pd.DataFrame:
    """Claims by their payers' first decisions."""
    needs = (("claims", ("claim", "provider")), ("adjudications", ("claim", "body")), ("checks", ("day",)))
    if not _may_all(call, needs):
        return frame(CLAIMS)
    secret = self_paid(call) if call.purpose == "payment" else frozenset[str]()
    known = {
        fact.cells["claim"]: fact.cells.get("provider", "")
        for fact in facts.known(call.connection, "claims")
        if fact.request not in secret
    }
    rows = list[tuple[str, str, pd.Timestamp, bool]]()
    for claim, decisions in sorted(ledger.adjudications_of(call, sorted(known)).items()):
        heard = sorted((one for one in decisions if not one.is_reversal), key=lambda one: one.order)
        if heard and first.isoformat() <= heard[0].day <= last.isoformat():
            rows.append((claim, known[claim], pd.Timestamp(heard[0].day), bool(denied(heard[0]))))
    if not rows:
        return frame(CLAIMS)
    return frame(CLAIMS, dict(zip(CLAIMS, map(list, zip(*rows, strict=True)), strict=True)))


def _receivables(call: Call, ends: list[pd.Timestamp]) -> pd.DataFrame:
    if not _may_all(call, [("journal", ledger.JOURNAL)]):
        return frame(RECEIVABLES)
    j, moves = journal.c, list[tuple[str, float, float]]()
    query = sa.select(j.day, j.debit, j.credit, sa.func.sum(j.cents)).group_by(j.day, j.debit, j.credit)
    for day, debit, credit, cents in call.connection.execute(query):
        owed = ((debit in _OWED) - (credit in _OWED)) * int(cents) / _CENTS
        charged = ((credit == "charges") - (debit == "charges")) * int(cents) / _CENTS
        moves.append((day, owed, charged))
    found = pd.DataFrame(moves, columns=["date", "owed", "charged"])
    return receivables_of(found.assign(date=pd.to_datetime(found["date"])), ends)
