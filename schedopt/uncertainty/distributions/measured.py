"""Measured distributions, and constants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schedopt.arrays import Floats
from schedopt.uncertainty.distributions.base import Discrete, Finite


@dataclass(frozen=True)
class Empirical(Finite):
    """Measured values, each as likely as the others.

    Attributes
    ----------
    values : tuple of float
        Minutes, in any order, as often as they were measured; they may be negative. Kept in ascending order.
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        values = np.asarray(self.values, float)
        if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
            raise ValueError("expected finite values, and at least one")
        object.__setattr__(self, "values", tuple(np.sort(values).tolist()))

    @cached_property
    def support(self) -> Floats:
        """The values, minutes, ascending."""
        return np.unique(np.array(self.values, float))

    @cached_property
    def weights(self) -> Floats:
        """Probability of each value."""
        _, counts = np.unique(np.array(self.values, float), return_counts=True)
        return counts / len(self.values)


def constant(minutes: float) -> Discrete:
    """Always so many minutes."""
    return Discrete((float(minutes),), (1.0,))
