"""Who pays for what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import floor
from typing import Any

from schedopt.models.tables import Authorisation, Eligibility, Referral, Request
from tests.reference.known import Known
from tests.reference.values import Facts, Session, valid


class Billing(Known):
    """Breaches and points of what insurers say."""

    def pays_alone(self, request: Request) -> bool:
        """Whether the patient pays where insurance does not."""
        return request.self_pay or self.patients[request.patient].self_pay

    def _insurer(self, request: Request, date: dt.date) -> str | None:
        """The first insurer of coverage.csv who covers the patient; nobody where the insurer is told nothing."""
        if request.self_pay:
            return None
        for row in self.office.coverage or ():
            if row.patient == request.patient:
                answer = self._answer(request, row.insurer, date)
                if valid(row, date) if answer is None else answer.status == "active" and self._about(answer, date):
                    return row.insurer
        return None

    def _about(self, answer: Eligibility, date: dt.date) -> bool:
        """Whether a day is one of those for which an answer gives its status."""
        if answer.valid_from is None and answer.valid_until is None:
            return answer.asked_for in (None, date)
        return valid(answer, date)

    def _answer(self, request: Request, insurer: str, date: dt.date) -> Eligibility | None:
        """The newest answer that says something of a day; of one day's, what is said of less counts more."""
        found: list[tuple[tuple[dt.date, bool, bool, int], Eligibility]] = []
        for number, row in enumerate(self.office.eligibility or ()):
            if (row.patient, row.insurer) != (request.patient, insurer) or row.status == "unknown":
                continue
            has_days = row.valid_from is not None or row.valid_until is not None
            of_type = row.visit_type in (None, request.visit_type)
            if of_type and (self._about(row, date) or (row.status == "active" and has_days)):
                one_day = row.asked_for is not None and not has_days
                found.append(((row.answered, row.visit_type is not None, one_day, number), row))
        return max(found, key=lambda pair: pair[0])[1] if found else None

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
        referred = self.office.referrals is None or self._referral_on(request, session.date) is not None
        if terms and terms.referral and not referred:
            found.add("referral")
        return found

    def _authorisation_on(self, request: Request, insurer: str, date: dt.date) -> Authorisation | None:
        wanted = (request.patient, insurer, request.visit_type)
        rows = [
            row for row in self.office.authorisations or ()
            if (row.patient, row.insurer, row.visit_type) == wanted and self.visits_left(row)
        ]  # fmt: skip
        return self._permission(rows, date)

    def _referral_on(self, request: Request, date: dt.date) -> Referral | None:
        wanted = (request.patient, request.visit_type)
        rows = [row for row in self.office.referrals or () if (row.patient, row.visit_type) == wanted]
        return self._permission(rows, date)

    def _permission(self, rows: Sequence[Any], date: dt.date) -> Any:
        """The row that permits a visit: one that holds, or else a pending one as far as the office lets it count."""
        rows = [row for row in rows if valid(row, date)]
        for row in rows:
            if row.status in {"approved", "partly"}:
                return row
        may = self.office.settings.billing.pending == "price"
        for row in rows:
            if row.status == "pending" and (may or (row.decision_due is not None and row.decision_due <= date)):
                return row
        return None

    def _undecided(self, request: Request, date: dt.date) -> bool:
        """Whether what the insurer asks for is decided after the day only."""
        insurer = self._insurer(request, date)
        terms, waiting = self.terms.get((insurer, request.visit_type)), []
        if insurer is not None and terms is not None and terms.authorisation:
            waiting.append(self._authorisation_on(request, insurer, date))
        if terms is not None and terms.referral:
            waiting.append(self._referral_on(request, date))
        rows = [row for row in waiting if row is not None and row.status == "pending"]
        return any(row.decision_due is None or row.decision_due > date for row in rows)

    def visits_left(self, authorisation: Authorisation) -> int:
        """Visits left, less those of appointments outside the days planned that name the authorisation."""
        away = [row for row in self.promised.values() if row.date not in self.days]
        used = sum(row.authorisation == authorisation.authorisation for row in away)
        return max(0, authorisation.visits_left - used)

    def authorisation_of(self, request: Request, session: Session) -> str | None:
        """The authorisation that a visit uses up a visit of."""
        insurer = self._insurer(request, session.date)
        terms = self.terms.get((insurer, request.visit_type))
        if insurer is None or self.pays_alone(request) or not (terms and terms.authorisation):
            return None
        found = self._authorisation_on(request, insurer, session.date)
        return None if found is None else found.authorisation

    def answer_of(self, request: Request, session: Session) -> Eligibility | None:
        """The answer of whose visits a visit uses one up."""
        insurer = self._insurer(request, session.date)
        if insurer is None or self.pays_alone(request):
            return None
        answer = self._answer(request, insurer, session.date)
        return None if answer is None or answer.visits_left is None else answer

    def visits_answered(self, answer: Eligibility) -> int:
        """Visits left by an answer, less appointments outside the days planned from its day on."""
        used, asked = 0, {row.request: row for row in self.office.requests}
        for row in self.promised.values():
            request = asked[row.request]
            of_type = answer.visit_type in (None, request.visit_type)
            if request.patient == answer.patient and of_type and not request.self_pay:
                used += row.date not in self.days and row.date >= answer.answered and self._about(answer, row.date)
        return max(0, (answer.visits_left or 0) - used)

    def _fee(self, request: Request, insurer: str | None) -> int:
        terms = self.terms.get((insurer, request.visit_type))
        return self.types[request.visit_type].fee if terms is None or terms.fee is None else terms.fee

    def _expected(self, request: Request, insurer: str | None) -> int:
        """What a visit is expected to bring in, in whole currency, half up."""
        rows = [row for row in self.office.collection or () if row.insurer == insurer]
        found = [row for row in rows if row.visit_type == request.visit_type]
        found += [row for row in rows if row.visit_type is None]
        if not found:
            return self._fee(request, insurer)
        allowed, chance, bad_debt = (
            None if x is None else Fraction(str(x)) for x in (found[0].allowed, found[0].chance, found[0].bad_debt)
        )
        amount = (self._fee(request, insurer) if allowed is None else allowed) * chance - bad_debt
        return floor(amount + Fraction(1, 2))

    def _most(self, request: Request, earned: Callable[[Request, str | None], int]) -> int:
        """The most that a request could bring in: of an insurer of these days, or its own."""
        insurers = [self._insurer(request, date) for date in self.days]
        amounts = [earned(request, insurer) for insurer in insurers if insurer is not None]
        if self.office.coverage is None or self.pays_alone(request):
            amounts.append(earned(request, None))
        return max(0, *amounts, 0)

    def most_earned(self, request: Request) -> int:
        """The most that a request could bring in as fees."""
        return self._most(request, self._fee)

    def most_expected(self, request: Request) -> int:
        """The most that it could be expected to bring in, where the office says what is collected."""
        return 0 if self.office.collection is None else self._most(request, self._expected)

    def billing_points(self, request: Request, session: Session, complaints: set[str]) -> Counter[str]:
        weights, billing = self.office.settings.weights, self.office.settings.billing
        payer = None if complaints else self._insurer(request, session.date)
        missed = max(0, self.most_earned(request) - self._fee(request, payer))
        points = Counter(revenue=weights.revenue * missed)
        if complaints and not request.self_pay:
            points["self_pay"] = weights.self_pay
        if self.office.collection is not None:
            missed = max(0, self.most_expected(request) - self._expected(request, payer))
            points["expected_revenue"] = billing.expected_revenue * missed
        if payer is not None and self.office.eligibility is not None:
            answer = self._answer(request, payer, session.date)
            late = answer is None or (session.date - answer.answered).days > billing.verified_days
            points["unverified"] = billing.unverified * late
        if payer is not None and billing.pending == "price" and self._undecided(request, session.date):
            points["undecided"] = billing.undecided
        return points

    def over_authorised(self, placed: Sequence[Facts]) -> Iterator[tuple[str, str]]:
        """Who breaks which limit of visits."""
        for row in self.office.authorisations or ():
            names = [f.visit.request for f in placed if f.authorisation == row.authorisation]
            if len(names) > self.visits_left(row):
                yield from ((name, "authorised_visits") for name in names)
        for answer in self.office.eligibility or ():
            names = [f.visit.request for f in placed if f.answer is answer]
            if len(names) > self.visits_answered(answer):
                yield from ((name, "covered_visits") for name in names)
