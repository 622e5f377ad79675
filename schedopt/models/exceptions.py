"""Rules with exceptions: the same rule, set aside for some requests, visits or groups.

To find out which rules a contradiction rests on, or what would have to give for a visit to be possible, rules are
set aside one by one. What is left of a rule is stated by the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from schedopt.models.couplings import Breach, Coupling, Encoder, Limit, Part
from schedopt.models.lists import Lists
from schedopt.models.narrowing import options_of
from schedopt.models.options import Options
from schedopt.models.problem import Problem
from schedopt.models.rules import Confines, Forbids, Rule
from schedopt.models.schedule import Schedule
from schedopt.models.spans import ALWAYS
from schedopt.models.week import Flags, Ints, Week


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


def _speak_as(value: object, rule: Rule | Coupling, *more: str) -> None:
    """Take over what a rule says about itself; as an attribute of the value, for the class speaks for many."""
    for attribute in ("name", "source", "reason", *more):
        object.__setattr__(value, attribute, getattr(rule, attribute))


@dataclass(frozen=True)
class _ForbidsOthers(Forbids):
    rule: Forbids
    excepted: Flags

    def __post_init__(self) -> None:
        _speak_as(self, self.rule, "waived", "by_provider")

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
        _speak_as(self, self.rule, "waived", "whole_visit")

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """All times for those excepted."""
        free = np.flatnonzero(self.excepted[options.request])
        held = np.flatnonzero(~self.excepted[options.request])
        row, start, end = self.rule.spans(options.take(held), week)
        always = [np.full(len(free), bound, np.int64) for bound in ALWAYS]
        return np.concatenate([held[row], free]), np.append(start, always[0]), np.append(end, always[1])


@dataclass(frozen=True)
class Among(Coupling):
    """A coupling that sees some visits only, as if all others were left out.

    Attributes
    ----------
    coupling : Coupling
        What is asked of the visits seen.
    requests : bool array, shape (requests,)
        Requests whose visits are seen.
    sessions : bool array, shape (sessions,)
        Sessions in which visits are seen.
    """

    coupling: Coupling
    requests: Flags
    sessions: Flags

    def __post_init__(self) -> None:
        _speak_as(self, self.coupling)

    def _seen(self, week: Week, schedule: Schedule) -> Schedule:
        seen = self.requests & np.append(self.sessions, False)[schedule.session]
        return schedule.without(week, np.flatnonzero(~seen))

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """What the visits seen break among themselves."""
        return self.coupling.breaches(week, self._seen(week, schedule))

    def post(self, encoder: Encoder) -> None:
        """Post the coupling to a model that shows it the visits seen."""
        self.coupling.post(_Glimpse(encoder, self))

    def parts(self, week: Week, schedule: Schedule) -> Sequence[Part]:
        """Nothing: what is set aside in part has no price."""
        return ()


class _Glimpse:
    """An encoder that shows some visits only."""

    def __init__(self, encoder: Encoder, among: Among) -> None:
        self._encoder, self._among = encoder, among
        self.model: Any = encoder.model
        self.week: Week = encoder.week
        self.free: Sequence[int] = [r for r in encoder.free if among.requests[r]]
        self.outside: Schedule = encoder.outside

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        request, session = self._encoder.pairs()
        seen = self._among.requests[request] & self._among.sessions[session]
        return request[seen], session[seen]

    def pairs(self) -> tuple[Ints, Ints]:
        return self._pairs

    def at(self, request: int, session: int) -> Any:
        return self._encoder.at(request, session)

    def sessions(self, request: int) -> Sequence[int]:
        return [s for s in self._encoder.sessions(request) if self._among.sessions[s]]

    def at_site(self, request: int, site: int, day: int) -> Any:
        return self._encoder.at_site(request, site, day)

    def placed(self, request: int) -> Any:
        return self._encoder.placed(request)

    def is_free(self, request: int) -> bool:
        return self._encoder.is_free(request)

    def start(self, step: int) -> Any:
        return self._encoder.start(step)

    def pay(self, expression: Any, points: int) -> None:
        """Nothing: see :meth:`Among.parts`."""


@dataclass(frozen=True)
class SomeGroups(Limit):
    """A limit on some of its groups, or on all others.

    Attributes
    ----------
    limit : Limit
        What is asked.
    chosen : int array
        Groups, sorted.
    but : bool
        True: the limit holds for all groups but those chosen. False: for those chosen alone.
    """

    limit: Limit
    chosen: Ints
    but: bool = False

    def __post_init__(self) -> None:
        _speak_as(self, self.limit, "within_shift")

    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """The limit's groups, those set aside left out."""
        row, group = self.limit.groups(week, request, session)
        kept = np.isin(group, self.chosen) != self.but
        return row[kept], group[kept]

    def most(self, week: Week, group: int) -> int:
        """The limit's."""
        return self.limit.most(week, group)

    def words(self, week: Week, group: int) -> str:
        """The limit's."""
        return self.limit.words(week, group)


@dataclass(frozen=True)
class PartialProblem(Problem):
    """A problem in which some requests alone have options.

    Attributes
    ----------
    only : tuple of int
        Their codes, sorted.
    """

    only: tuple[int, ...] = ()

    @cached_property
    def options(self) -> Options:
        """Every way to place those requests that the rules leave."""
        return options_of(self.week, self.rules, np.array(self.only, np.int64))
