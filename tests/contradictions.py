"""Offices whose fixed promises contradict each other, and a judge of minimal sets that tries everything.

The judge reads demands in the office's words and uses the reference alone: neither rules nor solver.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import product
from random import Random

from hypothesis import strategies as st

from schedopt.answers.demands import Demand
from schedopt.models.clock import format_time
from schedopt.models.problem.week import ALL_UNITS
from schedopt.models.tables import Appointment, Request, Role
from schedopt.office import assemble
from tests.offices import Case, Size, cases
from tests.reference import DAY, Facts, Judge, Session, Visit

SMALL = Size(requests=6, providers=3, days=3, grids=(15,), longest=120, plain_days=True)


@st.composite
def contradictions(draw: st.DrawFn) -> Case:
    """An office in which most requests are promised as fixed, most of them near a session's start or at one time."""
    case = draw(cases(SMALL))
    promises = _promises(case, Random(draw(st.integers(0, 2**32 - 1))))
    office = case.office.model_copy(update={"appointments": tuple(promises)})
    return Case(office, case.first, assemble(office, case.first))


def _promises(case: Case, random: Random) -> list[Appointment]:
    judge, rows = Judge(case.office, case.first), list[Appointment]()
    for request in case.office.requests:
        if random.random() < 0.1:
            continue
        provider, date, start = _moment(judge, request, rows, random)
        mark = "movable" if random.random() < 0.1 else "fixed"
        start_words = format_time(min(start, DAY - case.office.settings.grid_minutes))
        rows.append(
            Appointment(request=request.request, provider=provider, date=date, start=start_words, mark=mark)
        )  # fmt: skip
    return rows


def _moment(judge: Judge, request: Request, rows: Sequence[Appointment], random: Random) -> tuple[str, dt.date, int]:
    """Provider, date and minute: those of the promise before, early in a session, or anywhere."""
    kind, grid, providers = judge.types[request.visit_type], judge.office.settings.grid_minutes, sorted(judge.providers)
    length = request.minutes or kind.minutes
    roomy = [s for s in judge.sessions.values() if s.end - s.start >= kind.buffer_before + length + kind.buffer_after]
    if rows and random.random() < 0.35:
        last = rows[-1]
        return last.provider if random.random() < 0.4 else random.choice(providers), last.date, last.start
    if roomy and random.random() < 0.95:
        session = random.choice(roomy[:2] if random.random() < 0.5 else roomy)
        last_start = session.end - kind.buffer_after - length
        first = -(-(session.start + kind.buffer_before) // grid) * grid
        return session.provider, session.date, min(first + grid * random.randrange(4), max(first, last_start))
    return random.choice(providers), random.choice(judge.days), grid * random.randrange(30, 45)


class MinimalJudge:
    """Says whether demands can be met together, by trying every placement of the requests that they ask for."""

    def __init__(self, case: Case) -> None:
        self._judge = Judge(case.office, case.first)
        self._week = case.problem.week
        self._gaps = next(c for c in case.problem.couplings if c.name == "day_gap")
        self._supplies = next((c for c in case.problem.couplings if c.name == "supply_left"), None)
        self._places: dict[str, list[Facts]] = {}

    def possible(self, demands: Collection[Demand]) -> bool:
        """Whether some placement meets all of them."""
        asked: dict[str, set[int]] = defaultdict(set)
        for demand in demands:
            asked[demand.rule].add(demand.code)
        names = self._names(asked)
        choices = [self._allowed(name, asked) for name in names]
        return next(self._together(choices, [], asked), None) is not None

    def _id(self, code: int) -> str:
        return self._week.requests.ids[code]

    def _pairs(self, asked: dict[str, set[int]]) -> Iterator[tuple[str, str, bool]]:
        """Pairs of a series, or of a same day, that are asked to keep their distance: first, second, whether series."""
        for pair in asked["day_gap"]:
            first, second = self._id(self._gaps.first[pair]), self._id(self._gaps.second[pair])
            yield first, second, self._judge.requests[second].after == first

    def _names(self, asked: dict[str, set[int]]) -> list[str]:
        """Requests that have to be placed; a promise for which no session is asked is kept somehow."""
        names = {self._id(code) for code in asked["promises"]}
        while more := {first for first, second, series in self._pairs(asked) if series and second in names} - names:
            names |= more
        asked_hours = {self._id(code) for code in asked["session_hours"]}
        return [n for n in sorted(names) if n in asked_hours or not self._is_homeless(n, asked)]

    def _is_homeless(self, name: str, asked: dict[str, set[int]]) -> bool:
        promised = name in {self._id(code) for code in asked["promises"]}
        return promised and not any(self._as_promised(facts) for facts in self._placed(name))

    def _as_promised(self, facts: Facts) -> bool:
        return "fixed_promise" not in facts.breaches

    def _placed(self, name: str) -> list[Facts]:
        """Every way to place a request within a session's hours; steps in order unless they cannot be."""
        if name not in self._places:
            everything = [f for f in self._anywhere(name) if "session_hours" not in f.breaches]
            orderly = [f for f in everything if "step_order" not in f.breaches]
            if self._judge.is_fixed(name) and not any(map(self._as_promised, orderly)):
                orderly = everything
            self._places[name] = orderly
        return self._places[name]

    def _anywhere(self, name: str) -> Iterator[Facts]:
        judge = self._judge
        request, grid = judge.requests[name], judge.office.settings.grid_minutes
        _, own = judge.steps(request)
        for session in judge.sessions.values():
            lengths = judge.lengths(request, session.provider)
            for start in range(session.start, session.end, grid):
                for waits in product(*(range(0, most + 1, grid) for most in judge.longest_waits(request))):
                    starts = [0]
                    for length, wait in zip(lengths, waits, strict=False):
                        starts.append(starts[-1] + length + wait)
                    moved = tuple(s - starts[own] + start for s in starts)
                    for others in product(*(self._who(role, session) for role, _ in judge.roles(request))):
                        where = (session.provider, session.date, session.start)
                        yield judge.facts(Visit(name, *where, moved, others))

    def _who(self, role: Role, own: Session) -> list[tuple[str, dt.date, int] | None]:
        """Nobody, and all who may fill a role beside a session."""
        here = [s for s in self._judge.sessions.values() if (s.site, s.date) == (own.site, own.date)]
        return [None, *((s.provider, s.date, s.start) for s in here if s.provider in role.providers)]

    def _allowed(self, name: str, asked: dict[str, set[int]]) -> list[Facts]:
        """Ways to place a request that break no rule about it alone, of those asked."""
        code = self._week.request_code[name]
        rules = {rule for rule, codes in asked.items() if code in codes}
        rules |= {"fixed_promise"} if "promises" in rules else set()
        alone = rules - {"promises", "provider_time", "patient_time", "pool_capacity", "pool_closed", "day_gap"}
        alone -= {"shift_caps", "authorised_visits"}
        alone |= {"taking_part"} & asked.keys()
        return [facts for facts in self._placed(name) if not alone & facts.breaches]

    def _together(
        self, choices: Sequence[Sequence[Facts]], placed: list[Facts], asked: dict[str, set[int]]
    ) -> Iterator[list[Facts]]:
        if len(placed) == len(choices):
            yield placed
            return
        for facts in choices[len(placed)]:
            beside = [*placed, facts]
            if self._fits(beside, asked):
                yield from self._together(choices, beside, asked)

    def _fits(self, placed: Sequence[Facts], asked: dict[str, set[int]]) -> bool:
        new, others = placed[-1], placed[:-1]
        by_name = {facts.visit.request: facts for facts in placed}
        for first, second, series in self._pairs(asked):
            if first in by_name and second in by_name:
                apart = (by_name[second].session.date - by_name[first].session.date).days
                low, high = self._distance(second) if series else (0, 0)
                if not low <= apart <= high:
                    return False
        patient = self._week.requests.patient_ids.index(new.request.patient)
        for other in others:
            if other.session.date != new.session.date:
                continue
            joins = self._judge.alike(new, other) and self._judge.may_share(new, others)
            for one, (start, end) in [] if joins else new.held:
                asks = self._week.sessions.provider_ids.index(one.provider) in asked["provider_time"]
                spans = [span for two, span in other.held if two.provider == one.provider and asks]
                if any(first < end and start < last for first, last in spans):
                    return False
            same = other.request.patient == new.request.patient and patient in asked["patient_time"]
            if same and other.inside[0] < new.inside[1] and new.inside[0] < other.inside[1]:
                return False
        return self._pools_fit(placed, asked) and self._limits_hold(placed, asked)

    def _distance(self, second: str) -> tuple[int, float]:
        request = self._judge.requests[second]
        low = 1 if request.after_min_days is None else request.after_min_days
        return low, float("inf") if request.after_max_days is None else request.after_max_days

    def _pools_fit(self, placed: Sequence[Facts], asked: dict[str, set[int]]) -> bool:
        week, capacity = self._week, {row.pool: row.capacity for row in self._judge.office.pools or ()}
        uses = [use for facts in self._judge.holding(placed) for use in facts.uses]
        grid = week.calendar.grid
        for row in asked["pool_closed"]:
            pool, start, end, units, _ = week.pools.closed[row].tolist()
            if units == ALL_UNITS and any(
                u.pool == week.pools.ids[pool] and u.start < end * grid and start * grid < u.end for u in uses
            ):
                return False
        for pool in asked["pool_capacity"]:
            mine = [use for use in uses if use.pool == week.pools.ids[pool]]
            for minute in [moment.start for moment in mine] + [int(edge) * grid for edge in week.pools.closed[:, 1]]:
                gone: dict[int, int] = {}
                for row in asked["pool_closed"]:
                    of, start, end, units, taker = week.pools.closed[row].tolist()
                    if of == pool and start * grid <= minute < end * grid:
                        gone[taker] = max(gone.get(taker, 0), units)
                used = sum(u.start <= minute < u.end for u in mine)
                if used > max(0, capacity[week.pools.ids[pool]] - sum(gone.values())):
                    return False
        return True

    def _limits_hold(self, placed: Sequence[Facts], asked: dict[str, set[int]]) -> bool:
        week, judge = self._week, self._judge
        for group in asked["authorised_visits"]:
            row = (judge.office.authorisations or ())[group]
            if sum(facts.authorisation == row.authorisation for facts in placed) > row.visits_left:
                return False
        for group in asked["covered_visits"]:
            answer = (judge.office.eligibility or ())[group]
            if sum(facts.answer is answer for facts in placed) > judge.visits_answered(answer):
                return False
        if any(self._taken(group, placed) > int(self._supplies.amount[group]) for group in asked["supply_left"]):
            return False
        shifts = int(week.sessions.shift.max(initial=-1)) + 1
        for group in asked["shift_caps"]:
            cap, number = divmod(group, shifts)
            session = week.sessions.shift.tolist().index(number)
            provider = week.sessions.provider_ids[week.sessions.provider[session]]
            date = week.calendar.date(week.sessions.day[session])
            start = week.calendar.minutes(week.sessions.start[session])
            shift = judge.sessions[provider, date, start].shift
            counted = [f for f in placed if any(c[1:] == (cap, shift) for c in judge.caps_of(f))]
            if len(counted) > (judge.office.caps or ())[cap].maximum:
                return False
        return True

    def _taken(self, group: int, placed: Sequence[Facts]) -> int:
        """Shares of a stock that visits of a stretch of days take together."""
        left, week = self._supplies, self._week
        stock, taken = int(left.stock[group]), 0
        first, last = (week.calendar.date(int(day[group])) for day in (left.first, left.last))
        for facts in placed:
            site = week.sessions.site_ids.index(facts.session.site)
            if first <= facts.session.date <= last and left.kept_for[site, stock]:
                taken += int(left.takes_of[week.requests.visit_type_ids.index(facts.request.visit_type), stock])
        return taken
