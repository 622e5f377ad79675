"""Small things that readers of transactions share. What is missing or none is empty or None."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from schedopt.interop.x12.kinds import is_date
from schedopt.interop.x12.loops import Loop
from schedopt.interop.x12.values import Segment

NO_MOMENT = dt.datetime(1900, 1, 1)
"""In place of one that a file does not say."""


def find(segments: Iterable[Segment], name: str) -> Segment | None:
    """The first segment of a name."""
    return next((one for one in segments if one.name == name), None)


def first_loop(loop: Loop, name: str) -> Loop | None:
    """The first loop of a name that is right in this one."""
    return next((one for one in loop.loops if one.name == name), None)


def at(segment: Segment | None, place: int, component: int = 0) -> str:
    """An element of a segment that may not be there."""
    return segment.element(place, component) if segment is not None else ""


def reference(segments: Iterable[Segment], qualifier: str) -> str:
    """REF02 of the first REF of a qualifier."""
    return next((one.element(2) for one in segments if one.name == "REF" and one.element(1) == qualifier), "")


def day_of(text: str) -> dt.date | None:
    """The day, or the first day of a period, CCYYMMDD."""
    text = text.partition("-")[0]
    if len(text) != 8 or not is_date(text):
        return None
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def moment_of(day: str, time: str) -> dt.datetime:
    """A day and a time HHMM."""
    found = day_of(day)
    if found is None:
        return NO_MOMENT
    clock = time[:4] if len(time) >= 4 and time[:4].isascii() and time[:4].isdigit() else "0000"
    hour, minute = int(clock[:2]), int(clock[2:])
    within = hour < 24 and minute < 60
    return dt.datetime.combine(found, dt.time(hour, minute) if within else dt.time())
