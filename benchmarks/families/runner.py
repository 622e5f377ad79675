"""Plan one week with the library of one checkout; a program of its own, so that every version is its own process.

    python -P runner.py TASK ANSWER

``TASK`` is a pickle by :mod:`benchmarks.families.runs`. The answer is JSON. Only what every version of the library has
is used, and nothing else of this project, as other checkouts may lack it.
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path


def main(task: str, answer: str) -> None:
    """Plan, and write what came of it."""
    import schedopt

    given = pickle.loads(Path(task).read_bytes())
    if not Path(schedopt.__file__).resolve().is_relative_to(given["checkout"]):
        raise SystemExit(f"expected the library of {given['checkout']}, not {schedopt.__file__}")
    problem = schedopt.assemble(schedopt.office_from_frames(given["frames"], given["settings"]), given["first"])
    plan = schedopt.plan(problem, given["seconds"], given["workers"], given["seed"], progress=False)
    found = {
        "cost": plan.cost,
        "bound": plan.bound,
        "moves_per_second": plan.record.get("moves_per_second"),
        "session": plan.assignment.session.tolist(),
        "step_start": plan.assignment.step_start.tolist(),
    }
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
