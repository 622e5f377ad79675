"""The outbox: what is to be told after a change, written in the same transaction, and brought up to a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from schedopt.operations.letters.due import of_request
from schedopt.operations.letters.kinds import LetterKind
from schedopt.operations.letters.matters import Change
from schedopt.operations.letters.settling import settled
from schedopt.registry.money.rows import Changes
from schedopt.registry.operations.letter_facts import OfficeLetters, Told, matters, office_letters
from schedopt.store.session import Call, random_id

OF_REQUEST: tuple[LetterKind, ...] = ("confirmation", "moved", "cancelled", "reminder", "missed", "lacking")
"""Kinds that are decided by where a request stands."""


def follow(call: Call) -> None:
    """Write what follows for patients from the bookings that a call has written, where the office writes letters."""
    if not call.requests:
        return
    office = office_letters(call)
    if office is not None:
        write(call, [(one, of_requests(one, office, moment(call))) for one in matters(call, office, call.requests)])


def moment(call: Call) -> dt.datetime:
    """When a call was made."""
    return dt.datetime.fromisoformat(call.at)


def new_message() -> str:
    """An id of a message."""
    return random_id("m")


def of_requests(told: Told, office: OfficeLetters, now: dt.datetime) -> list[Change]:
    """What has to be written about a request."""
    wanted = of_request(told.matter, now, office.rules)
    return settled(told.matter, wanted, now, new_message, OF_REQUEST)


def write(call: Call, found: Iterable[tuple[Told, Collection[Change]]]) -> int:
    """Write changes of messages; how many there were."""
    changes = Changes()
    for told, some in found:
        for before, after in some:
            if before is None:
                changes.add(after, after.patient, after.request)
            else:
                changes.change(told.versions[before.message].fact, after)
    return changes.write(call) if changes.added or changes.changed else 0
