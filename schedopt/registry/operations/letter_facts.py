"""What letters are made of: where visits stand, what was told of them, and how patients wish to be told."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa

from schedopt.models.tables.fields import parse_time
from schedopt.operations.letters.matters import Matter, Reach, Visit
from schedopt.operations.letters.settings import LetterSettings
from schedopt.operations.letters.tables import ContactWish, Message
from schedopt.operations.letters.wishes import Given, reach_of
from schedopt.records.people import Consent, Restriction
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import SETTINGS
from schedopt.registry.money.rows import Kept, kept
from schedopt.registry.slots import PATIENT, instant
from schedopt.store import facts, schema
from schedopt.store.facts import AT_ONCE
from schedopt.store.session import Call

_NONE_WITHOUT = r"\"letters\": {"
"""How the section stands in the settings, as they are kept."""
_STATUSES = ("booked", "arrived", "checked-in", "fulfilled", "no-show")
_BACK = dt.timedelta(days=8)
"""So long after a visit something can be told of it."""


@dataclass(frozen=True, slots=True)
class OfficeLetters:
    """What the office says of its letters.

    Attributes
    ----------
    rules : LetterSettings
        Its section.
    name, zone : str
        Of the office.
    """

    rules: LetterSettings
    name: str
    zone: str


def office_letters(call: Call) -> OfficeLetters | None:
    """What the office says of its letters; None: it has none."""
    f = schema.facts.c
    query = sa.select(f.cells).where(f.kind == SETTINGS, f.until.is_(None))
    cells = call.connection.scalar(query.limit(1))
    return None if cells is None or _NONE_WITHOUT not in cells else _read(cells)


@lru_cache(8)
def _read(cells: str) -> OfficeLetters:
    said = json.loads(json.loads(cells)["settings"])
    rules = {name: value for name, value in said["letters"].items() if value is not None}
    return OfficeLetters(LetterSettings.model_validate(rules), said["name"], said["time_zone"])


@dataclass(frozen=True, slots=True)
class Told:
    """A matter, with the versions of its messages.

    Attributes
    ----------
    matter : Matter
        The matter.
    versions : mapping of str to Kept
        By message.
    """

    matter: Matter
    versions: Mapping[str, Kept[Message]]


def matters(call: Call, office: OfficeLetters, requests: Collection[str] | None) -> list[Told]:
    """Requests with where they stand and what was told of them; of all of which something may be told, or of some."""
    rows = list(_bookings(call, requests))
    wanted = set(requests or ())
    if requests is None:
        log = kept(call, Message, open_only=True)
        wanted = {row["request"] for row in rows} | {one.row.request for one in log if one.row.request}
    else:
        log = kept(call, Message, by="request", values=sorted(wanted))
    by_request = defaultdict[str, list[Kept[Message]]](list)
    for one in sorted(log, key=lambda one: (one.fact.place, one.fact.fact)):
        if one.row.request:
            by_request[one.row.request].append(one)
    asked = {str(fact.request): fact for fact in facts.known(call.connection, "requests", by="request", values=wanted)}
    patients = {name: str(fact.patient) for name, fact in asked.items()}
    reach = reaches(call, office, patients.values())
    places = defaultdict[str, list[dict[str, Any]]](list)
    for row in rows:
        places[row["request"]].append(row)
    found = []
    for name in sorted(patients):
        mine = by_request.get(name, [])
        matter = Matter(
            patients[name], reach[patients[name]], office.zone, [one.row for one in mine], name,
            asked[name].cells.get("visit_type"),
        )  # fmt: skip
        found.append(Told(_stood(matter, places.get(name, ())), {one.row.message: one for one in mine}))
    return found


def _bookings(call: Call, requests: Collection[str] | None) -> Iterator[dict[str, Any]]:
    """Bookings as they are, with when the patient leaves."""
    b, h = schema.bookings, schema.holdings
    whose = sa.and_(h.c.booking == b.c.booking, h.c.kind == PATIENT)
    query = sa.select(b, h.c.ends.label("leaves")).select_from(b.outerjoin(h, whose))
    query = query.where(b.c.until.is_(None), b.c.status.in_(_STATUSES)).order_by(b.c.since, b.c.booking)
    if requests is None:
        first = (dt.date.fromisoformat(call.today) - _BACK).isoformat()
        yield from (dict(row) for row in call.connection.execute(query.where(b.c.date >= first)).mappings())
        return
    names = sorted(requests)
    for start in range(0, len(names), AT_ONCE):
        some = query.where(b.c.request.in_(names[start : start + AT_ONCE]))
        yield from (dict(row) for row in call.connection.execute(some).mappings())


def visit_of(row: Mapping[str, Any]) -> Visit:
    """A booking as its patient knows it."""
    date = dt.date.fromisoformat(row["date"])
    start = parse_time((row["steps"] or "").split(";")[0] or row["start"])
    begins = instant(_zone(row["zone"]), date, start)
    leaves = row.get("leaves") or row["ends"]
    return Visit(row["provider"], row["site"], date, start, max(1, min(1440, leaves - begins)), row["zone"])


@lru_cache(64)
def _zone(name: str) -> dt.tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _stood(matter: Matter, rows: Iterable[Mapping[str, Any]]) -> Matter:
    missed = []
    for row in rows:
        visit = visit_of(row)
        if row["status"] == "no-show":
            missed.append(visit)
        else:
            matter = replace(
                matter, visit=visit, promised=row["mark"] == "fixed", attended=row["status"] != "booked"
            )  # fmt: skip
    return replace(matter, missed=tuple(missed))


def reaches(call: Call, office: OfficeLetters, patients: Iterable[str]) -> dict[str, Reach]:
    """How patients are to be told."""
    wanted = sorted(set(patients))
    day = call.today
    persons = {
        str(fact.patient): fact for fact in facts.known(call.connection, "people", by="patient", values=wanted, on=day)
    }
    owners = [str(fact.owner) for fact in persons.values()]
    wishes = {one.row.patient: one.row for one in kept(call, ContactWish, by="patient", values=wanted, on=day)}
    spoken = {
        str(fact.patient): fact.cells.get("language", "")
        for fact in facts.known(call.connection, "patients", by="patient", values=wanted, on=day)
    }
    agreed = _rows_of(call, Consent.table_name, [key_of(name, "messages") for name in owners])
    apart = _rows_of(call, Restriction.table_name, [key_of(name, "confidential_channel", "") for name in owners])
    mailed = _with_mail(call, owners)
    found = {}
    for name in wanted:
        fact = persons.get(name)
        who = None if fact is None or _is_gone(call, fact) else str(fact.owner)
        consent: Literal["yes", "no"] | None = None
        if who in agreed:
            consent = "yes" if agreed[str(who)]["given"] == "yes" else "no"
        given = Given(
            on_file=who is not None, consent=consent, confidential=who in apart, has_mail=who in mailed,
            language=spoken.get(name, ""),
        )  # fmt: skip
        found[name] = reach_of(given, wishes.get(name), office.rules)
    return found


def _is_gone(call: Call, person: facts.Fact) -> bool:
    """Whether a person was disposed of."""
    return person.sealed is None and call.keys.is_destroyed(str(person.owner))


def _rows_of(call: Call, table: str, keys: list[str]) -> dict[str, Mapping[str, str]]:
    rows = facts.known(call.connection, table, by="key", values=keys, on=call.today)
    return {fact.cells["person"]: fact.cells for fact in rows}


def _with_mail(call: Call, persons: list[str]) -> set[str]:
    """Persons of whom an address of electronic mail is on file; it is not read."""
    b, found = schema.blinds.c, set[str]()
    for first in range(0, len(persons), AT_ONCE):
        some = b.person.in_(persons[first : first + AT_ONCE])
        found.update(call.connection.scalars(sa.select(b.person).where(b.field == "email", some)))
    return found
