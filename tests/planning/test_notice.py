"""Notice in hours, from a moment of planning that is given."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.models.problem.check import check
from schedopt.models.tables.fields import parse_time
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.search.local import insertion
from tests import smallest
from tests.effort import examples
from tests.offices import Case, cases
from tests.schedules import schedules
from tests.smallest import FIRST
from tests.whole import breaches

MONDAY = dt.datetime.combine(FIRST, dt.time(8, 30))


def _office(hours: int, **changes: object) -> Office:
    types = (tables.VisitType(visit_type="talk", minutes=15, notice_hours=hours),)
    return smallest.Smallest().office.model_copy(update={"visit_types": types, **changes})


def _starts(problem: schedopt.Problem) -> set[str]:
    """Every start that an option offers."""
    options, calendar = problem.options, problem.calendar
    return {
        calendar.words(cell)
        for first, last in zip(options.earliest.tolist(), options.latest.tolist(), strict=True)
        for cell in range(first, last + 1)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "first"), [(0, "Mon 30 Nov 08:30"), (23, "Tue 1 Dec 08:00"), (24, "Tue 1 Dec 08:30")]
)
def test_nothing_is_offered_sooner(hours: int, first: str) -> None:
    """The first start is the first one in a session that lies the hours of notice after the moment; without a moment,
    notice is not asked for.
    """
    calendar = schedopt.assemble(_office(hours), FIRST).calendar
    days = {calendar.words(cell) for cell in range(calendar.num_cells)}
    order = sorted(days, key=lambda words: (words[4:6] != "30", words))
    offered = _starts(schedopt.assemble(_office(hours), FIRST, MONDAY))
    assert min(offered, key=order.index) == first
    assert "Mon 30 Nov 08:00" in _starts(schedopt.assemble(_office(hours), FIRST))


def test_hours_are_counted_as_they_pass() -> None:
    """Where clocks jump forward in the night, 24 hours after 8:00 it is 9:00; a moment may have a zone of its own."""
    said = smallest.settings().model_copy(update={"time_zone": "America/New_York"})
    office = _office(24, settings=said, shifts=())
    calendar = schedopt.assemble(office, dt.date(2027, 3, 13)).calendar
    now = dt.datetime(2027, 3, 13, 8)
    assert calendar.minutes_until(now, 24) == (24 + 9) * 60
    assert calendar.minutes_until(now.replace(tzinfo=dt.timezone(dt.timedelta(hours=-5))), 24) == (24 + 9) * 60


@pytest.mark.parametrize("mark", ["fixed", "movable"])
def test_what_is_promised_stays(mark: str) -> None:
    """A promise inside the notice may be kept at its time with its provider, and nothing else is offered so soon."""
    row = tables.Appointment(request="R1", provider="DR1", date=FIRST, start="08:35", mark=mark)
    problem = schedopt.assemble(_office(24, appointments=(row,)), FIRST, MONDAY)
    mine = problem.options.take(problem.options.request == 0)
    soon = mine.take(mine.earliest < problem.calendar.cells_per_day)
    assert [problem.calendar.words(cell) for cell in soon.earliest.tolist()] == ["Mon 30 Nov 08:35"]
    assert soon.earliest.tolist() == soon.latest.tolist()
    assert problem.week.sessions.provider[soon.session].tolist() == [0]


@settings(max_examples=examples(10))
@given(cases(), st.integers(0, 1500))
def test_the_desk_keeps_notice(case: Case, minutes: int) -> None:
    """At a moment of asking no slot that is offered begins within the notice, though visits of the plan itself may."""
    problem, start, _ = settle(case.problem)
    plan = plan_around(problem, insertion(problem, start), {})
    now = dt.datetime.combine(case.first, dt.time()) + dt.timedelta(minutes=minutes)
    assert (check(plan.problem, plan.assignment).breaches["rule"] == "promises").all()
    desk = schedopt.Desk(plan, now)
    notice = problem.week.requests.notice
    for code, request in enumerate(problem.week.requests.ids):
        hours = 0 if notice is None else int(notice[code])
        slots = schedopt.recommend(desk, request, 50).slots
        promised = int(problem.week.requests.promised_start[code])
        for date, time, site in zip(slots["date"], slots["start"], slots["site"], strict=True):
            local = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=parse_time(time))
            begins = local.replace(tzinfo=problem.calendar.zone_at(site)).astimezone(problem.calendar.zone)
            begins = begins.replace(tzinfo=None)
            cell = problem.calendar.cell(problem.calendar.day(date), parse_time(time))
            assert begins >= now + dt.timedelta(hours=hours) or cell == promised


def test_the_front_desk_knows_the_moment() -> None:
    """A slot that begins within the notice is not offered, fits nobody and cannot be booked; earlier it can."""
    office = _office(2)
    problem = schedopt.assemble(office, FIRST)
    plan = plan_around(problem, insertion(problem, smallest.nothing_placed(problem.week), np.array([1])), {})
    opening = schedopt.Opening("DR1", MONDAY, MONDAY + dt.timedelta(minutes=30))
    late, early = MONDAY - dt.timedelta(hours=1), MONDAY - dt.timedelta(hours=3)
    slots = {now: schedopt.recommend(plan, "R1", 9, now=now).slots for now in (early, late)}
    assert FIRST in slots[early]["date"].tolist()
    assert FIRST not in slots[late]["date"].tolist()
    assert schedopt.fill(plan, opening, now=late).empty
    assert schedopt.fill(plan, opening, now=early)["request"].tolist() == ["R1"]
    assert schedopt.book(plan, "R1", "DR1", MONDAY, now=early).visits
    with pytest.raises(ValueError, match="slot that is free"):
        schedopt.book(plan, "R1", "DR1", MONDAY, now=late)


@settings(max_examples=examples(40))
@given(st.data())
def test_a_check_at_a_moment(data: st.DataObject) -> None:
    """A check at a moment finds what the check of the problem at that moment finds, and at an earlier moment than that
    of planning, what it finds without one.
    """
    case = data.draw(cases(noticed=True))
    schedule, plain = data.draw(schedules(case.problem)), schedopt.assemble(case.office, case.first)
    if case.now is not None:
        found = check(plain, schedule, now=case.now)
        assert breaches(found) == breaches(check(case.problem, schedule))
        assert found.cost == check(case.problem, schedule).cost
        before = case.now - dt.timedelta(minutes=data.draw(st.integers(0, 9000)))
        assert breaches(check(case.problem, schedule, now=before)) == breaches(check(case.problem, schedule))


@pytest.mark.parametrize("mark", ["fixed", "movable"])
def test_a_promise_is_in_no_conflict_with_notice(mark: str) -> None:
    """However soon a promise is, it contradicts no notice, and what is kept for others it makes room for."""
    row = tables.Appointment(request="R1", provider="DR1", date=FIRST, start="08:35", mark=mark)
    reserve = tables.Reserve(places=4, minutes=15, visit_type="scan", release_hours=1)
    office = smallest.Smallest(
        {"appointments": (row,), "reserves": (reserve,), "visit_types": (
            tables.VisitType(visit_type="talk", minutes=15, notice_hours=24),
            tables.VisitType(visit_type="scan", minutes=15),
        )}
    ).office  # fmt: skip
    problem = schedopt.assemble(office, FIRST)
    for now in (None, MONDAY, MONDAY + dt.timedelta(days=1)):
        assert len(schedopt.conflict(problem, 20, now=now)) == 0
