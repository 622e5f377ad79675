"""How many visits insurers still pay for: by their authorisations, and by what they have answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.billing.insurance import pays_alone, read_payers
from schedopt.billing.permits import Payers, permitted, visits_left
from schedopt.billing.policies import Answers, Policies, cited
from schedopt.models.office import Office
from schedopt.models.problem.couplings import AuthorisedVisits, Coupling, CoveredVisits
from schedopt.models.problem.week import Week


def limits(office: Office, week: Week) -> Iterator[Coupling]:
    """How many visits are left, by each of the tables that there are; where both say it, the lower one counts."""
    if office.authorisations is None and office.eligibility is None:
        return
    policies, payers, answer, apart = read_payers(office, week)
    alone = pays_alone(office, week, apart)
    authorised, covered = None, None
    if office.authorisations is not None:
        authorised = _authorised_visits(payers, alone)
    if policies.answers is not None:
        covered = _covered_visits(payers, policies, answer, alone)
    if authorised is not None and covered is not None:
        authorised, covered = _side_by_side(authorised, covered)
    yield from (limit for limit in (authorised, covered) if limit is not None)


def _authorised_visits(payers: Payers, alone: Flags) -> AuthorisedVisits:
    """The limits that authorisations set, on days on which their insurer pays and asks for one.

    Patients who pay themselves where insurance does not are not limited.
    """
    office, rows = payers.office, payers.office.authorisations or ()
    asked = {(t.insurer, t.visit_type) for t in office.terms or () if t.authorisation}
    entries: list[tuple[int, int, int, int]] = []
    for r, number, low, days in permitted(payers, rows):
        if (rows[number].insurer, rows[number].visit_type) in asked and not alone[r]:
            entries.extend((r, number, low + first, low + last) for first, last in _runs(days))
    table = np.array(sorted(entries), np.int64).reshape(-1, 4)
    left = np.array(visits_left(office, payers.week.calendar, rows), np.int64)
    return AuthorisedVisits(tuple(row.authorisation for row in rows), left, *table.T)


def _covered_visits(payers: Payers, policies: Policies, answer: Ints, alone: Flags) -> CoveredVisits:
    """The limits that answers set, on days on which they are why the insurer pays."""
    answers, calendar = policies.answers, payers.week.calendar
    assert answers is not None
    limiting = np.append(answers.left >= 0, False)[answer] & ~alone[:, None]
    entries: list[tuple[int, int, int, int]] = []
    for r in np.flatnonzero(limiting.any(axis=1)).tolist():
        for number in np.unique(answer[r][limiting[r]]).tolist():
            days, row = (answer[r] == number) & limiting[r], int(answers.row[number])
            entries.extend((r, row, first, last) for first, last in _runs(days))
    table = np.array(sorted(entries), np.int64).reshape(-1, 4)
    rows = payers.office.eligibility or ()
    left = np.zeros(len(rows), np.int64)
    left[answers.row] = np.maximum(0, answers.left - _promised_since(payers, answers))
    ids = tuple(f"the {cited(calendar, row.source, calendar.day(row.answered))}" for row in rows)
    return CoveredVisits(ids, left, *table.T)


def _promised_since(payers: Payers, answers: Answers) -> Ints:
    """Of each answer, the appointments outside the days planned, from its day on, that it is about."""
    office, calendar = payers.office, payers.week.calendar
    patients = {row.patient: number for number, row in enumerate(office.patients)}
    kinds = {name: code for code, name in enumerate(payers.week.requests.visit_type_ids)}
    requests = {row.request: row for row in office.requests}
    promised = np.array([
        (patients[asked.patient], kinds[asked.visit_type], calendar.day(row.date))
        for row in office.appointments or ()
        if not calendar.covers(row.date) and not (asked := requests[row.request]).self_pay
    ], np.int64).reshape(-1, 3)  # fmt: skip
    used = np.zeros(len(answers.left), np.int64)
    for number in np.flatnonzero(np.isin(answers.patient, promised[:, 0])).tolist():
        patient, kind, day = promised.T
        mine = (patient == answers.patient[number]) & (day >= answers.answered[number])
        mine &= (day >= answers.first[number]) & (day <= answers.last[number])
        used[number] = (mine & ((answers.visit_type[number] < 0) | (kind == answers.visit_type[number]))).sum()
    return used


def _side_by_side(
    authorised: AuthorisedVisits, covered: CoveredVisits
) -> tuple[AuthorisedVisits, CoveredVisits]:  # fmt: skip
    """Both limits, each of which says what the other one leaves of the same requests' visits."""
    answers, permits = defaultdict(set), defaultdict(set)
    mine = defaultdict(set)
    for request, number in zip(covered.request.tolist(), covered.allowance.tolist(), strict=True):
        mine[request].add(number)
    for request, number in zip(authorised.request.tolist(), authorised.allowance.tolist(), strict=True):
        for answer in mine[request]:
            answers[number].add(answer)
            permits[answer].add(number)
    by_answer = [f"{name} leaves {left}" for name, left in zip(covered.ids, covered.visits_left.tolist(), strict=True)]
    by_permit = [
        f"authorisation {name} leaves {left}"
        for name, left in zip(authorised.ids, authorised.visits_left.tolist(), strict=True)
    ]
    beside = ["; ".join(by_answer[n] for n in sorted(answers[number])) for number in range(len(by_permit))]
    others = ["; ".join(by_permit[n] for n in sorted(permits[number])) for number in range(len(by_answer))]
    return replace(authorised, beside=tuple(beside)), replace(covered, beside=tuple(others))


def _runs(days: Flags) -> list[tuple[int, int]]:
    """First and last of each stretch of days without a hole."""
    edge = np.diff(np.concatenate([[0], days.astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(edge == 1).tolist(), (np.flatnonzero(edge == -1) - 1).tolist(), strict=True))
