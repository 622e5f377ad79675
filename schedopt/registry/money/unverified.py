"""Which visits to come are verified: what was asked about them, what was answered, and how old that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from schedopt.billing.coverage.tables import AskedCoverage, Benefit
from schedopt.errors import StoreError
from schedopt.models.tables import Eligibility
from schedopt.registry.asked import Asked
from schedopt.registry.money.inquiries import Visit, visits_of
from schedopt.registry.money.rights import LISTED, expect
from schedopt.registry.money.rows import kept
from schedopt.store.session import Call


class _Line(NamedTuple):
    """A visit to come, and what is known of its coverage."""

    request: str
    patient: str
    date: dt.date
    insurer: str
    verified: str
    status: str
    asked_for: dt.date | None
    asked_on: dt.date | None
    answered: dt.date | None
    age_days: int | None
    covered_from: dt.date | None
    covered_until: dt.date | None
    visits_left: int | None
    authorisation: str
    source: str


class Unverified(Asked):
    """What is asked of a store about visits whose coverage nobody has verified."""

    def eligibility(self, first: dt.date, last: dt.date, *, most_days: int = 30) -> pd.DataFrame:
        """For each booked visit of some days: what is known of its coverage, for which day, and how old that is.

        Parameters
        ----------
        first, last : datetime.date
            Days of the visits.
        most_days : int
            An answer that is older than this on the day of the call is too old.

        Returns
        -------
        pandas.DataFrame
            ``request``, ``patient``, ``date`` (of the visit), ``insurer``; ``verified``: yes, not covered, never asked,
            not answered, refused, not clear, other day (the answer is about another day and names no days), too old,
            no insurer, or patient pays; ``status`` (as answered), ``asked_for`` (day), ``asked_on``, ``answered``
            (days), ``age_days`` (days since the answer), ``covered_from``, ``covered_until`` (days that the answer
            names), ``visits_left`` (visits), ``authorisation`` (yes where the answer asks for one), ``source``.

        Raises
        ------
        StoreError
            If the store is shown as it was known at a moment.
        AccessDenied
            If the actor may not.
        """
        if self.moment is not None:
            raise StoreError("expected the store as it is now, to list what is verified")

        def body(call: Call) -> list[_Line]:
            expect(call, LISTED)
            visits = visits_of(call, first, last)
            return list(_Known(call, visits, most_days).lines)

        found = self.session.do("list coverage", body, about=f"{first} {last}")
        frame = pd.DataFrame(found, columns=list(_Line._fields))
        return frame.astype(dict.fromkeys(("age_days", "visits_left"), "Int64"))


class _Known:
    """What is known of the coverage of some visits."""

    def __init__(self, call: Call, visits: Sequence[Visit], most_days: int) -> None:
        self._today, self._most_days = dt.date.fromisoformat(call.today), most_days
        patients = {one.patient for one in visits}
        self._answers: dict[tuple[str, str], list[Eligibility]] = {}
        for answer in kept(call, Eligibility, by="patient", values=patients):
            self._answers.setdefault((answer.row.patient, answer.row.insurer), []).append(answer.row)
        self._asked: dict[tuple[str, str], list[AskedCoverage]] = {}
        for asked in kept(call, AskedCoverage, by="patient", values=patients):
            self._asked.setdefault((asked.row.patient, asked.row.insurer), []).append(asked.row)
        self._needing = _needing(call, patients)
        self.lines = [self._line(one) for one in visits]

    def _line(self, visit: Visit) -> _Line:
        about = (visit.patient, visit.insurer or "")
        answers = [one for one in self._answers.get(about, []) if one.visit_type in (None, visit.visit_type)]
        there = [one for one in answers if speaks_of(one, visit.date)]
        best = max(there or answers, key=lambda one: (one.answered, one.asked_for == visit.date), default=None)
        asked = [one for one in self._asked.get(about, []) if one.asked_for == visit.date]
        last = max(asked, key=lambda one: (one.request == visit.request, one.sent_on), default=None)
        age = None if best is None else (self._today - best.answered).days
        services = "" if last is None else " ".join(last.services)
        needs = self._needing.get((*about, services), "")
        verified = self._verified(visit, best, last, bool(there))
        return _Line(
            visit.request, visit.patient, visit.date, visit.insurer or "", verified,
            best.status if best else "", best.asked_for if best else (last.asked_for if last else None),
            last.sent_on if last else None, best.answered if best else None, age, best.valid_from if best else None,
            best.valid_until if best else None, best.visits_left if best else None, needs, best.source if best else "",
        )  # fmt: skip

    def _verified(
        self, visit: Visit, best: Eligibility | None, last: AskedCoverage | None, there: bool
    ) -> str:  # fmt: skip
        if visit.pays:
            return "patient pays"
        if visit.insurer is None:
            return "no insurer"
        if best is None or (not there and last is not None):
            if last is None:
                return "never asked"
            return "refused" if last.state == "refused" else "not answered"
        if not there:
            return "other day"
        if (self._today - best.answered).days > self._most_days:
            return "too old"
        return _word(best, visit.date)


def _word(answer: Eligibility, day: dt.date) -> str:
    """What an answer that speaks of a day says of it."""
    if answer.status == "unknown":
        return "not clear"
    if answer.status == "inactive" or answer.visits_left == 0:
        return "not covered"
    return "yes" if _within(answer, day) else "not covered"


def speaks_of(answer: Eligibility, day: dt.date) -> bool:
    """Whether an answer says anything of a day: within its days, or on the day asked for where it names none."""
    if answer.valid_from is None and answer.valid_until is None:
        return answer.asked_for in (None, day)
    return answer.status == "active" or _within(answer, day)


def _within(answer: Eligibility, day: dt.date) -> bool:
    return (answer.valid_from or day) <= day <= (answer.valid_until or day)


def _needing(call: Call, patients: set[str]) -> Mapping[tuple[str, str, str], str]:
    """Patients, insurers and service types asked for, of which the insurer says that an authorisation is needed."""
    columns = ("patient", "insurer", "asked", "services", "network", "authorisation")
    if not all(call.policy.allows(call.roles, call.purpose, "read", Benefit.table_name, one) for one in columns):
        return {}
    rows = [one.row for one in kept(call, Benefit, by="patient", values=patients)]
    return {
        (row.patient, row.insurer, row.asked): "yes"
        for row in rows
        if row.authorisation
        and row.network != "out"
        and (not row.services or set(row.services) & set(row.asked.split()))
    }
