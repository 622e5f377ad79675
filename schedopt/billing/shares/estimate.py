"""What a patient will owe: steps in the order of the plan, and a range where facts are missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from schedopt.billing.shares.account import End, Share, account
from schedopt.billing.shares.benefits import Benefits
from schedopt.billing.shares.missing import missing_facts
from schedopt.billing.shares.service import Service

_MOST_GUESSES = 6
"""Service types of which it is tried both ways whether the deductible applies."""


@dataclass(frozen=True)
class Estimate:
    """What a patient will owe for some services.

    Attributes
    ----------
    least : tuple of Share
        Each service, if what is not known turns out best for the patient.
    most : tuple of Share or None
        If it turns out worst; None: an allowed amount is not known, nor anything that it cannot exceed.
    cap : int or None
        Where `most` is None: what all of it cannot exceed, in cents; None: not known either.
    missing : tuple of str
        What is not known, in words; empty: the estimate is one amount.
    source : str
        What the benefits rest on.
    """

    least: tuple[Share, ...]
    most: tuple[Share, ...] | None
    cap: int | None
    missing: tuple[str, ...]
    source: str

    @property
    def at_least(self) -> int:
        """The least that the patient will owe for all of it, in cents."""
        return sum(share.cents for share in self.least)

    @property
    def at_most(self) -> int | None:
        """The most that the patient will owe for all of it, in cents; None: no limit is known."""
        return self.cap if self.most is None else sum(share.cents for share in self.most)

    @property
    def is_exact(self) -> bool:
        """Whether it is one amount."""
        return self.at_least == self.at_most


def estimate(services: Sequence[Service], benefits: Benefits) -> Estimate:
    """What a patient will owe for services with one insurer.

    Services use up what is left in the order of their days, and on a day in the order in which they are given. Where
    something is not known there are two accounts, each of which adds up: one in which it turns out best for the
    patient, and one in which it turns out worst. The sums of the two are the least and the most for all services
    together. What a single service costs may lie outside them, since what one uses up is left for no other.

    Parameters
    ----------
    services : sequence of Service
        Of one patient.
    benefits : Benefits
        What is known of the patient's benefits.

    Returns
    -------
    Estimate
    """
    ordered = sorted(services, key=lambda service: service.day)
    least = min(_accounts(ordered, benefits, "least"), key=_sum)
    most, cap = None, None
    if all(service.ceiling is not None for service in ordered):
        most = max(_accounts(ordered, benefits, "most"), key=_sum)
    else:
        cap = _cap_of_all(ordered, benefits)
    return Estimate(least, most, cap, missing_facts(ordered, benefits), benefits.source)


def _accounts(services: Sequence[Service], benefits: Benefits, end: End) -> list[tuple[Share, ...]]:
    """Accounts for each way in which the deductible may apply where that is not known.

    Otherwise less left is never dearer; but a deductible that is used up where the patient would have paid all of it
    anyway makes what follows cheaper.
    """
    terms = dict.fromkeys(benefits.terms_of(service.service_type).settled() for service in services)
    unsure = [one.service_type for one in terms if one.deductible_applies is None]
    tried = unsure[:_MOST_GUESSES]
    rest: Mapping[str, bool] = dict.fromkeys(unsure[_MOST_GUESSES:], end == "most")
    return [
        account(services, benefits, end, {**rest, **dict(zip(tried, ways, strict=True))})
        for ways in product((False, True), repeat=len(tried))
    ]


def _cap_of_all(services: Sequence[Service], benefits: Benefits) -> int | None:
    """What services of unknown amounts cannot exceed together: what is left out of pocket, if all are covered."""
    terms = [benefits.terms_of(service.service_type) for service in services]
    last: dt.date = max(service.day for service in services)
    if any(one.covered is not True or one.visits_left is not None for one in terms):
        return None
    if benefits.until is not None and last > benefits.until:
        return None
    return benefits.out_of_pocket.bounds()[1]


def _sum(shares: Sequence[Share]) -> int:
    return sum(share.cents for share in shares)
