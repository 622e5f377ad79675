"""How long it takes to time a session, one line for each measurement.

    python -m benchmarks.timing.speed

A line holds the measurement's name, processor seconds and what was found. Compiling is not timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.timing.slot import service
from schedopt.session_design.slots import SlotSession, best_bookings
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Discrete


def slot_of_22() -> str:
    """22 patients in 20 slots, from a poor start (case ``slot-22-20`` of timingbench)."""
    chances = {"6": 1.0, "7": 1.6830759e-11, "8": 1.20362054e-11, "9": 7.26149696e-12, "10": 2.43707832e-12}
    session = SlotSession(20, 5, service({"service_pmf": chances}), 0.2)
    start = [2, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 5]
    return _slots(session, 22, Costs(0.1, 0, 0.9), start)


def slot_of_70() -> str:
    """70 patients in 80 slots of 10 minutes, lognormal services of 10 ± 5."""
    return _slots(SlotSession(80, 10, _lognormal(10, 5), 0.1), 70, Costs(0.5, 0, 0.5))


def slot_of_70_wide() -> str:
    """The same with services of 10 ± 10."""
    return _slots(SlotSession(80, 10, _lognormal(10, 10), 0.1), 70, Costs(0.5, 0, 0.5))


def slot_by_minute() -> str:
    """20 patients in 240 slots of a minute."""
    return _slots(SlotSession(240, 1, _lognormal(10, 5), 0.1), 20, Costs(0.5, 0, 0.5))


MEASUREMENTS: tuple[Callable[[], str], ...] = (slot_of_22, slot_of_70, slot_of_70_wide, slot_by_minute)


def main() -> None:
    """Measure and print."""
    slot_of_22()  # compiles
    for measurement in MEASUREMENTS:
        began = time.process_time()
        found = measurement()
        print(f"{measurement.__name__:<18} {time.process_time() - began:8.3f} s  {found}", flush=True)


def _lognormal(mean: float, sd: float) -> Discrete:
    return service({"service_lognormal": {"mean": mean, "sd": sd}})


def _slots(session: SlotSession, patients: int, costs: Costs, start: Sequence[int] | None = None) -> str:
    best = best_bookings(session, patients, costs, start)
    gap = (best.cost - best.bound) / max(best.cost, np.finfo(float).tiny)
    proof = f"gap {gap:.1e}, {'certified' if best.certified else 'not certified'}"
    return f"cost {best.cost:.6f}, {proof}, {best.evaluations:,} evaluations"


if __name__ == "__main__":
    main()
