"""A session whose patients are booked at the starts of equal slots."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schedopt.arrays import Floats
from schedopt.uncertainty.distributions.base import Discrete
from schedopt.uncertainty.distributions.numbers import share, whole


@dataclass(frozen=True)
class SlotSession:
    """Equal slots, and identical patients for them.

    Attributes
    ----------
    slots : int
        At least 1.
    slot_minutes : int
        Length of each, at least 1.
    service : Discrete
        Service time of a patient who comes, in whole minutes of at least 0.
    no_show : float
        Probability that a patient does not come, from 0 to 1, independently of the others.

    Raises
    ------
    ValueError
        If a value is not as said.
    """

    slots: int
    slot_minutes: int
    service: Discrete
    no_show: float = 0.0

    def __post_init__(self) -> None:
        whole("slots", self.slots)
        whole("slot_minutes", self.slot_minutes)
        share("no_show", self.no_show)
        if any(minutes < 0 or minutes != int(minutes) for minutes in self.service.values):
            raise ValueError("expected service times in whole minutes of at least 0")

    @cached_property
    def unit(self) -> int:
        """Minutes of which the slot and all service times are multiples: what work is counted in."""
        served = [int(minutes) for minutes, chance in self._served if chance > 0]
        return math.gcd(self.slot_minutes, *served)

    @cached_property
    def slot_units(self) -> int:
        """Length of a slot in units."""
        return self.slot_minutes // self.unit

    @cached_property
    def chances(self) -> Floats:
        """Probability of each service time in units, 0 for who does not come; shape (longest + 1,)."""
        served = [(int(minutes) // self.unit, chance) for minutes, chance in self._served if chance > 0]
        chances = np.zeros(max(units for units, _ in served) + 1)
        for units, chance in served:
            chances[units] += chance
        shares: Floats = chances / chances.sum()
        return shares

    @cached_property
    def mean(self) -> float:
        """Expected service time of a patient who may not come, minutes."""
        return float(self.chances @ np.arange(len(self.chances))) * self.unit

    @property
    def _served(self) -> list[tuple[float, float]]:
        """Minutes and their probability, with 0 for who does not come."""
        come = 1 - self.no_show
        return [(0.0, self.no_show)] + [
            (minutes, chance * come)
            for minutes, chance in zip(self.service.values, self.service.probabilities, strict=True)
        ]
