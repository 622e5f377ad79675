"""One account of a patient's shares: every service in order, with whatever is unknown taken to one end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from schedopt.billing.shares.benefits import Benefits, Terms
from schedopt.billing.shares.service import Service
from schedopt.billing.shares.steps import Step, part_of, total

End = Literal["least", "most"]
"""Whether what is unknown turns out best for the patient, or worst."""

NOT_COVERED = "the plan does not cover services of this type"
NO_VISITS = "the plan covers no further visits of this type"
PERHAPS_NOT = "it is not known whether the plan covers services of this type"


@dataclass(frozen=True)
class Share:
    """What a patient owes for a service.

    Attributes
    ----------
    service : Service
        Which.
    price : int
        The amount that it is a share of, in cents.
    steps : tuple of Step
        How it comes about, in the order of the plan.
    """

    service: Service
    price: int
    steps: tuple[Step, ...]

    @property
    def cents(self) -> int:
        """What the patient owes, in cents."""
        return total(self.steps)


@dataclass
class _Left:
    """What is left as services go by; of sums, None is without a limit."""

    deductible: int | None
    cap: int | None
    knows: tuple[bool, bool]
    copays: dict[tuple[dt.date, str], int] = field(default_factory=dict)
    days: dict[str, set[dt.date]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Said:
    """Terms, and what is taken for what they leave open."""

    terms: Terms
    share: Decimal
    applies: bool


def account(
    services: Sequence[Service], benefits: Benefits, end: End, applies: Mapping[str, bool]
) -> tuple[Share, ...]:  # fmt: skip
    """The share of each service.

    Parameters
    ----------
    services : sequence of Service
        In the order in which they use up what is left.
    benefits : Benefits
        Of the patient.
    end : {"least", "most"}
        What is taken for unknown.
    applies : mapping of str to bool
        Whether the deductible applies to a service type, where benefits do not say it.

    Returns
    -------
    tuple of Share
    """
    left = _left(benefits, end)
    shares, year = list[Share](), benefits
    for service in services:
        if year.until is not None and service.day > year.until:
            deductible, most = year.deductible.renewed(), year.out_of_pocket.renewed()
            year = replace(year, until=None, deductible=deductible, out_of_pocket=most)
            left = _left(year, end)
        price = service.floor if end == "least" else service.ceiling or 0
        terms = year.terms_of(service.service_type).settled()
        if why := _uncovered(terms, service, left, end):
            steps: tuple[Step, ...] = (Step("not covered", price, price, why=why),)
        else:
            steps = tuple(_covered(service, price, _said(terms, end, applies), year, left))
        shares.append(Share(service, price, steps))
    return tuple(shares)


def _left(benefits: Benefits, end: End) -> _Left:
    ends = 0 if end == "least" else 1
    deductible = 0 if benefits.deductible.kind == "none" else benefits.deductible.bounds()[ends]
    cap = None if benefits.out_of_pocket.kind == "none" else benefits.out_of_pocket.bounds()[ends]
    return _Left(deductible, cap, (benefits.deductible.is_known, benefits.out_of_pocket.is_known))


def _uncovered(terms: Terms, service: Service, left: _Left, end: End) -> str:
    """Why the plan does not pay for a service; empty: it does."""
    if terms.covered is False:
        return NOT_COVERED
    if terms.covered is None and end == "most":
        return PERHAPS_NOT
    days = left.days.setdefault(terms.service_type, set())
    if terms.visits_left is not None and len(days | {service.day}) > terms.visits_left:
        return NO_VISITS
    days.add(service.day)
    return ""


def _said(terms: Terms, end: End, applies: Mapping[str, bool]) -> _Said:
    worst = end == "most"
    share = Decimal(worst) if terms.coinsurance is None else terms.coinsurance
    under = terms.deductible_applies
    return _Said(terms, share, applies.get(terms.service_type, worst) if under is None else under)


def _covered(service: Service, price: int, said: _Said, benefits: Benefits, left: _Left) -> Iterator[Step]:
    """Steps of a service that the plan covers; what they use up is taken from what is left."""
    steps, rest = list[Step](), price
    order = (_copay, _deductible) if said.terms.copay_first else (_deductible, _copay)
    for take in order:
        if step := take(service, rest, said, benefits, left):
            steps.append(step)
            rest -= step.cents
    if rest and (cents := part_of(said.share, rest)):
        rate = None if said.terms.coinsurance is None else said.share
        steps.append(Step("coinsurance", cents, rest, share=rate))
    owed = total(steps)
    if left.cap is not None:
        if owed > left.cap:
            whose = "the family's yearly maximum" if benefits.out_of_pocket.is_of_family else "the yearly maximum"
            steps.append(
                Step("out-of-pocket cap", left.cap - owed, owed, left.cap if left.knows[1] else None, why=whose)
            )
        left.cap -= min(owed, left.cap)
    yield from steps


def _copay(service: Service, rest: int, said: _Said, _benefits: Benefits, left: _Left) -> Step | None:
    visit = service.day, said.terms.service_type
    due = left.copays.setdefault(visit, said.terms.copay or 0)
    cents = min(due, rest)
    if not cents:
        return None
    left.copays[visit] = due - cents
    if said.terms.copay_to_deductible and left.deductible is not None:
        left.deductible = max(0, left.deductible - cents)
    return Step("copay", cents, rest, due)


def _deductible(_service: Service, rest: int, said: _Said, benefits: Benefits, left: _Left) -> Step | None:
    if not said.applies:
        return None
    cents = rest if left.deductible is None else min(left.deductible, rest)
    if not cents:
        return None
    limit = left.deductible if left.knows[0] else None
    if left.deductible is not None:
        left.deductible -= cents
    whose = "the family's deductible" if benefits.deductible.is_of_family else "the deductible"
    return Step("deductible", cents, rest, limit, why=whose)
