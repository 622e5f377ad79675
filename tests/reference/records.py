"""What patients and their requests ask for, and what is promised to them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from schedopt.models.tables import Appointment, Request
from tests.reference.known import Known
from tests.reference.values import DAY, Facts, Session, Span, age, lies_in, merged, takes_place


class Records(Known):
    """Breaches and points of what records say."""

    def step_breaches(self, request: Request, starts: Sequence[int], lengths: Sequence[int]) -> Iterator[str]:
        if any(start < 0 or start + minutes > DAY for start, minutes in zip(starts, lengths, strict=True)):
            yield "step_order"
        waits = [later - earlier - m for earlier, later, m in zip(starts, starts[1:], lengths, strict=False)]
        if any(not 0 <= wait <= most for wait, most in zip(waits, self.longest_waits(request), strict=True)):
            yield "step_order"

    def promise_breaches(self, request: Request, session: Session, start: int) -> Iterator[str]:
        if self.is_fixed(request.request) and not self._as_promised(self.promised[request.request], session, start):
            yield "fixed_promise"

    def _as_promised(self, promise: Appointment, session: Session, start: int) -> bool:
        same_time = self.minute(promise.date, promise.start) == self.minute(session.date, start)
        return promise.provider == session.provider and same_time

    def age_breaches(self, request: Request, date: dt.date) -> set[str]:
        if told := self.age_days.get(request.request):
            early = told.first_day is not None and date < told.first_day
            return {"age"} if early or (told.last_day is not None and date > told.last_day) else set()
        born, kind = self.patients[request.patient].birth_date, self.types[request.visit_type]
        if born is None:
            return set()
        young = kind.min_age is not None and age(born, date) < kind.min_age
        old = kind.max_age is not None and age(born, date) > kind.max_age
        return {"age"} if young or old else set()

    def record_breaches(self, request: Request, session: Session, start: int, inside: Span) -> Iterator[str]:
        """What a fixed promise goes before."""
        patient, provider, date = self.patients[request.patient], self.providers[session.provider], session.date
        if request.providers and session.provider not in request.providers:
            yield "allowed_providers"
        if request.site not in (None, session.site):
            yield "site"
        if patient.language_required and not self._speaks(request, session):
            yield "language_required"
        if patient.provider_gender_required and patient.provider_gender not in (None, provider.gender):
            yield "provider_gender_required"
        if request.ready is not None and date < request.ready:
            yield "ready_day"
        if self._too_soon(request, session, start):
            yield "notice"
        if not self._fits_other_weeks(request, date):
            yield "series_days"
        times = self._patient_times(self.office.availability or (), request, date)
        if times is not None and not lies_in(inside, times):
            yield "availability"

    def _too_soon(self, request: Request, session: Session, start: int) -> bool:
        """Whether a visit begins sooner than its notice after the moment of planning, and not where it is promised."""
        hours = self.types[request.visit_type].notice_hours
        hours = self.office.settings.defaults.notice_hours if hours is None else hours
        promise = self.promised.get(request.request)
        if self.now is None or (promise is not None and self._as_promised(promise, session, start)):
            return False
        return self.instant(session.site, session.date, start) < self.asked() + dt.timedelta(hours=hours)

    def _fits_other_weeks(self, request: Request, date: dt.date) -> bool:
        """Whether a day keeps its distance to visits of the series, or of the same day, promised for other weeks."""
        for other in self.office.requests:
            if other.request not in self.elsewhere:
                continue
            promised = self.elsewhere[other.request]
            if request.after == other.request and not self._far_enough(request, (date - promised).days):
                return False
            if other.after == request.request and not self._far_enough(other, (promised - date).days):
                return False
            together = request.request == other.same_day_as or other.request == request.same_day_as
            if together and promised > self.first and promised != date:
                return False
        return True

    @staticmethod
    def _far_enough(request: Request, apart: int) -> bool:
        most = request.after_max_days
        return (1 if request.after_min_days is None else request.after_min_days) <= apart and (
            most is None or apart <= most
        )

    def _speaks(self, request: Request, session: Session) -> bool:
        wanted = self.patients[request.patient].language
        spoken = [name.casefold() for name in self.providers[session.provider].languages]
        return not wanted or wanted.casefold() in spoken

    @staticmethod
    def _patient_times(table: Sequence[object], request: Request, date: dt.date) -> list[Span] | None:
        """A patient's times on a date; None where none were ever given for the request."""
        rows = [row for row in table if row.request == request.request]
        rows = rows or [row for row in table if row.request is None and row.patient == request.patient]
        if not rows:
            return None
        return merged((row.start, row.end) for row in rows if takes_place(row, date))

    def record_points(self, request: Request, session: Session, start: int) -> Counter[str]:
        weights, settings = self.office.settings.weights, self.office.settings
        patient, provider, date = self.patients[request.patient], self.providers[session.provider], session.date
        urgency, points = request.urgency or settings.defaults.urgency, Counter[str]()
        waited = (date - max(request.ready or self.first, self.first)).days
        points["access"] = weights.access * urgency * max(0, waited)
        if request.due is not None:
            late = (date - max(request.due, self.first - dt.timedelta(days=1))).days
            points["late"] = weights.late * urgency * max(0, late)
        wanted = request.provider or patient.own_provider
        points["continuity"] = weights.continuity * (wanted not in (None, session.provider))
        points["language"] = weights.language * (not self._speaks(request, session))
        points["provider_gender"] = weights.provider_gender * (patient.provider_gender not in (None, provider.gender))
        times = self._patient_times(self.office.preferences or (), request, date)
        if times is not None and not any(first <= start < last for first, last in times):
            points["preference"] = weights.preference
        promise = self.promised.get(request.request)
        if promise and promise.mark == "movable" and not self._as_promised(promise, session, start):
            points["moved"] = weights.moved * (request.priority or settings.defaults.priority)
        return points

    def at_wrong_distance(self, facts: dict[str, Facts]) -> Iterator[str]:
        for name, f in facts.items():
            request = f.request
            if request.after in self.requests:
                first = facts.get(request.after)
                if first is None or not self._far_enough(request, (f.session.date - first.session.date).days):
                    yield name
            other = facts.get(request.same_day_as)
            if other is not None and other.session.date != f.session.date:
                yield name

    def waits_by_group(self, placed: Sequence[Facts]) -> dict[str, tuple[int, int]]:
        """Days waited since the ready day, through the last day planned where left out, and number of requests."""
        column, dates = self.office.settings.fairness.column, {f.visit.request: f.session.date for f in placed}
        groups: dict[str, tuple[int, int]] = {}
        for name, request in self.requests.items() if column is not None else ():
            until = dates.get(name, self.days[-1] + dt.timedelta(days=1))
            group = str(getattr(self.patients[request.patient], column)).lower()
            days, number = groups.get(group, (0, 0))
            groups[group] = (days + max(0, (until - (request.ready or self.first)).days), number + 1)
        return groups
