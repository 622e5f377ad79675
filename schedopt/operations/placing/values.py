"""What is to be placed, and what came of it, as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from schedopt.models.problem.changes import Change
from schedopt.models.problem.plan import Plan

WORKDAYS = (0, 1, 2, 3, 4)
"""Monday to Friday."""
PLACED = (
    "task", "what", "site", "date", "start", "end", "points", "points_next_monday", "visits_moved", "visits_left_out",
    "why", "priced",
)  # fmt: skip
"""Columns of placements."""
UNPLACED = ("task", "what", "reason")
"""Columns of tasks without a place."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Units of a pool that a task takes.

    Attributes
    ----------
    pool : str
        Id.
    units : int, optional
        How many; None: the whole pool is closed.
    taken_by : str, optional
        Which device it is, or what takes the units; without it the task's own id. No device has two tasks at once.
    """

    pool: str
    units: int | None = 1
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Some minutes for which people, units of pools or whole sites are taken, all at the same time.

    Attributes
    ----------
    task : str
        Id.
    minutes : int
        How long it takes.
    first, last : datetime.date
        The days on which it may be.
    reason : str
        For people, such as ``calibration``; nothing about a person.
    providers : tuple of str
        Ids of the plan's providers who are taken out of their sessions. A time does only if all are in a session then.
    pools : tuple of Taken
        Units of pools.
    sites : tuple of str
        Sites that are closed: everybody who has a session there, and every pool, are taken.
    who : tuple of str
        Whoever else has to be there, and whom the plan does not know, such as a technician: nobody has two tasks at
        once.
    hours : tuple of (int, int)
        Stretches of the day, in minutes from midnight, within one of which the task lies; empty: from the first start
        to the last end of that day's sessions, at the sites that are concerned.
    weekdays : tuple of int
        Days of the week on which it may be; 0 is Monday.
    late : datetime.date, optional
        Where no day until `last` will do: the last day on which it may be then.
    """

    task: str
    minutes: int
    first: dt.date
    last: dt.date
    reason: str = ""
    providers: tuple[str, ...] = ()
    pools: tuple[Taken, ...] = ()
    sites: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[int, ...] = WORKDAYS
    late: dt.date | None = None

    @property
    def what(self) -> str:
        """Who and what is taken, in ids."""
        pools = [taken.taken_by or _pool_words(taken) for taken in self.pools]
        return ", ".join((*self.providers, *pools, *self.sites, *self.who))

    @property
    def names(self) -> frozenset[str]:
        """People and devices that can be in one place at a time only."""
        devices = [f"{taken.pool}/{taken.taken_by}" for taken in self.pools if taken.taken_by]
        return frozenset((*self.providers, *self.who, *devices))


def _pool_words(taken: Taken) -> str:
    return taken.pool if taken.units is None else f"{taken.units} of {taken.pool}"


@dataclass(frozen=True)
class Loss:
    """What a plan loses at one time.

    Attributes
    ----------
    number : int
        Position among the starts.
    points : float
        Points.
    moved, left_out : float
        Visits.
    plan : Plan or None
        The plan after it, where the day is planned.
    """

    number: int
    points: float
    moved: float
    left_out: float
    plan: Plan | None

    @property
    def rank(self) -> tuple[float, float, int]:
        """The best has the least; the earliest of those that are as good."""
        return self.points, self.moved + self.left_out, self.number


@dataclass(frozen=True)
class Placed:
    """Where tasks have been placed.

    Attributes
    ----------
    placements : pandas.DataFrame
        One row a task, by date and start: ``task``, ``what`` (ids), ``site`` (ids, empty where none is concerned),
        ``date`` (datetime.date), ``start``, ``end`` (HH:MM), ``points`` (what the plan loses), ``points_next_monday``
        (what it would lose if the task were put at the first start on the next Monday that will do; NaN where there is
        none), ``visits_moved``, ``visits_left_out``, ``why`` (a sentence), ``priced`` (``plan``: exactly, by repairing
        the plan; ``usual load``: on a day after those planned, the mean of the planned days of the same weekday).
    unplaced : pandas.DataFrame
        Tasks without a place: ``task``, ``what``, ``reason``.
    changes : tuple of Away or Closed
        For :func:`schedopt.replan`: what the placements on planned days take.
    later : tuple of Away or Closed
        The same of placements on days after those planned.
    plan : Plan
        The plan after all `changes`.
    """

    placements: pd.DataFrame
    unplaced: pd.DataFrame
    changes: tuple[Change, ...]
    later: tuple[Change, ...]
    plan: Plan
