"""This library itself, through its public names."""

from __future__ import annotations

from dataclasses import dataclass

import schedopt
from benchmarks.instances import Instance, to_problem, to_solution
from benchmarks.peers.protocol import Answer, Task


@dataclass(frozen=True)
class Ours:
    """What ``schedopt.plan`` makes of the week."""

    name: str = "schedopt"
    cannot_say: tuple[str, ...] = ()

    def solve(self, instance: Instance, task: Task) -> Answer:
        """Read, plan, and write visits."""
        plan = schedopt.plan(to_problem(instance), task.time_limit, task.workers, task.seed, progress=False)
        solution = to_solution(instance, plan)
        return Answer(solution["visits"], solution["bound"], ("proved best",) if plan.status == "optimal" else ())
