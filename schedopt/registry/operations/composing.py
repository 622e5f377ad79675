"""Letters with all that they are made of: the one place that reads names and addresses for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from schedopt.models.tables.people import Provider, Site
from schedopt.operations.cases.material import materials_for
from schedopt.operations.cases.tables import Material
from schedopt.operations.letters.letter import Addressee, Letter
from schedopt.operations.letters.tables import Message, VisitWords
from schedopt.records.people import Person
from schedopt.registry.money.rows import kept
from schedopt.registry.operations.letter_facts import OfficeLetters
from schedopt.store.session import Call

_OF_PERSON = (
    "name", "given_name", "surname", "suffix", "birth_date", "street_number", "address_1", "address_2", "suburb",
    "state", "postcode", "email",
)  # fmt: skip
_OF_AGE = 18


def compose(call: Call, office: OfficeLetters, messages: Sequence[Message]) -> list[Letter]:
    """Letters of messages.

    Raises
    ------
    AccessDenied
        If the actor may not read names and addresses.
    """
    call.may("read", "people", _OF_PERSON)
    if any(one.kind == "balance" for one in messages):
        call.may("read", Message.table_name, ("amount",))
    day = call.today
    people = {
        str(one.row.patient): one.row
        for one in kept(call, Person, by="patient", values=sorted({one.patient for one in messages}), on=day)
    }
    call.people.update(person.person for person in people.values())
    providers = {one.row.provider: one.row.name or one.row.provider for one in kept(call, Provider, on=day)}
    sites = {one.row.site: one.row.name or one.row.site for one in kept(call, Site, on=day)}
    said = {(one.row.visit_type, one.row.language): one.row for one in kept(call, VisitWords, on=day)}
    material = [one.row for one in kept(call, Material, on=day)]
    found = []
    for one in messages:
        words = said.get((one.visit_type or "", one.language))
        found.append(
            Letter(
                one, office.rules, office.name, office.zone, _addressee(people.get(one.patient), day),
                providers.get(one.provider or "", ""), sites.get(one.site or "", one.site or ""),
                words.called if words else "", words.prepare if words else "", _handed(one, material, office),
            )
        )  # fmt: skip
    return found


def _addressee(person: Person | None, day: str) -> Addressee:
    if person is None:
        return Addressee()
    name = person.name or " ".join(part for part in (person.given_name, person.surname, person.suffix) if part)
    street = " ".join(part for part in (person.street_number, person.address_1) if part)
    town = " ".join(part for part in (person.suburb, person.state, person.postcode) if part)
    lines = tuple(line for line in (street, person.address_2, town) if line) if street and town else ()
    return Addressee(name, lines, person.email, _is_minor(person.birth_date, dt.date.fromisoformat(day)))


def _is_minor(born: dt.date | None, today: dt.date) -> bool:
    if born is None:
        return False
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < _OF_AGE


def _handed(one: Message, material: Sequence[Material], office: OfficeLetters) -> tuple[str, ...]:
    """What the patient is given to read for the visit."""
    if one.visit_type is None or one.date is None:
        return ()
    handed = materials_for(
        material, one.visit_type, one.language, None, one.date, office_language=office.rules.language
    )  # fmt: skip
    return tuple(one.title for one in handed)
