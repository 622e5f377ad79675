"""What a minute is worth."""

from __future__ import annotations

from dataclasses import dataclass

from schedopt.uncertainty.distributions.numbers import not_negative


@dataclass(frozen=True)
class Costs:
    """What minutes cost, in money or in any other unit; only their ratios decide what is best.

    Attributes
    ----------
    waiting : float
        A minute that one patient waits for the provider; at least 0.
    idle : float
        A minute that the provider waits for a patient, within the session; at least 0.
    overtime : float
        A minute that the provider works past the session's end; at least 0.

    Raises
    ------
    ValueError
        If a cost is negative or not finite, or all are 0.
    """

    waiting: float
    idle: float
    overtime: float

    def __post_init__(self) -> None:
        for name in ("waiting", "idle", "overtime"):
            not_negative(name, getattr(self, name))
        if not (self.waiting or self.idle or self.overtime):
            raise ValueError("expected a cost above 0, not waiting, idle and overtime all 0")
