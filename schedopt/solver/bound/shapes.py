r"""What the steps of a visit cost at given prices of pools: rooms, devices, support staff, and waits between steps.

Visits whose steps are alike, at one site, have one shape, and one price for each start. Step :math:`k` lasts
:math:`l_k` cells, may start up to :math:`W_k` cells after the end of the step before it, and pays :math:`q_k(t)` for
its pools when it starts in cell :math:`t`: the prices of the cells from there to its end, cleaning included, but no
further than midnight. A cell of waiting costs :math:`v`. The steps up to :math:`k`, and those from :math:`k` on, cost
at least

.. math::

    F_k(t) &= q_k(t) + \min_{0 \le x \le W_k} \bigl( v x + F_{k-1}(t - x - l_{k-1}) \bigr) \\
    G_k(t) &= q_k(t) + \min_{0 \le x \le W_{k+1}} \bigl( v x + G_{k+1}(t + l_k + x) \bigr)

without the second term for the first and the last step. A visit whose provider step :math:`k` starts in cell :math:`t`
costs at least :math:`m(t) = F_k(t) + G_k(t) - q_k(t)`. How many units there are plays no part here: the prices stand
for that.
"""

from __future__ import annotations

from typing import NamedTuple

from schedopt.arrays import Floats, Ints
from schedopt.compiled import compiled, inlined, inside

BIG = 1e15
"""More points than anything costs."""


class Shapes(NamedTuple):
    """Visits whose steps are alike, at one site: what their steps use of pools has one price for all of them.

    Attributes
    ----------
    first : int array, shape (shapes + 1,)
        Shape k has steps ``first[k]`` to ``first[k + 1] - 1``.
    own : int array, shape (shapes,)
        The provider step.
    length, wait, need : int array, shape (steps + 1,)
        Cells; longest wait before it, in cells; first entry of `pool`.
    pool : int array
        Pools that a step holds a unit of.
    turnover : int array, shape (pools,)
        Cells of cleaning after each use.
    reach : int array, shape (shapes, days, 2)
        First cell, and cell after the last, that visits of a shape can touch on a day.
    cells_per_day : int
        Cells from midnight to midnight.
    wait_points : int
        Points of a cell of waiting between steps.
    """

    first: Ints
    own: Ints
    length: Ints
    wait: Ints
    need: Ints
    pool: Ints
    turnover: Ints
    reach: Ints
    cells_per_day: int
    wait_points: int


@inlined
def _use_price(shapes: Shapes, paid: Floats, step: int, start: int) -> float:
    """Points of the pool cells that a step uses; `paid` holds running sums of each pool's prices."""
    midnight = (start // shapes.cells_per_day + 1) * shapes.cells_per_day
    total = 0.0
    for k in range(shapes.need[step], shapes.need[step + 1]):
        pool = shapes.pool[k]
        end = min(start + shapes.length[step] + shapes.turnover[pool], midnight)
        total += paid[pool, end] - paid[pool, start]
    return total


@compiled
def price_shapes(shapes: Shapes, paid: Floats, some: Ints, chain: Floats) -> None:
    """Work out the least points of pools and waiting for a step that starts in a cell.

    `some` has the codes of shapes. `chain`, shape (steps, cells), takes F of this module for steps before the provider
    step, G for steps after it, and m, the points of all steps, for the provider step.
    """
    for shape in some:
        head, own, tail = shapes.first[shape], shapes.own[shape], shapes.first[shape + 1]
        for day in range(shapes.reach.shape[1]):
            low, high = shapes.reach[shape, day, 0], shapes.reach[shape, day, 1]
            for step in range(tail - 1, own, -1):
                for start in range(low, high):
                    points = BIG
                    if start + shapes.length[step] <= high:
                        points = _use_price(shapes, paid, step, start)
                        if step + 1 < tail:
                            points += _next_least(shapes, chain, step, start, high)
                    chain[step, start] = points
            for step in range(head, own + 1):
                for start in range(low, high):
                    points = BIG
                    if start + shapes.length[step] <= high:
                        points = _use_price(shapes, paid, step, start)
                        if step > head:
                            points += _last_least(shapes, chain, step, start, low)
                        if step == own and own + 1 < tail:
                            points += _next_least(shapes, chain, step, start, high)
                    chain[step, start] = points


@inlined
def _last_least(shapes: Shapes, chain: Floats, step: int, start: int, low: int) -> float:
    """Least points of the steps before a step that starts in a cell."""
    least = BIG
    for wait in range(shapes.wait[step] + 1):
        cell = start - wait - shapes.length[step - 1]
        if cell < low or wait * shapes.wait_points >= least:
            break
        least = min(least, wait * shapes.wait_points + chain[step - 1, cell])
    return least


@inlined
def _next_least(shapes: Shapes, chain: Floats, step: int, start: int, high: int) -> float:
    """Least points of the steps after a step that starts in a cell."""
    least = BIG
    for wait in range(shapes.wait[step + 1] + 1):
        cell = start + shapes.length[step] + wait
        if cell >= high or wait * shapes.wait_points >= least:
            break
        least = min(least, wait * shapes.wait_points + chain[step + 1, cell])
    return least


@inside
def add_uses(shapes: Shapes, chain: Floats, shape: int, start: int, uses: Ints) -> None:
    """Count the pool cells that a visit of a shape uses, with its steps where `chain` found them cheapest.

    `start` is the cell in which its provider step starts. `uses`, shape (pools, cells + 1), takes changes: 1 more in
    the cell from which on a unit is used, 1 less in the cell from which on it is free again.
    """
    own, day = shapes.own[shape], start // shapes.cells_per_day
    low, high = shapes.reach[shape, day, 0], shapes.reach[shape, day, 1]
    _add_use(shapes, own, start, uses)
    cell = start
    for step in range(own, shapes.first[shape], -1):
        least, best = BIG, cell
        for wait in range(shapes.wait[step] + 1):
            other = cell - wait - shapes.length[step - 1]
            if other < low:
                break
            points = wait * shapes.wait_points + chain[step - 1, other]
            if points < least:
                least, best = points, other
        cell = best
        _add_use(shapes, step - 1, cell, uses)
    cell = start
    for step in range(own, shapes.first[shape + 1] - 1):
        least, best = BIG, cell
        for wait in range(shapes.wait[step + 1] + 1):
            other = cell + shapes.length[step] + wait
            if other >= high:
                break
            points = wait * shapes.wait_points + chain[step + 1, other]
            if points < least:
                least, best = points, other
        cell = best
        _add_use(shapes, step + 1, cell, uses)


@inlined
def _add_use(shapes: Shapes, step: int, start: int, uses: Ints) -> None:
    midnight = (start // shapes.cells_per_day + 1) * shapes.cells_per_day
    for k in range(shapes.need[step], shapes.need[step + 1]):
        pool = shapes.pool[k]
        uses[pool, start] += 1
        uses[pool, min(start + shapes.length[step] + shapes.turnover[pool], midnight)] -= 1
