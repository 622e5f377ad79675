"""A plan repaired after a change, against trying every repair by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import inf
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from schedopt.answers.replan import Replan, replan
from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.models.problem.carry import transfer
from schedopt.models.problem.changes import Away, Cancelled, Change, Closed, Loosened, Urgent, faults_of
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import nothing_placed, place_at
from schedopt.office import assemble
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.search.local import insertion
from tests.desk import crowded, planned
from tests.effort import examples
from tests.offices import Case, Size
from tests.reference import Facts, Judge, Visit
from tests.schedules import visits_of
from tests.smallest import FIRST, Smallest, in_turn, request
from tests.test_brute_force import Search

replan_file, held_file = (import_module(f"schedopt.answers.replan.{name}") for name in ("replan", "held"))
TINY = Size(requests=5, providers=2, days=2, grids=(15,), longest=90, plain_days=True)
Score = tuple[int, int, int, int]


@st.composite
def changes_of(draw: st.DrawFn, case: Case, plan: Plan) -> list[Change]:
    """One or two things that happen, mostly to a visit of the plan."""
    week, found = plan.problem.week, list[Change]()
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        kind = draw(st.integers(0, 3))
        hour = draw(st.sampled_from((8, 9, 23)))
        start = dt.datetime.combine(case.first, dt.time(hour))
        start += dt.timedelta(days=draw(st.integers(0, min(1, case.office.settings.days - 1))))
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
            units, taker = draw(st.sampled_from(((None, None), (1, None), (1, "D1"), (2, "D3"))))
            found.append(Closed(draw(st.sampled_from(week.pools.ids)), start, end, units, taker))
        elif kind == 1:
            found.append(Cancelled(request))
        elif kind == 2 and left_out:
            found.append(Urgent(draw(st.sampled_from(left_out))))
        else:
            found.append(Away(provider, start, end))
    assume(not faults_of(plan.problem, found))
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
                taken = {"pool": change.pool, "units": change.units, "taken_by": change.taken_by}
                rows["pool_closures"].append(tables.PoolClosure(date=date, **when, **taken))
    return office.model_copy(update={name: tuple(values) for name, values in rows.items()})


@dataclass(frozen=True)
class Repairs:
    """Tries all schedules that a repair may come to, and knows how good each is."""

    judge: Judge
    search: Search
    old: dict[str, Visit]
    impossible: frozenset[str]
    bound: frozenset[str]
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
        shaken = frozenset(name for name, visit in old.items() if not stands(judge, visit)) | crowding(judge, old)
        judge = Judge(with_promises(office, cancelled, frozenset()), case.first)
        held = held_of(judge, Search(judge, inf), old, shaken, cancelled)
        impossible = shaken - held
        loose = following(judge, impossible | cancelled, old)
        bound = frozenset(name for name in old if judge.is_fixed(name)) - impossible - loose
        judge = Judge(with_promises(office, cancelled, impossible), case.first)
        return cls(judge, Search(judge, inf), old, impossible, bound, cancelled, urgent - old.keys() - cancelled)

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
            total = points + self.judge.session_points(placed).total() + self.judge.fairness_points(placed).total()
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
            if name not in self.bound:
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


def with_promises(office: Office, cancelled: frozenset[str], loose: frozenset[str]) -> Office:
    """The office without promises of cancelled requests, and with some that are movable."""
    rows = tuple(
        row.model_copy(update={"mark": "movable"}) if row.request in loose else row
        for row in office.appointments or ()
        if row.request not in cancelled
    )
    return office.model_copy(update={"appointments": rows if office.appointments is not None else None})


def following(judge: Judge, first: frozenset[str], old: Mapping[str, Visit]) -> frozenset[str]:
    """Visits that follow some, and those that follow them."""
    found: frozenset[str] = frozenset()
    while more := {name for name in old if judge.requests[name].after in first | found} - found - first:
        found |= more
    return found


def held_of(
    judge: Judge, search: Search, old: Mapping[str, Visit], shaken: frozenset[str], cancelled: frozenset[str]
) -> frozenset[str]:
    """Visits that cannot stay as they are, but at their promised time, with other steps elsewhere: the dearest that
    can together, beside all others that are promised as fixed, and those that these follow.
    """
    held = frozenset(name for name in shaken if judge.is_fixed(name))
    while held:
        gone = (shaken - held) | cancelled
        still = held - following(judge, gone, old)
        if still == held:
            walls = {name for name in old if judge.is_fixed(name)} - gone - following(judge, gone, old) | held
            while more := {judge.requests[name].after for name in walls} & old.keys() - walls:
                walls |= more
            soft = held | (following(judge, held, old) & walls)
            order = [name for name in search._order if name in walls]
            ways = [way & soft for way in _kept_together(judge, search, order, (held, soft), old, [])]
            least = min(sum(search._left_out[name] + 1 for name in soft - way) for way in ways)
            best = {way & held for way in ways if sum(search._left_out[name] + 1 for name in soft - way) == least}
            assume(len(best) == 1)
            (still,) = best
        if still == held:
            break
        held = still
    return held


def _kept_together(
    judge: Judge, search: Search, order: Sequence[str], held: tuple[frozenset[str], frozenset[str]],
    old: Mapping[str, Visit], placed: list[Facts],
) -> Iterator[frozenset[str]]:  # fmt: skip
    """Each set of visits that have room together: those held may be given up, and with them those that follow them;
    of the others those that are not promised stay where they are.
    """
    there = frozenset(facts.visit.request for facts in placed)
    if len(order) == 0:
        yield there
        return
    (name, *rest), (wanted, soft) = order, held
    is_free = judge.is_fixed(name) or name in soft
    for facts in [facts for facts, _ in search._places[name]] if is_free else [judge.facts(old[name])]:
        if search._fits(facts, placed):
            yield from _kept_together(judge, search, rest, held, old, [*placed, facts])
    if name in wanted or (name in soft and judge.requests[name].after not in there):
        yield from _kept_together(judge, search, rest, held, old, placed)


def stands(judge: Judge, visit: Visit) -> bool:
    """Whether a visit is possible by itself: in whatever session its provider has then, with no pool shut."""
    facts = _facts_then(judge, visit)
    return facts is not None and not facts.breaches and not any(judge.overfull(facts.uses))


def crowding(judge: Judge, old: Mapping[str, Visit]) -> frozenset[str]:
    """Visits that use a pool at a moment at which all together use more of it than there is."""
    found = [facts for visit in old.values() if (facts := _facts_then(judge, visit)) is not None]
    return frozenset(judge.overfull([use for facts in judge.holding(found) for use in facts.uses]))


def _facts_then(judge: Judge, visit: Visit) -> Facts | None:
    """What follows from a visit in whatever session its provider has then; None without one."""
    request = judge.requests[visit.request]
    key = _session_then(judge, visit.provider, visit.date, visit.starts[judge.steps(request)[1]])
    if key is None:
        return None
    others = tuple(
        None if other is None else _session_then(judge, other[0], other[1], visit.starts[k])
        for other, (_, k) in zip(visit.others, judge.roles(request), strict=True)
    )
    return judge.facts(Visit(visit.request, *key, visit.starts, others))


def _session_then(judge: Judge, provider: str, date: dt.date, minute: int) -> tuple[str, dt.date, int] | None:
    """The session, overtime included, that a provider has at a minute."""
    for session in judge.sessions.values():
        inside = session.start <= minute < session.end + session.overtime
        if (session.provider, session.date) == (provider, date) and inside:
            return provider, date, session.start
    return None


@settings(max_examples=examples(18))
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
    missing = [name for name in repairs.urgent if name in set(result.plan.left_out["request"])]
    assert sum(repairs.search._left_out[name] + 1 for name in missing) == least[0]
    assert result.plan.cost >= cost
    if plan.problem.week.steps.max_wait.max(initial=0) == 0:
        assert result.plan.cost == cost


def _at(hour: int, minute: int) -> dt.datetime:
    return dt.datetime.combine(FIRST, dt.time(hour, minute))


def _replanned(smallest: Smallest, change: Change) -> Replan:
    problem = smallest.problem()
    return replan(plan_around(problem, smallest.schedule(problem), {}), [change])


def test_what_is_urgent_goes_before_what_is_dear() -> None:
    """An urgent request is placed though a visit whose loss costs more is lost for it."""
    quarter = tables.Shift(provider="DR1", site="MAIN", date=FIRST, start="08:00", end="08:15", overtime=0)
    requests = (request("R1", priority=4), request("R2", "N2"))
    result = _replanned(Smallest({"shifts": (quarter,), "requests": requests}), Urgent("R2"))
    assert result.plan.schedule["request"].tolist() == ["R2"]
    assert (result.lost, result.proven) == (1, True)


def test_an_absence_meets_a_visit_s_buffers_too() -> None:
    """Whoever is away while a visit is prepared, or noted down, is the reason why it cannot stay."""
    kind = tables.VisitType(visit_type="talk", minutes=15, buffer_before=10, buffer_after=10)
    for start in ((8, 0), (8, 30)):
        away = Away("DR1", _at(*start), _at(*start) + dt.timedelta(minutes=10))
        calls = _replanned(Smallest({"visit_types": (kind,)}, in_turn("08:15")), away).calls
        assert calls["reason"].tolist() == ["DR1 is away then"]


def test_a_pool_that_closes_while_it_is_used_moves_the_visit() -> None:
    """A visit cannot stay where its room is shut for some of its minutes, those in which it is cleaned among them."""
    room = {
        "visit_types": (tables.VisitType(visit_type="talk", minutes=15, pools="exam"),),
        "pools": (tables.Pool(pool="room", site="MAIN", kind="exam", capacity=1, turnover=5),),
        "requests": (request("R1"),),
    }
    for minute, moved in ((10, 0), (15, 1), (20, 1), (25, 1), (30, 1), (35, 0)):
        result = _replanned(Smallest(room, in_turn("08:15")), Closed("room", _at(8, minute), _at(8, minute + 5)))
        assert (result.moved, result.lost, result.proven) == (moved, 0, True)
        assert result.calls["reason"].tolist() == ["room is closed then"] * moved


SHIFT = tables.Shift(
    provider="DR1", site="MAIN", date=FIRST, start="08:00", end="09:30", moving_breaks="08:15-09:00 15", overtime=0
)
KEPT = tables.Reserve(provider="DR1", places=2, minutes=20, visit_type="scan")


@settings(max_examples=examples(32))
@given(
    st.sampled_from(({"shifts": (SHIFT,)}, {"shifts": (SHIFT,), "reserves": (KEPT,)})), st.integers(0, 15),
    st.integers(0, 15), st.integers(0, 15), st.integers(1, 6), st.booleans(),
)  # fmt: skip
@example({"shifts": (SHIFT,)}, 0, 6, 10, 4, False)
@example({"shifts": (SHIFT,), "reserves": (KEPT,)}, 0, 8, 12, 6, True)
def test_an_absence_that_meets_nobody_breaks_nothing(
    office: dict[str, object], first: int, second: int, away: int, length: int, fixed: bool
) -> None:
    """A break or places kept that an absence leaves no room for: visits move, as few as can be, and that is proved."""
    at = [f"{8 + cells // 12:02}:{5 * (cells % 12):02}" for cells in (first, second)]
    smallest = Smallest(office, in_turn(*at))
    if fixed:
        smallest = Smallest({**office, "appointments": smallest.promised().appointments[:1]}, in_turn(*at))
    problem = smallest.problem()
    schedule = smallest.schedule(problem)
    assume(check(problem, schedule).breaches.empty)
    start = _at(8, 0) + dt.timedelta(minutes=5 * away)
    change = Away("DR1", start, start + dt.timedelta(minutes=5 * length))
    result = replan(plan_around(problem, schedule, {}), [change])
    after = result.plan.problem
    assert set(check(after, result.plan.assignment).breaches["rule"]) <= {Promises.name}
    assert result.proven
    stood = transfer(problem.week, schedule, after.week)
    stands = len(stood.placed) == 2 and check(after, stood).breaches.empty
    assert (result.moved + result.lost == 0) == stands
    assert all(row.reason for row in result.calls.itertuples())


def test_other_steps_of_a_fixed_visit_make_room() -> None:
    """A visit promised as fixed keeps its provider and start; its other steps wait where that saves another visit."""
    first = dt.date(2026, 11, 30)
    office = Office(
        settings=Settings(time_zone="UTC", grid_minutes=15, days=1),
        providers=(tables.Provider(provider="DR1"), tables.Provider(provider="DR2")),
        visit_types=(
            tables.VisitType(visit_type="short", minutes=15, pools="exam"),
            tables.VisitType(visit_type="long", minutes=30, pools="exam"),
        ),
        steps=(tables.Step(visit_type="long", order=-1, minutes=15, pools="exam", max_wait=15),),
        patients=(tables.Patient(patient="N0"), tables.Patient(patient="N1")),
        requests=(
            tables.Request(request="R0", patient="N0", visit_type="long"),
            tables.Request(request="R1", patient="N1", visit_type="short"),
        ),
        appointments=(tables.Appointment(request="R0", provider="DR1", date=first, start="08:30", mark="fixed"),),
        shifts=(
            tables.Shift(provider="DR1", site="MAIN", date=first, start="08:15", end="09:00"),
            tables.Shift(provider="DR2", site="MAIN", date=first, start="08:15", end="09:15"),
        ),
        pools=(tables.Pool(pool="room", site="MAIN", kind="exam", capacity=1),),
    )
    problem = assemble(office, first)
    schedule, morning = nothing_placed(problem.week), int(problem.week.sessions.start[0])
    schedule = place_at(problem.week, place_at(problem.week, schedule, 0, 0, morning + 1), 1, 1, morning + 3)
    nine = dt.datetime.combine(first, dt.time(9))
    result = replan(plan_around(problem, schedule, {}), [Closed("room", nine, nine + dt.timedelta(minutes=15))])
    assert (result.lost, result.moved, result.proven) == (0, 1, True)
    assert result.plan.schedule["steps"].tolist() == ["08:15", "08:00;08:30"]
    assert result.calls["what"].tolist() == ["arrival", "moved"]


@settings(max_examples=examples(28))
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


@settings(max_examples=examples(16))
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


@st.composite
def prepared(draw: st.DrawFn) -> tuple[Case, Plan, list[Change]]:
    """A plan of visits that are prepared in a room, some promised as fixed, and the room closed for a while."""
    first, names = dt.date(2026, 11, 30), [f"R{number}" for number in range(draw(st.integers(2, 4)))]
    starts = draw(st.lists(st.sampled_from(("08:30", "08:45", "09:00", "09:15")), unique=True, min_size=1, max_size=3))
    promised = [
        tables.Appointment(
            request=name, provider=draw(st.sampled_from(("DR1", "DR2"))), date=first, start=start, mark="fixed"
        )
        for name, start in zip(names, starts, strict=False)
    ]  # fmt: skip
    wait, after = draw(st.sampled_from((15, 30))), {name for name in names[1:] if not draw(st.integers(0, 4))}
    office = Office(
        settings=Settings(grid_minutes=15, days=1), providers=[tables.Provider(provider=n) for n in ("DR1", "DR2")],
        visit_types=[tables.VisitType(visit_type="v", minutes=15)], patients=[tables.Patient(patient=n) for n in names],
        steps=[tables.Step(visit_type="v", order=-1, minutes=15, max_wait=wait, pools=("exam",))],
        requests=[
            tables.Request(
                request=name, patient=name, visit_type="v", priority=draw(st.integers(1, 4)),
                **({"after": names[0], "after_min_days": 0} if name in after else {}),
            )
            for name in names
        ],
        appointments=promised,
        pools=[tables.Pool(pool="ROOM", site="A", kind="exam", capacity=draw(st.integers(1, 2)))],
        shifts=[tables.Shift(provider=n, site="A", date=first, start="08:00", end="09:45") for n in ("DR1", "DR2")],
    )  # fmt: skip
    case = Case(office, first, assemble(office, first))
    kept, start, conflicts = settle(case.problem)
    assume(conflicts.empty)
    plan = plan_around(case.problem, insertion(kept, start), {})
    shut = dt.datetime.combine(first, dt.time(8)) + dt.timedelta(minutes=15 * draw(st.integers(0, 4)))
    closed = Closed("ROOM", shut, shut + dt.timedelta(minutes=draw(st.sampled_from((15, 15, 30)))))
    return case, plan, [closed]


@settings(max_examples=examples(20))
@given(prepared())
def test_a_promise_holds_where_other_steps_can_go_elsewhere(drawn: tuple[Case, Plan, list[Change]]) -> None:
    """With the room of another step closed, a fixed promise is kept wherever there is a way, and the repair is the
    least that there is; only promises that no way keeps are loosened.
    """
    case, plan, changes = drawn
    repairs = Repairs.of(case, plan, changes)
    result = replan(plan, changes)
    least, _ = repairs.best()
    assert result.proven
    assert (result.lost_points, result.lost, result.moved) == least[1:]
    assert check(result.plan.problem, result.plan.assignment).breaches.empty
    promised = {row.request for row in case.office.appointments or ()}
    loosened = {change.request for change in result.plan.problem.changes if isinstance(change, Loosened)}
    assert loosened == repairs.impossible & promised
    kept = {visit.request for visit in result.plan.visits if visit.promise == "fixed"}
    assert repairs.bound <= kept


@settings(max_examples=examples(28))
@given(prepared())
def test_a_promise_holds_in_a_large_week(drawn: tuple[Case, Plan, list[Change]]) -> None:
    """Where room is made for one visit after the other, too, every promise that is not loosened is kept, and no more
    are loosened than those whose visits cannot stay as they are.
    """
    case, plan, changes = drawn
    with patch.object(replan_file, "WHOLE_WEEK", -1), patch.object(held_file, "WHOLE_WEEK", -1):
        result = replan(plan, changes)
    assert check(result.plan.problem, result.plan.assignment).breaches.empty
    judge = Judge(changed_office(case.office, changes), case.first)
    shaken = {v.request for v in visits_of(plan.problem, plan.assignment) if not stands(judge, v)}
    assert {change.request for change in result.plan.problem.changes if isinstance(change, Loosened)} <= shaken
