"""A session on sampled scenarios: what times come to, the best times, and the best on a grid."""

from schedopt.timing.sampled.evaluation import Breaks, Evaluation, evaluate
from schedopt.timing.sampled.grid import on_grid
from schedopt.timing.sampled.scenarios import Scenarios, add_walk_ins, sample_scenarios
from schedopt.timing.sampled.times import Timed, best_times

__all__ = [
    "Breaks", "Evaluation", "Scenarios", "Timed", "add_walk_ins", "best_times", "evaluate", "on_grid",
    "sample_scenarios",
]  # fmt: skip
