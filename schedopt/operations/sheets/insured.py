"""What is lacking for a visit by what the office's tables say of insurance, on the day of the visit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from schedopt.models.office import Office
from schedopt.models.problem.visits import Visit
from schedopt.models.tables import Authorisation, Eligibility, Referral
from schedopt.operations.sheets.lines import Missing

_STANDS = {
    "pending": "is not decided yet", "denied": "was denied", "expired": "has expired",
    "sent": "was asked for and is not answered", "needed": "has not been asked for",
}  # fmt: skip


class Insured:
    """Who pays for visits of a day, and what insurers ask for that is not there.

    Parameters
    ----------
    office : Office
        Its tables; what it has no table of is nobody's concern.
    day : datetime.date
        The day.
    """

    def __init__(self, office: Office, day: dt.date) -> None:
        self._office, self._day = office, day
        self._pays = {row.patient for row in office.patients if row.self_pay}
        self._paid = {row.request for row in office.requests if row.self_pay}
        self._insurer: dict[str, str] = {}
        for row in office.coverage or ():
            if _holds(row, day):
                self._insurer.setdefault(row.patient, row.insurer)
        self._network = {(row.insurer, row.provider) for row in office.networks or () if _holds(row, day)}
        self._terms = {(row.insurer, row.visit_type): row for row in office.terms or ()}
        self._named = {row.request: row.authorisation for row in office.appointments or () if row.authorisation}
        self._referrals = defaultdict[tuple[str, str], list[Referral]](list)
        for referral in office.referrals or ():
            self._referrals[referral.patient, referral.visit_type].append(referral)
        self._authorisations = defaultdict[tuple[str, str, str], list[Authorisation]](list)
        for one in office.authorisations or ():
            self._authorisations[one.patient, one.insurer, one.visit_type].append(one)
        self._answers = defaultdict[tuple[str, str], list[Eligibility]](list)
        for answer in office.eligibility or ():
            self._answers[answer.patient, answer.insurer].append(answer)

    def missing(self, visit: Visit) -> Iterator[Missing]:
        """What is lacking for a visit."""
        office = self._office
        if office.coverage is None or visit.patient in self._pays or visit.request in self._paid:
            return
        insurer = self._insurer.get(visit.patient)
        if insurer is None:
            yield Missing("insurance", "insurance", "no insurance on file for this day", "billing")
            return
        if office.networks is not None and (insurer, visit.provider) not in self._network:
            yield Missing("network", "network", f"{visit.provider} is not in the network of {insurer}", "billing")
        terms = self._terms.get((insurer, visit.visit_type))
        if terms is not None and terms.referral and office.referrals is not None:
            yield from self._permitted("referral", self._referrals[visit.patient, visit.visit_type], "")
        if terms is not None and terms.authorisation and office.authorisations is not None:
            rows = self._authorisations[visit.patient, insurer, visit.visit_type]
            yield from self._permitted("authorisation", rows, self._named.get(visit.request, ""))
        if office.eligibility is not None:
            yield from self._verified(visit, insurer)

    def _permitted(self, what: str, rows: list[Any], named: str) -> Iterator[Missing]:
        """That no permission holds on the day, with how the nearest one stands."""
        there = [row for row in rows if _holds(row, self._day)]
        if any(row.holds and _is_left(row, named) for row in there):
            return
        if any(row.holds for row in there):
            words = f"the {what} has no visit left"
        else:
            stands = [_STANDS[row.status] for row in there if row.status in _STANDS]
            other = f"no {what} for this day" if rows else f"no {what} on file"
            words = f"the {what} {stands[0]}" if stands else other
        yield Missing(what, what, words, "billing")

    def _verified(self, visit: Visit, insurer: str) -> Iterator[Missing]:
        """That coverage on the day is not verified, by the newest answer about the day."""
        rows = self._answers[visit.patient, insurer]
        rows = [row for row in rows if row.visit_type in (None, visit.visit_type) and row.answered <= self._day]
        about = [row for row in rows if _speaks_of(row, self._day)]
        words = ""
        if not about:
            words = "never asked about this day"
        else:
            best = max(about, key=lambda row: (row.answered, row.asked_for == self._day))
            if best.status == "unknown":
                words = "the answer is not clear"
            elif best.status == "inactive" or best.visits_left == 0 or not _holds(best, self._day):
                words = "not covered on this day"
            elif (self._day - best.answered).days > self._office.settings.billing.verified_days:
                words = f"the answer of {best.answered} is too old"
        if words:
            yield Missing("eligibility", "eligibility", f"coverage by {insurer} not verified: {words}", "billing")


def _holds(row: Any, day: dt.date) -> bool:
    return bool((row.valid_from or dt.date.min) <= day <= (row.valid_until or dt.date.max))


def _is_left(row: Any, named: str) -> bool:
    """Whether a permission has a visit left for one that may name it."""
    return not isinstance(row, Authorisation) or row.visits_left > 0 or row.authorisation == named


def _speaks_of(answer: Eligibility, day: dt.date) -> bool:
    """Whether an answer says anything of a day."""
    if answer.valid_from is None and answer.valid_until is None:
        return answer.asked_for in (None, day)
    return answer.status == "active" or _holds(answer, day)
