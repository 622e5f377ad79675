"""One visit, and a whole schedule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil

from schedopt.models.tables import Request
from tests.reference.billing import Billing
from tests.reference.days import Days
from tests.reference.records import Records
from tests.reference.rosters import Rosters
from tests.reference.supplies import Supplies
from tests.reference.training import Training
from tests.reference.values import Facts, Span, Verdict, Visit


class Judge(Records, Rosters, Days, Billing, Supplies, Training):
    """Knows an office and the days planned, and judges schedules."""

    def facts(self, visit: Visit) -> Facts:
        """What follows from a visit alone."""
        request, session = self.requests[visit.request], self.sessions[visit.provider, visit.date, visit.opens]
        kind, (steps, own), lengths = (
            self.types[request.visit_type],
            self.steps(request),
            self.lengths(request, visit.provider),
        )
        start, length = visit.starts[own], lengths[own]
        held = (start - kind.buffer_before, start + length + kind.buffer_after)
        inside = (visit.starts[0], visit.starts[-1] + lengths[-1])
        breaches = set(self.roster_breaches(request, session, start, length, held, inside, steps))
        others = [None if key is None else self.sessions[key] for key in visit.others]
        breaches |= set(self.role_breaches(request, session, others, visit.starts, lengths))
        breaches |= set(self.training_breaches(request, session, others))
        breaches |= set(self.step_breaches(request, visit.starts, lengths))
        breaches |= set(self.promise_breaches(request, session, start))
        if not self.is_fixed(visit.request):
            breaches |= set(self.record_breaches(request, session, start, inside))
        breaches |= self.age_breaches(request, session.date)
        complaints = self.complaints(request, session)
        if not self.pays_alone(request):
            breaches |= complaints
        points = self.record_points(request, session, start) + self.billing_points(request, session, complaints)
        points["office_wait"] = self.office.settings.weights.office_wait * sum(
            max(0, later - earlier - minutes)
            for earlier, later, minutes in zip(visit.starts, visit.starts[1:], lengths, strict=False)
        )
        return Facts(
            visit, request, session, frozenset(breaches), points,
            ((session, held), *self.taking_part(request, others, visit.starts, lengths)), inside,
            tuple(self.uses_of(request, session, visit.starts, lengths, steps)),
            self.authorisation_of(request, session), self.answer_of(request, session),
        )  # fmt: skip

    def left_out(self, request: Request) -> Counter[str]:
        """Points of leaving a request out."""
        weights, defaults = self.office.settings.weights, self.office.settings.defaults
        priority, promise = request.priority or defaults.priority, self.promised.get(request.request)
        waited = 0 if request.ready is None else max(0, (self.first - request.ready).days)
        return Counter(
            unscheduled=weights.unscheduled * priority,
            waited=weights.access * (request.urgency or defaults.urgency) * waited,
            moved=weights.moved * priority if promise and promise.mark == "movable" else 0,
            revenue=weights.revenue * self.most_earned(request),
            expected_revenue=self.office.settings.billing.expected_revenue * self.most_expected(request),
        )

    def judge(self, visits: Sequence[Visit]) -> Verdict:
        """All breaches and points of a schedule."""
        facts = {visit.request: self.facts(visit) for visit in visits}
        placed = [facts[name] for name in self.requests if name in facts]  # in the office's order
        breaches = {(f.visit.request, rule) for f in placed for rule in f.breaches}
        breaches |= {(name, "promises") for name in self.requests if self.is_fixed(name) and name not in facts}
        alone = list(self.holding(placed))
        providers = [(f, session.provider, span) for f in alone for session, span in f.held[:1]]
        providers += [(f, session.provider, span) for f in alone for session, span in f.held[1:]]
        patients = [(f, f.request.patient, f.inside) for f in placed]
        for rule, stretches in (("provider_time", providers), ("patient_time", patients)):
            breaches |= {(name, rule) for name in self._overlapping(stretches)}
        breaches |= {(name, "pool_capacity") for name in self.overfull([u for f in alone for u in f.uses])}
        breaches |= {(name, "shift_caps") for name in self.over_cap(placed)}
        breaches |= set(self.over_authorised(placed))
        breaches |= {(name, "supply_left") for name in self.over_supplied(placed)}
        breaches |= {(name, "day_gap") for name in self.at_wrong_distance(facts)}
        breaches |= set(self.day_breaches(placed, alone))
        points = Counter[str]()
        for f in placed:
            points.update(f.points)
        for name, request in self.requests.items():
            if name not in facts:
                points.update(self.left_out(request))
        points.update(self.session_points(alone))
        points.update(self.fairness_points(placed))
        return Verdict(frozenset(breaches), points)

    def holding(self, placed: Sequence[Facts]) -> Iterator[Facts]:
        """The visits that hold their provider and pools themselves: of those of a type that start together, last as
        long and are in one session, the first, and the next one whenever all seats are taken.
        """
        for number, f in enumerate(placed):
            if sum(self.alike(f, other) for other in placed[:number]) % self.types[f.request.visit_type].seats == 0:
                yield f

    def alike(self, one: Facts, other: Facts) -> bool:
        """Whether two visits hold the same stretch, of a type for which that may be a group visit."""
        kind = one.request.visit_type
        same = (kind, one.held[0]) == (other.request.visit_type, other.held[0])
        return same and self.types[kind].seats > 1

    def may_share(self, f: Facts, placed: Sequence[Facts]) -> bool:
        """Whether a visit joins others that are placed, and a seat is left."""
        return 0 < sum(self.alike(f, other) for other in placed) < self.types[f.request.visit_type].seats

    def _overlapping(self, stretches: Sequence[tuple[Facts, str, Span]]) -> Iterator[str]:
        """Whoever begins, of all with the same person, before somebody who began earlier is through."""
        groups = defaultdict(list)
        for number, (f, who, span) in enumerate(stretches):
            start, end = (self.minute(f.session.date, minute) for minute in span)
            groups[who].append((start, end, number, f.visit.request))
        for group in groups.values():
            through = None
            for start, end, _, name in sorted(group):
                if through is not None and start < through:
                    yield name
                through = end if through is None else max(through, end)

    def fairness_points(self, placed: Sequence[Facts]) -> Counter[str]:
        """Points of groups that wait longer, and of providers who are more loaded, than all are and than is allowed."""
        weights, fairness = self.office.settings.weights, self.office.settings.fairness
        waits, loads = self.waits_by_group(placed), self.loads(placed)
        return Counter(
            fair_access=weights.fair_access * _beyond(waits.values(), round(10 * fairness.most_days), 10),
            fair_load=weights.fair_load * _beyond(loads.values(), fairness.most_load, 100),
        )


def _beyond(groups: Iterable[tuple[int, int]], most: int, of: int) -> int:
    """What groups have, as (amount, size), beyond the mean of all and most / of for each of their size; rounded up."""
    groups = list(groups)
    size = sum(size for _, size in groups)
    mean = Fraction(sum(amount for amount, _ in groups), size) if size else Fraction(0)
    return sum(max(0, ceil(amount - number * (mean + Fraction(most, of)))) for amount, number in groups)
