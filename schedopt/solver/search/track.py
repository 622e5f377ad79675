"""The best schedule so far, what is known about it, and when to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.check import check
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.known import unknown
from schedopt.solver.search.mend import mended


@dataclass(frozen=True)
class Moment:
    """How far a search is.

    Attributes
    ----------
    seconds : float
        Since the start.
    limit : float
        Seconds allowed.
    cost, bound : int
        Points, of the best schedule and proved for all.
    placed, requests : int
        Visits in the best schedule, and requests in all.
    doing : str
        What the search is at, in words.
    """

    seconds: float
    limit: float
    cost: int
    bound: int
    placed: int
    requests: int
    doing: str


Listener = Callable[[Moment], None]
Forced = Callable[[Ints, float], Floats]
"""For requests, points that no schedule costs less than that places them; no closer than the points that matter."""


@dataclass
class Track:
    """Keeps the best schedule, the best bound and the trace; the one mutable thing that all phases share.

    Parameters
    ----------
    problem : Problem
        The week.
    best : Schedule
        A schedule to start from.
    limit : float
        Seconds allowed in all.
    listener : callable, optional
        Told of every improvement and every new phase.
    deterministic : bool
        The clock ends nothing: phases count their work themselves.
    """

    problem: Problem
    best: Schedule
    limit: float
    listener: Listener | None = None
    deterministic: bool = False
    bound: int = 0
    forced: Forced | None = None
    cost: int = 0
    doing: str = "reading"
    trace: list[tuple[float, int, int]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)
    moves: int = 0
    moving_seconds: float = 0.0
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._unknown = unknown(self.problem)
        self.cost = check(self.problem, self.best).cost
        self._note()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.started

    @property
    def closed(self) -> bool:
        """The best schedule is proved to be the best."""
        return self.cost <= self.bound

    def left(self, share: float = 1.0) -> float:
        """Seconds left of a share of the time allowed; none after a stop, all of them where work is counted."""
        if self.stopped.is_set():
            return 0.0
        return share * self.limit - (0.0 if self.deterministic else min(self.seconds, share * self.limit))

    def offer(self, schedule: Schedule) -> bool:
        """Take a schedule if it breaks nothing and costs less than the best; its cost is worked out here.

        What breaks a coupling that the search does not know is left out of it.
        """
        if self._unknown:
            schedule = mended(self.problem, self._unknown, schedule)
        audit = check(self.problem, schedule)
        if len(audit.breaches) or audit.cost >= self.cost:
            return False
        self.best, self.cost = schedule, audit.cost
        self._note()
        return True

    def prove(self, bound: int) -> None:
        """Take a bound if it is higher than the best known."""
        if bound > self.bound:
            self.bound = bound
            self._note()

    def least_with(self, requests: Ints) -> Floats:
        """For requests that have options, points that no schedule costs less than that places them.

        That is the bound, unless `forced` proves that they cost as much as the best schedule.
        """
        if self.forced is None or self.closed or not len(requests):
            return np.full(len(requests), float(self.bound))
        return np.maximum(self.bound, self.forced(requests, self.cost))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the clock."""
        since = time.monotonic()
        yield
        self.started += time.monotonic() - since

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Moves are made, by however many workers, and the time counts as theirs."""
        since = time.monotonic()
        try:
            yield
        finally:
            self.moving_seconds += time.monotonic() - since

    def moved(self, moves: int) -> None:
        """So many moves were made; any thread may say so."""
        with self._counting:
            self.moves += moves

    @property
    def effort(self) -> dict[str, int]:
        """Moves that were made, and how many a second of moving, all workers together; for the decision record."""
        return {"moves": self.moves, "moves_per_second": round(self.moves / max(1e-9, self.moving_seconds))}

    def phase(self, doing: str) -> None:
        """Say what comes next."""
        self.doing = doing
        self._tell()

    def _note(self) -> None:
        self.trace.append((round(self.seconds, 3), self.cost, self.bound))
        self._tell()

    def _tell(self) -> None:
        if self.listener is not None:
            placed, requests = len(self.best.placed), len(self.best.session)
            self.listener(Moment(self.seconds, self.limit, self.cost, self.bound, placed, requests, self.doing))
