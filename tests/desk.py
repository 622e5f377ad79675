"""Plans around random schedules, and every place of a request, for the tests of what happens to a finished plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.models.problem.check import check
from schedopt.models.problem.options import pairs, staffed
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.office import assemble
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.search.local import insertion
from tests.offices import Case, Size, cases
from tests.schedules import sound

SMALL = Size(requests=6, providers=2, days=2, grids=(15,), longest=90, plain_days=True)


@st.composite
def planned(draw: st.DrawFn, size: Size = SMALL) -> tuple[Case, Plan]:
    """An office and a plan around a schedule of it that breaks nothing."""
    case = draw(cases(size))
    assume(len(case.problem.week.requests))
    schedule = draw(sound(case.problem))
    assume(not check(case.problem, schedule).broken)
    return case, plan_around(case.problem, schedule, {})


def everywhere(problem: Problem, schedule: Schedule, request: int) -> Iterator[Schedule]:
    """A schedule with one request at every start in every session, its steps in every way, good or bad."""
    week, steps = problem.week, problem.week.steps
    head, tail, own = int(steps.offset[request]), int(steps.offset[request + 1]), int(steps.provider_step[request])
    ways = staffed(week, pairs(week, np.full(len(week.sessions), request), np.arange(len(week.sessions))))
    for session, who in zip(ways.session.tolist(), ways.others, strict=True):
        length = week.step_lengths(request, session).tolist()
        for start in range(int(week.sessions.start[session]), int(week.sessions.end[session])):
            for waits in product(*(range(int(steps.max_wait[step]) + 1) for step in range(head + 1, tail))):
                begins = np.cumsum([0, *(n + wait for n, wait in zip(length, waits, strict=False))])
                where, starts, others = schedule.session.copy(), schedule.step_start.copy(), schedule.others.copy()
                where[request], starts[head:tail] = session, begins + start - begins[own - head]
                others[request] = who
                if starts[head] >= 0:
                    yield Schedule(where, starts, others)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[Case, Plan]:
    """A tiny office with hardly enough room for its requests, planned so that nobody else fits in."""
    first = dt.date(2026, 11, 30)
    days, providers = draw(st.integers(1, 2)), ("DR1", "DR2")
    sometimes = st.integers(0, 3).map(lambda number: number == 3)
    types = [
        tables.VisitType(visit_type=name, minutes=minutes, pools=("exam",) if draw(sometimes) else ())
        for name, minutes in (("short", 15), ("long", 30))
    ]
    steps = [
        tables.Step(visit_type="long", order=-1, minutes=15, max_wait=draw(st.sampled_from((0, 15))), pools=("exam",))
        for _ in range(draw(sometimes))
    ]
    shifts = [
        tables.Shift(
            provider=provider, site="MAIN", date=first + dt.timedelta(days=day), start="08:15",
            end=draw(st.sampled_from(("09:00", "09:15", "09:30"))),
        )
        for provider in providers
        for day in range(days)
    ]  # fmt: skip
    requests, names = [], [f"R{number}" for number in range(draw(st.integers(3, 6)))]
    for number, name in enumerate(names):
        patient = draw(st.sampled_from(("N0", f"N{number}", f"N{number}")))
        before = [row.request for row in requests if row.patient == patient]
        requests.append(
            tables.Request(
                request=name, patient=patient, visit_type=draw(st.sampled_from(("short", "long"))),
                priority=draw(st.integers(1, 4)), providers=(draw(st.sampled_from(providers)),) * draw(sometimes),
                after=before[-1] if before else None, after_min_days=0 if before else None,
            )
        )  # fmt: skip
    promised = [
        tables.Appointment(request=names[0], provider="DR1", date=first, start="08:30", mark="fixed")
        for _ in range(draw(sometimes))
    ]
    office = Office(
        settings=Settings(grid_minutes=15, days=days), providers=[tables.Provider(provider=name) for name in providers],
        visit_types=types, steps=steps, patients=[tables.Patient(patient=f"N{n}") for n in range(len(names))],
        requests=requests, appointments=promised, shifts=shifts,
        pools=[tables.Pool(pool="MAIN-exam", site="MAIN", kind="exam", capacity=draw(st.integers(1, 2)))],
    )  # fmt: skip
    case = Case(office, first, assemble(office, first))
    kept, start, conflicts = settle(case.problem)
    assume(conflicts.empty)
    return case, plan_around(case.problem, insertion(kept, start), {})
