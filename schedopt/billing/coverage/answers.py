"""What a payer has said of a patient's coverage, without the form in which it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from schedopt.billing.shares.benefits import GENERAL

Status = Literal["active", "inactive", "unknown"]
ItemKind = Literal[
    "active", "inactive", "not_covered", "deductible", "out_of_pocket", "copay", "coinsurance", "limit", "other"
]
Whose = Literal["person", "family", "other"]
NetworkSide = Literal["in", "out", "both", "unsaid"]
Span = Literal["left", "used", "whole", "visit", "unsaid"]

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was said.

    Attributes
    ----------
    kind : str
        What it is about.
    services : tuple of str
        Service types (X12); empty: the plan as a whole.
    whose : {"person", "family", "other"}
        Whose sum it is.
    network : {"in", "out", "both", "unsaid"}
        For which providers.
    span : {"left", "used", "whole", "visit", "unsaid"}
        What is left, has been used, is there in a year, or holds for a visit.
    cents : int or None
        Amount.
    share : Decimal or None
        The patient's part, from 0 to 1.
    visits : int or None
        How many.
    authorisation : bool or None
        Whether it needs one.
    procedure : str
        For which procedure alone; empty: for any.
    first, last : datetime.date or None
        Days on which it holds; None: not said.
    year_ends : datetime.date or None
        Last day of the year of the plan that it counts for.
    code : str
        As the payer had it.
    """

    kind: ItemKind
    services: tuple[str, ...] = ()
    whose: Whose = "person"
    network: NetworkSide = "unsaid"
    span: Span = "unsaid"
    cents: int | None = None
    share: Decimal | None = None
    visits: int | None = None
    authorisation: bool | None = None
    procedure: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    year_ends: dt.date | None = None
    code: str = ""

    @property
    def is_general(self) -> bool:
        """Whether it is about the plan as a whole."""
        return not self.services or GENERAL in self.services

    def is_about(self, services: Sequence[str]) -> bool:
        """Whether it is about one of some service types by name."""
        return not set(self.services).isdisjoint(services)

    def holds_on(self, day: dt.date) -> bool:
        """Whether it holds on a day, as far as that was said."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Found(NamedTuple):
    """Whether a patient is covered.

    Attributes
    ----------
    status : {"active", "inactive", "unknown"}
        What was said.
    first, last : datetime.date or None
        Days on which that holds; None: no end of it was said.
    visits_left : int or None
        The lowest number that was said; None: none was.
    """

    status: Status
    first: dt.date | None = None
    last: dt.date | None = None
    visits_left: int | None = None


def coverage_on(items: Iterable[Item], services: Sequence[str], day: dt.date) -> Found:
    """Whether a patient is covered for some service types on a day.

    What is said of a service type by name goes before what is said of the plan as a whole. Of several answers that say
    active, the one that holds on the day counts, else the one that ends last; an answer that says inactive and when
    coverage ended holds from the day after.

    Parameters
    ----------
    items : iterable of Item
        What was said.
    services : sequence of str
        Service types asked for.
    day : datetime.date
        The day asked for.
    """
    said = [one for one in items if one.kind in ("active", "inactive", "not_covered") and not one.procedure]
    said = [one for one in said if not (one.kind == "not_covered" and one.network == "out")]
    named = [one for one in said if one.is_about(services)]
    chosen = named or [one for one in said if one.is_general and one.kind != "not_covered"]
    left = visits_left(items, services)
    active = [one for one in chosen if one.kind == "active"]
    there = [one for one in active if one.holds_on(day)]
    if refused := [one for one in chosen if one.kind == "not_covered" and one.holds_on(day)]:
        chosen, there, active = refused, [], []
    if there or active:
        best = max(there or active, key=lambda one: (one.last or dt.date.max, one.first or dt.date.min))
        if best.first is not None and best.last is not None and best.first > best.last:
            return Found("unknown", visits_left=left)
        return Found("active", best.first, best.last, left)
    if not chosen:
        return Found("unknown", visits_left=left)
    return Found("inactive", *_days_without(chosen, day), left)


def _days_without(items: Sequence[Item], day: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Days around a day on which there is no coverage, by the days on which there was or will be some."""
    ends = [one.last for one in items if one.last is not None and one.last < day]
    begins = [one.first for one in items if one.first is not None and one.first > day]
    last = min(begins) - _DAY if begins else None
    return max(ends) + _DAY if ends else None, last


def visits_left(items: Iterable[Item], services: Sequence[str]) -> int | None:
    """The lowest number of visits left that was said for some service types, or for the plan as a whole."""
    limits = [
        one
        for one in items
        if one.kind == "limit"
        and one.visits is not None
        and one.network != "out"
        and not one.procedure
        and (one.is_general or one.is_about(services))
    ]
    return min(_left(limits), default=None)


def _left(limits: Sequence[Item]) -> Iterator[int]:
    for one in limits:
        if one.visits is None:
            continue
        if one.span == "left":
            yield one.visits
        elif one.span == "whole":
            same = (other for other in limits if other.span == "used" and set(other.services) == set(one.services))
            yield from (max(0, one.visits - used.visits) for used in same if used.visits is not None)
