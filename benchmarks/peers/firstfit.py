"""First-fit by priority: what a booking system arrives at."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.instances import Instance, to_problem, to_visits
from benchmarks.peers.protocol import Answer, Task
from schedopt.solver.search.local import first_fit


@dataclass(frozen=True)
class FirstFit:
    """The dearest to leave out first, each at the earliest time that is free. Takes no time to speak of."""

    name: str = "first-fit"
    cannot_say: tuple[str, ...] = (
        "costs: it takes the first free time, whatever that costs",
        "a bound",
    )

    def solve(self, instance: Instance, task: Task) -> Answer:
        """Book one after the other."""
        problem = to_problem(instance)
        return Answer(to_visits(instance, problem, first_fit(problem)))
