"""What is uncertain about a planned week, and samples of it."""

from schedopt.timing.uncertainty.learn import learn_uncertainty
from schedopt.timing.uncertainty.scenarios import WeekScenarios, visits_in_order
from schedopt.timing.uncertainty.streams import named_stream, stream
from schedopt.timing.uncertainty.uncertainty import Arrivals, Uncertainty

__all__ = [
    "Arrivals", "Uncertainty", "WeekScenarios", "learn_uncertainty", "named_stream", "stream", "visits_in_order",
]  # fmt: skip
