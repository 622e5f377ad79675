"""Measure what a front desk waits for: slots for a caller, and the repair of a plan after a provider's day is lost.

    python -m benchmarks.desk --preset L --seed 1 --time-limit 60 --requests 1000 --days 10 --from-scratch 1

One instance is planned first. Times are those of the calls alone, in seconds of the clock and of this process's
processor time; on a machine with other work to do only the second means much. The exit status is 1 if a repaired plan
breaks a rule, or if the points of a recommended slot are not the difference that the check finds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Sequence
from statistics import median

import numpy as np

import schedopt
from benchmarks.generator import PRESETS, make_instance
from benchmarks.instances import to_problem
from benchmarks.score import SHARED
from benchmarks.table import shared_instance

MOST_CHECKED = 20
"""Recommended slots whose points are held against the check."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan, measure, print, and say by the exit status whether all is well."""
    args = _parser().parse_args(arguments)
    own = args.own or not (SHARED / "generate.py").is_file()
    problem = to_problem((make_instance if own else shared_instance)(args.preset, args.seed))
    plan = schedopt.plan(problem, args.time_limit, args.workers, seed=args.seed, progress=False)
    print(f"{args.preset} {args.seed}: {len(plan.schedule):,} visits of {len(problem.week.requests):,} requests, "
          f"{plan.cost:,} points", flush=True)  # fmt: skip
    rng = np.random.default_rng(args.seed)
    faults = [*_recommend(plan, rng, args.requests), *_replan(plan, rng, args)]
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description="Measure the front desk.")
    parser.add_argument("--preset", choices=PRESETS, default="L")
    parser.add_argument("--seed", type=int, default=1, help="of the instance, the plan and what is drawn")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for the plan")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--requests", type=int, default=1000, help="requests to recommend slots for")
    parser.add_argument("--days", type=int, default=10, help="providers' days to lose, one at a time")
    parser.add_argument("--from-scratch", type=int, default=1, help="lost days for which the week is planned anew")
    parser.add_argument("--own", action="store_true", help="use this project's generator in any case")
    return parser


def _recommend(plan: schedopt.Plan, rng: np.random.Generator, count: int) -> list[str]:
    """Recommend slots for random requests on a desk that is kept, and say how long each took."""
    clock, work = time.perf_counter(), time.process_time()
    desk = schedopt.Desk(plan)
    print(f"desk: {time.perf_counter() - clock:.2f} s, {time.process_time() - work:.2f} s of work", flush=True)
    codes = rng.choice(len(plan.problem.week.requests), min(count, len(plan.problem.week.requests)), replace=False)
    seconds, works, faults, slots, checked = [], [], [], 0, 0
    for code in codes.tolist():
        request = plan.problem.week.requests.ids[code]
        clock, work = time.perf_counter(), time.process_time()
        found = schedopt.recommend(desk, request)
        seconds.append(time.perf_counter() - clock)
        works.append(time.process_time() - work)
        slots += len(found.slots) > 0
        if len(found.slots) and checked < MOST_CHECKED:
            checked += 1
            faults += _wrong(desk, code, found)
    for name, values in (("", seconds), (" of work", works)):
        low, middle, high = np.percentile(values, [50, 99, 100]) * 1000
        print(f"recommend: {low:.1f} ms{name} in the median, 99 % within {middle:.1f} ms, longest {high:.1f} ms")
    print(f"recommend: {slots:,} of {len(codes):,} requests have a slot; {checked} checked", flush=True)
    return faults


def _wrong(desk: schedopt.Desk, code: int, found: schedopt.Recommendation) -> list[str]:
    """What is wrong with the first slot, in words."""
    places = desk.places(code)
    wanted = found.slots.iloc[0]
    week = desk.problem.week
    for number in range(len(places.row)):
        session = int(desk.problem.options.session[places.row[number]])
        clock = week.calendar.clock(int(places.start[number]))
        if (week.sessions.ids[session], clock) == (wanted["session"], wanted["start"]):
            audit = schedopt.check(desk.problem, desk.placed(places, number))
            if len(audit.breaches) or audit.cost - desk.plan.cost != wanted["points"]:
                return [f"{found.request}: {wanted['points']} points, the check says {audit.cost - desk.plan.cost}"]
    return []


def _replan(plan: schedopt.Plan, rng: np.random.Generator, args: argparse.Namespace) -> list[str]:
    """Lose random providers' days, one at a time, and repair the plan."""
    seconds, works, moved, lost, faults = [], [], [], [], []
    days = plan.schedule[["provider", "date"]].drop_duplicates()
    for number, row in enumerate(rng.choice(len(days), min(args.days, len(days)), replace=False).tolist()):
        provider, date = days.iloc[row]
        midnight = dt.datetime.combine(date, dt.time())
        away = schedopt.Away(provider, midnight, midnight + dt.timedelta(days=1))
        clock, work = time.perf_counter(), time.process_time()
        repair = schedopt.replan(plan, [away])
        seconds.append(time.perf_counter() - clock)
        works.append(time.process_time() - work)
        moved.append(repair.moved)
        lost.append(repair.lost)
        held = int(((plan.schedule["provider"] == provider) & (plan.schedule["date"] == date)).sum())
        print(f"replan: {provider} away on {date}, {held} visits: {repair.moved} moved, {repair.lost} lost "
              f"({repair.lost_points:,} points), {seconds[-1]:.1f} s, {works[-1]:.1f} s of work",
              flush=True)  # fmt: skip
        if len(schedopt.check(repair.plan.problem, repair.plan.assignment).breaches):
            faults.append(f"{provider} away on {date}: the repaired plan breaks a rule")
        if number < args.from_scratch:
            anew = schedopt.plan(repair.plan.problem, args.time_limit, args.workers, seed=args.seed, progress=False)
            print(f"from scratch: {_elsewhere(plan, anew):,} of {len(plan.schedule):,} visits moved, "
                  f"{len(anew.schedule):,} placed", flush=True)  # fmt: skip
    if moved:
        print(f"replan: longest {max(seconds):.1f} s, {max(works):.1f} s of work; {median(moved):.0f} moved and "
              f"{median(lost):.0f} lost in the median", flush=True)  # fmt: skip
    return faults


def _elsewhere(plan: schedopt.Plan, other: schedopt.Plan) -> int:
    """Visits of a plan that have another provider or start in another plan, and are not lost."""
    keys = ["provider", "date", "start"]
    both = plan.schedule.merge(other.schedule, on="request", suffixes=("", "_new"))
    return int((both[keys].to_numpy() != both[[f"{key}_new" for key in keys]].to_numpy()).any(axis=1).sum())


if __name__ == "__main__":
    sys.exit(main())
