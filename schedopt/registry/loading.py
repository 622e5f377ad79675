"""From the store to an office: all of it, or what some days need, as rows that are the same as a folder's."""

from __future__ import annotations

import datetime as dt
import gc
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.models.ages import days_of_age
from schedopt.models.groups import group_codes
from schedopt.models.office import Office, Settings
from schedopt.models.tables import AgeDays, Appointment, Row
from schedopt.office.read import fingerprint
from schedopt.office.rows import adapter
from schedopt.office.settings import read_settings
from schedopt.office.sources import settings_class, sources
from schedopt.operations.training.staff_tables import StaffCompetence
from schedopt.registry.bookings import COLUMNS, rows_of, standing
from schedopt.registry.kinds import OF_PERSON, SETTINGS, fact_tables, kinds, office_tables
from schedopt.registry.people import person_kind
from schedopt.registry.statuses import HOLDING
from schedopt.store import facts, schema
from schedopt.store.schema import EVER, bookings
from schedopt.store.session import Call

Stored = sa.Row[Any]
"""A row of :data:`~schedopt.store.schema.facts`."""

_TIED = ("after", "same_day_as")
"""Columns of requests that name others, without which they cannot be planned."""


@dataclass(frozen=True)
class Scope:
    """Which rows are loaded.

    Attributes
    ----------
    at : int or None
        As known after this entry; None: as known now.
    first : str
        Rows are those that are true on this day, and those that are so later in the days planned.
    whole : bool
        Also what planning is done with.
    """

    at: int | None
    first: str
    whole: bool
    last: str = EVER


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows are many and in no circles: looking for circles among them, again and again, is a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def load_office(call: Call, scope: Scope) -> tuple[Office, bool]:
    """The office with names and birth dates, and whether it is all of it."""
    with _uncollected():
        return _loaded(call, scope)


def _loaded(call: Call, scope: Scope) -> tuple[Office, bool]:
    settings, there = load_settings(call, scope.at)
    if not scope.whole:
        days = dt.timedelta(days=settings.days - 1)
        scope = replace(scope, last=(dt.date.fromisoformat(scope.first) + days).isoformat())
    requests = _rows(call, scope, "requests", open_only=not scope.whole)
    patients = _rows(call, scope, "patients", open_only=not scope.whole)
    complete = scope.whole or not _some_closed(call, scope.at)
    if not complete:
        requests = _with_tied(call, scope, requests, patients)
        more = {str(row.patient) for row in requests} - {row.patient for row in patients}
        patients = _in_place([*patients, *_rows(call, scope, "patients", "patient", more)])
    asked = [str(row.request) for row in requests]
    aliases = [str(row.patient) for row in patients]
    found: dict[str, tuple[Row, ...] | None] = {}
    for row_class in fact_tables():
        name, by = row_class.table_name, _by(row_class)
        if name not in there:
            found[name] = None
            continue
        if name == "requests":
            rows = requests
        elif name == "patients":
            rows = patients
        elif complete or not by:
            rows = _rows(call, scope, name)
        else:
            rows = _rows(call, scope, name, by, asked if by == "request" else aliases)
        cells = _with_persons(call, scope, rows) if name == "patients" else _opened(call, rows)
        found[name] = adapter(row_class).validate_json(f"[{','.join(cells)}]")
    if "appointments" in there or scope.at is None:
        made = _appointments(call, scope, None if complete else asked)
        found["appointments"] = made if made or "appointments" in there else None
    _expect_required(found)
    office = Office(settings=settings, **{name: rows for name, rows in found.items() if rows is not None})
    return office.model_copy(update={"fingerprint": fingerprint(office)}), complete


def _by(row_class: type[Row]) -> str | None:
    """What rows of a table are looked up by."""
    if row_class.key == ("request",):
        return "request"
    return "patient" if "patient" in row_class.model_fields else None


def _expect_required(found: Mapping[str, object]) -> None:
    missing = [kind.table_name for kind in office_tables() if kind.required and found.get(kind.table_name) is None]
    if missing:
        raise StoreError(f"expected an office in the store: it has no {', '.join(missing)}; import a folder first")


def load_settings(call: Call, at: int | None) -> tuple[Settings, frozenset[str]]:
    """The settings, and which tables the office has."""
    call.may("read", SETTINGS, ("settings",))
    said = facts.known(call.connection, SETTINGS, at=at)
    if not said:
        raise StoreError("expected an office in the store: import a folder first")
    raw = json.loads(said[-1].cells["settings"])
    settings, faults = read_settings(settings_class(sources()), "the store's settings", _filled(raw))
    if settings is None:
        raise StoreError("the store's settings cannot be read: " + "; ".join(map(str, faults)))
    return settings, frozenset(json.loads(said[-1].cells["tables"]))


def _filled(raw: Any) -> Any:
    """A tree without what is None."""
    if isinstance(raw, dict):
        return {name: _filled(value) for name, value in raw.items() if value is not None}
    return raw


def _rows(
    call: Call, scope: Scope, name: str, by: str | None = None, values: Collection[str] = (), *, open_only: bool = False
) -> list[Stored]:  # fmt: skip
    kind = kinds()[name]
    call.may("read", name, [column for column in kind.columns if column not in kind.sealed])
    return facts.rows_known(
        call.connection, name, at=scope.at, on=scope.first, within=scope.last, by=by, values=values,
        open_only=open_only,
    )  # fmt: skip


def _in_place(rows: Iterable[Stored]) -> list[Stored]:
    return sorted({row.fact: row for row in rows}.values(), key=lambda row: (row.place, row.fact))


def _some_closed(call: Call, at: int | None) -> bool:
    f = schema.facts.c
    closed = sa.select(f.fact).where(f.kind == "requests", f.closed.is_not(None))
    if at is None:
        closed = closed.where(f.until.is_(None))
    else:
        closed = closed.where(f.since <= at, sa.or_(f.until.is_(None), f.until > at), f.closed <= at)
    return call.connection.execute(closed.limit(1)).first() is not None


def _with_tied(call: Call, scope: Scope, requests: list[Stored], patients: Sequence[Stored]) -> list[Stored]:
    """The requests, those that they name, and those whose visits count off an authorisation of these patients."""
    known, coming = {str(row.request) for row in requests}, set(_named(requests))
    b = bookings.c
    names = [str(row.patient) for row in patients]
    for first in range(0, len(names), facts.AT_ONCE):
        used = sa.select(b.request).where(
            b.until.is_(None), b.authorisation.is_not(None), b.patient.in_(names[first : first + facts.AT_ONCE])
        )
        coming.update(call.connection.scalars(used))
    found = list(requests)
    while coming := coming - known:
        more = _rows(call, scope, "requests", "request", sorted(coming))
        known |= coming
        found.extend(more)
        coming = set(_named(more))
    return _in_place(found)


def _named(requests: Iterable[Stored]) -> Iterator[str]:
    """Requests without which these cannot be planned."""
    for row in requests:
        if any(f'"{column}":' in row.cells for column in _TIED):
            cells = json.loads(row.cells)
            yield from (cells[column] for column in _TIED if column in cells)


def _opened(call: Call, rows: Sequence[Stored]) -> list[str]:
    """Cells of rows as JSON; what is sealed is opened, for the fingerprint."""
    if all(row.sealed is None for row in rows):
        return [row.cells for row in rows]
    owners = {row.owner for row in rows if row.sealed is not None and row.owner is not None}
    keys: dict[str | None, bytes] = {None: call.keys.office}
    keys.update(call.keys.of(owners))
    return [facts.opened_text(row, keys[row.owner]) if row.owner in keys else row.cells for row in rows]


def _with_persons(call: Call, scope: Scope, patients: Sequence[Stored]) -> list[str]:
    """Cells of patients, as JSON, with what their persons' rows say."""
    aliases = [str(row.patient) for row in patients]
    by, values = (None, ()) if scope.whole else ("patient", aliases)
    people = facts.rows_known(
        call.connection, person_kind().name, at=scope.at, on=scope.first, within=scope.last, by=by, values=values
    )
    said = {row.patient: json.loads(text) for row, text in zip(people, _opened(call, people), strict=True)}
    cells = []
    for row in patients:
        person = said.get(row.patient, {})
        mine = {name: person[name] for name in OF_PERSON if name in person}
        cells.append(json.dumps({**json.loads(row.cells), **mine}) if mine else row.cells)
    return cells


def _appointments(call: Call, scope: Scope, requests: Collection[str] | None) -> tuple[Appointment, ...]:
    call.may("read", "appointments", COLUMNS)
    rows = standing(call, requests) if scope.at is None else _stood(call, scope.at, requests)
    cells = [{name: row[name] for name in COLUMNS} for row in rows]
    return adapter(Appointment).validate_python(cells)


def _stood(call: Call, at: int, requests: Collection[str] | None) -> list[Mapping[str, Any]]:
    """Bookings that held something after an entry; of all requests, or of some."""
    b = bookings.c
    then = sa.select(bookings).where(b.since <= at, sa.or_(b.until.is_(None), b.until > at), b.status.in_(HOLDING))
    wanted = None if requests is None else set(requests)
    rows = [row for row in rows_of(call, then) if wanted is None or row["request"] in wanted]
    return sorted(rows, key=lambda row: (row["place"], row["booking"]))


def for_planning(office: Office, first: dt.date, self_paid: Collection[str] = ()) -> Office:
    """The office as planning may know it: without names and birth dates, with groups as numbers.

    Parameters
    ----------
    office : Office
        As loaded; the fingerprint stays.
    first : datetime.date
        The first day planned. Of ages, only days are told from which on, or up to which, a visit is allowed within the
        days planned.
    self_paid : collection of str
        Requests that the patient pays, and of which the insurer is told nothing.
    """
    last = first + dt.timedelta(days=office.settings.days - 1)
    patients = {row.patient: row for row in office.patients}
    types = {row.visit_type: row for row in office.visit_types}
    told = {row.request for row in office.age_days or ()}
    ages = list(office.age_days or ())
    for row in office.requests:
        if row.request not in told:
            begin, end = days_of_age(patients[row.patient].birth_date, types[row.visit_type])
            begin = None if begin is None or begin <= first else min(begin, last + dt.timedelta(days=1))
            end = None if end is None or end >= last else max(end, first - dt.timedelta(days=1))
            if begin is not None or end is not None:
                ages.append(AgeDays(request=row.request, first_day=begin, last_day=end))
    codes, names = group_codes(row.group for row in office.patients)
    width = len(str(len(names)))
    hidden = tuple(
        row.model_copy(update={"name": "", "birth_date": None, "group": f"{code + 1:0{width}}" if row.group else ""})
        for row, code in zip(office.patients, codes.tolist(), strict=True)
    )
    without = {name: _without_reasons(office, name) for name in ("cancellations", "leave")}
    held = office.rows(StaffCompetence)
    if held is not None:
        without["staff_competences"] = tuple(row.model_copy(update={"evidence": ""}) for row in held)
    if self_paid:
        without["requests"] = tuple(
            row.model_copy(update={"self_pay": True}) if row.request in self_paid else row for row in office.requests
        )
    return office.model_copy(update={"patients": hidden, "age_days": tuple(ages) or office.age_days, **without})


def _without_reasons(office: Office, name: str) -> Any:
    rows = getattr(office, name)
    return None if rows is None else tuple(row.model_copy(update={"reason": ""}) for row in rows)
