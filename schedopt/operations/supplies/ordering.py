"""How much of an item to order on a day: the levels for what is forecast, in whole packs, and no more than keeps."""

from __future__ import annotations

import datetime as dt
import math
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Floats
from schedopt.operations.supplies.counts import counts_of
from schedopt.operations.supplies.forecast import Forecast
from schedopt.operations.supplies.held import NEVER, Held, Lot, used_up
from schedopt.operations.supplies.policies import Case, Renewals, day_costs, economic_order, over_days
from schedopt.operations.supplies.tables import SupplyItem

FILL_RATE = 0.98
"""Share of demand to be met at once, where an item says nothing."""
_MOST_GRAINS = 300
"""Units are counted in grains, so many at most in what is used until the next delivery."""
_LONGEST = 120
"""Days of use, at most, between an order and the next one: longer nobody knows what will be used."""
_EPOCH = dt.date(1970, 1, 5)


class Decision(NamedTuple):
    """What to order of an item on a day, and why.

    Attributes
    ----------
    amount : float
        Units; 0: nothing.
    packs : int
        The same in packs.
    order_at, order_up_to : float
        Levels of stock and orders.
    position : float
        Stock and orders that can be used before the delivery after this one.
    cap : float or None
        The most that can be used before it expires, where that is less than what would be ordered otherwise.
    """

    amount: float
    packs: int
    order_at: float
    order_up_to: float
    position: float
    cap: float | None


def review_of(item: SupplyItem, day: dt.date) -> dt.date:
    """The first day from a day on, on which an order can be made."""
    if item.review_days is None:
        return day
    since = (day - (item.review_from or _EPOCH)).days % item.review_days
    return day if since == 0 else day + dt.timedelta(days=item.review_days - since)


def unit_price(item: SupplyItem) -> float:
    """Price of a unit."""
    return item.price / item.pack


def holding_of(item: SupplyItem) -> float:
    """What a unit in stock costs a day; never nothing, as room is not free."""
    year = item.holding_cost if item.holding_cost is not None else item.holding_rate * unit_price(item)
    return max(year, 1e-6) / 365


class Course(NamedTuple):
    """What becomes of a stock if it is used as expected.

    Attributes
    ----------
    lots : list of Lot
        What is left in the end.
    wasted : float array
        By day: units that have expired unused by that morning.
    missing : float
        Units that were asked for and not there.
    """

    lots: list[Lot]
    wasted: Floats
    missing: float


def project(held: Held, use: Forecast, days: int) -> Course:
    """A stock over the first days of a forecast; orders come on their days, and those that are overdue tomorrow."""
    lots, wasted, missing, total = list(held.lots), np.zeros(max(1, days)), 0.0, 0.0
    for number in range(days):
        date = use.first + dt.timedelta(days=number)
        total += sum(lot.amount for lot in lots if lot.expires < date)
        wasted[number] = total
        lots = [lot for lot in lots if lot.expires >= date and lot.amount > 0]
        lots += [Lot(order.amount, NEVER) for order in held.orders if arrives(order.due, use.first) == date]
        lots.sort(key=lambda lot: lot.expires)
        lots, short = used_up(lots, date, float(use.mean[number]) if number < len(use) else 0.0)
        missing += short
    return Course([lot for lot in lots if lot.amount > 0], wasted, missing)


def arrives(due: dt.date, today: dt.date) -> dt.date:
    """When an order is counted on: on its day, or tomorrow where it is overdue."""
    return due if due >= today else today + dt.timedelta(days=1)


def decide(item: SupplyItem, held: Held, use: Forecast) -> Decision:
    """What to order on the first day of a forecast, on which an order can be made.

    Parameters
    ----------
    item : SupplyItem
        What it costs, and how it comes.
    held : Held
        Stock in the morning, and orders.
    use : Forecast
        From that day on, for the lead time, the time to the next order and some weeks.
    """
    lead, review = item.lead_days, item.review_days or 1
    span = lead + review
    mean, _ = use.between(0, span)
    position = _position(held, use, span)
    at, up_to = levels(item, use, span)
    if mean <= 0 and use.mean.sum() <= 0:
        return Decision(0.0, 0, 0.0, 0.0, position, None)
    if position > at + 1e-9:
        return Decision(0.0, 0, at, up_to, position, None)
    packs = max(math.floor((up_to - position) / item.pack + 1e-9), 1)  # above s, as S is a pack above it at least
    packs = max(packs, math.ceil(item.minimum_order / item.pack - 1e-9))
    cap = _keeps(item, held, use)
    if cap is not None and cap < packs * item.pack:
        packs = max(0, math.floor(cap / item.pack + 0.5))
        least = math.ceil(item.minimum_order / item.pack - 1e-9)
        packs = 0 if packs == 0 and position > mean else max(packs, 1, least)
        return Decision(packs * item.pack, packs, at, up_to, position, cap)
    return Decision(packs * item.pack, packs, at, up_to, position, None)


def _position(held: Held, use: Forecast, span: int) -> float:
    """What can be used in some days: stock and orders, without what will expire before it is used."""
    coming = sum(order.amount for order in held.orders)
    return held.amount + coming - float(project(held, use, span).wasted[-1])


def _keeps(item: SupplyItem, held: Held, use: Forecast) -> float | None:
    """The most that is used between delivery and expiry, beyond what is there then; None: it keeps."""
    if item.shelf_days is None:
        return None
    lead, days = item.lead_days, min(item.lead_days + item.shelf_days, len(use))
    lots = project(held, use, lead).lots
    later = [order.amount for order in held.orders if (arrives(order.due, use.first) - use.first).days >= lead]
    wanted, _ = use.between(lead, days)
    if days < lead + item.shelf_days:
        wanted *= item.shelf_days / max(1, days - lead)
    return max(0.0, wanted - sum(lot.amount for lot in lots) - sum(later))


def levels(item: SupplyItem, use: Forecast, span: int) -> tuple[float, float]:
    """The levels s and S, in units, for demand as it is forecast until the delivery after the next.

    Days are taken as equal, with the mean and variance of the forecast over these days; so single days, planned visits
    and an unknown level all count. Of several distances of S from s around the economic order quantity, in whole packs,
    the one is taken that costs least with the s that it needs.
    """
    mean, variance = use.between(0, span)
    a_day = use.between(0, len(use))[0] / len(use)
    if a_day <= 0:
        return 0.0, 0.0
    choices = _distances(item, a_day, span)
    if mean <= 0:  # nothing until then, and something after
        return 0.0, choices[0]
    grain = max(use.grain, mean / _MOST_GRAINS, choices[-1] / _MOST_GRAINS)
    chance = counts_of(mean / span / grain, variance / span / grain**2)
    case = Case(chance, item.order_cost, holding_of(item) * grain, 0.0, item.lead_days, item.review_days or 1)
    found = [(*_order_at(case, item, max(1, round(apart / grain)), grain), apart) for apart in choices]
    _, at, apart = min(found)
    least = max(at * grain, mean)  # a share of a long time may be missing, but nobody plans to run out
    return least, least + apart


def _distances(item: SupplyItem, a_day: float, span: int) -> list[float]:
    """Distances of S from s to choose from, in units."""
    economic = economic_order(item.order_cost, a_day, holding_of(item)).quantity
    days = _LONGEST if item.shelf_days is None else min(_LONGEST, 0.8 * (item.shelf_days - span))
    keeps = a_day * max(1.0, days)
    found = set[float]()
    for factor in (0.7, 1.0, 1.4, 2.0):
        packs = round(min(economic * factor, keeps) / item.pack)
        found.add(max(packs * item.pack, item.pack, item.minimum_order))
    return sorted(found)


def _order_at(case: Case, item: SupplyItem, apart: int, grain: float) -> tuple[float, int]:
    """Cost a day, and the level at which to order: the lowest that reaches the target, or the one that costs least."""
    found = service(case, apart)
    costs = case.holding * found.left + case.order_cost / (case.review * found.periods)
    if item.shortage_cost is None:
        target = FILL_RATE if item.fill_rate is None else item.fill_rate
        best = int(np.argmax(found.fill >= target - 1e-12))
    else:
        a_day = float(case.demand @ np.arange(len(case.demand)))
        costs = costs + item.shortage_cost * grain * a_day * (1 - found.fill)
        best = int(np.argmin(costs))
    return float(costs[best]), found.first + best


class Service(NamedTuple):
    """What levels come to in the long run, with S so far above s.

    Attributes
    ----------
    first : int
        The lowest s that is looked at.
    fill : float array
        By s: share of demand that is met at once, as
        :func:`~schedopt.operations.supplies.policies.fill_rate` has it.
    left : float array
        By s: stock left at the end of a day.
    periods : float
        Possible orders from one order to the next.
    """

    first: int
    fill: Floats
    left: Floats
    periods: float


def service(case: Case, apart: int) -> Service:
    """All levels s at once."""
    renewals = Renewals(over_days(case.demand, case.review), apart)
    often = renewals.often[:apart] / renewals.periods[apart]
    days = [over_days(case.demand, case.lead + day + 1) for day in range(case.review)]
    first, last = -apart, len(days[-1])

    def mean_of(values: Floats) -> Floats:
        """Over where stock and orders are after a possible order, by s."""
        found: Floats = np.convolve(values, often, mode="valid")
        return found

    levels_ = (first + 1, last + apart)
    before = day_costs(over_days(case.demand, case.lead), 0.0, 1.0, *levels_)
    after = day_costs(days[-1], 0.0, 1.0, *levels_)
    mean = float(case.demand @ np.arange(len(case.demand))) * case.review
    left = sum(day_costs(chance, 1.0, 0.0, *levels_) for chance in days) / case.review
    fill = 1 - mean_of(after - before) / mean
    return Service(first, fill, mean_of(np.asarray(left)), float(renewals.periods[apart]))
