"""The outbox: what is to be told after a change, written in the same transaction, and brought up to a moment."""

from __future__ import annotations

import datetime as dt

from schedopt.errors import StoreError
from schedopt.operations.letters.due import of_request
from schedopt.operations.letters.kinds import LetterKind
from schedopt.operations.letters.matters import Change
from schedopt.operations.letters.settling import settled
from schedopt.operations.letters.tables import Message
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.operations.letter_facts import OfficeLetters, Told, matters, office_letters
from schedopt.registry.operations.messages import moment, new_message
from schedopt.registry.operations.openings import follow_places
from schedopt.store.session import Call

OF_REQUEST: tuple[LetterKind, ...] = ("confirmation", "moved", "cancelled", "reminder", "missed", "lacking")
"""Kinds that are decided by where a request stands."""


def follow(call: Call) -> None:
    """Write what follows for patients from the bookings that a call has written, where the office writes letters."""
    if not call.requests:
        return
    office = office_letters(call)
    if office is None:
        return
    changes, now = Changes(), moment(call)
    for told in matters(call, office, call.requests):
        put(changes, told, of_requests(told, office, now))
    follow_places(call, office, now, changes)
    write(call, changes)


def expect_letters(call: Call) -> OfficeLetters:
    """What the office says of its letters.

    Raises
    ------
    StoreError
        If it writes none.
    """
    office = office_letters(call)
    if office is None:
        raise StoreError("expected a section [letters] in the office's settings: without it, no letter is written")
    return office


def of_requests(told: Told, office: OfficeLetters, now: dt.datetime) -> list[Change]:
    """What has to be written about a request."""
    return settled(told.matter, of_request(told.matter, now, office.rules), now, new_message, OF_REQUEST)


def put(changes: Changes, told: Told, found: list[Change]) -> None:
    """Have changes of messages written."""
    for before, after in found:
        if before is None:
            changes.add(after, after.patient, after.request)
        else:
            changes.change(told.versions[before.message].fact, after)


def write(call: Call, changes: Changes) -> int:
    """Write changes; how many there were."""
    return changes.write(call) if changes.added or changes.changed else 0


def all_open(call: Call) -> list[Kept[Message]]:
    """Every message that is looked at, oldest first."""
    found = kept(call, Message, open_only=True)
    return sorted(found, key=lambda one: (one.fact.place, one.fact.fact))
