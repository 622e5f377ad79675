"""Random schedules of a problem: wild ones, ones that nearly fit, and ones that fit; and the way to the reference."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import strategies as st

from schedopt.models.problem.check import check
from schedopt.models.problem.couplings.pools import pool_uses
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.models.problem.week import Week
from schedopt.models.tables.fields import parse_time
from tests.reference import Visit


def visits_of(problem: Problem, schedule: Schedule) -> list[Visit]:
    """A schedule in the reference's words."""
    week, calendar = problem.week, problem.calendar
    visits = []
    for request in schedule.placed.tolist():
        session = int(schedule.session[request])
        day = int(week.sessions.day[session])
        cells = schedule.step_start[week.steps.offset[request] : week.steps.offset[request + 1]]
        starts = tuple((int(cell) - day * calendar.cells_per_day) * calendar.grid for cell in cells)
        others = tuple(_session_of(problem, s) for s in schedule.others[request].tolist()[: _num_roles(week, request)])
        where = _session_of(problem, session)
        assert where is not None
        visits.append(Visit(week.requests.ids[request], *where, starts, others))
    return visits


def _num_roles(week: Week, request: int) -> int:
    return int((week.roles.request == request).sum())


def _session_of(problem: Problem, session: int) -> tuple[str, dt.date, int] | None:
    """What the reference knows a session by."""
    if session < 0:
        return None
    sessions = problem.week.sessions
    provider = sessions.provider_ids[int(sessions.provider[session])]
    return provider, problem.calendar.date(int(sessions.day[session])), parse_time(sessions.ids[session][-5:])


@st.composite
def schedules(draw: st.DrawFn, problem: Problem) -> Schedule:
    """Any schedule: visits anywhere near the edges of sessions, or by options; whole, or with one visit moved."""
    schedule = draw(built(problem))
    match draw(st.integers(0, 3)):
        case 0:
            for request in range(len(problem.week.requests)):
                schedule = _moved(draw, problem, schedule, request)
        case 1 | 2 if len(problem.week.requests):
            schedule = draw(sound(problem)) if draw(st.booleans()) else schedule
            request = draw(st.integers(0, len(problem.week.requests) - 1))
            schedule = _moved(draw, problem, schedule, request)
    return schedule


@st.composite
def sound(draw: st.DrawFn, problem: Problem) -> Schedule:
    """A schedule without breaches, unless fixed promises cannot be kept together."""
    schedule = draw(built(problem))
    while True:
        breaches = check(problem, schedule).breaches
        guilty = [problem.week.request_code[name] for name in breaches["request"]]
        guilty = [request for request in guilty if schedule.session[request] >= 0]
        if not guilty:
            return schedule
        loose = [request for request in guilty if not problem.week.requests.fixed[request]]
        schedule = schedule.without(problem.week, np.array((loose or guilty)[:1]))


@st.composite
def built(draw: st.DrawFn, problem: Problem) -> Schedule:
    """Each request left out, or placed by one of its options, mostly right after what is there already."""
    week, schedule = problem.week, nothing_placed(problem.week)
    through: dict[int, int] = {}
    promised = np.flatnonzero(week.requests.fixed).tolist()
    others = [request for request in range(len(week.requests)) if request not in promised]
    for request in [*promised, *draw(st.permutations(others))]:
        rows = range(int(problem.offset[request]), int(problem.offset[request + 1]))
        if not len(rows) or draw(st.integers(0, 9)) == 9:
            continue
        row = rows[draw(st.integers(0, len(rows) - 1))]
        session = int(problem.options.session[row])
        earliest, latest = int(problem.options.earliest[row]), int(problem.options.latest[row])
        before, hold = int(week.requests.buffer_before[request]), int(week.hold_of(request, session))
        start = max(earliest, through.get(session, 0) + before)
        if start > latest or draw(st.integers(0, 3)) == 3:
            start = draw(st.integers(earliest, latest))
        groups = _group_starts(problem, schedule, session, request)
        if groups and draw(st.integers(0, 3)):
            start = min(max(groups[0], earliest), latest)
        through[session] = max(through.get(session, 0), start - before + hold)
        schedule = _placed(draw, problem, schedule, request, session, start, stray=0)
        schedule.others[request] = problem.options.others[row]
    return schedule


def _moved(draw: st.DrawFn, problem: Problem, schedule: Schedule, request: int) -> Schedule:
    """One request somewhere else: by a cell, at an edge of a session, of another visit or of a pool, or nowhere."""
    week = problem.week
    here = int(schedule.session[request])
    if not len(week.sessions) or draw(st.integers(0, 9)) == 9:
        return schedule.without(week, np.array([request]))
    session = draw(st.integers(0, len(week.sessions) - 1))
    session = here if here >= 0 and draw(st.integers(0, 2)) == 0 else session
    length, own = int(week.length_of(request, session)), int(week.steps.provider_step[request])
    before, after = int(week.requests.buffer_before[request]), int(week.requests.buffer_after[request])
    opens, closes = int(week.sessions.start[session]), int(week.sessions.end[session])
    over = int(week.sessions.overtime[session])
    starts = [opens + before, closes + over - length - after, closes - 1, closes - length - after, opens + length]
    starts += [int(schedule.step_start[own])] if here == session else []
    for other in np.flatnonzero(schedule.session == session).tolist():
        start = int(schedule.start(week)[other])
        starts += [start - length - after - int(week.requests.buffer_before[other])]
        starts += [start + int(week.length_of(other, session) + week.requests.buffer_after[other]) + before]
    starts += 4 * _group_starts(problem, schedule, session, request)
    elsewhere = _edges_elsewhere(problem, schedule, session, request)
    starts = elsewhere if elsewhere and draw(st.integers(0, 3)) == 3 else starts
    start = starts[draw(st.integers(0, len(starts) - 1))] + draw(st.sampled_from((0, 0, -1, 1, 2, -2)))
    return _placed(draw, problem, schedule, request, session, max(0, start), stray=1)


def _group_starts(problem: Problem, schedule: Schedule, session: int, request: int) -> list[int]:
    """When the visits start in a session that a request could share a group visit with."""
    group = problem.week.requests.group
    alike = (group >= 0) & (group == group[request]) & (schedule.session == session)  # if they last as long
    alike[request] = False
    starts: list[int] = schedule.start(problem.week)[alike].tolist()
    return starts


def _edges_elsewhere(problem: Problem, schedule: Schedule, session: int, request: int) -> list[int]:
    """Starts at which the provider step ends or begins where others begin or end to use a pool, or the same patient's
    other visits begin or end, that day.
    """
    week, day = problem.week, int(problem.week.sessions.day[session])
    step, _, begin, end = pool_uses(week, schedule)
    others, (first, last) = week.steps.request[step] != request, schedule.span(week)
    same = (week.requests.patient == week.requests.patient[request]) & (schedule.session >= 0)
    same[request] = False
    edges = np.concatenate([week.pools.closed[:, 1:3].ravel(), begin[others], end[others], first[same], last[same]])
    length = int(week.length_of(request, session))
    return [start for edge in edges.tolist() if week.calendar.day_of(edge) == day for start in (edge, edge - length)]


def _placed(
    draw: st.DrawFn, problem: Problem, schedule: Schedule, request: int, session: int, start: int, stray: int
) -> Schedule:
    """A request put into a session, its steps around the provider step, waits up to `stray` cells beyond the limits."""
    steps, starts, where = problem.week.steps, schedule.step_start.copy(), schedule.session.copy()
    own, head = int(steps.provider_step[request]), int(steps.offset[request])
    where[request], starts[own], length = session, start, problem.week.step_lengths(request, session)

    def wait(most: int) -> int:
        return draw(st.integers(-stray, most + stray)) if draw(st.booleans()) else 0

    for step in range(own - 1, int(steps.offset[request]) - 1, -1):
        starts[step] = max(0, starts[step + 1] - int(length[step - head]) - wait(int(steps.max_wait[step + 1])))
    for step in range(own + 1, int(steps.offset[request + 1])):
        starts[step] = starts[step - 1] + int(length[step - 1 - head]) + wait(int(steps.max_wait[step]))
    others = schedule.others.copy()
    others[request] = -1
    for role in np.flatnonzero(problem.week.roles.request == request).tolist():
        others[request, problem.week.roles.number[role]] = _who(draw, problem, role, session)
    return Schedule(where, starts, others)


def _who(draw: st.DrawFn, problem: Problem, role: int, session: int) -> int:
    """Somebody who may fill a role, mostly; now and then nobody, or anybody."""
    week, sessions = problem.week, problem.week.sessions
    here = (sessions.site == sessions.site[session]) & (sessions.day == sessions.day[session])
    fit = np.flatnonzero(here & week.roles.may_fill[role, sessions.provider]).tolist()
    if fit and draw(st.integers(0, 4)):
        return fit[draw(st.integers(0, len(fit) - 1))]
    return draw(st.integers(-1, len(sessions) - 1))
