"""What payers take off checks for no single claim, and the balances that they carry forward from check to check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from schedopt.billing.accounts.journal import Account

FORWARDED = frozenset({"FB", "WO"})
"""Balances that are carried forward (FB) and overpayments that are taken back (WO): what one check leaves open,
another meets."""
_INTEREST = frozenset({"L6"})


def account_of(reason: str) -> Account:
    """The account of a provider-level adjustment (PLB), by its reason."""
    if reason in FORWARDED:
        return "forwarded"
    return "interest" if reason in _INTEREST else "payer_adjustments"


class Carried(NamedTuple):
    """A balance that a payer carries forward.

    Attributes
    ----------
    payer : str
        Who.
    reference : str
        Under which name.
    first_day, last_day : str
        Of the checks that have to do with it.
    cents : int
        What the payer has taken and not yet given back or explained; less than 0: what it has paid ahead, and will
        take.
    """

    payer: str
    reference: str
    first_day: str
    last_day: str
    cents: int


def carried(taken: Iterable[tuple[str, str, str, int]]) -> list[Carried]:
    """Balances that are not met yet.

    A balance is met where what was taken and given under its reference is nothing together; or where what is left under
    two references of one payer, which payers change between checks, is.

    Parameters
    ----------
    taken : iterable of (str, str, str, int)
        Payer, reference, day of the check and cents that were taken.
    """
    days, cents = defaultdict[tuple[str, str], list[str]](list), defaultdict[tuple[str, str], int](int)
    for payer, reference, day, amount in taken:
        days[payer, reference].append(day)
        cents[payer, reference] += amount
    left = [
        Carried(payer, reference, min(days[payer, reference]), max(days[payer, reference]), amount)
        for (payer, reference), amount in cents.items()
        if amount
    ]
    left.sort(key=lambda one: (one.first_day, one.last_day, one.payer, one.reference))
    met: set[int] = set()
    for place, one in enumerate(left):
        if place not in met:
            other = next(
                (at for at in range(place + 1, len(left)) if at not in met and _meets(one, left[at])), None
            )  # fmt: skip
            if other is not None:
                met |= {place, other}
    return [one for place, one in enumerate(left) if place not in met]


def _meets(one: Carried, other: Carried) -> bool:
    return one.payer == other.payer and one.cents == -other.cents
