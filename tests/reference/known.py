"""An office's rows, found by id."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from schedopt.models.office import Office
from schedopt.models.tables import Request, Step, VisitType
from tests.reference.sessions import Sessions
from tests.reference.values import DAY


class Known:
    """Knows an office and the days planned."""

    def __init__(self, office: Office, first: dt.date, now: dt.datetime | None = None) -> None:
        self.now = now
        self.office = office
        self.first = first
        self.days = [first + dt.timedelta(days=number) for number in range(office.settings.days)]
        self.providers = {row.provider: row for row in office.providers}
        self.patients = {row.patient: row for row in office.patients}
        self.types = {row.visit_type: row for row in office.visit_types}
        self.age_days = {row.request: row for row in office.age_days or ()}
        self.promised = {row.request: row for row in office.appointments or ()}
        self.elsewhere = {name: row.date for name, row in self.promised.items() if row.date not in self.days}
        here = {row.request: row for row in office.requests if row.request not in self.elsewhere}
        later = {name for name in here if self._due_from(name, here) > self.days[-1]}
        later = {name for name in later if self._due_from(name, here) <= self._last_day(here[name])}
        for name in self.promised.keys() & here.keys():
            while name in here:
                later.discard(name)
                name = here[name].after
        self.requests = {name: row for name, row in here.items() if name not in later}
        self.pools = {(row.site, row.kind): row for row in office.pools or ()}
        self.terms = {(row.insurer, row.visit_type): row for row in office.terms or ()}
        found = Sessions(office, self.days)
        self.sessions = {(s.provider, s.date, s.start): s for s in found.all()}
        self._closed = cache(found.closed)

    def _due_from(self, name: str, here: dict[str, Request]) -> dt.date:
        """The first day on which a request may be seen, by its own dates and those of its series."""
        row, days = here[name], [self.first]
        days += [] if row.ready is None else [row.ready]
        least = dt.timedelta(days=1 if row.after_min_days is None else row.after_min_days)
        if row.after in here:
            days.append(self._due_from(row.after, here) + least)
        elif row.after is not None:
            days.append(self.elsewhere[row.after] + least)
        for other in self.office.requests:
            if other.request in self.elsewhere:
                day = self.elsewhere[other.request]
                if other.after == name and other.after_max_days is not None:
                    days.append(day - dt.timedelta(days=other.after_max_days))
                if day > self.days[-1] and (other.same_day_as == name or row.same_day_as == other.request):
                    days.append(day)
        return max(days)

    def _last_day(self, row: Request) -> dt.date:
        """The last day that visits of the series allow which are promised for other weeks."""
        days = [dt.date(2199, 12, 31)]
        if row.after in self.elsewhere and row.after_max_days is not None:
            days.append(self.elsewhere[row.after] + dt.timedelta(days=row.after_max_days))
        for other in self.office.requests:
            if other.request in self.elsewhere:
                day = self.elsewhere[other.request]
                if other.after == row.request:
                    least = 1 if other.after_min_days is None else other.after_min_days
                    days.append(day - dt.timedelta(days=least))
                if day > self.days[-1] and (other.same_day_as == row.request or row.same_day_as == other.request):
                    days.append(day)
        return min(days)

    def closed(self, site: str, date: dt.date, later: int = 0) -> set[int]:
        """The minutes in which a site is closed, so many days after a date, if that is one of the days planned."""
        day = date + dt.timedelta(days=later)
        return self._closed(site, day) if day in self.days else set()

    def is_fixed(self, request: str) -> bool:
        """Whether the request is promised, as fixed, within the days planned."""
        return request in self.promised and self.promised[request].mark == "fixed" and request in self.requests

    def steps(self, request: Request) -> tuple[list[Step | VisitType], int]:
        """The steps of a visit in order, its visit type in the place of the provider step; number of that one."""
        further = [row for row in self.office.steps or () if row.visit_type == request.visit_type]
        before = sorted((row for row in further if row.order < 0), key=lambda row: row.order)
        after = sorted((row for row in further if row.order > 0), key=lambda row: row.order)
        return [*before, self.types[request.visit_type], *after], len(before)

    def lengths(self, request: Request, provider: str) -> list[int]:
        """Minutes of each step with a provider; what says more about a visit counts before what says less."""
        steps, own = self.steps(request)
        lengths = [row.minutes for row in steps]
        for row in sorted(self.office.lengths or (), key=lambda row: (row.provider or "", row.patients or "")):
            with_them = row.provider in (None, provider)
            for_them = row.patients in (None, "new" if request.new else "returning")
            if row.visit_type == request.visit_type and with_them and for_them:
                lengths[own] = row.minutes
        lengths[own] = request.minutes or lengths[own]
        return lengths

    def longest_waits(self, request: Request) -> list[int]:
        """Longest wait before each step but the first."""
        steps, own = self.steps(request)
        return [steps[k - 1 if k <= own else k].max_wait for k in range(1, len(steps))]

    def zone(self, site: str) -> ZoneInfo:
        """The time zone of a site's clocks."""
        own = {row.site: row.time_zone for row in self.office.sites or ()}
        return ZoneInfo(own.get(site) or self.office.settings.time_zone)

    def instant(self, site: str, date: dt.date, minute: int) -> dt.datetime:
        """When a site's clocks show a minute of a date."""
        local = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)
        return local.replace(tzinfo=self.zone(site)).astimezone(dt.UTC)

    def asked(self) -> dt.datetime | None:
        """The moment of planning."""
        return None if self.now is None else self.now.replace(tzinfo=self.office.settings.zone).astimezone(dt.UTC)

    def minute(self, date: dt.date, minute: int) -> int:
        return (date - self.first).days * DAY + minute
