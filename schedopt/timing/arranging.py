"""A schedule whose sessions have other orders, and other visits, for what is uncertain about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Floats
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import ProviderTime
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, place_at
from schedopt.timing.book import Book, draws_of
from schedopt.timing.costs import Costs
from schedopt.timing.exchanging import LEAST, Change, Exchanging, reorder
from schedopt.timing.guard import Guard
from schedopt.timing.retiming import held_visits, retimed
from schedopt.uncertainty.week import WeekScenarios

_BATCH = 50
"""Changes that are checked against all rules at once."""


@dataclass(frozen=True)
class Effort:
    """How long to look, and what for.

    Attributes
    ----------
    exchanges : int
        Tried between sessions, a request; 0: visits stay in their sessions, and their order changes alone.
    seed : int
        Of the exchanges that are tried.
    guard : Guard, optional
        With it, requests that were left out are booked beyond what fits, where it allows that.
    """

    exchanges: int = 40
    seed: int = 1
    guard: Guard | None = None


def points_beside_minutes(problem: Problem, schedule: Schedule) -> int:
    """Points of a schedule without those of planned idle minutes and overtime, in whose place expected ones count."""
    planned = problem.coupling(ProviderTime).parts(problem.week, schedule)
    return check(problem, schedule).cost - sum(part.points for part in planned)


def with_everybody(problem: Problem, schedule: Schedule) -> Schedule:
    """The schedule with each request left out that has an option placed by its first, whatever else is there."""
    options = problem.options
    for request in np.flatnonzero((schedule.session < 0) & (np.diff(problem.offset) > 0)).tolist():
        row = int(problem.offset[request])
        schedule = place_at(
            problem.week, schedule, request, int(options.session[row]), int(options.earliest[row]), options.others[row]
        )  # fmt: skip
    return schedule


def arranged(
    problem: Problem, schedule: Schedule, drawn: WeekScenarios, costs: Costs, effort: Effort, *,
    shortest: float = 10.0, workers: int = 2, risk: Floats | None = None,
) -> tuple[Problem, Schedule]:  # fmt: skip
    """New times, orders and sessions of visits that cost less over the scenarios, minutes and points together.

    First come the times of :func:`~schedopt.timing.retiming.retimed`. From there orders are changed within sessions,
    and visits exchanged between sessions. What is changed is kept where the cost over the scenarios falls and no rule
    is newly broken; so the result never costs more, on these scenarios, than the retimed schedule.

    Parameters
    ----------
    problem, schedule : Problem, Schedule
        The week, and one of its schedules.
    drawn : WeekScenarios
        What may happen to the visits of :func:`with_everybody`.
    costs : Costs
        Of a minute, in points.
    effort : Effort
        How long to look.
    shortest : float
        Minutes that an appointment is not cut below.
    workers : int
        Threads, for the first times alone.
    risk : float array, shape (requests,), optional
        Probability that each patient does not come. Those above the median are a group for the guard.

    Returns
    -------
    Problem
        The week with the new lengths of appointments.
    Schedule
        One of it.
    """
    shorter, begun = retimed(problem, schedule, drawn, costs, shortest=shortest, workers=workers)
    everybody = with_everybody(problem, begun)
    held = held_visits(problem, begun)
    book = Book(problem, begun, draws_of(problem, everybody, drawn), costs, held, shortest, everybody)
    keeper = _Keeper(book, shorter, begun)
    codes, requests = list(book.sessions), len(problem.week.requests)
    keeper.keep([change for code in codes for change in reorder(book, code)])
    if effort.exchanges or effort.guard is not None:
        risky = None if risk is None or not len(risk) else risk > np.median(risk)
        movable = _movable(problem, held) & book.drawn.known
        search = Exchanging(book, movable, np.random.default_rng(effort.seed), guard=effort.guard, risky=risky)
        for _ in range(max(effort.exchanges, 1)):
            keeper.keep(search.run(requests))
        keeper.keep([change for code in codes for change in reorder(book, code)])
    return book.applied(shorter, begun)


def _movable(problem: Problem, held: Flags) -> Flags:
    """Visits that may change sessions: not held, in no series, no group visit, and as long with every provider."""
    requests = problem.week.requests
    alike = np.ones(len(requests), bool)
    if requests.by_provider is not None:
        alike = (requests.by_provider == requests.length[:, None]).all(axis=1)
    tied = np.zeros(len(requests), bool)
    for codes in problem.needs:
        tied[codes] = True
    return np.asarray(alike & ~held & ~tied & (requests.most_together == 1))


class _Keeper:
    """Keeps changes of a book that break no rule and cost less with all couplings.

    Parameters
    ----------
    book : Book
        Its sessions are those of the schedule.
    problem, schedule : Problem, Schedule
        As they are before all changes.
    """

    def __init__(self, book: Book, problem: Problem, schedule: Schedule) -> None:
        self._book, self._problem, self._schedule = book, problem, schedule
        self._known = set(check(problem, schedule).broken)
        self._cost = self._judged() or float("inf")

    def keep(self, changes: Sequence[Change]) -> None:
        """Keep what can be kept of changes that the book has taken, in order; the rest is taken back."""
        for change in reversed(changes):
            self._put(change, 0)
        for first in range(0, len(changes), _BATCH):
            self._settle(changes[first : first + _BATCH])

    def _settle(self, changes: Sequence[Change]) -> None:
        done = [change for change in changes if self._fits(change)]
        cost = self._judged() if done else None
        if cost is not None and cost <= self._cost - LEAST / 2:
            self._cost = cost
            return
        for change in reversed(done):
            self._put(change, 0)
        if len(done) > 1:
            half = len(done) // 2
            self._settle(done[:half])
            self._settle(done[half:])

    def _fits(self, change: Change) -> bool:
        """Take a change, if its sessions are as it found them and pools suffice."""
        alike = all(self._book.sessions[code] == old for code, (old, _) in change.items())
        return alike and self._put(change, 1)

    def _put(self, change: Change, which: int) -> bool:
        return self._book.put({code: both[which] for code, both in change.items()}, back=which == 0)

    def _judged(self) -> float | None:
        """Cost of the book as it is, with what couplings price; None where it breaks what was not broken before."""
        problem, schedule = self._book.applied(self._problem, self._schedule)
        if not set(check(problem, schedule).broken) <= self._known:
            return None
        return self._book.minutes() + points_beside_minutes(problem, schedule)
