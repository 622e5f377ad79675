"""From what a payer has said to the terms on which a patient's share is estimated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, TypeVar

from schedopt.billing.coverage.answers import Item, ItemKind, NetworkSide, visits_left
from schedopt.billing.shares.benefits import GENERAL, NO_SUM, Accumulator, Benefits, Terms

Value = TypeVar("Value", int, Decimal)


def benefits_of(items: Sequence[Item], insurer: str, source: str, network: Literal["in", "out"] = "in") -> Benefits:
    """The benefits that some items state; what they leave open, or say twice and differently, is None.

    Parameters
    ----------
    items : sequence of Item
        Of one answer.
    insurer : str
        Who has said so.
    source : str
        In words, such as ``271 of 12 November 2026``.
    network : {"in", "out"}
        For providers in the insurer's network, or for others.
    """
    ours = [one for one in items if one.network in (network, "both", "unsaid") and not one.procedure]
    services = dict.fromkeys([GENERAL, *(name for one in ours for name in one.services)])
    deductible = _accumulator(ours, "deductible", network)
    most = _accumulator(ours, "out_of_pocket", network)
    ends = [one.year_ends for one in ours if one.year_ends is not None and one.kind in ("deductible", "out_of_pocket")]
    terms = tuple(_terms(ours, name, network) for name in services)
    return Benefits(insurer, source, terms, deductible, most, min(ends, default=None))


def _terms(items: Sequence[Item], service: str, network: NetworkSide) -> Terms:
    own = [one for one in items if one.is_about([service])] if service != GENERAL else []
    general = [one for one in items if one.is_general]
    copay = _one([one.cents for one in _nearest(own, general, "copay", network)])
    share = _one([one.share for one in _nearest(own, general, "coinsurance", network)])
    return Terms(service, _covered(own, general), copay, share, visits_left=visits_left(items, [service]))


def _covered(own: Sequence[Item], general: Sequence[Item]) -> bool | None:
    for items in (own, general):
        kinds = {one.kind for one in items}
        if "not_covered" in kinds:
            return False
        if "active" in kinds:
            return True
        if "inactive" in kinds:
            return False
    return None


def _nearest(own: Sequence[Item], general: Sequence[Item], kind: ItemKind, network: NetworkSide) -> list[Item]:
    """Items of a kind: those of the service before those of the plan, those of the network before others."""
    for items in (own, general):
        found = [one for one in items if one.kind == kind and one.whose != "family"]
        if found:
            return [one for one in found if one.network == network] or found
    return []


def _one(values: Iterable[Value | None]) -> Value | None:
    """The value that all say; None where none does, or they differ."""
    said = {value for value in values if value is not None}
    return said.pop() if len(said) == 1 else None


def _accumulator(items: Sequence[Item], kind: ItemKind, network: NetworkSide) -> Accumulator:
    said = [one for one in items if one.kind == kind and one.cents is not None]
    said = [one for one in said if one.is_general] or said
    said = [one for one in said if one.network == network] or said
    person, person_whole = _sum_of([one for one in said if one.whose == "person"])
    family, family_whole = _sum_of([one for one in said if one.whose == "family"])
    of_person = (person, person_whole) != (None, None)
    of_family = (family, family_whole) != (None, None)
    if not of_person and not of_family:
        return Accumulator()
    if kind == "deductible" and {person_whole, family_whole} in ({0}, {0, None}) and not person and not family:
        return NO_SUM
    whose: Literal["person", "aggregate", "embedded"] = "embedded" if of_person and of_family else "aggregate"
    whose = "person" if of_person and not of_family else whose
    return Accumulator(whose, person, family, person_whole, family_whole)


def _sum_of(items: Sequence[Item]) -> tuple[int | None, int | None]:
    """What is left of a sum, and the whole of it."""
    left = _one([one.cents for one in items if one.span == "left"])
    used = _one([one.cents for one in items if one.span == "used"])
    whole = _one([one.cents for one in items if one.span in ("whole", "unsaid")])
    if left is None and whole is not None and (used is not None or whole == 0):
        left = max(0, whole - (used or 0))
    return left, whole


def year_end(day: dt.date) -> dt.date:
    """The last day of a calendar year."""
    return dt.date(day.year, 12, 31)
