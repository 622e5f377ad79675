"""Times in continuous time, for service times made of exponential phases: exact, with a bound."""

from schedopt.session_design.phases.adaptive import Policy, best_policy
from schedopt.session_design.phases.chain import Patient
from schedopt.session_design.phases.expected import cost_and_gradient, expected
from schedopt.session_design.phases.optimum import Optimum, best_times
from schedopt.session_design.phases.session import Expected

__all__ = [
    "Expected", "Optimum", "Patient", "Policy", "best_policy", "best_times", "cost_and_gradient", "expected",
]  # fmt: skip
