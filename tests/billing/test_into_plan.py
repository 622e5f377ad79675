"""What insurers answer, in the plan: which days are left, how many visits, and on what it rests, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.explain import explain_visit
from schedopt.models import tables
from schedopt.models.office import Billing, Office
from schedopt.models.problem.couplings import AuthorisedVisits, CoveredVisits
from schedopt.models.problem.problem import Problem
from schedopt.office import assemble
from schedopt.solver.search.local import first_fit
from tests.effort import examples
from tests.smallest import FIRST, SECOND, Smallest
from tests.smallest import settings as office_settings

TWELFTH = dt.date(2026, 11, 12)
ACME = tables.Coverage(patient="N1", insurer="ACME")


def _answer(**more: Any) -> tables.Eligibility:
    said = {"patient": "N1", "insurer": "ACME", "answered": TWELFTH, "status": "active", "source": "271"}
    return tables.Eligibility(**{**said, **more})


def _permit(**more: Any) -> tables.Authorisation:
    said = {"authorisation": "A5", "patient": "N1", "insurer": "ACME", "visit_type": "talk", "visits_left": 3}
    return tables.Authorisation(**{**said, "answered": TWELFTH, "source": "278", **more})


def _problem(**changes: Any) -> Problem:
    """The smallest office, in which ACME insures N1, and asks for an authorisation where there is a table of them."""
    terms = (tables.Terms(insurer="ACME", visit_type="talk", authorisation="authorisations" in changes),)
    return Smallest({"coverage": (ACME,), "terms": terms, **changes}).problem()


def _days(problem: Problem, request: str = "R1") -> list[dt.date]:
    """Days on which a request may be seen."""
    options, week = problem.options, problem.week
    mine = options.session[options.request == week.request_code[request]]
    return sorted({week.calendar.date(int(day)) for day in week.sessions.day[mine]})


def _told(problem: Problem, request: str = "R1") -> str:
    """All that is said of a request, at the first place that is free."""
    explained = explain_visit(problem, first_fit(problem), request)
    return " ".join([*explained.sentences, *explained.rules["reason"]])


@pytest.mark.parametrize(
    ("answers", "days"),
    [
        ((), [FIRST, SECOND]),
        ((_answer(valid_until=FIRST),), [FIRST]),
        ((_answer(valid_until=FIRST), _answer(answered=TWELFTH + dt.timedelta(1))), [FIRST, SECOND]),
        ((_answer(status="inactive"),), []),
        ((_answer(status="inactive", valid_from=SECOND),), [FIRST]),
        ((_answer(status="inactive", asked_for=FIRST),), [SECOND]),
        ((_answer(asked_for=SECOND), _answer(status="inactive", answered=TWELFTH - dt.timedelta(1))), [SECOND]),
        ((_answer(status="inactive", visit_type="scan"),), [FIRST, SECOND]),
        ((_answer(status="inactive", visit_type="talk"), _answer()), []),
        ((_answer(status="unknown"), _answer(status="inactive", answered=FIRST, insurer="BLUE")), [FIRST, SECOND]),
    ],
)
def test_the_newest_answer_goes_before_coverage(answers: tuple[tables.Eligibility, ...], days: list[dt.date]) -> None:
    """The newest answer about a day decides it; a day of which none speaks is coverage.csv's."""
    assert _days(_problem(eligibility=answers)) == days


def test_an_answer_covers_days_on_which_coverage_has_ended() -> None:
    """What an answer says goes before the days of coverage.csv, in both directions."""
    ended = ACME.model_copy(update={"valid_until": TWELFTH})
    assert _days(_problem(coverage=(ended,))) == []
    assert _days(_problem(coverage=(ended,), eligibility=(_answer(valid_until=FIRST),))) == [FIRST]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"eligibility": (_answer(valid_until=TWELFTH),)}, "with ACME ends on 12 November (271 of 12 November)"),
        ({"eligibility": (_answer(status="inactive"),)}, "with ACME is not active on that day (271 of 12 November)"),
        ({"eligibility": (_answer(valid_from=dt.date(2027, 1, 1)),)}, "begins on 1 January 2027 (271 of 12 November)"),
        ({"coverage": (ACME.model_copy(update={"valid_until": FIRST - dt.timedelta(1)}),)}, "ACME ends on 29 November"),
        ({"eligibility": (_answer(),)}, "insurance with ACME is active (271 of 12 November)"),
        ({"eligibility": (_answer(answered=dt.date(2026, 10, 1)),)}, "not verified: insurance with ACME is active ("),
        ({"eligibility": ()}, "coverage on that day is not verified: no answer says who insures the patient"),
        ({"authorisations": (_permit(status="denied"),)}, "authorisation A5 was denied (278 of 12 November)"),
        (
            {"authorisations": (_permit(status="pending", decision_due=dt.date(2026, 12, 4)),)},
            "authorisation A5 is pending, to be decided by 4 December (278 of 12 November)",
        ),
        ({"authorisations": (_permit(status="needed", answered=None, source=""),)}, "A5 has not been asked for"),
        ({"authorisations": (_permit(status="partly"),)}, "A5 holds in part for 3 visits (278 of 12 November)"),
    ],
)  # fmt: skip
def test_what_is_said_cites_the_answer(changes: dict[str, Any], words: str) -> None:
    """An explanation names the day, and the answer on which it rests, whether the request is placed or not."""
    assert words in _told(_problem(**changes))


@pytest.mark.parametrize(
    ("pending", "due", "days", "dear"),
    [
        ("forbid", SECOND, [SECOND], []), ("forbid", None, [], []), ("price", SECOND, [FIRST, SECOND], [FIRST]),
        ("price", None, [FIRST, SECOND], [FIRST, SECOND]), ("price", TWELFTH, [FIRST, SECOND], []),
    ],
)  # fmt: skip
def test_before_a_decision_is_forbidden_or_priced(
    pending: str, due: dt.date | None, days: list[dt.date], dear: list[dt.date]
) -> None:
    """Before the day of its decision a pending permission forbids or prices visits, as the office says."""
    said = office_settings(billing=Billing(pending=pending, undecided=1000))
    terms = (tables.Terms(insurer="ACME", visit_type="talk", referral=True),)
    referral = tables.Referral(patient="N1", visit_type="talk", status="pending", decision_due=due)
    for changes in (
        {"authorisations": (_permit(status="pending", decision_due=due),)},
        {"terms": terms, "referrals": (referral,)},
    ):
        problem = _problem(settings=said, **changes)
        assert _days(problem) == days
        week, options = problem.week, problem.options
        mine = (options.request == 0) & (options.cost >= 1000)
        assert sorted({week.calendar.date(int(d)) for d in week.sessions.day[options.session[mine]]}) == dear
        free = tables.Terms(insurer="ACME", visit_type="talk", fee=20)
        problem = _problem(settings=said, **{**changes, "terms": (free,)})
        assert _days(problem) == [FIRST, SECOND]
        assert problem.options.cost.max() < 1000


@pytest.mark.parametrize("status", ["approved", "partly", "pending", "denied", "expired", "sent", "needed"])
def test_what_holds_authorises(status: str) -> None:
    """Approved and partly authorise; nothing else does before it is decided; a referral likewise."""
    permitted = [FIRST, SECOND] if status in ("approved", "partly") else []
    assert _days(_problem(authorisations=(_permit(status=status),))) == permitted
    terms = (tables.Terms(insurer="ACME", visit_type="talk", referral=True),)
    referrals = (tables.Referral(patient="N1", visit_type="talk", status=status),)
    assert _days(_problem(terms=terms, referrals=referrals)) == permitted


@settings(max_examples=examples(8))
@given(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 3)), st.booleans())
def test_the_lower_number_of_visits_counts(permitted: int, answered: int | None, promised: bool) -> None:
    """Of an authorisation and an answer the one that leaves fewer visits limits the plan, and both are named."""
    requests = tuple(tables.Request(request=f"R{n}", patient="N1", visit_type="talk") for n in (1, 2, 3))
    before = FIRST - dt.timedelta(5)
    away = tables.Request(request="R0", patient="N1", visit_type="talk")
    gone = tables.Appointment(request="R0", provider="DR1", date=before, start="08:00", mark="fixed")
    problem = _problem(
        requests=(*requests, away) if promised else requests, appointments=(gone,) if promised else (),
        authorisations=(_permit(visits_left=permitted),), eligibility=(_answer(visits_left=answered),),
    )  # fmt: skip
    plan = schedopt.plan(problem, time_limit=5, workers=1, seed=1, progress=False)
    left = 3 if answered is None else max(0, answered - promised)
    assert len(plan.schedule) == min(permitted, left, 3)
    for kind, words in (
        (AuthorisedVisits, "the 271 of 12 November leaves"),
        (CoveredVisits, "authorisation A5 leaves"),
    ):
        limit = problem.coupling(kind)
        if permitted and answered is not None:
            assert words in limit.words(problem.week, 0)


def test_who_restricts_what_the_insurer_is_told_pays() -> None:
    """A request that the patient pays needs no insurance, uses no visit, and costs nothing for it."""
    one = {"patient": "N1", "visit_type": "talk"}
    requests = (tables.Request(request="R1", self_pay=True, **one), tables.Request(request="R2", **one))
    problem = _problem(
        requests=requests, eligibility=(_answer(status="inactive"),), authorisations=(_permit(visits_left=0),)
    )
    assert _days(problem, "R1") == [FIRST, SECOND]
    assert _days(problem, "R2") == []
    assert problem.coupling(AuthorisedVisits).request.tolist() == []
    price = next(rule for rule in problem.rules if rule.name == "self_pay")
    assert not price.price(problem.options, problem.week).any()


def test_a_promise_on_a_day_without_coverage_is_a_conflict_that_cites_the_answer() -> None:
    """A fixed promise that insurance forbids is in conflict with it, with the day and the answer."""
    promise = tables.Appointment(request="R1", provider="DR1", date=SECOND, start="08:00", mark="fixed")
    problem = _problem(eligibility=(_answer(valid_until=FIRST),), appointments=(promise,))
    reasons = schedopt.conflict(problem).reasons["reason"]
    assert "R1: insurance with ACME ends on 30 November (271 of 12 November)" in reasons.tolist()


def test_expected_revenue_decides_who_is_seen() -> None:
    """Of two patients for one place, the one is seen who is expected to bring in more: by chance as well as by fee."""
    coverage = tuple(tables.Coverage(patient=f"N{n}", insurer=name) for n, name in ((1, "ACME"), (2, "BLUE")))
    shift = tables.Shift(provider="DR1", site="MAIN", date=FIRST, start="08:00", end="08:15")
    for acme, blue, seen in ((0.9, 0.5, "R1"), (0.5, 0.9, "R2")):
        said = (("ACME", 100, acme), ("BLUE", 120, blue))
        collection = tuple(tables.Collection(insurer=who, allowed=much, chance=chance) for who, much, chance in said)
        problem = _problem(
            settings=office_settings(billing=Billing(expected_revenue=10)), coverage=coverage, shifts=(shift,),
            collection=collection,
        )  # fmt: skip
        plan = schedopt.plan(problem, time_limit=5, workers=1, seed=1, progress=False)
        assert plan.schedule["request"].tolist() == [seen]
        row = schedopt.expected_revenue(plan).iloc[0]
        assert (row["provider"], row["date"], row["visits"]) == ("DR1", FIRST, 1)
        assert row["expected"] == max(100 * acme, 120 * blue)
    with pytest.raises(schedopt.InputError, match="expected_revenue"):
        schedopt.expected_revenue(schedopt.plan(_problem(), time_limit=1, workers=1, seed=1, progress=False))


def test_without_answers_nothing_is_different() -> None:
    """Tables without answers, and answers that say nothing, leave options and costs as they were."""
    plain = _problem()
    for changes in (
        {"eligibility": None},
        {"settings": office_settings(billing=Billing(unverified=0)), "eligibility": ()},
    ):
        other = _problem(**changes)
        assert other.options.cost.tolist() == plain.options.cost.tolist()
        assert other.options.session.tolist() == plain.options.session.tolist()
    assert dict(plain.weights).keys().isdisjoint({"unverified", "undecided", "expected_revenue"})
    assert assemble(Office(), FIRST).weights.keys() == plain.weights.keys()
