"""Everybody who looks at schedules keeps and counts couplings that no rule of ours is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.conflict import conflict
from schedopt.answers.desk import Opening, admit, fill, recommend
from schedopt.answers.explain import explain
from schedopt.answers.replan import replan
from schedopt.answers.result import plan_around
from schedopt.answers.retime import retime
from schedopt.models.problem.changes import Away, Cancelled
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Coupling, Promises
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed, place_at
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.cpsat.start import start_from
from schedopt.solver.known import unknown
from schedopt.solver.network.parts import parts_of
from schedopt.solver.params import PartParams
from schedopt.solver.search.grid import coupled
from schedopt.solver.search.local import insertion
from schedopt.solver.search.mend import mended
from schedopt.solver.search.track import Track
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Discrete
from schedopt.uncertainty.week import Uncertainty
from tests.desk import SMALL, everywhere
from tests.effort import examples
from tests.foreign import KINDS, EvenDays, EverywhereLimit, OneByOne, foreign
from tests.offices import cases
from tests.planning.test_planning import HOUR, MONDAY, small
from tests.schedules import sound

kinds = pytest.mark.parametrize("kind", KINDS)


def broken(problem: Problem, schedule: Schedule) -> set[str]:
    """Rules broken, promises aside."""
    return {rule for _, rule, *_ in check(problem, schedule).broken} - {Promises.name}


@st.composite
def problems(draw: st.DrawFn, kind: str) -> Problem:
    """A tiny week with a foreign coupling."""
    return draw(foreign(draw(cases(SMALL)).problem, kind))


@st.composite
def plans(draw: st.DrawFn, kind: str) -> Plan:
    """A plan of it that breaks nothing."""
    case = draw(cases(SMALL))
    assume(len(case.problem.week.requests))
    schedule, problem = draw(sound(case.problem)), draw(foreign(case.problem, kind))
    kept = start_from(*settle(problem)[:2], schedule)
    assume(not check(problem, kept).broken)
    return plan_around(problem, kept, {})


def alone(problem: Problem, schedule: Schedule, request: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Every place of a request beside all others that breaks nothing, and what the week then costs."""
    for other in everywhere(problem, schedule, request):
        audit = check(problem, other)
        if not audit.broken:
            yield (int(other.session[request]), int(other.start(problem.week)[request])), audit.cost


@kinds
@settings(max_examples=examples(3))
@given(data=st.data())
def test_a_plan_keeps_them(kind: str, data: st.DataObject) -> None:
    """A week solved as one model is proved the best there is, and searched piece by piece it is never better."""
    problem = data.draw(problems(kind))
    whole = schedopt.plan(problem, 5, 1, progress=False, deterministic=True)
    assert broken(problem, whole.assignment) == set()
    assert whole.cost == check(problem, whole.assignment).cost
    pieces = schedopt.SolveParams.model_validate({"phases": {"whole_week": 0}})
    search = schedopt.plan(problem, 0.3, 1, progress=False, deterministic=True, params=pieces)
    assert broken(problem, search.assignment) == set()
    assert max(search.bound, whole.bound) <= min(search.cost, whole.cost)
    if whole.status == "optimal":
        assert search.cost >= whole.cost


@kinds
@settings(max_examples=examples(5))
@given(data=st.data())
def test_the_best_slot_is_the_best_there_is(kind: str, data: st.DataObject) -> None:
    """What is recommended costs as little as the best of all places tried one by one, or there is none."""
    plan = data.draw(plans(kind))
    week, schedule = plan.problem.week, plan.assignment
    code = data.draw(st.integers(0, len(week.requests) - 1))
    tried: dict[tuple[int, int], int] = {}
    for place, cost in alone(plan.problem, schedule, code):
        tried[place] = min(cost, tried.get(place, cost))
    tried.pop((int(schedule.session[code]), int(schedule.start(week)[code])), None)
    found = recommend(plan, week.requests.ids[code], top=3)
    assert found.slots.empty == (not tried)
    if tried:
        assert plan.cost + found.slots["points"].iloc[0] == min(tried.values())
    points = [*found.slots["points"], *found.lost["points"]]
    assert points == sorted(points)


@kinds
@settings(max_examples=examples(4))
@given(data=st.data())
def test_other_places_are_judged_as_the_check_does(kind: str, data: st.DataObject) -> None:
    """A place that an explanation offers is one that the check passes, at the change of cost that it finds."""
    plan = data.draw(plans(kind))
    week = plan.problem.week
    code = data.draw(st.integers(0, len(week.requests) - 1))
    fine: dict[tuple[str, str], set[int]] = {}
    for (session, start), cost in alone(plan.problem, plan.assignment, code):
        fine.setdefault((week.sessions.ids[session], week.calendar.words(start)), set()).add(cost)
    for row in explain(plan, week.requests.ids[code]).alternatives.itertuples():
        costs = fine.get((str(row.session), str(row.start).partition(" (")[0]), set())  # without the zone
        assert row.breaks != "" or plan.cost + row.change in costs


@kinds
@settings(max_examples=examples(4))
@given(data=st.data())
def test_a_repaired_plan_keeps_them(kind: str, data: st.DataObject) -> None:
    """After an absence and a cancellation nothing is broken, and nobody who could stay in tiny weeks has moved."""
    plan = data.draw(plans(kind))
    week, placed = plan.problem.week, plan.assignment.placed
    assume(len(placed))
    provider = week.sessions.provider_ids[data.draw(st.integers(0, len(week.sessions.provider_ids) - 1))]
    midnight = dt.datetime.combine(week.calendar.date(0), dt.time())
    changes = [
        Away(provider, midnight, midnight + dt.timedelta(hours=10)),
        Cancelled(week.requests.ids[int(placed[0])]),
    ]
    result = replan(plan, changes)
    assert broken(result.plan.problem, result.plan.assignment) == set()
    assert result.plan.cost == check(result.plan.problem, result.plan.assignment).cost


@kinds
@settings(max_examples=examples(9))
@given(data=st.data())
def test_what_can_be_kept_of_a_start_keeps_them(kind: str, data: st.DataObject) -> None:
    """A schedule that breaks them is taken over without what breaks them; by the planner and by the front desk."""
    case = data.draw(cases(SMALL))
    schedule = data.draw(sound(case.problem))
    problem = data.draw(foreign(case.problem, kind))
    kept, promised, _ = settle(problem)
    assert broken(kept, promised) == set()
    assert broken(kept, start_from(kept, promised, schedule)) == set()
    assert broken(problem, admit(plan_around(case.problem, schedule, {}), problem).assignment) == set()


def test_a_conflict_names_them() -> None:
    """Promises that only a foreign coupling forbids are in conflict, and what is said of that names it."""
    promised = [
        {"request": f"R{n}", "provider": "D", "date": "2026-11-30", "start": f"08:{20 * n:02}", "mark": "fixed"}
        for n in range(3)
    ]
    problem = small(3, HOUR, appointments=promised)
    assert settle(problem)[2].empty
    for coupling in (EverywhereLimit(2), OneByOne((0, 1, 2), 5, 0)):
        tied = replace(problem, couplings=(*problem.couplings, coupling))
        kept, promised_schedule, conflicts = settle(tied)
        assert len(conflicts)
        assert broken(kept, promised_schedule) == set()
        found = conflict(tied)
        assert coupling.name in set(found.reasons["rule"])
        assert found.verified


@kinds
@settings(max_examples=examples(5))
@given(data=st.data())
def test_who_fills_a_slot_gains_what_the_check_says(kind: str, data: st.DataObject) -> None:
    """Whoever is offered a free stretch breaks nothing there, and gains what the best place in it gains."""
    plan = data.draw(plans(kind))
    week, calendar = plan.problem.week, plan.problem.calendar
    assume(len(week.sessions))
    session = data.draw(st.integers(0, len(week.sessions) - 1))
    first, last = int(week.sessions.start[session]), int(week.sessions.end[session])
    midnight = dt.datetime.combine(calendar.date(int(week.sessions.day[session])), dt.time())
    minutes = [(cell % calendar.cells_per_day) * calendar.grid for cell in (first, last - 1)]
    minutes[1] += calendar.grid
    start, end = (midnight + dt.timedelta(minutes=number) for number in minutes)
    provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
    found = fill(plan, Opening(provider, start, end)).set_index("request")
    for name, row in found.iterrows():
        code = week.request_code[name]
        inside = [
            cost for (where, _), cost in alone(plan.problem, plan.assignment, code)
            if week.sessions.provider[where] == week.sessions.provider[session]
        ]  # fmt: skip
        assert plan.cost - row["gained"] in inside
        assert row["gained"] > 0 or not row["now"]


@kinds
@settings(max_examples=examples(9))
@given(data=st.data())
def test_visits_tied_together_are_never_moved_by_two(kind: str, data: st.DataObject) -> None:
    """Requests that a coupling ties across sites are in one part, and with one thread."""
    problem = data.draw(problems(kind))
    if kind == "balance":
        return
    coupling, options, sessions = problem.couplings[-1], problem.options, problem.week.sessions
    row, group = coupling.ties(problem.week, options.placements)
    smallest = PartParams(largest=0, usual=1)
    parts = parts_of(problem, np.zeros(len(options)), nothing_placed(problem.week), smallest)
    part_of = np.full(len(problem.week.requests), -1)
    for number, part in enumerate(parts):
        part_of[part.requests] = number
    for one in np.unique(group).tolist():
        mine = row[group == one]
        members, sites = np.unique(options.request[mine]), sessions.site[options.session[mine]]
        cells = sites + 1_000 * sessions.day[options.session[mine]]
        if len(members) > 1 and len(set(sites.tolist())) > 1:
            assert len(set(part_of[members].tolist())) == 1
        if len(members) > 1 and len(set(cells.tolist())) > 1:
            assert coupled(problem)[members].all()


@kinds
@settings(max_examples=examples(4))
@given(data=st.data())
def test_a_reason_for_leaving_out_holds(kind: str, data: st.DataObject) -> None:
    """Who is said to have a place that costs no more has one; whoever has one is not said to have none."""
    plan = data.draw(plans(kind))
    problem, schedule = plan.problem, plan.assignment
    told = plan.left_out.set_index("request")
    for name in told.index:
        code = problem.week.request_code[name]
        least = min((cost for _, cost in alone(problem, schedule, code)), default=None)
        reason = str(told.loc[name, "reason"])
        if "It would fit into" in reason:
            assert least is not None
        if "With time left but no place" in reason or least is None:
            assert "It would fit into" not in reason


def test_insertion_alone_may_break_what_a_plan_keeps() -> None:
    """The check of these tests can fail: insertion, which knows nothing of it, breaks a made-up coupling."""
    found: list[bool] = []

    @settings(max_examples=examples(64))
    @given(data=st.data())
    def look(data: st.DataObject) -> None:
        problem = data.draw(problems("made up"))
        found.append(bool(broken(problem, insertion(problem, settle(problem)[1]))))

    look()
    assert any(found)


@settings(max_examples=examples(19))
@given(data=st.data())
def test_what_a_search_breaks_is_left_out_of_what_it_found(data: st.DataObject) -> None:
    """A schedule that breaks a coupling which the search does not know counts without the visits that are too many."""
    problem = data.draw(problems("made up"))
    kept, promised, _ = settle(problem)
    found = insertion(kept, promised)
    whole = mended(kept, unknown(kept), found)
    assert broken(kept, whole) == set()
    assert set(promised.placed.tolist()) <= set(whole.placed.tolist()) <= set(found.placed.tolist())
    assert (len(whole.placed) < len(found.placed)) == bool(broken(kept, found))
    assert len(whole.placed) or not len(found.placed)
    track = Track(kept, promised, 1.0)
    assert track.offer(found) == (check(kept, whole).cost < check(kept, promised).cost)


@kinds
@settings(max_examples=examples(6))
@given(data=st.data())
def test_new_times_keep_them(kind: str, data: st.DataObject) -> None:
    """Start times set against overruns break no coupling that the plan keeps, and move no visit that times tie."""
    plan = data.draw(plans(kind))
    assume(len(plan.assignment.placed))
    drawn = Uncertainty.assumed(plan, 0.5, 0.2, Discrete((-20.0, 0.0, 25.0), (0.3, 0.4, 0.3))).scenarios(10)
    new = retime(plan, drawn, Costs(1.0, 1.0, 2.0))
    assert broken(new.problem, new.assignment) == set()
    if kind == "made up" and len(plan.assignment.placed) > 1:
        assert (new.assignment.step_start == plan.assignment.step_start).all()


def two_sites() -> Problem:
    """Providers A and B see patients for an hour, on Monday at one site and on both days at another."""
    shifts = [("A", "S1", "2026-11-30"), ("B", "S2", "2026-11-30"), ("B", "S2", "2026-12-01")]
    tables = {
        "providers": [{"provider": "A"}, {"provider": "B"}],
        "visit_types": [{"visit_type": "v", "minutes": 20}],
        "patients": [{"patient": f"N{n}"} for n in range(3)],
        "requests": [{"request": f"R{n}", "patient": f"N{n}", "visit_type": "v"} for n in range(3)],
        "shifts": [
            {"provider": provider, "site": site, "date": date, "start": "08:00", "end": "09:00"}
            for provider, site, date in shifts
        ],
    }
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return schedopt.assemble(schedopt.office_from_frames(frames, {"days": 2}), MONDAY)


def with_two_on_monday(coupling: Coupling) -> Plan:
    """A plan with R1 and R2 at the first site on Monday, and nobody anywhere else."""
    problem = two_sites()
    problem = replace(problem, couplings=(*problem.couplings, coupling))
    monday = next(s for s, name in enumerate(problem.week.sessions.ids) if name.startswith("A"))
    schedule, start = nothing_placed(problem.week), int(problem.week.sessions.start[monday])
    for request in (1, 2):
        schedule = place_at(problem.week, schedule, request, monday, start + 4 * (request - 1))
    return plan_around(problem, schedule, {})


@pytest.mark.parametrize("coupling", [EverywhereLimit(2), OneByOne((0, 1, 2), 12, 0)])
def test_an_explanation_sees_other_sites(coupling: Coupling) -> None:
    """Where visits at one site leave no room for another at a second one, no place there is offered on that day."""
    plan = with_two_on_monday(coupling)
    places = explain(plan, "R0").alternatives
    monday = places[places["session"].str.contains("B .*2026-11-30|B 2026-11-30", regex=True)]
    assert len(monday)
    assert (monday["breaks"] != "").all()
    assert (places.loc[places["session"].str.contains("2026-12-01"), "breaks"] == "").all()


def test_a_change_is_priced_by_all_that_counts() -> None:
    """A visit on the empty day makes the week more even, though nobody is near: the price says so."""
    plan = with_two_on_monday(EvenDays(500))
    before = plan.cost
    for row in explain(plan, "R0").alternatives.itertuples():
        session = plan.problem.week.session_code[row.session]
        start = int(plan.problem.week.sessions.start[session])
        placed = [place_at(plan.problem.week, plan.assignment, 0, session, at) for at in range(start, start + 9)]
        costs = {plan.problem.calendar.words(at): check(plan.problem, p).cost for at, p in enumerate(placed, start)}
        assert row.change == costs[row.start] - before
