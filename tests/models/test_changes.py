"""A change to a problem is what the same row in the office's tables would be."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.clock import format_time
from schedopt.models.problem.changes import Away, Cancelled, Change, Closed, Urgent, again, changed, compiled
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.office import assemble
from tests.effort import examples
from tests.offices import Case, cases
from tests.schedules import sound
from tests.smallest import FIRST, Smallest

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


@settings(max_examples=examples(40))
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


@pytest.mark.parametrize("start", [*range(470, 580, 10)])
def test_an_absence_around_the_edges_of_a_session_is_leave(start: int) -> None:
    """Before, in, at the end of and after a session with overtime, ten minutes away leave the sessions of leave."""
    smallest = Smallest()
    leave = tables.Leave(
        provider="DR1", first_day=FIRST, last_day=FIRST, start=format_time(start), end=format_time(start + 10)
    )
    office = smallest.office.model_copy(update={"leave": (leave,)})
    midnight = dt.datetime.combine(FIRST, dt.time())
    away = Away("DR1", midnight + dt.timedelta(minutes=start), midnight + dt.timedelta(minutes=start + 10))
    ours, theirs = changed(smallest.problem(), [away]).week.sessions, assemble(office, FIRST).week.sessions
    for name in ("start", "end", "overtime", "provider", "day"):
        assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()


@settings(max_examples=examples(28))
@given(cases(), st.data())
def test_closing_is_a_closure(case: Case, data: st.DataObject) -> None:
    """Any schedule breaks the same and costs the same with a pool closed as with a row of pool closures."""
    pools = case.problem.week.pools.ids
    if not pools:
        return
    start, end = data.draw(spans(case))
    pool = data.draw(st.sampled_from(pools))
    units, taker = data.draw(st.sampled_from(((None, None), (1, None), (1, "D1"), (2, "D3"))))
    row = tables.PoolClosure(
        pool=pool, date=start.date(), start=clock(start, start.date()), end=clock(end, start.date()), units=units,
        taken_by=taker,
    )  # fmt: skip
    office = case.office.model_copy(update={"pool_closures": (*(case.office.pool_closures or ()), row)})
    schedule = data.draw(sound(case.problem))
    ours = check(changed(case.problem, [Closed(pool, start, end, units, taker)]), schedule)
    theirs = check(assemble(office, case.first), schedule)
    assert ours.breaches.equals(theirs.breaches)
    assert ours.cost == theirs.cost


@settings(max_examples=examples(28))
@given(cases(), st.data())
def test_what_is_cancelled_costs_nothing(case: Case, data: st.DataObject) -> None:
    """A cancelled request has no option left, is no breach as left out, and leaving it out costs nothing; everything
    else of a schedule costs as before.
    """
    assume(case.problem.week.requests.ids)
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


@settings(max_examples=examples(20))
@given(cases(), st.data())
def test_cancelling_is_a_cancellation(case: Case, data: st.DataObject) -> None:
    """A cancelled request leaves the promises, options and prices that a row of cancellations leaves."""
    assume(case.problem.week.requests.ids)
    request = data.draw(st.sampled_from(case.problem.week.requests.ids))
    office = case.office.model_copy(update={"cancellations": (tables.Cancellation(request=request),)})
    ours, theirs = compiled(changed(case.problem, [Cancelled(request)])), assemble(office, case.first)
    assert_same_options(ours, theirs)
    assert ours.left_out.tolist() == theirs.left_out.tolist()
    assert ours.week.requests.fixed.tolist() == theirs.week.requests.fixed.tolist()
    assert ours.changes == theirs.changes == (Cancelled(request),)


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
        (Away("DR1", NOON - dt.timedelta(days=9), NOON - dt.timedelta(days=5000)), "end after the start"),
        (Away("DR1", NOON.replace(year=2001), NOON.replace(year=2002)), "expected a time in the days planned"),
        (Closed("ATTIC", NOON.replace(year=2031), NOON.replace(year=2032)), "'ATTIC'; expected a time in the days"),
    ],
)
@given(cases())
@settings(max_examples=1)
def test_changes_that_make_no_sense(change: Change, named: str, case: Case) -> None:
    """An id that the problem does not have, a stretch without length, a zone, or no change at all is named."""
    with pytest.raises(ValueError, match=named):
        changed(case.problem, [change])


@settings(max_examples=examples(16))
@given(cases(), st.data())
def test_changes_that_contradict_each_other(case: Case, data: st.DataObject) -> None:
    """A request is not urgent and cancelled, whether both are said at once or one after the other; all is told."""
    assume(case.problem.week.requests.ids)
    first, *others = data.draw(st.permutations(case.problem.week.requests.ids))
    for problem, said in (
        (case.problem, [Urgent(first), Cancelled(first), Cancelled("R99")]),
        (changed(case.problem, [Cancelled(first)]), [Urgent(first), Cancelled("R99")]),
    ):
        with pytest.raises(ValueError, match=r"'R99'.*urgent or cancelled, not both"):
            changed(problem, said)
    for other in others[:1]:
        assert changed(case.problem, [Urgent(first), Cancelled(other)]).changes == (Urgent(first), Cancelled(other))


@settings(max_examples=examples(20))
@given(cases(), st.data())
def test_what_has_happened_happens_again(case: Case, data: st.DataObject) -> None:
    """Applied one after the other, or all at once to the same week anew, changes leave the same options and prices;
    applied once more they change nothing.
    """
    problem = case.problem
    assume(problem.week.requests.ids)
    for _ in range(data.draw(st.integers(1, 3))):
        provider = data.draw(st.sampled_from([row.provider for row in case.office.providers]))
        request = data.draw(st.sampled_from(problem.week.requests.ids))
        problem = changed(problem, [Away(provider, *data.draw(spans(case))), Cancelled(request)])
    once = compiled(again(case.problem, problem.changes))
    for other in (compiled(problem), compiled(again(once, once.changes))):
        assert_same_options(once, other)
        assert once.changes == other.changes
        assert once.left_out.tolist() == other.left_out.tolist()
