"""Tasks are put where a plan loses least: never worse than any other start, never two at once, never for nothing."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.problem.changes import Away, Closed, changed
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings.pools import pool_usage
from schedopt.models.problem.plan import Plan
from schedopt.operations.placing import Placed, Taken, Task, place, place_on_mondays
from schedopt.operations.placing.settling import settle
from tests.effort import examples
from tests.operations.placing_offices import FIRST, office, plan_of

DAY = dt.timedelta(days=1)
GRID = 15


@cache
def small(seed: int, requests: int = 14, capacity: int = 2, days: int = 2) -> Plan:
    """A plan of an invented office."""
    return plan_of(office(seed, requests=requests, capacity=capacity, days=days))


def at(day: int, minute: int) -> dt.datetime:
    """A minute of a day from the first one planned."""
    return dt.datetime.combine(FIRST, dt.time()) + day * DAY + dt.timedelta(minutes=minute)


def lost(plan: Plan, *changes: Away | Closed) -> int:
    """Points that a plan loses by changes."""
    return max(0, settle(plan, changes, 0.1).plan.cost - plan.cost)


def minute(clock: str) -> int:
    """Minutes from midnight."""
    return 60 * int(clock[:2]) + int(clock[3:])


def row(placed: Placed, number: int = 0) -> dict[str, object]:
    """One placement."""
    return placed.placements.to_dict("records")[number]  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("seed", "capacity", "providers", "pools"),
    [
        (5, 2, ("DR1",), ()),
        (2, 1, (), (Taken("SCAN"),)),
        (3, 2, ("DR1", "DR2"), ()),
        (4, 1, ("DR2",), (Taken("SCAN"),)),
    ],
)
def test_no_other_start_loses_less(
    seed: int, capacity: int, providers: tuple[str, ...], pools: tuple[Taken, ...]
) -> None:  # fmt: skip
    """The start found loses as few points as the best of all starts, each priced by repairing the plan."""
    plan = small(seed, 22, capacity, 1)
    task = Task("t", 45, FIRST, FIRST, providers=providers, pools=pools)
    found = row(place(plan, [task], mondays=False, time_limit=0.1))
    losses = {}
    for start in range(8 * 60, 10 * 60 - 45 + 1, GRID):
        when = at(0, start), at(0, start + 45)
        changes = [*(Away(name, *when) for name in providers), *(Closed(t.pool, *when, 1, "t") for t in pools)]
        losses[start] = lost(plan, *changes)
    assert found["points"] == min(losses.values())
    assert losses[minute(str(found["start"]))] == found["points"]
    assert max(losses.values()) > 0


@settings(max_examples=examples(8))
@given(st.integers(0, 40), st.sampled_from((15, 30)), st.booleans())
def test_time_that_nobody_needs_loses_nothing(seed: int, minutes: int, of_pool: bool) -> None:
    """Where there is a start that no visit needs it is the first one priced: nothing is lost, and nobody moves."""
    plan = small(seed, 7, 1)
    task = Task("t", minutes, FIRST, FIRST + DAY, pools=(Taken("SCAN"),)) if of_pool else (
        Task("t", minutes, FIRST, FIRST + DAY, providers=("DR1",))
    )  # fmt: skip
    visits = plan.schedule[plan.schedule["visit_type"] == "scan"] if of_pool else (
        plan.schedule[plan.schedule["provider"] == "DR1"]
    )  # fmt: skip
    busy = {(v.date, t) for v in visits.itertuples() for t in range(minute(v.start), minute(v.end))}
    free = [
        (FIRST + day * DAY, start)
        for day in range(2)
        for start in range(480, 600 - minutes + 1, GRID)
        if not any((FIRST + day * DAY, t) in busy for t in range(start, start + minutes))
    ]
    found = row(place(plan, [task], tried=1, mondays=False))
    if free:
        assert (found["points"], found["visits_moved"], found["visits_left_out"]) == (0, 0, 0)
        assert (found["date"], minute(str(found["start"]))) == free[0]
        assert found["why"] == "No visit needs the time."


def test_time_that_is_saved_is_no_gain() -> None:
    """Idle minutes that a task takes away are no points won: nothing is lost, as for any time that nobody needs."""
    fixed = [
        tables.Appointment(request=f"R{n}", provider="DR1", date=FIRST, start=start, mark="fixed")
        for n, start in enumerate(("08:00", "09:30"))
    ]
    made = office(1, requests=2, appointments=fixed)
    asked = tuple(row.model_copy(update={"providers": (), "visit_type": "short"}) for row in made.requests)
    plan = plan_of(made.model_copy(update={"requests": asked}))
    found = place(plan, [Task("t", 60, FIRST, FIRST, providers=("DR1",), hours=((8 * 60 + 15, 9 * 60 + 30),))])
    assert found.plan.cost < plan.cost
    assert row(found)["points"] == 0


def test_a_unit_that_is_free_costs_nothing() -> None:
    """One of two units can be closed while the other one is used; the whole pool, or both, cannot for nothing."""
    plan = next(
        p for p in (small(seed, 16) for seed in range(9)) if pool_usage(p.problem.week, p.assignment).max() == 1
    )
    used = next(v for v in plan.schedule.itertuples() if v.visit_type == "scan")
    hours = ((minute(used.start), minute(used.end)),)
    points = []
    for units in (1, 2, None):
        task = Task("t", 30, used.date, used.date, pools=(Taken("SCAN", units),), hours=hours, weekdays=tuple(range(7)))
        found = place(plan, [task], mondays=False)
        points.append((row(found)["visits_moved"], row(found)["visits_left_out"]))
        day = (used.date - FIRST).days
        span = at(day, minute(used.start)), at(day, minute(used.end))
        assert found.changes == (Closed("SCAN", *span, units, units and "t"),)
    assert points[0] == (0, 0)
    assert sum(points[1]) >= 1
    assert sum(points[2]) >= 1


def test_tasks_do_not_collide() -> None:
    """Nobody, no device and no provider has two tasks at once; no more units are taken than there are."""
    plan = small(5, 8)
    tasks = [
        Task("a", 60, FIRST, FIRST, pools=(Taken("SCAN", 1, "US-1"),), who=("TECH",)),
        Task("b", 60, FIRST, FIRST, pools=(Taken("SCAN", 1, "US-2"),), who=("TECH",)),
        Task("c", 30, FIRST, FIRST, pools=(Taken("SCAN", 1, "US-1"),)),
        Task("d", 30, FIRST, FIRST, providers=("DR1",)),
        Task("e", 30, FIRST, FIRST, providers=("DR1", "DR2")),
    ]
    found = place(plan, tasks, mondays=False, time_limit=0.1)
    names = {task.task: task.names for task in tasks}
    rows = [(r.task, minute(r.start), minute(r.end)) for r in found.placements.itertuples()]
    assert len(rows) + len(found.unplaced) == len(tasks)
    assert {"a", "b", "d"} <= {name for name, *_ in rows}
    for one, start, end in rows:
        for other, begin, stop in rows:
            if one != other and names[one] & names[other]:
                assert end <= begin or stop <= start
    week = found.plan.problem.week
    there = week.pools.available(week.calendar.num_cells)
    taken = [(start, end) for name, start, end in rows if name in "abc"]
    for cell in range(32, 40):
        assert there[0, cell] == 2 - sum(start <= cell * GRID < end for start, end in taken) >= 0
    assert check(found.plan.problem, found.plan.assignment).breaches.empty
    assert (
        found.plan.problem.week.pools.closed.tolist() == changed(plan.problem, found.changes).week.pools.closed.tolist()
    )


def test_a_day_that_is_not_planned_is_priced_as_its_weekday() -> None:
    """A later day costs the mean of the planned days of its weekday; a weekday that is not planned will not do."""
    plan = small(6, 40, 1, 9)
    first, last = FIRST + 14 * DAY, FIRST + 20 * DAY
    hours = ((8 * 60, 9 * 60),)
    found = place(plan, [Task("t", 60, first, first, providers=("DR1",), hours=hours)], time_limit=0.1)
    mean = np.mean([lost(plan, Away("DR1", at(day, 480), at(day, 540))) for day in (0, 7)])
    assert row(found)["points"] == mean == row(found)["points_next_monday"]
    assert (row(found)["date"], row(found)["priced"]) == (first, "usual load")
    assert found.changes == ()
    assert found.later == (Away("DR1", at(14, 480), at(14, 540)),)
    assert found.plan is plan
    both = [Task(name, 60, first, last, pools=(Taken("SCAN", 1, name),), who=("TECH",), hours=hours) for name in "ab"]
    dates = place(plan, both, mondays=False).placements["date"].tolist()
    assert len(set(dates)) == 2


def test_the_next_monday_is_the_first_start_of_the_first_monday() -> None:
    """Whatever it costs; where something else holds that start, the next one."""
    plan = small(7, 16, 1)
    tasks = [Task(name, 30, FIRST, FIRST + DAY, pools=(Taken("SCAN", 1, name),), who=("TECH",)) for name in "ab"]
    found = place_on_mondays(plan, tasks, time_limit=0.1)
    assert found.placements[["date", "start"]].to_numpy().tolist() == [[FIRST, "08:00"], [FIRST, "08:30"]]
    alone = place(plan, tasks[:1], time_limit=0.1)
    assert row(alone)["points_next_monday"] == lost(plan, Closed("SCAN", at(0, 480), at(0, 510), 1, "a"))
    assert place_on_mondays(plan, [Task("t", 30, FIRST + DAY, FIRST + DAY, providers=("DR1",))]).placements[
        "date"
    ].tolist() == [FIRST + DAY]


def test_late_days_only_where_no_day_in_time_will_do() -> None:
    """A task goes past its last day only where it has no start until then."""
    plan = small(8, 6)
    early = Task("t", 30, FIRST, FIRST, providers=("DR1",), late=FIRST + DAY)
    assert row(place(plan, [early]))["date"] == FIRST
    long = Task("u", 60, FIRST, FIRST, providers=("DR1",), late=FIRST + DAY)
    shut = settle(plan, [Away("DR1", at(0, 0), at(1, 0))], 1.0).plan
    assert row(place(shut, [long]))["date"] == FIRST + DAY


def test_a_task_without_a_place_has_a_reason() -> None:
    """Too long, no weekday, too few units, everybody taken: said; what makes no sense is refused, all of it."""
    plan = small(9)
    saturday = FIRST + 5 * DAY
    tasks = [
        Task("long", 180, FIRST, FIRST, providers=("DR1",)),
        Task("saturday", 30, saturday, saturday, providers=("DR1",)),
        Task("many", 30, FIRST, FIRST, pools=(Taken("SCAN", 3),)),
        Task("one", 120, FIRST, FIRST, who=("TECH",)),
        Task("two", 120, FIRST, FIRST, who=("TECH",)),
    ]
    found = place(plan, tasks, mondays=False)
    reasons = dict(zip(found.unplaced["task"], found.unplaced["reason"], strict=True))
    assert "180 minutes" in reasons["long"]
    assert "no day from" in reasons["saturday"]
    assert "not enough units" in reasons["many"]
    assert "TECH is taken by other tasks" in reasons["two"]
    assert found.placements["task"].tolist() == ["one"]
    with pytest.raises(ValueError, match=r"'DR9'.*'ATTIC'.*0"):
        place(plan, [Task("x", 0, FIRST, FIRST, providers=("DR9",), pools=(Taken("ATTIC"),))])


def test_a_closed_site_takes_everybody() -> None:
    """Where a site is closed, no provider and no pool of it is used."""
    plan = small(10, 10)
    found = place(plan, [Task("fire drill", 30, FIRST, FIRST + DAY, sites=("MAIN",))])
    assert {type(change) for change in found.changes} == {Away, Closed}
    start, end = (minute(str(row(found)[name])) for name in ("start", "end"))
    for visit in found.plan.schedule.itertuples():
        assert visit.date != row(found)["date"] or minute(visit.end) <= start or end <= minute(visit.start)


def test_a_repair_leaves_nobody_out_who_has_a_free_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit that a repair has lost is put into a place that is free."""
    plan = small(11, 8)
    visit = plan.schedule.iloc[0]
    start = dt.datetime.combine(visit["date"], dt.time()) + dt.timedelta(minutes=minute(visit["start"]))
    gone = Away(visit["provider"], start, start + dt.timedelta(minutes=15))
    module = import_module("schedopt.answers.replan.replan")
    monkeypatch.setattr(module, "_answer", lambda state, *_: (state.stays, False))
    after = settle(plan, [gone], 1.0)
    assert after.placed
    assert after.lost == after.repair.lost - len(after.placed)
    assert check(after.plan.problem, after.plan.assignment).breaches.empty
    assert set(after.placed) <= set(after.plan.schedule["request"])
