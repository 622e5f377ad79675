"""One provider's morning."""

from __future__ import annotations

import datetime as dt

import numpy as np

from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import nothing_placed, place_at

FIRST = dt.date(2026, 11, 30)


def one_morning(visits: int, closed: tuple[str, str] | None = None) -> Office:
    """A session from 8:00 to 10:30 on the first day, and so many requests for 15 minutes each.

    With `closed`, all need the only room, which is closed from then until then, and takes 5 minutes to be cleaned.
    """
    with_room = (
        {
            "pools": (tables.Pool(pool="room", site="MAIN", kind="room", capacity=1, turnover=5),),
            "pool_closures": (tables.PoolClosure(pool="room", date=FIRST, start=closed[0], end=closed[1]),),
        }
        if closed
        else {}
    )
    names = [f"R{number}" for number in range(visits)]
    return Office(
        settings=Settings(time_zone="UTC", grid_minutes=5, days=1),
        providers=(tables.Provider(provider="DR1"),),
        visit_types=(tables.VisitType(visit_type="talk", minutes=15, pools="room" if closed else ""),),
        patients=tuple(tables.Patient(patient=f"N{name}") for name in names),
        requests=tuple(tables.Request(request=name, patient=f"N{name}", visit_type="talk") for name in names),
        shifts=(tables.Shift(provider="DR1", site="MAIN", date=FIRST, start="08:00", end="10:30"),), **with_room,
    )  # fmt: skip


def two_sites() -> Office:
    """As :func:`one_morning` with two requests of one patient, and a second provider at a second site."""
    office = one_morning(2)
    changes = {
        "providers": (*office.providers, tables.Provider(provider="DR2")),
        "requests": tuple(row.model_copy(update={"patient": "NR0"}) for row in office.requests),
        "shifts": (*office.shifts, office.shifts[0].model_copy(update={"provider": "DR2", "site": "WEST"})),
    }
    return office.model_copy(update=changes)


def spaced(problem: Problem, cells: int) -> Plan:
    """All requests in order, at a distance of so many cells, from the session's start on."""
    week, schedule = problem.week, nothing_placed(problem.week)
    first = int(week.sessions.start[0])
    for request in range(len(week.requests)):
        schedule = place_at(week, schedule, request, 0, first + cells * request)
    assert np.all(schedule.session == 0)
    return plan_around(problem, schedule, {})
