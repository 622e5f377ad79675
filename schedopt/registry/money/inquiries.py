"""What a store asks of payers: whether patients are covered on the days of their visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from schedopt.billing.coverage.tables import AskedCoverage, Membership, ServiceType
from schedopt.billing.shares.benefits import GENERAL
from schedopt.payers.eligibility import Asked as Question
from schedopt.payers.eligibility import Outgoing, inquiry_files
from schedopt.payers.parties import PayerAddress
from schedopt.registry import bookings
from schedopt.registry.asked import Asked
from schedopt.registry.money.members import (
    Person,
    asker_of,
    coverage_of,
    insurer_on,
    member_of,
    memberships_of,
    payers_of,
    people_of,
)
from schedopt.registry.money.rights import ASKED, expect
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.statuses import STANDING
from schedopt.registry.tables import self_paid
from schedopt.store import facts
from schedopt.store.session import Call, random_id

FILES_OF_A_CALL = 100
"""Numbers of files that an entry of the audit trail has for itself."""
VISIT = ("request", "patient", "visit_type", "date")


@dataclass(frozen=True)
class Asking:
    """What is to be sent, and what became of each visit.

    Attributes
    ----------
    files : mapping of str to bytes
        Content by name; not shown by ``repr``.
    visits : pandas.DataFrame
        ``request``, ``patient``, ``date`` (of the visit), ``insurer``, ``inquiry``, ``outcome``: asked; asked before;
        or why not.
    """

    files: Mapping[str, bytes] = field(repr=False)
    visits: pd.DataFrame


@dataclass(frozen=True)
class Visit:
    """A visit to come.

    Attributes
    ----------
    request, patient, visit_type : str
        Ids.
    date : datetime.date
        Its day.
    insurer : str or None
        With whom the patient is insured then.
    pays : bool
        Whether the patient pays, and no insurer is told or asked of it.
    """

    request: str
    patient: str
    visit_type: str
    date: dt.date
    insurer: str | None
    pays: bool


class Inquiries(Asked):
    """What is asked of a store about inquiries to payers."""

    def ask_eligibility(
        self, first: dt.date, last: dt.date, *, visits: Mapping[str, dt.date] | None = None, again: bool = False,
        control: int | None = None, moment: dt.datetime | None = None, production: bool = True,
    ) -> Asking:  # fmt: skip
        """Ask about every booked visit of some days: a file of 270s for each payer, about the days of the visits.

        A visit that was asked about on its day is not asked about again, but with `again`. With the same `control` and
        `moment` as before, the same files come out and nothing is written. Nothing is asked about visits that a patient
        pays, by a restriction or a request that says so, or as somebody who pays.

        Parameters
        ----------
        first, last : datetime.date
            Days of the visits.
        visits : mapping of str to datetime.date, optional
            Days by request, such as a plan has them; by default the bookings.
        again : bool
            Ask also where it was asked before.
        control : int, optional
            Number of the first file, at most nine digits; by default one that no other call has.
        moment : datetime.datetime, optional
            When the files are made; by default the moment of the call (UTC).
        production : bool
            Whether the files are meant, or are a test.

        Raises
        ------
        StoreError
            If the store does not say who the office is.
        AccessDenied
            If the actor may not.
        """

        def body(call: Call) -> Asking:
            expect(call, ASKED)
            book = _Book(call, control, again)
            found = visits_of(call, first, last, visits)
            outcomes = book.asked(found)
            number = call.number * FILES_OF_A_CALL % 10**9 if control is None else control
            when = dt.datetime.fromisoformat(call.at) if moment is None else moment
            asker = asker_of(call, production) if book.questions else None
            files = inquiry_files(book.questions, asker, when, number) if asker is not None else ()
            book.write(files)
            return Asking({one.name: one.content for one in files}, _frame(found, outcomes, book))

        return self._do("ask about coverage", body, about=f"{first} {last}")


def _frame(visits: Sequence[Visit], outcomes: Sequence[str], book: _Book) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **{name: [getattr(one, name) for one in visits] for name in ("request", "patient", "date")},
            "insurer": [one.insurer or "" for one in visits],
            "inquiry": [book.inquiry.get(one.request, "") for one in visits],
            "outcome": list(outcomes),
        }
    )


def visits_of(call: Call, first: dt.date, last: dt.date, chosen: Mapping[str, dt.date] | None = None) -> list[Visit]:
    """Visits of some days that are still to come, with their insurers; by day and request."""
    days = dict(chosen) if chosen is not None else _booked(call, first, last)
    days = {request: day for request, day in days.items() if first <= day <= last}
    requests = facts.known(call.connection, "requests", by="request", values=days)
    latest = {str(fact.request): fact for fact in requests}
    patients = {str(fact.patient) for fact in latest.values() if fact.patient}
    covered, secret = coverage_of(call, patients, first, last), self_paid(call)
    rows = facts.known(call.connection, "patients", on=call.today, by="patient", values=patients)
    paying = {str(fact.patient) for fact in rows if fact.cells.get("self_pay") == "yes"}
    found = []
    for request, fact in latest.items():
        if request in secret and call.purpose == "payment":
            continue  # the side of billing does not learn of it
        patient, day = str(fact.patient), days[request]
        pays = request in secret or patient in paying or fact.cells.get("self_pay") == "yes"
        insurer = insurer_on(covered.get(patient, []), day)
        found.append(Visit(request, patient, fact.cells["visit_type"], day, insurer, pays))
    return sorted(found, key=lambda one: (one.date, one.request))


def _booked(call: Call, first: dt.date, last: dt.date) -> dict[str, dt.date]:
    rows = bookings.between(call, first, last)
    return {row["request"]: dt.date.fromisoformat(row["date"]) for row in rows if row["status"] in STANDING}


def services_of(call: Call) -> dict[str, tuple[str, ...]]:
    """Service types by visit type; of those that are not there, the plan as a whole is asked."""
    return {one.row.visit_type: one.row.services for one in kept(call, ServiceType, on=call.today)}


class _Book:
    """Inquiries that there are, and those that are made."""

    def __init__(self, call: Call, control: int | None, again: bool) -> None:
        self.call, self.control, self.again = call, control, again
        self.questions: list[Question] = []
        self.inquiry: dict[str, str] = {}
        self._changes = Changes()
        self._new: dict[str, AskedCoverage] = {}
        self._old: dict[str, Kept[AskedCoverage]] = {}

    def asked(self, visits: Sequence[Visit]) -> list[str]:
        """Make the questions; what became of each visit."""
        call = self.call
        patients = {one.patient for one in visits if not one.pays and one.insurer}
        before: dict[tuple[str | None, str | None, dt.date, tuple[str, ...]], Kept[AskedCoverage]] = {
            (one.row.request, one.row.insurer, one.row.asked_for, one.row.services): one
            for one in kept(call, AskedCoverage, by="patient", values=patients)
        }
        services, payers = services_of(call), payers_of(call)
        people, members = people_of(call, patients), memberships_of(call, patients)
        outcomes = []
        for visit in visits:
            asked = services.get(visit.visit_type, (GENERAL,))
            old = before.get((visit.request, visit.insurer, visit.date, asked))
            who, payer = people.get(visit.patient), payers.get(visit.insurer or "")
            member = members.get((visit.patient, visit.insurer or ""))
            if why := _why_not(visit, payer, member, who):
                outcomes.append(why)
            elif old is not None and not self._repeats(old.row):
                self.inquiry[visit.request] = old.row.inquiry
                outcomes.append(f"asked before, on {old.row.sent_on}")
            elif payer is not None and member is not None and who is not None:
                self._ask(visit, asked, old)
                self.questions.append(
                    Question(self.inquiry[visit.request], payer, member_of(member, who), visit.date, asked)
                )
                outcomes.append("asked")
        return outcomes

    def _repeats(self, row: AskedCoverage) -> bool:
        """Whether an inquiry goes into the files although it was made before."""
        if self.again:
            return True
        sent_as = int(row.batch.partition("-")[0])
        return self.control is not None and self.control <= sent_as < self.control + FILES_OF_A_CALL

    def _ask(self, visit: Visit, services: tuple[str, ...], old: Kept[AskedCoverage] | None) -> None:
        name = random_id("q") if old is None else old.row.inquiry
        self.inquiry[visit.request] = name
        if old is not None:
            self._old[name] = old
        self._new[name] = AskedCoverage(
            inquiry=name, patient=visit.patient, insurer=visit.insurer or "", request=visit.request,
            visit_type=visit.visit_type, asked_for=visit.date, services=services, batch="", sent_on=self.call.today,
        )  # fmt: skip

    def write(self, files: Sequence[Outgoing]) -> None:
        """Keep what was asked, and where it stands in the files."""
        batches = {trace: reference for file in files for reference, traces in file.batches for trace in traces}
        for name, row in self._new.items():
            old = self._old.get(name)
            if old is None:
                self._changes.add(row.model_copy(update={"batch": batches[name]}), row.patient, row.request)
            elif old.row.batch != batches[name]:
                sent = {"batch": batches[name], "sent_on": row.sent_on, "state": "sent", "reasons": ""}
                self._changes.change(old.fact, old.row.model_copy(update=sent))
        self._changes.write(self.call)


def _why_not(visit: Visit, payer: PayerAddress | None, member: Membership | None, who: Person | None) -> str:
    """Why nothing is asked about a visit; empty where it is."""
    if visit.pays:
        return "not asked: the patient pays"
    if visit.insurer is None:
        return "not asked: no coverage on that day"
    if payer is None:
        return "not asked: payers has no row of the insurer"
    if member is None:
        return "not asked: memberships has no row of the patient"
    return "not asked: nothing is known of the person any more" if who is None else ""
