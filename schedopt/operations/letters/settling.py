"""From what is to be told to messages: what waits already stays, what is new is written, what is not so goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from schedopt.operations.letters.kinds import OF_VISIT, OPEN, Channel, LetterKind
from schedopt.operations.letters.matters import Change, Matter, Reach, Wanted, moment_of, visit_in
from schedopt.operations.letters.moments import Quiet, sending_moment
from schedopt.operations.letters.tables import Message


def settled(
    matter: Matter, wanted: Sequence[Wanted], now: dt.datetime, new_id: Callable[[], str], kinds: Sequence[LetterKind]
) -> list[Change]:  # fmt: skip
    """What has to be written so that exactly what is wanted waits.

    Parameters
    ----------
    matter : Matter
        What it is about, with its log.
    wanted : sequence of Wanted
        What is to be told.
    now : datetime.datetime
        The moment.
    new_id : callable
        Gives ids of messages.
    kinds : sequence of str
        Of these kinds, what waits and is not wanted is withdrawn.
    """
    open_ = {_identity_of(one): one for one in matter.log if one.state in OPEN and one.kind in kinds}
    changes = []
    for one in wanted if matter.reach.channel != "none" else ():
        after = _message(matter, one, now)
        if after is None:
            continue
        before = open_.pop(_identity(one), None)
        if before is None:
            cells: dict[str, Any] = {
                **after,
                "message": new_id(),
                "state": "waiting",
                "sequence": _sequence(matter, one.kind),
            }
            changes.append(Change(None, Message.model_construct(**cells)))
        elif before.state == "waiting":
            new = before.model_copy(update={**after, "due": _due_of(before, one, matter, now)})
            if new != before:
                changes.append(Change(before, new))
    withdrawn = (Change(one, one.model_copy(update={"state": "withdrawn"})) for one in open_.values())
    return [*changes, *withdrawn]


def _identity(one: Wanted) -> tuple[object, ...]:
    place = None if one.visit is None else one.visit[:4]
    return (one.kind, place, *(one.more.get(name) for name in ("lacks", "recall", "due_day", "opening")))


def _identity_of(one: Message) -> tuple[object, ...]:
    visit = visit_in(one)
    return (one.kind, None if visit is None else visit[:4], one.lacks, one.recall, one.due_day, one.opening)


def _sequence(matter: Matter, kind: LetterKind) -> int:
    """The revision that a new message tells: each letter about where a visit stands is one."""
    told = [one.sequence for one in matter.log if one.kind in OF_VISIT and one.state not in ("waiting", "withdrawn")]
    return max(told, default=-1) + 1 if kind in OF_VISIT else max(told, default=0)


def quiet_of(reach: Reach, zone: str) -> Quiet | None:
    """The quiet hours of a patient; None where nothing rings: on paper."""
    if reach.channel == "letter":
        return None
    return Quiet.of(reach.zone or zone, reach.quiet_from, reach.quiet_until)


def _due_of(before: Message | None, one: Wanted, matter: Matter, now: dt.datetime) -> str:
    """When it is to be sent; what waits since before the moment goes on waiting since then."""
    quiet = quiet_of(matter.reach, one.visit.zone if one.visit else matter.zone)
    base = one.base
    if base is None:
        waits = None if before is None else moment_of(before.due)
        base = now if waits is None or waits > now else waits
    due = sending_moment(base, now, quiet)
    if quiet is not None and one.kind == "reminder" and one.before is not None and due >= one.before:
        due = quiet.before(one.before - dt.timedelta(minutes=1))
    return due.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _message(matter: Matter, one: Wanted, now: dt.datetime) -> dict[str, object] | None:
    """The columns of a message, but for its own; None where there is no time left in which it may be sent."""
    due = _due_of(None, one, matter, now)
    late = one.before is not None and (moment_of(due) or now) >= one.before - matter.reach.on_way
    channel: Channel = matter.reach.channel
    why = matter.reach.why
    if one.kind == "reminder" and (late or ((moment_of(due) or now) < now and _is_quiet(matter, one, now))):
        return None
    if late:
        channel, why = "phone", "too late to write"
    visit, was = one.visit, one.was
    return {
        "patient": matter.patient, "kind": one.kind, "request": matter.request, "visit_type": matter.visit_type,
        "channel": channel, "why": why, "language": matter.reach.language, "clock": matter.reach.clock, "due": due,
        **({} if visit is None else visit._asdict()),
        **({} if was is None else {"was_date": was.date, "was_start": was.start}),
        **one.more,
    }  # fmt: skip


def _is_quiet(matter: Matter, one: Wanted, now: dt.datetime) -> bool:
    quiet = quiet_of(matter.reach, one.visit.zone if one.visit else matter.zone)
    return quiet is not None and quiet.holds(now)
