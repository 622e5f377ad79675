"""The solver against trying everything: tiny offices in which every schedule can be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from math import inf, prod

import numpy as np
from hypothesis import assume, given, settings

import schedopt
from schedopt.models.tables import Role
from schedopt.solver.bound.prices import Pricing
from schedopt.solver.cpsat.promises import settle
from tests.effort import examples
from tests.offices import Case, Size, cases
from tests.reference import Facts, Judge, Session, Visit
from tests.schedules import visits_of

TINY = Size(requests=6, providers=2, days=2, grids=(15,), longest=90, plain_days=True)


class Search:
    """Looks at every schedule that could cost less than a given number of points, and keeps the first that does.

    Where a request is forced, those that leave it out are no schedules.
    """

    def __init__(self, judge: Judge, limit: float, forced: str | None = None) -> None:
        self._judge = judge
        self._forced = forced
        self._limit = limit
        self._order = _followers_last(judge)
        self._places: dict[str, list[tuple[Facts, int]]] = {}
        for name in self._order:
            self._places[name] = [place for place in _places(judge, name) if self._may_follow(place[0])]
        self._left_out = {name: judge.left_out(judge.requests[name]).total() for name in self._order}
        self._least = self._least_of_the_rest(0)
        self._least_filling = self._least_of_the_rest(judge.office.settings.weights.idle)

    @property
    def size(self) -> int:
        """Schedules there are, with and without breaches among visits."""
        return prod(len(places) + 1 for places in self._places.values())

    def _may_follow(self, facts: Facts) -> bool:
        """Whether what a visit follows, if anything, may be placed at a right distance before it."""
        after = facts.request.after
        firsts = self._places[after] if after in self._judge.requests else None
        return firsts is None or any(_apart_enough(facts, first) for first, _ in firsts)

    def better(self) -> list[Visit] | None:
        """A schedule that breaks nothing and costs less, or None."""
        return next(self._schedules(0, [], 0), None)

    def _least_of_the_rest(self, a_minute: int) -> list[int]:
        """What the requests from each place in the order on cost at least, if every minute they hold saves so much."""
        least = [0]
        for name in reversed(self._order):
            costs = [points - a_minute * _minutes(facts) for facts, points in self._places[name]]
            costs += [] if self._must_be_placed(name) else [self._left_out[name]]
            least.append(least[-1] + min(costs, default=0))
        return least[::-1]

    def _must_be_placed(self, name: str) -> bool:
        return name == self._forced or self._judge.is_fixed(name)

    def _schedules(self, number: int, placed: list[Facts], points: int) -> Iterator[list[Visit]]:
        if points + self._to_come_at_least(number, placed) >= self._limit:
            return
        if number == len(self._order):
            fairness = self._judge.fairness_points(placed).total()
            if points + self._to_come_at_least(number, placed) + fairness < self._limit:
                yield [facts.visit for facts in placed]
            return
        name = self._order[number]
        for facts, cost in self._places[name]:
            if self._fits(facts, placed):
                yield from self._schedules(number + 1, [*placed, facts], points + cost)
        if not self._must_be_placed(name):
            yield from self._schedules(number + 1, placed, points + self._left_out[name])

    def _to_come_at_least(self, number: int, placed: Sequence[Facts]) -> int:
        """Points of overtime, idle time and all requests to come, which may fill idle time but no overtime."""
        points = self._judge.session_points(list(self._judge.holding(placed)))
        return points["overtime"] + max(self._least[number], self._least_filling[number] + points["idle"])

    def _fits(self, facts: Facts, placed: Sequence[Facts]) -> bool:
        """Whether a visit breaks nothing together with those placed before it, which break nothing."""
        judge, request, date = self._judge, facts.request, facts.session.date
        by_request = {other.visit.request: other for other in placed}
        for other in placed:
            if other.session.date != date:
                continue
            joins = judge.alike(facts, other) and judge.may_share(facts, placed)
            if not joins and any(
                one.provider == two.provider and _overlap(span, another)
                for one, span in other.held
                for two, another in facts.held
            ):
                return False
            if other.request.patient == request.patient and _overlap(other.inside, facts.inside):
                return False
        if request.after in judge.requests:
            first = by_request.get(request.after)
            if first is None or not _apart_enough(facts, first):
                return False
        for other in placed:
            wanted = other.visit.request == request.same_day_as or other.request.same_day_as == request.request
            if wanted and other.session.date != date:
                return False
        counts = Counter(key for other in (*placed, facts) for key in judge.caps_of(other))
        if any(count > maximum for (maximum, _, _), count in counts.items()):
            return False
        if facts.authorisation is not None:
            rows = judge.office.authorisations or ()
            left = next(judge.visits_left(row) for row in rows if row.authorisation == facts.authorisation)
            if sum(other.authorisation == facts.authorisation for other in placed) >= left:
                return False
        if facts.answer is not None:
            same = sum(other.answer is facts.answer for other in placed)
            if same >= judge.visits_answered(facts.answer):
                return False
        if any(judge.over_supplied([*placed, facts])):
            return False
        pools = {use.pool for use in facts.uses}
        uses = [use for other in judge.holding([*placed, facts]) for use in other.uses if use.pool in pools]
        return not any(judge.overfull(uses))


def _minutes(facts: Facts) -> int:
    """Minutes for which a visit holds providers."""
    return sum(end - start for _, (start, end) in facts.held)


def _apart_enough(facts: Facts, first: Facts) -> bool:
    """Whether a visit is as many days after the one it follows as it should be."""
    apart, high = (facts.session.date - first.session.date).days, facts.request.after_max_days
    return (1 if facts.request.after_min_days is None else facts.request.after_min_days) <= apart and (
        high is None or apart <= high
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _followers_last(judge: Judge) -> list[str]:
    """Requests in an order in which each comes after the one it follows; fixed promises early."""
    order: list[str] = []
    names = sorted(judge.requests, key=lambda name: not judge.is_fixed(name))
    while len(order) < len(names):
        ready = [n for n in names if n not in order and judge.requests[n].after not in set(names) - set(order)]
        order.append(ready[0])
    return order


def _places(judge: Judge, name: str) -> list[tuple[Facts, int]]:
    """Every way to place one request that breaks nothing by itself, and its points, cheapest first."""
    request, grid = judge.requests[name], judge.office.settings.grid_minutes
    _, own = judge.steps(request)
    longest = judge.longest_waits(request)
    found = []
    for session, *others in product(judge.sessions.values(), *(_who(judge, role) for role, _ in judge.roles(request))):
        if any((other.site, other.date) != (session.site, session.date) for other in others):
            continue
        lengths = judge.lengths(request, session.provider)
        for start in range(session.start, session.end, grid):
            for waits in product(*(range(0, most + 1, grid) for most in longest)):
                starts = [0]
                for length, wait in zip(lengths, waits, strict=False):
                    starts.append(starts[-1] + length + wait)
                moved = tuple(s - starts[own] + start for s in starts)
                keys = tuple((other.provider, other.date, other.start) for other in others)
                facts = judge.facts(Visit(name, session.provider, session.date, session.start, moved, keys))
                if not facts.breaches and not any(judge.overfull(facts.uses)):
                    found.append((facts, facts.points.total()))
    return sorted(found, key=lambda place: place[1])


def _who(judge: Judge, role: Role) -> list[Session]:
    """Sessions of those who may fill a role."""
    return [session for session in judge.sessions.values() if session.provider in role.providers]


@settings(max_examples=examples(48))
@given(cases(TINY))
def test_plan_is_the_best_there_is(case: Case) -> None:
    """A tiny week is solved to the end: its schedule breaks nothing, costs what the reference says, and trying
    everything finds none that costs less. Fixed promises are in conflict exactly where no schedule keeps them all.
    """
    judge = Judge(case.office, case.first)
    assume(Search(judge, inf).size < 20_000_000)
    plan = schedopt.plan(case.problem, time_limit=10, workers=1, seed=1, progress=False)
    if plan.status == "conflict":
        assert Search(judge, inf).better() is None
        assert len(plan.conflicts)
        return
    verdict = judge.judge(visits_of(case.problem, plan.assignment))
    assert plan.left_out["proved"].all()
    assert plan.status == "optimal"
    assert verdict.breaches == frozenset()
    assert plan.cost == plan.bound == verdict.points.total()
    assert Search(judge, plan.cost).better() is None


@settings(max_examples=examples(32))
@given(cases(TINY))
def test_no_schedule_that_places_a_request_costs_less_than_is_proved(case: Case) -> None:
    """At prices of a few steps or of many, trying everything finds no schedule with a request below its bound."""
    judge = Judge(case.office, case.first)
    assume(Search(judge, inf).size < 20_000)
    problem, _, conflicts = settle(case.problem)
    assume(conflicts.empty)
    pricing = Pricing(problem, 1)
    for number in range(100):
        pricing.step(number / 100)
    requests = np.flatnonzero(np.diff(problem.offset))
    for request, points in zip(requests.tolist(), pricing.forced(requests).tolist(), strict=True):
        assert Search(judge, points, forced=problem.week.requests.ids[request]).better() is None
