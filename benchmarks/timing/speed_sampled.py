"""How fast the best times on sampled scenarios are found, and by the linear program for comparison.

    python -m benchmarks.timing.speed_sampled

One JSON line a size: patients, scenarios, ``cost`` and proven relative ``gap``, seconds of processor time (of all
threads, without compiling) of :func:`best_times` and of :func:`on_grid` after it, and where the program is solved by
HiGHS its seconds and cost.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from schedopt.arrays import Floats
from schedopt.timing.costs import Costs
from schedopt.timing.sampled import Scenarios, best_times, on_grid, sample_scenarios
from schedopt.uncertainty.distributions import Lognormal

SIZES = ((10, 1_000, True), (20, 1_000, True), (20, 10_000, False))
"""Patients, scenarios, whether the linear program is solved too."""


def main() -> int:
    """Print a line a size."""
    costs = Costs(waiting=1.0, idle=4.0, overtime=6.0)
    for visits, num, compared in SIZES:
        service = [Lognormal.from_mean(20, scv=0.3)] * visits
        scenarios = sample_scenarios(service, num, np.random.default_rng(1), no_show=0.1)
        end = 18.0 * visits
        best_times(scenarios, costs, end)  # compiles
        began = time.process_time()
        timed = best_times(scenarios, costs, end)
        found = time.process_time()
        rounded = on_grid(timed.times, scenarios, costs, end)
        line = {
            "patients": visits, "scenarios": num, "cost": timed.cost, "gap": 1 - timed.bound / timed.cost,
            "seconds": found - began, "cost_on_grid": rounded.cost, "seconds_on_grid": time.process_time() - found,
        }  # fmt: skip
        if compared:
            began = time.process_time()
            line["program_cost"] = program(scenarios, costs, end)[1]
            line["program_seconds"] = time.process_time() - began
        print(json.dumps(line), flush=True)
    return 0


def program(scenarios: Scenarios, costs: Costs, end: float, separation: float = 0.0) -> tuple[Floats, float]:
    """Times and cost by the sample-average linear program, for sessions from 0 on that nobody comes to past the end.

    Variables are the times, in each scenario the begin of each visit, and overtime. A begin is not before the time and
    the delay, nor before the end of the visit before; idle time is what the last end leaves over from all service.
    """
    num, visits = scenarios.service.shape
    begins, overs = visits, visits + num * visits
    row = np.arange(num * visits)
    visit = row % visits
    later = row[visit > 0]
    blocks = [
        (row, visit, begins + row, -scenarios.delay.ravel()),
        (row[: len(later)], begins + later - 1, begins + later, -scenarios.service.ravel()[later - 1]),
        (
            np.arange(num), begins + (np.arange(num) + 1) * visits - 1, overs + np.arange(num),
            end - scenarios.service[:, -1],
        ),
        (np.arange(visits - 1), np.arange(visits - 1), np.arange(1, visits), np.full(visits - 1, -separation)),
    ]  # fmt: skip
    rows, columns, values, most, base = [], [], [], [], 0
    for index, plus, minus, limit in blocks:  # each says: plus - minus <= limit
        rows += [base + index, base + index]
        columns += [plus, minus]
        values += [np.ones(len(index)), -np.ones(len(index))]
        most.append(limit)
        base += len(index)
    price = np.zeros(overs + num)
    np.subtract.at(price, visit, costs.waiting * scenarios.came.ravel() / num)
    price[begins:overs] = costs.waiting * scenarios.came.ravel() / num
    price[begins + (np.arange(num) + 1) * visits - 1] += costs.idle / num
    price[overs:] = costs.overtime / num
    waited = costs.waiting * np.where(scenarios.came, np.maximum(scenarios.delay, 0), 0).sum() / num
    stood = costs.idle * (scenarios.service[:, :-1].sum() / num)
    matrix = coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))).tocsr()
    bounds = np.zeros((overs + num, 2))
    bounds[:visits, 1], bounds[visits:, 1] = end, np.inf
    found = linprog(price, A_ub=matrix, b_ub=np.concatenate(most), bounds=bounds, method="highs")
    return found.x[:visits], float(found.fun - waited - stood)


if __name__ == "__main__":
    sys.exit(main())
