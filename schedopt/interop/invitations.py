"""A patient's visit as an invitation (iTIP, RFC 5546): asked to come, or told that it is off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

import icalendar

from schedopt.interop.icalendar_parts import PRODUCT, Escaped, event_uid, timezone_part
from schedopt.models.problem.calendar import moment

_MARGIN = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation says.

    Attributes
    ----------
    office, request : str
        Name of the office and id of the request; the UID depends on them alone.
    sequence : int
        Revision of the visit: a higher one goes before a lower one.
    date : datetime.date
        The day.
    start, minutes : int
        When the patient is to be there, in minutes from midnight by the site's clocks, and for how long.
    zone : ZoneInfo
        The site's.
    summary, location : str
        What stands in the calendar, and where it is.
    organizer, attendee : str
        Addresses of electronic mail of the office and of the patient; empty: not said.
    """

    office: str
    request: str
    sequence: int
    date: dt.date
    start: int
    minutes: int
    zone: ZoneInfo
    summary: str
    location: str = ""
    organizer: str = ""
    attendee: str = field(default="", repr=False)


def invitation(said: Invitation, method: Literal["REQUEST", "CANCEL"], stamp: dt.datetime) -> bytes:
    """The invitation as an iCalendar file.

    Parameters
    ----------
    said : Invitation
        What it says.
    method : {"REQUEST", "CANCEL"}
        Whether the visit is to take place, also at another time than was said before, or is off.
    stamp : datetime.datetime
        The moment (DTSTAMP), aware.
    """
    begins = moment(said.zone, said.date, said.start)
    ends = (begins.astimezone(dt.UTC) + dt.timedelta(minutes=said.minutes)).astimezone(said.zone)
    event = icalendar.Event()
    event.add("UID", event_uid(said.office, said.request))
    event.add("SEQUENCE", said.sequence)
    event.add("DTSTAMP", stamp.astimezone(dt.UTC).replace(microsecond=0))
    event.add("DTSTART", begins)
    event.add("DTEND", ends)
    event.add("SUMMARY", Escaped(said.summary))
    if said.location:
        event.add("LOCATION", Escaped(said.location))
    event.add("STATUS", "CONFIRMED" if method == "REQUEST" else "CANCELLED")
    event.add("CLASS", "PRIVATE")
    if said.organizer:
        event.add("ORGANIZER", icalendar.vCalAddress(f"mailto:{said.organizer}"))
    if said.attendee:
        event.add("ATTENDEE", icalendar.vCalAddress(f"mailto:{said.attendee}"))
    whole = icalendar.Calendar()
    whole.add("PRODID", PRODUCT)
    whole.add("VERSION", "2.0")
    whole.add("METHOD", method)
    whole.add_component(timezone_part(said.zone, said.date - _MARGIN, said.date + _MARGIN))
    whole.add_component(event)
    content: bytes = whole.to_ical()
    return content
