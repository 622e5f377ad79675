"""The billing rules: what the insurer asks for, self-pay as the way out, and what a visit brings in."""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.billing.insurance import Insurance, authorised_visits, read_insurance
from schedopt.models.office import Office
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Forbids, Prices, Rule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class _InsurerAsks(Forbids):
    """Base: what the insurer of the day asks for is there, or the patient pays.

    Attributes
    ----------
    insurance : Insurance
        What insurers say.
    """

    insurance: Insurance

    @abstractmethod
    def _there(self, options: Options, week: Week) -> Flags:
        """Whether it is there."""

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up what is there, and who pays."""
        return self._there(options, week) | self.insurance.self_pay[options.request]


class Covered(_InsurerAsks):
    """A patient is insured on the day of the visit, or pays."""

    name = "coverage"
    source = "billing"
    reason = "no insurance is in force on that day"
    relief = "insurance in force on that day, or the patient paying"

    def _there(self, options: Options, week: Week) -> Flags:
        return self.insurance.is_covered(options, week)


class InNetwork(_InsurerAsks):
    """A provider is in the network of the insurer of the day, or the patient pays."""

    name = "network"
    source = "billing"
    reason = "the provider is not in the insurer's network"
    relief = "the provider in the insurer's network on that day, or the patient paying"

    def _there(self, options: Options, week: Week) -> Flags:
        return self.insurance.in_network(options, week)


class Authorised(_InsurerAsks):
    """An authorisation that the insurer asks for holds on the day, with visits left, or the patient pays."""

    name = "authorisation"
    source = "billing"
    reason = "the insurer asks for an authorisation, and none holds on that day"
    relief = "an authorisation for that day, or the patient paying"

    def _there(self, options: Options, week: Week) -> Flags:
        return self.insurance.is_authorised(options, week)


class Referred(_InsurerAsks):
    """A referral that the insurer asks for is on file, or the patient pays."""

    name = "referral"
    source = "billing"
    reason = "the insurer asks for a referral, and none is on file for that day"
    relief = "a referral for that day, or the patient paying"

    def _there(self, options: Options, week: Week) -> Flags:
        return self.insurance.is_referred(options, week)


@dataclass(frozen=True)
class SelfPaid(Prices):
    """A visit that the patient pays, as the insurer would not, costs.

    Attributes
    ----------
    insurance : Insurance
        What insurers say.
    points : int
        A visit.
    """

    insurance: Insurance
    points: int

    name = "self_pay"
    source = "billing"
    reason = "the patient pays, as the insurer would not"

    def price(self, options: Options, week: Week) -> Ints:
        """Points where the insurer does not pay."""
        return np.where(self.insurance.pays(options, week), 0, self.points)


@dataclass(frozen=True)
class FeeMissed(Prices):
    """What a visit brings in less than the request could have brought, or all of it where left out, costs.

    Attributes
    ----------
    insurance : Insurance or None
        What insurers say; None where that is nobody's concern.
    fee : int array, shape (insurers + 1, visit types)
        Currency; the last row is what a patient who pays is asked for.
    best : int array, shape (requests,)
        Currency; the most the request could bring in.
    points : int
        A unit of currency.
    """

    insurance: Insurance | None
    fee: Ints
    best: Ints
    points: int

    name = "revenue"
    source = "billing"
    reason = "fees not earned"
    unit = "currency"

    def price(self, options: Options, week: Week) -> Ints:
        """Points of the fee missed."""
        payer = np.full(len(options), -1)
        if self.insurance is not None:
            insurer = self.insurance.insurer[options.request, week.sessions.day[options.session]]
            payer = np.where(self.insurance.pays(options, week), insurer, -1)
        fee = self.fee[payer, week.requests.visit_type[options.request]]
        missed: Ints = np.maximum(0, self.best[options.request] - fee)
        return self.points * missed

    def left_out(self, week: Week) -> Ints:
        """Points of the whole fee."""
        return self.points * self.best

    def quantity(self, visits: Options, price: Ints, week: Week) -> int:
        """Currency missed by visits."""
        return int(price.sum()) // self.points

    def quantity_left_out(self, price: Ints) -> int:
        """Currency missed by requests left out."""
        return int(price.sum()) // self.points


def billing_rules(office: Office, week: Week) -> Iterator[Rule]:
    """All rules of this source; none about insurance where the office has no table of coverage."""
    weights, insurance = office.settings.weights, None
    if office.coverage is not None:
        insurance = read_insurance(office, week)
        yield Covered(insurance)
        yield InNetwork(insurance)
        yield Authorised(insurance)
        yield Referred(insurance)
        yield SelfPaid(insurance, weights.self_pay)
    if weights.revenue:
        yield FeeMissed(insurance, *_fees(office, week, insurance), weights.revenue)


def billing_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """All couplings of this source."""
    if office.coverage is not None and office.authorisations is not None:
        yield authorised_visits(office, week)


def _fees(office: Office, week: Week, insurance: Insurance | None) -> tuple[Ints, Ints]:
    insurers = tuple(dict.fromkeys(row.insurer for row in office.coverage or ()))
    own = np.array([v.fee for v in office.visit_types], np.int64)
    fee = np.tile(own, (len(insurers) + 1, 1))
    terms: dict[str, dict[str, int | None]] = defaultdict(dict)
    for row in office.terms or ():
        terms[row.insurer][row.visit_type] = row.fee
    for number, name in enumerate(insurers):
        for code, visit_type in enumerate(week.requests.visit_type_ids):
            if (asked := terms[name].get(visit_type)) is not None:
                fee[number, code] = asked
    kind = week.requests.visit_type
    if insurance is None:
        return fee, fee[-1, kind]
    best = np.where(insurance.insurer >= 0, fee[insurance.insurer, kind[:, None]], 0).max(axis=1, initial=0)
    return fee, np.maximum(best, np.where(insurance.self_pay, fee[-1, kind], 0))
