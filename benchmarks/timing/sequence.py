"""Order and times of patients of several types, on stated samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from schedopt.session_design.order import best_order
from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios


def answer(case: Mapping[str, Any]) -> dict[str, Any]:
    """The best ``sequence``, its ``times`` and ``cost``, the mean sum of waits; ``proven`` if no order is better."""
    counts = {str(kind): int(count) for kind, count in case["counts"].items()}
    samples = {kind: Scenarios(np.array(case["samples"][kind], float)) for kind in counts}
    first = np.full(sum(counts.values()), np.nan)
    first[0] = 0.0
    costs = Costs(waiting=1.0, idle=0.0, overtime=0.0)
    found = best_order(counts, samples, costs, float(case["latest_start"]), fixed=first)
    return {
        "sequence": "".join(found.sequence), "times": [round(time, 6) for time in found.timed.times.tolist()],
        "cost": found.timed.cost, "proven": found.proven,
    }  # fmt: skip
