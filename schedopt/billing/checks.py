"""What must hold of insurance whatever the week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from schedopt.errors import Fault
from schedopt.models.problem.spans import overlaps
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.models.tables import Appointment, Authorisation, Request


def authorisations_apart(reading: Reading) -> Iterator[Fault]:
    """Authorisations of one patient, insurer and visit type hold on different days, and so do pending ones."""
    groups: dict[tuple[str, str, str, bool], list[tuple[int, int, int]]] = defaultdict(list)
    for index, row in enumerate(reading.office.authorisations or ()):
        if row.holds or row.status == "pending":
            first = (row.valid_from or dt.date.min).toordinal()
            end = (row.valid_until or dt.date.max).toordinal() + 1
            groups[row.patient, row.insurer, row.visit_type, row.holds].append((first, end, index))
    for spans in groups.values():
        for earlier, later in overlaps(spans):
            above = reading.row("authorisations", earlier)
            words = f"expected no day in common with row {above} of the same patient, insurer and visit type"
            yield reading.fault("authorisations", later, None, None, words)


def authorisations_of_their_visits(reading: Reading) -> Iterator[Fault]:
    """An appointment uses an authorisation of its own patient and visit type."""
    for index, appointment, request, authorisation in _used(reading):
        if authorisation.patient != request.patient:
            words = "expected an authorisation of the appointment's patient, this is another one's"
            yield reading.fault("appointments", index, "authorisation", appointment.authorisation, words)
        elif authorisation.visit_type != request.visit_type:
            words = "expected an authorisation of the appointment's visit type, this is of another one"
            yield reading.fault("appointments", index, "authorisation", appointment.authorisation, words)


def authorisations_on_their_days(reading: Reading) -> Iterator[Fault]:
    """An appointment's authorisation holds on its day; one that does not still counts as used."""
    for index, appointment, _, authorisation in _used(reading):
        first, last = authorisation.valid_from or dt.date.min, authorisation.valid_until or dt.date.max
        if not first <= appointment.date <= last:
            words = "expected an authorisation that holds on the appointment's day; it is counted as used all the same"
            yield reading.fault("appointments", index, "authorisation", appointment.authorisation, words)


def answers_of_insurers(reading: Reading) -> Iterator[Fault]:
    """An answer about eligibility is of an insurer that coverage.csv names for the patient; others say nothing."""
    if reading.office.coverage is None:
        return
    insured = {(row.patient, row.insurer) for row in reading.office.coverage}
    for index, row in enumerate(reading.office.eligibility or ()):
        if (row.patient, row.insurer) not in insured:
            words = "expected an insurer of the patient's in coverage.csv; the answer is not looked at"
            yield reading.fault("eligibility", index, "insurer", row.insurer, words)


def _used(reading: Reading) -> Iterator[tuple[int, Appointment, Request, Authorisation]]:
    """Each appointment that names an authorisation, by index, with its request and the authorisation."""
    requests = {row.request: row for row in reading.office.requests}
    authorisations = {row.authorisation: row for row in reading.office.authorisations or ()}
    for index, appointment in enumerate(reading.office.appointments or ()):
        request, used = requests.get(appointment.request), authorisations.get(appointment.authorisation or "")
        if request is not None and used is not None:
            yield index, appointment, request, used


CHECKS: tuple[Check, ...] = (authorisations_apart, authorisations_of_their_visits)
DOUBTS: tuple[Check, ...] = (authorisations_on_their_days, answers_of_insurers)
