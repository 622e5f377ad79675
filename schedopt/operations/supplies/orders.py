"""The order list: what to order today, how long each item lasts, and why."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from schedopt.models.office import Office
from schedopt.models.problem.plan import Plan
from schedopt.operations.supplies.counts import counts_of, quantile
from schedopt.operations.supplies.demand import PROMISED, Demand, no_past, planned_of
from schedopt.operations.supplies.forecast import Forecast
from schedopt.operations.supplies.held import Held, Place, held_at, places_of, sites_of
from schedopt.operations.supplies.missing import missing_visits
from schedopt.operations.supplies.ordering import Decision, arrives, decide, project, review_of
from schedopt.operations.supplies.tables import SupplyItem
from schedopt.operations.supplies.words import Facts, reason_of

AHEAD = 91
"""Days that are forecast."""
SHARE = 0.9
"""Chance of the intervals."""
COLUMNS = (
    "item", "site", "supplier", "packs", "order", "unit", "cost", "order_on", "comes_on", "in_stock", "coming",
    "lasts_from", "lasts_to", "use", "use_low", "use_high", "until", "expired", "expires", "order_at", "order_up_to",
    "method", "reason",
)  # fmt: skip
_DAY = dt.timedelta(days=1)
_LOOKED_AT = 31
"""Possible orders, at most, among which the next one is looked for."""


class SupplyList(NamedTuple):
    """What an office should order, and whose visits lack something.

    Attributes
    ----------
    day : datetime.date
        The day on whose morning it was made.
    orders : pandas.DataFrame
        One row an item, and site where each keeps its own, in the office's order: ``item``, ``site`` (ids; empty: all),
        ``supplier``, ``packs`` and ``order`` (to order on this day, in packs and in units), ``unit``, ``cost``
        (currency: price and order cost of it), ``order_on`` (datetime.date: this day, or when the next order is
        expected; missing beyond the days looked at), ``comes_on`` (datetime.date, of that order), ``in_stock``,
        ``coming`` (units), ``lasts_from``, ``lasts_to`` (datetime.date: the last day with enough; 9 times of 10 it is
        between the two; missing beyond the days looked at), ``use``, ``use_low``, ``use_high`` (units, until the day
        before `until`; the last two hold it 9 times of 10), ``until`` (datetime.date: when an order after this one can
        be there), ``expired`` (units that cannot be used any more), ``expires`` (units expected to expire unused in the
        days looked at), ``order_at``, ``order_up_to`` (units), ``method`` (of the forecast beyond the plan),
        ``reason`` (a sentence).
    missing : pandas.DataFrame
        As :func:`~schedopt.operations.supplies.missing.missing_visits` returns it.
    """

    day: dt.date
    orders: pd.DataFrame
    missing: pd.DataFrame


def order_supplies(
    office: Office, day: dt.date, plan: Plan | None = None, past: pd.DataFrame | None = None, *, ahead: int = AHEAD
) -> SupplyList:  # fmt: skip
    """What to order on a day, how long each item lasts, and which planned visits lack something.

    Parameters
    ----------
    office : Office
        With the tables ``supplies``, ``supply_uses``, ``stock`` and ``supply_orders``, as on that morning.
    day : datetime.date
        The day.
    plan : Plan, optional
        Of days to come; its days are taken as planned, but for walk-ins.
    past : pandas.DataFrame, optional
        Past visits as :func:`~schedopt.operations.supplies.demand.past_of` makes them of a history. Without it, nobody
        walks in, and days beyond the plan are like those planned; without a plan too, only appointments count, and
        ``method`` and ``reason`` say so.
    ahead : int
        Days looked at, from that day on.

    Returns
    -------
    SupplyList
    """
    planned = planned_of(office, plan, day)
    covered = frozenset() if plan is None else frozenset(plan.problem.calendar.dates)
    demand = Demand(office, day, ahead, no_past() if past is None else past, planned, covered)
    rows, held = list[dict[str, Any]](), dict[tuple[str, str | None], Held]()
    for place in places_of(office, sites_of(office)):
        held[place.row.item, place.site] = held_at(office, place, day)
        rows.append(_row(place, held[place.row.item, place.site], demand.of(place), day))
    orders = pd.DataFrame(rows, columns=list(COLUMNS))
    return SupplyList(day, orders, missing_visits(office, planned, held, day))


def _row(place: Place, held: Held, use: Forecast, day: dt.date) -> dict[str, Any]:
    """A row of the order list."""
    item = place.row
    on = review_of(item, day)
    first = decide(item, _then(held, use, on), _from(use, on)) if (on - day).days < len(use) else None
    found = _next(item, held, use, on) if use.mean.sum() > 0 else None
    when = None if found is None else found[0]
    decision = first if found is None or when == on else found[1]
    today = when == day and decision is not None
    amount, packs = (decision.amount, decision.packs) if today and decision is not None else (0.0, 0)
    until = review_of(item, on + _DAY) + item.lead_days * _DAY
    span = min((until - day).days, len(use))
    low, high = use.within(0, span, SHARE)
    lasts = lasts_between(held, use)
    wasted = float(project(held, use, len(use)).wasted[-1])
    known = use.method != PROMISED
    facts = Facts(place, held, day, decision, when, until, lasts, (low, high), amount, packs, known)
    return {
        "item": item.item, "site": place.site or "", "supplier": item.supplier or "", "packs": packs, "order": amount,
        "unit": item.unit, "cost": packs * item.price + (item.order_cost if packs else 0.0), "order_on": when,
        "comes_on": None if when is None else when + item.lead_days * _DAY, "in_stock": round(held.amount, 3),
        "coming": sum(order.amount for order in held.orders), "lasts_from": lasts[0], "lasts_to": lasts[1],
        "use": round(use.between(0, span)[0], 1), "use_low": low, "use_high": high, "until": until,
        "expired": held.expired, "expires": round(wasted, 1),
        "order_at": 0.0 if first is None else round(first.order_at, 3),
        "order_up_to": 0.0 if first is None else round(first.order_up_to, 3), "method": use.method,
        "reason": reason_of(facts),
    }  # fmt: skip


def _from(use: Forecast, day: dt.date) -> Forecast:
    """The forecast from a later day on."""
    skip = (day - use.first).days
    return use.later(skip)


def _then(held: Held, use: Forecast, day: dt.date) -> Held:
    """What is expected to be there in the morning of a later day."""
    days = (day - use.first).days
    if not days:
        return held
    lots, _, missing = project(held, use, days)
    later = tuple(order for order in held.orders if arrives(order.due, use.first) >= day)
    return Held(tuple(lots), later, held.expired, held.missing + missing)


def _next(item: SupplyItem, held: Held, use: Forecast, on: dt.date) -> tuple[dt.date, Decision] | None:
    """The first day on which an order is expected, and which, if all is used as forecast; None: not in a month."""
    for _ in range(_LOOKED_AT):
        if (on - use.first).days >= min(len(use), 31):
            return None
        decision = decide(item, _then(held, use, on), _from(use, on))
        if decision.amount > 0:
            return on, decision
        gone = np.cumsum(use.mean[(on - use.first).days :])  # far from the level, no day is looked at by itself
        far = int(np.searchsorted(gone, decision.position - 1.5 * decision.order_at))
        on = review_of(item, on + max(1, far) * _DAY)
    return None


def lasts_between(held: Held, use: Forecast) -> tuple[dt.date | None, dt.date | None]:
    """The last days with enough, of which 9 times of 10 one between them is the last; None: beyond the forecast.

    Orders come on their days; what expires is lost if it is not used as expected.
    """
    days = len(use)
    there = held.amount - project(held, use, days).wasted
    for order in held.orders:
        there[(arrives(order.due, use.first) - use.first).days :] += order.amount
    found = list[dt.date | None]()
    for share in ((1 + SHARE) / 2, (1 - SHARE) / 2):
        short = next((day for day in range(days) if _reached(use, day, share) > there[day] + 1e-9), None)
        found.append(None if short is None else use.first + (short - 1) * _DAY)
    return found[0], found[1]


def _reached(use: Forecast, day: int, share: float) -> float:
    """What is used up to the end of a day with so much chance, at most."""
    mean, variance = use.between(0, day + 1)
    if mean <= 0:
        return 0.0
    if mean / use.grain > 1000:
        return mean + 1.6449 * math.copysign(math.sqrt(variance), share - 0.5)
    return use.grain * quantile(counts_of(mean / use.grain, variance / use.grain**2), share)
