"""A plan's visits as calendars (RFC 5545), one a provider."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from urllib.parse import quote

import icalendar

from schedopt.interop.icalendar_parts import PRODUCT, Escaped, event_uid, timezone_part
from schedopt.models.problem.calendar import clock, moment
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.visits import Visit

_MARGIN = dt.timedelta(days=366)
_LONGEST_STEM = 120
_DEVICES = frozenset(["CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))])


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
        zone.key: timezone_part(zone, calendar.first - _MARGIN, last + _MARGIN)
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
    whole.add("PRODID", PRODUCT)
    whole.add("VERSION", "2.0")
    whole.add("X-WR-CALNAME", Escaped(f"{office}: {provider}"))
    for part in (*zones, *events):
        whole.add_component(part)
    content: bytes = whole.to_ical()
    return content


def _event(
    plan: Plan, visit: Visit, provider: str, names: Mapping[str, str], stamp: dt.datetime
) -> icalendar.Event:  # fmt: skip
    """A visit in the calendar of its own provider, or of somebody who takes part in it."""
    zone = plan.problem.calendar.zone_at(visit.site)
    start, end = visit.with_provider(provider)
    event = icalendar.Event()
    event.add("UID", event_uid(plan.problem.office_name, visit.request))
    event.add("DTSTAMP", stamp)
    event.add("DTSTART", moment(zone, visit.date, start))
    event.add("DTEND", moment(zone, visit.date, end))
    event.add("SUMMARY", Escaped(f"{visit.visit_type} {names.get(visit.patient, visit.patient)}"))
    event.add("LOCATION", Escaped(visit.site))
    arrive, depart = clock(visit.arrive), clock(visit.depart, end=True)
    event.add("DESCRIPTION", Escaped(f"Arrives {arrive}, leaves {depart}. Request {visit.request}."))
    event.add("CLASS", "PRIVATE")
    return event
