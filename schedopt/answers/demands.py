"""What a week demands where promises are fixed, one demand at a time; and the week with some of its demands alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings import Coupling, PoolCapacity, Promises, StepOrder
from schedopt.models.problem.exceptions import PartialProblem, set_aside
from schedopt.models.problem.names import FIXED_PROMISE, PROMISES, SESSION_HOURS
from schedopt.models.problem.narrowing import options_of
from schedopt.models.problem.options import Options, pairs
from schedopt.models.problem.problem import Problem, reached
from schedopt.models.problem.rules import Confines, Forbids, Rule, narrow
from schedopt.models.problem.sessions import Sessions
from schedopt.models.problem.week import ALL_UNITS, Pools, Week

PROMISE, PROMISED_TIME, HOURS, CLOSED = PROMISES, FIXED_PROMISE, SESSION_HOURS, "pool_closed"
"""Names of demands: a promise is kept; it is kept at its time; there is a session then; a closed pool is not used."""

WHOLE = -1
"""Code of a coupling as a whole."""


@dataclass(frozen=True, order=True)
class Demand:
    """A promise, or a rule where it applies.

    Attributes
    ----------
    rule : str
        Name of the rule or coupling, or one of the names above.
    code : int
        What it applies to: a request, a closure of a pool, or a group that a coupling ties together; -1 for a coupling
        as a whole.
    """

    rule: str
    code: int


def promise_of(request: int) -> Demand:
    """The demand that a request's promise is kept."""
    return Demand(PROMISE, request)


@dataclass(frozen=True)
class Demands:
    """The demands of a week that bear on its fixed promises.

    A promise that is not demanded leaves its request free to go anywhere, or nowhere. A request whose promise was
    fixed is never asked to keep what a fixed promise goes before (its patient has agreed once, and may again): so a
    week with fewer demands is never harder. That visits lie in sessions, and their steps in order, is not demanded but
    taken for granted, except of promises that cannot be so by themselves.

    Attributes
    ----------
    problem : Problem
        The week.
    """

    problem: Problem

    @cached_property
    def fixed(self) -> Ints:
        """Codes of the requests whose promises are fixed."""
        return np.flatnonzero(self.problem.week.requests.fixed)

    @cached_property
    def homeless(self) -> frozenset[int]:
        """Fixed promises at whose time their provider has no session that they fit into."""
        week = self.problem.week
        sessions, cells = week.sessions, week.calendar.cells_per_day
        by_day = defaultdict(list)
        for session, key in enumerate(zip(sessions.provider.tolist(), sessions.day.tolist(), strict=True)):
            by_day[key].append(session)
        promised = week.requests.promised_provider, week.requests.promised_start // cells
        found = [
            (request, session)
            for request in self.fixed.tolist()
            for session in by_day[int(promised[0][request]), int(promised[1][request])]
        ]
        options = pairs(week, *np.array(found, np.int64).reshape(-1, 2).T)
        for rule in self._roster_rules():
            options = narrow(rule, options, week)
        return frozenset(self.fixed.tolist()) - frozenset(options.request.tolist())

    @cached_property
    def astride(self) -> frozenset[int]:
        """Fixed promises whose steps do not lie within one day, however little is waited between them."""
        week, fixed = self.problem.week, self.fixed
        start, cells = week.requests.promised_start[fixed], week.calendar.cells_per_day
        early = start % cells < week.lead[fixed]
        length = week.length_with(fixed, week.requests.promised_provider[fixed])
        late = start % cells + length + week.lag[fixed] > cells
        return frozenset(fixed[early | late].tolist())

    def _roster_rules(self) -> list[Rule]:
        return [rule for rule in self.problem.rules if rule.name in (PROMISED_TIME, HOURS)]

    def chain(
        self, requests: Iterable[int], codes: Mapping[str, list[int]] | None = None
    ) -> tuple[int, ...]:  # fmt: skip
        """Some requests and all that they need, by the demands of these codes or by all; sorted."""
        if codes is None:
            needs = self.problem.needs
        else:
            asked = [(c.needs(), codes[c.name]) for c in self.problem.couplings if c.name in codes]
            inside = [np.isin(group, some) for (*_, group), some in asked]
            kept = [(first[i], second[i]) for ((first, second, _), _), i in zip(asked, inside, strict=True)]
            none = np.zeros(0, np.int64)
            needs = (
                np.concatenate([none, *(pair[0] for pair in kept)]),
                np.concatenate([none, *(pair[1] for pair in kept)]),
            )
        start = np.isin(np.arange(len(self.problem.week.requests)), list(requests))
        return tuple(np.flatnonzero(reached(start, needs[1], needs[0])).tolist())

    def rules_for(self, promised: Collection[int]) -> list[Demand]:
        """Every demand but promises that bears on some promises and on what they follow."""
        members = self.chain(promised)
        week, inside = self.problem.week, np.isin(np.arange(len(self.problem.week.requests)), members)
        options = options_of(
            self._week(frozenset(promised), week.pools), self._roster_rules(), np.array(members, np.int64)
        )
        found = [Demand(HOURS, r) for r in members if r in self.homeless]
        for coupling in sorted(self.problem.couplings, key=lambda c: not isinstance(c, StepOrder)):
            codes = self._codes(coupling, inside, options)
            found.extend(Demand(coupling.name, code) for code in codes)
            if isinstance(coupling, PoolCapacity):
                closed = np.flatnonzero(np.isin(week.pools.closed[:, 0], codes)).tolist()
                found.extend(Demand(CLOSED, row) for row in closed)
        return [*found, *self._single(members)]

    def _single(self, members: Iterable[int]) -> Iterator[Demand]:
        fixed = self.problem.week.requests.fixed
        for rule in self.problem.rules:
            if isinstance(rule, (Forbids, Confines)) and rule.name not in (PROMISED_TIME, HOURS):
                yield from (Demand(rule.name, r) for r in members if not (rule.waived and fixed[r]))

    def _codes(self, coupling: Coupling, inside: Flags, options: Options) -> list[int]:
        """What a coupling can apply to among some requests."""
        week = self.problem.week
        members = np.flatnonzero(inside)
        match coupling:
            case Promises():
                codes: Ints = np.zeros(0, np.int64)
            case StepOrder():
                codes = members[np.isin(members, list(self.astride)) & (np.diff(week.steps.offset)[members] > 1)]
            case PoolCapacity():
                needs = inside[week.steps.request[week.steps.need_step]]
                codes = week.pools.at[:, week.steps.need_kind[needs]].ravel()
            case _ if not coupling.divisible:
                return [WHOLE]
            case _:
                codes = coupling.ties(week, options.placements)[1]
        return [code for code in np.unique(codes).tolist() if code >= 0]

    def problem_of(self, demands: Collection[Demand]) -> PartialProblem:
        """The week in which these demands alone have to be met, of those requests that they ask to be placed."""
        codes: dict[str, list[int]] = defaultdict(list)
        for demand in sorted(demands):
            codes[demand.rule].append(demand.code)
        promised = frozenset(codes[PROMISE])
        to_house = promised & self.homeless - frozenset(codes[HOURS])
        promised -= to_house & self.astride  # no session could hold these: they are kept somehow, elsewhere
        only = self.chain(promised, codes)
        week = self._week(promised, self._pools(codes), homes=sorted(to_house & promised))
        rules = self._roster_rules()
        for rule in self.problem.rules:
            if rule.name in codes and isinstance(rule, (Forbids, Confines)) and rule.name != HOURS:
                rules.append(set_aside(rule, np.setdiff1d(only, codes[rule.name]).astype(np.int64), week))
        couplings = [c for c in (self._coupling(c, codes, week) for c in self.problem.couplings) if c is not None]
        astride = self.astride - frozenset(codes[StepOrder.name])
        return PartialProblem(week, tuple(rules), tuple(couplings), only=only, astride=astride)

    def _pools(self, codes: Mapping[str, list[int]]) -> Pools:
        """As many units as could ever be asked for, where the number is not demanded."""
        pools = self.problem.week.pools
        some = pools.closed[pools.closed[:, 3] < ALL_UNITS, 3]
        plenty = np.full(len(pools), len(self.problem.week.steps.need_step) + 1 + int(some.sum()), np.int64)
        kept = codes.get(PoolCapacity.name, [])
        plenty[kept] = pools.capacity[kept]
        return replace(pools, capacity=plenty, closed=pools.closed[codes.get(CLOSED, [])])

    def _week(self, promised: frozenset[int], pools: Pools, homes: Iterable[int] = ()) -> Week:
        week = self.problem.week
        fixed = np.isin(np.arange(len(week.requests)), list(promised))
        sessions = week.sessions
        for request in homes:
            sessions = _with_session_for(week, sessions, request)
        return replace(week, requests=replace(week.requests, fixed=fixed), pools=pools, sessions=sessions)

    def _coupling(self, coupling: Coupling, codes: Mapping[str, list[int]], week: Week) -> Coupling | None:
        """What is left of a coupling where only some of what it applies to is demanded."""
        asked = codes.get(coupling.name, [])
        match coupling:
            case Promises():
                return Promises()
            case StepOrder():
                return replace(coupling, astride=self.astride - frozenset(asked))
            case PoolCapacity():
                return coupling if asked or codes.get(CLOSED) else None
            case _ if coupling.divisible:
                return coupling.only(week, np.array(asked, np.int64))
        return coupling if asked else None


def _with_session_for(week: Week, sessions: Sessions, request: int) -> Sessions:
    """The sessions, and one more of the promised provider around a promise."""
    requests, cells = week.requests, week.calendar.cells_per_day
    provider, start = int(requests.promised_provider[request]), int(requests.promised_start[request])
    begin = start - int(requests.buffer_before[request])
    end = start + int(week.length_with(request, provider) + requests.buffer_after[request])
    sites = sessions.site[sessions.provider == provider]
    new = {
        "provider": provider, "site": int(sites[0]) if len(sites) else 0, "overtime": 0, "day": start // cells,
        "shift": int(sessions.shift.max(initial=-1)) + 1, "start": begin, "end": end,
    }  # fmt: skip
    columns: dict[str, Any] = {name: np.append(getattr(sessions, name), value) for name, value in new.items()}
    return replace(sessions, ids=(*sessions.ids, f"for {requests.ids[request]}"), **columns)
