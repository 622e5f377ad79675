"""Times in continuous time, for service times made of exponential phases: exact, with a bound."""

from schedopt.timing.phases.adaptive import Policy, best_policy
from schedopt.timing.phases.chain import Patient
from schedopt.timing.phases.expected import cost_and_gradient, expected
from schedopt.timing.phases.optimum import Optimum, best_times
from schedopt.timing.phases.session import Expected

__all__ = [
    "Expected", "Optimum", "Patient", "Policy", "best_policy", "best_times", "cost_and_gradient", "expected",
]  # fmt: skip
