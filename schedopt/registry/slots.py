"""What a booking takes: when, where and with whom, and what of the office it holds meanwhile."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from schedopt.models.clock import format_time
from schedopt.models.problem.calendar import clock
from schedopt.models.problem.couplings.pools import pool_uses
from schedopt.models.problem.holds import every_hold
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.visits import Visit, visits_of

PROVIDER, PATIENT, POOL = "provider", "patient", "pool"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a booking holds, from one instant to another (minutes from 1970 in UTC, half-open).

    Attributes
    ----------
    kind, thing : str
        Provider, patient or pool, and its id.
    starts, ends : int
        The instants.
    shares : str
        Bookings whose lines say the same hold it together; empty: alone.
    units : int
        How many units there are.
    """

    kind: str
    thing: str
    starts: int
    ends: int
    shares: str = ""
    units: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """What a booking takes.

    Attributes
    ----------
    request, patient, provider, site : str
        Ids.
    date : datetime.date
        The day.
    start : int
        Minutes from midnight, as the site's clocks show them, at which the provider step begins.
    zone : str
        The site's time zone.
    starts, ends : int
        The provider step (minutes from 1970 in UTC).
    mark : str
        ``fixed`` or ``movable``.
    minutes : int or None
        Booked minutes, where fewer than the visit is expected to take.
    authorisation : str or None
        That it uses a visit of.
    steps : tuple of str
        When each step begins (HH:MM, the site's clocks); empty: not known.
    others : tuple of str
        Ids of the providers who take part, in the order of the visit type's roles.
    lines : tuple of Line
        What it holds.
    """

    request: str
    patient: str
    provider: str
    site: str
    date: dt.date
    start: int
    zone: str
    starts: int
    ends: int
    mark: str = "fixed"
    minutes: int | None = None
    authorisation: str | None = None
    steps: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def row(self) -> dict[str, str | int | None]:
        """As the database holds it, but for the booking's own columns."""
        return {
            "request": self.request, "patient": self.patient, "provider": self.provider, "site": self.site,
            "date": self.date.isoformat(), "start": format_time(self.start), "zone": self.zone, "starts": self.starts,
            "ends": self.ends, "mark": self.mark, "minutes": self.minutes, "authorisation": self.authorisation,
            "steps": ";".join(self.steps), "others": ";".join(self.others),
        }  # fmt: skip


def instant(zone: dt.tzinfo, date: dt.date, minutes: int) -> int:
    """Minutes from 1970 in UTC to a time that a zone's clocks show."""
    shown = dt.datetime.combine(date, dt.time()) + minutes * _MINUTE
    return (shown.replace(tzinfo=zone).astimezone(dt.UTC) - _EPOCH) // _MINUTE


def plain_slot(
    request: str, patient: str, provider: str, site: str, zone: ZoneInfo, start: dt.datetime, length: int,
    shares: str = "",
) -> Slot:  # fmt: skip
    """The slot of a visit of which no more is known than its provider step.

    Parameters
    ----------
    request, patient, provider, site : str
        Ids.
    zone : zoneinfo.ZoneInfo
        The site's.
    start : datetime.datetime
        As the site's clocks show it.
    length : int
        Minutes.
    shares : str
        Of a group visit: what its bookings share.
    """
    minutes = start.hour * 60 + start.minute
    starts = instant(zone, start.date(), minutes)
    ends = starts + length
    lines = (Line(PROVIDER, provider, starts, ends, shares), Line(PATIENT, patient, starts, ends))
    return Slot(request, patient, provider, site, start.date(), minutes, zone.key, starts, ends, lines=lines)


def slots_of(problem: Problem, schedule: Schedule, marks: Mapping[str, str] | None = None) -> dict[str, Slot]:
    """The slots of a schedule's visits, by request, with all that they hold.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        A schedule of it.
    marks : mapping of str to str, optional
        Request to ``fixed`` or ``movable``; fixed without.
    """
    lines = _held(problem, schedule)
    found = {}
    for visit in visits_of(problem.week, schedule):
        zone = problem.calendar.zone_at(visit.site)
        starts, ends = (instant(zone, visit.date, minutes) for minutes in (visit.start, visit.end))
        mine = (*lines[visit.request], _patient_line(visit, zone))
        mark = (marks or {}).get(visit.request, "fixed")
        found[visit.request] = Slot(
            visit.request, visit.patient, visit.provider, visit.site, visit.date, visit.start, zone.key, starts, ends,
            mark, steps=tuple(map(clock, visit.steps)), others=visit.others, lines=mine,
        )  # fmt: skip
    return found


def _patient_line(visit: Visit, zone: ZoneInfo) -> Line:
    return Line(
        PATIENT, visit.patient, instant(zone, visit.date, visit.arrive), instant(zone, visit.date, visit.depart)
    )


def _held(problem: Problem, schedule: Schedule) -> dict[str, list[Line]]:
    """Providers, with buffers, and pools, with cleaning, that each request's visit holds."""
    week, found = problem.week, defaultdict[str, list[Line]](list)
    sessions, pools, requests = week.sessions, week.pools, week.requests
    calendar = problem.calendar
    seats = np.ones(len(requests), np.int64) if requests.seats is None else requests.seats
    start = schedule.start(week)

    def shared(request: int) -> str:
        if seats[request] < 2:
            return ""
        session = int(schedule.session[request])
        kind = requests.visit_type_ids[int(requests.visit_type[request])]
        return f"{sessions.ids[session]} {int(start[request])} {kind}"

    for request, session, begin, end in zip(*(c.tolist() for c in every_hold(week, schedule)), strict=True):
        site = sessions.site_ids[int(sessions.site[session])]
        provider = sessions.provider_ids[int(sessions.provider[session])]
        span = calendar.instant_of(begin, site), calendar.instant_of(end, site)
        found[requests.ids[request]].append(Line(PROVIDER, provider, *span, shared(request)))
    for step, pool, begin, end in zip(*(c.tolist() for c in pool_uses(week, schedule)), strict=True):
        request, site = int(week.steps.request[step]), sessions.site_ids[int(pools.site[pool])]
        span = calendar.instant_of(begin, site), calendar.instant_of(end, site)
        found[requests.ids[request]].append(
            Line(POOL, pools.ids[pool], *span, shared(request), int(pools.capacity[pool]))
        )
    return found


def units(lines: Sequence[Line], taken: Iterable[tuple[str, int, int, int]] = ()) -> list[int | None]:
    """A unit for each line of a pool, so that none is held twice where that can be; 1 for all others.

    Parameters
    ----------
    lines : sequence of Line
        In any order.
    taken : iterable of (str, int, int, int)
        What others hold: pool, unit, and from when to when.

    Returns
    -------
    list of int or None
        None: all units are held.
    """
    busy: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for pool, unit, begin, end in taken:
        busy[pool].append((unit, begin, end))
    found: list[int | None] = [1] * len(lines)
    for number in sorted(range(len(lines)), key=lambda n: (lines[n].starts, lines[n].ends)):
        line = lines[number]
        if line.kind != POOL:
            continue
        held = {unit for unit, begin, end in busy[line.thing] if begin < line.ends and end > line.starts}
        free = next((unit for unit in range(1, line.units + 1) if unit not in held), None)
        found[number] = free
        if free is not None:
            busy[line.thing].append((free, line.starts, line.ends))
    return found
