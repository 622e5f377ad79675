"""Visits as values say what the schedule's columns say."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.models.problem.uses import session_uses, sessions_table
from schedopt.models.problem.visits import schedule_table, visit_of, visits_of
from tests.effort import examples
from tests.offices import Case, cases
from tests.schedules import schedules, sound


@settings(max_examples=examples(28))
@given(cases(), st.data())
def test_visits_are_where_and_when_the_schedule_says(case: Case, data: st.DataObject) -> None:
    """Of any schedule, each request placed is one visit, in the order of start and provider, with its ids, and its
    times are the cells' moments; alone it is the same but for its points.
    """
    problem, week = case.problem, case.problem.week
    schedule = data.draw(schedules(problem))
    visits = visits_of(week, schedule, np.arange(len(week.requests)))
    assert sorted(week.request_code[visit.request] for visit in visits) == schedule.placed.tolist()
    order = [(visit.at(visit.start), week.sessions.provider_ids.index(visit.provider)) for visit in visits]
    assert order == sorted(order)
    first, last = schedule.span(week)
    midnight = dt.datetime.combine(week.calendar.first, dt.time())
    for visit in visits:
        code = week.request_code[visit.request]
        session = week.session_code[visit.session]
        assert session == schedule.session[code]
        assert visit.site == week.sessions.site_ids[week.sessions.site[session]]
        assert visit.patient == week.requests.patient_ids[week.requests.patient[code]]
        cells = (first[code], schedule.start(week)[code], last[code])
        times = (visit.arrive, visit.start, visit.depart)
        grid = dt.timedelta(minutes=week.calendar.grid)
        assert [visit.at(minutes) for minutes in times] == [midnight + int(cell) * grid for cell in cells]
        assert visit.end - visit.start == int(week.length_of(code, session)) * week.calendar.grid
        assert visit.cost == code
        alone = visit_of(week, schedule, code)
        assert schedule_table([alone]).drop(columns="cost").equals(schedule_table([visit]).drop(columns="cost"))


@settings(max_examples=examples(20))
@given(cases(), st.data())
def test_a_table_of_visits_is_read_back(case: Case, data: st.DataObject) -> None:
    """A schedule that breaks nothing comes back from the table as the same visits."""
    problem = case.problem
    schedule = data.draw(sound(problem))
    visits = visits_of(problem.week, schedule)
    read, found = schedopt.read_schedule(problem, schedule_table(visits))
    assert found.empty
    assert visits_of(problem.week, read) == visits


@settings(max_examples=examples(20))
@given(cases(), st.data())
def test_sessions_are_used_by_their_visits(case: Case, data: st.DataObject) -> None:
    """Each session has as many visits as name it, its own hours, and a table that says the same."""
    problem, week = case.problem, case.problem.week
    schedule = data.draw(sound(problem))
    named = [visit.session for visit in visits_of(week, schedule)]
    uses = session_uses(problem, schedule)
    assert [use.session for use in uses] == list(week.sessions.ids)
    table = sessions_table(uses)
    for use, row, start, end in zip(uses, table.itertuples(), week.sessions.start, week.sessions.end, strict=True):
        assert use.visits == named.count(use.session) == row.visits
        assert use.regular_minutes == (end - start) * week.calendar.grid
        assert row.start == week.calendar.clock(start)
        assert row.end == week.calendar.clock(end, end=True)
        assert 0 <= use.seen_minutes <= use.regular_minutes + use.overtime_minutes
