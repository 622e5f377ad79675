r"""How much to keep and to order when demand stays as it is: published policies, exact.

With order cost :math:`K`, holding cost :math:`h` and shortage cost :math:`p` a unit and day, an (s, S) policy orders up
to S whenever stock and orders together are at s or below; an (R, s, S) policy looks every R days only.

Sources: Y.-S. Zheng and A. Federgruen, *Finding optimal (s, S) policies is about as simple as evaluating a single
policy*, Operations Research 39 (1991) 654-665; G. Hadley and T. M. Whitin, *Analysis of Inventory Systems* (1963);
F. W. Harris, *How many parts to make at once* (1913).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import poisson

from schedopt.arrays import Floats

_TAIL = 1e-12
"""Chance of more than a distribution goes up to."""


class Levels(NamedTuple):
    """A policy and its long-run cost.

    Attributes
    ----------
    order_at : int
        s: an order is made where stock and orders are here or below.
    order_up_to : int
        S: so much stock and orders make after it.
    cost : float
        A day.
    """

    order_at: int
    order_up_to: int
    cost: float


class Quantity(NamedTuple):
    """How much, and what that costs."""

    quantity: float
    cost: float


def economic_order(order_cost: float, demand: float, holding: float) -> Quantity:
    """The order quantity at which ordering and holding cost least together, and what they cost.

    Parameters
    ----------
    order_cost, demand, holding : float
        Cost of an order; units a period; cost of a unit in stock for a period.
    """
    if min(order_cost, demand) < 0 or holding <= 0:
        raise ValueError("expected an order cost and a demand of 0 or more, and a holding cost above 0")
    quantity = math.sqrt(2 * order_cost * demand / holding)
    return Quantity(quantity, math.sqrt(2 * order_cost * demand * holding))


def newsvendor_normal(holding: float, shortage: float, mean: float, deviation: float) -> Quantity:
    """How much to have for one normal demand, and what leftovers and shortages then cost on average.

    Parameters
    ----------
    holding, shortage : float
        Cost of a unit left over, and of a unit missing.
    mean, deviation : float
        Of demand.
    """
    if holding <= 0 or shortage <= 0 or deviation < 0:
        raise ValueError("expected costs above 0 and a deviation of 0 or more")
    z = float(ndtri(shortage / (shortage + holding)))
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    lost = density - z * (1 - float(ndtr(z)))
    return Quantity(mean + z * deviation, deviation * (holding * (z + lost) + shortage * lost))


def newsvendor(holding: float, shortage: float, demand: Floats) -> Quantity:
    """The same for a demand that is counted: the smallest quantity at which costs are least.

    Parameters
    ----------
    holding, shortage : float
        As in :func:`newsvendor_normal`.
    demand : float array
        Chance of a demand of 0, 1, 2, … units.
    """
    quantity = int(np.searchsorted(np.cumsum(demand), shortage / (shortage + holding) - 1e-12))
    return Quantity(quantity, float(day_costs(demand, holding, shortage, quantity, quantity)[0]))


def poisson_demand(mean: float) -> Floats:
    """Chance of 0, 1, 2, … where units are asked for one by one, independently."""
    chance: Floats = poisson.pmf(np.arange(int(poisson.isf(_TAIL, mean)) + 2), mean)
    whole: Floats = chance / chance.sum()
    return whole


def over_days(demand: Floats, days: int) -> Floats:
    """Chance of 0, 1, 2, … of the sum over independent days; none: nothing is asked for."""
    total, power = np.ones(1), demand
    while days > 0:
        if days % 2:
            total = np.convolve(total, power)
        power, days = (np.convolve(power, power) if days > 1 else power), days // 2
    return total


def day_costs(demand: Floats, holding: float, shortage: float, first: int, last: int) -> Floats:
    """Holding and shortage cost of a day for each of some levels of stock and orders, after ordering.

    Parameters
    ----------
    demand : float array
        Chance of what is asked for from the moment of ordering to the end of that day.
    holding, shortage : float
        Cost of a unit left, and of a unit missing, at the end of the day.
    first, last : int
        Levels.
    """
    below, units = np.cumsum(demand), np.arange(len(demand))
    sums, level = np.cumsum(demand * units), np.arange(first, last + 1)
    at = np.clip(level, -1, len(demand) - 1)
    met = np.where(at >= 0, below[at], 0.0)
    left = level * met - np.where(at >= 0, sums[at], 0.0)
    missing = left - (level - sums[-1])
    costs: Floats = holding * left + shortage * np.maximum(missing, 0.0)
    return costs


class Case(NamedTuple):
    """What an (s, S) policy is asked for.

    Attributes
    ----------
    demand : float array
        Chance of a demand of 0, 1, 2, … units on a day; independent from day to day, and not always 0.
    order_cost, holding, shortage : float
        Cost of an order; of a unit left, and of a unit missing, at the end of a day.
    lead : int
        Days from an order to its delivery. 0: it is there before the demand of its day.
    review : int
        An order can be made every so many days.
    """

    demand: Floats
    order_cost: float
    holding: float
    shortage: float
    lead: int = 0
    review: int = 1


def best_levels(case: Case) -> Levels:
    """The (s, S) or (R, s, S) policy that costs least in the long run; unmet demand waits.

    The algorithm is Zheng and Federgruen's; the answer is exact but for rounding. An order made now bears on the costs
    of the days from its delivery to that of the next possible one.
    """
    if case.order_cost < 0 or case.holding <= 0 or case.shortage <= 0 or case.lead < 0 or case.demand[0] >= 1:
        raise ValueError("expected some demand, a lead time and an order cost of 0 or more, and costs above 0")
    return _Search(case).best()


class Renewals:
    """How far stock and orders are below S when orders can be made, under a policy.

    Attributes
    ----------
    often : float array
        Of the level k units below S, how often it is met between two orders.
    periods : float array
        Possible orders from one order to the next, where s is k units below S.
    """

    def __init__(self, demand: Floats, reach: int) -> None:
        self._demand = demand
        self.often = np.zeros(0)
        self.periods = np.zeros(1)
        self.extend(max(1, reach))

    def extend(self, reach: int) -> None:
        """Know it so many units down."""
        demand, known = self._demand, len(self.often)
        if reach <= known:
            return
        reach = max(reach, 2 * known)
        often = np.zeros(reach)
        often[:known] = self.often
        for k in range(known, reach):
            top = min(k, len(demand) - 1)
            before = float(demand[1 : top + 1] @ often[k - top : k][::-1]) if k else 1.0
            often[k] = before / (1 - float(demand[0]))
        self.often, self.periods = often, np.concatenate([[0.0], np.cumsum(often)])


class _Search:
    """The costs of levels, and the search for the best two of them."""

    def __init__(self, case: Case) -> None:
        self._case = case
        days = [over_days(case.demand, case.lead + day + 1) for day in range(case.review)]
        self._longest = max(map(len, days))
        self._means = float(sum(chance @ np.arange(len(chance)) for chance in days))
        self._inside = np.sum([day_costs(chance, case.holding, case.shortage, 0, self._longest) for chance in days], 0)
        self._renewals = Renewals(over_days(case.demand, case.review), 64)

    def _level(self, level: int) -> float:
        """What an order up to a level costs; outside the demand that there can be, it is a straight line."""
        case = self._case
        if level < 0:
            return case.shortage * (self._means - case.review * level)
        if level < len(self._inside):
            return float(self._inside[level])
        return case.holding * (case.review * level - self._means)

    def _levels(self, first: int, last: int) -> Floats:
        """The same for levels from the first to the one before the last."""
        if first >= 0 and last <= len(self._inside):
            inside: Floats = self._inside[first:last]
            return inside
        return np.array([self._level(level) for level in range(first, last)])

    def _cost(self, order_at: int, order_up_to: int) -> float:
        """Long-run cost of a policy, from one possible order to the next."""
        reach = order_up_to - order_at
        self._renewals.extend(reach)
        paid = self._renewals.often[:reach] @ self._levels(order_at + 1, order_up_to + 1)[::-1]
        return float((self._case.order_cost + paid) / self._renewals.periods[reach])

    def best(self) -> Levels:
        """Zheng and Federgruen's algorithm."""
        lowest = int(np.argmin(self._inside))
        up_to, at = lowest, lowest - 1
        while self._cost(at, up_to) > self._level(at):
            at -= 1
        cost = self._cost(at, up_to)
        candidate = up_to + 1
        while self._level(candidate) <= cost:
            if self._cost(at, candidate) < cost:
                up_to = candidate
                while self._cost(at, up_to) <= self._level(at + 1):
                    at += 1
                cost = self._cost(at, up_to)
            candidate += 1
        return Levels(at, up_to, cost / self._case.review)


def fill_rate(case: Case, order_at: int, order_up_to: int) -> float:
    """Share of demand that is met at once under an (s, S) or (R, s, S) policy; what is not met waits.

    Exact: over how far stock and orders are below S after a possible order, what is missing at the end of the days that
    depend on it, less what was missing before them.

    Parameters
    ----------
    case : Case
        Its costs are not looked at.
    order_at, order_up_to : int
        The levels.
    """
    reach, mean = order_up_to - order_at, float(case.demand @ np.arange(len(case.demand))) * case.review
    renewals = Renewals(over_days(case.demand, case.review), reach)
    first, last = order_at + 1, order_up_to
    after = day_costs(over_days(case.demand, case.lead + case.review), 0.0, 1.0, first, last)
    before = day_costs(over_days(case.demand, case.lead), 0.0, 1.0, first, last)
    short = renewals.often[:reach] @ (after - before)[::-1] / renewals.periods[reach]
    return 1 - float(short) / mean


def levels_for_fill(case: Case, target: float, apart: int) -> tuple[int, int]:
    """The lowest levels, so far apart, under which at least a share of demand is met at once.

    Parameters
    ----------
    case : Case
        Its costs are not looked at.
    target : float
        The share, below 1.
    apart : int
        S less s, at least 1.
    """
    top = len(over_days(case.demand, case.lead + case.review))
    low, high = -apart, top
    while low < high:
        middle = (low + high) // 2
        if fill_rate(case, middle, middle + apart) >= target:
            high = middle
        else:
            low = middle + 1
    return low, low + apart
