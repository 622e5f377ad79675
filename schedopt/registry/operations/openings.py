"""Free places that are offered to those who wait: what becomes of offers when somebody has taken the place."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from schedopt.operations.letters.kinds import OPEN, TOLD
from schedopt.operations.letters.matters import Change, Matter, Reach, Wanted, moment_of, visit_in
from schedopt.operations.letters.settling import settled
from schedopt.operations.letters.tables import FreePlace, Message
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.operations.letter_facts import OfficeLetters, reaches
from schedopt.registry.operations.messages import new_message
from schedopt.registry.slots import PROVIDER, instant
from schedopt.store import facts, schema
from schedopt.store.session import Call

SOON = dt.timedelta(hours=1)
"""So long before it begins a place is still offered."""


def for_offers(reach: Reach) -> Reach:
    """How an offer goes: what would be on paper is told by telephone, as it would come too late."""
    if reach.channel != "letter":
        return reach
    return replace(reach, channel="phone", why=reach.why or "offers are not sent on paper", days_on_way=0)


def may_offer(call: Call) -> bool:
    """Whether whoever calls may offer places; billing, which sends letters too, may not."""
    return call.policy.allows(call.roles, call.purpose, "change", FreePlace.table_name, "state")


def open_places(call: Call) -> list[Kept[FreePlace]]:
    """Places that are on offer."""
    if not facts.is_any(call.connection, FreePlace.table_name):
        return []
    return [one for one in kept(call, FreePlace, open_only=True) if one.row.state == "open"]


def offers_of(call: Call, places: list[Kept[FreePlace]]) -> dict[str, list[Kept[Message]]]:
    """The offers of places, by place, oldest first."""
    found = defaultdict[str, list[Kept[Message]]](list)
    wanted = {one.row.opening for one in places}
    for one in kept(call, Message, open_only=True) if wanted else ():
        if one.row.opening in wanted and one.row.kind == "offer":
            found[str(one.row.opening)].append(one)
    return found


def follow_places(call: Call, office: OfficeLetters, now: dt.datetime, changes: Changes, taken: str = "") -> None:
    """What follows for offers from what stands: places that somebody has now, offers that nobody has answered.

    Parameters
    ----------
    call : Call
        The call.
    office : OfficeLetters
        How the office writes.
    now : datetime.datetime
        The moment.
    changes : Changes
        Gets what has to be written.
    taken : str
        A message by which a place was just taken; it stays as it is.
    """
    places = open_places(call)
    offers = offers_of(call, places)
    for place in places:
        mine = offers.get(place.row.opening, [])
        state = state_of(call, place.row, now)
        if taken and any(one.row.message == taken for one in mine):
            state = "filled"
        if state == "open":
            for one in _unanswered(mine, now):
                changes.change(one.fact, one.row.model_copy(update={"answer": "expired"}))
            continue
        changes.change(place.fact, place.row.model_copy(update={"state": state}))
        rest = [one for one in mine if one.row.message != taken]
        for one in rest:
            if one.row.state in OPEN:
                changes.change(one.fact, one.row.model_copy(update={"state": "withdrawn"}))
            elif one.row.state in TOLD and one.row.answer is None:
                changes.change(one.fact, one.row.model_copy(update={"answer": "gone"}))
        for _, after in _gone(call, office, rest, now):
            changes.add(after, after.patient, after.request)


def _unanswered(offers: list[Kept[Message]], now: dt.datetime) -> Iterator[Kept[Message]]:
    """Offers whose time is over."""
    for one in offers:
        ends = moment_of(one.row.expires)
        if one.row.state in TOLD and one.row.answer is None and ends is not None and ends < now:
            yield one


def _gone(
    call: Call, office: OfficeLetters, offers: list[Kept[Message]], now: dt.datetime
) -> Iterator[Change]:  # fmt: skip
    """Letters to those who were offered a place that is gone, and have not answered."""
    asked = [one.row for one in offers if one.row.state in TOLD and one.row.answer is None]
    reach = reaches(call, office, [one.patient for one in asked])
    for row in asked:
        how = for_offers(reach[row.patient])
        matter = Matter(row.patient, how, office.zone, [], row.request, row.visit_type)
        wanted = [Wanted("taken", visit=visit_in(row), more={"opening": row.opening})]
        yield from settled(matter, wanted, now, new_message, ("taken",))


def state_of(call: Call, place: FreePlace, now: dt.datetime) -> Literal["open", "filled", "closed"]:
    """Whether a place is still to be had."""
    starts, ends = (instant(ZoneInfo(place.zone), place.date, minutes) for minutes in (place.start, place.end))
    if dt.datetime.fromtimestamp(ends * 60, dt.UTC) <= now + SOON:
        return "closed"
    h = schema.holdings.c
    mine = sa.and_(h.kind == PROVIDER, h.thing == place.provider)
    held = sa.select(h.booking).where(mine, h.starts < ends, h.ends > starts)
    return "open" if call.connection.execute(held.limit(1)).first() is None else "filled"
