"""The billing rules: what the insurer asks for, self-pay as the way out, and what a visit brings in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.billing import words
from schedopt.billing.insurance import Insurance, read_insurance
from schedopt.billing.revenue import expected_missed, fee_missed
from schedopt.billing.visits_left import limits
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
    """A patient is insured on the day of the visit, by the newest answer or by coverage.csv, or pays."""

    name = "coverage"
    source = "billing"
    reason = "no insurance is in force on that day"
    relief = "insurance in force on that day, or the patient paying"

    def _there(self, options: Options, week: Week) -> Flags:
        return self.insurance.is_covered(options, week)

    def why(self, options: Options, week: Week) -> str:
        """Which insurance ends or begins when, and by which answer."""
        return words.uncovered(self.insurance, options, week) or self.reason

    def grounds(self, options: Options, week: Week) -> str:
        """Who insures the patient, by which answer."""
        return words.covered(self.insurance, options, week)


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

    def why(self, options: Options, week: Week) -> str:
        """How the authorisations that there are stand."""
        standing = words.authorisations(self.insurance, options, week)
        return f"{self.reason}: {standing}" if standing else self.reason

    def grounds(self, options: Options, week: Week) -> str:
        """How they stand, where one is asked for."""
        return words.authorisations(self.insurance, options, week)


class Referred(_InsurerAsks):
    """A referral that the insurer asks for is on file, or the patient pays."""

    name = "referral"
    source = "billing"
    reason = "the insurer asks for a referral, and none is on file for that day"
    relief = "a referral for that day, or the patient paying"

    def _there(self, options: Options, week: Week) -> Flags:
        return self.insurance.is_referred(options, week)

    def why(self, options: Options, week: Week) -> str:
        """How the referrals that there are stand."""
        standing = words.referrals(self.insurance, options, week)
        return f"{self.reason}: {standing}" if standing else self.reason

    def grounds(self, options: Options, week: Week) -> str:
        """How they stand, where one is asked for."""
        return words.referrals(self.insurance, options, week)


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
        """Points where the insurer does not pay, although it may be told."""
        free = self.insurance.pays(options, week) | self.insurance.apart[options.request]
        return np.where(free, 0, self.points)


@dataclass(frozen=True)
class Unverified(Prices):
    """A visit that an insurer pays costs where no answer, or none of late, says that it covers the patient on the day.

    Attributes
    ----------
    insurance : Insurance
        What insurers say.
    days : int
        From an answer to a visit up to which it is of late.
    points : int
        A visit.
    """

    insurance: Insurance
    days: int
    points: int

    name = "unverified"
    source = "billing"
    reason = "coverage on that day is not verified"

    def price(self, options: Options, week: Week) -> Ints:
        """Points where the answer is too old, or there is none."""
        old = self.insurance.age(options, week) > self.days
        return np.where(old & self.insurance.pays(options, week), self.points, 0)

    def why(self, options: Options, week: Week) -> str:
        """Of which day the last answer is."""
        return f"{self.reason}: {words.last_answer(self.insurance, options, week)}"


@dataclass(frozen=True)
class Undecided(Prices):
    """A visit before the day on which a pending authorisation or referral that it needs is decided costs.

    Attributes
    ----------
    insurance : Insurance
        What insurers say.
    points : int
        A visit.
    """

    insurance: Insurance
    points: int

    name = "undecided"
    source = "billing"
    reason = "the insurer has not decided by that day"

    def price(self, options: Options, week: Week) -> Ints:
        """Points where all else is there."""
        open_ = self.insurance.is_undecided(options, week) & self.insurance.pays(options, week)
        return np.where(open_, self.points, 0)


def billing_rules(office: Office, week: Week) -> Iterator[Rule]:
    """All rules of this source; none about insurance where the office has no table of coverage."""
    weights, billing, insurance = office.settings.weights, office.settings.billing, None
    if office.coverage is not None:
        insurance = read_insurance(office, week)
        yield Covered(insurance)
        yield InNetwork(insurance)
        yield Authorised(insurance)
        yield Referred(insurance)
        yield SelfPaid(insurance, weights.self_pay)
        if office.eligibility is not None:
            yield Unverified(insurance, billing.verified_days, billing.unverified)
        if billing.pending == "price":
            yield Undecided(insurance, billing.undecided)
    if weights.revenue:
        yield fee_missed(office, week, insurance)
    if billing.expected_revenue and office.collection is not None:
        yield expected_missed(office, week, insurance)


def billing_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """All couplings of this source."""
    if office.coverage is not None:
        yield from limits(office, week)
