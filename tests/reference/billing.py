"""Who pays for what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from schedopt.models.tables import Authorisation, Request
from tests.reference.known import Known
from tests.reference.values import Facts, Session, valid


class Billing(Known):
    """Breaches and points of what insurers say."""

    def _insurer(self, request: Request, date: dt.date) -> str | None:
        rows = (row for row in self.office.coverage or () if row.patient == request.patient)
        return next((row.insurer for row in rows if valid(row, date)), None)

    def complaints(self, request: Request, session: Session) -> set[str]:
        """Why the insurer would not pay."""
        if self.office.coverage is None:
            return set()
        insurer = self._insurer(request, session.date)
        if insurer is None:
            return {"coverage"}
        found = set()
        if self.office.networks is not None:
            rows = [r for r in self.office.networks if (r.insurer, r.provider) == (insurer, session.provider)]
            if not any(valid(row, session.date) for row in rows):
                found.add("network")
        terms = self.terms.get((insurer, request.visit_type))
        asked = terms is not None and terms.authorisation and self.office.authorisations is not None
        if asked and self._authorisation_on(request, insurer, session.date) is None:
            found.add("authorisation")
        if terms and terms.referral and self.office.referrals is not None:
            rows = [
                row for row in self.office.referrals
                if (row.patient, row.visit_type) == (request.patient, request.visit_type)
            ]  # fmt: skip
            if not any(valid(row, session.date) for row in rows):
                found.add("referral")
        return found

    def _authorisation_on(self, request: Request, insurer: str, date: dt.date) -> str | None:
        wanted = (request.patient, insurer, request.visit_type)
        for row in self.office.authorisations or ():
            if (row.patient, row.insurer, row.visit_type) == wanted and self.visits_left(row) and valid(row, date):
                return row.authorisation
        return None

    def visits_left(self, authorisation: Authorisation) -> int:
        """Visits left, less those of appointments outside the days planned that name the authorisation."""
        away = [row for row in self.promised.values() if row.date not in self.days]
        used = sum(row.authorisation == authorisation.authorisation for row in away)
        return max(0, authorisation.visits_left - used)

    def authorisation_of(self, request: Request, session: Session) -> str | None:
        """The authorisation that a visit uses up a visit of."""
        insurer = self._insurer(request, session.date)
        terms = self.terms.get((insurer, request.visit_type))
        if self.patients[request.patient].self_pay or not (terms and terms.authorisation):
            return None
        return self._authorisation_on(request, insurer, session.date)

    def _fee(self, request: Request, insurer: str | None) -> int:
        terms = self.terms.get((insurer, request.visit_type))
        return self.types[request.visit_type].fee if terms is None or terms.fee is None else terms.fee

    def most_earned(self, request: Request) -> int:
        """The most that a request could bring in: a fee of an insurer of these days, or its own."""
        insurers = [self._insurer(request, date) for date in self.days]
        fees = [self._fee(request, insurer) for insurer in insurers if insurer is not None]
        if self.office.coverage is None or self.patients[request.patient].self_pay:
            fees.append(self._fee(request, None))
        return max(fees, default=0)

    def billing_points(self, request: Request, session: Session, complaints: set[str]) -> Counter[str]:
        weights = self.office.settings.weights
        payer = None if complaints else self._insurer(request, session.date)
        missed = max(0, self.most_earned(request) - self._fee(request, payer))
        return Counter(self_pay=weights.self_pay if complaints else 0, revenue=weights.revenue * missed)

    def over_authorised(self, placed: Sequence[Facts]) -> Iterator[str]:
        for row in self.office.authorisations or ():
            names = [f.visit.request for f in placed if f.authorisation == row.authorisation]
            if len(names) > self.visits_left(row):
                yield from names
