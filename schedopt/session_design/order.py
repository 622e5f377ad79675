"""In which order patients should be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import factorial, inf, prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from schedopt.arrays import Floats
from schedopt.timing.costs import Costs
from schedopt.timing.sampled.level import Oracle
from schedopt.timing.sampled.limits import Limits, limits_of
from schedopt.timing.sampled.scenarios import Scenarios
from schedopt.timing.sampled.times import Timed, is_convex, oracle_of, solve, usual_times

Order = tuple[int, ...]
"""The type at each position."""


@dataclass(frozen=True, eq=False)
class Ordered:
    """An order, and its times.

    Attributes
    ----------
    sequence : tuple of str, length visits
        The type at each position.
    timed : Timed
        The best times of that order.
    proven : bool
        Whether no other order is better on these scenarios by more than the tolerance; else it is the best of those
        tried.
    tried : int
        Orders that were timed, or shown to be no better.
    """

    sequence: tuple[str, ...]
    timed: Timed
    proven: bool
    tried: int


def order_by_variance(variance: ArrayLike) -> NDArray[np.int64]:
    """Smallest variance first, equal ones as they stand.

    Who is unpredictable disturbs only those who come after. It is the best order for two patients of one family of
    distributions, and for more a good one, not always the best (Weiss 1990, IIE Transactions 22, 143-150; Kong et al.
    2016, doi 10.1016/j.ejor.2016.06.004).

    Parameters
    ----------
    variance : float array, shape (visits,)
        Of the service time, 0 of no-shows included, minutes squared.

    Returns
    -------
    int array, shape (visits,)
        Who is first, second and so on.
    """
    found: NDArray[np.int64] = np.argsort(np.asarray(variance, float), kind="stable").astype(np.int64)
    return found


def best_order(
    counts: Mapping[str, int],
    samples: Mapping[str, Scenarios],
    costs: Costs,
    end: float,
    start: float = 0.0,
    *,
    latest: ArrayLike | None = None,
    separation: ArrayLike = 0.0,
    fixed: ArrayLike | None = None,
    enumerated: int = 5_000,
    rounds: int = 5,
    rng: np.random.Generator | None = None,
    tolerance: float = 1e-7,
) -> Ordered:
    """The order of least mean cost, each order with its own best times on the same scenarios.

    From the smallest variance first, exchanges of two patients and moves of one to another place are taken as long as
    they are better. Then, if there are not too many orders, all are gone through; one whose bound reaches the best
    cost so far is left without finishing its times. Otherwise the search starts anew from the best with a few patients
    exchanged. With common scenarios a difference between orders is far better known than the cost of either.

    Parameters
    ----------
    counts : mapping of str to int
        Patients of each type; a patient of his own is a type of one.
    samples : mapping of str to Scenarios
        Of each type, shape (scenarios, visits): what a patient of that type brings in each scenario at each position;
        shape (scenarios, 1) where that is the same at all positions. Nobody without appointment.
    costs, end, start
        As in :func:`schedopt.timing.sampled.best_times`.
    latest, separation, fixed : float arrays, shape (visits,)
        Of positions, as in :func:`schedopt.timing.sampled.best_times`.
    enumerated : int
        The most orders that are all gone through.
    rounds : int
        New starts, where they are not.
    rng : numpy.random.Generator
        For new starts; one of seed 0 without.
    tolerance : float
        Of the cost.

    Raises
    ------
    ValueError
        If a type has no samples, or their shapes do not fit, or no times are allowed.
    """
    names, bag = _bag(counts)
    pool = _Pool([samples[name] for name in names], len(bag), costs, end, start)
    limits = limits_of(len(bag), start, end, latest=latest, separation=separation, fixed=fixed)
    search = _Search(pool.oracle, limits, tolerance)
    first = tuple(sorted(bag, key=lambda kind: pool.variance[kind]))
    search.start(first, limits.nearest(pool.usual_times(first, start)))
    search.descend()
    orders = factorial(len(bag)) // prod(factorial(counts[name]) for name in names)
    if orders <= enumerated:
        for order in distinct_orders(bag):
            search.offer(order)
    else:
        draw = np.random.default_rng(0) if rng is None else rng
        for _ in range(rounds):
            search.leave(draw)
    # a bound of one order says nothing about others, and rests on convexity
    convex = all(is_convex(kind, costs, limits, end) for kind in pool.kinds)
    timed = search.timed if convex else Timed(search.timed.times, search.timed.cost, np.nan, search.timed.evaluations)
    return Ordered(
        tuple(names[kind] for kind in search.order), timed, convex and orders <= enumerated, len(search.known)
    )  # fmt: skip


def distinct_orders(bag: Order) -> Iterator[Order]:
    """Every order of the bag once, in ascending order."""
    if not bag:
        yield ()
    for kind in sorted(set(bag)):
        place = bag.index(kind)
        for rest in distinct_orders(bag[:place] + bag[place + 1 :]):
            yield (kind, *rest)


def _bag(counts: Mapping[str, int]) -> tuple[list[str], Order]:
    """Names of types, and the type of each patient."""
    if not all(isinstance(count, (int, np.integer)) and count >= 0 for count in counts.values()):
        raise ValueError(f"expected counts to be whole numbers of at least 0, not {dict(counts)!r}")
    names = [name for name, count in counts.items() if count]
    if not names:
        raise ValueError("expected at least one patient")
    return names, tuple(kind for kind, name in enumerate(names) for _ in range(counts[name]))


class _Pool:
    """What each type brings, ready to be put in any order.

    Attributes
    ----------
    kinds : list of Scenarios
        Of each type, shape (scenarios, visits).
    variance : float array, shape (types,)
        Of service, minutes squared.
    """

    def __init__(self, samples: list[Scenarios], visits: int, costs: Costs, end: float, start: float) -> None:
        shapes = {(kind.num_scenarios, min(kind.num_visits, visits)) for kind in samples}
        if len({num for num, _ in shapes}) > 1 or not {width for _, width in shapes} <= {1, visits}:
            raise ValueError(f"expected samples of equally many scenarios at 1 or {visits} positions, not {shapes}")
        if any(kind.num_walk_ins for kind in samples):
            raise ValueError("expected samples without walk-ins")
        num = samples[0].num_scenarios
        self.kinds, self.costs, self.end, self.begin = samples, costs, end, start
        self.early = any(kind.early for kind in samples)
        self.service, self.came, self.late = (
            np.stack([np.broadcast_to(array[:, :visits], (num, visits)) for array in arrays])
            for arrays in zip(*((kind.service, kind.came, kind.lateness) for kind in samples), strict=True)
        )  # fmt: skip
        self.variance = self.service.var(axis=(1, 2))

    def scenarios(self, order: Order) -> Scenarios:
        """The session in that order."""
        place, kind = np.arange(len(order)), np.array(order)
        service, came, late = (array[kind, :, place].T for array in (self.service, self.came, self.late))
        return Scenarios(service, came, late, early=self.early)

    def oracle(self, order: Order) -> Oracle:
        """Mean cost and slope of times in that order."""
        return oracle_of(self.scenarios(order), self.costs, self.end, self.begin)

    def usual_times(self, order: Order, start: float) -> Floats:
        """Times that follow one another by the mean service time, shape (visits,)."""
        return usual_times(self.scenarios(order), start)


class _Search:
    """The best order so far, and the orders that are known to be no better."""

    def __init__(self, oracle: Callable[[Order], Oracle], limits: Limits, tolerance: float) -> None:
        self.oracle, self.limits, self.tolerance = oracle, limits, tolerance
        self.known: set[Order] = set()

    def start(self, order: Order, times: Floats) -> None:
        """Begin with an order."""
        self.order, self.timed = order, self._solve(order, times, inf)
        self.known.add(order)

    def offer(self, order: Order) -> bool:
        """Take the order if it is better than the best."""
        if order in self.known:
            return False
        self.known.add(order)
        timed = self._solve(order, self.timed.times, self.timed.cost * (1 - self.tolerance))
        if timed.cost >= self.timed.cost:
            return False
        self.order, self.timed = order, timed
        return True

    def descend(self) -> None:
        """Exchange two patients or move one elsewhere, while that is better."""
        while any(self.offer(order) for order in _neighbours(self.order)):
            pass

    def leave(self, rng: np.random.Generator) -> None:
        """Search from an order some exchanges away, and keep the better of both."""
        best, cost = (self.order, self.timed), self.timed.cost
        away = list(self.order)
        for one, other in rng.integers(0, len(away), (3, 2)):
            away[one], away[other] = away[other], away[one]
        if tuple(away) in self.known:
            return
        self.start(tuple(away), self.timed.times)
        self.descend()
        if self.timed.cost >= cost:
            self.order, self.timed = best

    def _solve(self, order: Order, times: Floats, enough: float) -> Timed:
        return solve(self.oracle(order), self.limits, times, tolerance=self.tolerance, enough=enough)


def _neighbours(order: Order) -> Iterator[Order]:
    """Orders with two patients exchanged, close ones first, then with one moved."""
    num = len(order)
    for apart in range(1, num):
        for one in range(num - apart):
            if order[one] != order[one + apart]:
                swapped = list(order)
                swapped[one], swapped[one + apart] = swapped[one + apart], swapped[one]
                yield tuple(swapped)
    for one in range(num):
        rest = order[:one] + order[one + 1 :]
        for place in range(num):
            if abs(place - one) > 1:
                yield (*rest[:place], order[one], *rest[place:])
