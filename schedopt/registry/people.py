"""Persons in the store: their sealed rows, and how they are looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from schedopt.records.identity.text import sound
from schedopt.records.people import Person
from schedopt.registry.kinds import kinds
from schedopt.store import schema
from schedopt.store.kinds import Kind
from schedopt.store.sealing import blind
from schedopt.store.session import Call

_LETTERS = re.compile(r"[^a-z0-9]+")


def person_kind() -> Kind:
    """The table of people."""
    return kinds()[Person.table_name]


def plain_letters(text: str) -> str:
    """Letters and digits of a text without accents and capitals, so that spellings of one name are alike."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _LETTERS.sub("", "".join(letter for letter in folded if not unicodedata.combining(letter)))


def looked_up(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """By what a person can be looked up: field and value, normalised."""
    surname = cells.get("surname") or cells.get("name", "").rpartition(" ")[2]
    given = cells.get("given_name") or cells.get("name", "").partition(" ")[0]
    if surname:
        yield "surname", plain_letters(surname)
    if surname and given:
        yield "name", plain_letters(given) + " " + plain_letters(surname)
    if born := cells.get("birth_date"):
        yield "birth_date", born
        if surname:
            yield "surname_birth", plain_letters(surname) + " " + born
            yield "sound_year", sound(surname) + " " + born[:4]
        if given:
            yield "given_year", sound(given) + " " + born[:4]
    if surname and given:
        yield "sounds", sound(given) + " " + sound(surname)
    for field in ("soc_sec_id", "mrn", "email", "phone"):
        if value := plain_letters(cells.get(field, "")):
            yield field, value[-10:] if field == "phone" else value


def blinds_of(call: Call, cells: Mapping[str, str]) -> set[tuple[str, bytes]]:
    """The blind indexes of a person's cells."""
    return {(field, blind(call.keys.index, field, value)) for field, value in looked_up(cells)}


def write_blinds(call: Call, person: str, *cells: Mapping[str, str]) -> None:
    """Have a person found by what the cells say, of all versions that are or will be true."""
    found = {one for some in cells for one in blinds_of(call, some)}
    rows = [{"person": person, "field": field, "value": value} for field, value in sorted(found)]
    if rows:
        call.connection.execute(schema.blinds.insert(), rows)


def forget_blinds(call: Call, person: str) -> None:
    """Have a person not found any more."""
    call.connection.execute(schema.blinds.delete().where(schema.blinds.c.person == person))


def found_by(call: Call, cells: Mapping[str, str]) -> list[str]:
    """Persons who share a value that people are looked up by, those who share most of them first."""
    b, score = schema.blinds, dict[str, int]()
    for field, value in blinds_of(call, cells):
        query = b.select().where(b.c.field == field, b.c.value == value)
        for person in call.connection.scalars(query.with_only_columns(b.c.person)):
            score[person] = score.get(person, 0) + 1
    return sorted(score, key=lambda person: (-score[person], person))
