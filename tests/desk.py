"""Plans around random schedules, and every place of a request, for the tests of what happens to a finished plan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from schedopt.models.check import check
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.solver.result import plan_around
from tests.offices import Case, Size, cases
from tests.schedules import sound

SMALL = Size(requests=6, providers=2, days=2, grids=(15,), longest=90)


@st.composite
def planned(draw: st.DrawFn, size: Size = SMALL) -> tuple[Case, Plan]:
    """An office and a plan around a schedule of it that breaks nothing."""
    case = draw(cases(size))
    schedule = draw(sound(case.problem))
    assume(check(case.problem, schedule).breaches.empty)
    return case, plan_around(case.problem, schedule, {})


def everywhere(problem: Problem, schedule: Schedule, request: int) -> Iterator[Schedule]:
    """A schedule with one request at every start in every session, its steps in every way, good or bad."""
    week, steps = problem.week, problem.week.steps
    head, tail, own = int(steps.offset[request]), int(steps.offset[request + 1]), int(steps.provider_step[request])
    length = steps.length[head:tail].tolist()
    for session in range(len(week.sessions)):
        for start in range(int(week.sessions.start[session]), int(week.sessions.end[session])):
            for waits in product(*(range(int(steps.max_wait[step]) + 1) for step in range(head + 1, tail))):
                begins = np.cumsum([0, *(n + wait for n, wait in zip(length, waits, strict=False))])
                where, starts = schedule.session.copy(), schedule.step_start.copy()
                where[request], starts[head:tail] = session, begins + start - begins[own - head]
                if starts[head] >= 0:
                    yield Schedule(where, starts)
