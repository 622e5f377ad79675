"""Every request with every provider on every day: insurance means what a reading of docs/tables.md by hand says."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings

from schedopt.arrays import Ints
from schedopt.models.problem.couplings import AuthorisedVisits, CoveredVisits, Limit
from schedopt.models.problem.options import pairs
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Prices, judge
from tests.effort import examples
from tests.offices import Case, Size, cases
from tests.reference import Judge

INSURED = Size(requests=5, providers=2, days=3, plain_days=True, insured=True)
LIMITS: tuple[type[Limit], ...] = (AuthorisedVisits, CoveredVisits)


def _everywhere(problem: Problem) -> tuple[Ints, Ints]:
    """Every request in every session."""
    request, session = (axis.ravel() for axis in np.indices((len(problem.week.requests), len(problem.week.sessions))))
    return request, session


@settings(max_examples=examples(64))
@given(cases(INSURED))
def test_rules_mean_what_the_reference_says(case: Case) -> None:
    """Each rule of billing forbids and prices a request in a session as the reference does."""
    week, reference = case.problem.week, Judge(case.office, case.first)
    request, session = _everywhere(case.problem)
    options = pairs(week, request, session)
    rules = [rule for rule in case.problem.rules if rule.source == "billing"]
    verdicts = [(rule.name, *judge(rule, options, week)) for rule in rules]
    for row, (r, s) in enumerate(zip(request.tolist(), session.tolist(), strict=True)):
        asked, place = reference.requests[week.requests.ids[r]], _place(case, reference, s)
        complaints = reference.complaints(asked, place)
        forbidden = set() if reference.pays_alone(asked) else complaints
        assert {name for name, fine, _ in verdicts if not fine[row]} == forbidden
        points = Counter({name: int(price[row]) for name, _, price in verdicts})
        assert +points == +reference.billing_points(asked, place, complaints)
    for rule in rules:
        if isinstance(rule, Prices):
            left_out = [reference.left_out(reference.requests[name])[rule.name] for name in week.requests.ids]
            assert rule.left_out(week).tolist() == left_out


def _place(case: Case, reference: Judge, session: int) -> object:
    """A session as the reference knows it."""
    sessions = case.problem.week.sessions
    provider = sessions.provider_ids[int(sessions.provider[session])]
    day = case.problem.calendar.date(int(sessions.day[session]))
    start = case.problem.calendar.minutes(int(sessions.start[session]))
    return reference.sessions[provider, day, start]


@settings(max_examples=examples(64))
@given(cases(INSURED))
def test_visits_count_where_the_reference_counts_them(case: Case) -> None:
    """A visit counts for the authorisation and the answer that the reference says, each with as many visits left."""
    week, reference, office = case.problem.week, Judge(case.office, case.first), case.office
    request, session = _everywhere(case.problem)
    answers = {id(row): number for number, row in enumerate(office.eligibility or ())}
    permits = {row.authorisation: number for number, row in enumerate(office.authorisations or ())}
    for kind in LIMITS:
        limits = [limit for limit in case.problem.couplings if isinstance(limit, kind)]
        theirs = set()
        for row, (r, s) in enumerate(zip(request.tolist(), session.tolist(), strict=True)):
            asked, place = reference.requests[week.requests.ids[r]], _place(case, reference, s)
            if kind is CoveredVisits:
                answer = reference.answer_of(asked, place)
                theirs |= set() if answer is None else {(row, answers[id(answer)])}
            else:
                permit = reference.authorisation_of(asked, place)
                theirs |= set() if permit is None else {(row, permits[permit])}
        ours = {
            pair
            for limit in limits
            for pair in zip(*map(Ints.tolist, limit.groups(week, request, session)), strict=True)
        }
        assert ours == theirs
        for group in {group for _, group in ours}:
            left = (
                reference.visits_answered((office.eligibility or ())[group])
                if kind is CoveredVisits
                else reference.visits_left((office.authorisations or ())[group])
            )
            assert limits[0].most(week, group) == left
