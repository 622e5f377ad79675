r"""Priorities in strict levels: parts of the cost that come before all others, one level after another.

A level is optimised while those before it are held. What holds them is a price: with :math:`c_i` the points of level
:math:`i`, stage :math:`k` minimises :math:`T = \sum_{i \le k} F_i c_i` from a schedule :math:`s`, where

.. math:: F_k = 1, \quad F_j = 1 + \left\lfloor \sum_{j < i \le k} F_i c_i(s) / g_j \right\rfloor

and :math:`g_j` divides every value of :math:`c_j`. A schedule that is worse than :math:`s` in a level before, by
:math:`g_j` at least, then costs more whatever it saves below. So where the levels before are proved best, so is what a
stage finds best; and the factors stay as small as that allows. A bound :math:`B` of a stage proves
:math:`c_k \ge (B - \sum_{i < k} F_i v_i) / F_k` for all schedules with :math:`c_i \le v_i`, whatever the factors.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from schedopt.answers.left_out import Known
from schedopt.answers.result import tables_of
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.plan import Plan, Status
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Prices, PricesTimes, Rule
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.solver.cpsat.promises import settle

MOST_POINTS = 10**15
"""Most that a stage may price a schedule at: sums stay exact, also in floating point."""

Level = frozenset[str]
Solve = Callable[[Problem, Schedule | Plan | None, float], Plan]
"""Plans a problem, from a start, in so many seconds."""


def all_levels(problem: Problem, levels: Sequence[Sequence[str]]) -> tuple[Level, ...]:
    """The levels as asked for, and one of all parts of the cost that are not named.

    Parameters
    ----------
    problem : Problem
        The week.
    levels : sequence of sequences of str
        Names of parts of the cost, as in :attr:`~schedopt.models.problem.plan.Plan.costs`; the first level comes first.

    Raises
    ------
    ValueError
        If a level is empty, or a name is no part of the cost or stands there twice.
    """
    known = dict.fromkeys([*_prices(problem), *problem.weights])
    seen: set[str] = set()
    for level in levels:
        if isinstance(level, str) or not level:
            raise ValueError(
                f"expected each level to be a list of parts of the cost, such as ('access',), not {level!r}"
            )
        for name in level:
            if name not in known:
                raise ValueError(f"expected levels of parts of the cost ({', '.join(known)}), not {name!r}")
            if name in seen:
                raise ValueError(f"expected each part of the cost in one level, found {name!r} again")
            seen.add(name)
    rest = frozenset(known) - seen
    return (*map(frozenset, levels), *([rest] if rest else []))


def in_levels(problem: Problem, levels: Sequence[Level], factors: Sequence[int]) -> Problem:
    """The problem with the prices of each level times a factor, and without the prices of all other parts.

    Which options and schedules are allowed stays as it is.

    Parameters
    ----------
    problem : Problem
        The week.
    levels : sequence of frozenset of str
        Names of parts of the cost.
    factors : sequence of int
        One for each level, from 1 on.
    """
    factor = {name: times for level, times in zip(levels, factors, strict=True) for name in level}
    rules = [_scaled_rule(rule, factor) for rule in problem.rules]
    couplings = []
    for coupling in problem.couplings:
        prices = {name: price * factor.get(name, 0) for name, price in _fields_priced(problem, coupling).items()}
        couplings.append(replace(_as_dataclass(coupling), **prices))
    return replace(problem, rules=tuple(rule for rule in rules if rule is not None), couplings=tuple(couplings))


def _scaled_rule(rule: Rule, factor: Mapping[str, int]) -> Rule | None:
    if not isinstance(rule, (Prices, PricesTimes)):
        return rule
    if rule.name not in factor:
        return None
    scaled: Rule = replace(_as_dataclass(rule), points=_points(rule) * factor[rule.name])
    return scaled


def _as_dataclass(value: Rule | Coupling) -> Any:
    """The same value: rules and couplings are frozen dataclasses, which their bases do not say."""
    return value


def _points(rule: Rule) -> int:
    points = getattr(rule, "points", None)
    if not isinstance(points, int):
        raise TypeError(f"{type(rule).__name__} prices something, but has no field points that levels could scale")
    return points


def _fields_priced(problem: Problem, coupling: Any) -> dict[str, int]:
    """The fields of a coupling that are prices: those named as the parts of the cost that it makes."""
    parts = {part.name for part in coupling.parts(problem.week, nothing_placed(problem.week))}
    found = {field.name: int(getattr(coupling, field.name)) for field in fields(coupling) if field.name in parts}
    if parts - set(found):
        raise TypeError(f"{type(coupling).__name__} prices something, but has no fields named {sorted(parts)}")
    return found


def _prices(problem: Problem) -> dict[str, int]:
    """Every part of the cost that the problem has, and the points that all its values are multiples of."""
    prices = {rule.name: _points(rule) for rule in problem.rules if isinstance(rule, (Prices, PricesTimes))}
    for coupling in problem.couplings:
        prices |= _fields_priced(problem, coupling)
    return prices


def level_points(problem: Problem, levels: Sequence[Level], schedule: Schedule) -> tuple[int, ...]:
    """Points of each level by the office's own weights."""
    parts = check(problem, schedule).parts
    return tuple(sum(part.points for part in parts if part.name in level) for level in levels)


@dataclass(frozen=True)
class _Proof:
    """A stage's bound: for every schedule, the sum of factors times levels is at least so many points."""

    factors: tuple[int, ...]
    bound: int

    def least(self, values: Sequence[int]) -> int:
        """Least points of the last level for schedules no worse than these values in all levels before."""
        held = sum(f * v for f, v in zip(self.factors[:-1], values, strict=False))
        return max(0, -((held - self.bound) // self.factors[-1]))


def plan_in_levels(
    problem: Problem, levels: Sequence[Sequence[str]], solve: Solve, seconds: float, *,
    start: Schedule | Plan | None = None, deterministic: bool = False,
) -> Plan:  # fmt: skip
    """Plan a week by the office's weights, then improve one level after another without giving up those before.

    Parameters
    ----------
    problem : Problem
        The week.
    levels : sequence of sequences of str
        See :func:`all_levels`.
    solve : callable
        Plans a problem from a start in so many seconds: :func:`schedopt.plan` with its other arguments given.
    seconds : float
        For all stages together; each gets an even share of what is left.
    start : Schedule or Plan, optional
        Where to start.
    deterministic : bool
        Shares are even whatever the clock says.

    Returns
    -------
    Plan
        Cost and bound by the office's own weights; `levels` says what was reached and proved in each level. The status
        is ``optimal`` where every level is proved best, given those before.
    """
    parts = all_levels(problem, levels)
    kept, _, conflicts = settle(problem)
    begin, stages = time.monotonic(), len(parts) + 1

    def share(stage: int) -> float:
        even = seconds / stages
        return even if deterministic else max(0.1 * even, (seconds - (time.monotonic() - begin)) / (stages - stage))

    plain = solve(kept, start, share(0))
    best, proofs = plain.assignment, []
    trace = [plain.trace]
    for k in range(len(parts)):
        values = level_points(kept, parts, best)
        if not values[k]:
            proofs.append(_Proof((1,) * (k + 1), 0))
            continue
        factors = _factors(kept, parts[: k + 1], values)
        found = solve(in_levels(kept, parts[: k + 1], factors), best, share(k + 1))
        proofs.append(_Proof(factors, found.bound))
        best = min(best, found.assignment, key=lambda schedule: level_points(kept, parts, schedule))
        row = (time.monotonic() - begin, check(kept, best).cost, plain.bound)
        trace.append(pd.DataFrame([row], columns=list(plain.trace.columns)))
    values = level_points(problem, parts, best)
    table = _table(problem, parts, values, [proof.least(values) for proof in proofs])
    proved = bool((table["points"] == table["bound"]).all())
    status = _status(kept, best, proved=proved, conflict=len(conflicts) > 0)
    whole = tables_of(
        problem, kept, best, status=status, known=Known(True, status == "optimal"),
        bound=plain.bound, conflicts=conflicts, seconds=time.monotonic() - begin,
        trace=pd.concat(trace, ignore_index=True),
        record={**plain.record, "time_limit_seconds": seconds, "lexicographic": [list(level) for level in levels]},
    )  # fmt: skip
    return replace(whole, levels=table)


def _factors(problem: Problem, levels: Sequence[Level], values: Sequence[int]) -> tuple[int, ...]:
    """The price of each level in a stage; lower than it should be only where points could not be added up."""
    prices = _prices(problem)
    factors, below = [1], values[len(levels) - 1]
    for j in range(len(levels) - 2, -1, -1):
        unit = math.gcd(*(prices.get(name, 0) for name in levels[j])) or 1
        most = MOST_POINTS // len(levels) // max(1, _most(problem, levels[j]))
        factors.insert(0, max(1, min(below // unit + 1, most)))
        below += factors[0] * values[j]
    return tuple(factors)


def _most(problem: Problem, level: Level) -> int:
    """Points that no schedule exceeds in a level."""
    week, options = problem.week, problem.options
    total = 0
    for rule in problem.rules:
        if rule.name in level and isinstance(rule, (Prices, PricesTimes)):
            price = rule.price(options, week) if isinstance(rule, Prices) else rule.outside(options, week)
            total += int(rule.left_out(week).sum()) + int(price.max(initial=0)) * len(week.requests)
    sessions, steps = week.sessions, week.steps
    cells = int((sessions.end - sessions.start + sessions.overtime).sum() + steps.max_wait.sum())
    priced = [_fields_priced(problem, coupling) for coupling in problem.couplings]
    dearest = sum(price for found in priced for name, price in found.items() if name in level)
    return total + dearest * cells * week.calendar.grid


def _table(problem: Problem, levels: Sequence[Level], values: Sequence[int], bounds: Sequence[int]) -> pd.DataFrame:
    order = [*_prices(problem), *problem.weights]
    rows = [
        (number, ", ".join(dict.fromkeys(name for name in order if name in level)), value, bound)
        for number, (level, value, bound) in enumerate(zip(levels, values, bounds, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=["level", "parts", "points", "bound"])


def _status(problem: Problem, schedule: Schedule, *, proved: bool, conflict: bool) -> Status:
    if conflict:
        return "conflict"
    if proved:
        return "optimal"
    return "feasible" if len(schedule.placed) or not len(problem.options) else "nothing found"
