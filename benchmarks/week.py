"""Plan a weekbench instance through the public library and write the solution with its bound.

python -m benchmarks.week INSTANCE.json --time-limit 60 --workers 2 --seed 1 [--deterministic] --out SOLUTION.json
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import schedopt
from benchmarks.instances import load_instance, to_problem, to_solution


def main() -> None:
    """Read, plan, write, and print one line of figures."""
    parser = argparse.ArgumentParser(description="Plan a weekbench instance.")
    parser.add_argument("instance", type=Path)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deterministic", action="store_true", help="count work instead of looking at the clock")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    instance = load_instance(arguments.instance)
    began = time.monotonic()
    problem = to_problem(instance)
    reading = time.monotonic() - began
    plan = schedopt.plan(
        problem, arguments.time_limit, arguments.workers, arguments.seed, deterministic=arguments.deterministic
    )
    arguments.out.write_text(json.dumps(to_solution(instance, plan)), encoding="utf-8")
    figures = {
        "instance": instance["name"],
        "status": plan.status,
        "cost": plan.cost,
        "bound": plan.bound,
        "gap": round(plan.gap, 4),
        "requests": len(problem.week.requests),
        "placed": len(plan.schedule),
        "read_seconds": round(reading, 2),
        "deterministic": arguments.deterministic,
        "plan_seconds": round(plan.seconds, 2),
        "seconds": round(time.monotonic() - began, 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
