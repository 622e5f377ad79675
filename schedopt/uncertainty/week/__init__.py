"""What is uncertain about a planned week, and samples of it."""

from schedopt.uncertainty.week.learn import learn_uncertainty
from schedopt.uncertainty.week.scenarios import WeekScenarios, visits_in_order
from schedopt.uncertainty.week.streams import named_stream, stream
from schedopt.uncertainty.week.uncertainty import Arrivals, Uncertainty

__all__ = [
    "Arrivals", "Uncertainty", "WeekScenarios", "learn_uncertainty", "named_stream", "stream", "visits_in_order",
]  # fmt: skip
