"""Closures and holidays: what they take from sessions, and that every answer says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from schedopt.answers.conflict import conflict
from schedopt.answers.desk import recommend
from schedopt.answers.explain import explain
from schedopt.answers.result import plan_around
from schedopt.answers.ruled_out import ruled_out
from schedopt.models import tables
from schedopt.models.office import Holidays, Office
from schedopt.models.problem.check import check
from schedopt.models.problem.names import CLOSED
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import nothing_placed
from schedopt.models.problem.sessions import Sessions
from schedopt.office import assemble, read_schedule
from schedopt.report import report_html, summary
from tests import smallest
from tests.effort import examples
from tests.offices import Case, cases
from tests.reference import Judge
from tests.whole import everybody

FRIDAY = dt.date(2026, 7, 3)
OBSERVED = "closed: Independence Day, observed"


def _without_closures(case: Case) -> Problem:
    said = case.office.settings.model_copy(update={"holidays": None})
    office = case.office.model_copy(update={"settings": said, "closures": None, "open_holidays": None})
    return assemble(office, case.first)


def _cells(sessions: Sessions) -> Iterator[tuple[int, int, int]]:
    """Provider, site and cell of everything between starts and ends."""
    for row in range(len(sessions)):
        for cell in range(int(sessions.start[row]), int(sessions.end[row])):
            yield int(sessions.provider[row]), int(sessions.site[row]), cell


@settings(max_examples=examples(28))
@given(cases())
def test_closures_take_what_is_closed(case: Case) -> None:
    """What a closure touches of a session that there would be without closures is no session; what it covers is lost to
    it; and everything else is as it would be.
    """
    week, reference = case.problem.week, Judge(case.office, case.first)
    calendar, sites = week.calendar, week.sessions.site_ids
    shut = {
        (site, day): reference.closed(name, calendar.date(day))
        for site, name in enumerate(sites) for day in range(calendar.num_days)
    }  # fmt: skip
    left, lost = set(_cells(week.sessions)), set(_cells(week.closures.missing))
    for provider, site, cell in (everything := set(_cells(_without_closures(case).week.sessions))):
        minute = calendar.minutes(cell)
        closed = len(shut[site, calendar.day_of(cell)] & set(range(minute, minute + calendar.grid)))
        assert ((provider, site, cell) in left) == (not closed)
        assert (provider, site, cell) not in lost or closed == calendar.grid
        assert (provider, site, cell) in lost or closed < calendar.grid or len(case.office.closures or ()) > 1
    assert left | lost <= everything


@settings(max_examples=examples(28))
@given(cases())
def test_lost_sessions_would_do(case: Case) -> None:
    """A closure is named for a request only where, were nothing closed, it could be placed in what the closure took."""
    problem, without = case.problem, _without_closures(case)
    closures, removed = problem.week.closures, ruled_out(problem, everybody(problem))
    for row in removed[removed["rule"] == CLOSED].itertuples():
        mine = without.options.take(without.options.request == row.request)
        provider = without.week.sessions.provider[mine.session]
        hours = [
            (mine.earliest < closures.missing.end[k])
            & (closures.missing.start[k] <= mine.latest)
            & (provider == closures.missing.provider[k])
            for k in range(len(closures.missing))
            if closures.words[int(closures.closure[k])] == row.reason
        ]
        assert row.sessions <= sum(bool(here.any()) for here in hours)


def _office(**changes: object) -> Office:
    """A provider each for Friday and Saturday, and a request that nobody else's sessions are for."""
    said = smallest.settings(holidays=Holidays(country="US")).model_copy(update={"days": 7})
    shifts = (
        tables.Shift(provider="DR1", site="MAIN", weekday="Friday", start="08:00", end="12:00"),
        tables.Shift(provider="DR2", site="MAIN", weekday="Monday", start="08:00", end="12:00"),
    )
    promise = tables.Appointment(request="R2", provider="DR1", date=FRIDAY, start="09:00", mark="fixed")
    base = smallest.Smallest().office.model_copy(update={"settings": said, "shifts": shifts})
    requests = (smallest.request("R1", "N1", providers="DR1"), smallest.request("R2", "N2"))
    return base.model_copy(update={"requests": requests, "appointments": (promise,), **changes})


def _plan(office: Office) -> Plan:
    problem = assemble(office, FRIDAY - dt.timedelta(days=4))
    return plan_around(problem, nothing_placed(problem.week), {})


def test_every_answer_names_the_holiday() -> None:
    """Where a holiday took the sessions that would do, it is the cause, and stands in summary, page, table,
    explanation, recommendation, conflict, and in what a schedule made elsewhere is told.
    """
    plan = _plan(_office())
    told = explain(plan, "R1")
    causes = dict(zip(plan.left_out["request"], plan.left_out["cause"], strict=True))
    _, found = read_schedule(
        plan.problem,
        plan.schedule.reindex([0]).assign(
            request="R1", provider="DR1", date=FRIDAY, start="09:00", steps="", others=""
        ),
    )
    assert causes["R1"] == OBSERVED
    assert f"{OBSERVED} (1)" in told.sentences[0]
    assert told.rules["reason"].tolist()[-1] == OBSERVED
    assert told.rules["opens"].tolist()[-1] == 1
    assert f"{OBSERVED} (1 session)" in summary(plan)
    assert f"Fri 3 Jul, {OBSERVED}" in report_html(plan)
    assert OBSERVED in found["detail"].iloc[0]
    assert conflict(plan.problem).reasons["reason"].str.contains(OBSERVED).any()
    without_promise = _plan(_office(appointments=None))
    assert OBSERVED in recommend(without_promise, "R1").ruled_out["reason"].tolist()


def test_a_site_is_open_on_one_holiday() -> None:
    """On a holiday on which its site is open a shift takes place, and on all other holidays it does not."""
    plan = _plan(_office(open_holidays=(tables.OpenHoliday(site="MAIN", date=FRIDAY),)))
    assert plan.problem.week.sessions.ids == ("DR1 2026-07-03 08:00", "DR2 2026-06-29 08:00")
    assert _plan(_office(open_holidays=())).problem.week.sessions.ids == ("DR2 2026-06-29 08:00",)
    elsewhere = (tables.OpenHoliday(site="WEST", date=FRIDAY),)
    assert _plan(_office(open_holidays=elsewhere)).problem.week.sessions.ids == ("DR2 2026-06-29 08:00",)


def test_half_a_day_is_closed() -> None:
    """A session ends, without overtime, where its site closes for the afternoon; the check says so of a later visit."""
    closed = (tables.Closure(site="MAIN", date=FRIDAY - dt.timedelta(days=4), start="10:00", reason="a fair"),)
    problem = assemble(_office(closures=closed), FRIDAY - dt.timedelta(days=4))
    sessions = problem.week.sessions
    assert (problem.calendar.clock(int(sessions.end[0])), int(sessions.overtime[0])) == ("10:00", 0)
    schedule, found = read_schedule(
        problem,
        _plan(_office()).schedule.reindex([0]).assign(
            request="R1", provider="DR2", date=problem.calendar.first, start="09:50", steps="", others=""
        ),
    )  # fmt: skip
    assert found.empty
    assert {"site_hours", "session_hours"} <= set(check(problem, schedule).breaches["rule"])
    assert problem.week.closures.missing.ids == ("DR1 2026-07-03 08:00", "DR2 2026-06-29 10:00")


@pytest.mark.parametrize(("opens", "overtime"), [("12:00", 0), ("12:10", 2), ("13:00", 6)])
def test_overtime_ends_where_the_site_closes(opens: str, overtime: int) -> None:
    """A session until noon with half an hour of overtime has as many cells of it as pass before its site closes."""
    monday = FRIDAY - dt.timedelta(days=4)
    closed = (tables.Closure(site="MAIN", date=monday, start=opens),)
    assert assemble(_office(closures=closed), monday).week.sessions.overtime.tolist() == [overtime]
