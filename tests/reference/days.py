"""What the days of single people have to be like: ways, breaks, rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from schedopt.models.tables import Request, Reserve
from tests.reference.known import Known
from tests.reference.values import Facts, Session, Span, merged


class Days(Known):
    """Breaches of what is asked of people's days."""

    def day_breaches(self, placed: Sequence[Facts], alone: Sequence[Facts]) -> Iterator[tuple[str, str]]:
        """Requests, and what they break; `alone` are those that hold their provider themselves."""
        for name in self.providers:
            held = [
                (f, session, (self.minute(f.session.date, span[0]), self.minute(f.session.date, span[1])))
                for f in placed
                for session, span in f.held
                if session.provider == name
            ]
            yield from self._too_near(held)
            for date in self.days:
                today = [(f, span) for f, session, span in held if session.date == date]
                for low, high, minutes in self._breaks(name, date):
                    inside = [(f, span) for f, span in today if span[0] < high and span[1] > low]
                    taken = {minute for _, span in inside for minute in range(*span)}
                    runs = merged((m, m + 1) for m in range(low, high) if m not in taken)
                    if not any(end - start >= minutes for start, end in runs):
                        yield from ((f.visit.request, "moving_break") for f, _ in inside)
                yield from ((who, "longest_stretch") for who in self._without_break(name, today))
                yield from ((who, "places_kept") for who in self._out_of_place(name, date, today))
                yield from (
                    (who, "in_a_row") for who in self._in_long_rows([(f, span) for f, span in today if f in alone])
                )
                yield from ((who, "set_up") for who in self._not_set_up(today))
        yield from self._patients_late(placed)

    def _way(self, site: str, other: str) -> int:
        rows = {(row.site, row.other_site): row.minutes for row in self.office.travel or ()}
        return rows.get((site, other), rows.get((other, site), 0))

    def _too_near(self, held: Sequence[tuple[Facts, Session, Span]]) -> Iterator[tuple[str, str]]:
        """Visits of a provider that begin too soon after one in an earlier session which could end too late for it."""
        for f, later, (start, _) in held:
            for _, earlier, (_, end) in held:
                opens, closes = (self.minute(s.date, m) for s, m in ((later, later.start), (earlier, earlier.end)))
                same, gained = earlier.date == later.date, self._gained(earlier, later)
                rule, minutes = ("travel", self._way(earlier.site, later.site)) if same else (
                    "rest", 60 * self._rest(later.provider)
                )  # fmt: skip
                possible = closes <= opens < closes + earlier.overtime + minutes + gained
                if earlier != later and minutes and possible and start - end - gained < minutes:
                    yield f.visit.request, rule

    def _gained(self, earlier: Session, later: Session) -> int:
        """Minutes that clocks show between two sessions beyond those that pass."""
        shown = self.minute(later.date, later.start) - self.minute(earlier.date, earlier.start)
        moments = (self.instant(s.site, s.date, s.start) for s in (later, earlier))
        return shown - (next(moments) - next(moments)) // dt.timedelta(minutes=1)

    def _rest(self, provider: str) -> int:
        own = self.providers[provider].rest_hours
        return (self.office.settings.defaults.rest_hours if own is None else own) or 0

    def _breaks(self, provider: str, date: dt.date) -> Iterator[tuple[int, int, int]]:
        """Hours, and minutes, of the breaks in shifts of which something takes place on a date."""
        rows = {s.shift[0] for s in self.sessions.values() if s.provider == provider and s.date == date}
        for row in rows:
            for start, end, minutes in self.office.shifts[row].moving_breaks:
                yield self.minute(date, start), self.minute(date, end), minutes

    def _without_break(self, provider: str, today: Sequence[tuple[Facts, Span]]) -> Iterator[str]:
        """Whoever is in a stretch that is too long, gaps which are no breaks counted in."""
        defaults, own = self.office.settings.defaults, self.providers[provider].without_break
        most = defaults.without_break if own is None else own
        if most is None:
            return
        gap = defaults.shortest_break - 1  # the longest that is no break
        for start, end in merged((begin, last + gap) for _, (begin, last) in today):
            if end - gap - start > most:
                yield from (f.visit.request for f, span in today if start <= span[0] and span[1] <= end)

    def _out_of_place(self, provider: str, date: dt.date, today: Sequence[tuple[Facts, Span]]) -> Iterator[str]:
        """Whoever may not take the places that are kept, where too few of them are left."""
        sessions = [s for s in self.sessions.values() if (s.provider, s.date) == (provider, date)]
        for row in self.office.reserves or ():
            if row.provider not in (None, provider) or row.weekday not in (None, date.weekday()):
                continue
            meeting = [s for s in sessions if max(s.start, row.start) < min(s.end, row.end)]
            hours = [
                (self._on_grid(date, max(s.start, row.start), up=True), self._on_grid(date, min(s.end, row.end)))
                for s in meeting
            ]
            starts = [
                self.instant(s.site, date, s.start) for s, (low, high) in zip(meeting, hours, strict=True) if low < high
            ]
            if self._is_released(row, starts):
                continue
            barred = [(f, span) for f, span in today if not self._may_take(row, f.request)]
            fixed = [
                self._held_as_promised(self.requests[name])
                for name, promise in self.promised.items()
                if self.is_fixed(name) and (promise.provider, promise.date) == (provider, date)
                and not self._may_take(row, self.requests[name])
            ]  # fmt: skip
            least = min(row.places, _places(hours, fixed, self._cells(row.minutes)))
            if _places(hours, [span for _, span in barred], self._cells(row.minutes)) < least:
                yield from (f.visit.request for f, (a, b) in barred if any(a < high and low < b for low, high in hours))

    def _is_released(self, row: Reserve, starts: Sequence[dt.datetime]) -> bool:
        """Whether, at the moment of planning, the places of a row are no longer kept where sessions start then."""
        if self.now is None or row.release_hours is None or not starts:
            return False
        return min(starts) - dt.timedelta(hours=row.release_hours) <= self.asked()

    def _may_take(self, row: Reserve, request: Request) -> bool:
        urgency = request.urgency or self.office.settings.defaults.urgency
        return row.visit_type in (None, request.visit_type) and urgency >= (row.urgency or 0)

    def _held_as_promised(self, request: Request) -> Span:
        """From when to when a fixed promise holds its provider."""
        promise, kind, (_, own) = self.promised[request.request], self.types[request.visit_type], self.steps(request)
        start = self.minute(promise.date, promise.start)
        return start - kind.buffer_before, start + self.lengths(request, promise.provider)[own] + kind.buffer_after

    def _on_grid(self, date: dt.date, minute: int, *, up: bool = False) -> int:
        grid = self.office.settings.grid_minutes
        return self.minute(date, (-(-minute // grid) if up else minute // grid) * grid)

    def _cells(self, minutes: int) -> int:
        grid = self.office.settings.grid_minutes
        return -(-minutes // grid) * grid

    def _in_long_rows(self, today: Sequence[tuple[Facts, Span]]) -> Iterator[str]:
        """Whoever is in a row of visits of a type that is too long."""
        for name, kind in self.types.items():
            mine = [(f, span) for f, span in today if f.request.visit_type == name]
            for start, end in merged(span for _, span in mine):
                row = [f.visit.request for f, span in mine if start <= span[0] and span[1] <= end]
                if kind.most_in_a_row is not None and len(row) > kind.most_in_a_row:
                    yield from row

    def _not_set_up(self, today: Sequence[tuple[Facts, Span]]) -> Iterator[str]:
        """Whoever begins too soon after a visit of a type from which it takes so many minutes to set up."""
        for row in self.office.setups or ():
            for before, (begin, end) in today:
                for f, (start, _) in today:
                    types = before.request.visit_type, f.request.visit_type
                    near = begin <= start < end + row.minutes
                    if types == (row.visit_type, row.next_visit_type) and row.minutes and near:
                        yield f.visit.request

    def _patients_late(self, placed: Sequence[Facts]) -> Iterator[tuple[str, str]]:
        """Visits too soon after one of the same patient at another site, or on a day with one in another zone."""
        for f in placed:
            for other in placed:
                same = (f.request.patient, f.session.date) == (other.request.patient, other.session.date)
                minutes, sites = self._way(other.session.site, f.session.site), (other.session.site, f.session.site)
                before = (*other.inside, placed.index(other)) < (*f.inside, placed.index(f))
                if same and before and self.zone(sites[0]).key != self.zone(sites[1]).key:
                    yield f.visit.request, "patient_zone"
                elif same and minutes and before and f.inside[0] - other.inside[1] < minutes:
                    yield f.visit.request, "patient_travel"


def _places(hours: Sequence[Span], spans: Sequence[Span], minutes: int) -> int:
    """How many places of so many minutes are free of some spans."""
    taken = {minute for span in spans for minute in range(*span)}
    free = [merged((m, m + 1) for m in range(*span) if m not in taken) for span in hours]
    return sum((end - start) // minutes for runs in free for start, end in runs)
