"""What patients of a store will owe, by what insurers have said and contracts allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schedopt.billing.coverage.tables import Benefit
from schedopt.billing.fees.prices import Prices, wanted_of
from schedopt.billing.shares.benefits import Benefits
from schedopt.billing.shares.estimate import Estimate, estimate
from schedopt.billing.shares.estimate_text import estimate_text
from schedopt.billing.shares.service import Service
from schedopt.errors import StoreError
from schedopt.registry.kinds import kinds
from schedopt.registry.money.coverage import CoverageAnswers
from schedopt.registry.money.fees import may_see_prices, prices_of
from schedopt.registry.money.visits import Visit, expect_services, visits_of
from schedopt.store.session import Call

UNSAID = "nothing that the insurer has said"
OUTSIDE = "nothing that the insurer has said of providers outside its network"


class InsurerEstimate(NamedTuple):
    """What a patient will owe for visits that one insurer pays.

    Attributes
    ----------
    insurer : str
        Who pays the rest.
    estimate : Estimate
        Steps, sums, and what is missing.
    """

    insurer: str
    estimate: Estimate

    @property
    def text(self) -> str:
        """It in words, step by step."""
        return estimate_text(self.insurer, self.estimate)


class Estimates(CoverageAnswers):
    """What a store is asked of patients' shares, and of the benefits on which they rest."""

    def estimate(
        self, requests: Sequence[str], *, day: dt.date | None = None, benefits: Mapping[str, Benefits] | None = None
    ) -> list[InsurerEstimate]:
        """What a patient will owe for the visits of some requests.

        A visit is expected to be billed as table ``services`` says of its type, on the day of its booking, to the
        insurer whose coverage holds on that day. Visits use up what is left in the order of their days.

        Parameters
        ----------
        requests : sequence of str
            Of one patient.
        day : datetime.date, optional
            Of visits that have no booking.
        benefits : mapping of str to Benefits, optional
            By insurer, in place of what the store knows.

        Raises
        ------
        StoreError
            If there are no such requests, they are of several patients, or the patient pays one of them whole.
        AccessDenied
            If the actor may not.
        """

        def body(call: Call) -> list[tuple[Visit, list[Service]]]:
            may_see_prices(call)
            call.may("read", Benefit.table_name, [one for one in kinds()[Benefit.table_name].columns if one != "note"])
            visits = visits_of(call, requests, day)
            _expect_insured(visits)
            prices = prices_of(call, at=self._entry(call))
            expect_services(prices, visits)
            return [(visit, _services(prices, visit)) for visit in visits]

        found = self.session.do("estimate shares", body, about=" ".join(requests))
        told = list[InsurerEstimate]()
        for insurer, near in dict.fromkeys((visit.insurer, visit.in_network) for visit, _ in found):
            some = [(visit, one) for visit, one in found if (visit.insurer, visit.in_network) == (insurer, near)]
            services = [service for _, one in some for service in one]
            known = (benefits or {}).get(insurer)
            if known is None and near:
                known = self.benefits(some[0][0].patient, insurer, [service.service_type for service in services])
            if known is None:
                known = Benefits(insurer, UNSAID if near else OUTSIDE)
            told.append(InsurerEstimate(insurer, estimate(services, known)))
        return told


def _expect_insured(visits: Sequence[Visit]) -> None:
    for visit in visits:
        if visit.day is None:
            raise StoreError(f"expected the day of visit {visit.request}, which has no booking")
        if not visit.insurer:
            raise StoreError(
                f"expected visits that an insurer pays: {visit.request} is paid by the patient, for whom there is the "
                "good-faith estimate"
            )


def _services(prices: Prices, visit: Visit) -> list[Service]:
    found = []
    for one in prices.services[visit.visit_type]:
        wanted = wanted_of(one, visit.day or dt.date.max)
        price = prices.price(visit.insurer, wanted)
        found.append(
            Service(
                wanted.day, one.procedure, price.allowed, price.charge, wanted.modifiers, one.units, one.service_type,
                visit.provider, price.source,
            )
        )  # fmt: skip
    return found
