"""Random schedules of a problem: wild ones, ones that nearly fit, and ones that fit; and the way to the reference."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from schedopt.models.check import check
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule, nothing_placed
from schedopt.models.tables.fields import parse_time
from tests.reference import Visit


def visits_of(problem: Problem, schedule: Schedule) -> list[Visit]:
    """A schedule in the reference's words."""
    week, calendar = problem.week, problem.calendar
    visits = []
    for request in schedule.placed.tolist():
        session = int(schedule.session[request])
        provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
        opens = parse_time(week.sessions.ids[session][-5:])
        day = int(week.sessions.day[session])
        cells = schedule.step_start[week.steps.offset[request] : week.steps.offset[request + 1]]
        starts = tuple((int(cell) - day * calendar.cells_per_day) * calendar.grid for cell in cells)
        visits.append(Visit(week.requests.ids[request], provider, calendar.date(day), opens, starts))
    return visits


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
        before, hold = int(week.requests.buffer_before[request]), int(week.requests.hold[request])
        start = max(earliest, through.get(session, 0) + before)
        if start > latest or draw(st.integers(0, 3)) == 3:
            start = draw(st.integers(earliest, latest))
        through[session] = max(through.get(session, 0), start - before + hold)
        schedule = _placed(draw, problem, schedule, request, session, start, stray=0)
    return schedule


def _moved(draw: st.DrawFn, problem: Problem, schedule: Schedule, request: int) -> Schedule:
    """One request somewhere else: by a cell, at the edge of a session or of another visit, or nowhere."""
    week = problem.week
    here = int(schedule.session[request])
    if not len(week.sessions) or draw(st.integers(0, 9)) == 9:
        return schedule.without(week, np.array([request]))
    session = draw(st.integers(0, len(week.sessions) - 1))
    session = here if here >= 0 and draw(st.integers(0, 2)) == 0 else session
    length, own = int(week.requests.length[request]), int(week.steps.provider_step[request])
    before, after = int(week.requests.buffer_before[request]), int(week.requests.buffer_after[request])
    opens, closes = int(week.sessions.start[session]), int(week.sessions.end[session])
    over = int(week.sessions.overtime[session])
    starts = [opens + before, closes + over - length - after, closes - 1, closes - length - after, opens + length]
    starts += [int(schedule.step_start[own])] if here == session else []
    for other in np.flatnonzero(schedule.session == session).tolist():
        start = int(schedule.start(week)[other])
        starts += [start - length - after - int(week.requests.buffer_before[other])]
        starts += [start + int(week.requests.length[other] + week.requests.buffer_after[other]) + before]
    start = starts[draw(st.integers(0, len(starts) - 1))] + draw(st.sampled_from((0, 0, -1, 1, 2, -2)))
    return _placed(draw, problem, schedule, request, session, max(0, start), stray=1)


def _placed(
    draw: st.DrawFn, problem: Problem, schedule: Schedule, request: int, session: int, start: int, stray: int
) -> Schedule:
    """A request put into a session, its steps around the provider step, waits up to `stray` cells beyond the limits."""
    steps, starts, where = problem.week.steps, schedule.step_start.copy(), schedule.session.copy()
    own = int(steps.provider_step[request])
    where[request], starts[own] = session, start

    def wait(most: int) -> int:
        return draw(st.integers(-stray, most + stray)) if draw(st.booleans()) else 0

    for step in range(own - 1, int(steps.offset[request]) - 1, -1):
        starts[step] = max(0, starts[step + 1] - int(steps.length[step]) - wait(int(steps.max_wait[step + 1])))
    for step in range(own + 1, int(steps.offset[request + 1])):
        starts[step] = starts[step - 1] + int(steps.length[step - 1]) + wait(int(steps.max_wait[step]))
    return Schedule(where, starts)
