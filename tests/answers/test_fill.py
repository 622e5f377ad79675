"""Who takes a free slot, against trying everybody by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.answers.desk import Opening, fill
from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from tests.desk import crowded, everywhere, planned
from tests.effort import examples
from tests.offices import Case
from tests.smallest import FIRST, SECOND, Smallest, request


@st.composite
def openings(draw: st.DrawFn, plan: Plan) -> Opening:
    """A stretch of a session's time, mostly all of it, on and off the grid."""
    week = plan.problem.week
    assume(len(week.sessions))
    session = draw(st.integers(0, len(week.sessions) - 1))
    first, last = int(week.sessions.start[session]), int(week.sessions.end[session] + week.sessions.overtime[session])
    midnight = dt.datetime.combine(week.calendar.date(int(week.sessions.day[session])), dt.time())
    provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
    opens = week.calendar.minutes(first)
    closes = opens + (last - first) * week.calendar.grid
    start, end = opens + draw(st.sampled_from((0, 0, 0, 7, 15))), closes - draw(st.sampled_from((0, 0, 0, 7, 15)))
    if start >= end:  # too short a session to leave something out on both sides
        start, end = opens, closes
    return Opening(provider, midnight + dt.timedelta(minutes=start), midnight + dt.timedelta(minutes=end))


def gains(plan: Plan, opening: Opening) -> dict[str, int]:
    """The most that each request that may take an opening would gain there, trying all its places."""
    week, schedule, found = plan.problem.week, plan.assignment, {}
    grid = week.calendar.grid
    midnight = dt.datetime.combine(week.calendar.first, dt.time())
    window = [(moment - midnight) / dt.timedelta(minutes=grid) for moment in (opening.start, opening.end)]
    day = week.calendar.day(opening.start.date())
    for code, name in enumerate(week.requests.ids):
        here = int(schedule.session[code])
        if here >= 0 and (week.requests.fixed[code] or week.sessions.day[here] <= day):
            continue
        for other in everywhere(plan.problem, schedule, code):
            session, start = int(other.session[code]), int(other.start(week)[code])
            held = start - int(week.requests.buffer_before[code])
            provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
            inside = window[0] <= held and held + int(week.requests.hold[code]) <= window[1]
            if provider == opening.provider and inside:
                audit = check(plan.problem, other)
                if not audit.broken:
                    found[name] = max(plan.cost - audit.cost, found.get(name, -(2**40)))
    left_out = {week.requests.ids[code] for code in range(len(schedule.session)) if schedule.session[code] < 0}
    return {name: gain for name, gain in found.items() if gain > 0 or name in left_out}


@settings(max_examples=examples(24))
@given(st.one_of(crowded(), planned()), st.data())
def test_who_fits_gains_what_the_check_says(drawn: tuple[Case, Plan], data: st.DataObject) -> None:
    """Listed are exactly those left out who fit into the opening, and those on later days, not promised as fixed, who
    gain by it; each with the most that the check finds for any of its places there, in falling order.
    """
    plan = drawn[1]
    opening = data.draw(openings(plan))
    table = fill(plan, opening)
    assert dict(zip(table["request"], table["gained"], strict=True)) == gains(plan, opening)
    assert table["gained"].is_monotonic_decreasing
    for row in table.itertuples():
        assert row.provider == opening.provider
        assert opening.start <= dt.datetime.combine(row.date, dt.time.fromisoformat(row.start))


def _opening(smallest: Smallest, start: str, end: str) -> list[tuple[str, str, int]]:
    """Who could take a stretch of the first provider's first day, when, and what would be gained."""
    problem = smallest.problem()
    plan = plan_around(problem, smallest.schedule(problem), {})
    times = [dt.datetime.combine(FIRST, dt.time.fromisoformat(time)) for time in (start, end)]
    table = fill(plan, Opening("DR1", *times))
    return list(zip(table["request"], table["start"], table["gained"], strict=True))


def test_a_visit_on_a_later_day_is_listed_only_if_it_gains() -> None:
    """Of two visits on the next day, the one whose patient prefers that day as much as a day costs is not listed."""
    next_day = tables.Preference(patient="N1", date=SECOND, start="00:00", end="24:00")
    later = (("R1", "DR1", 1, ("08:00",)), ("R2", "DR2", 1, ("08:00",)))
    assert _opening(Smallest({"preferences": (next_day,)}, later), "08:00", "09:00") == [("R2", "08:00", 3)]
    assert len(_opening(Smallest(placed=later), "08:00", "09:00")) == 2


def test_an_opening_off_the_grid_is_smaller() -> None:
    """Between 08:07 and 08:33 there is room for 20 minutes on a grid of five, and not for 25."""
    asked = (request("R1"), request("R2", "N2", minutes=25))
    found = _opening(Smallest({"requests": asked}, ()), "08:07", "08:33")
    assert [(name, start) for name, start, _ in found] == [("R1", "08:10")]


@settings(max_examples=1)
@given(crowded())
def test_openings_that_make_no_sense(drawn: tuple[Case, Plan]) -> None:
    """An unknown provider, a time without a session, without length, over several days or with a zone is named."""
    plan, noon = drawn[1], dt.datetime(2026, 11, 30, 12)
    hour = dt.timedelta(hours=1)
    for opening, named in (
        (Opening("DR9", noon, noon + hour), "'DR9'"),
        (Opening("DR1", noon, noon + hour), "session of DR1"),
        (Opening("DR1", noon, noon), "after the start"),
        (Opening("DR1", noon, noon + 24 * hour), "the same day"),
        (Opening("DR1", noon.replace(tzinfo=dt.UTC), noon), "without a zone"),
    ):
        with pytest.raises(ValueError, match=named):
            fill(plan, opening)
