"""What a schedule costs and whether it keeps the rules: by this library's check, and by weekbench's scorer.

The scorer, asked where it is there, is a program that shares no code with this library. Two verdicts that differ are a
bug in one of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schedopt
from benchmarks.instances import Instance, not_due_points, to_visits

SHARED = Path(__file__).resolve().parents[2] / "shared" / "weekbench"
"""Where weekbench's own generator and scorer are, next to this repository, if they are anywhere."""


@dataclass(frozen=True)
class Verdict:
    """Whether a schedule keeps every rule, and its cost in points."""

    feasible: bool
    cost: int


class Disagreement(Exception):
    """This library and weekbench's scorer judge the same schedule differently."""


def judge(
    instance: Instance, problem: schedopt.Problem, schedule: schedopt.Schedule, *, shared: Path = SHARED
) -> Verdict:
    """The verdict on a schedule, asked for twice where weekbench's scorer is there.

    Raises
    ------
    Disagreement
        If one verdict is feasible and the other is not, or both are at different costs. What a schedule costs that
        breaks a rule is nobody's concern.
    """
    audit = schedopt.check(problem, schedule)
    ours = Verdict(audit.breaches.empty, audit.cost + not_due_points(instance, problem))
    if not (shared / "score.py").is_file():
        return ours
    theirs = ask_scorer(
        shared / "score.py", instance, {"visits": to_visits(instance, problem, schedule), "bound": None}
    )
    if ours.feasible != theirs.feasible or (ours.feasible and ours.cost != theirs.cost):
        parts = audit.costs[["part", "points"]].to_string(index=False)
        raise Disagreement(f"{instance['name']}: check says {ours}, the scorer {theirs}; check's parts:\n{parts}")
    return ours


def ask_scorer(scorer: Path, instance: Instance, solution: Mapping[str, Any]) -> Verdict:
    """The verdict of weekbench's scorer."""
    with TemporaryDirectory() as folder:
        files = [Path(folder, "instance.json"), Path(folder, "solution.json")]
        for file, content in zip(files, (instance, solution), strict=True):
            file.write_text(json.dumps(content), encoding="utf-8")
        command = [sys.executable, str(scorer), *map(str, files)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode not in (0, 1) or not answer.stdout:
        raise RuntimeError(f"{scorer.name} failed:\n{answer.stderr}")
    figures = json.loads(answer.stdout)
    return Verdict(bool(figures["feasible"]), int(figures["total"]))
