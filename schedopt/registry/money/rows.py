"""Rows of tables about money as values: read, changed and added, many at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, NamedTuple, TypeVar

from schedopt.models.tables.fields import Row
from schedopt.registry.exchange import Wanted, new_fact
from schedopt.registry.kinds import kinds
from schedopt.store import facts
from schedopt.store.facts import Fact
from schedopt.store.kinds import Kind
from schedopt.store.session import Call

R = TypeVar("R", bound=Row)


class Kept(NamedTuple, Generic[R]):
    """A row with the version of the fact that it is."""

    row: R
    fact: Fact


def kept(call: Call, row_class: type[R], **which: Any) -> list[Kept[R]]:
    """Rows of a table as they are known now; said as in :func:`schedopt.store.facts.rows_known`.

    What is sealed of a person whose key is gone is empty.
    """
    found = facts.known(call.connection, row_class.table_name, **which)
    sealed = {fact.owner for fact in found if fact.sealed is not None and fact.owner is not None}
    keys: dict[str | None, bytes] = {None: call.keys.office}
    keys.update(call.keys.of(sealed))
    return [Kept(_row(row_class, fact, keys), fact) for fact in found]


def _row(row_class: type[R], fact: Fact, keys: dict[str | None, bytes]) -> R:
    cells: dict[str, Any] = dict(fact.cells)
    if fact.sealed is not None and fact.owner in keys:
        cells.update(fact.opened(keys[fact.owner]))
    for name in kinds()[row_class.table_name].sealed:
        if row_class.model_fields[name].is_required():
            cells.setdefault(name, "")
    return row_class.model_validate(cells)


def owners_of(call: Call, patients: Iterable[str]) -> dict[str, str]:
    """The person behind each patient."""
    rows = facts.known(call.connection, "people", by="patient", values=patients)
    return {str(fact.patient): str(fact.owner) for fact in rows if fact.owner is not None}


@dataclass
class Changes:
    """Rows to be written at the end of a call, each table at once; a row is changed once a call.

    Attributes
    ----------
    changed : dict of int to (Fact, Row)
        Versions in force, and what they become.
    added : list of (Row, patient, request)
        What is new.
    ended : list of Fact
        Versions that nothing follows.
    """

    changed: dict[int, tuple[Fact, Row]] = field(default_factory=dict)
    added: list[tuple[Row, str | None, str | None]] = field(default_factory=list)
    ended: list[Fact] = field(default_factory=list)

    def change(self, fact: Fact, row: Row) -> None:
        """Put a row in place of what a version says."""
        self.changed[fact.fact] = (fact, row)

    def add(self, row: Row, patient: str | None = None, request: str | None = None) -> None:
        """Add a row, and say whom it is about."""
        self.added.append((row, patient, request))

    def end(self, fact: Fact) -> None:
        """End a row."""
        self.ended.append(fact)

    def write(self, call: Call) -> int:
        """Write them; how many there were.

        Raises
        ------
        AccessDenied
            If the actor may not.
        """
        self._ask(call)
        patients = {patient for row, patient, _ in self.added if patient and kinds()[row.table_name].sealed}
        owners = owners_of(call, patients) if patients else {}
        keys: dict[str | None, bytes] = {None: call.keys.office}
        old_owners = {
            fact.owner for fact, row in self.changed.values() if fact.owner and kinds()[row.table_name].sealed
        }
        if wanted := {*owners.values(), *old_owners}:
            keys.update(call.keys.of(wanted))
        new = [self._changed(call, fact, row, keys) for fact, row in self.changed.values()]
        for row, patient, request in self.added:
            kind = kinds()[row.table_name]
            open_, sealed = kind.cells(row)
            owner = owners.get(patient or "") if sealed else None
            fact = new_fact(call, kind.name, call.next_place(), _wanted(kind, open_, patient, request, owner))
            new.append(fact.sealed_with(keys[owner], sealed) if sealed else fact)
        call.end([*(fact for fact, _ in self.changed.values()), *self.ended])
        call.insert(new)
        return len(new) + len(self.ended)

    def _ask(self, call: Call) -> None:
        wanted = {("add", row.table_name) for row, _, _ in self.added}
        wanted |= {("change", row.table_name) for _, row in self.changed.values()}
        wanted |= {("end", fact.kind) for fact in self.ended}
        for operation, table in sorted(wanted):
            call.may(operation, table, kinds()[table].columns)

    @staticmethod
    def _changed(call: Call, fact: Fact, row: Row, keys: dict[str | None, bytes]) -> Fact:
        open_, sealed = kinds()[row.table_name].cells(row)
        new = replace(fact, cells=open_, since=call.number)
        return new.sealed_with(keys[fact.owner], sealed) if sealed else replace(new, sealed=None)


def _wanted(
    kind: Kind, open_: dict[str, str], patient: str | None, request: str | None, owner: str | None
) -> Wanted:  # fmt: skip
    return Wanted(kind.key(open_), open_, {}, patient, request, owner)
