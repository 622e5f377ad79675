"""A patient's share: published examples, and what holds of any plan."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.billing.shares.benefits import NO_SUM, Accumulator, Benefits, Terms
from schedopt.billing.shares.estimate import Estimate, estimate
from schedopt.billing.shares.service import Service
from schedopt.billing.shares.steps import dollars, percent

DAY = dt.date(2026, 11, 30)
UNKNOWN = Accumulator()


def _person(cents: int) -> Accumulator:
    return Accumulator("person", cents)


def _plan(deductible: int, share: str = "0", copay: int = 0, cap: int | None = None, applies: bool = True) -> Benefits:
    terms = Terms(covered=True, copay=copay, coinsurance=Decimal(share), deductible_applies=applies)
    return Benefits("A", "", (terms,), _person(deductible), NO_SUM if cap is None else _person(cap))


def _visit(allowed: int, day: dt.date = DAY) -> Service:
    return Service(day, "G9001", allowed)


@pytest.mark.parametrize(
    ("plan", "allowed", "owed"),
    [
        (_plan(180_000, "0.2"), 1_270_000, 398_000),  # a birth: 1,800 and 20 % of the other 10,900
        (_plan(180_000, "0", 3_000, applies=False), 20_000, 3_000),  # a visit of 200 with a copay of 30
        (_plan(100_000, "0.2"), 150_000, 110_000),  # 11,000 asked, 1,500 allowed: 1,000 and 20 % of 500
    ],
)
def test_published_examples(plan: Benefits, allowed: int, owed: int) -> None:
    """Examples of summaries of benefits and coverage, without what these add for services that are not covered."""
    found = estimate([replace(_visit(allowed), charge=1_100_000)], plan)
    assert (found.at_least, found.at_most, found.missing) == (owed, owed, ())


cents = st.integers(0, 500_000)
shares = st.integers(0, 100).map(lambda whole: Decimal(whole) / 100)
accumulators = st.one_of(
    st.just(NO_SUM), cents.map(_person), st.builds(Accumulator, st.just("embedded"), cents, cents),
    st.builds(Accumulator, st.just("aggregate"), st.none(), cents),
)  # fmt: skip
types = st.sampled_from(["30", "98", "UC"])
known_terms = st.builds(
    Terms, covered=st.just(True), copay=cents, coinsurance=shares, deductible_applies=st.booleans(),
    copay_first=st.booleans(), copay_to_deductible=st.booleans(), visits_left=st.none() | st.integers(0, 3),
)  # fmt: skip
any_terms = st.builds(
    Terms, covered=st.sampled_from([True, True, False, None]), copay=st.none() | cents,
    coinsurance=st.none() | shares, deductible_applies=st.none() | st.booleans(), copay_first=st.booleans(),
    copay_to_deductible=st.booleans(), visits_left=st.none() | st.integers(0, 3),
)  # fmt: skip
services = st.lists(
    st.builds(Service, st.integers(0, 3).map(lambda ahead: DAY + dt.timedelta(ahead)), st.just("G9001"), cents,
              service_type=st.sampled_from(["98", "UC"])),
    min_size=1, max_size=4,
)  # fmt: skip
ends = st.none() | st.integers(0, 3).map(lambda ahead: DAY + dt.timedelta(ahead))


@st.composite
def plans(draw: st.DrawFn, terms: st.SearchStrategy[Terms] = known_terms) -> Benefits:
    """A plan with terms of its own for some service types."""
    named = draw(st.lists(types, unique=True, min_size=1))
    whole = tuple(replace(draw(terms), service_type=name) for name in {"30", *named})
    return Benefits("A", "", whole, draw(accumulators), draw(accumulators))


@given(services, plans())
def test_a_share_is_between_nothing_and_what_is_allowed(visits: list[Service], plan: Benefits) -> None:
    """Of each service too; and all that the plan covers comes to no more than what was left out of pocket."""
    found = estimate(visits, plan)
    assert found.is_exact
    assert found.missing == ()
    assert all(0 <= share.cents <= (share.service.allowed or 0) == share.price for share in found.least)
    cap = plan.out_of_pocket.bounds()[1]
    covered = [share for share in found.least if not share.steps or share.steps[0].name != "not covered"]
    assert cap is None or sum(share.cents for share in covered) <= cap


@given(services, plans(any_terms), ends)
def test_every_number_in_a_sentence_is_one_of_the_steps(
    visits: list[Service], plan: Benefits, until: dt.date | None
) -> None:
    """Steps add up to the share, and their sentences have no other numbers than theirs."""
    found = estimate(visits, replace(plan, until=until))
    for share in (*found.least, *(found.most or ())):
        assert share.cents == sum(step.cents for step in share.steps)
        for step in share.steps:
            own = {
                dollars(abs(step.cents)),
                dollars(step.of),
                dollars(step.limit or 0),
                percent(step.share or Decimal(0)),
            }
            told = re.findall(r"\$?[0-9][0-9.,]*[0-9]|[0-9]", step.sentence)
            assert told
            assert set(told) <= {one.removesuffix(" %") for one in own}


@given(services, plans(), st.integers(1, 50_000), st.data())
def test_more_is_never_cheaper(visits: list[Service], plan: Benefits, more: int, data: st.DataObject) -> None:
    """All visits together cost no less where more is allowed, or left of the deductible, or a copay or a part grows."""
    before = estimate(visits, plan).at_least
    which = data.draw(st.integers(0, len(visits) - 1))
    dearer = [
        *visits[:which],
        replace(visits[which], allowed=(visits[which].allowed or 0) + more),
        *visits[which + 1 :],
    ]
    assert estimate(dearer, plan).at_least >= before
    left = plan.deductible
    raised = replace(left, person=None if left.person is None else left.person + more,
                     family=None if left.family is None else left.family + more)  # fmt: skip
    assert estimate(visits, replace(plan, deductible=raised)).at_least >= before
    place = data.draw(st.integers(0, len(plan.terms) - 1))
    terms = plan.terms[place]
    for worse in (replace(terms, copay=(terms.copay or 0) + more), replace(terms, coinsurance=Decimal(1)),
                  replace(terms, covered=False), replace(terms, visits_left=0)):  # fmt: skip
        changed = (*plan.terms[:place], worse, *plan.terms[place + 1 :])
        assert estimate(visits, replace(plan, terms=changed)).at_least >= before


@given(st.integers(0, 5_000), st.integers(0, 5_000), plans())
def test_two_visits_cost_what_one_of_both_does(first: int, second: int, plan: Benefits) -> None:
    """Without copays and limits of visits, it is the same however services are spread over days, but for roundings."""
    terms = tuple(replace(one, copay=0, visits_left=None) for one in plan.terms)
    plan = replace(plan, terms=terms)
    apart = estimate([_visit(first), _visit(second, DAY + dt.timedelta(1))], plan).at_least
    whole = estimate([_visit(first + second)], plan).at_least
    assert abs(apart - whole) <= 1
    if all((one.coinsurance or 0) * 100 % 10 == 0 for one in terms) and first % 10 == 0 and second % 10 == 0:
        exact = [left % 10 == 0 for left in (plan.deductible.bounds()[0], plan.out_of_pocket.bounds()[0])]
        assert not all(exact) or apart == whole


def test_what_a_visit_uses_up_is_left_for_no_other() -> None:
    """The deductible is paid once, by whichever visit comes first, whatever the order in which they are named."""
    later, sooner = _visit(30_000, DAY + dt.timedelta(7)), _visit(20_000)
    found = estimate([later, sooner], _plan(35_000))
    assert [(share.service, share.cents) for share in found.least] == [(sooner, 20_000), (later, 15_000)]


def test_a_copay_is_taken_once_a_day() -> None:
    """Two services of one visit have one copay; a visit on another day has its own."""
    plan = _plan(0, copay=3_000, applies=False)
    found = estimate([_visit(2_000), _visit(2_000), _visit(4_000, DAY + dt.timedelta(1))], plan)
    assert [share.cents for share in found.least] == [2_000, 1_000, 3_000]


def _cent_by_cent(visits: list[Service], plan: Benefits) -> list[int]:
    """The same shares, told cent by cent: each goes to the first who has to pay it."""
    left, out = (
        None if one.kind == "none" else min(cents for cents in _sums(one) if cents is not None)
        for one in (plan.deductible, plan.out_of_pocket)
    )
    left = left or 0
    copays: dict[tuple[dt.date, str], int] = {}
    seen: dict[str, set[dt.date]] = {}
    found = []
    for visit in visits:
        terms = plan.terms_of(visit.service_type)
        days = seen.setdefault(terms.service_type, set())
        if terms.visits_left is not None and visit.day not in days and len(days) == terms.visits_left:
            found.append(visit.allowed or 0)
            continue
        days.add(visit.day)
        due = copays.setdefault((visit.day, terms.service_type), terms.copay or 0)
        paid, shared = 0, 0
        for _ in range(visit.allowed or 0):
            of_deductible = bool(terms.deductible_applies) and left > 0
            if due and (terms.copay_first or not of_deductible):
                due, paid = due - 1, paid + 1
                left -= terms.copay_first and terms.copay_to_deductible and left > 0
            elif of_deductible:
                left, paid = left - 1, paid + 1
            else:
                shared += 1
        copays[visit.day, terms.service_type] = due
        paid += int((terms.coinsurance or 0) * shared + Decimal("0.5"))
        if out is not None:
            paid = min(paid, out)
            out -= paid
        found.append(paid)
    return found


def _sums(one: Accumulator) -> list[int | None]:
    return {"person": [one.person], "embedded": [one.person, one.family], "aggregate": [one.family]}[str(one.kind)]


few = st.integers(0, 60)
small_sums = st.one_of(
    st.just(NO_SUM), few.map(_person), st.builds(Accumulator, st.just("embedded"), few, few),
    st.builds(Accumulator, st.just("aggregate"), st.none(), few),
)  # fmt: skip
small_terms = st.builds(
    Terms, service_type=st.just("98"), covered=st.just(True), copay=few, coinsurance=shares,
    deductible_applies=st.booleans(), copay_first=st.booleans(), copay_to_deductible=st.booleans(),
    visits_left=st.none() | st.integers(0, 3),
)  # fmt: skip


@given(
    st.lists(st.builds(Service, st.integers(0, 2).map(lambda ahead: DAY + dt.timedelta(ahead)), st.just("G9001"), few),
             max_size=4),
    small_terms, small_sums, small_sums,
)  # fmt: skip
def test_steps_are_those_of_an_account_cent_by_cent(
    visits: list[Service], terms: Terms, deductible: Accumulator, cap: Accumulator
) -> None:
    """Other code, which gives each cent to the first who has to pay it, comes to the same shares."""
    plan = Benefits("A", "", (terms,), deductible, cap)
    ordered = sorted(visits, key=lambda visit: visit.day)
    assert [share.cents for share in estimate(visits, plan).least] == _cent_by_cent(ordered, plan)


def test_it_is_tried_both_ways_whether_the_deductible_applies() -> None:
    """It is cheaper if a visit that the patient pays whole anyway uses it up before another one does."""
    whole = Terms("UC", covered=True, copay=1, coinsurance=Decimal(1))
    nothing = Terms("98", covered=True, copay=0, coinsurance=Decimal(0), deductible_applies=True)
    plan = Benefits("A", "", (whole, nothing), _person(10_000), NO_SUM)
    visits = [replace(_visit(10_000), service_type="UC"), _visit(10_000, DAY + dt.timedelta(1))]
    found = estimate(visits, plan)
    assert (found.at_least, found.at_most) == (10_001, 20_000)


def test_the_family_may_have_paid_already() -> None:
    """What ends first counts: a family's embedded deductible that is used up frees each of its members."""
    plan = replace(_plan(0), deductible=Accumulator("embedded", 100_000, 5_000))
    found = estimate([_visit(20_000)], plan)
    assert found.at_least == 5_000
    assert "the family's deductible" in found.least[0].steps[0].sentence


def test_the_next_year_begins_with_the_whole() -> None:
    """After the last day of the plan's year nothing is known of what is left but the whole."""
    plan = replace(_plan(0), deductible=Accumulator("person", 10_000, person_total=50_000), until=DAY)
    found = estimate([_visit(70_000), _visit(70_000, DAY + dt.timedelta(1))], plan)
    assert (found.at_least, found.at_most) == (10_000, 60_000)
    assert found.missing == ("what is left of the deductible in the plan's next year",)


def _filled(plan: Benefits, data: st.DataObject) -> Benefits:
    """The plan with something in place of all that is unknown."""
    terms = []
    for one in (term.settled() for term in plan.terms):
        applies = data.draw(st.booleans()) if one.deductible_applies is None else one.deductible_applies
        terms.append(
            replace(
                one, covered=data.draw(st.booleans()) if one.covered is None else one.covered,
                copay=data.draw(cents) if one.copay is None else one.copay,
                coinsurance=data.draw(shares) if one.coinsurance is None else one.coinsurance,
                deductible_applies=applies,
            )
        )  # fmt: skip
    sums = [data.draw(accumulators) if one == UNKNOWN else one for one in (plan.deductible, plan.out_of_pocket)]
    return replace(plan, terms=tuple(terms), deductible=sums[0], out_of_pocket=sums[1])


@given(services, plans(any_terms), st.lists(st.booleans(), min_size=6, max_size=6), st.data())
def test_what_turns_out_is_in_the_range(
    visits: list[Service], plan: Benefits, unknown: list[bool], data: st.DataObject
) -> None:
    """Whatever the missing facts turn out to be, the share is between the least and the most; and all are named."""
    deductible = UNKNOWN if unknown[0] else plan.deductible
    plan = replace(plan, deductible=deductible, out_of_pocket=UNKNOWN if unknown[1] else plan.out_of_pocket)
    vague = [
        replace(one, allowed=None, charge=None if unknown[2] else (one.allowed or 0) + data.draw(cents))
        if hide else one for one, hide in zip(visits, unknown[2:], strict=False)
    ]  # fmt: skip
    found = estimate(vague, plan)
    turned_out = estimate(visits[: len(vague)], _filled(plan, data)).at_least
    assert found.at_least <= turned_out
    assert found.at_most is None or turned_out <= found.at_most
    assert found.is_exact or found.missing


def _words(found: Estimate) -> str:
    return " ".join(found.missing)


def test_nothing_known_is_a_range_with_all_that_is_missing() -> None:
    """Of a plan of which nothing has been said, all is missing; the charge is the most."""
    found = estimate([replace(_visit(0), allowed=None, charge=9_500)], Benefits())
    assert (found.at_least, found.at_most) == (0, 9_500)
    for words in ("allows for G9001", "whether the plan covers", "copay", "left of the deductible", "out-of-pocket"):
        assert words in _words(found)
    assert estimate([replace(_visit(0), allowed=None)], Benefits()).at_most is None


def test_what_is_left_out_of_pocket_bounds_an_unknown_price() -> None:
    """Where an amount is not known but the plan covers it, no more is paid than what is left out of pocket."""
    found = estimate([replace(_visit(0), allowed=None)], _plan(0, "0.2", cap=12_300))
    assert (found.at_least, found.at_most) == (0, 12_300)


@pytest.mark.parametrize(
    "made", [lambda: Accumulator("person", -1), lambda: Terms(copay=-1), lambda: Terms(coinsurance=Decimal(2)),
             lambda: Benefits(terms=(Terms(), Terms())), lambda: Service(DAY, "G9001", -1),
             lambda: Service(DAY, "G9001", units=0)],
)  # fmt: skip
def test_values_that_make_no_sense_are_refused(made: object) -> None:
    """Amounts below nothing, parts above the whole, terms that are said twice."""
    assert callable(made)
    with pytest.raises(ValueError, match="expected"):
        made()
