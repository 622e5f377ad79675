"""What an 835 holds, as values: claims, services, adjustments and balances, in whole cents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from schedopt.interop.x12.values import Segment

_PLAIN = re.compile(r"(-?)(\d{0,18})(?:\.(\d{0,2})0*)?", re.ASCII)
_SCIENTIFIC = re.compile(r"-?\d{0,18}(?:\d|\.\d{1,18})(?:E-?\d)?", re.ASCII)
SumName = Literal["service", "claim", "check"]


@lru_cache(maxsize=65536)
def cents(amount: str) -> int | None:
    """An amount of money in cents; None where it is none, or not a whole number of cents. Nothing is 0."""
    plain = _PLAIN.fullmatch(amount)
    if plain:
        whole = int(plain[2] or 0) * 100 + int((plain[3] or "").ljust(2, "0"))
        return -whole if plain[1] else whole
    if not _SCIENTIFIC.fullmatch(amount):
        return None
    exact = Decimal(amount) * 100
    return int(exact) if exact == exact.to_integral_value() else None


class Adjustment(NamedTuple):
    """Why some of a charge was not paid: one of up to six in a CAS.

    Attributes
    ----------
    number : int
        Of the segment in the file.
    group, reason : str
        Such as CO and 45.
    cents : int or None
        What is taken off; None where the file has no amount there.
    quantity : str
        As in the file; mostly empty.
    """

    number: int
    group: str
    reason: str
    cents: int | None
    quantity: str


@dataclass(frozen=True, slots=True)
class Service:
    """A line of a claim: SVC and what follows it.

    Attributes
    ----------
    number, offset : int
        Of SVC in the file.
    procedure : str
        SVC01, with its qualifier and modifiers.
    charge, paid : int or None
        SVC02 and SVC03 in cents.
    units : str
        SVC05.
    line_control : str
        REF 6R, the number that the claim gave the line.
    adjustments : tuple of Adjustment
        Of this line.
    segments : tuple of Segment
        SVC and what follows it.
    """

    number: int
    offset: int
    procedure: str
    charge: int | None
    paid: int | None
    units: str
    line_control: str
    adjustments: tuple[Adjustment, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that was decided: CLP and what follows it.

    Attributes
    ----------
    number, offset : int
        Of CLP in the file.
    control : str
        CLP01, the number that the office gave the claim.
    status : str
        CLP02; 22 is a reversal.
    charge, paid, share : int or None
        CLP03, CLP04 and CLP05 in cents; the share is the patient's.
    payer_control : str
        CLP07.
    adjustments : tuple of Adjustment
        Of the claim, without those of its services.
    services : tuple of Service
        In the order of the file.
    segments : tuple of Segment
        CLP and what follows it, without what belongs to its services.
    """

    number: int
    offset: int
    control: str
    status: str
    charge: int | None
    paid: int | None
    share: int | None
    payer_control: str
    adjustments: tuple[Adjustment, ...]
    services: tuple[Service, ...]
    segments: tuple[Segment, ...]


class ProviderAdjustment(NamedTuple):
    """What was taken off the check for no single claim: one of up to six in a PLB.

    Attributes
    ----------
    number : int
        Of the segment in the file.
    reason, reference : str
        Such as WO, and a claim or a number.
    cents : int or None
        What is taken off.
    """

    number: int
    reason: str
    reference: str
    cents: int | None


class Break(NamedTuple):
    """A sum that does not hold, and where.

    Attributes
    ----------
    sum : {"service", "claim", "check"}
        Which of the three.
    number, offset : int
        Of SVC, CLP or BPR in the file.
    cents : int or None
        What stands there less what should; None where an amount is missing or is none.
    """

    sum: SumName
    number: int
    offset: int
    cents: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """The three sums of an 835.

    Attributes
    ----------
    number : int
        Of ST in the file.
    control : str
        ST02.
    claims : int
        How many there are.
    paid, check : int or None
        What the claims come to less provider-level adjustments, and BPR02, in cents.
    num_breaks : int
        How many sums do not hold.
    breaks : tuple of Break
        The first thousand of them, in the order of the file.
    """

    number: int
    control: str
    claims: int
    paid: int | None
    check: int | None
    num_breaks: int
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        """Whether all three sums do."""
        return self.num_breaks == 0
