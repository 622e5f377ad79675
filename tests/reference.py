"""An independent judge of schedules, written from docs/tables.md alone, in the office's own words.

Dates, minutes, rows and loops: nothing here is shared with the rules that it is there to check. A moment is a minute
counted from midnight of its session's date; across days, from midnight of the first day planned.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from holidays import country_holidays

from schedopt.models.office import Office
from schedopt.models.tables import Appointment, Authorisation, Request, Step, VisitType

DAY = 24 * 60
Span = tuple[int, int]


@dataclass(frozen=True)
class Session:
    """A provider's bookable stretch; `shift` is the row of the shift and its date."""

    provider: str
    site: str
    date: dt.date
    start: int
    end: int
    overtime: int
    shift: tuple[int, dt.date]


@dataclass(frozen=True)
class Visit:
    """A request that is placed in the session of a provider that opens on a date at a minute; starts of its steps."""

    request: str
    provider: str
    date: dt.date
    opens: int
    starts: tuple[int, ...]


@dataclass(frozen=True)
class Use:
    """A unit of a pool, held by a request from one minute of the days planned to another, cleaning included."""

    request: str
    pool: str
    start: int
    end: int


@dataclass(frozen=True)
class Facts:
    """What follows from one visit alone."""

    visit: Visit
    request: Request
    session: Session
    breaches: frozenset[str]
    points: Counter[str]
    held: Span
    inside: Span
    uses: tuple[Use, ...]
    authorisation: str | None


@dataclass(frozen=True)
class Verdict:
    """Breaches as (request, rule), and points by part of the cost."""

    breaches: frozenset[tuple[str, str]]
    points: Counter[str]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap or touch put together."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _lies_in(span: Span, spans: Iterable[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def _valid(row: object, date: dt.date) -> bool:
    """Whether a row with valid_from and valid_until holds on a date."""
    first, last = row.valid_from, row.valid_until
    return (first is None or first <= date) and (last is None or date <= last)


def _age(born: dt.date, date: dt.date) -> int:
    """Years; who was born on 29 February has a birthday on 1 March of other years."""
    return date.year - born.year - ((date.month, date.day) < (born.month, born.day))


class Judge:
    """Knows an office and the days planned, and judges schedules."""

    def __init__(self, office: Office, first: dt.date) -> None:
        self.office = office
        self.first = first
        self.days = [first + dt.timedelta(days=number) for number in range(office.settings.days)]
        self.providers = {row.provider: row for row in office.providers}
        self.patients = {row.patient: row for row in office.patients}
        self.types = {row.visit_type: row for row in office.visit_types}
        self.promised = {row.request: row for row in office.appointments or ()}
        self.elsewhere = {name: row.date for name, row in self.promised.items() if row.date not in self.days}
        self.requests = {row.request: row for row in office.requests if row.request not in self.elsewhere}
        self.pools = {(row.site, row.kind): row for row in office.pools or ()}
        self.terms = {(row.insurer, row.visit_type): row for row in office.terms or ()}
        self.sessions = {(s.provider, s.date, s.start): s for s in self._sessions()}

    # ---- sessions

    def _sessions(self) -> list[Session]:
        """The stretches of all shifts, on the grid, without breaks and leave; the last of a shift with overtime."""
        grid, found = self.office.settings.grid_minutes, []
        for row, shift in enumerate(self.office.shifts):
            for date in self.days:
                takes_place = shift.date == date if shift.date else date.weekday() == shift.weekday
                if not takes_place or not (shift.date or _valid(shift, date)) or self._closed(shift.site, date):
                    continue
                away = self._away(shift.provider, date)
                gone = away | {minute for start, end in shift.breaks for minute in range(start, end)}
                for start, end in _merged((m, m + 1) for m in range(shift.start, shift.end) if m not in gone):
                    start, end = -(-start // grid) * grid, end // grid * grid
                    if start < end:
                        over = 0
                        if end == shift.end:
                            over = self.office.settings.defaults.overtime if shift.overtime is None else shift.overtime
                        over = next((m - end for m in range(end, end + over) if m in away or m >= DAY), over)
                        found.append(Session(shift.provider, shift.site, date, start, end, over, (row, date)))
        return [self._without_meeting(session, found) for session in found]

    def _without_meeting(self, session: Session, others: Sequence[Session]) -> Session:
        """Overtime ends, on the grid, where the provider's next session starts."""
        grid, fields = self.office.settings.grid_minutes, vars(session)
        later = [
            other.start - session.end
            for other in others
            if (other.provider, other.date) == (session.provider, session.date) and other.start >= session.end
        ]
        return Session(**{**fields, "overtime": min([session.overtime, *later]) // grid * grid})

    def _closed(self, site: str, date: dt.date) -> bool:
        holidays = self.office.settings.holidays
        if holidays and date in country_holidays(holidays.country, subdiv=holidays.subdivision, years=date.year):
            return True
        return any(row.date == date and row.site in (None, site) for row in self.office.closures or ())

    def _away(self, provider: str, date: dt.date) -> set[int]:
        rows = (row for row in self.office.leave or () if row.provider == provider)
        return {m for row in rows if row.first_day <= date <= row.last_day for m in range(row.start, row.end)}

    # ---- one visit

    def is_fixed(self, request: str) -> bool:
        """Whether the request is promised, as fixed, within the days planned."""
        return request in self.promised and self.promised[request].mark == "fixed" and request in self.requests

    def steps(self, request: Request) -> tuple[list[Step | VisitType], int]:
        """The steps of a visit in order, its visit type in the place of the provider step; number of that one."""
        further = [row for row in self.office.steps or () if row.visit_type == request.visit_type]
        before = sorted((row for row in further if row.order < 0), key=lambda row: row.order)
        after = sorted((row for row in further if row.order > 0), key=lambda row: row.order)
        return [*before, self.types[request.visit_type], *after], len(before)

    def lengths(self, request: Request) -> list[int]:
        """Minutes of each step."""
        steps, own = self.steps(request)
        lengths = [row.minutes for row in steps]
        lengths[own] = request.minutes or lengths[own]
        return lengths

    def longest_waits(self, request: Request) -> list[int]:
        """Longest wait before each step but the first."""
        steps, own = self.steps(request)
        return [steps[k - 1 if k <= own else k].max_wait for k in range(1, len(steps))]

    def facts(self, visit: Visit) -> Facts:
        """What follows from a visit alone."""
        request, session = self.requests[visit.request], self.sessions[visit.provider, visit.date, visit.opens]
        kind, (steps, own), lengths = self.types[request.visit_type], self.steps(request), self.lengths(request)
        start, length = visit.starts[own], lengths[own]
        held = (start - kind.buffer_before, start + length + kind.buffer_after)
        inside = (visit.starts[0], visit.starts[-1] + lengths[-1])
        breaches = set(self._roster_breaches(request, session, start, length, held, steps))
        breaches |= set(self._step_breaches(request, visit.starts, lengths))
        breaches |= set(self._promise_breaches(request, session, start))
        if not self.is_fixed(visit.request):
            breaches |= set(self._record_breaches(request, session, inside))
        breaches |= self._age_breaches(request, session.date)
        complaints = self._complaints(request, session)
        if not self.patients[request.patient].self_pay:
            breaches |= complaints
        points = self._points(request, session, start) + self._billing_points(request, session, complaints)
        points["office_wait"] = self.office.settings.weights.office_wait * sum(
            max(0, later - earlier - minutes)
            for earlier, later, minutes in zip(visit.starts, visit.starts[1:], lengths, strict=False)
        )
        return Facts(
            visit, request, session, frozenset(breaches), points, held, inside,
            tuple(self._uses(request, session, visit.starts, lengths, steps)), self._authorisation(request, session),
        )  # fmt: skip

    def _roster_breaches(
        self, request: Request, session: Session, start: int, length: int, held: Span, steps: Sequence[Step | VisitType]
    ) -> Iterator[str]:
        provider, kind = self.providers[session.provider], self.types[request.visit_type]
        if provider.visit_types and kind.visit_type not in provider.visit_types:
            yield "gives_visit_type"
        if any((session.site, name) not in self.pools for step in steps for name in step.pools):
            yield "pool_at_site"
        if kind.credential and self.office.credentials is not None:
            rows = [
                r for r in self.office.credentials if (r.provider, r.credential) == (session.provider, kind.credential)
            ]
            if not any(_valid(row, session.date) for row in rows):
                yield "credential"
        if held[0] < session.start or start >= session.end or held[1] > session.end + session.overtime:
            yield "session_hours"
        if provider.supervisors:
            here = [s for s in self.sessions.values() if (s.site, s.date) == (session.site, session.date)]
            present = _merged((s.start, s.end) for s in here if s.provider in provider.supervisors)
            if not _lies_in((start, start + length), present):
                yield "supervision"

    def _step_breaches(self, request: Request, starts: Sequence[int], lengths: Sequence[int]) -> Iterator[str]:
        if any(start < 0 or start + minutes > DAY for start, minutes in zip(starts, lengths, strict=True)):
            yield "step_order"
        waits = [later - earlier - m for earlier, later, m in zip(starts, starts[1:], lengths, strict=False)]
        if any(not 0 <= wait <= most for wait, most in zip(waits, self.longest_waits(request), strict=True)):
            yield "step_order"

    def _promise_breaches(self, request: Request, session: Session, start: int) -> Iterator[str]:
        if self.is_fixed(request.request) and not self._as_promised(self.promised[request.request], session, start):
            yield "fixed_promise"

    def _as_promised(self, promise: Appointment, session: Session, start: int) -> bool:
        same_time = self._minute(promise.date, promise.start) == self._minute(session.date, start)
        return promise.provider == session.provider and same_time

    def _minute(self, date: dt.date, minute: int) -> int:
        return (date - self.first).days * DAY + minute

    def _age_breaches(self, request: Request, date: dt.date) -> set[str]:
        born, kind = self.patients[request.patient].birth_date, self.types[request.visit_type]
        if born is None:
            return set()
        young = kind.min_age is not None and _age(born, date) < kind.min_age
        old = kind.max_age is not None and _age(born, date) > kind.max_age
        return {"age"} if young or old else set()

    def _record_breaches(self, request: Request, session: Session, inside: Span) -> Iterator[str]:
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
        if not self._fits_other_weeks(request, date):
            yield "series_days"
        times = self._patient_times(self.office.availability or (), request, date)
        if times is not None and not _lies_in(inside, times):
            yield "availability"

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
        today = (row for row in rows if row.date in (None, date) and row.weekday in (None, date.weekday()))
        return _merged((row.start, row.end) for row in today)

    def _points(self, request: Request, session: Session, start: int) -> Counter[str]:
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

    # ---- insurance

    def _insurer(self, request: Request, date: dt.date) -> str | None:
        rows = (row for row in self.office.coverage or () if row.patient == request.patient)
        return next((row.insurer for row in rows if _valid(row, date)), None)

    def _complaints(self, request: Request, session: Session) -> set[str]:
        """Why the insurer would not pay."""
        if self.office.coverage is None:
            return set()
        insurer = self._insurer(request, session.date)
        if insurer is None:
            return {"coverage"}
        found = set()
        if self.office.networks is not None:
            rows = [r for r in self.office.networks if (r.insurer, r.provider) == (insurer, session.provider)]
            if not any(_valid(row, session.date) for row in rows):
                found.add("network")
        terms = self.terms.get((insurer, request.visit_type))
        asked = terms is not None and terms.authorisation and self.office.authorisations is not None
        if asked and self._authorisation_on(request, insurer, session.date) is None:
            found.add("authorisation")
        if terms and terms.referral and self.office.referrals is not None:
            rows = [
                row for row in self.office.referrals
                if (row.patient, row.visit_type) == (request.patient, request.visit_type)
            ]  # fmt: skip
            if not any(_valid(row, session.date) for row in rows):
                found.add("referral")
        return found

    def _authorisation_on(self, request: Request, insurer: str, date: dt.date) -> str | None:
        wanted = (request.patient, insurer, request.visit_type)
        for row in self.office.authorisations or ():
            if (row.patient, row.insurer, row.visit_type) == wanted and self.visits_left(row) and _valid(row, date):
                return row.authorisation
        return None

    def visits_left(self, authorisation: Authorisation) -> int:
        """Visits left, less those of appointments outside the days planned that name the authorisation."""
        away = [row for row in self.promised.values() if row.date not in self.days]
        used = sum(row.authorisation == authorisation.authorisation for row in away)
        return max(0, authorisation.visits_left - used)

    def _authorisation(self, request: Request, session: Session) -> str | None:
        """The authorisation that a visit uses up a visit of."""
        insurer = self._insurer(request, session.date)
        terms = self.terms.get((insurer, request.visit_type))
        if self.patients[request.patient].self_pay or not (terms and terms.authorisation):
            return None
        return self._authorisation_on(request, insurer, session.date)

    def _fee(self, request: Request, insurer: str | None) -> int:
        terms = self.terms.get((insurer, request.visit_type))
        return self.types[request.visit_type].fee if terms is None or terms.fee is None else terms.fee

    def _most_earned(self, request: Request) -> int:
        """The most that a request could bring in: a fee of an insurer of these days, or its own."""
        insurers = [self._insurer(request, date) for date in self.days]
        fees = [self._fee(request, insurer) for insurer in insurers if insurer is not None]
        if self.office.coverage is None or self.patients[request.patient].self_pay:
            fees.append(self._fee(request, None))
        return max(fees, default=0)

    def _billing_points(self, request: Request, session: Session, complaints: set[str]) -> Counter[str]:
        weights = self.office.settings.weights
        payer = None if complaints else self._insurer(request, session.date)
        missed = max(0, self._most_earned(request) - self._fee(request, payer))
        return Counter(self_pay=weights.self_pay if complaints else 0, revenue=weights.revenue * missed)

    # ---- several visits

    def left_out(self, request: Request) -> Counter[str]:
        """Points of leaving a request out."""
        weights, defaults = self.office.settings.weights, self.office.settings.defaults
        priority, promise = request.priority or defaults.priority, self.promised.get(request.request)
        waited = 0 if request.ready is None else max(0, (self.first - request.ready).days)
        return Counter(
            unscheduled=weights.unscheduled * priority,
            waited=weights.access * (request.urgency or defaults.urgency) * waited,
            moved=weights.moved * priority if promise and promise.mark == "movable" else 0,
            revenue=weights.revenue * self._most_earned(request),
        )

    def _uses(
        self, request: Request, session: Session, starts: Sequence[int], lengths: Sequence[int],
        steps: Sequence[Step | VisitType],
    ) -> Iterator[Use]:  # fmt: skip
        for start, minutes, step in zip(starts, lengths, steps, strict=True):
            begin = self._minute(session.date, start)
            for pool in (self.pools.get((session.site, kind)) for kind in step.pools):
                if pool is not None and 0 <= begin < len(self.days) * DAY:
                    end = min(begin + minutes + pool.turnover, (begin // DAY + 1) * DAY)  # cleaning ends at midnight
                    yield Use(request.request, pool.pool, begin, end)

    def judge(self, visits: Sequence[Visit]) -> Verdict:
        """All breaches and points of a schedule."""
        facts = {visit.request: self.facts(visit) for visit in visits}
        placed = [facts[name] for name in self.requests if name in facts]  # in the office's order
        breaches = {(f.visit.request, rule) for f in placed for rule in f.breaches}
        breaches |= {(name, "promises") for name in self.requests if self.is_fixed(name) and name not in facts}
        for who, rule, of in (
            (lambda f: f.session.provider, "provider_time", lambda f: f.held),
            (lambda f: f.request.patient, "patient_time", lambda f: f.inside),
        ):
            breaches |= {(name, rule) for name in self._overlapping(placed, who, of)}
        breaches |= {(name, "pool_capacity") for name in self.overfull([u for f in placed for u in f.uses])}
        breaches |= {(name, "shift_caps") for name in self._over_cap(placed)}
        breaches |= {(name, "authorised_visits") for name in self._over_authorised(placed)}
        breaches |= {(name, "day_gap") for name in self._at_wrong_distance(facts)}
        points = Counter[str]()
        for f in placed:
            points.update(f.points)
        for name, request in self.requests.items():
            if name not in facts:
                points.update(self.left_out(request))
        points.update(self.session_points(placed))
        points.update(self.fairness_points(placed))
        return Verdict(frozenset(breaches), points)

    def _overlapping(self, placed: Sequence[Facts], who: object, of: object) -> Iterator[str]:
        """Whoever begins, of all with the same person, before somebody who began earlier is through."""
        groups = defaultdict(list)
        for number, f in enumerate(placed):
            start, end = (self._minute(f.session.date, minute) for minute in of(f))
            groups[who(f)].append((start, end, number, f.visit.request))
        for group in groups.values():
            through = None
            for start, end, _, name in sorted(group):
                if through is not None and start < through:
                    yield name
                through = end if through is None else max(through, end)

    def overfull(self, uses: Sequence[Use]) -> Iterator[str]:
        """Whoever uses a pool at a moment at which more units are in use than there are and are open."""
        for pool in self.office.pools or ():
            closed = [
                (self._minute(row.date, row.start), self._minute(row.date, row.end))
                for row in self.office.pool_closures or ()
                if row.pool == pool.pool and row.date in self.days
            ]
            mine = [use for use in uses if use.pool == pool.pool]
            for use in mine:
                moments = [m for m in (*(u.start for u in mine), *(c[0] for c in closed)) if use.start < m < use.end]
                for moment in (use.start, *moments):
                    used = sum(u.start <= moment < u.end for u in mine)
                    units = 0 if any(start <= moment < end for start, end in closed) else pool.capacity
                    if used > units:
                        yield use.request

    def caps_of(self, f: Facts) -> list[tuple[int, int, object]]:
        """(maximum, row of the cap, shift) of every cap that a visit counts towards."""
        return [
            (cap.maximum, row, f.session.shift)
            for row, cap in enumerate(self.office.caps or ())
            if cap.provider in (None, f.session.provider)
            and cap.visit_type in (None, f.request.visit_type)
            and (f.request.new or not cap.new_only)
        ]

    def _over_cap(self, placed: Sequence[Facts]) -> Iterator[str]:
        groups = defaultdict(list)
        for f in placed:
            for key in self.caps_of(f):
                groups[key].append(f.visit.request)
        for (maximum, _, _), names in groups.items():
            if len(names) > maximum:
                yield from names

    def _over_authorised(self, placed: Sequence[Facts]) -> Iterator[str]:
        for row in self.office.authorisations or ():
            names = [f.visit.request for f in placed if f.authorisation == row.authorisation]
            if len(names) > self.visits_left(row):
                yield from names

    def _at_wrong_distance(self, facts: dict[str, Facts]) -> Iterator[str]:
        for name, f in facts.items():
            request = f.request
            if request.after in self.requests:
                first = facts.get(request.after)
                if first is None or not self._far_enough(request, (f.session.date - first.session.date).days):
                    yield name
            other = facts.get(request.same_day_as)
            if other is not None and other.session.date != f.session.date:
                yield name

    def session_points(self, placed: Sequence[Facts]) -> Counter[str]:
        """Points of idle time and overtime of all sessions."""
        weights, points = self.office.settings.weights, Counter[str]()
        groups = defaultdict(list)
        for f in placed:
            groups[f.session].append(f.held)
        for session, held in groups.items():
            last = max(session.start, *(end for _, end in held))
            points["idle"] += weights.idle * (last - session.start - sum(end - start for start, end in held))
            points["overtime"] += weights.overtime * max(0, last - session.end)
        return points

    def fairness_points(self, placed: Sequence[Facts]) -> Counter[str]:
        """Points of groups that wait longer, and of providers who are more loaded, than all are and than is allowed."""
        weights, fairness = self.office.settings.weights, self.office.settings.fairness
        waits, loads = self._waits_by_group(placed), self._loads(placed)
        return Counter(
            fair_access=weights.fair_access * _beyond(waits.values(), round(10 * fairness.most_days), 10),
            fair_load=weights.fair_load * _beyond(loads.values(), fairness.most_load, 100),
        )

    def _waits_by_group(self, placed: Sequence[Facts]) -> dict[str, tuple[int, int]]:
        """Days waited since the ready day, through the last day planned where left out, and number of requests."""
        column, dates = self.office.settings.fairness.column, {f.visit.request: f.session.date for f in placed}
        groups: dict[str, tuple[int, int]] = {}
        for name, request in self.requests.items() if column is not None else ():
            until = dates.get(name, self.days[-1] + dt.timedelta(days=1))
            group = str(getattr(self.patients[request.patient], column)).lower()
            days, number = groups.get(group, (0, 0))
            groups[group] = (days + max(0, (until - (request.ready or self.first)).days), number + 1)
        return groups

    def _loads(self, placed: Sequence[Facts]) -> dict[str, tuple[int, int]]:
        """Minutes held, and minutes of contract, no more than those of their sessions, by provider with a contract."""
        loads = {}
        for name, provider in self.providers.items():
            rostered = sum(s.end - s.start for s in self.sessions.values() if s.provider == name)
            if provider.contract_minutes and rostered:
                held = [f.held for f in placed if f.session.provider == name]
                minutes = sum(end - start for start, end in held)
                loads[name] = (minutes, min(provider.contract_minutes, rostered))
        return loads


def _beyond(groups: Iterable[tuple[int, int]], most: int, of: int) -> int:
    """What groups have, as (amount, size), beyond the mean of all and most / of for each of their size; rounded up."""
    groups = list(groups)
    size = sum(size for _, size in groups)
    mean = Fraction(sum(amount for amount, _ in groups), size) if size else Fraction(0)
    return sum(max(0, ceil(amount - number * (mean + Fraction(most, of)))) for amount, number in groups)
