"""Whether a store's rows agree with each other."""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa

from schedopt.errors import SealError
from schedopt.registry.kinds import kinds
from schedopt.registry.money.agreeing import money_faults
from schedopt.registry.statuses import HOLDING
from schedopt.store import facts, schema
from schedopt.store.session import Call

_PART = 1000


def faults(call: Call) -> Iterator[tuple[str, str]]:
    """What is not as it should be, and where."""
    yield from _holdings(call)
    yield from _overlaps(call)
    yield from _seals(call)
    yield from _references(call)
    yield from _seen(call)
    yield from _disposed(call)
    yield from money_faults(call)


def _holdings(call: Call) -> Iterator[tuple[str, str]]:
    """Bookings that hold something are those whose status says so."""
    b, h = schema.bookings, schema.holdings
    living = sa.select(b.c.booking).where(b.c.until.is_(None), b.c.status.in_(HOLDING))
    held = set(call.connection.scalars(sa.select(h.c.booking).distinct()))
    should = set(call.connection.scalars(living))
    yield from (("a booking that is given up holds something", name) for name in sorted(held - should))
    yield from (("a booking holds nothing", name) for name in sorted(should - held))
    twice = sa.select(b.c.request).where(b.c.until.is_(None), b.c.status.in_(HOLDING)).group_by(b.c.request)
    for name in call.connection.scalars(twice.having(sa.func.count() > 1)):
        yield "a request has two bookings", name


def _overlaps(call: Call) -> Iterator[tuple[str, str]]:
    """No two bookings hold one thing at once."""
    h = schema.holdings.c
    order = (h.kind, h.thing, h.unit, h.starts, h.ends)
    query = sa.select(*order, h.shares, h.booking).where(h.over == 0).order_by(*order)
    before: tuple[str, str, int] | None = None
    reach: list[tuple[int, str]] = []
    for kind, thing, unit, starts, ends, shares, _ in call.connection.execute(query):
        if (kind, thing, unit) != before:
            before, reach = (kind, thing, unit), []
        reach = [one for one in reach if one[0] > starts]
        if any(other != shares for _, other in reach):
            yield "two bookings hold one thing at once", f"{kind} {thing}"
        reach.append((ends, shares))


def _seals(call: Call) -> Iterator[tuple[str, str]]:
    """Every sealed value opens, but for those whose key was destroyed."""
    f = schema.facts.c
    query = sa.select(f.kind, f.fact, f.since, f.owner, f.sealed).where(f.sealed.is_not(None))
    rows = call.connection.execute(query).all()
    for first in range(0, len(rows), _PART):
        some = rows[first : first + _PART]
        keys: dict[str | None, bytes] = {None: call.keys.office}
        keys.update(call.keys.of({row.owner for row in some if row.owner is not None}))
        for row in some:
            if row.owner not in keys:
                if not call.keys.is_destroyed(row.owner):
                    yield "a key is missing", row.owner
                continue
            fact = facts.Fact(
                row.fact, row.since, "", "", row.kind, 0, "", None, None, {}, row.owner, row.sealed
            )  # fmt: skip
            try:
                fact.opened(keys[row.owner])
            except (SealError, ValueError):
                yield "a sealed value does not open", f"{row.kind} {row.fact} since {row.since}"


def _references(call: Call) -> Iterator[tuple[str, str]]:
    """What rows name is there."""
    f = schema.facts.c
    keys: dict[str, set[str]] = {}
    for kind in kinds().values():
        for column, target in kind.references.items():
            if target not in keys:
                query = sa.select(f.key).where(f.kind == target, f.until.is_(None))
                keys[target] = set(call.connection.scalars(query))
            if not keys[target] and not kinds()[target].row_class.required:
                continue  # the office does not have that table: this column says which ids there are
            for fact in facts.known(call.connection, kind.name):
                for name in filter(None, (part.strip() for part in fact.cells.get(column, "").split(";"))):
                    if json.dumps([name], ensure_ascii=False) not in keys[target]:
                        yield f"{kind.name}.{column} names what is not in {target}", name


def _seen(call: Call) -> Iterator[tuple[str, str]]:
    """Who an entry is about is looked up as it says."""
    e, s = schema.entries.c, schema.seen.c
    said = {
        (person, number)
        for number, people in call.connection.execute(sa.select(e.number, e.people).where(e.people != ""))
        for person in people.split(" ")
    }
    found = {(person, number) for person, number in call.connection.execute(sa.select(s.person, s.number))}
    yield from (("an entry is not found by its person", str(number)) for _, number in sorted(said ^ found))


def _disposed(call: Call) -> Iterator[tuple[str, str]]:
    """Who was disposed of has no key any more."""
    e = schema.entries.c
    done = sa.select(e.people).where(e.operation == "dispose", e.outcome == "done")
    for person in sorted({name for people in call.connection.scalars(done) for name in people.split(" ")}):
        if not call.keys.is_destroyed(person):
            yield "the key of who was disposed of is there: dispose again", person
