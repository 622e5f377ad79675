"""A schedule whose sessions have other orders, and other visits, for what is uncertain about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import ProviderTime
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, place_at
from schedopt.timing.annealing.chances import chances_of
from schedopt.timing.annealing.making import tied
from schedopt.timing.annealing.search import annealed
from schedopt.timing.book import LEAST, Book, Change, draws_of
from schedopt.timing.costs import Costs
from schedopt.timing.guard import Guard
from schedopt.timing.overbooking import booked
from schedopt.timing.retiming import held_visits, retimed
from schedopt.uncertainty.week import Uncertainty, WeekScenarios

_BATCH = 50
"""Changes that are checked against all rules at once."""


@dataclass(frozen=True)
class Effort:
    """How long to look, and what for.

    Attributes
    ----------
    moves : int
        Tried, a request; 0: visits stay in their sessions and in their order.
    seed : int
        Of the moves that are tried.
    guard : Guard, optional
        With it, requests that were left out are booked beyond what fits, where it allows that.
    """

    moves: int = 2000
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
    problem: Problem, schedule: Schedule, known: Uncertainty, drawn: WeekScenarios, costs: Costs, effort: Effort, *,
    shortest: float = 10.0, workers: int = 2,
) -> tuple[Problem, Schedule]:  # fmt: skip
    """New times, orders and sessions of visits that cost less over the scenarios, minutes and points together.

    First come the times of :func:`~schedopt.timing.retiming.retimed`. From there sessions are annealed
    (:func:`~schedopt.timing.annealing.search.annealed`), and get their best times anew. What is changed is kept where
    the cost over the scenarios falls and no rule is newly broken; so the result never costs more, on these scenarios,
    than the retimed schedule.

    Parameters
    ----------
    problem, schedule : Problem, Schedule
        The week, and one of its schedules.
    known : Uncertainty
        Of the visits of :func:`with_everybody`.
    drawn : WeekScenarios
        Sampled from that.
    costs : Costs
        Of a minute, in points.
    effort : Effort
        How long to look.
    shortest : float
        Minutes that an appointment is not cut below.
    workers : int
        Threads; another number gives another result.

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
    able = movable(problem, held) & book.drawn.known
    if effort.moves:
        rng = np.random.default_rng(effort.seed)
        alone = able & ~tied(problem)
        chances = chances_of(book.week, everybody, known)
        moves = effort.moves * len(problem.week.requests)
        annealed(book, chances, begun, alone, moves, workers, rng, keeper.settle)
        keeper.keep(_retimed(book))
    if effort.guard is not None:
        keeper.keep(booked(book, able, effort.guard, _risky(problem, known)))
    return book.applied(shorter, begun)


def _risky(problem: Problem, known: Uncertainty) -> Flags:
    """Requests whose patients come less probably than the median; shape (requests,)."""
    risk = np.zeros(len(problem.week.requests))
    risk[[problem.week.request_code[name] for name in known.requests]] = 1 - np.array(known.show)
    return np.asarray(risk > np.median(risk)) if len(risk) else np.zeros(0, bool)


def _retimed(book: Book) -> list[Change]:
    """Sessions at their best times, where these cost less."""
    found = list[Change]()
    for code, old in list(book.sessions.items()):
        new = book.timed(code, old)
        if new.cost < old.cost - LEAST and book.put({code: new}):
            found.append({code: (old, new)})
    return found


def movable(problem: Problem, held: Flags) -> Flags:
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

    def settle(self, changes: Sequence[Change]) -> float:
        """Make those changes that break no rule, none of which shares a session with another; the cost with them."""
        new = {code: both[1] for change in changes for code, both in change.items()}
        left = list(changes) if self._book.put(new) else []
        while True:
            problem, schedule = self._book.applied(self._problem, self._schedule)
            broken = set(check(problem, schedule).broken) - self._known
            if not broken or not left:
                return float("inf") if broken else self._book.minutes() + points_beside_minutes(problem, schedule)
            codes = {int(schedule.session[problem.week.request_code[row[0]]]) for row in broken}
            bad = [change for change in left if codes & change.keys()] or left
            for change in bad:
                self._put(change, 0)
            left = [change for change in left if change not in bad]

    def keep(self, changes: Sequence[Change]) -> None:
        """Keep what can be kept of changes that the book has taken, in order; the rest is taken back."""
        for change in reversed(changes):
            self._put(change, 0)
        self._cost = self.settle([])
        for first in range(0, len(changes), _BATCH):
            self._halve(changes[first : first + _BATCH])

    def _halve(self, changes: Sequence[Change]) -> None:
        done = [change for change in changes if self._fits(change)]
        cost = self._judged() if done else None
        if cost is not None and cost <= self._cost - LEAST / 2:
            self._cost = cost
            return
        for change in reversed(done):
            self._put(change, 0)
        if len(done) > 1:
            half = len(done) // 2
            self._halve(done[:half])
            self._halve(done[half:])

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
