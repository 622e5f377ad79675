r"""Couplings of fairness: what falls to a group, for its size, is not much more than what falls to all.

Squares would say much the same and take for ever to solve. A group is compared with all, not with the best-off group,
which could then be made to wait for nothing: beside all, a day more for others is worth less than the price of a day,
so it never pays while the price of waiting itself is as high.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.couplings.base import Breach, CostPart, Coupling, Encoder
from schedopt.models.problem.holds import filled
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


class Balance(Coupling):
    r"""Base: visits, and requests left out, add amounts to groups; what a group has too much costs.

    For group :math:`g` of size :math:`n_g` with the amount :math:`T_g`, the excess is what it has beyond its share of
    all and what is allowed for each of its size, rounded up:

    .. math:: X_g = \max(0, \lceil T_g - n_g \textstyle\sum_h T_h / \sum_h n_h - n_g a \rceil)

    Sizes do not depend on the schedule, so every :math:`X_g` is bounded from below by sums over placements.

    Attributes
    ----------
    unit : str
        Of the amounts.
    """

    unit: ClassVar[str]
    untimed = True

    @property
    @abstractmethod
    def points(self) -> int:
        """Points a unit of excess."""

    @abstractmethod
    def sizes(self, week: Week) -> Ints:
        """Size of each group; 0 where it is not compared, and then nothing is added to it."""

    @abstractmethod
    def allowed(self) -> tuple[int, int]:
        """The allowance for each of a group's size, as a fraction: numerator and denominator."""

    @abstractmethod
    def amounts(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """Group and amount, from 0 on, of each of these requests in its session; session -1 is left out."""

    def role_amounts(self, week: Week, role: Ints, session: Ints) -> tuple[Ints, Ints]:
        """Group and amount, from 0 on, of each of these roles filled by its session; usually nothing."""
        return np.zeros_like(role), np.zeros_like(role)

    def totals(self, week: Week, placed: Placements) -> Ints:
        """Amounts added up by group."""
        total = np.zeros(len(self.sizes(week)), np.int64)
        np.add.at(total, *self.amounts(week, placed.request, placed.session))
        _, role, session = filled(week, placed)
        np.add.at(total, *self.role_amounts(week, role, session))
        return total

    def over(self, week: Week, schedule: Schedule) -> Floats:
        """What each group has beyond its share and what is allowed, in units; negative where it has less."""
        sizes, (numerator, denominator) = self.sizes(week).astype(float), self.allowed()
        total = self.totals(week, schedule.placements).astype(float)
        share = total.sum() / max(1.0, sizes.sum()) + numerator / denominator
        return np.asarray(total - sizes * share, float)

    def linear(self, week: Week, price: Floats, placed: Placements) -> Floats:
        """Points of each of these placements, where group g pays ``price[g]`` a unit beyond all.

        Added up over a schedule, less :meth:`allowance`, this is never more than :meth:`parts` says while prices lie
        from 0 to :attr:`points`, and as much at the right ones. So it leads a search that only adds up visits.
        """
        sizes = self.sizes(week)
        price = price - price @ sizes / max(1, sizes.sum())
        group, amount = self.amounts(week, placed.request, placed.session)
        points = np.asarray(price[group] * amount, float)
        row, role, session = filled(week, placed)
        group, amount = self.role_amounts(week, role, session)
        np.add.at(points, row, price[group] * amount)
        return points

    def allowance(self, week: Week, price: Floats) -> float:
        """Points of what is allowed, at these prices."""
        numerator, denominator = self.allowed()
        return float(price @ self.sizes(week)) * numerator / denominator

    def most(self, week: Week) -> float:
        """More than all excess together can be, in units."""
        everybody = np.arange(len(week.requests))
        out = self.amounts(week, everybody, np.full(len(everybody), -1))[1].sum(dtype=float)
        return float(out) + float(week.calendar.num_cells * week.calendar.grid) * len(week.sessions)

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """Nothing: it forbids nothing."""
        return placed.request[:0], placed.request[:0]

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """None: an uneven week costs, and stays an answer."""
        return iter(())

    def parts(self, week: Week, schedule: Schedule) -> Sequence[CostPart]:
        """The excess of all groups."""
        total = self.totals(week, schedule.placements).tolist()
        excess = sum(self._excess(self.sizes(week).tolist(), total))
        return (CostPart(self.name, self.source, self.points * excess, excess, self.unit),)

    def _excess(self, sizes: Sequence[int], total: Sequence[int]) -> Iterator[int]:
        """Excess of each group, in integers of any length."""
        everybody, everything, (numerator, denominator) = sum(sizes), sum(total), self.allowed()
        for size, mine in zip(sizes, total, strict=True):
            if size:
                over = denominator * (mine * everybody - size * everything) - numerator * size * everybody
                yield max(0, -(-over // (denominator * everybody)))

    def post(self, encoder: Encoder) -> None:
        """A total for each group, with what stays outside as its constant; its excess is pushed up from below."""
        sizes, (numerator, denominator) = self.sizes(encoder.week).tolist(), self.allowed()
        if not self.points or not any(sizes):
            return
        model, everybody = encoder.model, sum(sizes)
        constants, terms = self._terms(encoder)
        totals = [_total(encoder, constant, mine) for constant, mine in zip(constants, terms, strict=True)]
        least = sum(constants)
        everything = model.new_int_var(least, sum(highest for _, highest in totals), "")
        model.add(everything == sum(mine for mine, _ in totals))
        for size, (mine, highest) in zip(sizes, totals, strict=True):
            free = numerator * size * everybody
            if size and denominator * (everybody * highest - size * least) > free:
                excess = model.new_int_var(0, highest, "")
                over = denominator * (everybody * mine - size * everything) - free
                model.add(denominator * everybody * excess >= over)
                encoder.pay(excess, self.points)

    def _terms(self, encoder: Encoder) -> tuple[list[int], list[list[tuple[int, Any]]]]:
        """For each group what others add, and (amount, literal) of what free requests may."""
        week, free = encoder.week, np.array(encoder.free, np.int64)
        others = np.setdiff1d(np.arange(len(week.requests)), free)
        constant = self.totals(week, encoder.outside.placements.take(others)).tolist()
        terms: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        left_out = self.amounts(week, free, np.full(len(free), -1))
        for request, group, amount in zip(free.tolist(), *(column.tolist() for column in left_out), strict=True):
            if amount:
                terms[group].append((amount, 1 - encoder.placed(request)))
        pairs = encoder.pairs()
        columns = (*pairs, *self.amounts(week, *pairs))
        for request, session, group, amount in zip(*(column.tolist() for column in columns), strict=True):
            if amount:
                terms[group].append((amount, encoder.at(request, session)))
        fillings = encoder.fillings()
        columns = (*fillings, *self.role_amounts(week, *fillings))
        for role, session, group, amount in zip(*(column.tolist() for column in columns), strict=True):
            if amount:
                terms[group].append((amount, encoder.fills(role, session)))
        return constant, [terms[group] for group in range(len(constant))]


def _total(encoder: Encoder, constant: int, terms: Sequence[tuple[int, Any]]) -> tuple[Any, int]:
    """Variable or number: a constant and amounts where literals hold; and the most that it can be."""
    if not terms:
        return constant, constant
    highest = constant + sum(amount for amount, _ in terms)
    total = encoder.model.new_int_var(constant, highest, "")
    encoder.model.add(total == constant + sum(amount * literal for amount, literal in terms))
    return total, highest


def access_days(week: Week, request: Ints, session: Ints) -> Ints:
    """Days from ready day to visit, also those before the days planned.

    Requests left out, of session -1, wait through the last day planned.
    """
    day = np.append(week.sessions.day, week.calendar.num_days)[session]
    return np.maximum(0, day - week.requests.ready[request])


@dataclass(frozen=True)
class FairAccess(Balance):
    """No group of patients waits, on average, much longer for its visits than all patients do.

    Waiting is counted in days from the ready day; who is left out waits through the last day planned.

    Attributes
    ----------
    group : int array, shape (requests,)
        Code of the patient's group; what it stands for is not known here.
    most_tenths : int
        Tenths of a day by which a group's mean may exceed the mean of all.
    fair_access : int
        Points a day of excess, for each request of the group.
    """

    group: Ints
    most_tenths: int
    fair_access: int

    name = "fair_access"
    source = "records"
    reason = "one group of patients waits longer than all do"
    unit = "days"

    @property
    def points(self) -> int:
        """Points a day."""
        return self.fair_access

    def sizes(self, week: Week) -> Ints:
        """Requests of each group."""
        return np.bincount(self.group)

    def allowed(self) -> tuple[int, int]:
        """Days a request."""
        return self.most_tenths, 10

    def amounts(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """Days of waiting, for the patient's group."""
        return self.group[request], access_days(week, request, session)


@dataclass(frozen=True)
class FairLoad(Balance):
    """No provider sees patients for much more of their contract's minutes than all providers do of theirs.

    Attributes
    ----------
    contract : int array, shape (providers,)
        Minutes with patients that the contract asks for in the days planned; 0: not compared.
    most_percent : int
        Percent of the contract by which a provider's load may exceed the load of all.
    fair_load : int
        Points a minute of excess.
    """

    contract: Ints
    most_percent: int
    fair_load: int

    name = "fair_load"
    source = "rosters"
    reason = "one provider has more to do, for their contract, than all have"
    unit = "minutes"

    @property
    def points(self) -> int:
        """Points a minute."""
        return self.fair_load

    def sizes(self, week: Week) -> Ints:
        """Minutes of each contract."""
        return self.contract

    def allowed(self) -> tuple[int, int]:
        """Minutes a minute of contract."""
        return self.most_percent, 100

    def amounts(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """Minutes for which the provider is held; a seat's share of them in a group visit; none where left out."""
        provider = np.append(week.sessions.provider, 0)[session]
        counted = (session >= 0) & (self.contract[provider] > 0)
        minutes = week.hold_of(request, session) * week.calendar.grid // week.requests.most_together[request]
        return provider, np.where(counted, minutes, 0)

    def role_amounts(self, week: Week, role: Ints, session: Ints) -> tuple[Ints, Ints]:
        """Minutes of the step, for who takes part in it."""
        provider = week.sessions.provider[session]
        minutes = week.steps.length[week.roles.step[role]] * week.calendar.grid
        return provider, np.where(self.contract[provider] > 0, minutes, 0)
