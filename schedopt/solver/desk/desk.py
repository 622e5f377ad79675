"""A plan laid out for the front desk: who holds what, ready to be asked where one more visit would go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.models.check import check
from schedopt.models.couplings import Promises
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints, Week
from schedopt.solver.desk.places import AT, FITS, GAP, POINTS, ROW, STRANDED, every_place, lay_best
from schedopt.solver.grid import HOLD, SESSION, Fixed, Grid, make_fixed
from schedopt.solver.local import to_grid
from schedopt.solver.moves import take

ALWAYS = (0, 2**40)
"""A window without an end."""


@dataclass(frozen=True)
class Places:
    """Where a request could go while all others stay; one entry a place, in order of options and starts.

    Attributes
    ----------
    request : int
        Code.
    row : int array
        Option.
    start : int array
        Cell in which the provider step starts.
    added : int array
        Points of the visit itself, and of idle time, overtime and waits between steps that it changes; what leaving
        the request out costs is not counted.
    stranded : int array
        Cells that would be left unusable: see :func:`~schedopt.solver.desk.recommend.recommend`.
    gap : int array
        First cell of the free stretch of its session that the visit goes into.
    options : int array
        Every option looked at.
    reach : int array
        How far each of `options` got, as :mod:`~schedopt.solver.desk.places` numbers it.
    """

    request: int
    row: Ints
    start: Ints
    added: Ints
    stranded: Ints
    gap: Ints
    options: Ints
    reach: Ints

    @property
    def fits(self) -> int:
        """How many options have a place."""
        return int((self.reach == FITS).sum())


class Desk:
    """A finished plan, prepared once so that questions about it are answered in milliseconds.

    The plan never changes, and neither does what a desk answers: every question is asked of a copy of its grid.

    Parameters
    ----------
    plan : Plan
        A plan whose schedule breaks no rule; fixed promises that it names as conflicts may be missing.

    Raises
    ------
    ValueError
        If the plan's schedule breaks a rule: what is free in it cannot be said.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.problem: Problem = plan.problem
        must_be_sound(plan.problem, plan.assignment)
        self._fixed: Fixed = make_fixed(plan.problem)
        self._grid: Grid = to_grid(plan.problem, self._fixed, plan.assignment)
        self._shortest = _shortest_holds(plan.problem, self._fixed)
        self.left_out: Ints = np.array([rule.left_out(plan.problem.week) for rule in plan.problem.rules], np.int64)
        if len(plan.problem.week.requests):
            self.places(0)  # compiled, or loaded, before anybody waits for it

    def code(self, request: str) -> int:
        """The code of a request's id.

        Raises
        ------
        ValueError
            If the plan's problem has no such request.
        """
        code = self.problem.week.request_code.get(request)
        if code is None:
            raise ValueError(f"expected the id of a request of the plan's problem, not {request!r}")
        return code

    def places(self, request: int, window: tuple[int, int] = ALWAYS, rows: Ints | None = None) -> Places:
        """Every place of a request while all others stay where they are; its own, where it has one, is among them.

        Parameters
        ----------
        request : int
            Code.
        window : (int, int)
            The provider is held from the first of these cells on, and until before the second, if at all.
        rows : int array, optional
            Options to look at; all of the request's without it.
        """
        offset = self.problem.offset
        rows = np.arange(offset[request], offset[request + 1]) if rows is None else rows
        options, grid = self.problem.options, self._without(request)
        starts = int((options.latest[rows] - options.earliest[rows] + 1).sum())
        found, reach = np.zeros((starts, 5), np.int64), np.zeros(len(rows), np.int64)
        count = every_place(
            self._fixed, grid, request, rows, np.array(window, np.int64), self._shortest, found, reach
        )  # fmt: skip
        table = found[:count]
        return Places(
            request, table[:, ROW], table[:, AT], table[:, POINTS], table[:, STRANDED], table[:, GAP], rows, reach
        )

    def placed(self, places: Places, number: int) -> Schedule:
        """The plan's schedule with the request at one of its places instead of where it is."""
        week, schedule = self.problem.week, self.plan.assignment
        request, row, start = places.request, int(places.row[number]), int(places.start[number])
        head, tail = int(week.steps.offset[request]), int(week.steps.offset[request + 1])
        starts = np.empty(tail - head, np.int64)
        lay_best(self._fixed, self._without(request), request, row, start, starts)
        session, step_start = schedule.session.copy(), schedule.step_start.copy()
        session[request], step_start[head:tail] = self.problem.options.session[row], starts
        return Schedule(session, step_start)

    def _without(self, request: int) -> Grid:
        """A copy of the grid in which a request is not placed."""
        grid = Grid(*(column.copy() for column in self._grid))
        if grid.row[request] >= 0:
            take(self._fixed, grid, request)
        return grid


def desk_of(plan: Plan | Desk) -> Desk:
    """The desk itself, or a new one for a plan."""
    return plan if isinstance(plan, Desk) else Desk(plan)


def session_words(week: Week, session: int) -> tuple[str, str]:
    """Provider and site of a session."""
    sessions = week.sessions
    return sessions.provider_ids[int(sessions.provider[session])], sessions.site_ids[int(sessions.site[session])]


def must_be_sound(problem: Problem, schedule: Schedule) -> None:
    """Refuse, with a ValueError, a schedule that breaks a rule; promises that are left out may be."""
    breaches = check(problem, schedule).breaches
    wrong = breaches[breaches["rule"] != Promises.name]
    if len(wrong):
        first = wrong.iloc[0]
        raise ValueError(
            f"expected a plan that breaks no rule; {first['request']} breaks {first['rule']}: {first['detail']}, "
            f"and {len(wrong) - 1} more"
        )


def _shortest_holds(problem: Problem, fixed: Fixed) -> Ints:
    """By session, the fewest cells that a provider is held by any request that has an option there."""
    shortest = np.full(len(problem.week.sessions), 2**40, np.int64)
    rows = len(problem.options)
    np.minimum.at(shortest, fixed.option[:rows, SESSION], fixed.request[problem.options.request, HOLD])
    return shortest
