"""What planning with uncertainty in mind saves, against planning first and then setting times.

    python -m benchmarks.uncertain --office examples/office --week 2026-11-30 --seeds 1 2 3
    python -m benchmarks.uncertain --real ../shared/data --week 2025-10-06 --seeds 1 2
    python -m benchmarks.uncertain --preset M --seeds 11 12 13

For each seed a week is planned once; the plan then gets new times (`retime`), or new times, orders and sessions
(`rearrange`), both chosen on the same 1,000 weeks. Both are judged on other weeks by `simulate`, paired. The cost is
that of `expected_costs`: points of the plan, without planned idle minutes and overtime, and expected minutes. For
waiting at equal provider cost, `rearrange` also runs with dearer minutes of waiting; the waiting is read off between
the runs where the provider's minutes cost the same, or from the last run where they still cost less. Changes are in per
cent of the retimed plan; ± is half of a 95 % confidence interval over the weeks played, and in the last row over the
seeds (paired t). The exit status is 1 if a rule is broken.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

import schedopt
from benchmarks.retime import parser_of, problem_of
from schedopt.answers.rearrange import SCENARIOS
from schedopt.arrays import Floats
from schedopt.simulation.expected import minutes_by_week
from schedopt.simulation.figures import half_width
from schedopt.timing.arranging import Effort

_DEARER = (1.0, 1.6, 2.5)
"""Times as much as a minute of waiting costs, for the waiting at equal provider cost."""
_HEADINGS = ("points and minutes", "minutes", "points", "waiting at no higher provider cost")


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan, time, rearrange, judge, print."""
    args = _parser().parse_args(arguments)
    rows, broken = [], 0
    for seed in args.seeds:
        found, faults = _week(argparse.Namespace(**{**vars(args), "seed": seed}))
        rows.append([float(values.mean()) for values in found])
        broken += faults
        words = (f"{heading} {values.mean():+.1f} ± {half_width(values):.1f} %" for heading, values in _named(found))
        print(f"seed {seed}: {'; '.join(words)}; {faults} rules newly broken", flush=True)
    if len(rows) > 1:
        table = np.array(rows).T
        words = (f"{heading} {values.mean():+.1f} ± {half_width(values):.1f} %" for heading, values in _named(table))
        print(f"{len(rows)} seeds: {'; '.join(words)}")
    return int(broken > 0)


def _named(columns: Sequence[Floats] | Floats) -> list[tuple[str, Floats]]:
    return list(zip(_HEADINGS, columns, strict=True))


def _week(args: argparse.Namespace) -> tuple[list[Floats], int]:
    """Changes in per cent in each week played, one entry a heading, and how many rules are newly broken."""
    problem, costs = problem_of(args), schedopt.Costs(*args.costs)
    plan = schedopt.plan(
        problem, args.time_limit, args.workers, seed=args.seed, progress=False, deterministic=args.deterministic
    )
    assumed, effort = schedopt.Uncertainty.assumed, schedopt.Effort(args.moves, args.seed, _guard(args))
    drawn = assumed(plan).scenarios(SCENARIOS, args.seed)
    worked = time.process_time()
    old = schedopt.retime(plan, drawn, costs, workers=args.workers)
    timed = time.process_time()
    new = schedopt.rearrange(plan, assumed, costs, effort, workers=args.workers)
    rearranged = time.process_time()
    print(
        f"{len(plan.schedule):,} visits planned, {len(new.schedule):,} rearranged; {timed - worked:.1f} s of work for "
        f"times, {rearranged - timed:.1f} s for orders and sessions"
    )
    judged = _judged(old, args)
    dearer = [
        _judged(
            schedopt.rearrange(
                plan, assumed, replace(costs, waiting=factor * costs.waiting), effort, workers=args.workers
            ),
            args,
        )
        for factor in _DEARER[1:]
    ]
    found = _changes(old, new, judged, [_judged(new, args), *dearer], costs)
    known = set(schedopt.check(plan.problem, plan.assignment).broken)
    return found, len(set(schedopt.check(new.problem, new.assignment).broken) - known)


def _guard(args: argparse.Namespace) -> schedopt.Guard | None:
    return schedopt.Guard() if args.overbook else None


def _judged(plan: schedopt.Plan, args: argparse.Namespace) -> schedopt.Simulated:
    return schedopt.simulate(plan, schedopt.Uncertainty.assumed(plan), args.replications, seed=args.seed + 1_000)


def _changes(
    old: schedopt.Plan, new: schedopt.Plan, before: schedopt.Simulated, after: Sequence[schedopt.Simulated],
    costs: schedopt.Costs,
) -> list[Floats]:  # fmt: skip
    """One array a heading, shape (weeks,): change in per cent of the mean before."""
    one, other = (schedopt.expected_costs(p, s, costs) for p, s in ((old, before), (new, after[0])))
    minutes = [_minutes(played, costs) for played in (before, after[0])]
    points = [whole - part for whole, part in zip((one, other), minutes, strict=True)]
    return [
        _percent(one, other), _percent(*minutes), _percent(*points), _at_equal_provider_cost(before, after, costs)
    ]  # fmt: skip


def _percent(one: Floats, other: Floats) -> Floats:
    return np.asarray(100 * (other - one) / one.mean())


def _minutes(played: schedopt.Simulated, costs: schedopt.Costs) -> Floats:
    waited, idle, overtime = minutes_by_week(played)
    return np.asarray(costs.waiting * waited + costs.idle * idle + costs.overtime * overtime)


def _at_equal_provider_cost(
    before: schedopt.Simulated, after: Sequence[schedopt.Simulated], costs: schedopt.Costs
) -> Floats:
    """Change of waiting, between the two runs next to where the provider costs the same.

    That of the last run where the provider costs less in all; NaN where more already in the first.
    """
    provider = replace(costs, waiting=0.0)
    goal = float(_minutes(before, provider).mean())
    paid = [float(_minutes(played, provider).mean()) for played in after]
    waited = [minutes_by_week(played)[0] for played in after]
    for left in range(len(after) - 1):
        if paid[left] <= goal <= paid[left + 1]:
            share = (goal - paid[left]) / (paid[left + 1] - paid[left])
            both = (1 - share) * waited[left] + share * waited[left + 1]
            return _percent(minutes_by_week(before)[0], both)
    if max(paid) <= goal:
        return _percent(minutes_by_week(before)[0], waited[-1])
    return np.full(len(waited[0]), np.nan)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("uncertain", "Measure plans for chance.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11])
    parser.add_argument("--deterministic", action="store_true", help="count work instead of seconds")
    parser.add_argument("--moves", type=int, default=Effort().moves, help="tried, a request")
    parser.add_argument("--overbook", action="store_true", help="book more than fits, by the usual guard")
    parser.add_argument("--replications", type=int, default=500, help="weeks to judge on")
    return parser


if __name__ == "__main__":
    sys.exit(main())
