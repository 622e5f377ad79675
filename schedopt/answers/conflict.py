"""Which promises and rules contradict each other: minimal sets, each verified by solving again."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schedopt.answers.demand_words import source, words
from schedopt.answers.demands import PROMISE, Demand, Demands, promise_of
from schedopt.answers.minimal import minimal_part
from schedopt.models.problem.check import check
from schedopt.models.problem.notice import noticed
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import nothing_placed
from schedopt.solver.cpsat.model import Effort, PieceModel, solve
from schedopt.solver.cpsat.promises import most_kept

FIRST_LOOK, GROWTH = 8, 4
"""Promises beside which one that cannot be kept is looked at first, and by how much their number grows."""
ELSEWHERE = 8
"""How many times further away in time another provider's promise counts."""


@dataclass(frozen=True)
class Conflict:
    """Which fixed promises and rules contradict each other.

    A set is minimal: its reasons cannot all hold, and without any one of them the others can. Sets are found one after
    the other, each after a promise of every earlier one was given up; a rule or a promise may take part in several.

    Attributes
    ----------
    reasons : pandas.DataFrame
        One row a reason: ``conflict`` (number of the set, from 1), ``rule``, ``source`` (``records``, ``billing`` or
        ``rosters``), ``request`` (id, where the reason is about one; otherwise empty), ``given_up`` (bool: the promise
        that :func:`schedopt.plan` gives up for this set), ``reason`` (words).
    verification : pandas.DataFrame
        One row a question that was solved again: ``conflict``, ``without`` (words of the reason that was left out;
        empty: none was), ``possible`` (bool: the others can all hold).
    complete : bool
        Every promise that cannot be kept has its set; False where the time was over first.
    seconds : float
        Time that the search took.
    demands : tuple of tuple of Demand
        The sets as the solver knows them.
    """

    reasons: pd.DataFrame = field(repr=False)
    verification: pd.DataFrame = field(repr=False)
    complete: bool
    seconds: float
    demands: tuple[tuple[Demand, ...], ...] = field(repr=False, default=())

    def __len__(self) -> int:
        """Number of sets."""
        return len(self.demands)

    @property
    def verified(self) -> bool:
        """Every set was found impossible again, and possible without each of its reasons."""
        table = self.verification
        return bool((table["possible"] == (table["without"] != "")).all())


def conflict(problem: Problem, time_limit: float = 30.0, *, now: dt.datetime | None = None) -> Conflict:
    """Say why fixed promises cannot all be kept: minimal sets of promises and rules that contradict each other.

    Parameters
    ----------
    problem : Problem
        The week, from :func:`schedopt.assemble`.
    time_limit : float
        Seconds. What was found by then is returned.
    now : datetime.datetime, optional
        The moment of asking, as in :func:`schedopt.check`. A fixed promise holds however soon it is.

    Returns
    -------
    Conflict
        Without sets where every promise can be kept.

    Raises
    ------
    ValueError
        If `time_limit` is not positive.
    """
    if not time_limit > 0:
        raise ValueError(f"expected a time_limit above 0 seconds, not {time_limit}")
    began = time.monotonic()
    problem = noticed(problem, None, now)
    fixed = np.flatnonzero(problem.week.requests.fixed)
    if not len(fixed):
        return _told(problem, [], [], complete=True, seconds=0.0)
    schedule = most_kept(problem, fixed, time_limit / 2)
    lost = fixed[schedule.session[fixed] < 0]
    kept = fixed[schedule.session[fixed] >= 0]
    solver = DemandSolver(problem, began + time_limit)
    sets, verdicts, complete = [], [], True
    try:
        for request in lost[np.argsort(-problem.left_out[lost], kind="stable")].tolist():
            found = solver.minimal_set(request, kept)
            if not found:
                kept = np.append(kept, request)
                continue
            verdicts.append(solver.verify(found))
            sets.append((request, found))
    except OutOfTimeError:
        complete = False
    return _told(problem, sets, verdicts, complete=complete, seconds=time.monotonic() - began)


class OutOfTimeError(Exception):
    """A question was not answered in time."""


class DemandSolver:
    """Answers which demands of a week can be met together, each time by a solver of its own.

    Parameters
    ----------
    problem : Problem
        The week.
    deadline : float
        Moment, by the monotonic clock, at which answers are no longer sought.
    """

    def __init__(self, problem: Problem, deadline: float) -> None:
        self._demands = Demands(problem)
        self._problem = problem
        self._deadline = deadline

    def possible(self, demands: Collection[Demand], *, presolve: bool = True) -> bool:
        """Whether demands can be met together; a schedule that the solver offers has to pass the check.

        Raises
        ------
        OutOfTimeError
            If the deadline came first.
        """
        problem = self._demands.problem_of(demands)
        if not problem.only:
            return True
        free = np.array(problem.only, np.int64)
        piece = PieceModel(problem, nothing_placed(problem.week), np.arange(len(problem.options)), free)
        piece.model.minimize(0)
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        solved = solve(piece, Effort(left), presolve=presolve)
        if solved.schedule is None:
            if solved.proved:
                return False
            raise OutOfTimeError
        breaches = check(problem, solved.schedule).breaches
        if len(breaches):
            raise RuntimeError(f"the model allows what the check forbids: {breaches['rule'].iloc[0]}")
        return True

    def minimal_set(self, request: int, kept: np.ndarray) -> tuple[Demand, ...]:
        """A minimal set with the promise of a request among promises that can be kept; empty where it can be, too."""
        promised = self._in_the_way(request, kept)
        if promised is None:
            return ()
        promises = tuple(promise_of(r) for r in promised)
        rules = minimal_part(self._demands.rules_for(promised), self.possible, promises)
        return (*promises, *rules)

    def _in_the_way(self, request: int, kept: np.ndarray) -> list[int] | None:
        """The fewest promises that cannot be kept together, by all rules, the request's among them; None: no such."""
        near = self._nearest(request, kept)
        size = min(FIRST_LOOK, len(near))
        while True:
            rules = tuple(self._demands.rules_for([*near[:size], request]))
            given = (*rules, promise_of(request))
            others = [promise_of(r) for r in near[:size]]
            if not self.possible((*given, *others)):
                found = minimal_part(others, self.possible, given) if others else ()
                return [request, *(demand.code for demand in found)]
            if size == len(near):
                return None
            size = min(GROWTH * size, len(near))

    def _nearest(self, request: int, kept: np.ndarray) -> list[int]:
        """Promises in the order in which they are likely to be in the way: the same patient's, then those next in time.

        Other providers' promises, which only rooms tie to it, count as further away in time than they are.
        """
        requests = self._problem.week.requests
        apart = np.abs(requests.promised_start[kept] - requests.promised_start[request])
        other = requests.promised_provider[kept] != requests.promised_provider[request]
        stranger = requests.patient[kept] != requests.patient[request]
        order = np.argsort(
            np.where(stranger, 1 + np.where(other, ELSEWHERE * apart + ELSEWHERE, apart), 0), kind="stable"
        )
        nearest: list[int] = kept[order].tolist()
        return nearest

    def verify(self, demands: tuple[Demand, ...]) -> list[tuple[Demand | None, bool]]:
        """Whether all demands can be met, with and without the solver's presolve; then without each in turn."""
        whole = self.possible(demands) or self.possible(demands, presolve=False)
        return [(None, whole), *((one, self.possible([d for d in demands if d != one])) for one in demands)]


def _told(
    problem: Problem, sets: Iterable[tuple[int, tuple[Demand, ...]]],
    verdicts: Iterable[list[tuple[Demand | None, bool]]], *, complete: bool, seconds: float,
) -> Conflict:  # fmt: skip
    """The sets and the answers in words."""
    sets = list(sets)
    reasons = [
        (number, d.rule, source(problem, d), _request(problem, d), d == promise_of(lost), words(problem, d))
        for number, (lost, demands) in enumerate(sets, 1)
        for d in demands
    ]
    verification = [
        (number, words(problem, left_out) if left_out else "", possible)
        for number, answers in enumerate(verdicts, 1)
        for left_out, possible in answers
    ]
    return Conflict(
        pd.DataFrame(reasons, columns=["conflict", "rule", "source", "request", "given_up", "reason"]),
        pd.DataFrame(verification, columns=["conflict", "without", "possible"]),
        complete, seconds, tuple(demands for _, demands in sets),
    )  # fmt: skip


def _request(problem: Problem, demand: Demand) -> str:
    """The request that a demand is about, if it is about one."""
    single = demand.rule == PROMISE or demand.rule in {rule.name for rule in problem.rules}
    return problem.week.requests.ids[demand.code] if single or demand.rule == "step_order" else ""
