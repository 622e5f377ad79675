"""Plan instances of several sizes and print one table: cost, proven bound, gap, visits and seconds.

    python -m benchmarks.table --presets S M L --seeds 1 2 3 --time-limit 60 --workers 2 --markdown table.md

With ``--peers``, other ways to plan the same weeks are run beside this library, and the table has a row for each.

Instances come from ``../shared/weekbench`` where that is there, else (or with ``--own``) from
:mod:`benchmarks.generator`. The exit status is 1 if a schedule breaks a rule or a bound lies above a cost.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import cast

import schedopt
from benchmarks.generator import PRESETS, make_instance
from benchmarks.instances import Instance, to_problem
from benchmarks.peers import comparison
from benchmarks.peers.protocol import Task
from benchmarks.score import SHARED, judge
from schedopt.solver.search.local import first_fit

MOMENTS = (5, 15, 30)
"""Seconds after which the cost so far is shown."""
HEAD = (
    "instance", "requests", "placed", "first-fit", *(f"after {moment} s" for moment in MOMENTS), "cost", "bound",
    "gap %", "read s", "plan s", "moves/s",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One instance planned; or, as `label`, the medians of several.

    Attributes
    ----------
    label, preset : str
        Name of the row, and what size it belongs to.
    requests, placed : float
        Visits asked for and scheduled.
    first_fit, cost : float
        Points, of the first-fit schedule and of the plan.
    bound : float
        Points that the plan claims no schedule can cost less than.
    read_seconds, plan_seconds : float
        From the instance to a problem, and from there to a plan.
    gap : float
        Per cent of the cost that the bound leaves open.
    early : tuple of float
        Points of the best schedule after each of :data:`MOMENTS`.
    pace : float
        Moves a second, of all workers, while visits were moved.
    faults : tuple of str
        What is wrong, in words.
    """

    label: str
    preset: str
    requests: float
    placed: float
    first_fit: float
    cost: float
    bound: float
    read_seconds: float
    plan_seconds: float
    gap: float
    early: tuple[float, ...]
    pace: float
    faults: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit status whether all is well."""
    args = _parser().parse_args(arguments)
    own = args.own or not (SHARED / "generate.py").is_file()
    print(f"Instances of {'the generator in benchmarks' if own else '../shared/weekbench'}; "
          f"{args.time_limit:g} s on {args.workers} workers each.", flush=True)  # fmt: skip
    faults, document = (_peers if args.peers else _alone)(args, own)
    if args.markdown is not None:
        args.markdown.write_text("\n".join([*document, ""]), encoding="utf-8")
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


def _instances(args: argparse.Namespace, own: bool) -> Iterator[tuple[str, str, Instance]]:
    for preset in args.presets:
        for seed in args.seeds:
            yield f"{preset} {seed}", preset, _instance(args, own, preset, seed)


def _instance(args: argparse.Namespace, own: bool, preset: str, seed: int) -> Instance:
    return make_instance(preset, seed) if own else shared_instance(preset, seed, args.load, args.booked)


def _alone(args: argparse.Namespace, own: bool) -> tuple[list[str], list[str]]:
    """This library's own table; returns faults, and the table for a document."""
    runs = []
    for label, preset, instance in _instances(args, own):
        runs.append(run(instance, label, preset, args.time_limit, args.workers))
        print(line(runs[-1]), flush=True)
    rows = [*runs, *medians(runs)]
    print("", *aligned(rows), sep="\n")
    return [f"{r.label}: {fault}" for r in runs for fault in r.faults], markdown(rows)


def _peers(args: argparse.Namespace, own: bool) -> tuple[list[str], list[str]]:
    """The table of peers; returns faults, and the table for a document."""
    candidates = comparison.peers(args.peer_python)
    task = Task(args.time_limit, args.workers)
    results = [
        result
        for label, _, instance in _instances(args, own)
        for result in comparison.compare(instance, label, candidates, task)
    ]
    print("", *comparison.aligned(results), "", "Cannot say:", *comparison.cannot_say(candidates), sep="\n")
    faults = [f"{r.instance}, {r.peer}: {fault}" for r in results for fault in r.faults]
    return faults, comparison.markdown(results, candidates)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description="Print the benchmark table.")
    parser.add_argument("--presets", nargs="+", choices=PRESETS, default=["S", "M", "L"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each plan")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--load", type=float, default=1.0, help="weekbench: minutes asked for over session minutes")
    parser.add_argument("--booked", type=float, default=0.2, help="weekbench: share of requests promised before")
    parser.add_argument("--own", action="store_true", help="use this project's generator in any case")
    parser.add_argument("--peers", action="store_true", help="compare with other ways to plan a week")
    parser.add_argument("--peer-python", default=sys.executable, help="the interpreter that has PyJobShop and Timefold")
    parser.add_argument("--markdown", type=Path, help="also write the table to this file")
    return parser


def shared_instance(
    preset: str, seed: int, load: float = 1.0, booked: float = 0.2, shared: Path = SHARED
) -> Instance:  # fmt: skip
    """An instance of weekbench's own generator."""
    command = [sys.executable, str(shared / "generate.py"), "--preset", preset, "--seed", str(seed)]
    command += ["--load", str(load), "--booked", str(booked)]
    return dict(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def run(instance: Instance, label: str, preset: str, time_limit: float, workers: int) -> Run:
    """Read and plan one instance, with first-fit beside it."""
    began = time.perf_counter()
    problem = to_problem(instance)
    read_seconds = time.perf_counter() - began
    simple = first_fit(problem)
    first = judge(instance, problem, simple)
    began = time.perf_counter()
    plan = schedopt.plan(problem, time_limit, workers, progress=False)
    plan_seconds = time.perf_counter() - began
    best = judge(instance, problem, plan.assignment)
    found = {
        "first-fit breaks a rule": not first.feasible,
        "the plan breaks a rule": not best.feasible,
        f"the plan says {plan.cost:,} points, the check {best.cost:,}": plan.cost != best.cost,
        f"the bound {plan.bound:,} is above the cost": best.feasible and plan.bound > best.cost,
    }
    return Run(
        label, preset, len(problem.week.requests), len(plan.schedule), first.cost, best.cost, plan.bound,
        read_seconds, plan_seconds, 100 * plan.gap, tuple(_cost_after(plan, moment) for moment in MOMENTS),
        cast(float, plan.record["moves_per_second"]),
        tuple(fault for fault, wrong in found.items() if wrong),
    )  # fmt: skip


def _cost_after(plan: schedopt.Plan, seconds: float) -> float:
    """Points of the best schedule that planning had after some seconds; fixed promises alone count as one."""
    return float(plan.trace.loc[plan.trace["seconds"] <= max(seconds, plan.trace["seconds"].min()), "cost"].iloc[-1])


def medians(runs: Sequence[Run]) -> Iterator[Run]:
    """A row for each preset: the median of every column."""
    names = ("requests", "placed", "first_fit", "cost", "bound", "read_seconds", "plan_seconds", "gap", "pace")
    for preset in dict.fromkeys(r.preset for r in runs):
        mine = [r for r in runs if r.preset == preset]
        early = tuple(median(costs) for costs in zip(*(r.early for r in mine), strict=True))
        figures = {name: median(getattr(r, name) for r in mine) for name in names}
        yield Run(f"{preset} median", preset, **figures, early=early)


def cells(row: Run) -> tuple[str, ...]:
    """A row as text, under :data:`HEAD`."""
    counts = (row.requests, row.placed, row.first_fit, *row.early, row.cost, row.bound)
    seconds = (row.read_seconds, row.plan_seconds)
    texts = f"{row.gap:.1f}", *(f"{s:.1f}" for s in seconds), f"{row.pace:,.0f}"
    return row.label, *(f"{n:,.0f}" for n in counts), *texts


def line(row: Run) -> str:
    """A row in words, to be read as it comes."""
    where = f"{row.label}: {row.placed:,.0f} of {row.requests:,.0f} placed"
    points = f"cost {row.cost:,.0f} (first-fit {row.first_fit:,.0f}), bound {row.bound:,.0f}, gap {row.gap:.1f} %"
    fault = f"; WRONG: {'; '.join(row.faults)}" if row.faults else ""
    return f"{where}, {points}, read in {row.read_seconds:.1f} s, planned in {row.plan_seconds:.1f} s{fault}"


def aligned(rows: Sequence[Run]) -> list[str]:
    """The table for a terminal."""
    table = [HEAD, *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in table]


def markdown(rows: Sequence[Run]) -> list[str]:
    """The table for a document."""
    table = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *map(cells, rows)]
    return [f"| {' | '.join(row)} |" for row in table]


if __name__ == "__main__":
    sys.exit(main())
