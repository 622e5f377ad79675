"""What a peer's visits cost and whether they keep the rules: no peer's own figure is believed."""

from __future__ import annotations

import schedopt
from benchmarks.instances import Instance, to_visits
from benchmarks.peers.protocol import Visits
from benchmarks.score import Verdict, judge
from schedopt.models.problem.schedule import Schedule, nothing_placed, place_at


def to_schedule(instance: Instance, problem: schedopt.Problem, visits: Visits) -> Schedule:
    """Visits, good or bad, as a schedule of the problem.

    Raises
    ------
    ValueError
        If a visit names a request or a session that there is not, a request comes twice, a time is off the grid, or
        the start of a step is missing: no schedule says such a thing.
    """
    week = problem.week
    sessions = {name: code for code, name in enumerate(_session_names(instance, problem))}
    requests = {name: code for code, name in enumerate(week.requests.ids)}
    schedule = nothing_placed(week)
    for visit in visits:
        name, where = visit["request"], visit["session"]
        if name not in requests or where not in sessions:
            raise ValueError(f"there is no request {name!r} or no session {where!r}")
        request, session = requests[name], sessions[where]
        if schedule.session[request] >= 0:
            raise ValueError(f"request {name!r} is placed twice")
        day = int(week.sessions.day[session])
        schedule = place_at(week, schedule, request, session, _cell(problem, day, visit["start"]))
        first = int(week.steps.offset[request])
        if int(week.steps.provider_step[request]) > first:
            schedule.step_start[first] = _cell(problem, day, visit["before_start"])
    if _sorted(to_visits(instance, problem, schedule)) != _sorted(visits):
        raise ValueError("the visits do not read back as they were written")
    return schedule


def judge_visits(instance: Instance, problem: schedopt.Problem, visits: Visits) -> Verdict:
    """The verdict of this library's check and, where it is there, of weekbench's scorer, which have to agree.

    Raises
    ------
    ValueError
        As :func:`to_schedule`.
    """
    return judge(instance, problem, to_schedule(instance, problem, visits))


def _session_names(instance: Instance, problem: schedopt.Problem) -> list[str]:
    """The instance's name of each of the problem's sessions."""
    sessions, clock = problem.week.sessions, problem.calendar
    names = {(p["id"], s["day"], s["start"]): s["id"] for p in instance["providers"] for s in p["sessions"]}
    return [
        names[sessions.provider_ids[sessions.provider[code]], int(sessions.day[code]), clock.minutes(cell)]
        for code, cell in enumerate(sessions.start.tolist())
    ]


def _cell(problem: schedopt.Problem, day: int, minutes: object) -> int:
    grid = problem.calendar.grid
    if not isinstance(minutes, int) or minutes % grid:
        raise ValueError(f"expected a time on the grid of {grid} minutes, found {minutes!r}")
    return problem.calendar.cell(day, minutes)


def _sorted(visits: Visits) -> Visits:
    return sorted(visits, key=lambda visit: str(visit["request"]))
