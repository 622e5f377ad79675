"""What new start times change in a planned week, and how long finding them takes.

    python -m benchmarks.retime --office examples/office --week 2026-11-30
    python -m benchmarks.retime --real ../shared/data --week 2025-10-06
    python -m benchmarks.retime --preset L --seed 1

The week is planned first. What is uncertain is assumed: service times with the planned length as their mean, 10 % of
patients who do not come. Times are chosen on 500 weeks and judged on 1,000 others, paired; ± is half of a 95 %
confidence interval. Seconds are those of the clock, and of this process's processor time. The exit status is 1 if the
new plan breaks a rule that the old one keeps.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

import schedopt
from benchmarks.generator import PRESETS, make_instance
from benchmarks.instances import to_problem
from benchmarks.realweek.assembly import real_week
from benchmarks.score import SHARED
from benchmarks.table import shared_instance
from schedopt.office import office_from_frames


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan, time, play both, print."""
    args = _parser().parse_args(arguments)
    problem = problem_of(args)
    plan = schedopt.plan(problem, args.time_limit, args.workers, seed=args.seed, progress=False)
    uncertainty = schedopt.Uncertainty.assumed(plan)
    drawn = uncertainty.scenarios(500, args.seed)
    costs = schedopt.Costs(*args.costs)
    began, worked = time.perf_counter(), time.process_time()
    new = schedopt.retime(plan, drawn, costs, workers=args.workers)
    took = f"{time.perf_counter() - began:.1f} s, {time.process_time() - worked:.1f} s of work"
    week = plan.problem.week
    moved = int((plan.assignment.start(week) != new.assignment.start(week)).sum())
    sessions = plan.schedule["session"].nunique()
    print(
        f"{len(plan.schedule):,} visits in {sessions:,} sessions of {len(week.sessions.provider_ids):,} providers: "
        f"{moved:,} moved, timed in {took}"
    )
    before, after = (schedopt.simulate(one, uncertainty, 1000, seed=args.seed) for one in (plan, new))
    table = schedopt.compare(before, after)
    print(table.drop(columns="certain").to_string(index=False, float_format=lambda number: f"{number:,.3f}"))
    saved = _cost(table, costs, before) - _cost(table, costs, before, "other")
    print(f"all minutes at {args.costs}: {saved:,.0f} a week saved of {_cost(table, costs, before):,.0f}")
    faults = len(schedopt.check(new.problem, new.assignment).breaches)
    faults -= len(schedopt.check(plan.problem, plan.assignment).breaches)
    print(f"{max(faults, 0)} rules newly broken")
    return int(faults > 0)


def _cost(table: pd.DataFrame, costs: schedopt.Costs, before: schedopt.Simulated, which: str = "one") -> float:
    means = table.set_index("measure")[which]
    come = float((before.visits["came"]).sum())
    return float(
        means["waiting"] * come * costs.waiting + means["idle"] * costs.idle + means["overtime"] * costs.overtime
    )


def problem_of(args: argparse.Namespace) -> schedopt.Problem:
    """The week that was asked for."""
    if args.office is not None:
        return schedopt.assemble(schedopt.read_office(args.office), args.week)
    if args.real is not None:
        real = real_week(args.real, args.week, args.seed, args.load)
        return schedopt.assemble(office_from_frames(real.frames, real.settings), real.week)
    own = args.own or not (SHARED / "generate.py").is_file()
    return to_problem((make_instance if own else shared_instance)(args.preset, args.seed))


def parser_of(module: str, description: str) -> argparse.ArgumentParser:
    """Which week to plan, for how long, and what minutes cost; for a benchmark module of this name."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{module}", description=description)
    parser.add_argument("--office", type=Path, help="an office's folder")
    parser.add_argument("--real", type=Path, help="the folder of public data of benchmarks.real_week")
    parser.add_argument("--week", type=dt.date.fromisoformat, default=dt.date(2026, 11, 30))
    parser.add_argument("--preset", choices=PRESETS, default="S", help="without an office: a generated week")
    parser.add_argument("--load", type=float, default=1.0, help="of a real week: minutes asked for over minutes there")
    parser.add_argument("--own", action="store_true", help="use this project's generator in any case")
    parser.add_argument("--time-limit", type=float, default=20.0, help="seconds for the plan")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--costs", type=float, nargs=3, default=(1.0, 4.0, 6.0), metavar=("WAITING", "IDLE", "OVERTIME")
    )
    return parser


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("retime", "Measure new start times.")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
