"""Lead a search that adds up visits to balances between groups, which it does not know, by prices that follow it.

A balance (:class:`~schedopt.models.couplings.Balance`) prices what a group has beyond all. For fixed prices by group
that is a sum over visits, so it can be added to the cost of options. A group that has too much gets dearer from round
to round until it has not, up to the price that the balance asks; one that has little gets cheaper. These are the
multipliers of Lagrange, moved along a subgradient: at any of them the sum is a lower bound of what the balance costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schedopt.models.couplings import Balance
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule

Floats = NDArray[np.float64]
STEP = 0.1
"""Share of a balance's full price by which a group's price moves at most, from one schedule to the next."""


@dataclass(frozen=True)
class Lead:
    """Prices by group for every balance that costs something.

    Attributes
    ----------
    balances : tuple of Balance
        In the problem's order.
    price : tuple of float array
        Points a unit, for each group of each balance.
    """

    balances: tuple[Balance, ...]
    price: tuple[Floats, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to lead to."""
        return bool(self.balances)


@dataclass(frozen=True)
class LedCosts:
    """What a lead adds to the costs that a search adds up.

    The sum over a schedule, with `constant`, is never more than what the balances cost.

    Attributes
    ----------
    option : float array, shape (options,)
        Points, also negative.
    left_out : float array, shape (requests,)
        Points, also negative.
    constant : float
        Points; not above 0.
    """

    option: Floats
    left_out: Floats
    constant: float


def start_lead(problem: Problem) -> Lead:
    """A lead that leads nowhere yet."""
    balances = tuple(c for c in problem.couplings if isinstance(c, Balance) and c.points)
    return Lead(balances, tuple(np.zeros(len(balance.sizes(problem.week))) for balance in balances))


def adapt(lead: Lead, problem: Problem, schedule: Schedule, step: float = STEP) -> Lead:
    """The lead after a look at a schedule.

    Parameters
    ----------
    lead : Lead
        Before.
    problem : Problem
        The week.
    schedule : Schedule
        Where the search is now.
    step : float
        Share of the full price, 0 to 1; a group moves by all of it where it is a notch of what is allowed away from
        that (a tenth of a day, a percent of load), and by less where it is nearer.
    """
    prices = []
    for balance, price in zip(lead.balances, lead.price, strict=True):
        _, notches = balance.allowed()
        away = balance.over(problem.week, schedule) * notches / np.maximum(1, balance.sizes(problem.week))
        prices.append(np.clip(price + step * balance.points * np.clip(away, -1, 1), 0, balance.points))
    return Lead(lead.balances, tuple(prices))


def led_costs(lead: Lead, problem: Problem) -> LedCosts:
    """What a lead adds to the cost of every option and of leaving each request out."""
    week, options = problem.week, problem.options
    everybody = np.arange(len(week.requests))
    option, left_out, constant = np.zeros(len(options)), np.zeros(len(everybody)), 0.0
    for balance, price in zip(lead.balances, lead.price, strict=True):
        option += balance.linear(week, price, options.request, options.session)
        left_out += balance.linear(week, price, everybody, np.full(len(everybody), -1))
        constant -= balance.allowance(week, price)
    return LedCosts(option, left_out, constant)
