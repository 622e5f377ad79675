"""A plan repaired after a change, against trying every repair by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.changes import Away, Cancelled, Change, Closed, Urgent
from schedopt.models.check import check
from schedopt.models.couplings import Promises
from schedopt.models.office import Office
from schedopt.models.plan import Plan
from schedopt.solver.replan import replan
from tests.desk import crowded, planned
from tests.offices import Case, Size
from tests.reference import Facts, Judge, Visit
from tests.schedules import visits_of
from tests.test_brute_force import Search

TINY = Size(requests=5, providers=2, days=2, grids=(15,), longest=90)
Score = tuple[int, int, int, int]


@st.composite
def changes_of(draw: st.DrawFn, case: Case, plan: Plan) -> list[Change]:
    """One or two things that happen, mostly to a visit of the plan."""
    week, found = plan.problem.week, list[Change]()
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        kind = draw(st.integers(0, 3))
        hour = draw(st.sampled_from((8, 9, 23)))
        start = dt.datetime.combine(case.first, dt.time(hour)) + dt.timedelta(days=draw(st.integers(0, 1)))
        end = start + dt.timedelta(minutes=draw(st.sampled_from((15, 30, 60))))
        if not plan.schedule.empty and draw(st.integers(0, 3)):
            visit = plan.schedule.iloc[draw(st.integers(0, len(plan.schedule) - 1))]
            hours, minutes = map(int, visit["start"].split(":"))
            start = dt.datetime.combine(visit["date"], dt.time(hours, minutes))
            end = start + dt.timedelta(minutes=draw(st.sampled_from((15, 60, 600))))
            end = min(end, dt.datetime.combine(visit["date"], dt.time()) + dt.timedelta(days=1))
            provider, request = visit["provider"], visit["request"]
        else:
            provider = draw(st.sampled_from(week.sessions.provider_ids))
            request = draw(st.sampled_from(week.requests.ids))
        left_out = [r for r, session in zip(week.requests.ids, plan.assignment.session, strict=True) if session < 0]
        if kind == 0 and week.pools.ids:
            found.append(Closed(draw(st.sampled_from(week.pools.ids)), start, end))
        elif kind == 1:
            found.append(Cancelled(request))
        elif kind == 2 and left_out:
            found.append(Urgent(draw(st.sampled_from(left_out))))
        else:
            found.append(Away(provider, start, end))
    return found


def changed_office(office: Office, changes: Sequence[Change]) -> Office:
    """The changes as rows of the office's tables; cancelled requests stay in them."""
    rows: dict[str, list[object]] = {name: list(getattr(office, name) or ()) for name in ("leave", "pool_closures")}
    for change in changes:
        if isinstance(change, (Away, Closed)):
            date = change.start.date()
            end = "24:00" if change.end.date() > date else f"{change.end:%H:%M}"
            when = {"start": f"{change.start:%H:%M}", "end": end}
            if isinstance(change, Away):
                rows["leave"].append(tables.Leave(provider=change.provider, first_day=date, last_day=date, **when))
            else:
                rows["pool_closures"].append(tables.PoolClosure(pool=change.pool, date=date, **when))
    return office.model_copy(update={name: tuple(values) for name, values in rows.items()})


@dataclass(frozen=True)
class Repairs:
    """Tries all schedules that a repair may come to, and knows how good each is."""

    judge: Judge
    search: Search
    old: dict[str, Visit]
    impossible: frozenset[str]
    cancelled: frozenset[str]
    urgent: frozenset[str]

    @classmethod
    def of(cls, case: Case, plan: Plan, changes: Sequence[Change]) -> Repairs:
        office = changed_office(case.office, changes)
        judge = Judge(office, case.first)
        cancelled = frozenset(change.request for change in changes if isinstance(change, Cancelled))
        urgent = frozenset(change.request for change in changes if isinstance(change, Urgent))
        old = {visit.request: visit for visit in visits_of(plan.problem, plan.assignment)}
        old = {name: visit for name, visit in old.items() if name not in cancelled}
        impossible = frozenset(name for name, visit in old.items() if not stands(judge, visit))
        rows = tuple(
            row.model_copy(update={"mark": "movable"}) if row.request in impossible else row
            for row in office.appointments or ()
            if row.request not in cancelled
        )
        office = office.model_copy(update={"appointments": rows if office.appointments is not None else None})
        judge = Judge(office, case.first)
        return cls(judge, Search(judge, inf), old, impossible, cancelled, urgent - old.keys() - cancelled)

    def best(self) -> tuple[Score, int]:
        """The least score, and the least cost of all schedules with that score."""
        found: list[tuple[Score, int]] = [((2**40, 0, 0, 0), 0)]
        self._try(0, [], (0, 0, 0, 0), 0, found)
        return min(found)

    def _try(
        self, number: int, placed: list[Facts], so_far: Score, points: int, found: list[tuple[Score, int]]
    ) -> None:
        if so_far > found[0][0]:
            return
        if number == len(self.search._order):
            total = points + self.judge.session_points(placed).total()
            found[0] = min(found[0], (so_far, total))
            return
        name = self.search._order[number]
        for facts, cost, score in self._ways(name):
            after = tuple(a + b for a, b in zip(so_far, score, strict=True))
            if facts is None:
                self._try(number + 1, placed, after, points + cost, found)
            elif self.search._fits(facts, placed):
                self._try(number + 1, [*placed, facts], after, points + cost, found)

    def _ways(self, name: str) -> Iterator[tuple[Facts | None, int, Score]]:
        """Each way to place a request, or to leave it out, with its points and what it adds to the score."""
        price = self.search._left_out[name]
        if name in self.cancelled:
            yield None, 0, (0, 0, 0, 0)
        elif name in self.old:
            for facts, cost in self.search._places[name]:
                moves = not self._is_same(facts, self.old[name])
                if not (moves and self.judge.is_fixed(name)):
                    yield facts, cost, (0, 0, 0, int(moves))
            yield None, price, (0, price, 1, 0)
        elif name in self.urgent:
            yield from ((facts, cost, (0, 0, 0, 0)) for facts, cost in self.search._places[name])
            yield None, price, (price + 1, 0, 0, 0)
        else:
            yield None, price, (0, 0, 0, 0)

    def _is_same(self, facts: Facts, old: Visit) -> bool:
        own = self.judge.steps(facts.request)[1]
        visit = facts.visit
        return (visit.provider, visit.date, visit.starts[own]) == (old.provider, old.date, old.starts[own])


def stands(judge: Judge, visit: Visit) -> bool:
    """Whether a visit is possible by itself: in whatever session its provider has then, with no pool shut."""
    own = judge.steps(judge.requests[visit.request])[1]
    for session in judge.sessions.values():
        close = session.end + session.overtime
        same = (session.provider, session.date) == (visit.provider, visit.date)
        if same and session.start <= visit.starts[own] < close:
            facts = judge.facts(Visit(visit.request, visit.provider, visit.date, session.start, visit.starts))
            return not facts.breaches and not any(judge.overfull(facts.uses))
    return False


@settings(max_examples=150)
@given(st.one_of(crowded(), crowded(), planned(TINY)), st.data())
def test_a_repair_is_the_least_there_is(drawn: tuple[Case, Plan], data: st.DataObject) -> None:
    """In a tiny week a repair is proved, and trying all others finds none that places more of what is urgent, loses
    fewer points or visits, or moves fewer visits; nor, where no steps can wait, a cheaper one.
    """
    case, plan = drawn
    changes = data.draw(changes_of(case, plan))
    repairs = Repairs.of(case, plan, changes)
    assume(repairs.search.size < 20_000_000)
    result = replan(plan, changes)
    least, cost = repairs.best()
    assert result.proven
    assert set(check(result.plan.problem, result.plan.assignment).breaches["rule"]) <= {Promises.name}
    assert (result.lost_points, result.lost, result.moved) == least[1:]
    missing = [name for name in repairs.urgent if name in set(result.plan.unplaced["request"])]
    assert sum(repairs.search._left_out[name] + 1 for name in missing) == least[0]
    assert result.plan.cost >= cost
    if plan.problem.week.steps.max_wait.max(initial=0) == 0:
        assert result.plan.cost == cost


@settings(max_examples=60)
@given(st.one_of(crowded(), planned(Size())), st.data())
def test_calls_tell_all_that_has_changed(drawn: tuple[Case, Plan], data: st.DataObject) -> None:
    """The new plan breaks nothing but promises given up; and its visits are the old ones, but for those cancelled and
    those whom the calls name, with the old and new times and providers of the two plans' tables.
    """
    case, plan = drawn
    changes = data.draw(changes_of(case, plan))
    result = replan(plan, changes)
    assert set(check(result.plan.problem, result.plan.assignment).breaches["rule"]) <= {Promises.name}
    assert result.plan.cost == check(result.plan.problem, result.plan.assignment).cost
    cancelled = {change.request for change in changes if isinstance(change, Cancelled)}
    columns = ["provider", "date", "start", "steps"]
    old = plan.schedule.set_index("request")[columns].T.to_dict("list")
    new = result.plan.schedule.set_index("request")[columns].T.to_dict("list")
    called = result.calls.set_index("request")
    for name in (old.keys() | new.keys()) - cancelled:
        if old.get(name) != new.get(name):
            assert name in called.index
    assert cancelled.isdisjoint(new)
    for name, call in called.iterrows():
        assert (call["old_provider"], call["new_provider"]) == (
            old.get(name, [""])[0], new.get(name, [""])[0]
        )  # fmt: skip
        assert call["new_time"].endswith(new.get(name, ["", "", ""])[2])
        assert call["reason"]
    assert (called["what"] == "moved").sum() == result.moved
    assert (called["what"] == "lost").sum() == result.lost


@settings(max_examples=20)
@given(planned(Size()))
def test_nothing_happens_without_a_change(drawn: tuple[Case, Plan]) -> None:
    """Without changes the plan stays, nobody is called, and that is proved."""
    plan = drawn[1]
    result = replan(plan, [])
    assert result.calls.empty
    assert result.proven
    assert np.array_equal(result.plan.assignment.step_start, plan.assignment.step_start)


@given(planned(TINY))
@settings(max_examples=1)
def test_limits_that_make_no_sense(drawn: tuple[Case, Plan]) -> None:
    """A time limit that is not positive, or endless, is named in a ValueError."""
    for limit in (0.0, -1.0, inf):
        with pytest.raises(ValueError, match=str(limit)):
            replan(drawn[1], [], time_limit=limit)
