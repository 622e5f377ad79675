r"""Prices by group that lead a search, which only adds up costs of visits, towards what balances ask for.

A balance (:class:`~schedopt.models.problem.couplings.Balance`) costs :math:`p` points for each unit that a group
:math:`g` has beyond its share and what is allowed: :math:`p \sum_g \max(0, \lceil O_g \rceil)`, where

.. math:: O_g = T_g - n_g \frac{\sum_h T_h}{\sum_h n_h} - n_g a

with :math:`T_g` the group's total, :math:`n_g` its size and :math:`a` the allowance. For fixed prices
:math:`0 \le q_g \le p`, the sum :math:`\sum_g q_g O_g` is never more than that, and it is a sum over visits, so it can
be added to the costs of options. After every few rounds the prices follow the present schedule:

.. math:: q_g \leftarrow \min(p, \max(0, q_g + \alpha p \min(1, \max(-1, b O_g / n_g))))

with :math:`\alpha` the step and :math:`1 / b` the unit of the allowance (a tenth of a day, a percent of a contract).
So a group that has too much gets dearer until it has not, and one that has little gets cheaper. The :math:`q_g` are
Lagrange multipliers, and :math:`O_g` is a subgradient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Floats
from schedopt.models.problem.couplings import Balance
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed

STEP = 0.1
"""Share of a balance's full price by which a group's price moves at most, from one schedule to the next."""


@dataclass(frozen=True)
class GroupPrices:
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
class GroupCosts:
    """What these prices add to the costs that a search adds up.

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


def no_prices(problem: Problem) -> GroupPrices:
    """Prices of nothing yet."""
    balances = tuple(c for c in problem.couplings if isinstance(c, Balance) and c.points)
    return GroupPrices(balances, tuple(np.zeros(len(balance.sizes(problem.week))) for balance in balances))


def adapted(prices: GroupPrices, problem: Problem, schedule: Schedule, step: float = STEP) -> GroupPrices:
    """The prices after a look at a schedule.

    Parameters
    ----------
    prices : GroupPrices
        Before.
    problem : Problem
        The week.
    schedule : Schedule
        Where the search is now.
    step : float
        Share of the full price, 0 to 1, by which a group's price changes at most. It changes by that much where the
        group is at least a tenth of a day for each request, or a percent of its contract, away from what is allowed.
    """
    found = []
    for balance, price in zip(prices.balances, prices.price, strict=True):
        _, notches = balance.allowed()
        away = balance.over(problem.week, schedule) * notches / np.maximum(1, balance.sizes(problem.week))
        found.append(np.clip(price + step * balance.points * np.clip(away, -1, 1), 0, balance.points))
    return GroupPrices(prices.balances, tuple(found))


def group_costs(prices: GroupPrices, problem: Problem) -> GroupCosts:
    """What these prices add to the cost of every option and of leaving each request out."""
    week, options = problem.week, problem.options
    nobody = nothing_placed(week).placements
    option, left_out, constant = np.zeros(len(options)), np.zeros(len(week.requests)), 0.0
    for balance, price in zip(prices.balances, prices.price, strict=True):
        option += balance.linear(week, price, options.placements)
        left_out += balance.linear(week, price, nobody)
        constant -= balance.allowance(week, price)
    return GroupCosts(option, left_out, constant)
