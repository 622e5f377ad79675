"""Whether CP-SAT, given time around one request that is left out, places it at a gain."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

import schedopt
from benchmarks.dear.ties import needs_pools, tied_to
from schedopt.arrays import Ints
from schedopt.solver.cpsat.model import Effort, PieceModel, make_solver

TRIES = 6
"""One neighbourhood has no more than the time over this."""
GROW = 1.7
"""How many times as many options the next neighbourhood has, after one that was solved to the end."""
MOST_WAITING = 40
"""Others left out that are free in a neighbourhood, the dearest of them."""


@dataclass(frozen=True)
class Found:
    """What CP-SAT found about a request.

    Attributes
    ----------
    request : int
        Its code.
    schedule : Schedule or None
        The cheapest one found that places it, by the check.
    cost : int or None
        Points of that.
    gain : int
        Points that it costs less than the plan; 0 or less is no gain.
    closed : int
        Requests free in the largest neighbourhood that was solved to the end, without a gain; 0: none was.
    whole : bool
        That one had everybody who could have a place, so that this is a proof.
    wrong : str
        In which way the model and the check differ, in words; empty: they agree.
    """

    request: int
    schedule: schedopt.Schedule | None = None
    cost: int | None = None
    gain: int = 0
    closed: int = 0
    whole: bool = False
    wrong: str = ""

    @property
    def words(self) -> str:
        """What was found."""
        if self.gain > 0:
            return f"placed at a gain of {self.gain:,} points"
        if self.closed:
            return f"proved dearer {'in the whole week' if self.whole else f'with {self.closed} requests free'}"
        return "nothing found"


class _Stop(cp_model.CpSolverSolutionCallback):
    """Ends the search with the first schedule below a cost."""

    def __init__(self, below: float) -> None:
        super().__init__()
        self._below = below

    def on_solution_callback(self) -> None:
        """Stop where this one will do."""
        if self.objective_value < self._below - 0.5:
            self.stop_search()


class Around:
    """A schedule, ready to be asked whether CP-SAT places at a gain whom it leaves out.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        One that breaks no rule.
    workers : int
        Threads of CP-SAT.
    seed : int
        Of CP-SAT, and of which sessions are freed.
    """

    def __init__(
        self, problem: schedopt.Problem, schedule: schedopt.Schedule, workers: int = 1, seed: int = 1
    ) -> None:  # fmt: skip
        self.problem, self.schedule = problem, schedule
        self._workers, self._seed = workers, seed
        self._cost = schedopt.check(problem, schedule).cost
        self._usable = np.flatnonzero(np.diff(problem.offset) > 0)

    def alone(self, request: int, seconds: float = 5.0) -> Found:
        """The same with everybody else where they are; solved to the end, or nothing is found."""
        return self._solved(Found(request), np.array([request]), seconds, stop=False)[0]

    def search(self, request: int, seconds: float) -> Found:
        """Free more and more around a request, until it is placed at a gain or the time is over."""
        rng, until = np.random.default_rng([self._seed, request]), time.monotonic() + seconds
        order, number, found = self._by_what_is_lost(request), 1.0, Found(request)
        while (left := until - time.monotonic()) > 0.2:
            free = self._free(request, order[: int(number)], int(number))
            found, closed = self._solved(found, free, min(left, max(2.0, seconds / TRIES)), stop=True)
            if found.gain > 0 or found.wrong or found.whole:
                break
            if closed:
                number = max(number + 1, number * GROW)
            else:
                order = rng.permutation(order)
                number = max(1.0, number / GROW)
        return found

    def _solved(self, found: Found, free: Ints, seconds: float, *, stop: bool) -> tuple[Found, bool]:
        """Place the request with these free, at the least cost; and whether that was solved to the end."""
        until = time.monotonic() + seconds
        now = self._model(free)
        now.fix(self.schedule)
        solver = make_solver(Effort(seconds, seed=self._seed))
        if solver.solve(now.model) != cp_model.OPTIMAL:
            late = time.monotonic() > until - 0.1
            return (found if late else replace(found, wrong="the model refuses the plan, but not the check")), False
        cost = solver.objective_value
        model = self._model(free)
        model.model.add(model.placed(found.request) == 1)
        model.hint(self.schedule)
        solver = make_solver(Effort(max(0.1, until - time.monotonic()), seed=self._seed, workers=self._workers))
        status = solver.solve(model.model, _Stop(cost)) if stop else solver.solve(model.model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            change = round(solver.objective_value - cost)
            found = self._taken(found, model.read(solver), change, ended=status == cp_model.OPTIMAL)
        closed = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE) or solver.best_objective_bound >= cost - 0.5
        if closed and found.gain <= 0 and len(free) > found.closed:
            found = replace(found, closed=len(free), whole=len(free) == len(self._usable))
        return found, closed

    def _model(self, free: Ints) -> PieceModel:
        problem = self.problem
        rows = np.flatnonzero(np.isin(problem.options.request, free))
        return PieceModel(problem, self.schedule.without(problem.week, free), rows, free)

    def _taken(self, found: Found, schedule: schedopt.Schedule, change: int, *, ended: bool) -> Found:
        """Judge a schedule that CP-SAT says costs so many points more than the plan.

        Until it has ended, CP-SAT may count idle minutes and the like too high.
        """
        audit = schedopt.check(self.problem, schedule)
        if len(audit.breaches):
            return replace(found, wrong=f"CP-SAT's schedule breaks {audit.breaches['rule'].iloc[0]}")
        more = audit.cost - self._cost
        if more > change or (ended and more != change):
            return replace(found, wrong=f"CP-SAT says {change:+,} points, the check {more:+,}")
        if found.cost is not None and found.cost <= audit.cost:
            return found
        return replace(found, schedule=schedule, cost=audit.cost, gain=self._cost - audit.cost)

    def _by_what_is_lost(self, request: int) -> Ints:
        """Sessions of a request's options, those first in which the least points stand in its way."""
        problem, week = self.problem, self.problem.week
        lost: dict[int, int] = {}
        for row in range(int(problem.offset[request]), int(problem.offset[request + 1])):
            session = int(problem.options.session[row])
            mine = np.flatnonzero(self.schedule.session == session)
            begin = self.schedule.start(week)[mine] - week.requests.buffer_before[mine]
            end = begin + week.requests.hold[mine]
            for start in range(int(problem.options.earliest[row]), int(problem.options.latest[row]) + 1):
                at = start - int(week.requests.buffer_before[request])
                meets = (begin < at + int(week.requests.hold[request])) & (at < end)
                points = int(problem.options.cost[row] + problem.left_out[mine[meets]].sum())
                lost[session] = min(points, lost.get(session, points))
        return np.array(sorted(lost, key=lambda session: (lost[session], session)), np.int64)

    def _free(self, request: int, chosen: Ints, number: int) -> Ints:
        """The request, whom it is tied to, everybody in some sessions, and those left out who could be there."""
        problem, schedule = self.problem, self.schedule
        tied = tied_to(problem, request)
        held = schedule.session[tied]
        sessions = self._related(request, np.union1d(chosen, held[held >= 0]), number)
        rows = np.isin(problem.options.session, sessions)
        could = np.unique(problem.options.request[rows])
        waiting = could[schedule.session[could] < 0]
        waiting = waiting[np.argsort(-problem.left_out[waiting], kind="stable")][: MOST_WAITING * number]
        inside = np.flatnonzero(np.isin(schedule.session, sessions))
        free = np.unique(np.concatenate([[request], tied, inside, waiting]))
        return np.intersect1d(free, self._usable)

    def _related(self, request: int, sessions: Ints, number: int) -> Ints:
        """These sessions, those of the same shift, of the same site and day where pools are needed, then others."""
        week = self.problem.week
        all_of = week.sessions
        same = np.isin(all_of.shift, all_of.shift[sessions])
        place = all_of.day * len(all_of.site_ids) + all_of.site
        if needs_pools(week, request):
            same |= np.isin(place, place[sessions])
        more = number - len(np.unique(self.problem.options.session[_rows(self.problem, request)]))
        if more > 0:
            rest = np.flatnonzero(~same)
            near = np.isin(place[rest], place[sessions]) | np.isin(all_of.provider[rest], all_of.provider[sessions])
            same[rest[np.argsort(~near, kind="stable")][:more]] = True
        return np.flatnonzero(same)


def _rows(problem: schedopt.Problem, request: int) -> slice:
    return slice(int(problem.offset[request]), int(problem.offset[request + 1]))
