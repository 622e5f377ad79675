"""Who cannot stay where they are after a change, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.answers.replan.held import followers, held
from schedopt.arrays import Ints
from schedopt.models.problem.carry import transfer
from schedopt.models.problem.changes import (
    Away,
    Change,
    Closed,
    Loosened,
    Released,
    Urgent,
    cancelled_codes,
    changed,
    compiled,
    promise_of,
    span_of,
)
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import DayGap, Promises, StepOrder
from schedopt.models.problem.couplings.pools import pool_usage, pool_uses
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class Upset:
    """A plan after a change, before anything is done about it.

    Attributes
    ----------
    problem : Problem
        After the change. Fixed promises that the change makes impossible bind no more than movable ones; those of
        visits that follow them need not be kept. All others bind.
    before : Schedule
        The plan's schedule, in the sessions of the changed problem; visits whose session is gone are left out.
    old : Schedule
        The plan's schedule, in the sessions of the plan's problem.
    stood : Schedule
        The same, without the visits that are cancelled.
    displaced : int array
        Codes of visits that cannot stay as they are.
    held : int array
        Codes of those among them that are promised as fixed and keep provider and time; other steps have to move.
    followers : int array
        Codes of visits that follow cancelled ones or displaced ones that are not held, and of those that follow them.
    crowded : int array
        Codes of visits that could stay, and together break a rule where all of them do, such as one about the
        provider's break; with those that follow them. Without them nothing is broken.
    urgent : int array
        Codes of requests left out that have to be placed.
    reasons : tuple of str
        For each displaced visit, why.
    crowded_by : tuple of str
        For each crowded visit, the reason of the rule; empty for one that follows.
    """

    problem: Problem
    before: Schedule
    old: Schedule
    stood: Schedule
    displaced: Ints
    held: Ints
    followers: Ints
    crowded: Ints
    urgent: Ints
    reasons: tuple[str, ...]
    crowded_by: tuple[str, ...]

    @property
    def stays(self) -> Schedule:
        """What is left of the plan, and breaks nothing, without displaced visits, followers and crowded ones."""
        return self.before.without(
            self.problem.week, np.concatenate([self.displaced, self.followers, self.crowded])
        )  # fmt: skip


def upset(problem: Problem, schedule: Schedule, changes: Sequence[Change], *, hold: bool = True) -> Upset:
    """Work out what a change displaces.

    Parameters
    ----------
    problem : Problem
        The plan's.
    schedule : Schedule
        The plan's; breaks no rule but promises.
    changes : sequence of Change
        What has happened.
    hold : bool
        Hold on to fixed promises of displaced visits of which only other steps have to move.
    """
    after = changed(problem, changes)
    week = after.week
    cancelled = cancelled_codes(week, changes)
    urgent = np.array(sorted({week.request_code[c.request] for c in changes if isinstance(c, Urgent)}), np.int64)
    urgent = urgent[(schedule.session[urgent] < 0) & ~np.isin(urgent, cancelled)]
    wanted = schedule.without(problem.week, cancelled)
    before = transfer(problem.week, wanted, week)
    why = _own_faults(after, before)
    why |= {code: "" for code in wanted.placed.tolist() if before.session[code] < 0}
    displaced = np.array(sorted(why), np.int64)
    kept = held(after, before, displaced, cancelled) if hold else displaced[:0]
    leaving = np.setdiff1d(displaced, kept)
    chain = followers(after, np.concatenate([leaving, cancelled]), wanted)
    reasons = tuple(_reason(problem, after, wanted, changes, code, why[code]) for code in displaced.tolist())
    crowd = _crowded(after, before.without(week, np.concatenate([displaced, chain])), followers(after, kept, before))
    crowded = np.array(sorted(crowd), np.int64)
    crowded = np.setdiff1d(np.union1d(crowded, followers(after, crowded, before)), np.concatenate([displaced, chain]))
    stuck = np.array([code for code, (_, fixed) in crowd.items() if fixed], np.int64)
    free = _loosened(after, np.concatenate([leaving, stuck]), chain)
    by = tuple(crowd[code][0] if code in crowd else "" for code in crowded.tolist())
    return Upset(compiled(free), before, schedule, wanted, displaced, kept, chain, crowded, urgent, reasons, by)


def _crowded(problem: Problem, present: Schedule, waiting: Ints) -> dict[int, tuple[str, bool]]:
    """Code of each visit to take out so that nothing is broken, the reason of the rule, and whether it is fixed.

    Fixed promises are taken out only where what may be moved is out already. That those who are waiting follow somebody
    who is held, and only for now not there, is no breach.
    """
    held_back = {problem.week.requests.ids[code] for code in waiting.tolist()}
    reasons = {coupling.name: coupling.reason for coupling in problem.couplings}
    fixed, found = problem.week.requests.fixed, dict[int, tuple[str, bool]]()
    while True:
        breaches = check(problem, present.without(problem.week, np.array(sorted(found), np.int64))).breaches
        breaches = breaches[breaches["rule"] != Promises.name]
        breaches = breaches[(breaches["rule"] != DayGap.name) | ~breaches["request"].isin(held_back)]
        new = {
            problem.week.request_code[name]: reasons.get(rule, rule)
            for name, rule in zip(breaches["request"], breaches["rule"], strict=True)
        }
        new = {code: why for code, why in new.items() if code not in found}
        if not new:
            return found
        movable = [code for code in new if not fixed[code]]
        found |= {code: (new[code], bool(fixed[code])) for code in movable or new}


def _own_faults(problem: Problem, schedule: Schedule) -> dict[int, str]:
    """Code of each visit that is impossible whatever others do, and what is wrong with it."""
    alone = {rule.name: rule.reason for rule in problem.rules} | {StepOrder.name: StepOrder.reason}
    breaches = check(problem, schedule).breaches
    mine = breaches[breaches["rule"].isin(list(alone))]
    faults = {
        problem.week.request_code[name]: alone[rule]
        for name, rule in zip(mine["request"], mine["rule"], strict=True)
    }  # fmt: skip
    for step, pool in shut_out(problem, schedule):
        faults.setdefault(int(problem.week.steps.request[step]), f"{problem.week.pools.ids[pool]} is closed then")
    for step, pool in _short_of(problem, schedule):
        faults.setdefault(int(problem.week.steps.request[step]), f"{problem.week.pools.ids[pool]} lacks units then")
    return faults


def _short_of(problem: Problem, schedule: Schedule) -> Iterator[tuple[int, int]]:
    """Steps, and the pools of which they and others use more units than there are: one of them has to leave."""
    over = pool_usage(problem.week, schedule) > problem.week.pools.available(problem.calendar.num_cells)
    for step, pool, start, end in zip(*(c.tolist() for c in pool_uses(problem.week, schedule)), strict=True):
        if over[pool, start:end].any():
            yield step, pool


def shut_out(problem: Problem, schedule: Schedule) -> Iterator[tuple[int, int]]:
    """Steps, and the pools that they would use while nothing of those can be used."""
    there = problem.week.pools.available(problem.calendar.num_cells) > 0
    for step, pool, start, end in zip(*(c.tolist() for c in pool_uses(problem.week, schedule)), strict=True):
        if not there[pool, start:end].all():
            yield step, pool


def _loosened(problem: Problem, leaving: Ints, followers: Ints) -> Problem:
    """Fixed promises of those who leave become movable; followers' may be broken, though not moved."""
    week, fixed = problem.week, problem.week.requests.fixed
    loose = [Loosened(*promise_of(week, code)) for code in leaving.tolist() if fixed[code]]
    free = [Released(*promise_of(week, code)) for code in followers.tolist() if fixed[code]]
    return changed(problem, [*loose, *free])


def _reason(
    problem: Problem, after: Problem, schedule: Schedule, changes: Sequence[Change], request: int, fault: str
) -> str:
    """Why a visit is displaced: the change that meets it, or the rule that it breaks now."""
    week = problem.week
    for change in changes:
        if isinstance(change, Away) and _is_seen_by(week, schedule, request, change):
            return f"{change.provider} is away then"
        if isinstance(change, Closed) and _uses(week, schedule, request, change):
            return f"{change.pool} {'is closed' if change.units is None else 'lacks units'} then"
    if fault:
        return fault
    provider, start = int(week.sessions.provider[schedule.session[request]]), int(schedule.start(week)[request])
    return f"its provider has no session then{after.week.closures.why(provider, start, start + 1)}"


def _is_seen_by(week: Week, schedule: Schedule, request: int, away: Away) -> bool:
    """Whether a visit holds a provider during an absence."""
    first, last = span_of(week, away)
    begin = int(schedule.start(week)[request] - week.requests.buffer_before[request])
    session = schedule.session[request]
    provider, hold = week.sessions.provider_ids[int(week.sessions.provider[session])], week.hold_of(request, session)
    return provider == away.provider and begin < last and first < begin + int(hold)


def _uses(week: Week, schedule: Schedule, request: int, closed: Closed) -> bool:
    """Whether a visit uses a pool, cleaning included, while it is closed."""
    first, last = span_of(week, closed)
    step, pool, start, end = pool_uses(week, schedule)
    mine = (week.steps.request[step] == request) & (pool == week.pools.ids.index(closed.pool))
    return bool((mine & (start < last) & (first < end)).any())
