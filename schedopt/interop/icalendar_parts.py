"""What calendars (RFC 5545) of providers and invitations of patients have in common."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import icalendar

_NAMESPACE = uuid.UUID("5f0e6c1b-6a3c-5d43-9c35-7a2b1f5d6e90")
PRODUCT = "-//schedopt//schedopt//EN"


class Escaped(icalendar.vText):
    r"""Text escaped as section 3.3.11 asks: the library takes a backslash before an N for the end of a line."""

    def to_ical(self) -> bytes:
        """As it stands in the file."""
        escaped = str(self).replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
        return r"\n".join(escaped.splitlines()).encode()


def event_uid(office: str, request: str) -> str:
    """The UID of a visit: it depends on office and request alone, so that a later plan, or letter, moves the event."""
    return f"{uuid.uuid5(_NAMESPACE, json.dumps([office, request]))}@schedopt"


def timezone_part(zone: ZoneInfo, first: dt.date, last: dt.date) -> icalendar.Timezone:
    """The zone's offsets from a day to another.

    Written here because ``Timezone.from_tzinfo`` (icalendar 7.3) gives clocks that jump forward the time after the
    jump as onset, where the standard wants the one before it.
    """
    component = icalendar.Timezone()
    component.add("TZID", zone.key)
    begin = dt.datetime.combine(first, dt.time(), dt.UTC)
    component.add_component(_observance(begin.astimezone(zone), begin.astimezone(zone)))
    for before, after in _changes(zone, begin, dt.datetime.combine(last, dt.time(), dt.UTC)):
        component.add_component(_observance(before, after))
    return component


def _changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Local times on either side of each change of clocks: the last second before it, the first of the new offset."""
    day, second = dt.timedelta(days=1), dt.timedelta(seconds=1)
    while begin < end:
        low, high = begin, begin + day
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > second:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield low.astimezone(zone), high.astimezone(zone)
        begin += day


def _observance(before: dt.datetime, after: dt.datetime) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    """The offset that holds from a moment on; `before` is on the old offset, at most a second earlier."""
    part = icalendar.TimezoneDaylight() if after.dst() else icalendar.TimezoneStandard()
    old, new = before.utcoffset() or dt.timedelta(), after.utcoffset() or dt.timedelta()
    part.add("DTSTART", after.replace(tzinfo=None) - new + old)
    part.add("TZOFFSETFROM", old)
    part.add("TZOFFSETTO", new)
    part.add("TZNAME", after.tzname() or after.strftime("%z"))
    return part
