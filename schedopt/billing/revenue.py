"""What a visit brings in: its fee, or what of it is expected to be collected."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.billing.insurance import Insurance
from schedopt.errors import Fault, InputError
from schedopt.models.office import Office
from schedopt.models.problem.options import Options, visits_as_options
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.rules import Prices
from schedopt.models.problem.week import Week

_PARTS = 1_000_000
"""Parts in which a chance is counted, so that amounts are whole."""


@dataclass(frozen=True)
class _Missed(Prices):
    """Base: what a visit brings in less than the request could have brought, or all of it where left out, costs.

    Attributes
    ----------
    insurance : Insurance or None
        What insurers say; None where that is nobody's concern.
    fee : int array, shape (insurers + 1, visit types)
        Currency; the last row is what a patient who pays brings in.
    best : int array, shape (requests,)
        Currency; the most the request could bring in.
    points : int
        A unit of currency.
    """

    insurance: Insurance | None
    fee: Ints
    best: Ints
    points: int

    def brought(self, options: Options, week: Week) -> Ints:
        """Currency that each option brings in."""
        payer = np.full(len(options), -1)
        if self.insurance is not None:
            insurer = self.insurance.insurer_of(options, week)
            payer = np.where(self.insurance.pays(options, week), insurer, -1)
        fee: Ints = self.fee[payer, week.requests.visit_type[options.request]]
        return fee

    def price(self, options: Options, week: Week) -> Ints:
        """Points of what is missed."""
        missed: Ints = np.maximum(0, self.best[options.request] - self.brought(options, week))
        return self.points * missed

    def left_out(self, week: Week) -> Ints:
        """Points of all that it could have brought."""
        return self.points * self.best

    def quantity(self, visits: Options, price: Ints, week: Week) -> int:
        """Currency missed by visits."""
        return int(price.sum()) // self.points

    def quantity_left_out(self, price: Ints) -> int:
        """Currency missed by requests left out."""
        return int(price.sum()) // self.points


class FeeMissed(_Missed):
    """What a visit brings in less than the request could have brought, or all of it where left out, costs."""

    name = "revenue"
    source = "billing"
    reason = "fees not earned"
    unit = "currency"


class ExpectedMissed(_Missed):
    """What a visit is expected to bring in, allowed times chance less bad debt, below the request's most costs."""

    name = "expected_revenue"
    source = "billing"
    reason = "expected revenue missed"
    unit = "currency"


def fee_missed(office: Office, week: Week, insurance: Insurance | None) -> FeeMissed:
    """The rule about fees."""
    fee = _fees(office, week, _insurers(insurance))
    return FeeMissed(insurance, fee, _best(fee, week, insurance), office.settings.weights.revenue)


def expected_missed(office: Office, week: Week, insurance: Insurance | None) -> ExpectedMissed:
    """The rule about expected revenue."""
    insurers, kinds = _insurers(insurance), week.requests.visit_type_ids
    expected = _fees(office, week, insurers)
    said = {(row.insurer, row.visit_type): row for row in office.collection or ()}
    for number, name in enumerate((*insurers, None)):
        for code, visit_type in enumerate(kinds):
            row = said.get((name, visit_type)) or said.get((name, None))
            if row is not None:
                cents = 100 * int(expected[number, code]) if row.allowed is None else round(100 * row.allowed)
                bad = round(100 * row.bad_debt) * _PARTS
                expected[number, code] = _rounded(cents * round(_PARTS * row.chance) - bad, 100 * _PARTS)
    points = office.settings.billing.expected_revenue
    return ExpectedMissed(insurance, expected, _best(expected, week, insurance), points)


def expected_revenue(plan: Plan) -> pd.DataFrame:
    """What a plan's visits are expected to bring in, by provider and day.

    Parameters
    ----------
    plan : Plan
        Of an office with the table ``collection`` and a price ``billing.expected_revenue``.

    Returns
    -------
    pandas.DataFrame
        A row for each provider and day with visits: ``provider`` (id), ``date``, ``visits`` (number), ``expected``
        (currency: what is allowed times the chance of being paid, less bad debt).

    Raises
    ------
    InputError
        If the office does not say what is collected, or sets no price on it.
    """
    week = plan.problem.week
    rule = next((rule for rule in plan.problem.rules if isinstance(rule, ExpectedMissed)), None)
    if rule is None:
        words = "expected a price above 0, and the table collection"
        raise InputError([Fault("office.toml", None, "billing.expected_revenue", None, words)])
    visits = visits_as_options(week, plan.assignment)
    provider, day = week.sessions.provider[visits.session], week.sessions.day[visits.session]
    told = pd.DataFrame({"provider": provider, "day": day, "expected": rule.brought(visits, week)})
    found = (
        told.groupby(["provider", "day"]).agg(visits=("expected", "size"), expected=("expected", "sum")).reset_index()
    )
    return pd.DataFrame({
        "provider": [week.sessions.provider_ids[code] for code in found["provider"]],
        "date": [week.calendar.date(day) for day in found["day"]], "visits": found["visits"],
        "expected": found["expected"],
    })  # fmt: skip


def _rounded(amount: int, by: int) -> int:
    """A whole amount divided by a whole number and rounded, half up."""
    return (2 * amount + by) // (2 * by)


def _insurers(insurance: Insurance | None) -> tuple[str, ...]:
    return () if insurance is None else insurance.policies.insurers


def _fees(office: Office, week: Week, insurers: tuple[str, ...]) -> Ints:
    own = np.array([v.fee for v in office.visit_types], np.int64)
    fee = np.tile(own, (len(insurers) + 1, 1))
    terms: dict[str, dict[str, int | None]] = defaultdict(dict)
    for row in office.terms or ():
        terms[row.insurer][row.visit_type] = row.fee
    for number, name in enumerate(insurers):
        for code, visit_type in enumerate(week.requests.visit_type_ids):
            if (asked := terms[name].get(visit_type)) is not None:
                fee[number, code] = asked
    return fee


def _best(fee: Ints, week: Week, insurance: Insurance | None) -> Ints:
    """The most that each request could bring in, from an insurer of these days or from its patient; 0 at least."""
    kind = week.requests.visit_type
    if insurance is None:
        alone: Ints = np.maximum(0, fee[-1, kind])
        return alone
    best: Ints = np.where(insurance.insurer >= 0, fee[insurance.insurer, kind[:, None]], 0).max(axis=1, initial=0)
    best = np.maximum(best, np.where(insurance.self_pay, fee[-1, kind], 0))
    return best
