"""Who works where, and with what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from schedopt.models.tables import Request, Role, Step, VisitType
from tests.reference.known import Known
from tests.reference.values import DAY, Facts, Session, Span, Use, lies_in, merged, valid


class Rosters(Known):
    """Breaches and points of what rosters say."""

    def roster_breaches(
        self, request: Request, session: Session, start: int, length: int, held: Span, inside: Span,
        steps: Sequence[Step | VisitType],
    ) -> Iterator[str]:  # fmt: skip
        provider, kind = self.providers[session.provider], self.types[request.visit_type]
        if provider.visit_types and kind.visit_type not in provider.visit_types:
            yield "gives_visit_type"
        if any((session.site, name) not in self.pools for step in steps for name in step.pools):
            yield "pool_at_site"
        if kind.credential and self.office.credentials is not None:
            rows = [
                r for r in self.office.credentials if (r.provider, r.credential) == (session.provider, kind.credential)
            ]
            if not any(valid(row, session.date) for row in rows):
                yield "credential"
        if held[0] < session.start or start >= session.end or held[1] > session.end + session.overtime:
            yield "session_hours"
        moments = [divmod(minute, DAY) for minute in range(*inside)]
        closed = {days: self.closed(session.site, session.date, days) for days in {days for days, _ in moments}}
        if any(minute in closed[days] for days, minute in moments):
            yield "site_hours"
        same = [s for s in self.sessions.values() if (s.provider, s.date) == (session.provider, session.date)]
        shifts = [self.office.shifts[row] for row in {s.shift[0] for s in same}]
        late = any(shift.end - (shift.last_new or 0) <= start < shift.end for shift in shifts)
        if late and request.new and not self.is_fixed(request.request):
            yield "last_new"
        if provider.supervisors:
            here = [s for s in self.sessions.values() if s.site == session.site and s.provider in provider.supervisors]
            hours = ((self.minute(s.date, s.start), self.minute(s.date, s.end)) for s in here)
            begin = self.minute(session.date, start)
            if not lies_in((begin, begin + length), merged(hours)):
                yield "supervision"

    def roles(self, request: Request) -> list[tuple[Role, int]]:
        """The roles of a visit, and the number of each one's step."""
        steps, own = self.steps(request)
        orders = [0 if k == own else step.order for k, step in enumerate(steps)]
        rows = [row for row in self.office.roles or () if row.visit_type == request.visit_type]
        return [(row, orders.index(row.order)) for row in rows]

    def taking_part(
        self, request: Request, others: Sequence[Session | None], starts: Sequence[int], lengths: Sequence[int]
    ) -> list[tuple[Session, Span]]:
        """Who takes part, and from when to when."""
        filled = [(other, k) for other, (_, k) in zip(others, self.roles(request), strict=True) if other is not None]
        return [(other, (starts[k], starts[k] + lengths[k])) for other, k in filled]

    def role_breaches(
        self, request: Request, session: Session, others: Sequence[Session | None], starts: Sequence[int],
        lengths: Sequence[int],
    ) -> Iterator[str]:  # fmt: skip
        people = [session.provider, *(other.provider for other in others if other is not None)]
        if None in others or len(set(people)) < len(people):
            yield "roles_filled"
        waits, (_, own) = self.longest_waits(request), self.steps(request)
        for other, (role, k) in zip(others, self.roles(request), strict=True):
            if other is None:
                continue
            if other.provider not in role.providers or (other.site, other.date) != (session.site, session.date):
                yield "roles_filled"
            apart = (other.date - session.date).days * DAY
            last = min(other.end - self.office.settings.grid_minutes, other.end + other.overtime - lengths[k]) + apart
            direct = sum(lengths[own:k]) - sum(lengths[k:own])
            soonest, latest = direct - sum(waits[k:own]), direct + sum(waits[own:k])
            if starts[own] + latest < other.start + apart or starts[own] + soonest > last:
                yield "role_hours"
            if k != own and not other.start + apart <= starts[k] <= last:
                yield "taking_part"

    def uses_of(
        self, request: Request, session: Session, starts: Sequence[int], lengths: Sequence[int],
        steps: Sequence[Step | VisitType],
    ) -> Iterator[Use]:  # fmt: skip
        for start, minutes, step in zip(starts, lengths, steps, strict=True):
            begin = self.minute(session.date, start)
            for pool in (self.pools.get((session.site, kind)) for kind in step.pools):
                if pool is not None and 0 <= begin < len(self.days) * DAY:
                    end = min(begin + minutes + pool.turnover, (begin // DAY + 1) * DAY)  # cleaning ends at midnight
                    yield Use(request.request, pool.pool, begin, end)

    def overfull(self, uses: Sequence[Use]) -> Iterator[str]:
        """Whoever uses a pool at a moment at which more units are in use than there are and are open."""
        for pool in self.office.pools or ():
            closed = [
                (self.minute(row.date, row.start), self.minute(row.date, row.end), row.units, row.taken_by)
                for row in self.office.pool_closures or ()
                if row.pool == pool.pool and row.date in self.days
            ]
            mine = [use for use in uses if use.pool == pool.pool]
            for use in mine:
                moments = [m for m in (*(u.start for u in mine), *(c[0] for c in closed)) if use.start < m < use.end]
                for moment in (use.start, *moments):
                    used = sum(u.start <= moment < u.end for u in mine)
                    gone: dict[str | None, int] = {}
                    for start, end, units, taker in closed:
                        if start <= moment < end:
                            gone[taker] = max(gone.get(taker, 0), pool.capacity if units is None else units)
                    if used > max(0, pool.capacity - sum(gone.values())):
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

    def over_cap(self, placed: Sequence[Facts]) -> Iterator[str]:
        groups = defaultdict(list)
        for f in placed:
            for key in self.caps_of(f):
                groups[key].append(f.visit.request)
        for (maximum, _, _), names in groups.items():
            if len(names) > maximum:
                yield from names

    def session_points(self, placed: Sequence[Facts]) -> Counter[str]:
        """Points of idle time and overtime of all sessions."""
        weights, points = self.office.settings.weights, Counter[str]()
        groups = defaultdict(list)
        for f in placed:
            for session, (start, end) in f.held:
                apart = (f.session.date - session.date).days * DAY
                groups[session].append((start + apart, end + apart))
        for session, held in groups.items():
            last = max(session.start, *(end for _, end in held))
            points["idle"] += weights.idle * (last - session.start - sum(end - start for start, end in held))
            points["overtime"] += weights.overtime * max(0, last - session.end)
        return points

    def loads(self, placed: Sequence[Facts]) -> dict[str, tuple[int, int]]:
        """Minutes held, and minutes of contract, no more than those of their sessions, by provider with a contract."""
        loads = {}
        for name, provider in self.providers.items():
            rostered = sum(s.end - s.start for s in self.sessions.values() if s.provider == name)
            if provider.contract_minutes and rostered:
                held = [(span, f) for f in placed for session, span in f.held if session.provider == name]
                minutes = sum((end - start) // self.types[f.request.visit_type].seats for (start, end), f in held)
                loads[name] = (minutes, min(provider.contract_minutes, rostered))
        return loads
