"""A change to a problem is what the same row in the office's tables would be."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.changes import Away, Cancelled, Change, Closed, Urgent, changed, compiled
from schedopt.models.check import check
from schedopt.models.problem import Problem
from schedopt.models.tables.fields import format_time
from schedopt.office import assemble
from tests.offices import Case, cases
from tests.schedules import sound

MINUTES = (0, 480, 487, 510, 525, 540, 553, 600, 660, 1380)
"""Times of day around sessions, on and off the grid."""


def assert_same_options(one: Problem, other: Problem) -> None:
    """Both problems have the same sessions and the same options at the same cost."""
    for field in fields(one.week.sessions):
        if field.name != "shift":  # numbers of shifts only have to tell shifts apart
            assert np.array_equal(getattr(one.week.sessions, field.name), getattr(other.week.sessions, field.name))
    assert np.array_equal(
        np.unique(one.week.sessions.shift, return_inverse=True)[1],
        np.unique(other.week.sessions.shift, return_inverse=True)[1],
    )
    for field in fields(one.options):
        assert np.array_equal(getattr(one.options, field.name), getattr(other.options, field.name))


@st.composite
def spans(draw: st.DrawFn, case: Case) -> tuple[dt.datetime, dt.datetime]:
    """A stretch of one of the days planned."""
    day = draw(st.integers(0, case.office.settings.days - 1))
    start = draw(st.sampled_from(MINUTES))
    end = draw(st.sampled_from([minute for minute in (*MINUTES, 1440) if minute > start]))
    midnight = dt.datetime.combine(case.first + dt.timedelta(days=day), dt.time())
    return midnight + dt.timedelta(minutes=start), midnight + dt.timedelta(minutes=end)


def clock(moment: dt.datetime, date: dt.date) -> str:
    return format_time(24 * 60 if moment.date() > date else moment.hour * 60 + moment.minute)


@settings(max_examples=80)
@given(cases(), st.data())
def test_being_away_is_leave(case: Case, data: st.DataObject) -> None:
    """A provider's absence leaves the sessions, the trainees' hours and the options that a row of leave leaves."""
    start, end = data.draw(spans(case))
    provider = data.draw(st.sampled_from([row.provider for row in case.office.providers]))
    date = start.date()
    leave = tables.Leave(
        provider=provider, first_day=date, last_day=date, start=clock(start, date), end=clock(end, date)
    )
    office = case.office.model_copy(update={"leave": (*(case.office.leave or ()), leave)})
    assert_same_options(compiled(changed(case.problem, [Away(provider, start, end)])), assemble(office, case.first))


@settings(max_examples=60)
@given(cases(), st.data())
def test_closing_is_a_closure(case: Case, data: st.DataObject) -> None:
    """Any schedule breaks the same and costs the same with a pool closed as with a row of pool closures."""
    pools = case.problem.week.pools.ids
    if not pools:
        return
    start, end = data.draw(spans(case))
    pool = data.draw(st.sampled_from(pools))
    row = tables.PoolClosure(
        pool=pool, date=start.date(), start=clock(start, start.date()), end=clock(end, start.date())
    )
    office = case.office.model_copy(update={"pool_closures": (*(case.office.pool_closures or ()), row)})
    schedule = data.draw(sound(case.problem))
    ours = check(changed(case.problem, [Closed(pool, start, end)]), schedule)
    theirs = check(assemble(office, case.first), schedule)
    assert ours.breaches.equals(theirs.breaches)
    assert ours.cost == theirs.cost


@settings(max_examples=60)
@given(cases(), st.data())
def test_what_is_cancelled_costs_nothing(case: Case, data: st.DataObject) -> None:
    """A cancelled request has no option left, is no breach as left out, and leaving it out costs nothing; everything
    else of a schedule costs as before.
    """
    request = data.draw(st.sampled_from(case.problem.week.requests.ids))
    after = compiled(changed(case.problem, [Cancelled(request)]))
    code = after.week.request_code[request]
    schedule = data.draw(sound(case.problem))
    schedule = schedule.without(after.week, np.array([code]))
    before, now = check(case.problem, schedule), check(after, schedule)
    assert not (after.options.request == code).any()
    assert after.left_out[code] == 0
    assert now.cost == before.cost - case.problem.left_out[code]
    assert set(now.breaches["request"]) <= set(before.breaches["request"]) - {request}
    twice = changed(after, [Cancelled(request)])
    assert check(twice, schedule).cost == now.cost


NOON = dt.datetime(2026, 11, 30, 12)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (Away("DR99", NOON, NOON + dt.timedelta(hours=1)), "'DR99'"),
        (Closed("ATTIC", NOON, NOON + dt.timedelta(hours=1)), "'ATTIC'"),
        (Cancelled("R99"), "'R99'"),
        (Urgent("R99"), "'R99'"),
        (Away("DR1", NOON, NOON), "end after the start"),
        (Away("DR1", NOON.replace(tzinfo=dt.UTC), NOON), "without a zone"),
        ("DR1 is ill", "'DR1 is ill'"),
    ],
)
@given(cases())
@settings(max_examples=1)
def test_changes_that_make_no_sense(change: Change, named: str, case: Case) -> None:
    """An id that the problem does not have, a stretch without length, a zone, or no change at all is named."""
    with pytest.raises(ValueError, match=named):
        changed(case.problem, [change])
