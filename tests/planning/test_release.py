"""Places that are kept for some requests, and released to all from a moment on."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import PlacesKept
from schedopt.models.problem.happened import Urgent
from schedopt.models.problem.notice import released
from schedopt.models.problem.problem import Problem
from schedopt.solver.search.local import insertion
from tests.effort import examples
from tests.offices import Size, cases
from tests.schedules import schedules
from tests.smallest import FIRST, Smallest, nothing_placed

HALF_PAST_FOUR = dt.datetime.combine(FIRST, dt.time(4, 30))


def _office() -> schedopt.Office:
    """Nobody but the first provider works, on the first day alone, and keeps the whole hour for scans until 6:00."""
    shift = tables.Shift(provider="DR1", site="MAIN", date=FIRST, start="08:00", end="09:00")
    reserve = tables.Reserve(places=4, minutes=15, visit_type="scan", release_hours=2)
    return schedopt.extend_office(Smallest({"shifts": (shift,), "reserves": (reserve,)}).office, {})


def _kept(problem: Problem) -> PlacesKept:
    return problem.coupling(PlacesKept)


@settings(max_examples=examples(48), suppress_health_check=[*HealthCheck])
@given(st.data())
def test_never_fewer_places_later(data: st.DataObject) -> None:
    """What breaks a kept place at a moment breaks it at every earlier one, and without a moment; and exactly those are
    kept whose moment of release, hours before the first session, has not come.
    """
    case = data.draw(cases(Size(reserves=True)))
    assume(case.office.reserves)
    problem, minutes = case.problem, data.draw(st.tuples(st.integers(-2000, 4000), st.integers(0, 2000)))
    early = dt.datetime.combine(case.first, dt.time()) + dt.timedelta(minutes=minutes[0])
    week, schedule, whole = problem.week, data.draw(schedules(problem)), _kept(problem)
    at_each = [whole, *(whole.at(week.calendar.instant(early + dt.timedelta(minutes=m))) for m in (0, minutes[1]))]
    broken = [{breach.request for breach in kept.breaches(week, schedule)} for kept in at_each]
    assert broken[2] <= broken[1] <= broken[0]
    for kept, moment in zip(at_each[1:], (early, early + dt.timedelta(minutes=minutes[1])), strict=True):
        assert kept.held(week).tolist() == [
            group for group in range(len(whole.provider)) if _release(problem, case.office, whole, group) > moment
        ]
        assert [kept.needed(week, g) for g in kept.held(week)] == [whole.needed(week, g) for g in kept.held(week)]


def _release(problem: Problem, office: schedopt.Office, kept: PlacesKept, group: int) -> dt.datetime:
    """When the places of a group are released, on the office's clocks, on days on which none change."""
    hours = (office.reserves or ())[int(kept.kept_for[group])].release_hours
    sessions, calendar = problem.week.sessions, problem.calendar
    mine = (sessions.provider == kept.provider[group]) & (sessions.day == kept.day[group])
    there = mine & (sessions.start < kept.end[group]) & (sessions.end > kept.start[group])
    if hours is None:
        return dt.datetime.max
    start = dt.timedelta(minutes=calendar.grid * int(sessions.start[there].min()))
    (site,) = {sessions.site_ids[code] for code in sessions.site[there].tolist()} if calendar.zones else ("",)
    first = (dt.datetime.combine(calendar.first, dt.time()) + start).replace(tzinfo=calendar.zone_at(site))
    return first.astimezone(calendar.zone).replace(tzinfo=None) - dt.timedelta(hours=hours)


@pytest.mark.parametrize(("now", "visits"), [(None, 0), (dt.time(5, 59), 0), (dt.time(6), 2)])
def test_planning_knows_what_is_released(now: dt.time | None, visits: int) -> None:
    """From the moment of release on, which is hours before the first session, others are planned into the places."""
    moment = None if now is None else dt.datetime.combine(FIRST, now)
    problem = schedopt.assemble(_office(), FIRST, moment)
    inserted = plan_around(problem, insertion(problem, nothing_placed(problem.week)), {})
    for plan in (schedopt.plan(problem, 1, 1, progress=False), inserted):
        assert len(plan.visits) == visits
        assert check(problem, plan.assignment).breaches.empty


def test_hours_pass_as_clocks_change() -> None:
    """Where clocks jump forward at 2:00, places are released two hours before 8:00, and seven hours before at 0:00."""
    date = dt.date(2027, 3, 14)
    said = _office().settings.model_copy(update={"time_zone": "America/New_York"})
    for hours, clock in ((2, "Sun 14 Mar 06:00"), (7, "Sun 14 Mar 00:00")):
        reserve = tables.Reserve(places=4, minutes=15, visit_type="scan", release_hours=hours)
        shift = tables.Shift(provider="DR1", site="MAIN", date=date, start="08:00", end="09:00")
        office = _office().model_copy(update={"settings": said, "reserves": (reserve,), "shifts": (shift,)})
        problem = schedopt.assemble(office, date)
        assert f" until {clock}" in _kept(problem).words(problem.week, 0)


def test_the_front_desk_knows_what_is_released(tmp_path: object) -> None:
    """A place that is released is recommended, booked and filled, and placed into when the plan is repaired; the plan
    that has it keeps every rule, is read back as it was, and can be asked again without a moment.
    """
    office = _office()
    problem = schedopt.assemble(office, FIRST)
    plan = plan_around(problem, nothing_placed(problem.week), {})
    late = dt.datetime.combine(FIRST, dt.time(6, 30))
    start = dt.datetime.combine(FIRST, dt.time(8))
    opening = schedopt.Opening("DR1", start, start + dt.timedelta(hours=1))
    for now, found in ((None, 0), (HALF_PAST_FOUR, 0), (late, 2)):
        assert len(schedopt.fill(plan, opening, now=now)) == found
        assert schedopt.recommend(plan, "R1", now=now).slots.empty == (found == 0)
        assert len(schedopt.replan(plan, [Urgent("R1"), Urgent("R2")], now=now).plan.visits) == found
    booked = schedopt.book(plan, "R1", "DR1", start, now=late)
    urgent = schedopt.replan(booked, [Urgent("R2")], now=late).plan
    for one in (booked, urgent):
        assert check(one.problem, one.assignment).breaches.empty
        read = schedopt.read_plan(schedopt.write_plan(one, f"{tmp_path}/plan"), office)
        assert (read.visits, read.problem.asked, read.problem.now) == (one.visits, late, None)
        assert check(read.problem, read.assignment).breaches.empty
        assert schedopt.recommend(read, "R1").placed
    admitted = schedopt.admit(urgent, schedopt.assemble(office, FIRST))
    assert admitted.visits == urgent.visits
    assert admitted.conflicts.empty


def test_an_earlier_moment_holds_nothing_back() -> None:
    """What has been released once stays so, whatever moment is asked about later."""
    problem = released(schedopt.assemble(_office(), FIRST), dt.datetime.combine(FIRST, dt.time(7)))
    assert released(problem, HALF_PAST_FOUR) is problem
    assert len(_kept(problem).held(problem.week)) == 0
    assert np.array_equal(_kept(problem).at(0).held(problem.week), [0])
