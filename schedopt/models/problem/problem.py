"""A problem: an office's week, ready to solve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.happened import Happened
from schedopt.models.problem.narrowing import all_options
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.week import Week

C = TypeVar("C", bound=Coupling)


@dataclass(frozen=True)
class Problem:
    """Requests, sessions, pools, options and rules of the days planned. Immutable.

    Attributes
    ----------
    week : Week
        Requests, steps, sessions and pools as columns.
    rules : tuple of Rule
        About single visits, in the order in which they are applied.
    couplings : tuple of Coupling
        About several visits.
    office_name : str
        For people.
    weights : mapping of str to int
        Prices in points, for the decision record.
    fingerprint : str
        SHA-256 of the input, for the decision record.
    barred : frozenset of int
        Codes of requests that are not to be placed: promises that cannot be kept.
    changes : tuple of Away, Closed, Cancelled, Urgent, Loosened or Released
        What has happened since it was assembled, in order; all of it is applied.
    now : datetime.datetime, optional
        The moment of planning, where one was given.
    asked : datetime.datetime, optional
        A later moment, by which more places had been released to all than at that of planning.
    """

    week: Week = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    couplings: tuple[Coupling, ...] = field(repr=False)
    office_name: str = "Office"
    weights: Mapping[str, int] = field(default_factory=dict)
    fingerprint: str = ""
    barred: frozenset[int] = frozenset()
    changes: tuple[Happened, ...] = ()
    now: dt.datetime | None = None
    asked: dt.datetime | None = None

    @property
    def calendar(self) -> Calendar:
        """The days planned and their grid."""
        return self.week.calendar

    @cached_property
    def options(self) -> Options:
        """Every way to place every request that the rules leave, grouped by request."""
        options = all_options(self.week, self.rules)
        return options.take(~np.isin(options.request, list(self.barred))) if self.barred else options

    @cached_property
    def offset(self) -> Ints:
        """Request r has options ``offset[r]`` to ``offset[r + 1] - 1``; shape (requests + 1,)."""
        return np.searchsorted(self.options.request, np.arange(len(self.week.requests) + 1))

    @cached_property
    def left_out(self) -> Ints:
        """Points of leaving each request out; shape (requests,)."""
        return sum((rule.left_out(self.week) for rule in self.rules), np.zeros(len(self.week.requests), np.int64))

    @cached_property
    def needs(self) -> tuple[Ints, Ints]:
        """Pairs of requests of which the second cannot be placed unless the first is; shape (pairs,) each."""
        pairs = [coupling.needs()[:2] for coupling in self.couplings]
        first, second = (np.concatenate([[], *column]).astype(np.int64) for column in zip(*pairs, strict=True))
        return first, second

    def coupling(self, kind: type[C]) -> C:
        """The coupling of a kind; every problem has one of each that its office needs."""
        return next(c for c in self.couplings if isinstance(c, kind))


def reached(start: Flags, one: Ints, other: Ints) -> Flags:
    """Requests reached from some, those included, by going from one to the other of pairs as often as that leads on.

    With the pairs of :attr:`Problem.needs`, that is all who need some; with the pairs turned round, all whom they need.
    """
    found = start.copy()
    while (more := found[one] & ~found[other]).any():
        found[other[more]] = True
    return found
