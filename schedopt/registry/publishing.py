"""A plan's visits, or a folder's appointments, as bookings: all of them in one call."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from schedopt.errors import SlotTaken, StoreError
from schedopt.models.office import Office
from schedopt.models.problem.happened import Cancelled
from schedopt.models.problem.plan import Plan
from schedopt.models.tables import Appointment
from schedopt.registry.bookings import COLUMNS, close, holding_rows, release, standing
from schedopt.registry.sites import lengths_of_visits, sites_of
from schedopt.registry.slots import POOL, Line, Slot, plain_slot, units
from schedopt.registry.statuses import STANDING
from schedopt.store.facts import AT_ONCE
from schedopt.store.schema import bookings, holdings
from schedopt.store.session import Call, random_id


def bring_bookings(
    call: Call, office: Office, appointments: Sequence[Appointment], known: Mapping[str, Slot],
    within: set[str] | None = None, *, aware: Collection[str] | None = None,
) -> int:  # fmt: skip
    """Bring the store's bookings to appointments; how many were made, changed or cancelled.

    Parameters
    ----------
    call : Call
        The call.
    office : Office
        Requests and what they need.
    appointments : sequence of Appointment
        As they should stand.
    known : mapping of str to Slot
        By request, slots of which all is known that they hold.
    within : set of str, optional
        Requests whose bookings may be cancelled where no appointment stands; without it, all.
    aware : collection of str, optional
        Refuse a slot of `known` that overlaps a booking of another request than these; without, it stands as it is
        said.

    Raises
    ------
    SlotTaken
        With `aware`, naming the requests.
    """
    before = {row["request"]: row for row in standing(call, None if within is None else sorted(within))}
    slots = _slots(office, appointments, known)
    new, ended, freed, held = [], [], [], list[tuple[str, Slot, bool]]()
    last = 0
    for row in appointments:
        slot, old = slots[row.request], before.pop(row.request, None)
        said = slot.row
        same = COLUMNS if row.request not in known else (*COLUMNS, "steps", "others")
        if old is not None and all(old[name] == said[name] for name in same) and old["place"] > last:
            last = old["place"]
            if row.request in known:
                freed.append(old["booking"])
                held.append((old["booking"], slot, bool(old["over"])))
            continue
        last = old["place"] if old is not None and old["place"] > last else call.next_place()
        name = random_id("b") if old is None else old["booking"]
        status = "booked" if old is None or old["status"] not in STANDING else old["status"]
        if old is not None:
            ended.append((old["booking"], old["since"]))
            freed.append(name)
        new.append(
            {"booking": name, "since": call.number, "status": status, **said, "place": last, "over": 0,
             "holds_until": None}
        )  # fmt: skip
        held.append((name, slot, False))
    gone = [old for old in before.values() if old["status"] in STANDING]
    for old in gone:
        ended.append((old["booking"], old["since"]))
        freed.append(old["booking"])
        cancelled = {**old, "since": call.number, "status": "cancelled", "holds_until": None}
        cancelled.pop("until")
        new.append(cancelled)
    _write(call, new, ended, freed, held, aware)
    return len(new)


def _write(
    call: Call, new: Sequence[dict[str, Any]], ended: Sequence[tuple[str, int]], freed: Sequence[str],
    held: Sequence[tuple[str, Slot, bool]], aware: Collection[str] | None,
) -> None:  # fmt: skip
    if new or freed:
        call.may("add", "appointments", COLUMNS)
        call.may("change", "appointments", COLUMNS)
    release(call, freed)
    over = _overlapping(call, held)
    if aware is not None:
        _expect_known(call, over, {slot.request for _, slot, _ in held} | set(aware))
    call.unbooked(ended)
    for row in new:
        row["over"] = int(row["booking"] in over)
    call.booked(new)
    rows: list[dict[str, Any]] = []
    lines = [(name, place, line) for name, slot, _ in held for place, line in enumerate(slot.lines)]
    numbers = units([line for _, _, line in lines], _others(call, [line for _, _, line in lines]))
    by_name: dict[str, list[tuple[Line, int | None]]] = defaultdict(list)
    for (name, _, line), unit in zip(lines, numbers, strict=True):
        by_name[name].append((line, unit))
    for name, mine in by_name.items():
        found = holding_rows(name, [line for line, _ in mine], [unit or 1 for _, unit in mine], over=name in over)
        for row, (_, unit) in zip(found, mine, strict=True):
            rows.append({**row, "over": 1 if unit is None else row["over"]})
    if rows:
        call.connection.execute(holdings.insert(), rows)


def _expect_known(call: Call, over: Mapping[str, str], known: set[str]) -> None:
    """Refuse overlaps with bookings of other requests."""
    others = sorted({other for other in over.values() if other})
    b, found = bookings.c, list[str]()
    for first in range(0, len(others), AT_ONCE):
        some = b.booking.in_(others[first : first + AT_ONCE])
        found.extend(call.connection.scalars(sa.select(b.request).where(b.until.is_(None), some)))
    if unknown := sorted(set(found) - known):
        raise SlotTaken(
            f"the plan does not know the bookings of {', '.join(unknown[:10])}, and overlaps them: plan again"
        )


def _others(call: Call, lines: Sequence[Line]) -> list[tuple[str, int, int, int]]:
    """What other bookings hold of pools at these times."""
    pools = sorted({line.thing for line in lines if line.kind == POOL})
    if not pools:
        return []
    h = holdings.c
    first, last = min(line.starts for line in lines), max(line.ends for line in lines)
    query = sa.select(h.thing, h.unit, h.starts, h.ends).where(
        h.kind == POOL, h.thing.in_(pools), h.starts < last, h.ends > first, h.over == 0
    )
    return [(thing, unit, begin, end) for thing, unit, begin, end in call.connection.execute(query)]


def _overlapping(call: Call, held: Sequence[tuple[str, Slot, bool]]) -> dict[str, str]:
    """Bookings that overlap others as they stand, each with one of these (empty: it did before)."""
    over = {name: "" for name, _, was in held if was}
    if not held:
        return over
    stretches: dict[tuple[str, str], list[tuple[int, int, str, str]]] = defaultdict(list)
    ids = {name for name, _, _ in held}
    for name, slot, _ in held:
        for line in slot.lines:
            if line.kind != POOL:
                stretches[line.kind, line.thing].append((line.starts, line.ends, line.shares or name, name))
    h = holdings.c
    first = min(line.starts for _, slot, _ in held for line in slot.lines)
    last = max(line.ends for _, slot, _ in held for line in slot.lines)
    query = sa.select(h.kind, h.thing, h.starts, h.ends, h.shares, h.booking).where(
        h.kind != POOL, h.starts < last, h.ends > first, h.over == 0
    )
    for kind, thing, begin, end, shares, name in call.connection.execute(query):
        stretches[kind, thing].append((begin, end, shares, name))
    for found in stretches.values():
        found.sort(key=lambda one: (one[0], one[3] in ids, one[1]))
        reach: list[tuple[int, str, str]] = []
        for begin, end, shares, name in found:
            reach = [one for one in reach if one[0] > begin]
            near = [who for _, other, who in reach if other != shares]
            if near and name not in over:
                wrong = name if name in ids else next((who for who in near if who in ids), name)
                over[wrong] = near[0] if wrong == name else name
            if name not in over:
                reach.append((end, shares, name))
    return over


def _slots(office: Office, appointments: Sequence[Appointment], known: Mapping[str, Slot]) -> dict[str, Slot]:
    """The slot of each appointment; where a plan says what it holds, with all of it."""
    rest = [row for row in appointments if row.request not in known]
    patient = {row.request: row.patient for row in office.requests}
    kind_of = {row.request: row.visit_type for row in office.requests}
    seats = {row.visit_type: row.seats for row in office.visit_types}
    sites, lengths = sites_of(office, rest), lengths_of_visits(office, rest)
    found: dict[str, Slot] = {}
    for row in appointments:
        slot = known.get(row.request)
        if slot is None:
            site = sites[row.request]
            kind = kind_of[row.request]
            start = dt.datetime.combine(row.date, dt.time()) + dt.timedelta(minutes=row.start)
            shares = f"{row.provider} {row.date} {row.start} {kind}" if seats[kind] > 1 else ""
            zone = office.zones.get(site, office.settings.zone)
            slot = plain_slot(
                row.request, patient[row.request], row.provider, site, zone, start, lengths[row.request], shares
            )
        found[row.request] = replace(slot, mark=row.mark, minutes=row.minutes, authorisation=row.authorisation)
    return found


def expect_as_planned(plan: Plan, office: Office, through: dt.date, *, draft: bool) -> None:
    """Refuse a plan that does not know what has become of its requests' bookings since it was made.

    That it was published before, up to the same day, it may not know; nor where a visit stands now that it knows to be
    cancelled by its patient.

    Raises
    ------
    StoreError
        Naming the requests.
    """
    week, calendar = plan.problem.week, plan.problem.calendar
    requests, providers = week.requests, week.sessions.provider_ids
    now = {row.request: (row.provider, row.date, row.start) for row in office.appointments or ()}
    planned = {visit.request: (visit.provider, visit.date, visit.start) for visit in plan.visits}
    there = {row.request for row in office.requests}
    cancelled = {change.request for change in plan.problem.changes if isinstance(change, Cancelled)}
    changed = []
    for code, name in enumerate(requests.ids):
        if name in cancelled:
            continue
        start = int(requests.promised_start[code])
        promised = None
        if start >= 0:
            provider = providers[int(requests.promised_provider[code])]
            promised = (provider, calendar.date(calendar.day_of(start)), calendar.minutes(start))
        known, new = {promised, planned.get(name)}, planned.get(name)
        if not draft and promised and promised[1] <= through and new and new[1] > through:
            known.add(None)  # the plan gives the promise up, and books nothing yet
        if name not in there or now.get(name) not in known:
            changed.append(name)
    if changed:
        words = ", ".join(changed[:10]) + (f" and {len(changed) - 10} more" if len(changed) > 10 else "")
        raise StoreError(f"booked, moved or cancelled since this was planned: {words}; plan again, or admit the plan")


def settle_cancellations(call: Call, office: Office) -> None:
    """Have planning done with every request that is cancelled."""
    for row in office.cancellations or ():
        close(call, row.request)
