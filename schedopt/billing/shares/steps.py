"""Steps of a patient's share: cents, and the sentence that is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

StepName = Literal["not covered", "copay", "deductible", "coinsurance", "out-of-pocket cap"]
"""In the order of the plan, but that a copay may come after the deductible."""


def dollars(cents: int) -> str:
    """Cents as they stand in a sentence, such as ``$1,800.00``."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{rest:02d}"


def percent(share: Decimal) -> str:
    """A share as it stands in a sentence, such as ``20 %`` for 0.2."""
    text = f"{share * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def part_of(share: Decimal, cents: int) -> int:
    """A share of an amount in whole cents, half a cent up."""
    return int((share * cents).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True)
class Step:
    """One step from what is allowed to what the patient owes.

    Attributes
    ----------
    name : str
        Which.
    cents : int
        What it adds to the patient's share; the cap takes away.
    of : int
        The amount that it was taken of, in cents.
    limit : int or None
        For a copay, deductible or cap: what of it was left before, in cents; None: not known.
    share : Decimal or None
        For coinsurance: the patient's part, from 0 to 1; None: not known.
    why : str
        Why something is not covered, or whose deductible or cap it is, without numbers.
    """

    name: StepName
    cents: int
    of: int
    limit: int | None = None
    share: Decimal | None = None
    why: str = ""

    @property
    def sentence(self) -> str:
        """What the step says; every number in it is one of the step's."""
        cents, of = dollars(abs(self.cents)), dollars(self.of)
        limit = "an unknown amount" if self.limit is None else dollars(self.limit)
        match self.name:
            case "not covered":
                return f"{cents} is the patient's: {self.why}."
            case "copay":
                return f"The copay is {limit}; {cents} of {of} is paid so."
            case "deductible":
                return f"Of {self.why}, {limit} is left; {cents} of {of} goes towards it."
            case "coinsurance":
                rate = "an unknown part" if self.share is None else percent(self.share)
                return f"The patient pays {rate} of {of}: {cents}."
            case _:
                return f"Until {self.why} is reached, {limit} is left; {cents} of {of} is not the patient's."


def total(steps: Iterable[Step]) -> int:
    """The patient's share that steps come to, in cents."""
    return sum(step.cents for step in steps)
