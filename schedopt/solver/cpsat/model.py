"""One CP-SAT model: some requests are free, everything else stays. The whole week is the case in which all are free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from schedopt.arrays import Ints
from schedopt.models.problem.options import Options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week
from schedopt.solver.cpsat.groups import GroupVisits
from schedopt.solver.cpsat.plain import PlainModel


class PieceModel:
    """The model of a piece of the week; an :class:`~schedopt.models.problem.couplings.Encoder`.

    Parameters
    ----------
    problem : Problem
        The week.
    outside : Schedule
        Where all requests are that are not free; free ones are left out in it.
    rows : int array
        The options open to the free requests, grouped by request.
    free : int array
        Codes of the free requests, sorted; also those without an option.
    """

    def __init__(self, problem: Problem, outside: Schedule, rows: Ints, free: Ints) -> None:
        self.model = PlainModel()
        self.problem = problem
        self.week: Week = problem.week
        self.outside = outside
        self.free: Sequence[int] = free.tolist()
        self._options: Options = problem.options.take(rows)
        self._cost: list[Any] = []
        self._free_set = frozenset(self.free)
        self._start: dict[int, cp_model.IntVar] = {}
        self._at: dict[tuple[int, int], Any] = {}
        self._fills: dict[tuple[int, int], Any] = {}
        self._holding_at: dict[tuple[int, int, int], Any] = {}
        self._sessions: dict[int, tuple[int, ...]] = {}
        self._placed: dict[int, Any] = {}
        self._lengths = self.week.length_of(self._options.request, self._options.session)
        self._chosen = [self.model.new_bool_var("") for _ in range(len(rows))]
        self._add_requests()
        self._holding = GroupVisits(self.model, self.week, outside, self._at, self._own_start).holding
        self._add_sites()
        for coupling in problem.couplings:
            coupling.post(self)
        self.model.minimize(sum(self._cost))

    def _add_requests(self) -> None:
        """Start variables, and literals for: option chosen, in session, at site, placed."""
        edges = np.searchsorted(self._options.request, np.array([*self.free, len(self.week.requests)]))
        left_out = self.problem.left_out
        for number, request in enumerate(self.free):
            rows = range(int(edges[number]), int(np.searchsorted(self._options.request, request, side="right")))
            literals = [self._chosen[row] for row in rows]
            placed = self._sum_literal(literals)
            self._placed[request] = placed
            self.pay(1 - placed, int(left_out[request]))
            self._add_starts(request, rows)
            for row, literal in zip(rows, literals, strict=True):
                self._tie(request, row, literal)
            self._group(request, rows)
            self._fill(request, rows)

    def _sum_literal(self, literals: Sequence[Any]) -> Any:
        """A literal that is true where one of these is; at most one of them ever is."""
        if len(literals) == 1:
            return literals[0]
        either = self.model.new_bool_var("")
        self.model.add_exactly_one([*literals, ~either])
        return either

    def _add_starts(self, request: int, rows: range) -> None:
        steps, own = self.week.steps, int(self.week.steps.provider_step[request])
        options = self._options
        low = int(options.earliest[rows.start : rows.stop].min()) if len(rows) else 0
        high = int(options.latest[rows.start : rows.stop].max()) if len(rows) else 0
        own_steps = slice(int(steps.offset[request]), int(steps.offset[request + 1]))
        reach = int((steps.length[own_steps] + steps.max_wait[own_steps]).sum())
        reach += int(self._lengths[rows.start : rows.stop].max(initial=0))
        spans = [[int(options.earliest[row]), int(options.latest[row])] for row in rows]
        for step in range(own_steps.start, own_steps.stop):
            if step == own and spans:
                self._start[step] = self.model.new_int_var_from_domain(cp_model.Domain.from_intervals(spans), "")
            else:
                self._start[step] = self.model.new_int_var(low - reach, high + reach, "")

    def _tie(self, request: int, row: int, literal: Any) -> None:
        """An option chosen bounds the start, and the visit's first and last step."""
        steps, options = self.week.steps, self._options
        head, tail = int(steps.offset[request]), int(steps.offset[request + 1]) - 1
        start = self._start[int(steps.provider_step[request])]
        earliest, latest = int(options.earliest[row]), int(options.latest[row])
        self.model.add_linear_constraint(start, earliest, latest).only_enforce_if(literal)
        if head < tail:
            self.model.add(self._start[head] >= int(options.opens[row])).only_enforce_if(literal)
            own = int(self._lengths[row]) if tail == steps.provider_step[request] else int(steps.length[tail])
            end = self._start[tail] + own
            self.model.add(end <= int(options.closes[row])).only_enforce_if(literal)
        if options.cost[row]:
            self.pay(literal, int(options.cost[row]))

    def _group(self, request: int, rows: range) -> None:
        """Literals by session."""
        sessions = defaultdict(list)
        for row in rows:
            sessions[int(self._options.session[row])].append(self._chosen[row])
        self._sessions[request] = tuple(sessions)
        for session, literals in sessions.items():
            self._at[request, session] = self._placed[request] if len(sessions) == 1 else self._sum_literal(literals)

    def _add_sites(self) -> None:
        """Literals by site and day of the requests that need pools: they hold one of the sessions there themselves."""
        for request in (request for request in self.free if self._needs_pools(request)):
            sites = defaultdict(list)
            for session in self._sessions[request]:
                place = int(self.week.sessions.site[session]), int(self.week.sessions.day[session])
                sites[place].append(self.holding(request, session))
            alone = len(sites) == 1 and self.week.requests.group[request] < 0
            for (site, day), literals in sites.items():
                here = self._placed[request] if alone else self._sum_literal(literals)
                self._holding_at[request, site, day] = here

    def _own_start(self, request: int) -> Any:
        return self._start[int(self.week.steps.provider_step[request])]

    def _fill(self, request: int, rows: range) -> None:
        """Literals by role and the session that fills it."""
        for role, number in self._roles(request):
            ways = defaultdict(list)
            for row in rows:
                ways[int(self._options.others[row, number])].append(self._chosen[row])
            for session, literals in sorted(way for way in ways.items() if way[0] >= 0):
                self._fills[role, session] = self._placed[request] if len(ways) == 1 else self._sum_literal(literals)

    def _roles(self, request: int) -> Iterator[tuple[int, int]]:
        """A request's roles, and the number of each."""
        roles = self.week.roles.of(request)
        return zip(roles, range(len(roles)), strict=True)

    def _needs_pools(self, request: int) -> bool:
        steps = self.week.steps
        return any(steps.needs[int(steps.offset[request]) : int(steps.offset[request + 1])])

    @cached_property
    def _pairs(self) -> Ints:
        return np.array(list(self._at), np.int64).reshape(-1, 2)

    def pairs(self) -> tuple[Ints, Ints]:
        """Request and session of every way the free requests may go, grouped by request."""
        return self._pairs[:, 0], self._pairs[:, 1]

    def sessions(self, request: int) -> Sequence[int]:
        """Sessions that a free request may go to."""
        return self._sessions[request]

    def at(self, request: int, session: int) -> Any:
        """Literal: the request is placed in the session."""
        return self._at[request, session]

    @cached_property
    def _fillings(self) -> Ints:
        return np.array(list(self._fills), np.int64).reshape(-1, 2)

    def fillings(self) -> tuple[Ints, Ints]:
        """Role and session of every way in which the roles of free requests may be filled, grouped by role."""
        return self._fillings[:, 0], self._fillings[:, 1]

    def fills(self, role: int, session: int) -> Any:
        """Literal: the role is filled by the session."""
        return self._fills[role, session]

    def holding(self, request: int, session: int) -> Any:
        """Literal: the request is placed in the session, and holds it itself."""
        return self._holding.get((request, session), self._at[request, session])

    def holding_at(self, request: int, site: int, day: int) -> Any:
        """Literal: the request, which needs a pool, holds one of its sessions at the site on the day itself."""
        return self._holding_at[request, site, day]

    def placed(self, request: int) -> Any:
        """Literal: the request is placed."""
        return self._placed[request]

    def is_free(self, request: int) -> bool:
        """Whether the model decides about the request."""
        return request in self._free_set

    def start(self, step: int) -> Any:
        """Variable: the cell in which the step starts."""
        return self._start[step]

    def length(self, step: int) -> Any:
        """Number or expression: cells of the step."""
        request = int(self.week.steps.request[step])
        if self.week.requests.by_provider is None or step != self.week.steps.provider_step[request]:
            return int(self.week.steps.length[step])
        sessions = np.array(self._sessions[request], np.int64)
        cells = self.week.length_of(np.full(len(sessions), request), sessions).tolist()
        return sum(number * self._at[request, s] for number, s in zip(cells, sessions.tolist(), strict=True))

    def pay(self, expression: Any, points: int) -> None:
        """Add to the cost."""
        if points:
            self._cost.append(points * expression)

    def hint(self, schedule: Schedule) -> None:
        """Suggest a schedule of the free requests to the solver."""
        for literal, used in zip(self._chosen, self._options.uses(self.week, schedule).tolist(), strict=True):
            self.model.add_hint(literal, used)
        for step, variable in self._start.items():
            if schedule.step_start[step] >= 0:
                self.model.add_hint(variable, int(schedule.step_start[step]))

    def fix(self, schedule: Schedule) -> None:
        """Allow the free requests no other place and times than a schedule's."""
        for request in self.free:
            session = int(schedule.session[request])
            self.model.add(self._placed[request] == int(session >= 0))
            if session < 0:
                continue
            self.model.add(self._at.get((request, session), 0) == 1)
            for role, number in self._roles(request):
                filled = int(schedule.others[request, number])
                self.model.add(self._fills.get((role, filled), 0) == int(filled >= 0))
                if filled < 0:
                    self.model.add(sum(literal for (r, _), literal in self._fills.items() if r == role) == 0)
            for step in range(int(self.week.steps.offset[request]), int(self.week.steps.offset[request + 1])):
                self.model.add(self._start[step] == int(schedule.step_start[step]))

    def read(self, solver: cp_model.CpSolver) -> Schedule:
        """The schedule that a solver found, the outside included."""
        session, step_start = self.outside.session.copy(), self.outside.step_start.copy()
        others, roles = self.outside.others.copy(), self.week.roles
        for (request, where), literal in self._at.items():
            if solver.boolean_value(literal):
                session[request] = where
        for (role, where), literal in self._fills.items():
            if solver.boolean_value(literal):
                others[roles.request[role], roles.number[role]] = where
        for step, variable in self._start.items():
            if session[self.week.steps.request[step]] >= 0:
                step_start[step] = solver.value(variable)
        return Schedule(session, step_start, others)


WORK = 0.21
"""What CP-SAT counts as seconds of its work in a second of one core, in models like these."""


@dataclass(frozen=True)
class Effort:
    """How long one model may be solved.

    Attributes
    ----------
    seconds : float
        Wall-clock seconds, or deterministic ones.
    deterministic : bool
        Count work done instead of time passed; then the same model gives the same schedule on any machine.
    seed : int
        Of the search.
    workers : int
        Threads; with `deterministic`, one.
    """

    seconds: float
    deterministic: bool = False
    seed: int = 0
    workers: int = 1


def make_solver(effort: Effort) -> cp_model.CpSolver:
    """A solver that keeps to an effort."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    if effort.deterministic:
        parameters.max_deterministic_time = effort.seconds
    else:
        parameters.max_time_in_seconds = effort.seconds
    parameters.num_workers = 1 if effort.deterministic else effort.workers
    parameters.random_seed = effort.seed % (2**31 - 1)
    parameters.catch_sigint_signal = False  # it would leave Ctrl-C to kill the process from then on
    return solver


@dataclass(frozen=True)
class Solved:
    """What became of a model.

    Attributes
    ----------
    schedule : Schedule or None
        The best that was found.
    proved : bool
        No schedule is better; without a schedule, there is none.
    objective : int
        What was minimised, in the schedule.
    work : float
        Seconds, as the solver counts its work.
    """

    schedule: Schedule | None
    proved: bool
    objective: int
    work: float


def solve(piece: PieceModel, effort: Effort, *, presolve: bool = True) -> Solved:
    """Solve a model with an effort."""
    solver = make_solver(effort)
    solver.parameters.cp_model_presolve = presolve
    status = solver.solve(piece.model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Solved(
        piece.read(solver) if found else None, status in (cp_model.OPTIMAL, cp_model.INFEASIBLE),
        round(solver.objective_value) if found else 0, solver.response_proto.deterministic_time,
    )  # fmt: skip
