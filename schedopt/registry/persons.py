"""A store's people: registered, looked up, kept current, and two who are one merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from schedopt.errors import StoreError
from schedopt.models.tables import Patient
from schedopt.records.people import Decision, Person
from schedopt.registry import merging
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import Wanted, key_of, new_fact
from schedopt.registry.kinds import OF_PERSON, kinds
from schedopt.registry.people import forget_blinds, found_by, person_kind, write_blinds
from schedopt.registry.tables import beginning, checked, from_day, opened, sealed_fact
from schedopt.registry.who_is_who import ranked
from schedopt.store import facts
from schedopt.store.facts import Fact
from schedopt.store.session import Call, random_id
from schedopt.store.words import told

_MOST_ALIKE = 200
"""Persons who share something with a new one that are compared."""

SEALED = tuple(name for name, field in Person.model_fields.items() if not field.repr)
"""Columns of people that are sealed."""


@dataclass(frozen=True)
class Registered:
    """A person who was registered.

    Attributes
    ----------
    person : str
        Random id in the store.
    patient : str
        Random alias by which planning knows the person.
    alike : tuple of str
        Persons who may be the same one, the likeliest first.
    """

    person: str
    patient: str
    alike: tuple[str, ...]


class Persons(Asked):
    """What is asked of a store's people."""

    def register(self, cells: Mapping[str, Any], wishes: Mapping[str, Any] | None = None) -> Registered:
        """Register a person, who is a patient from now on.

        Parameters
        ----------
        cells : mapping
            Columns of people (``given_name``, ``surname``, ``birth_date``, ``phone``, …).
        wishes : mapping, optional
            Open columns of patients, such as ``language`` or ``own_provider``.

        Raises
        ------
        InputError
            If a value is none of its column; it is not shown.
        """

        def body(call: Call) -> Registered:
            person, alias = random_id("p"), random_id("N")
            call.may("add", "people", sorted({"person", "patient", *(name for name in cells if name in SEALED)}))
            row = checked(call, person_kind(), {**cells, "person": person, "patient": alias})
            open_, sealed = person_kind().cells(row)
            alike = tuple(_alike(call, sealed))
            call.keys.make([person])
            wanted = Wanted(key_of(person), open_, sealed, alias, None, person)
            place = call.next_place()
            call.insert([sealed_fact(call, new_fact(call, "people", place, wanted), sealed)])
            write_blinds(call, person, sealed)
            self._patient(call, alias, person, wishes or {})
            call.people.update((person, *alike))
            return Registered(person, alias, alike)

        return self._do("register", body)

    def _patient(self, call: Call, alias: str, person: str, wishes: Mapping[str, Any]) -> None:
        kind = kinds()[Patient.table_name]
        if wrong := sorted(set(wishes) & set(OF_PERSON)):
            raise StoreError(f"expected {', '.join(wrong)} among what is said of the person")
        cells, _ = kind.cells(checked(call, kind, {**wishes, "patient": alias}))
        call.may("add", kind.name, sorted(cells))
        place = call.next_place()
        call.insert([new_fact(call, kind.name, place, Wanted(key_of(alias), cells, {}, alias, None, None))])

    def update(self, person: str, cells: Mapping[str, Any], *, valid_from: dt.date | None = None) -> None:
        """Change what is known of a person, from a day on; by default it never was as it stood."""

        def body(call: Call) -> None:
            call.may("change", "people", sorted(name for name in cells if name in SEALED) or ("person",))
            current_person(call, person)
            for old in from_day(facts.known(call.connection, "people", by="key", values=[key_of(person)]), valid_from):
                said = {**old.cells, **opened(call, old), **cells}
                open_, sealed = person_kind().cells(checked(call, person_kind(), said))
                new = sealed_fact(call, replace(old, cells=open_, sealed=None), sealed)
                call.change(old, beginning(new, valid_from), None, None)
            forget_blinds(call, person)
            now = facts.known(call.connection, "people", by="key", values=[key_of(person)])
            write_blinds(call, person, *(opened(call, one) for one in now if one.valid_until >= call.today))
            call.people.add(person)

        self._do("update person", body)

    def person(self, person: str) -> dict[str, str]:
        """What is known of a person: the columns that the actor may read, those in which something stands."""

        def body(call: Call) -> dict[str, str]:
            allowed = readable(call)
            fact = current_person(call, person, at=self._entry(call))
            call.people.add(person)
            cells = {**fact.cells, **opened(call, fact)}
            return {name: cells[name] for name in allowed if name in cells}

        return self.session.do("read person", body)

    def find(self, cells: Mapping[str, str]) -> pd.DataFrame:
        """Persons who share something by which people are looked up: names, birth date, phone, e-mail, numbers.

        Returns
        -------
        pandas.DataFrame
            ``person``, ``patient`` and the columns that the actor may read, those most alike first.
        """

        def body(call: Call) -> pd.DataFrame:
            allowed = readable(call)
            names = found_by(call, {name: str(value) for name, value in cells.items()})
            people = facts.known(call.connection, "people", by="key", values=[key_of(name) for name in names])
            today = {str(fact.owner): fact for fact in people if fact.valid_from <= call.today <= fact.valid_until}
            call.people.update(today)
            rows = [{**today[name].cells, **opened(call, today[name])} for name in names if name in today]
            return pd.DataFrame([{name: row.get(name, "") for name in allowed} for row in rows], columns=list(allowed))

        return self.session.do("find person", body)

    def decide(self, person: str, other: str, decided: str) -> None:
        """Write down what somebody has decided of two who may be one: ``same``, ``different`` or ``later``."""
        first, second = sorted((person, other))

        def body(call: Call) -> None:
            kind = kinds()[Decision.table_name]
            call.may("add", kind.name, kind.columns)
            cells, _ = kind.cells(checked(call, kind, {"person": first, "other": second, "decided": decided}))
            call.end(facts.known(call.connection, kind.name, by="key", values=[key_of(first, second)]))
            wanted = Wanted(key_of(first, second), cells, {}, None, None, first)
            call.insert([new_fact(call, kind.name, call.next_place(), wanted)])
            call.people.update((first, second))

        self._do("decide", body)

    def merge(self, keep: str, lose: str, reason: str = "") -> merging.Merged:
        """Make one person of two: every row about `lose` is about `keep` from now on; :meth:`undo` takes it back.

        Parameters
        ----------
        keep, lose : str
            Persons.
        reason : str
            For the audit trail.

        Returns
        -------
        Merged
            The entry, and what clashed.
        """
        return self._do("merge", lambda call: merging.merge(call, keep, lose), reason=reason, about=f"{keep} {lose}")

    def undo(self, entry: int) -> pd.DataFrame:
        """Take a merge back.

        Parameters
        ----------
        entry : int
            Of the merge.

        Returns
        -------
        pandas.DataFrame
            What stays as it is, as it has changed since: ``table``, ``row`` (its key).
        """
        return self._do("undo merge", lambda call: merging.undo(call, entry), about=str(entry))


def _alike(call: Call, cells: Mapping[str, str]) -> list[str]:
    """Persons who may be the one whose cells these are, the likeliest first."""
    names = found_by(call, cells)[:_MOST_ALIKE]
    people = facts.known(call.connection, "people", by="key", values=[key_of(name) for name in names])
    there = [one for one in people if one.sealed and one.valid_from <= call.today <= one.valid_until]
    return ranked(call, cells, there)


def readable(call: Call) -> tuple[str, ...]:
    """Columns of people that the actor may read.

    Raises
    ------
    AccessDenied
        If there are none.
    """
    names = person_kind().columns
    found = tuple(name for name in names if call.policy.allows(call.roles, call.purpose, "read", "people", name))
    call.may("read", "people", found or names[:1])
    return found


def current_person(call: Call, person: str, at: int | None = None) -> Fact:
    """A person's row as it is true today.

    Raises
    ------
    StoreError
        If there is none, or the person was merged into another one.
    """
    found = facts.known(call.connection, "people", at=at, by="key", values=[key_of(person)], on=call.today)
    if not found:
        raise StoreError(f"expected the id of a person, not {told(person)}")
    if into := found[-1].cells.get("merged_into"):
        raise StoreError(f"person {person} was merged into {into}")
    return found[-1]
