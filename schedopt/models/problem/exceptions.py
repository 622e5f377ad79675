"""Rules with exceptions: the same rule, set aside for some requests.

To find out which rules a contradiction rests on, or what would have to give for a visit to be possible, rules are
set aside one by one. What is left of a rule is stated by the rule itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import speak_as
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.narrowing import options_of
from schedopt.models.problem.options import Options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Confines, Forbids, Rule
from schedopt.models.problem.spans import ALWAYS
from schedopt.models.problem.week import Week


def set_aside(rule: Rule, requests: Ints, week: Week) -> Rule:
    """A rule as it is, but not for some requests.

    Parameters
    ----------
    rule : Rule
        One that forbids or confines; others are returned as they are.
    requests : int array
        Codes.
    week : Week
        The columns.
    """
    excepted = np.zeros(len(week.requests), bool)
    excepted[requests] = True
    if isinstance(rule, Forbids):
        return _ForbidsOthers(rule, excepted)
    if isinstance(rule, Confines):
        return _ConfinesOthers(rule, excepted)
    return rule


@dataclass(frozen=True)
class _ForbidsOthers(Forbids):
    rule: Forbids
    excepted: Flags

    def __post_init__(self) -> None:
        speak_as(self, self.rule, "waived", "by_provider")

    def allows(self, options: Options, week: Week) -> Flags:
        """Everything for those excepted."""
        return self.rule.allows(options, week) | self.excepted[options.request]

    def listed(self, sessions: Ints, week: Week) -> tuple[Ints, Lists] | None:
        """No list for those excepted."""
        found = self.rule.listed(sessions, week)
        return found and (np.where(self.excepted, -1, found[0]), found[1])


@dataclass(frozen=True)
class _ConfinesOthers(Confines):
    rule: Confines
    excepted: Flags

    def __post_init__(self) -> None:
        speak_as(self, self.rule, "waived", "whole_visit")

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """All times for those excepted."""
        free = np.flatnonzero(self.excepted[options.request])
        held = np.flatnonzero(~self.excepted[options.request])
        row, start, end = self.rule.spans(options.take(held), week)
        always = [np.full(len(free), bound, np.int64) for bound in ALWAYS]
        return np.concatenate([held[row], free]), np.append(start, always[0]), np.append(end, always[1])


@dataclass(frozen=True)
class PartialProblem(Problem):
    """A problem in which some requests alone have options.

    Attributes
    ----------
    only : tuple of int
        Their codes, sorted.
    astride : frozenset of int
        Codes of those whose visits may begin on the day before that of their session, or end on the day after.
    """

    only: tuple[int, ...] = ()
    astride: frozenset[int] = frozenset()

    @cached_property
    def options(self) -> Options:
        """Every way to place those requests that the rules leave."""
        options, cells = options_of(self.week, self.rules, np.array(self.only, np.int64)), self.calendar.cells_per_day
        astride = np.isin(options.request, list(self.astride))
        opens = np.where(astride & (options.opens % cells == 0), options.opens - cells, options.opens)
        closes = np.where(astride & (options.closes % cells == 0), options.closes + cells, options.closes)
        return replace(options, opens=opens, closes=closes)
