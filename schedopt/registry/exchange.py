"""A folder's office into the store, and out of it again: what has changed is written, nothing is overwritten."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from schedopt.models.office import Office
from schedopt.models.tables import Patient
from schedopt.registry.kinds import OF_PERSON, SETTINGS, fact_tables, kinds
from schedopt.registry.people import forget_blinds, person_kind, write_blinds
from schedopt.store import facts
from schedopt.store.facts import Fact
from schedopt.store.kinds import Kind
from schedopt.store.schema import ALWAYS, EVER
from schedopt.store.session import SPACING, Call, random_id

Cells = dict[str, str]


@dataclass(frozen=True)
class Wanted:
    """A row as it should stand in the store."""

    key: str
    cells: Cells
    sealed: Cells = field(repr=False)
    patient: str | None
    request: str | None
    owner: str | None


def import_facts(
    call: Call, office: Office, heard: Mapping[str, Collection[str]] = MappingProxyType({})
) -> dict[str, int]:  # fmt: skip
    """Bring the store's facts to what an office says; rows written or ended, by table.

    Parameters
    ----------
    call : Call
        The call.
    office : Office
        With names and birth dates.
    heard : mapping of str to collection of str
        By table, keys of rows that stay although the office does not say them, while their patients do.
    """
    changed = {SETTINGS: _settings(call, office, heard)}
    patients = {row.patient for row in office.patients}
    person = _people(call, office, patients, changed)
    of_request = {row.request: row.patient for row in office.requests}
    for row_class in fact_tables():
        kind = kinds()[row_class.table_name]
        wanted = [_wanted(kind, row, person, of_request) for row in office.rows(row_class) or ()]
        changed[kind.name] = bring_to(call, kind, wanted, heard.get(kind.name, ()), patients)
    return {name: count for name, count in changed.items() if count}


def _settings(call: Call, office: Office, heard: Collection[str]) -> int:
    """Write the settings, and which tables the office has, where they have changed."""
    tables = [name for name in (*kinds(), "appointments") if getattr(office, name, None) is not None or name in heard]
    said = json.dumps(office.settings.model_dump(mode="json", exclude_none=True), sort_keys=True)
    cells = {"settings": said, "tables": json.dumps(sorted(set(tables)))}
    call.may("change", SETTINGS, ("settings",))
    current = facts.known(call.connection, SETTINGS)
    if current and current[0].cells == cells:
        return 0
    call.end(current)
    call.insert([new_fact(call, SETTINGS, 0, Wanted("[]", cells, {}, None, None, None))])
    return 1


def _people(call: Call, office: Office, patients: set[str], changed: dict[str, int]) -> dict[str, str]:
    """Bring what patients' rows say of persons to theirs; persons by patient."""
    kind, columns = person_kind(), OF_PERSON
    current = {fact.patient: fact for fact in facts.known(call.connection, kind.name, on=call.today) if fact.patient}
    new = {name: random_id("p") for name in (row.patient for row in office.patients) if name not in current}
    call.keys.make(new.values())
    person = {**{name: str(fact.owner) for name, fact in current.items() if name in patients}, **new}
    keys = call.keys.of(person.values())
    of_patient = Kind(Patient, kind.write)
    made = []
    count = 0
    for row in office.patients:
        who = person[row.patient]
        _, sealed = of_patient.cells(row)
        said = {name: cell for name, cell in sealed.items() if name in columns}
        if row.patient in new:
            wanted = Wanted(key_of(who), {"person": who, "patient": row.patient}, said, row.patient, None, who)
            made.append(new_fact(call, kind.name, call.next_place(), wanted).sealed_with(keys[who], said))
            write_blinds(call, who, said)
            count += 1
            continue
        if who not in keys:
            continue  # disposed of: nothing is written of him or her any more
        before = current[row.patient].opened(keys[who])
        after = {**{name: cell for name, cell in before.items() if name not in columns}, **said}
        if after != before:
            call.may("change", kind.name, columns)
            call.change(current[row.patient], current[row.patient], keys[who], after)
            forget_blinds(call, who)
            write_blinds(call, who, after)
            count += 1
    if made:
        call.may("add", kind.name, ("person", "patient", *columns))
        call.insert(made)
    if count:
        changed[kind.name] = count
    return person


def key_of(*values: str) -> str:
    """The key of a row with these values in its key columns."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def _wanted(kind: Kind, row: Any, person: Mapping[str, str], of_request: Mapping[str, str]) -> Wanted:
    cells, sealed = kind.cells(row)
    if kind.row_class is Patient:
        sealed = {}
        cells = {name: cell for name, cell in cells.items() if name not in OF_PERSON}
    request = cells.get("request")
    patient = cells.get("patient") or (None if request is None else of_request.get(request))
    owner = None if patient is None or not sealed else person.get(patient)
    return Wanted(kind.key(cells), cells, sealed, patient, request, owner)


def new_fact(call: Call, kind: str, place: int, wanted: Wanted) -> Fact:
    """A first version of a row, true always; what is sealed is not in it yet."""
    return Fact(
        call.new_fact(), call.number, ALWAYS, EVER, kind, place, wanted.key, wanted.patient, wanted.request,
        wanted.cells, wanted.owner, None,
    )  # fmt: skip


def bring_to(
    call: Call, kind: Kind, wanted: Sequence[Wanted], heard: Collection[str] = (), patients: Collection[str] = ()
) -> int:  # fmt: skip
    """Bring a table's rows to what they should be; how many were written or ended.

    Rows that are not wanted are ended, but those with the keys `heard` that are about one of the `patients`.
    """
    current: dict[str, deque[Fact]] = defaultdict(deque)
    for fact in facts.known(call.connection, kind.name, on=call.today, within=EVER):
        current[fact.key].append(fact)
    paired = [(row, current[row.key].popleft() if current.get(row.key) else None) for row in wanted]
    keys = _keys(call, wanted)
    left = [fact for rest in current.values() for fact in rest]
    gone = {fact.fact for fact in left if fact.key not in heard or fact.patient not in patients}
    ended, new, count = list[Fact](), list[Fact](), len(gone)
    if gone:
        ended.extend(one for one in facts.known(call.connection, kind.name) if one.fact in gone)
    for (row, old), place in zip(paired, _places([old.place if old else None for _, old in paired]), strict=True):
        key = keys[row.owner] if row.sealed else None
        if old is None:
            fact = new_fact(call, kind.name, place, row)
            new.append(fact.sealed_with(key, row.sealed) if key else fact)
        elif (old.cells, old.place, old.patient, old.request) != (row.cells, place, row.patient, row.request) or (
            _opened(call, old, keys) != row.sealed
        ):
            wanted_fact = replace(old, cells=row.cells, place=place, patient=row.patient, request=row.request)
            wanted_fact = replace(wanted_fact, owner=row.owner, sealed=None)
            ended.append(old)
            sealed = wanted_fact.sealed_with(key, row.sealed) if key else wanted_fact
            new.append(replace(sealed, since=call.number))
            count += 1
    for operation, rows in (("add", new), ("end", ended)):
        if rows:
            call.may(operation, kind.name, _told(kind))
    call.end(ended)
    call.insert(new)
    return count + sum(fact.fact >> 24 == call.number for fact in new)


def _told(kind: Kind) -> tuple[str, ...]:
    """Columns that a table's facts hold."""
    return tuple(name for name in kind.columns if kind.row_class is not Patient or name not in OF_PERSON)


def _keys(call: Call, wanted: Iterable[Wanted]) -> dict[str | None, bytes]:
    owners = {row.owner for row in wanted if row.sealed and row.owner is not None}
    keys: dict[str | None, bytes] = {None: call.keys.office}
    keys.update(call.keys.of(owners))
    return keys


def _opened(call: Call, fact: Fact, keys: dict[str | None, bytes]) -> Cells:
    if fact.sealed is None:
        return {}
    if fact.owner not in keys:
        keys.update(call.keys.of([str(fact.owner)]))
    return fact.opened(keys[fact.owner]) if fact.owner in keys else {}


def _places(old: Sequence[int | None]) -> Iterator[int]:
    """Places in order for rows that have one and rows that have none; as many as can keep theirs."""
    last = 0
    coming: list[int | None] = [None] * len(old)
    following: int | None = None
    for index in range(len(old) - 1, -1, -1):
        coming[index] = following
        following = old[index] if old[index] is not None else following
    for place, after in zip(old, coming, strict=True):
        if place is not None and place > last:
            last = place
        elif place is None and after is not None and last + 1 < after < last + 2 * SPACING:
            last = (last + after) // 2
        elif place is None and after is not None and after > last:
            last = last + 1
        else:
            last += SPACING if after is None else 1
        yield last
