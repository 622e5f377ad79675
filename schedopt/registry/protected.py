"""What protects people in a store: who works with it, emergencies, consents, restrictions, access, disposal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import replace

import pandas as pd
import sqlalchemy as sa

from schedopt.errors import AccessDenied, StoreError
from schedopt.records.people import Actor, Consent, Emergency, Restriction
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import Wanted, key_of, new_fact
from schedopt.registry.grants import ROLES
from schedopt.registry.kinds import kinds
from schedopt.registry.money import ledger
from schedopt.registry.people import forget_blinds
from schedopt.registry.persons import current_person
from schedopt.registry.statuses import STANDING
from schedopt.registry.tables import about, checked, opened, sealed_fact
from schedopt.store import facts, schema
from schedopt.store.session import Call, stamp

_LONGEST = dt.timedelta(hours=24)


class Protected(Asked):
    """What is asked of a store to protect its people."""

    def set_actor(self, actor: str, roles: Collection[str]) -> None:
        """Say what somebody is; without roles, that he or she works with the store no more.

        Raises
        ------
        StoreError
            If there is no such role, or nobody would be administrator any more.
        """

        def body(call: Call) -> None:
            kind = kinds()[Actor.table_name]
            call.may("change", kind.name, kind.columns)
            if wrong := sorted(set(roles) - set(ROLES[:-1])):
                raise StoreError(f"expected roles among {', '.join(ROLES[:-1])}, not {', '.join(wrong)}")
            old = facts.known(call.connection, kind.name, by="key", values=[key_of(actor)])
            call.end(old)
            if roles:
                row = checked(call, kind, {"actor": actor, "roles": ";".join(sorted(roles))})
                place = call.next_place()
                call.insert(
                    [new_fact(call, kind.name, place, Wanted(key_of(actor), kind.cells(row)[0], {}, None, None, None))]
                )
            left = facts.known(call.connection, kind.name)
            if not any("administrator" in fact.cells["roles"] for fact in left):
                raise StoreError("expected an administrator to be left")

        self._do("set actor", body, about=actor)

    def break_glass(self, reason: str, hours: float = 4) -> None:
        """Take the role ``emergency`` for some hours: to read everything about patients, for treatment.

        Raises
        ------
        StoreError
            Without a reason, or for more than a day.
        AccessDenied
            If the actor has no role at all.
        """
        length = dt.timedelta(hours=hours)

        def body(call: Call) -> None:
            if not call.roles:
                raise AccessDenied(f"{call.actor} (no role) may not take access in an emergency")
            if not reason.strip():
                raise StoreError("expected a reason")
            if not dt.timedelta() < length <= _LONGEST:
                raise StoreError("expected hours above 0, and 24 at most")
            kind = kinds()[Emergency.table_name]
            ends = stamp(dt.datetime.fromisoformat(call.at) + length)
            cells = {"actor": call.actor, "begins": call.at, "ends": ends}
            place = call.next_place()
            fact = new_fact(call, kind.name, place, Wanted(kind.key(cells), cells, {}, None, None, None))
            call.insert([sealed_fact(call, fact, {"reason": reason.strip()})])

        self._do("break glass", body, reason=reason)

    def consent(self, person: str, purpose: str, *, given: bool) -> None:
        """Write down what a person has agreed to, or has not."""
        cells = {"person": person, "purpose": purpose, "given": "yes" if given else "no"}
        self._do("consent", lambda call: _put(call, Consent.table_name, cells), about=purpose)

    def restrict(self, person: str, kind: str, request: str | None = None, told: str = "") -> None:
        """Write down what must not be done with a person's records: see table ``restrictions``."""
        cells = {"person": person, "kind": kind, "request": request or "", "told": told}
        self._do("restrict", lambda call: _put(call, Restriction.table_name, cells), about=kind)

    def records_of(self, person: str) -> dict[str, pd.DataFrame]:
        """Everything about one person, and nothing of anybody else: what 45 CFR 164.524 gives a right to.

        Returns
        -------
        dict of str to pandas.DataFrame
            Table to its rows about the person, with the columns that say something; ``appointments`` has every
            version of every booking.

        Raises
        ------
        AccessDenied
            If the actor may not read all of it.
        """

        def body(call: Call) -> dict[str, pd.DataFrame]:
            call.may("read", "people", kinds()["people"].columns)
            fact = current_person(call, person)
            call.people.add(person)
            found: dict[str, pd.DataFrame] = {}
            for kind in kinds().values():
                rows = facts.known(call.connection, kind.name, by="patient", values=[str(fact.patient)])
                if kind.name in ("consents", "restrictions"):
                    every = facts.known(call.connection, kind.name)
                    rows = [one for one in every if one.cells["person"] == person]
                if rows:
                    call.may("read", kind.name, [name for name in kind.columns if _held(kind.name, name)])
                    found[kind.name] = pd.DataFrame([{**one.cells, **opened(call, one)} for one in rows]).fillna("")
            b = schema.bookings
            call.may("read", "appointments", ("request", "provider", "date", "start"))
            names = ("booking", "status", "request", "provider", "site", "date", "start", "zone")
            query = sa.select(*(b.c[name] for name in names)).where(b.c.patient == fact.patient).order_by(b.c.since)
            found["appointments"] = pd.DataFrame(call.connection.execute(query).all(), columns=list(names))
            if money := ledger.rows_about(call, str(fact.patient)):
                call.may("read", "journal", ledger.JOURNAL)
                found["journal"] = pd.DataFrame(money, columns=list(ledger.JOURNAL))
            return found

        return self.session.do("records of a person", body)

    def dispose(self, person: str, reason: str) -> None:
        """Destroy a person's key: what is sealed of him or her never opens again, here and in every backup.

        Raises
        ------
        StoreError
            If there is a legal hold, or a booking that something is still to come of.
        """

        def body(call: Call) -> set[str]:
            call.may("end", "people", ("person", "name"))
            fact = current_person(call, person)
            every = {person, *_merged_into(call, person)}
            call.people.update(every)
            for one in facts.known(call.connection, Restriction.table_name):
                if one.cells["person"] == person and one.cells["kind"] == "legal_hold":
                    raise StoreError(f"person {person} is on legal hold")
            b = schema.bookings.c
            coming = sa.select(b.booking).where(b.until.is_(None), b.patient == fact.patient, b.status.in_(STANDING))
            if call.connection.execute(coming).first() is not None:
                raise StoreError(f"person {person} has bookings to come")
            forget_blinds(call, person)
            call.change(fact, replace(fact, sealed=None), None, None)
            return every

        for one in sorted(self._do("dispose", body, reason=reason)):
            self.session.keys.destroy(one)

    def rotate_keys(self) -> Iterator[int]:
        """Wrap every key with a new master key; gives how many are left after each step, see :class:`Keys`.

        Raises
        ------
        AccessDenied
            To who is no administrator.
        """
        self._do("rotate keys", lambda call: call.may("change", "keys", ("master",)))
        yield from self.session.keys.rotate()


def _merged_into(call: Call, person: str) -> set[str]:
    """Who has turned out to be a person; what was written of him or her before has keys of its own."""
    into = {
        str(fact.owner): fact.cells["merged_into"]
        for fact in facts.known(call.connection, "people")
        if "merged_into" in fact.cells
    }
    found = {person}
    while more := {one for one, other in into.items() if other in found} - found:
        found |= more
    return found - {person}


def _held(table: str, column: str) -> bool:
    """Whether a table of the store holds a column itself."""
    return not (table == "patients" and column in ("name", "birth_date", "group"))


def _put(call: Call, table: str, cells: dict[str, str]) -> None:
    """Write a row, in place of one with its key."""
    kind = kinds()[table]
    call.may("add", table, kind.columns)
    current_person(call, cells["person"])
    open_, sealed = kind.cells(checked(call, kind, cells))
    call.people.add(cells["person"])
    call.end(facts.known(call.connection, table, by="key", values=[kind.key(open_)]))
    wanted = Wanted(kind.key(open_), open_, sealed, *about(call, open_))
    fact = new_fact(call, table, call.next_place(), wanted)
    call.insert([sealed_fact(call, fact, sealed)])
