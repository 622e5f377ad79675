"""The third next available place is the one that the desk would give to the third caller."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.result import plan_around
from schedopt.models.office import Office
from schedopt.office.callers import with_callers
from schedopt.operations.measures.third_next import CALLERS, next_places, third_next
from tests.effort import examples
from tests.offices import Case, Size, cases
from tests.schedules import sound

SMALL = Size(requests=4, providers=2, days=3, grids=(15,), longest=60)


def by_desk(plan: schedopt.Plan, provider: str, callers: list[str]) -> list[dt.date]:
    """Days that callers are given, one after the other: each asks the desk for all slots, and takes the earliest."""
    days = []
    for caller in callers:
        places = schedopt.Desk(plan).places(plan.problem.week.request_code[caller])
        sessions, options = plan.problem.week.sessions, plan.problem.options
        code = sessions.provider_ids.index(provider)
        starts = [
            int(start)
            for row, start in zip(places.row, places.start, strict=True)
            if sessions.provider[options.session[row]] == code
        ]
        slots = schedopt.recommend(plan, caller, top=50).slots
        offered = slots[slots["provider"] == provider]
        assert (len(offered) > 0) == (len(starts) > 0)
        if not starts:
            break
        calendar = plan.problem.calendar
        day = calendar.date(calendar.day_of(min(starts)))
        assert offered["date"].min() == day
        at = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=calendar.minutes(min(starts)))
        plan = schedopt.book(plan, caller, provider, at)
        days.append(day)
    return days


@given(case=cases(SMALL), data=st.data())
@settings(max_examples=examples(8))
def test_places_are_those_that_the_desk_gives(case: Case, data: st.DataObject) -> None:
    """By provider and type, three callers get what `recommend` offers and `book` gives them, and no earlier place."""
    office, everybody = with_callers(case.office, CALLERS)
    callers = dict([data.draw(st.sampled_from(list(everybody.items())))])
    problem = schedopt.assemble(office, case.first)
    names = {name for mine in everybody.values() for name in mine}
    schedule = data.draw(sound(problem))
    asking = [code for code, name in enumerate(problem.week.requests.ids) if name in names]
    plan = plan_around(problem, schedule.without(problem.week, asking), {})
    found = next_places(plan, callers)
    for kind, mine in callers.items():
        for provider in problem.week.sessions.provider_ids:
            days = [day.date() for day in found.get((provider, kind), [])]
            assert days == by_desk(plan, provider, list(mine))


@given(case=cases(SMALL))
@settings(max_examples=examples(3))
def test_callers_want_nothing(case: Case) -> None:
    """The office stays as it is, with three requests of each type, of patients who are nobody else."""
    office, callers = with_callers(case.office, CALLERS)
    before: Office = case.office
    assert office.requests[: len(before.requests)] == before.requests
    assert office.patients[: len(before.patients)] == before.patients
    assert list(callers) == [row.visit_type for row in before.visit_types]
    new = office.requests[len(before.requests) :]
    assert len({row.patient for row in new}) == len(new) == CALLERS * len(callers)
    assert {row.patient for row in new}.isdisjoint({row.patient for row in before.patients})


def test_what_is_beyond_the_days_looked_at_is_told() -> None:
    """Places of following stretches count on; with fewer than three the least that it can be is told."""
    days = [pd.Timestamp("2026-11-30") + pd.Timedelta(days=number) for number in range(15)]
    found = third_next(days[0], days[13], [{("A", "x"): [days[0], days[2]], ("B", "x"): []}, {("A", "x"): days[8:11]}])
    assert found["provider"].tolist() == ["A", "B"]
    assert found["days"].tolist() == [8.0, 14.0]
    assert found["beyond"].tolist() == [False, True]
    assert third_next(days[0], days[0], []).empty
