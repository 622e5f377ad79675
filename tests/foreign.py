"""Couplings that no rule of ours is, to find out who forgets to ask a coupling what it ties together and costs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from schedopt.arrays import Ints
from schedopt.models.problem.couplings import Balance, Breach, CostPart, Coupling, Encoder, Limit
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class EverywhereLimit(Limit):
    """At most so many visits a day at all sites together."""

    maximum: int

    name = "everywhere_limit"
    source = "rosters"
    reason = "the interpreter goes to so many visits a day"

    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """A group is a day."""
        return np.arange(len(request)), week.sessions.day[session]

    def most(self, week: Week, group: int) -> int:
        """The same on all days."""
        return self.maximum

    def group_words(self, week: Week, group: int) -> str:
        """The day."""
        return f"visits on {week.calendar.date(group)}"


@dataclass(frozen=True)
class EvenDays(Balance):
    """No day has many more visits than the days have on average."""

    price: int

    name = "even_days"
    source = "rosters"
    reason = "one day has more visits than the others"
    unit = "visits"

    @property
    def points(self) -> int:
        """Points a visit too many."""
        return self.price

    def sizes(self, week: Week) -> Ints:
        """All days count the same."""
        return np.ones(week.calendar.num_days, np.int64)

    def allowed(self) -> tuple[int, int]:
        """Nothing."""
        return 0, 1

    def amounts(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """One a visit."""
        return np.append(week.sessions.day, 0)[session], (session >= 0).astype(np.int64)


@dataclass(frozen=True)
class OneByOne(Coupling):
    """Visits of some requests start so far apart, wherever they are; each start in an odd cell costs points."""

    requests: tuple[int, ...]
    apart: int
    price: int

    name = "one_by_one"
    source = "records"
    reason = "the same person accompanies both visits"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """All of them together."""
        row = np.flatnonzero(np.isin(placed.request, self.requests) & (placed.session >= 0))
        return row, np.zeros(len(row), np.int64)

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Pairs that start too close."""
        start = schedule.start(week)
        placed = [r for r in self.requests if schedule.session[r] >= 0]
        for one, other in itertools.combinations(placed, 2):
            if abs(int(start[one] - start[other])) < self.apart:
                yield Breach(other, f"starts too close to {week.requests.ids[one]}")

    def parts(self, week: Week, schedule: Schedule) -> Sequence[CostPart]:
        """Starts in odd cells."""
        start = schedule.start(week)
        odd = sum(1 for r in self.requests if schedule.session[r] >= 0 and start[r] % 2)
        return (CostPart(self.name, self.source, self.price * odd, odd, "visits"),)

    def post(self, encoder: Encoder) -> None:
        """Order each pair; count odd cells."""
        week, model = encoder.week, encoder.model
        where, placed = {}, {}
        for r in self.requests:
            if encoder.is_free(r):
                where[r], placed[r] = encoder.start(int(week.steps.provider_step[r])), encoder.placed(r)
                half = model.new_int_var(0, week.calendar.num_cells, "")
                odd = model.new_bool_var("")
                model.add(where[r] == 2 * half + odd).only_enforce_if(placed[r])
                encoder.pay(odd, self.price)
            elif encoder.outside.session[r] >= 0:
                where[r], placed[r] = int(encoder.outside.start(week)[r]), None
        for one, other in itertools.combinations(where, 2):
            both = [literal for literal in (placed[one], placed[other]) if literal is not None]
            if both:
                first = model.new_bool_var("")
                model.add(where[other] - where[one] >= self.apart).only_enforce_if([*both, first])
                model.add(where[one] - where[other] >= self.apart).only_enforce_if([*both, ~first])


KINDS = ("limit", "balance", "made up")


@st.composite
def foreign(draw: st.DrawFn, problem: Problem, kind: str) -> Problem:
    """A problem with one more coupling."""
    everybody = tuple(range(len(problem.week.requests)))
    coupling: Coupling
    if kind == "limit":
        coupling = EverywhereLimit(draw(st.integers(1, 2)))
    elif kind == "balance":
        coupling = EvenDays(draw(st.sampled_from((7, 500))))
    else:
        coupling = OneByOne(everybody, draw(st.integers(2, 12)), draw(st.sampled_from((0, 3))))
    return replace(problem, couplings=(*problem.couplings, coupling))
