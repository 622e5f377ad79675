"""Why an amount is ordered, in a sentence."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from schedopt.operations.supplies.held import Held, Place
from schedopt.operations.supplies.ordering import Decision


class Facts(NamedTuple):
    """What a reason is made of.

    Attributes
    ----------
    place : Place
        Item and site.
    held : Held
        Stock and orders.
    day : datetime.date
        Of the list.
    decision : Decision or None
        The next expected order; None: there is none in the days looked at.
    when, until : datetime.date
        The day of that order; when an order after the next possible one can be there.
    lasts : pair of datetime.date or None
        Last days with enough.
    use : pair of float
        Low and high use until the day before `until`.
    amount, packs : float, int
        To order on this day.
    known : bool
        Whether more of what will be used is known than what is promised.
    """

    place: Place
    held: Held
    day: dt.date
    decision: Decision | None
    when: dt.date | None
    until: dt.date
    lasts: tuple[dt.date | None, dt.date | None]
    use: tuple[float, float]
    amount: float
    packs: int
    known: bool


def day_words(date: dt.date) -> str:
    """A date such as ``Tue 8 Dec``."""
    return f"{date:%a} {date.day} {date:%b}"


def units(amount: float, unit: str) -> str:
    """An amount with its unit, which offices name in the plural."""
    return f"{_number(amount)} {_singular(unit) if amount == 1 else unit}"


def _number(amount: float) -> str:
    if amount >= 100 or amount == int(amount):
        return f"{amount:,.0f}"
    return f"{amount:.1f}" if amount >= 1 else f"{amount:.2g}"


def _singular(unit: str) -> str:
    if unit.endswith(("xes", "ches", "shes", "sses")):
        return unit.removesuffix("es")
    return unit if unit.endswith("ss") else unit.removesuffix("s")


def reason_of(facts: Facts) -> str:
    """The sentence."""
    parts = [_first(facts), _left(facts)]
    if facts.amount:
        parts.append(_use(facts))
    if facts.decision is not None and facts.decision.cap is not None and facts.amount:
        over = facts.amount - facts.decision.cap
        fewer = f"about {units(round(over), facts.place.row.unit)} of it will expire, as no less can be ordered"
        parts.append("more would expire before it is used" if over < 1 else fewer)
    if facts.held.expired:
        parts.append(f"{units(facts.held.expired, facts.place.row.unit)} have expired")
    if facts.held.missing > 1e-9:
        parts.append("visits since the last count needed more than was counted: count again")
    return f"{parts[0]}: {'; '.join(parts[1:])}."


def _first(facts: Facts) -> str:
    item = facts.place.row
    if facts.amount:
        packs = f"{facts.packs} pack{'' if facts.packs == 1 else 's'} ({units(facts.amount, item.unit)})"
        return f"Order {packs}" if item.pack != 1 else f"Order {units(facts.amount, item.unit)}"
    if facts.when is None or facts.decision is None:
        return "No order"
    return f"No order today, probably {units(facts.decision.amount, item.unit)} on {day_words(facts.when)}"


def _left(facts: Facts) -> str:
    unit, held, (low, high) = facts.place.row.unit, facts.held, facts.lasts
    there = f"{units(held.amount, unit)} left" if held.amount else "none left"
    if held.orders:
        there += f" and {units(sum(order.amount for order in held.orders), unit)} coming"
    if low is None and not facts.known:
        return f"{there}; what will be used is not known without a plan or past visits, but for what is promised"
    if low is None:
        return f"{there} last for all days looked at"
    if low < facts.day:
        return f"{there} may not last the day" if held.amount else there
    if low == high:
        return f"{there} last to {day_words(low)}"
    return f"{there} last to {day_words(low)} at least" + ("" if high is None else f", {day_words(high)} at most")


def _use(facts: Facts) -> str:
    low, high = facts.use
    unit = facts.place.row.unit
    return (
        f"an order after this one can be there on {day_words(facts.until)}, and 9 times of 10 "
        f"{_number(low)} to {units(high, unit)} are used until then"
    )
