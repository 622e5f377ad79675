"""What a planned week turns out to be, over many sampled weeks."""

from schedopt.simulation.compare import compare
from schedopt.simulation.simulate import simulate
from schedopt.simulation.simulated import Simulated

__all__ = ["Simulated", "compare", "simulate"]
