"""Why insurance forbids or prices visits, in words that name the answer on which that rests."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.billing.insurance import Insurance
from schedopt.billing.permits import Standings
from schedopt.billing.policies import FAR, Policies, day_words
from schedopt.models.problem.options import Options
from schedopt.models.problem.week import Week


def _places(options: Options, week: Week) -> list[tuple[int, int]]:
    """Request and day of options, each once."""
    pairs = np.stack([options.request, week.sessions.day[options.session]])
    return [(request, day) for request, day in np.unique(pairs, axis=1).T.tolist()]


def _joined(found: Iterator[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in found if text))


def uncovered(insurance: Insurance, options: Options, week: Week) -> str:
    """When insurance ends, begins or is not active, for days on which nobody insures; nothing where none is known."""
    return _joined(_why_not(insurance.policies, week, request, day) for request, day in _places(options, week))


def _why_not(policies: Policies, week: Week, request: int, day: int) -> str:
    """Of a patient's policies the one that ended last before a day, or else the first."""
    _, policy, force, said = policies.in_force(week, np.array([request]))
    if not len(policy) or force[:, day].any():
        return ""
    told = said[:, day]
    last = _of(policies, policy, told, "last")
    ended = np.where(last < day, last, -FAR)
    entry = int(ended.argmax())
    first, answers = int(_of(policies, policy, told, "first")[entry]), policies.answers
    number = int(told[entry])
    by = "" if answers is None or number < 0 else f" ({answers.words(number, week.calendar)})"
    insurer = policies.insurers[int(policies.insurer[policy[entry]])]
    if answers is not None and number >= 0 and not answers.active[number]:
        return f"insurance with {insurer} is not active on that day{by}"
    if last[entry] < day:
        return f"insurance with {insurer} ends on {day_words(week.calendar, int(last[entry]))}{by}"
    return f"insurance with {insurer} begins on {day_words(week.calendar, first)}{by}"


def _of(policies: Policies, policy: Ints, said: Ints, column: str) -> Ints:
    """First or last day of each policy, by the answer that says it, or by coverage.csv."""
    own: Ints = getattr(policies, column)[policy]
    if policies.answers is None or not len(policies.answers.patient):
        return own
    return np.where(said >= 0, getattr(policies.answers, column)[said], own)


def covered(insurance: Insurance, options: Options, week: Week) -> str:
    """Who insures patients on days, by which answers; nothing where no answer says so."""
    return _joined(_by_answer(insurance, week, request, day) for request, day in _places(options, week))


def _by_answer(insurance: Insurance, week: Week, request: int, day: int) -> str:
    number, answers = int(insurance.answer[request, day]), insurance.policies.answers
    if number < 0 or answers is None:
        return ""
    insurer = insurance.payers[int(insurance.insurer[request, day])]
    return f"insurance with {insurer} is active ({answers.words(number, week.calendar)})"


def last_answer(insurance: Insurance, options: Options, week: Week) -> str:
    """The answer by which patients are covered, or that there is none."""
    return _joined(
        _by_answer(insurance, week, request, day) or "no answer says who insures the patient"
        for request, day in _places(options, week)
    )


def authorisations(insurance: Insurance, options: Options, week: Week) -> str:
    """How authorisations stand that insurers of the days ask for; nothing where nothing is said but that they hold."""
    return _standing(insurance, insurance.authorisations, insurance.asked[0], _places(options, week), week)


def referrals(insurance: Insurance, options: Options, week: Week) -> str:
    """The same of referrals."""
    return _standing(insurance, insurance.referrals, insurance.asked[1], _places(options, week), week)


def _standing(
    insurance: Insurance, standings: Standings | None, asked: Flags, places: list[tuple[int, int]], week: Week
) -> str:  # fmt: skip
    if standings is None:
        return ""
    patient, kind = week.requests.patient, week.requests.visit_type
    return _joined(
        standings.of(int(patient[request]), int(insurance.insurer[request, day]), int(kind[request]))
        for request, day in places
        if asked[request, day]
    )
