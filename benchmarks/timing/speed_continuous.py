"""How long best times in continuous time take: processor seconds, without compiling.

    python -m benchmarks.timing.speed_continuous

Prints a table: patients, the scv of a service of mean 1, states of the chain, the cost (idle and waiting weigh one
half each), its relative gap to the bound, and the least seconds of three.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar, cast

from schedopt.session_design.phases import Patient, best_policy, best_times
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import PhaseType, fit_moments

Found = TypeVar("Found")

SIZES = (
    (10, 1.0), (20, 1.0), (30, 1.0), (40, 1.0), (100, 1.0), (15, 0.5), (30, 0.5), (30, 0.2), (30, 0.1), (40, 0.05),
    (30, 0.01), (30, 2.0), (30, 5.0),
)  # fmt: skip
COSTS = Costs(waiting=0.5, idle=0.5, overtime=0)


def main() -> int:
    """Print the table."""
    best_times(_patients(3, 1.0), COSTS)  # compiles
    print("patients   scv  states          cost      gap  seconds")
    for num_patients, scv in SIZES:
        patients = _patients(num_patients, scv)
        found, seconds = _least(lambda patients=patients: best_times(patients, COSTS))  # type: ignore[misc]
        states = sum(len(patient.service.phases()[0]) for patient in patients)
        gap = 1 - found.bound / found.cost
        print(f"{num_patients:8d} {scv:5g} {states:7d} {found.cost:13.8f} {gap:8.0e} {seconds:8.3f}", flush=True)
    for num_patients in (15, 30):
        policy, seconds = _least(lambda num=num_patients: best_policy([1.0] * num, COSTS))  # type: ignore[misc]
        print(f"{num_patients:8d} {'adaptive':>13s} {policy.cost:13.8f} {seconds:17.3f}", flush=True)
    return 0


def _patients(num_patients: int, scv: float) -> list[Patient]:
    return [Patient(cast(PhaseType, fit_moments(1, scv)))] * num_patients


def _least(work: Callable[[], Found]) -> tuple[Found, float]:
    """What it finds, and the least processor seconds of three times."""
    seconds = []
    for _ in range(3):
        began = time.process_time()
        found = work()
        seconds.append(time.process_time() - began)
    return found, min(seconds)


if __name__ == "__main__":
    sys.exit(main())
