"""A problem: an office's week, ready to solve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from schedopt.models.calendar import Calendar
from schedopt.models.couplings import Coupling
from schedopt.models.narrowing import all_options
from schedopt.models.options import Options
from schedopt.models.rules import Rule
from schedopt.models.week import Ints, Week

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
    """

    week: Week = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    couplings: tuple[Coupling, ...] = field(repr=False)
    office_name: str = "Office"
    weights: Mapping[str, int] = field(default_factory=dict)
    fingerprint: str = ""
    barred: frozenset[int] = frozenset()

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

    def coupling(self, kind: type[C]) -> C:
        """The coupling of a kind; every problem has one of each that its office needs."""
        return next(c for c in self.couplings if isinstance(c, kind))


def compile_problem(
    week: Week, rules: Sequence[Rule], couplings: Sequence[Coupling], *,
    office_name: str = "Office", weights: Mapping[str, int] | None = None, fingerprint: str = "",
) -> Problem:  # fmt: skip
    """Put a problem together, and work out its options at once.

    Parameters
    ----------
    week : Week
        The columns.
    rules, couplings : sequences
        From all sources.
    office_name, weights, fingerprint
        See :class:`Problem`.
    """
    problem = Problem(week, tuple(rules), tuple(couplings), office_name, dict(weights or {}), fingerprint)
    _ = problem.offset, problem.left_out  # worked out here, so that solving does not start with it
    return problem
