"""Good-faith estimates: when they are due, what is in them, and when a bill may be disputed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.billing.shares.business_days import business_day_after, business_days_before, is_business_day
from schedopt.billing.shares.good_faith import GoodFaithEstimate, Item, compared, due_day, last_day_to_dispute
from schedopt.billing.shares.good_faith_text import DISCLAIMERS, Addressee, Party, good_faith_text
from schedopt.billing.shares.steps import dollars

DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2022, 1, 1), dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("asked", "visit", "due"),
    [
        ("2026-11-30", "2026-12-02", None),  # Monday for Wednesday: two business days ahead
        ("2026-11-30", "2026-12-03", "2026-12-01"),  # for Thursday: three
        ("2026-11-30", "2026-12-11", "2026-12-01"),  # nine
        ("2026-11-30", "2026-12-14", "2026-12-03"),  # ten
        ("2026-11-25", "2026-12-01", "2026-11-27"),  # the day before Thanksgiving: Friday is the next business day
        ("2026-11-25", "2026-11-30", None),  # Wednesday and Friday alone are before Monday
        ("2026-12-04", "2026-12-09", "2026-12-07"),  # Friday: due on Monday
        ("2026-12-05", "2026-12-09", None),  # Saturday: Monday and Tuesday are before Wednesday
        ("2027-12-22", "2028-01-10", "2027-12-28"),  # Christmas on a Saturday is kept on Friday
    ],
)
def test_due_days(asked: str, visit: str, due: str | None) -> None:
    """Worked out by hand from the words of 45 CFR 149.610(b)(1)(vi), with federal holidays."""
    found = due_day(dt.date.fromisoformat(asked), dt.date.fromisoformat(visit), on_request=False)
    assert found == (None if due is None else dt.date.fromisoformat(due))


@given(days, st.integers(0, 40))
def test_due_days_are_business_days_after_being_asked(asked: dt.date, ahead: int) -> None:
    """Asking never makes it later; what is due is a business day, and is due before the visit where it is scheduled."""
    visit = asked + DAY * ahead
    scheduled, requested = (due_day(asked, visit, on_request=on_request) for on_request in (False, True))
    assert requested is not None
    assert requested <= business_day_after(asked, 3) == due_day(asked, None, on_request=True)
    assert scheduled is None or requested <= scheduled
    for due in (scheduled, requested):
        assert due is None or (is_business_day(due) and due > asked)
    assert (scheduled is None) == (business_days_before(visit, asked) < 3)
    assert scheduled is None or scheduled < visit
    assert due_day(asked, None, on_request=False) is None


@given(days, st.integers(0, 12))
def test_business_days_are_counted_one_by_one(day: dt.date, count: int) -> None:
    """So many after a day, of which none is a weekend day or a holiday."""
    last = business_day_after(day, count)
    between = [day + DAY * ahead for ahead in range(1, (last - day).days + 1)]
    assert sum(map(is_business_day, between)) == count
    assert business_days_before(last + DAY, day + DAY) == count


codes = st.sampled_from(["G9001", "G9002"])
items = st.builds(
    Item, st.sampled_from(["R1", "R2"]), st.sampled_from(["DR1", "DR2"]), st.none() | days, codes,
    st.sampled_from([(), ("25",)]), st.integers(1, 3), st.integers(0, 10**6), st.just("talk"),
    st.sampled_from([(), ("Z00.00",)]),
)  # fmt: skip
estimates = st.builds(
    GoodFaithEstimate, st.just("g1"), st.just("N1"), days, st.none() | days, st.lists(items, max_size=5).map(tuple),
    st.sampled_from([(), ("blood test",)]),
)  # fmt: skip


@given(estimates)
def test_the_document_has_all_that_is_asked_for(made: GoodFaithEstimate) -> None:
    """Patient, dates, each item with its codes and charge by provider, numbers, places, sums and disclaimers."""
    office = Party("Dune Clinic", "1234567893", "123456789", "1 Main Street, Tuba City, AZ")
    providers = {"DR1": Party("Ada Byron", "1999999984"), "DR2": Party("Bo Li")}
    text = good_faith_text(made, Addressee("Cy Young", "1984-02-29"), office, providers)
    flat = " ".join(text.split())
    for words in (
        *DISCLAIMERS,
        "Cy Young, born 1984-02-29",
        "NPI 1234567893",
        "tax number 123456789",
        dollars(made.total),
    ):
        assert words in flat
    for name, cents in made.expected.items():
        told = providers[name]
        assert f"Expected charges of {told.name}: {dollars(cents)}" in flat
        assert f"{told.name}, NPI {told.npi or office.npi}, tax number 123456789 At: {office.place}" in flat
    for item in made.items:
        assert dollars(item.charge) in flat
        assert " ".join((item.procedure, *item.modifiers)) in flat
        assert all(code in flat for code in item.diagnoses)
    assert all(words in flat for words in made.separate)
    assert sum(made.expected.values()) == made.total
    assert "Z00.00" not in repr(made)
    assert max(map(len, text.splitlines()), default=0) <= 120


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**6)),
       st.dictionaries(st.sampled_from("abcd"), st.integers(0, 10**6)))  # fmt: skip
def test_four_hundred_dollars_over_may_be_disputed(expected: dict[str, int], billed: dict[str, int]) -> None:
    """For each provider by itself: at 400 dollars over, and not a cent below."""
    found = compared(expected, billed)
    assert {one.provider for one in found} == expected.keys() & billed.keys()
    for one in found:
        assert one.may_be_disputed == (billed[one.provider] >= expected[one.provider] + 40_000)


def test_the_edge_of_a_dispute() -> None:
    """400.00 over may be disputed, 399.99 may not; the last day is the 120th after the bill."""
    assert [one.may_be_disputed for one in compared({"a": 100, "b": 100}, {"a": 40_100, "b": 40_099})] == [True, False]
    assert last_day_to_dispute(dt.date(2026, 1, 1)) == dt.date(2026, 5, 1)
