"""One planned session as a timing problem: its visits, where they may be, and what may happen to them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week
from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios, best_times, on_grid
from schedopt.timing.sampled.evaluation import paths
from schedopt.uncertainty.week import WeekScenarios


@dataclass(frozen=True, eq=False)
class PlannedSession:
    """A session's visits in order, in minutes after the first midnight.

    Attributes
    ----------
    requests : int array, shape (visits,)
        Codes, by the start of the step with the provider.
    times : float array, shape (visits,)
        Planned starts of that step.
    earliest, latest : float arrays, shape (visits,)
        Where that step may start at the price it has now.
    length, shortest : int arrays, shape (visits,)
        Cells of the appointment: as expected, and the fewest it may be cut to.
    between : int array, shape (visits,)
        Cells from the end of an appointment to the next one's start: buffers.
    grid : int
        Minutes of a cell.
    start, end : float
        Of the session, without overtime.
    scenarios : Scenarios
        What may happen.
    """

    requests: Ints
    times: Floats
    earliest: Floats
    latest: Floats
    length: Ints
    shortest: Ints
    between: Ints
    grid: int
    start: float
    end: float
    scenarios: Scenarios

    def best_on_grid(self, costs: Costs) -> Floats:
        """The best times on the grid, minutes; shape (visits,)."""
        apart = (self.shortest + self.between) * float(self.grid)
        apart = np.minimum(apart, np.append(np.diff(self.times), np.inf))  # a typed schedule may have less
        free = best_times(
            self.scenarios, costs, self.end, self.start, earliest=self.earliest, latest=self.latest, separation=apart,
            start_times=self.times, tolerance=1e-4,
        )  # fmt: skip
        return on_grid(
            free.times, self.scenarios, costs, self.end, self.start, minutes=float(self.grid), earliest=self.earliest,
            latest=self.latest, separation=apart,
        ).times  # fmt: skip

    def cost(self, times: Floats, costs: Costs) -> float:
        """Mean cost of times over the scenarios."""
        return float(paths(times, self.scenarios, self.end, self.start).costs(costs).mean())

    def shorter(self, shift: Ints) -> Ints:
        """Cells that each appointment loses when visits move by `shift` cells, as the next one begins; (visits,)."""
        starts = np.rint(self.times / self.grid).astype(np.int64) + shift
        until_next = np.append(np.diff(starts) - self.between[:-1], self.length[-1])
        lost: Ints = np.clip(self.length - until_next, 0, self.length)
        return lost


def planned_session(
    problem: Problem, schedule: Schedule, drawn: WeekScenarios, session: int, held: Flags, shortest: float
) -> PlannedSession:
    """A session of a schedule, ready to be timed.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        One of it.
    drawn : WeekScenarios
        What may happen to its visits.
    session : int
        Code of a session with visits.
    held : bool array, shape (requests,)
        Visits that stay where they are.
    shortest : float
        Minutes that an appointment is not cut below.
    """
    week = problem.week.with_sessions(schedule.session)
    grid, starts = week.calendar.grid, schedule.start(week)
    inside = np.flatnonzero(schedule.session == session)
    requests = inside[np.argsort(starts[inside], kind="stable")]
    at = starts[requests]
    earliest, latest = _ranges(problem, requests, session, at)
    stays = held[requests]
    before, after = week.requests.buffer_before[requests], week.requests.buffer_after[requests]
    length = week.requests.usual_length[requests]
    drawn = drawn.of([week.requests.ids[request] for request in requests.tolist()])
    scenarios = Scenarios(drawn.service, drawn.came, delays(problem, schedule, requests, drawn))
    return PlannedSession(
        requests=requests,
        times=(at * grid).astype(float),
        earliest=(np.where(stays, at, earliest) * grid).astype(float),
        latest=(np.where(stays, at, latest) * grid).astype(float),
        length=length,
        shortest=cut_to(week, requests, shortest),
        between=after + np.append(before[1:], 0),
        grid=grid,
        start=float(week.sessions.start[session] * grid),
        end=max(float(week.sessions.end[session]), float(latest.max())) * grid,
        scenarios=scenarios,
    )


def cut_to(week: Week, requests: Ints, shortest: float) -> Ints:
    """Cells that appointments may be cut to, if nothing comes after the step with the provider; shape (requests,).

    Parameters
    ----------
    week : Week
        With lengths as its sessions have them.
    requests : int array, shape (requests,)
        Codes.
    shortest : float
        Minutes that an appointment is not cut below, unless its visit is shorter.
    """
    length = week.requests.usual_length[requests]
    goes_on = week.steps.provider_step[requests] < week.steps.offset[requests + 1] - 1
    cut = np.minimum(length, max(1, math.ceil(shortest / week.calendar.grid)))
    return np.where(goes_on, length, cut)


def _ranges(problem: Problem, requests: Ints, session: int, at: Ints) -> tuple[Ints, Ints]:
    """First and last start of the option that each visit uses now; its own start where it uses none."""
    options = problem.options
    earliest, latest = at.copy(), at.copy()
    for number, request in enumerate(requests.tolist()):
        rows = np.arange(problem.offset[request], problem.offset[request + 1])
        used = rows[
            (options.session[rows] == session) & (options.earliest[rows] <= at[number])
            & (at[number] <= options.latest[rows])
        ]  # fmt: skip
        if len(used):
            earliest[number], latest[number] = options.earliest[used[0]], options.latest[used[0]]
    return earliest, latest


def delays(problem: Problem, schedule: Schedule, requests: Ints, drawn: WeekScenarios) -> Floats:
    """Minutes after its planned start at which a step with the provider can begin, shape (scenarios, visits).

    The patient comes late or not, and goes through the steps before, none of which begins before its planned start.
    """
    week = problem.week
    steps, grid = week.steps, week.calendar.grid
    found = np.maximum(drawn.late, 0.0)
    for number, request in enumerate(requests.tolist()):
        first, own = int(steps.offset[request]), int(steps.provider_step[request])
        planned = schedule.step_start[first : own + 1] * grid
        ready = planned[0] + found[:, number]
        for step in range(own - first):
            ready = np.maximum(ready, planned[step]) + drawn.minutes[:, int(drawn.step_offset[number]) + step]
        found[:, number] = np.maximum(ready - planned[-1], 0.0)
    return found
