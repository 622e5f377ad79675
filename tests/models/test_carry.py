"""A schedule taken to another problem keeps what fits."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.carry import carry, transfer
from schedopt.models.check import check
from schedopt.models.couplings import Promises
from schedopt.office import assemble
from tests.offices import Case, cases
from tests.schedules import schedules, sound


@settings(max_examples=60)
@given(cases(), st.data())
def test_nothing_is_lost_between_equal_problems(case: Case, data: st.DataObject) -> None:
    """Between a problem and another with the same requests in reverse order, every visit of a sound schedule keeps its
    session and times, and there and back it is the same schedule.
    """
    schedule = data.draw(sound(case.problem))
    office = case.office.model_copy(update={"requests": case.office.requests[::-1]})
    other = assemble(office, case.first)
    there = carry(schedule, case.problem, other)
    back = carry(there.schedule, other, case.problem)
    if not set(check(case.problem, schedule).breaches["rule"]) - {Promises.name}:
        assert there.dropped.empty
        assert np.array_equal(back.schedule.session, schedule.session)
        assert np.array_equal(back.schedule.step_start, schedule.step_start)


@settings(max_examples=60)
@given(cases(), st.data())
def test_what_is_carried_is_sound(case: Case, data: st.DataObject) -> None:
    """Whatever a schedule breaks, what is carried over breaks nothing but promises; each visit is where it was or is
    named as dropped, once.
    """
    schedule = data.draw(schedules(case.problem))
    carried = carry(schedule, case.problem, case.problem)
    assert set(check(case.problem, carried.schedule).breaches["rule"]) <= {Promises.name}
    ids = case.problem.week.requests.ids
    kept = [ids[code] for code in carried.schedule.placed.tolist()]
    assert sorted([*kept, *carried.dropped["request"]]) == sorted(ids[code] for code in schedule.placed.tolist())
    for code in carried.schedule.placed.tolist():
        assert carried.schedule.start(case.problem.week)[code] == schedule.start(case.problem.week)[code]


@settings(max_examples=30)
@given(cases(), st.data())
def test_times_stay_where_the_days_do_not(case: Case, data: st.DataObject) -> None:
    """Seen from a day earlier, every visit is a day later in the week, at the same date and time."""
    import datetime as dt

    schedule = data.draw(sound(case.problem))
    days = case.office.settings.days + 1
    office = case.office.model_copy(update={"settings": case.office.settings.model_copy(update={"days": days})})
    other = assemble(office, case.first - dt.timedelta(days=1))
    moved = transfer(schedule, case.problem.week, other.week)
    calendar = case.problem.calendar
    for code in schedule.placed.tolist():
        request = other.week.request_code[case.problem.week.requests.ids[code]]
        assert other.calendar.words(moved.start(other.week)[request]) == calendar.words(
            schedule.start(case.problem.week)[code]
        )
