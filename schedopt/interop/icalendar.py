"""A plan's visits as calendars (RFC 5545), one a provider."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from urllib.parse import quote
from zoneinfo import ZoneInfo

import icalendar

from schedopt.models.problem.calendar import clock, moment
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.visits import Visit

_NAMESPACE = uuid.UUID("5f0e6c1b-6a3c-5d43-9c35-7a2b1f5d6e90")
_PRODUCT = "-//schedopt//schedopt//EN"
_MARGIN = dt.timedelta(days=366)
_LONGEST_STEM = 120
_DEVICES = frozenset(["CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))])


class _Text(icalendar.vText):
    r"""Text escaped as section 3.3.11 asks: the library takes a backslash before an N for the end of a line."""

    def to_ical(self) -> bytes:
        escaped = str(self).replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
        return r"\n".join(escaped.splitlines()).encode()


def provider_calendars(
    plan: Plan, *, names: Mapping[str, str] | None = None, stamp: dt.datetime | None = None
) -> dict[str, bytes]:
    """Every provider's visits as an iCalendar file: an event a visit, for as long as the provider is with the patient.

    An event is in the time zone of its site.

    Parameters
    ----------
    plan : Plan
        What is written. Providers with sessions and no visits get a calendar without events.
    names : mapping, optional
        Names of patients by id. Without it, or for ids that it lacks, the id stands in the summary.
    stamp : datetime.datetime, optional
        The moment of the revision (DTSTAMP), aware. Left out: midnight UTC of the first day planned, so that the same
        plan gives the same bytes.

    Returns
    -------
    dict of str to bytes
        By provider id, sorted. The UID of an event depends on office and request alone: a later plan moves it.
    """
    calendar = plan.problem.calendar
    stamp = stamp or dt.datetime.combine(calendar.first, dt.time(), dt.UTC)
    last = calendar.first + dt.timedelta(days=calendar.num_days)
    zones = {
        zone.key: _timezone(zone, calendar.first - _MARGIN, last + _MARGIN)
        for zone in (calendar.zone, *calendar.zones.values())
    }
    events: dict[str, list[icalendar.Event]] = {use.provider: [] for use in plan.session_uses}
    used: dict[str, dict[str, icalendar.Timezone]] = {}
    for visit in plan.visits:
        for provider in visit.providers:
            events.setdefault(provider, []).append(_event(plan, visit, provider, names or {}, stamp))
            key = calendar.zone_at(visit.site).key
            used.setdefault(provider, {})[key] = zones[key]
    office, usual = plan.problem.office_name, {calendar.zone.key: zones[calendar.zone.key]}
    return {
        provider: _calendar(office, provider, list(used.get(provider, usual).values()), events[provider])
        for provider in sorted(events)
    }


def file_name(provider: str) -> str:
    """A file name for a provider's calendar: safe on every file system, and another one for every other provider.

    What is not a letter, digit, ``_``, ``-`` or ``.`` is percent-encoded; what would be too long ends in a hash.
    """
    stem = quote(provider, safe="", errors="surrogatepass").replace("~", "%7E")
    if stem[:1] == "." or stem.split(".")[0].upper() in _DEVICES:
        stem = f"%{ord(stem[0]):02X}{stem[1:]}"
    if len(stem) > _LONGEST_STEM:
        stem = f"{stem[:_LONGEST_STEM]}~{hashlib.sha256(stem.encode()).hexdigest()[:32]}"
    return f"{stem}.ics"


def _calendar(office: str, provider: str, zones: list[icalendar.Timezone], events: list[icalendar.Event]) -> bytes:
    whole = icalendar.Calendar()
    whole.add("PRODID", _PRODUCT)
    whole.add("VERSION", "2.0")
    whole.add("X-WR-CALNAME", _Text(f"{office}: {provider}"))
    for part in (*zones, *events):
        whole.add_component(part)
    content: bytes = whole.to_ical()
    return content


def _event(
    plan: Plan, visit: Visit, provider: str, names: Mapping[str, str], stamp: dt.datetime
) -> icalendar.Event:  # fmt: skip
    """A visit in the calendar of its own provider, or of somebody who takes part in it."""
    zone, identity = plan.problem.calendar.zone_at(visit.site), json.dumps([plan.problem.office_name, visit.request])
    start, end = visit.with_provider(provider)
    event = icalendar.Event()
    event.add("UID", f"{uuid.uuid5(_NAMESPACE, identity)}@schedopt")
    event.add("DTSTAMP", stamp)
    event.add("DTSTART", moment(zone, visit.date, start))
    event.add("DTEND", moment(zone, visit.date, end))
    event.add("SUMMARY", _Text(f"{visit.visit_type} {names.get(visit.patient, visit.patient)}"))
    event.add("LOCATION", _Text(visit.site))
    arrive, depart = clock(visit.arrive), clock(visit.depart, end=True)
    event.add("DESCRIPTION", _Text(f"Arrives {arrive}, leaves {depart}. Request {visit.request}."))
    event.add("CLASS", "PRIVATE")
    return event


def _timezone(zone: ZoneInfo, first: dt.date, last: dt.date) -> icalendar.Timezone:
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
