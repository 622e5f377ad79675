"""Planning a week, end to end in memory."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

import schedopt
from schedopt.example import example_frames, example_settings
from schedopt.models.problem.names import CLOSED
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.solver.params import DEFAULTS
from schedopt.solver.search.local import first_fit
from schedopt.solver.search.track import Moment, Track
from tests.effort import BRIEF

MONDAY = dt.date(2026, 11, 30)


def example(**size: Any) -> schedopt.Problem:
    """The problem of a generated office."""
    return schedopt.assemble(schedopt.office_from_frames(example_frames(**size), example_settings()), MONDAY)


def small(num_requests: int, shifts: list[dict[str, str]], **tables: list[dict[str, Any]]) -> schedopt.Problem:
    """One provider, requests of 20 minutes by as many patients, three days from Monday."""
    numbers = range(num_requests)
    rows: dict[str, list[dict[str, Any]]] = {
        "providers": [{"provider": "D"}],
        "visit_types": [{"visit_type": "v", "minutes": 20}],
        "patients": [{"patient": f"N{n}"} for n in numbers],
        "requests": [{"request": f"R{n}", "patient": f"N{n}", "visit_type": "v"} for n in numbers],
        "shifts": [{"provider": "D", "site": "S"} | shift for shift in shifts],
    }
    columns = {"shifts": ["provider", "site", "date", "start", "end"], "patients": ["patient"],
               "requests": ["request", "patient", "visit_type"]}  # fmt: skip
    frames = {name: pd.DataFrame(table, columns=None if table else columns[name]) for name, table in rows.items()}
    frames |= {name: pd.DataFrame(table) for name, table in tables.items()}
    return schedopt.assemble(schedopt.office_from_frames(frames, {"days": 3}), MONDAY)


HOUR = [{"date": "2026-11-30", "start": "08:00", "end": "09:00"}]


@pytest.fixture(scope="module")
def problem() -> schedopt.Problem:
    """An office too large for one model of the whole week."""
    return example(sites=2, providers=6)


def test_a_plan_breaks_nothing_and_its_figures_agree(problem: schedopt.Problem) -> None:
    """The schedule keeps every rule; cost, parts, bound, tables and trace tell the same story."""
    seen: list[Moment] = []
    plan = schedopt.plan(problem, time_limit=5 * BRIEF, workers=2, progress=seen.append, deterministic=True)
    audit = schedopt.check(problem, plan.assignment)
    assert audit.breaches.empty
    assert plan.cost == audit.cost == plan.costs["points"].sum() == plan.trace["cost"].iloc[-1]
    assert 0 <= plan.bound <= plan.cost
    assert sorted([*plan.schedule["request"], *plan.left_out["request"]]) == sorted(problem.week.requests.ids)
    assert plan.sessions["visits"].sum() == len(plan.schedule)
    assert plan.trace["cost"].is_monotonic_decreasing
    assert plan.trace["bound"].is_monotonic_increasing
    assert seen[-1].cost == plan.cost
    assert plan.cost < schedopt.check(problem, first_fit(problem)).cost
    there = plan.removed[plan.removed["rule"] != CLOSED]  # closures take sessions that are not counted as there
    removed = there.groupby("request")["sessions"].sum().reindex(plan.left_out["request"], fill_value=0)
    assert (removed.to_numpy() + plan.left_out["sessions_left"].to_numpy() == plan.left_out["sessions"]).all()


def test_the_time_limit_is_kept(problem: schedopt.Problem) -> None:
    """Even a second is enough for a schedule, and is not overdrawn by much."""
    schedopt.plan(problem, time_limit=0.5, progress=False)  # compiles
    began = time.monotonic()
    plan = schedopt.plan(problem, time_limit=1.0, progress=False)
    assert time.monotonic() - began < 4.0
    assert len(plan.schedule) > 0


def test_deterministic_plans_repeat(problem: schedopt.Problem) -> None:
    """The same seed gives the same schedule, with one worker and with two; another seed gives another."""
    for workers in (1, 2):
        runs = [
            schedopt.plan(problem, time_limit=BRIEF, workers=workers, seed=seed, progress=False, deterministic=True)
            for seed in (3, 3, 4)
        ]
        starts = [run.assignment.step_start for run in runs]
        assert np.array_equal(starts[0], starts[1])
        assert not np.array_equal(starts[0], starts[2])
        assert runs[0].cost == runs[1].cost
        assert runs[0].bound == runs[1].bound
        assert runs[0].record["moves"] == runs[1].record["moves"]


@pytest.mark.parametrize("workers", [1, 2])
def test_moves_are_counted(problem: schedopt.Problem, workers: int) -> None:
    """The record has the moves of all workers, and the pace at which they were made while visits were moved."""
    plan = schedopt.plan(problem, time_limit=BRIEF, workers=workers, progress=False, deterministic=True)
    moves, pace = plan.record["moves"], plan.record["moves_per_second"]
    assert isinstance(moves, int)
    assert isinstance(pace, int)
    assert moves > 0
    assert moves % DEFAULTS.annealing.moves_a_round == 0
    assert pace >= 0.9 * moves / plan.seconds


def test_fixed_promises_stay_and_moving_has_its_price(problem: schedopt.Problem) -> None:
    """Fixed appointments are where they were promised; the price of the movable ones moved is in the costs."""
    plan = schedopt.plan(problem, time_limit=BRIEF, progress=False, deterministic=True)
    requests, week = problem.week.requests, problem.week
    start = plan.assignment.start(week)
    assert requests.fixed.any()
    assert (start[requests.fixed] == requests.promised_start[requests.fixed]).all()
    movable = (requests.promised_start >= 0) & ~requests.fixed
    session = np.append(week.sessions.provider, -1)[plan.assignment.session]
    moved = movable & ((start != requests.promised_start) | (session != requests.promised_provider))
    points = plan.costs.set_index("part")["points"]["moved"]
    assert points == problem.weights["moved"] * requests.priority[moved].sum()


@pytest.mark.parametrize("requests", [0, 1, 5])
@pytest.mark.parametrize("shifts", [[], HOUR])
def test_empty_and_overfull_weeks_are_answers(requests: int, shifts: list[dict[str, str]]) -> None:
    """No requests, no sessions, too many requests: each is planned, proved best, and explained."""
    plan = schedopt.plan(small(requests, shifts), time_limit=5, progress=False)
    room = 3 if shifts else 0
    assert plan.status == "optimal"
    assert plan.cost == plan.bound == 400 * max(0, requests - room)
    assert len(plan.left_out) == max(0, requests - room)
    assert plan.left_out["reason"].str.len().gt(0).all()
    assert schedopt.summary(plan)


def promise(number: int, start: str, date: str = "2026-11-30") -> dict[str, str]:
    """A fixed appointment of a request."""
    return {"request": f"R{number}", "provider": "D", "date": date, "start": start, "mark": "fixed"}


@pytest.mark.parametrize(
    ("promises", "words"),
    [
        ([promise(0, "08:50")], "does not fit into the session's hours"),
        ([promise(0, "08:00", "2026-12-01")], "no session"),
        ([promise(0, "08:00"), promise(1, "08:10")], "still with R"),
    ],
)
def test_contradicting_promises_are_named(promises: list[dict[str, str]], words: str) -> None:
    """A promise that cannot be kept makes a conflict with a reason; everything else is planned around it."""
    plan = schedopt.plan(small(3, HOUR, appointments=promises), time_limit=5, progress=False)
    assert plan.status == "conflict"
    assert len(plan.conflicts) == 1
    assert words in plan.conflicts["detail"].iloc[0]
    lost = plan.conflicts["request"].iloc[0]
    assert lost in set(plan.left_out["request"])
    assert len(plan.schedule) == 2
    assert plan.bound <= plan.cost
    kept = plan.schedule.set_index("request")
    for row in promises:
        if row["request"] != lost:
            assert kept["start"][row["request"]] == row["start"]


def test_a_promise_outside_the_days_planned_is_left_alone() -> None:
    """A request promised for another week is neither planned nor left out, and a follower keeps its distance to it."""
    frames_of = small(2, HOUR, appointments=[promise(0, "08:00", "2026-11-20")])
    assert frames_of.week.requests.ids == ("R1",)


@pytest.mark.parametrize(
    "bad", [{"time_limit": 0.0}, {"time_limit": -1.0}, {"time_limit": float("inf")}, {"workers": 0}, {"seed": -1}]
)
def test_senseless_limits_are_refused(bad: dict[str, Any]) -> None:
    """No time, no end, no workers or no seed is an error of the caller."""
    with pytest.raises(ValueError, match="expected a time_limit above 0 seconds and below a year, at least 1 worker"):
        schedopt.plan(small(1, HOUR), progress=False, **bad)


def test_a_week_closed_by_its_promises_returns_at_once() -> None:
    """Where everything is fixed, nothing is searched."""
    plan = schedopt.plan(
        small(3, HOUR, appointments=[promise(n, f"08:{20 * n:02d}") for n in range(3)]), time_limit=60, progress=False
    )
    assert plan.status == "optimal"
    assert plan.seconds < 5


def test_a_schedule_that_breaks_a_rule_is_never_taken(problem: schedopt.Problem) -> None:
    """A track takes a cheaper schedule, but not one with a breach."""
    good = first_fit(problem)
    track = Track(problem, nothing_placed(problem.week), 1.0)
    starts = good.step_start.copy()
    starts[problem.week.steps.provider_step[good.placed]] -= 1
    bad = Schedule(good.session, starts)
    assert not schedopt.check(problem, bad).breaches.empty
    assert not track.offer(bad)
    assert track.offer(good)
    assert track.cost == schedopt.check(problem, good).cost


LATE = [
    {"date": f"2026-{month}-{day}", "start": "22:00", "end": "24:00"} for month, day in (("11", "30"), ("12", "01"))
]
EARLY = [{"date": f"2026-12-0{day}", "start": "00:00", "end": "02:00"} for day in (1, 2)]


def late_shifts(num_requests: int, **tables: list[dict[str, Any]]) -> schedopt.Problem:
    """Sessions on both sides of midnight, and a room that takes an hour to clean."""
    return small(
        num_requests,
        [*LATE, *EARLY],
        visit_types=[{"visit_type": "v", "minutes": 20, "pools": "room"}],
        pools=[{"pool": "room", "site": "S", "kind": "room", "capacity": 1, "turnover": 60}],
        **tables,
    )


@pytest.mark.parametrize("num_requests", [12, 90])
def test_cleaning_never_reaches_into_the_next_day(num_requests: int) -> None:
    """Cleaning ends at midnight for bound, model, search and check alike, whatever the number of workers."""
    problem = late_shifts(num_requests)
    for workers in (1, 2):
        plan = schedopt.plan(problem, time_limit=BRIEF, workers=workers, progress=False, deterministic=True)
        assert schedopt.check(problem, plan.assignment).breaches.empty
        assert plan.bound <= plan.cost
        assert plan.cost == 400 * (num_requests - 8) + 4 * 60 + 4 * 10 + 2 * 20  # left out, idle, waiting, and two


def test_a_promise_into_a_closed_room_next_day_is_kept() -> None:
    """A visit before midnight needs nothing of the room on the next day, when it is closed."""
    closed = [{"pool": "room", "date": "2026-12-01"}]
    problem = late_shifts(1, appointments=[promise(0, "23:40")], pool_closures=closed)
    plan = schedopt.plan(problem, time_limit=2, progress=False)
    assert plan.status == "optimal"
    assert len(plan.schedule) == 1


def test_weights_that_cannot_be_added_up_are_refused() -> None:
    """Points that would overflow are an error of the input, not a wrong cost."""
    number = range(300)
    frames = {
        "providers": pd.DataFrame({"provider": ["D"]}),
        "visit_types": pd.DataFrame({"visit_type": ["v"], "minutes": [20]}),
        "patients": pd.DataFrame({"patient": [f"N{n}" for n in number]}),
        "requests": pd.DataFrame(
            {"request": [f"R{n}" for n in number], "patient": [f"N{n}" for n in number], "visit_type": "v",
             "ready": "1900-01-01", "urgency": 1_000_000}
        ),
        "shifts": pd.DataFrame([{"provider": "D", "site": "S"} | HOUR[0]]),
    }  # fmt: skip
    office = schedopt.office_from_frames(frames, {"weights": {"access": 1_000_000}})
    with pytest.raises(schedopt.InputError, match="points"):
        schedopt.assemble(office, MONDAY)


def series(**columns: Any) -> dict[str, Any]:
    """A second request of patient N0 that follows the first."""
    return {"request": "F", "patient": "N0", "visit_type": "v", "after": "R0"} | columns


def test_a_visit_keeps_its_distance_to_a_follower_promised_for_later() -> None:
    """What comes before a promised visit is planned for the day that leaves the right number of days between."""
    requests = [
        {"request": "R0", "patient": "N0", "visit_type": "v"},
        series(after_min_days=7, after_max_days=7),
    ]
    shifts = [{"date": f"2026-{day}", "start": "08:00", "end": "09:00"} for day in ("11-30", "12-01", "12-02")]
    later = [{"request": "F", "provider": "D", "date": "2026-12-09", "start": "08:00", "mark": "fixed"}]
    plan = schedopt.plan(small(1, shifts, requests=requests, appointments=later), time_limit=5, progress=False)
    assert plan.schedule["date"].tolist() == [dt.date(2026, 12, 2)]
